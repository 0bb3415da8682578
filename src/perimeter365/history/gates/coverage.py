"""The names and addresses that a list covers as a whole."""

from collections.abc import Iterable
from functools import cached_property, reduce
from operator import or_

from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.host_index import HostIndex
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.state import State


class Coverage:
    """The names and addresses of a list, or of some sets of it.

    Tables are built on first use.
    """

    def __init__(self, state: State, sets: Iterable[EndpointSet] | None = None) -> None:
        self.sets = tuple(state.sets if sets is None else sets)
        self.state = state
        self.by_id = {s.id: s for s in self.sets}
        self.hosts = {host for s in self.sets for host in s.hosts}
        self._parts: dict[tuple[PortSet, PortSet], Coverage] = {}

    @cached_property
    def index(self) -> HostIndex:
        """The names and wildcards."""
        return HostIndex(self.hosts)

    @cached_property
    def wild(self) -> frozenset[HostPattern]:
        """The wildcards."""
        return frozenset(host for host in self.hosts if host.kind not in (EXACT, TEMPLATE))

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """All prefixes as listed."""
        return frozenset(text for s in self.sets for text in s.listed)

    @cached_property
    def space(self) -> PrefixSet:
        """All addresses."""
        return PrefixSet.parse(self.prefixes)

    @cached_property
    def required(self) -> "Coverage":
        """The coverage of the required sets."""
        return Coverage(self.state, (s for s in self.sets if s.required))

    @cached_property
    def sets_of_host(self) -> dict[HostPattern, list[EndpointSet]]:
        """Host -> the sets that list it."""
        found: dict[HostPattern, list[EndpointSet]] = {}
        for each in self.sets:
            for host in each.hosts:
                found.setdefault(host, []).append(each)
        return found

    @cached_property
    def sets_of_prefix(self) -> dict[str, list[EndpointSet]]:
        """Prefix -> the sets that list it."""
        found: dict[str, list[EndpointSet]] = {}
        for each in self.sets:
            for text in each.listed:
                found.setdefault(text, []).append(each)
        return found

    def at(self, other: EndpointSet) -> "Coverage":
        """Return the coverage of the sets that share a port with `other`.

        If `other` has no ports, it is the coverage of all sets.
        """
        tcp, udp = other.tcp, other.udp
        if not tcp and not udp:
            return self
        if (tcp, udp) not in self._parts:  # a list has about ten combinations of ports in a hundred sets
            sets = (s for s in self.sets if s.tcp.overlaps(tcp) or s.udp.overlaps(udp))
            self._parts[tcp, udp] = Coverage(self.state, sets)
        return self._parts[tcp, udp]

    def has(self, host: HostPattern) -> bool:
        """Return True if the list covers a name or pattern."""
        return host in self.index

    def missing(self, hosts: Iterable[HostPattern]) -> list[HostPattern]:
        """Return the names and patterns that the list does not cover, sorted."""
        return sorted(host for host in hosts if not self.has(host))

    def new_prefixes(self, other: "Coverage") -> list[Prefix]:
        """Return the prefixes of `other` with an address that is not in this list, sorted."""
        coming = map(Prefix.parse, other.prefixes - self.prefixes)
        return sorted(p for p in coming if p not in self.space)


def has_ports(sets: Iterable[EndpointSet], other: EndpointSet) -> bool:
    """Return True if sets together have all ports of another one."""
    sets = tuple(sets)
    tcp, udp = (reduce(or_, (getattr(s, name) for s in sets), PortSet()) for name in ("tcp", "udp"))
    return other.tcp <= tcp and other.udp <= udp
