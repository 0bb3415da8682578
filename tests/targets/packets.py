"""The packets that a plan allows, from its JSON.

An atom is (source, destination, protocol, first port, last port); an end is a prefix as text, or `any`. A plan's prefixes
are disjoint and minimal within an end, so two rule sets over the same ends allow the same when their atoms are equal.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from ipaddress import collapse_addresses, ip_network
from typing import Any

from perimeter365.model.role import ROLES
from perimeter365.plan.plan import Plan
from tests.targets.cases import CASES
from tests.targets.cases import plan as shared
from tests.targets.netfilter import CASES as MORE
from tests.targets.netfilter import case

Atom = tuple[str, str, str, int, int]
EVERY = (*CASES, *MORE)


@cache
def plan(name: str) -> Plan:
    """A shared case, or one of the packet filters'."""
    return shared(name) if name in CASES else case(name)


def ports(text: str) -> list[tuple[int, int]]:
    """`80,50000-59999` as ranges."""
    found = []
    for word in text.split(",") if text else ():
        first, _, last = word.partition("-")
        found.append((int(first), int(last or first)))
    return found


def end(party: dict[str, Any], family: int) -> list[str]:
    """The prefixes of an end in a family, or `any`."""
    if party["role"] == "internet":
        return ["any"]
    return [p for p in party["prefixes"] if ip_network(p).version == family]


def flows(which: Plan) -> list[dict[str, Any]]:
    """The plan's flows as JSON has them."""
    found: list[dict[str, Any]] = which.to_dict()["flows"]
    return found


def atoms(which: Plan, families: Iterable[int] = (4, 6), directions: Iterable[str] = ()) -> set[Atom]:
    """All that the plan allows by address."""
    return {
        (source, destination, protocol, first, last)
        for flow in flows(which)
        if not directions or flow["direction"] in directions
        for family in families
        for source in end(flow["source"], family)
        for destination in end(flow["destination"], family)
        for protocol in ("tcp", "udp")
        for first, last in ports(flow[protocol])
    }


def ours(role: str) -> bool:
    """Return whether it is a role of the organization."""
    return ROLES[role].side == "ours"


def canonical(prefixes: Iterable[str]) -> set[str]:
    """Prefixes as the plan writes them; `*` as any."""
    return {"any" if p in ("*", "any", "0.0.0.0/0", "::/0") else str(ip_network(p)) for p in prefixes}


def product(ends: Sequence[Iterable[str]], protocol: str, where: Iterable[tuple[int, int]]) -> Iterator[Atom]:
    """The atoms of one rule: source and destination, protocol, ports."""
    sources, destinations, where = list(ends[0]), list(ends[1]), list(where)
    for source in sources:
        for destination in destinations:
            for first, last in where:
                yield (source, destination, protocol, first, last)


def collapsed(prefixes: Iterable[str]) -> list[str]:
    """The fewest prefixes for the same addresses, from the standard library."""
    nets: list[Any] = [ip_network(p) for p in prefixes]
    return [str(n) for version in (4, 6) for n in collapse_addresses(n for n in nets if n.version == version)]
