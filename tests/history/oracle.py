"""An oracle for recorded lists: counts directly from their JSON, without code of perimeter365.

A list is a mapping from the number of a set to its object. This module also has the paths of recorded lists: the small
series in this folder, which always exists, and the real ones in the folder of reference data next to the repository.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
SERIES = HERE / "data" / "series"
"""Five invented lists of Worldwide and two of China, with names and addresses reserved for documentation."""

REFERENCE = HERE.parents[2] / "shared" / "data" / "web-service"

Listed = dict[int, dict[str, Any]]

ATTRIBUTES = ("expressRoute", "serviceArea", "category", "required")


def reference(*parts: str) -> Path:
    """Return a folder or file of the reference data; skip the test if it does not exist."""
    path = REFERENCE.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the reference data folder ../shared has no {'/'.join(parts)} here")
    return path


def read(path: Path) -> Listed:
    return {item["id"]: item for item in json.loads(path.read_text("utf-8"))}


def series(folder: Path = SERIES) -> list[tuple[str, Listed]]:
    """Return (version, list) of the files NNN-YYYY-MM-DD.json of a folder, oldest first."""
    return [(path.stem[-10:].replace("-", "") + "00", read(path)) for path in sorted(folder.glob("*-*-*-*.json"))]


def entries(listed: Listed, key: str) -> set[tuple[int, str]]:
    """Return (set number, entry) of all `urls` or `ips`."""
    return {(number, value) for number, item in listed.items() for value in item.get(key, ())}


def ports(text: str) -> set[int]:
    found: set[int] = set()
    for part in filter(None, text.replace(" ", "").split(",")):
        low, _, high = part.partition("-")
        found.update(range(int(low), int(high or low) + 1))
    return found


def counts(old: Listed, new: Listed) -> dict[str, int]:
    """Return the numbers of the RSS description. A new or removed set counts all seven attributes."""
    attributes = changes = 0
    for number in old.keys() | new.keys():
        a, b = old.get(number), new.get(number)
        if a is None or b is None:
            attributes += 7
            changes += 1
            continue
        here = sum(a[name] != b[name] for name in ATTRIBUTES)
        here += sum(ports(a.get(name, "")) != ports(b.get(name, "")) for name in ("tcpPorts", "udpPorts"))
        lists = any(set(a.get(key, ())) != set(b.get(key, ())) for key in ("urls", "ips"))
        attributes += here
        changes += bool(here or lists)
    return {
        "changes": changes,
        "ips_added": len(entries(new, "ips") - entries(old, "ips")),
        "ips_removed": len(entries(old, "ips") - entries(new, "ips")),
        "urls_added": len(entries(new, "urls") - entries(old, "urls")),
        "urls_removed": len(entries(old, "urls") - entries(new, "urls")),
        "attributes": attributes,
    }


def stretches(lists: Sequence[tuple[str, Listed]], value: str) -> set[tuple[int, str, str | None]]:
    """Return (set, first version with the value, first version without it or None) by comparing each list."""
    found: set[tuple[int, str, str | None]] = set()
    for number in {number for _, listed in lists for number in listed}:
        since = None
        for version, listed in lists:
            item = listed.get(number, {})
            there = value in item.get("urls", ()) or value in item.get("ips", ())
            if there and since is None:
                since = version
            elif not there and since is not None:
                found.add((number, since, version))
                since = None
        if since is not None:
            found.add((number, since, None))
    return found


def values(lists: Sequence[tuple[str, Listed]]) -> set[str]:
    """Return all URLs and prefixes of the lists."""
    return {v for _, listed in lists for key in ("urls", "ips") for _, v in entries(listed, key)}
