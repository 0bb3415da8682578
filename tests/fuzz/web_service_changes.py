"""Responses of /changes."""

import json

from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.wire.read import parse_changes
from tests.fuzz.oracle import attempt, opened_names, opened_space

WORDS = (
    '"add"',
    '"remove"',
    '"effectiveDate"',
    '"disposition"',
    "Change",
    "Add",
    "Remove",
    "20260901",
    '"previous"',
    '"current"',
)


def seeds() -> list[bytes]:
    record = {
        "id": 7, "endpointSetId": 11, "disposition": "Change", "version": "2026080200", "impact": "AddedIp",
        "previous": {"ExpressRoute": "false", "category": "Allow"},
        "current": {"ExpressRoute": "true", "category": "Optimize"},
        "add": {"effectiveDate": "20260901", "ips": ["52.112.0.0/14", "2603:1063::/38"], "urls": ["*.teams.example.com"]},
        "remove": {"ips": ["10.0.0.0/8"], "urls": ["old.example.com"]},
    }  # fmt: skip
    return [json.dumps(each).encode() for each in ([record], [], [record, {**record, "id": 8, "disposition": "Remove"}])]


def check(data: bytes) -> None:
    records = attempt(lambda: parse_changes(data, Cloud.WORLDWIDE))
    for record in records or ():
        opened_space(record.added_prefixes)
        opened_names(map(HostPattern, record.added_hosts))
        assert record.effective is None or record.effective.year > 0
