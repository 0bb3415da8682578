"""Generate the embedded endpoint sets of one cloud from a recorded response of the web service.

    python tasks/instances.py --cloud worldwide --version 2026080200 FILE [--intune FLAT]
    python tasks/instances.py --cloud worldwide --version 2026080200 FILE [--intune FLAT] --check

FILE is the body of `/endpoints/<instance>?format=JSON`. FLAT is a list of hosts and addresses by service
area that some mirrors publish; only its key `MEM` (Intune) is read. It becomes one set with the synthetic id
9000: the flat list has no set ids, ports or categories, so the set has no ports, the category `default`,
and `synthetic = true`.

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
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

INSTANCES = {
    "worldwide": "Worldwide",
    "gcchigh": "USGovGCCHigh",
    "dod": "USGovDoD",
    "china": "China",
    "germany": "Germany",
}
"""Cloud -> instance name of the web service."""

CLOSED = {"germany": "2021-10-29"}
"""Closed cloud -> the day it was closed."""

AREAS = {
    "Common": "common",
    "Exchange": "exchange",
    "SharePoint": "sharepoint",
    "Skype": "teams",
    "MEM": "intune",
}
"""`serviceArea` of the web service -> service area in this package."""

INTUNE_ID = 9000
"""Id of the synthetic Intune set. Microsoft's ids are much lower and never reused."""

FACTS = Path(__file__).resolve().parent.parent / "src" / "perimeter365" / "facts" / "instances"

_HOST = re.compile(r"[a-z0-9*_-]+(\.[a-z0-9*_-]+)+")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the task and return the exit code."""
    parser = argparse.ArgumentParser(description="Regenerate the embedded endpoint sets of one cloud.")
    parser.add_argument("file", type=Path, help="recorded JSON response of the web service")
    parser.add_argument("--cloud", required=True, choices=sorted(INSTANCES))
    parser.add_argument("--version", required=True, help="ten digits, YYYYMMDDNN")
    parser.add_argument("--intune", type=Path, metavar="FLAT", help="flat list whose key MEM becomes set 9000")
    parser.add_argument("--output", type=Path, default=FACTS, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")
    options = parser.parse_args(arguments)
    target: Path = options.output / f"{options.cloud}.json"
    try:
        flat = _load(options.intune) if options.intune else None
        text = render(options.cloud, options.version, _load(options.file), flat)
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


def render(cloud: str, version: str, sets: Iterable[Mapping[str, Any]], flat: Mapping[str, Any] | None = None) -> str:
    """Return the text of `<cloud>.json`.

    `cloud` is one of `INSTANCES`, `version` ten digits YYYYMMDDNN, `sets` the objects of the web service's
    response in any order, `flat` a mapping area -> {"urls": [...], "ips": [...]} of which only `MEM` is read.
    Raises ValueError if a version, host, prefix or port is not valid, or an id is a duplicate;
    KeyError if a set lacks one of its keys or has an unknown service area.
    """
    if not re.fullmatch(r"[0-9]{10}", version):
        raise ValueError(f"{version!r} is not a version of ten digits")
    rows = sorted((_set(item) for item in sets), key=lambda row: int(row["id"]))
    if flat is not None:
        rows.append(_intune(flat["MEM"]))
    ids = [row["id"] for row in rows]
    if not ids or len(ids) != len(set(ids)):
        raise ValueError("the response has no set, or duplicate set ids")
    head = {"cloud": cloud, "instance": INSTANCES[cloud], "version": version, "origin": "recorded"}
    if cloud in CLOSED:
        head["closed"] = CLOSED[cloud]
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    body = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    return "\n".join(["{", *lines, ' "sets": [', body, " ]", "}", ""])


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


def _intune(lists: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": INTUNE_ID,
        "area": "intune",
        "category": "default",
        "required": False,
        "express_route": False,
        "tcp": "",
        "udp": "",
        "hosts": _hosts(lists["urls"]),
        "prefixes": _prefixes(lists["ips"]),
        "synthetic": True,
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
