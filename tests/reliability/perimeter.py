"""An oracle for what is in force after a sync.

Nothing foreign is open, nothing that was open is closed, nothing has moved. The oracle does not know gates, reasons
or statuses. It compares three lists: the one in force before, the one that an honest upstream would have published,
and the one in force now. A list in force may be a mixture of the first two and nothing else:

    foreign    a set, name, prefix or port that neither of the two has in this set, and for a name: that opens something new
    lost       a set, name, prefix or port that both have, and the list in force does not
    moved      another category, service area or `required` than in both

Plans are compared in the same way, by what they open: (host or address, protocol, port), outbound as a whole and
inbound for each flow. Lists are read from the JSON of the service or from a state; ports, prefixes and intervals are
computed here, with the standard library, not with the code under test.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.plan.plan import Plan
from perimeter365.wire.names import AREAS

Spans = tuple[tuple[int, int], ...]
"""Disjoint, sorted, half-open ranges of numbers: ports, or addresses of both families."""


@dataclass(frozen=True)
class RawSet:
    """A set as the oracle sees it."""

    area: str
    category: str
    required: bool
    ports: Mapping[str, Spans]
    entries: frozenset[str]
    """Names and prefixes."""


RawList = Mapping[int, RawSet]


def merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """Return the union of ranges."""
    found: list[tuple[int, int]] = []
    for first, end in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return tuple(found)


def minus(left: Spans, right: Spans) -> Spans:
    """Return the part of `left` that is not in `right`."""
    found, at = [], 0
    for start, end in left:
        first = start
        while at and right[at - 1][1] > first:
            at -= 1
        while at < len(right) and right[at][1] <= first:
            at += 1
        now = at
        while now < len(right) and right[now][0] < end:
            if right[now][0] > first:
                found.append((first, right[now][0]))
            first = max(first, right[now][1])
            now += 1
        if first < end:
            found.append((first, end))
    return tuple(found)


def common(left: Spans, right: Spans) -> Spans:
    """Return the part that is in both."""
    return minus(left, minus(left, right))


def ports_of(text: str) -> Spans:
    """Read ports as the service writes them."""
    ranges = [part.strip().partition("-") for part in text.split(",") if part.strip()]
    return merged((int(low), int(high or low) + 1) for low, _, high in ranges)


def addresses_of(prefixes: Iterable[str]) -> Spans:
    """Return the addresses of prefixes; IPv6 lies above all of IPv4."""
    found = []
    for text in prefixes:
        network = ip_network(text)
        base = network.version << 128
        found.append((base + int(network.network_address), base + int(network.broadcast_address) + 1))
    return merged(found)


def of_items(items: Sequence[Mapping[str, Any]]) -> RawList:
    """Read a list in the service's JSON form."""
    areas = {theirs: ours for ours, theirs in AREAS.items()}
    return {
        item["id"]: RawSet(
            area=areas.get(item["serviceArea"], "unknown"),
            category=item["category"].lower(),
            required=item["required"],
            ports={"tcp": ports_of(item.get("tcpPorts", "")), "udp": ports_of(item.get("udpPorts", ""))},
            entries=frozenset((*item.get("urls", ()), *(str(ip_network(text)) for text in item.get("ips", ())))),
        )
        for item in items
    }


def of_sets(sets: Iterable[EndpointSet]) -> RawList:
    """Read the sets of a state."""
    return {
        s.id: RawSet(
            area=s.area,
            category=s.category,
            required=s.required,
            ports={"tcp": ports_of(str(s.tcp)), "udp": ports_of(str(s.udp))},
            entries=frozenset((*(h.text for h in s.hosts), *s.listed)),
        )
        for s in sets
    }


def list_problems(before: RawList, honest: RawList, now: RawList) -> Iterator[str]:
    """Yield what is wrong with a list in force."""
    every = (*before.values(), *honest.values())
    for number in sorted(before.keys() & honest.keys() - now.keys()):
        yield f"lost: set {number}"
    for number, s in sorted(now.items()):
        known = [x[number] for x in (before, honest) if number in x]
        if known:
            yield from _set_problems(number, s, known, every)
        elif number >= SYNTHETIC or not all(_is_open(value, s, every) for value in s.entries):
            yield f"foreign: set {number} with {_some(s.entries)}"


