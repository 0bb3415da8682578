"""Recorded states in order, and the change records that the service would publish for them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from perimeter365.model.cloud import CLOUDS, Cloud

_DAY = re.compile(r"(?:[0-9]+-)?([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_VERSION = re.compile(r"[0-9]{10}", re.ASCII)

_ATTRIBUTES = ("expressRoute", "serviceArea", "category", "required", "tcpPorts", "udpPorts", "notes")


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A recorded state of a cloud's list."""

    cloud: Cloud
    version: str
    items: list[dict[str, Any]]


def recorded(folder: Path, cloud: Cloud = Cloud.WORLDWIDE) -> tuple[Recorded, ...]:
    """Return the states below a folder, oldest first.

    Files are named NNN-YYYY-MM-DD.json or YYYYMMDDNN.json. A folder with the name of an instance determines the cloud.
    """
    found = []
    for path in folder.rglob("*.json"):
        day = _DAY.fullmatch(path.stem)
        version = path.stem if _VERSION.fullmatch(path.stem) else f"{''.join(day.groups())}00" if day else ""
        if version:
            own = next((c for c in CLOUDS if c.instance in path.parts), cloud)
            found.append(Recorded(cloud=own, version=version, items=json.loads(path.read_text("utf-8"))))
    return tuple(sorted(found, key=lambda r: (r.version, r.cloud.value)))


def changes(states: Iterable[Recorded], since: str) -> list[dict[str, Any]]:
    """Return the records of the versions after `since`, from states of one cloud, oldest first."""
    states = list(states)
    found: list[dict[str, Any]] = []
    for old, new in pairwise(states):
        if new.version > since:
            found += _records(old, new)
    return [{"id": number, **record} for number, record in enumerate(found, 1)]


def _records(old: Recorded, new: Recorded) -> Iterator[dict[str, Any]]:
    before, after = ({item["id"]: item for item in state.items} for state in (old, new))
    for number in sorted(before.keys() | after.keys()):
        a, b = before.get(number, {}), after.get(number, {})
        record: dict[str, Any] = {"endpointSetId": number, "version": new.version}
        record["disposition"] = "Add" if not a else "Remove" if not b else "Change"
        for key, x, y in (("add", a, b), ("remove", b, a)):
            lists = {name: [v for v in y.get(name, []) if v not in x.get(name, [])] for name in ("ips", "urls")}
            if parts := {name: values for name, values in lists.items() if values}:
                record[key] = parts
        differing = [name for name in _ATTRIBUTES if a.get(name) != b.get(name)]
        for key, item in (("previous", a), ("current", b)):
            if values := {name: item[name] for name in differing if name in item}:
                record[key] = values
        if record.keys() & {"add", "remove", "previous", "current"}:
            record["impact"] = _impact(record)
            yield record


def _impact(record: Mapping[str, Any]) -> str:
    added = {"ips": "Ip", "urls": "Url"}
    names = [word for key, word in added.items() if key in record.get("add", {})]
    if names:
        return "Added" + "And".join(names)
    return "RemovedIpOrUrl" if "remove" in record else "OtherNonPriorityChanges"
