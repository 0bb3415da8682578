"""Generate the embedded endpoint sets of one cloud from a recorded response of the web service.

    python tasks/instances.py --cloud worldwide --version 2026080200 FILE
    python tasks/instances.py --cloud worldwide --version 2026080200 FILE --check
    python tasks/instances.py --cloud china --version 2026022700 FILE --by-area AREAS

FILE is the body of `/endpoints/<instance>?format=JSON`. The area MEM (Intune) is left out: its lists are those of Intune's
own pages, in `facts/intune.toml`, since the web service is no source for it any more.

AREAS (`--by-area`) has newer lists of hosts and prefixes by service area, without set ids: see `by_area`. What no response
says (documents, days of removal, remarks) is in `tasks/instances.toml`.

The result is `src/perimeter365/facts/instances/<cloud>.json` (or `--output DIR`): one set per line, ascending
by id, keys in a fixed order, hosts sorted, prefixes sorted with IPv4 first, ports sorted. The same input
gives the same bytes, whatever the order of the service's lists. Microsoft's prose (`notes`) and
display names are left out.

Exit codes: 0 done (with `--check`: up to date), 1 stale (`--check` only; nothing is written), 2 bad input.
"""

import argparse
import ipaddress
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from perimeter365.model.cloud import CLOUDS, Cloud

SOURCES = Path(__file__).with_name("instances.toml")
"""Documents, days of removal and remarks by cloud; `[cloud]` tables, see the file."""

AREAS = {
    "Common": "common",
    "Exchange": "exchange",
    "SharePoint": "sharepoint",
    "Skype": "teams",
    "MEM": "intune",
}
"""`serviceArea` of the web service -> service area in this package."""

INTUNE = "MEM"
"""The service area that is left out."""

FACTS = Path(__file__).resolve().parent.parent / "src" / "perimeter365" / "facts" / "instances"

_HOST = re.compile(r"[a-z0-9*_-]+(\.[a-z0-9*_-]+)+")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the task and return the exit code."""
    parser = argparse.ArgumentParser(description="Regenerate the embedded endpoint sets of one cloud.")
    parser.add_argument("file", type=Path, help="recorded JSON response of the web service")
    parser.add_argument("--cloud", required=True, choices=[str(cloud) for cloud in CLOUDS])
    parser.add_argument("--version", required=True, help="ten digits, YYYYMMDDNN")
    parser.add_argument("--by-area", type=Path, metavar="AREAS", help="newer lists of hosts and prefixes by service area")
    parser.add_argument("--output", type=Path, default=FACTS, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")
    options = parser.parse_args(arguments)
    target: Path = options.output / f"{options.cloud}.json"
    try:
        areas = _load(options.by_area)["clouds"][options.cloud] if options.by_area else None
        text = render(options.cloud, options.version, _load(options.file), areas)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"instances: {options.file}: {error}", file=sys.stderr)
        return 2
    if options.check:
        if target.is_file() and target.read_text("utf-8") == text:
            return 0
        print(f"instances: {target} is stale; run the task again without --check", file=sys.stderr)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8", newline="\n")
    print(f"instances: wrote {target}", file=sys.stderr)
    return 0


def render(
    cloud: str,
    version: str,
    sets: Iterable[Mapping[str, Any]],
    areas: Mapping[str, Any] | None = None,
) -> str:
    """Return the text of `<cloud>.json`.

    `cloud` is the name of a cloud, `version` ten digits YYYYMMDDNN, `sets` the objects of the web service's
    response in any order, `areas` the later lists of the cloud by service area (`by_area`).
    Raises ValueError if a version, host, prefix or port is not valid, an id is a duplicate, or an entry of an area has no
    set to go to; KeyError if a set lacks one of its keys or has an unknown service area.
    """
    if not re.fullmatch(r"[0-9]{10}", version):
        raise ValueError(f"{version!r} is not a version of ten digits")
    rows = sorted((_set(item) for item in sets if item["serviceArea"] != INTUNE), key=lambda row: int(row["id"]))
    ids = [row["id"] for row in rows]
    if not ids or len(ids) != len(set(ids)):
        raise ValueError("the response has no set, or duplicate set ids")
    own = Cloud(cloud)
    known = tomllib.loads(SOURCES.read_text("utf-8")).get(cloud, {})
    head: dict[str, Any] = {"cloud": cloud, "instance": own.instance, "version": version, "origin": "recorded"}
    if own.closed:
        head["closed"] = own.closed.isoformat()
    head |= {key: known[key] for key in ("evidence", "areas", "remarks") if key in known}
    if areas is not None:
        head["removed"] = by_area(rows, areas, known)
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    body = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    return "\n".join(["{", *lines, ' "sets": [', body, " ]", "}", ""])


def by_area(rows: list[dict[str, Any]], areas: Mapping[str, Any], known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Bring sets to the later lists of their service areas, which have neither set ids nor ports.

    A new prefix goes to the sets of its area that had a prefix inside of it or around it, else to the sets that `known`
    (`tasks/instances.toml`) names. Intune is left out. New entries stand in `assigned` of their set. Returns the entries
    that are gone, each with the day by which it was.
    """
    removed: list[dict[str, Any]] = []
    days = {item["value"]: item["by"] for item in known.get("removed", ())}
    assign: Mapping[str, list[int]] = known.get("assign", {})
    for theirs, lists in areas["areas"].items():
        if theirs == INTUNE:
            continue
        own = [row for row in rows if row["area"] == AREAS[theirs]]
        wanted = {"hosts": _hosts(lists["hosts"]), "prefixes": _prefixes(lists["prefixes"])}
        if not own:
            raise ValueError(f"no set of the area {theirs}")
        before = {kind: {row["id"]: list(row[kind]) for row in own} for kind in wanted}
        for kind, values in wanted.items():
            listed = {value for row in own for value in row[kind]}
            for row in own:
                gone = [value for value in row[kind] if value not in values]
                row[kind] = [value for value in row[kind] if value in values]
                removed += [{"set": row["id"], "value": v, "by": days.get(v, areas["recorded"])} for v in gone]
            for value in values:
                if value in listed:
                    continue
                numbers = assign.get(value) or (_neighbors(value, before[kind]) if kind == "prefixes" else [])
                chosen = [row for row in own if row["id"] in numbers]
                if not chosen:
                    raise ValueError(f"{value} is new in the area {theirs}: `assign` in {SOURCES.name} has no set for it")
                ordered = _prefixes if kind == "prefixes" else _hosts
                for row in chosen:
                    row[kind] = ordered([*row[kind], value])
                    row["assigned"] = [*row.get("assigned", ()), value]
    return sorted(removed, key=lambda item: (item["set"], item["value"]))


