"""Responses of /version."""

import json
import re

from perimeter365.model.cloud import Cloud
from perimeter365.wire.read import MOST_INSTANCES, parse_version, parse_versions
from tests.fuzz.oracle import attempt

WORDS = ('"instance"', '"latest"', '"versions"', "Worldwide", "9999999999", "\u0662\u0660\u0662\u0666", "2026080200")


def seeds() -> list[bytes]:
    one = {"instance": "Worldwide", "latest": "2026080200"}
    return [
        json.dumps(each).encode()
        for each in (one, [one], [one, {"instance": "China", "latest": "2026073100"}], {**one, "versions": []})
    ]


def check(data: bytes) -> None:
    version = attempt(lambda: parse_version(data, Cloud.WORLDWIDE))
    if version is not None:
        assert re.fullmatch("[0-9]{10}", version)
        assert parse_version(json.dumps({"instance": "Worldwide", "latest": version}), Cloud.WORLDWIDE) == version
    found = attempt(lambda: parse_versions(data))
    for instance, latest in (found or {}).items():
        assert re.fullmatch("[A-Za-z][A-Za-z0-9-]{0,30}", instance)
        assert re.fullmatch("[0-9]{10}", latest)
    assert len(found or ()) <= MOST_INSTANCES
