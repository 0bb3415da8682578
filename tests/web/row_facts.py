"""What the facts say, read from their files without the package, and what a naive client opens.

The oracle of /extended: `outbound(cloud)` are the destinations of each outbound flow by its id, with the entries of the
endpoint sets that it refers to. `opened(sets)` is the space of a client that opens `urls` and `ips` of every set.
"""

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from ipaddress import collapse_addresses, ip_network
from typing import Any

FACTS = files("perimeter365") / "facts"

CLOUDS = ("worldwide", "gcchigh", "dod", "china")
"""The clouds that the rows know."""

Space = dict[tuple[str, int], tuple[frozenset[str], tuple[Any, ...]]]
"""Protocol and port -> names, and networks without overlap."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """An outbound or inbound flow of a row, in one cloud."""

    id: str
    row: int
    direction: str
    hosts: tuple[str, ...]
    """The names at the other end, with templates."""
    prefixes: tuple[str, ...]
    sets: tuple[int, ...]
    anyone: bool
    tcp: str
    udp: str
    retired: bool
    ended: bool
    """Whether it is retired although its row is not."""
    on_request: bool
    conditional: bool
    conditions: bool
    """Whether the condition is data (needs, unless) too."""
    also: tuple[str, ...]
    scenario: str


@cache
def facts(cloud: str) -> tuple[Fact, ...]:
    """Return the outbound and inbound flows of a cloud."""
    return tuple(_facts(cloud))


def _facts(cloud: str) -> Iterator[Fact]:
    for file in sorted((FACTS / "rows").iterdir(), key=lambda file: file.name):
        row = tomllib.loads(file.read_text("utf-8"))
        for flow in row.get("flow", ()):
            if cloud not in flow.get("clouds", row["clouds"]) or flow["direction"] == "internal":
                continue
            end = flow["source" if flow["direction"] == "inbound" else "destination"]
            yield Fact(
                id=f"row/{row['number']}/{flow['name']}",
                row=row["number"],
                direction=flow["direction"],
                hosts=tuple(end.get("hosts", ())),
                prefixes=tuple(end.get("prefixes", ())),
                sets=tuple(end.get("sets", {}).get(cloud, ())),
                anyone=end["role"] == "internet",
                tcp=flow.get("tcp", ""),
                udp=flow.get("udp", ""),
                retired="retired" in flow or "retired" in row,
                ended="retired" in flow and "retired" not in row,
                on_request="on_request" in flow,
                conditional="condition" in flow,
                conditions="needs" in flow or "unless" in flow,
                also=tuple(flow.get("also", ())),
                scenario=flow.get("scenario", row["scenario"]),
            )


@cache
def listed(cloud: str) -> Mapping[int, Any]:
    """Return the endpoint sets of the embedded list, by number, as they are in the file."""
    return {each["id"]: each for each in json.loads((FACTS / "instances" / f"{cloud}.json").read_text("utf-8"))["sets"]}


def item_of(fact: Fact, cloud: str) -> dict[str, Any]:
    """Return the other end of a fact as an endpoint set, with the entries of its references."""
    refs = [listed(cloud)[number] for number in fact.sets]
    return {
        "urls": [*(h for h in fact.hosts if "<" not in h), *(h for each in refs for h in each["hosts"])],
        "ips": [*fact.prefixes, *(p for each in refs for p in each["prefixes"])],
        "tcpPorts": fact.tcp,
        "udpPorts": fact.udp,
    }


def opened(sets: Iterable[Mapping[str, Any]], ports: Iterable[int]) -> Space:
    """Return what a client opens that takes `urls` and `ips` of every set, at some ports.

    It is written as such clients are: no key but those of the web service.
    """
    names: dict[tuple[str, int], set[str]] = defaultdict(set)
    networks: dict[tuple[str, int], set[Any]] = defaultdict(set)
    sampled = sorted(set(ports))
    for each in sets:
        for protocol, key in (("tcp", "tcpPorts"), ("udp", "udpPorts")):
            for low, high in ranges(each.get(key, "")):
                for port in (p for p in sampled if low <= p <= high):
                    names[protocol, port].update(each.get("urls", []))
                    networks[protocol, port].update(map(ip_network, each.get("ips", [])))
    return {key: (frozenset(names[key]), collapsed(networks[key])) for key in names}


def collapsed(networks: Iterable[Any]) -> tuple[Any, ...]:
    """Return networks without overlap, IPv4 first."""
    found = list(networks)
    return tuple(n for version in (4, 6) for n in collapse_addresses(n for n in found if n.version == version))


def ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a list of ports."""
    for part in filter(None, text.replace(" ", "").split(",")):
        low, _, high = part.partition("-")
        yield int(low), int(high or low)


def bounds(*texts: str) -> set[int]:
    """Return the ports at which a list of ports can begin or end: all that a comparison has to look at."""
    found = {p for text in texts for low, high in ranges(text) for p in (low - 1, low, high, high + 1)}
    return {p for p in found if 0 < p < 65536}


def beyond(larger: Space, smaller: Space) -> list[tuple[str, int, object]]:
    """Return what the first space has and the second has not."""
    found: list[tuple[str, int, object]] = []
    for (protocol, port), (names, networks) in larger.items():
        known, space = smaller.get((protocol, port), (frozenset(), ()))
        found += [(protocol, port, name) for name in sorted(names - known)]
        found += [(protocol, port, n) for n in networks if not any(n.version == s.version and n.subnet_of(s) for s in space)]
    return found
