"""A file for others to see when an installation is not well: what `doctor` found, and where it runs, without secrets.

    >>> redact("https://jane:s3cret@proxy.test/?token=x")
    'https://proxy.test/'

    redact("/home/jane/lists")           # in Jane's session
        '~/lists'

It is for whoever helps, so nothing in it may name its owner: no credentials, no query of an address, no home folder, and
of the environment only which variables are set, not what to.
"""

import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from perimeter365.atomic import replace
from perimeter365.follow.doctor import installed
from perimeter365.model.finding import Finding
from perimeter365.show.findings import to_dicts

_USER = re.compile(r"(?<=://)[^/\s?#]*@")
_QUERY = re.compile(r"(://[^\s?#]*)[?#][^\s,;)'\"]*")


def content(findings: Iterable[Finding], *, variables: Iterable[str], now: datetime | None = None) -> Mapping[str, Any]:
    """The content of the file, for JSON, redacted.

    Args:
        findings: of `doctor.installation`, and of `sources.diagnosis.network`.
        variables: names of environment variables; those that matter here are named in the file.
        now: with a time zone; None for the system's clock.
    """
    made: Mapping[str, Any] = {
        "perimeter365": installed("perimeter365"),
        "made": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "platform": platform.platform(),
        "python": sys.version,
        "variables": sorted(n for n in variables if n.startswith("PERIMETER365_") or n.upper().endswith("_PROXY")),
        "findings": to_dicts(findings),
    }
    redacted: Mapping[str, Any] = redact(made)
    return redacted


def redact(value: Any) -> Any:
    """The same without credentials, queries of addresses, control characters, and the name of whoever runs this."""
    if isinstance(value, str):
        return _redact(value)
    if isinstance(value, Mapping):
        return {key: redact(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [redact(each) for each in value]
    return value


def _redact(text: str) -> str:
    text = "".join(c for c in text.replace("\n", " ") if c.isprintable())
    text = _QUERY.sub(r"\1", _USER.sub("", text))
    home = os.path.expanduser("~")  # noqa: PTH111 (as in `store.place`)
    if len(home) > 1:
        text = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)
        user = Path(home).name
        text = re.sub(rf"(?<=[/\\]){re.escape(user)}(?![\w.-])", "USER", text) if len(user) > 1 else text
    return text


def write_bundle(path: Path, made: Mapping[str, Any]) -> None:
    """Write what `content` made as JSON that only its owner may read, as a whole or not at all. Raises OSError."""
    replace(path, (json.dumps(made, indent=2) + "\n").encode("ascii"), private=True)
