"""The most expensive lists and change records within the limits, and their CPU time.

python -m tests.wire.worst
"""

import sys
import time
from typing import Any

from perimeter365.model.cloud import Cloud
from perimeter365.wire.read import MOST_CHANGED, MOST_ENTRIES, MOST_RECORDS, MOST_SETS, parse_changes, read_endpoints
from tests.upstream.bodies import encode

Items = list[dict[str, Any]]


def spread(count: int, sets: int, **more: object) -> Items:
    """Return sets with names and prefixes of all lengths, `count` in all, a third of them names."""
    made: Items = []
    each = count // sets
    for i in range(sets):
        names = [f"{'*.' * (j % 2)}{'a.' * (j % 60)}n{i}-{j}.example{j % 7}.co.uk" for j in range(each // 3)]
        v4 = [f"52.{(i * each + j) // 256 % 256}.{(i * each + j) % 256}.{2 * (j % 2)}/31" for j in range(each // 3)]
        v6 = [f"2603:{i:x}:{j:x}::/127" for j in range(each - 2 * (each // 3))]
        item = {"id": i + 1, "serviceArea": "Common", "serviceAreaDisplayName": "x", "urls": names, "ips": v4 + v6}
        made.append({**item, "tcpPorts": "443", "expressRoute": False, "category": "Default", "required": True, **more})
    return made


def lists(count: int = MOST_ENTRIES, sets: int = MOST_SETS) -> dict[str, Items]:
    """Return the shapes of lists by name."""
    ports = ",".join(str(2 * n + 1) for n in range(25))
    return {
        "one set": spread(count, 1),
        "many sets": spread(count, sets),
        "many sets and ports": spread(count // 2, sets, tcpPorts=ports, udpPorts=ports),
        "names only": [{**item, "urls": [f"*.n{j}.example.com" for j in range(count)], "ips": []} for item in spread(3, 1)],
        "prefixes only": [
            {**item, "urls": [], "ips": [f"52.{j // 256}.{j % 256}.0/31" for j in range(count)]} for item in spread(3, 1)
        ],
        "IPv6 only": [{**item, "urls": [], "ips": [f"2603:{j:x}::/64" for j in range(count)]} for item in spread(3, 1)],
    }


def changes(records: int = MOST_RECORDS, entries: int = MOST_CHANGED) -> Items:
    """Return change records with names and prefixes."""
    each = entries // records
    record = {"endpointSetId": 1, "disposition": "Change", "version": "2026080200"}
    return [
        {"id": i, **record, "add": {"ips": [f"52.{i // 256}.{i % 256}.{2 * j}/31" for j in range(each)]}}
        for i in range(records)
    ]


def measured(body: bytes, read: Any) -> float:
    """Return the CPU time of a reader in seconds."""
    started = time.process_time()
    read(body, Cloud.WORLDWIDE)
    return time.process_time() - started


def main() -> None:
    for name, items in lists().items():
        body = encode(items)
        sys.stdout.write(f"{name:24} {len(body):9,} bytes {measured(body, read_endpoints):6.2f} seconds\n")
    body = encode(changes())
    sys.stdout.write(f"{'change records':24} {len(body):9,} bytes {measured(body, parse_changes):6.2f} seconds\n")


if __name__ == "__main__":
    main()