def _set_problems(number: int, s: RawSet, known: Sequence[RawSet], every: Sequence[RawSet]) -> Iterator[str]:
    """Yield what is wrong with a set that the other lists have, at least one of them."""
    for what in ("area", "category", "required"):
        if getattr(s, what) not in {getattr(x, what) for x in known}:
            yield f"moved: set {number} has {what} {getattr(s, what)}"
    more = s.entries - frozenset().union(*(x.entries for x in known))
    if more := frozenset(value for value in more if not _is_open(value, s, every)):
        yield f"foreign: set {number} has {_some(more)}"
    for protocol, ports in s.ports.items():
        if new := minus(ports, merged(span for x in known for span in x.ports[protocol])):
            yield f"foreign: set {number} has {protocol} {new[0][0]}-{new[-1][1] - 1}"
    if len(known) == 2:
        one, other = known
        if less := one.entries & other.entries - s.entries:
            yield f"lost: set {number} has no {_some(less)}"
        for protocol, ports in s.ports.items():
            if old := minus(common(one.ports[protocol], other.ports[protocol]), ports):
                yield f"lost: set {number} has no {protocol} {old[0][0]}-{old[-1][1] - 1}"


SYNTHETIC = 9000
"""From this number on, sets are the package's own."""

_RANK = {"optimize": 0, "allow": 1, "default": 2}


def _is_open(value: str, s: RawSet, others: Iterable[RawSet]) -> bool:
    """Return True if a name opens nothing in its set that it does not open in another: ports, and a category as good.

    Prefixes count in each set, since rows take them as sources by its number; without ports, a set may open all.
    """
    if "/" in value or not any(s.ports.values()):
        return False
    return any(
        (value in x.entries or _covered(value, x.entries))
        and _RANK[x.category] <= _RANK[s.category]
        and not any(minus(ports, x.ports[protocol]) for protocol, ports in s.ports.items())
        for x in others
        if x.category in _RANK and s.category in _RANK
    )


def _some(values: Iterable[str]) -> str:
    first = sorted(values)
    return ", ".join(first[:3]) + (f" and {len(first) - 3} more" if len(first) > 3 else "")


Opened = tuple[str, str, int, int, frozenset[str], Spans]
"""(scope, protocol, first port, end, names, addresses)."""


def openings(plan: Plan) -> tuple[Opened, ...]:
    """Return what a plan opens to or from the internet. The scope is `outbound`, or the id of an inbound flow."""
    found = []
    for flow in plan.flows:
        if flow.direction == "internal" or flow.theirs is None:
            continue
        scope = "outbound" if flow.direction == "outbound" else flow.id
        names = frozenset(h.text for h in flow.theirs.hosts)
        space = addresses_of(map(str, flow.theirs.prefixes))
        for protocol, ports in (("tcp", flow.tcp), ("udp", flow.udp)):
            for first, end in ports_of(str(ports)):
                found.append((scope, protocol, first, end, names, space))
    return tuple(found)


_Atom = tuple[str, str, int, int]


def _atoms(found: Sequence[Opened], cuts: Sequence[int]) -> Mapping[_Atom, tuple[frozenset[str], Spans]]:
    """Return what is open for each range of ports between two cuts."""
    made: dict[_Atom, tuple[set[str], list[tuple[int, int]]]] = {}
    for scope, protocol, first, end, names, space in found:
        inside = [cut for cut in cuts if first <= cut <= end]
        for low, high in itertools.pairwise(inside):
            into = made.setdefault((scope, protocol, low, high), (set(), []))
            into[0].update(names)
            into[1].extend(space)
    return {key: (frozenset(names), merged(space)) for key, (names, space) in made.items()}


def plan_problems(before: Sequence[Opened], honest: Sequence[Opened], now: Sequence[Opened]) -> Iterator[str]:
    """Yield what a plan opens or closes that it must not."""
    cuts = sorted({cut for each in (before, honest, now) for _, _, first, end, _, _ in each for cut in (first, end)})
    was, could, has = (_atoms(each, cuts) for each in (before, honest, now))
    nothing: tuple[frozenset[str], Spans] = (frozenset(), ())
    for key in sorted(was.keys() | could.keys() | has.keys()):
        (n1, s1), (n2, s2), (names, space) = (each.get(key, nothing) for each in (was, could, has))
        label = f"{key[0]} {key[1]} {key[2]}-{key[3] - 1}"
        if more := [n for n in names - n1 - n2 if not _covered(n, n1 | n2)]:
            yield f"foreign: {label} opens {_some(more)}"
        if minus(space, merged((*s1, *s2))):
            yield f"foreign: {label} opens addresses"
        if less := [n for n in n1 & n2 - names if not _covered(n, names)]:
            yield f"lost: {label} has no {_some(less)}"
        if minus(common(s1, s2), space):
            yield f"lost: {label} has fewer addresses"


def _covered(name: str, by: frozenset[str]) -> bool:
    """Return True if a wildcard of whole labels contains a name."""
    labels = name.removeprefix("*.").split(".")
    return any(f"*.{'.'.join(labels[at:])}" in by for at in range(1, len(labels)))
