"""Allow rules and an exact comparison of two lists of them, packet by packet.

A packet is (family, protocol, source address, destination address or name, destination port). The sources, destinations
and ports of all rules divide the packets into classes, such that each rule treats all packets of a class alike. The
comparison tests one packet of each class.

    >>> web = AllowRule.of("tcp", source=["10.0.0.0/8"], destination=["192.0.2.0/24"], ports="80,443")
    >>> halves = [AllowRule.of("tcp", source=["10.0.0.0/8"], destination=["192.0.2.0/24"], ports=p) for p in ("80", "443")]
    >>> differences([web], halves)
    []
    >>> for difference in differences([web], halves[:1]):
    ...     print(difference)
    tcp 10.0.0.0 > 192.0.2.0:443 passes only under the first
    >>> AllowRule(family=4, protocol="icmp", source=web.source, destination=web.destination, ports=web.ports)
    Traceback (most recent call last):
    perimeter365.errors.ConfigurationError: 'icmp' is not a protocol of rules (tcp, udp)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from perimeter365.errors import ConfigurationError
from perimeter365.model.intervals import Bounds
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet, address_text

Family = Literal[4, 6]
Protocol = Literal["tcp", "udp"]
FAMILIES: tuple[Family, ...] = get_args(Family)
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)

ANY: dict[Family, PrefixSet] = {family: PrefixSet.everything().family(family) for family in FAMILIES}
"""All addresses of a family, which devices call `any`."""
MOST_EXAMPLES = 5
"""Maximum number of packets that a comparison returns."""
MOST_CLASSES = 20_000_000
"""Maximum number of packet classes per family and protocol; comparing them takes about a minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AllowRule:
    """A rule that permits packets, in the direction of the initiator.

    Raises:
        ConfigurationError: the rule is not valid.
    """

    family: Family
    """Address family of both ends, 4 or 6."""
    protocol: Protocol
    """tcp or udp."""
    source: PrefixSet
    """Source addresses; an empty set matches nothing."""
    destination: PrefixSet
    """Destination addresses; empty if the rule only names hosts."""
    ports: PortSet
    """Destination ports; an empty set matches nothing."""
    hosts: frozenset[str] = frozenset()
    """Destinations by name, in lower case: `aka.ms`, `*.sharepoint.com`."""

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ConfigurationError(f"{self.family!r} is not a family of addresses (4, 6)")
        if self.protocol not in PROTOCOLS:
            raise ConfigurationError(f"{self.protocol!r} is not a protocol of rules (tcp, udp)")
        if (self.source | self.destination).bounds(10 - self.family):
            raise ConfigurationError(f"a rule of IPv{self.family} has addresses of the other family")

    @classmethod
    def of(
        cls,
        protocol: Protocol,
        *,
        source: Iterable[str],
        destination: Iterable[str] = (),
        ports: str,
        family: Family = 4,
        hosts: Iterable[str] = (),
    ) -> "AllowRule":
        """Create a rule from text: prefixes, a port list, host names. Raises InputError."""
        return cls(
            family=family,
            protocol=protocol,
            source=PrefixSet.parse(source),
            destination=PrefixSet.parse(destination),
            ports=PortSet.parse(ports),
            hosts=frozenset(hosts),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleEnd:
    """Source or destination of a rule: addresses and names of both families.

    `hosts4` are resolved to A records, `hosts6` to AAAA records.
    """

    addresses: PrefixSet = PrefixSet()
    hosts4: frozenset[str] = frozenset()
    hosts6: frozenset[str] = frozenset()

    def __or__(self, other: "RuleEnd") -> "RuleEnd":
        return RuleEnd(
            addresses=self.addresses | other.addresses,
            hosts4=self.hosts4 | other.hosts4,
            hosts6=self.hosts6 | other.hosts6,
        )

    @classmethod
    def any(cls, *families: Family) -> "RuleEnd":
        """Return all addresses of the given families; without arguments, of both."""
        found = PrefixSet()
        for family in families or FAMILIES:
            found |= ANY[family]
        return cls(addresses=found)

    @classmethod
    def of(cls, *prefixes: Prefix) -> "RuleEnd":
        """Return an end that consists of prefixes."""
        return cls(addresses=PrefixSet.of(prefixes))

    @classmethod
    def named(cls, host: str) -> "RuleEnd":
        """Return an end that is a host name, for both families."""
        return cls(hosts4=frozenset({host}), hosts6=frozenset({host}))


def unite_ends(ends: Iterable[RuleEnd]) -> RuleEnd:
    """Return the union of several ends."""
    found = list(ends)
    while len(found) > 1:  # unite in pairs: adding one at a time takes quadratic time
        found = [one | other for one, other in zip(found[::2], [*found[1::2], RuleEnd()], strict=False)]
    return found[0] if found else RuleEnd()


def allow_rules(
    protocol: Protocol, source: RuleEnd, destination: RuleEnd, ports: PortSet, families: Iterable[Family] = FAMILIES
) -> Iterator[AllowRule]:
    """Yield one allow rule per family in which both ends have addresses or names.

    Raises:
        ConfigurationError: the source is a host name, which the comparison does not support.
    """
    if source.hosts4 or source.hosts6:
        raise ConfigurationError("a host name as a source is not supported")
    for family in families:
        hosts = destination.hosts4 if family == 4 else destination.hosts6
        one, other = source.addresses.family(family), destination.addresses.family(family)
        if one and (other or hosts) and ports:
            yield AllowRule(family=family, protocol=protocol, source=one, destination=other, ports=ports, hosts=hosts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Packet:
    """The first packet of a connection."""

    family: Family
    protocol: Protocol
    source: str
    """An address."""
    destination: str
    """An address or a host pattern."""
    port: int

    def __str__(self) -> str:
        return f"{self.protocol} {self.source} > {self.destination}:{self.port}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A packet that one list of rules permits and the other does not."""

    packet: Packet
    passes: Literal["first", "second"]
    """The list that permits it."""

    def __str__(self) -> str:
        return f"{self.packet} passes only under the {self.passes}"


@dataclass(frozen=True, kw_only=True, slots=True)
class CutPacket:
    """A packet that is permitted before and after a change, but not during it."""

    packet: Packet

    def __str__(self) -> str:
        return f"{self.packet} is cut"


def differences(first: Iterable[AllowRule], second: Iterable[AllowRule]) -> list[Difference]:
    """Find packets that one list of rules permits and the other does not.

    Args:
        first: rules in any order, which may overlap.
        second: rules in any order, which may overlap.

    Returns:
        At most `MOST_EXAMPLES` packets; [] if both lists permit the same packets.

    Raises:
        ConfigurationError: the lists are too large to be compared (`MOST_CLASSES`).
    """
    found = []
    for packet, (one, other) in _packets(first, second):
        if one != other:
            found.append(Difference(packet=packet, passes="first" if one else "second"))
            if len(found) == MOST_EXAMPLES:
                break
    return found


def cuts(before: Iterable[AllowRule], after: Iterable[AllowRule], now: Iterable[AllowRule]) -> list[CutPacket]:
    """Find packets that are permitted before and after a change, but not during it.

    Args:
        before: the rules before the change.
        after: the rules after the change.
        now: the rules during the change.

    Returns:
        At most `MOST_EXAMPLES` packets.

    Raises:
        ConfigurationError: the lists are too large to be compared (`MOST_CLASSES`).
    """
    found = []
    for packet, (old, new, here) in _packets(before, after, now):
        if old and new and not here:
            found.append(CutPacket(packet=packet))
            if len(found) == MOST_EXAMPLES:
                break
    return found


def _packets(*lists: Iterable[AllowRule]) -> Iterator[tuple[Packet, tuple[bool, ...]]]:
    """Yield one packet of each class that any rule permits.

    Each packet comes with a truth value for each list: whether the list permits it.
    """
    kept = [list(rules) for rules in lists]
    for family in FAMILIES:
        for protocol in PROTOCOLS:
            mine = [[r for r in rules if (r.family, r.protocol) == (family, protocol)] for rules in kept]
            rules = [rule for some in mine for rule in some]
            masks, start = [], 0
            for some in mine:
                masks.append(((1 << len(some)) - 1) << start)
                start += len(some)
            for mask, source, destination, port in _classes(rules, family):
                packet = Packet(
                    family=family,
                    protocol=protocol,
                    source=address_text(family, source),
                    destination=destination if isinstance(destination, str) else address_text(family, destination),
                    port=port,
                )
                yield packet, tuple(bool(mask & own) for own in masks)


def _classes(rules: Sequence[AllowRule], family: Family) -> Iterator[tuple[int, int, int | str, int]]:
    """Yield one packet of each class, with the rules that permit it.

    Each item is (bit mask of the rules, source, destination, port).
    """
    sources = _values([rule.source.bounds(family) for rule in rules])
    destinations: dict[int, int | str] = dict(_values([rule.destination.bounds(family) for rule in rules]))
    named: dict[str, int] = {}
    for number, rule in enumerate(rules):
        for host in rule.hosts:
            named[host] = named.get(host, 0) | 1 << number
    for host in sorted(named):
        destinations.setdefault(named[host], host)
    ports = _values([rule.ports.bounds for rule in rules])
    count = len(sources) * len(destinations) * max(1, len(ports))
    if count > MOST_CLASSES:
        raise ConfigurationError(
            f"{len(rules)} rules make {count} classes of packets, more than the {MOST_CLASSES} that are compared",
            help="compare a part of the configuration",
        )
    both = [(s & d, a, b) for s, a in sources.items() for d, b in destinations.items() if s & d]
    for mask, port in ports.items():
        for pair, source, destination in both:
            if pair & mask:
                yield pair & mask, source, destination, port


def _values(several: Sequence[Bounds]) -> dict[int, int]:
    """Return the lowest value of each combination of sets that share a value.

    A combination is a bit mask of sets.
    """
    changes: dict[int, int] = {}
    for number, bounds in enumerate(several):
        for bound in bounds:
            changes[bound] = changes.get(bound, 0) ^ (1 << number)
    found: dict[int, int] = {}
    mask = 0
    for value in sorted(changes):
        mask ^= changes[value]
        if mask:
            found.setdefault(mask, value)
    return found