def _neighbors(text: str, listed: Mapping[int, Iterable[str]]) -> list[int]:
    """Return the ids of the sets with a prefix inside of a new prefix or around it."""
    new = ipaddress.ip_network(text)
    found = [(number, ipaddress.ip_network(prefix)) for number, prefixes in listed.items() for prefix in prefixes]
    return sorted({number for number, old in found if old.version == new.version and old.overlaps(new)})


def _load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8-sig"))


def _set(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": int(item["id"]),
        "area": AREAS[item["serviceArea"]],
        "category": str(item["category"]).lower(),
        "required": bool(item["required"]),
        "express_route": bool(item["expressRoute"]),
        "tcp": _ports(item.get("tcpPorts", "")),
        "udp": _ports(item.get("udpPorts", "")),
        "hosts": _hosts(item.get("urls", ())),
        "prefixes": _prefixes(item.get("ips", ())),
    }


def _hosts(texts: Iterable[str]) -> list[str]:
    hosts = sorted({text.lower() for text in texts})
    for host in hosts:
        if not _HOST.fullmatch(host) or host.count("*") > 1:
            raise ValueError(f"{host!r} is not a host pattern")
    return hosts


def _prefixes(texts: Iterable[str]) -> list[str]:
    networks = {ipaddress.ip_network(text) for text in texts}
    ordered = sorted(networks, key=lambda n: (n.version, int(n.network_address), n.prefixlen))
    return [str(network) for network in ordered]


def _ports(text: str) -> str:
    ranges = set()
    for part in text.split(",") if text.strip() else ():
        low, dash, high = part.strip().partition("-")
        first, last = int(low), int(high) if dash else int(low)
        if not 1 <= first <= last <= 65535:
            raise ValueError(f"{part!r} is not a port or a range of ports")
        ranges.add((first, last))
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in sorted(ranges))


if __name__ == "__main__":
    sys.exit(main())
