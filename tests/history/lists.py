"""Small lists for tests of the gates and of syncs."""

from collections.abc import Iterable
from datetime import timedelta

from perimeter365.history.gates import Witness, judge
from perimeter365.history.gates.witness import domains
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import State
from perimeter365.model.version import Version


def made(
    number: int, hosts: Iterable[str] = (), prefixes: Iterable[str] = (), tcp: str = "443", required: bool = True
) -> EndpointSet:
    listed = listing(prefixes)
    return EndpointSet(
        id=number,
        cloud=Cloud.WORLDWIDE,
        area="common",
        category="default",
        required=required,
        express_route=False,
        tcp=PortSet.parse(tcp),
        hosts=tuple(sorted(map(HostPattern, hosts))),
        prefixes=PrefixSet.parse(listed),
        listed=listed,
    )


NAMES = [f"h{n}.example.com" for n in range(40)]
PREFIXES = [f"198.51.{n}.0/24" for n in range(40)]
SIX = [f"2001:4898:{n:x}::/48" for n in range(16)]


def state(*sets: EndpointSet, version: str = "2030010100") -> State:
    return State(cloud=Cloud.WORLDWIDE, version=Version(version), origin="live", sets=sets)


def base(names: Iterable[str] = NAMES, prefixes: Iterable[str] = (*PREFIXES, *SIX), tcp: str = "443") -> State:
    return state(made(1, names, prefixes, tcp), made(2, ["*.wide.example.net", "*.other.example.net", "plain.example.net"]))


WITNESS = Witness(
    domains=domains(["a.example.com", "a.example.net", "a.example.org"]), space=PrefixSet.parse(["0.0.0.0/0", "::/0"])
)
"""Knows the domains and addresses of these lists, so that only the other gates apply."""


def codes(old: State, new: State, recent: tuple[State, ...] = (), days: float = 0, witness: Witness = WITNESS) -> list[str]:
    """Return the codes of all reasons to hold a list or an entry."""
    return list(judge(old, new, witness, recent, away=timedelta(days=days)).codes)


def held(old: State, new: State, witness: Witness = WITNESS) -> dict[str, tuple[str, ...]]:
    """Return the ids of held entries with the codes of their reasons."""
    return {e.id: tuple(r.code for r in e.reasons) for e in judge(old, new, witness).entries}
