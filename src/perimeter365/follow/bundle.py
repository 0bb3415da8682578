"""Support bundle: the findings of `doctor` and the platform, with secrets removed.

    >>> redact("https://jane:s3cret@proxy.test/?token=x")
    'https://proxy.test/'

    redact("/home/jane/lists")           # in Jane's session
        '~/lists'

The bundle is sent to other people, so it does not identify its owner: it contains no credentials, no URL query strings
and no home folder. Of the environment it lists the names of variables, never their values.
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
from perimeter365.follow.doctor import installed_version
from perimeter365.model.finding import Finding
from perimeter365.show.findings import to_dicts

_USER = re.compile(r"(?<=://)[^/\s?#]*@")
_QUERY = re.compile(r"(://[^\s?#]*)[?#][^\s,;)'\"]*")


def bundle_content(
    findings: Iterable[Finding], *, variables: Iterable[str], now: datetime | None = None
) -> Mapping[str, Any]:
    """Return the redacted content of the bundle, ready for JSON.

    Args:
        findings: the results of `doctor.check_installation` and `sources.diagnosis.network`.
        variables: names of environment variables. Only PERIMETER365_* and *_PROXY are listed.
        now: the current time, with a time zone; None for the system clock.
    """
    made: Mapping[str, Any] = {
        "perimeter365": installed_version("perimeter365"),
        "made": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "platform": platform.platform(),
        "python": sys.version,
        "variables": sorted(n for n in variables if n.startswith("PERIMETER365_") or n.upper().endswith("_PROXY")),
        "findings": to_dicts(findings),
    }
    redacted: Mapping[str, Any] = redact(made)
    return redacted


def redact(value: Any) -> Any:
    """Redact a value for a support bundle.

    Credentials, URL queries, control characters and the user's name are removed. Mappings and sequences are redacted
    recursively; keys are kept.
    """
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
    """Write a bundle atomically as JSON that only its owner can read. Raises OSError."""
    replace(path, (json.dumps(made, indent=2) + "\n").encode("ascii"), private=True)
