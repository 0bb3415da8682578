"""Packets at the boundaries of a plan, and an oracle that says which of them pass.

Only the plan's JSON and Python's `ipaddress` are used, so that an error in the prefixes and ports of the model is detected.

    oracle = Oracle(plan)
    packets = boundaries(oracle)    # each edge of each prefix and port range -1/0/+1, swapped ends, wrong side …
    assert disagreements(oracle, packets, decide) == []

`decide(packet)` is the answer of a device: of the namespace laboratory, or of a model. A packet that crosses the perimeter
comes from the interface to the internet (`inbound`) or goes there (`outbound`); an `internal` one does neither. A device
that does not know its sides decides without that: `sides=False`.
"""

import ipaddress
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, NamedTuple

from perimeter365.audit.packets import AllowRule
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Protocol = Literal["tcp", "udp"]
PROTOCOLS: tuple[Protocol, Protocol] = ("tcp", "udp")
Crossing = Literal["outbound", "inbound", "internal"]
CROSSINGS: tuple[Crossing, ...] = ("outbound", "inbound", "internal")
ANYONE = ("192.0.2.1", "8.8.8.8", "2001:4860:4860::8888", "2a00::1")
"""Addresses of the internet that are not in a plan."""


@dataclass(frozen=True, slots=True)
class Packet:
    """The first packet of a connection."""

    protocol: Protocol
    source: str
    destination: str
    port: int
    crossing: Crossing = "outbound"


class Entry(NamedTuple):
    """A flow of the plan's JSON."""

    direction: Crossing
    source: tuple[Network, ...] | None
    """None = anyone."""
    destination: tuple[Network, ...] | None
    ports: dict[Protocol, list[tuple[int, int]]]


class Oracle:
    """Decides from the plan's JSON whether a packet is allowed."""

    def __init__(self, plan: Plan) -> None:
        self.entries: list[Entry] = []
        self._bounds: list[dict[tuple[str, int], list[int] | None]] = []
        for item in json.loads(plan.to_json())["flows"]:
            ports: dict[Protocol, list[tuple[int, int]]] = {}
            for protocol in PROTOCOLS:
                ends = [part.split("-") for part in item[protocol].split(",") if part]
                ports[protocol] = [(int(words[0]), int(words[-1])) for words in ends]
            self.entries.append(Entry(item["direction"], _party(item["source"]), _party(item["destination"]), ports))
            found = {"source": self.entries[-1].source, "destination": self.entries[-1].destination}
            self._bounds.append({(end, v): _starts(found[end], v) for end in found for v in (4, 6)})
        self.allows = cache(self._allows)

    def _allows(self, packet: Packet, sides: bool = True) -> bool:
        """Return whether a flow allows a packet.

        Args:
            packet: the packet.
            sides: whether the interfaces that it passes have to be those of the flow's direction.
        """
        source, destination = ipaddress.ip_address(packet.source), ipaddress.ip_address(packet.destination)
        version = source.version
        return any(
            (not sides or entry.direction == packet.crossing)
            and any(first <= packet.port <= last for first, last in entry.ports[packet.protocol])
            and _in(int(source), bounds["source", version])
            and _in(int(destination), bounds["destination", version])
            for entry, bounds in zip(self.entries, self._bounds, strict=True)
        )

    def ours(self) -> set[Network]:
        """The prefixes of the organization's ends."""
        found: set[Network] = set()
        for entry in self.entries:
            for end, kinds in ((entry.source, ("outbound", "internal")), (entry.destination, ("inbound", "internal"))):
                if entry.direction in kinds:
                    found.update(end or ())
        return found


def _party(item: dict[str, Any]) -> tuple[Network, ...] | None:
    return None if item["role"] == "internet" else tuple(map(ipaddress.ip_network, item["prefixes"]))


def _starts(networks: tuple[Network, ...] | None, version: int) -> list[int] | None:
    """The sorted bounds of networks, first and last + 1; None for anyone."""
    if networks is None:
        return None
    some = ipaddress.collapse_addresses(n for n in networks if n.version == version)  # type: ignore[type-var]
    return [bound for n in sorted(some) for bound in (int(n[0]), int(n[-1]) + 1)]


def _in(value: int, bounds: Sequence[int] | None) -> bool:
    return bounds is None or bisect_right(bounds, value) % 2 == 1


def boundaries(*oracles: Oracle) -> list[Packet]:
    """The packets at the boundaries of one plan, or of several, without duplicates.

    At each edge of each prefix of both ends and of each port range, one before and one after it; with the other protocol,
    with swapped ends, on another side, and with an address of the organization in place of anyone.
    """
    found: dict[Packet, None] = {}
    for oracle in oracles:
        inner = sorted({str(network[0]) for network in oracle.ours()})
        for entry in {str(entry): entry for entry in oracle.entries}.values():
            found.update(dict.fromkeys(_packets(entry, inner)))
    return list(found)


def _packets(entry: Entry, inner: list[str]) -> Iterator[Packet]:
    for version in (4, 6):
        sources, destinations = (_edges(end, version, inner) for end in (entry.source, entry.destination))
        for protocol, other in zip(PROTOCOLS, reversed(PROTOCOLS), strict=True):
            ports = [port for ends in entry.ports[protocol] for port in _around(*ends, 0xFFFF, least=1)]
            if not (sources and destinations and ports):
                continue
            # The first edge is an address or port of the flow itself.
            good = Packet(protocol, sources[0], destinations[0], ports[0], entry.direction)
            yield good
            yield from (replace(good, source=source) for source in sources)
            yield from (replace(good, destination=destination) for destination in destinations)
            yield from (replace(good, port=port) for port in ports)
            yield replace(good, protocol=other)
            yield replace(good, source=good.destination, destination=good.source)
            for crossing in CROSSINGS:
                yield replace(good, crossing=crossing)
                if entry.source is None:
                    yield from (replace(good, source=a, crossing=crossing) for a in _of(inner, version))
                if entry.destination is None:
                    yield from (replace(good, destination=a, crossing=crossing) for a in _of(inner, version))


def _of(addresses: Iterable[str], version: int) -> list[str]:
    return [a for a in addresses if (":" in a) == (version == 6)]


def _edges(end: tuple[Network, ...] | None, version: int, inner: list[str]) -> list[str]:
    """Addresses at the edges of an end, one of the end first; [] if it has none of this version."""
    if end is None:
        return _of(ANYONE, version)
    maker = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    most = (1 << (32 if version == 4 else 128)) - 1
    found = [
        maker(value)
        for network in end
        if network.version == version
        for value in _around(int(network[0]), int(network[-1]), most)
    ]
    return [str(a) for a in found if usable(a)]


def _around(first: int, last: int, most: int, least: int = 0) -> list[int]:
    values = [first, first - 1, first + 1, last, last - 1, last + 1]
    return [value for value in values if least <= value <= most]


def usable(address: Address) -> bool:
    """Return whether a host can have an address."""
    return not (
        address.is_multicast
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
        or address.is_unspecified
        or (address.version == 4 and int(address) >> 24 == 0)
    )


def disagreements(
    oracle: Oracle, packets: Iterable[Packet], decide: Callable[[Packet], bool], *, sides: bool = True
) -> list[str]:
    """Packets on which a device and the plan disagree; [] if there are none."""
    return [
        f"{packet}: {'passed' if passed else 'refused'}, the plan says the opposite"
        for packet in packets
        if (passed := decide(packet)) != oracle.allows(packet, sides)
    ]


def decided_by(rules: Iterable[AllowRule]) -> Callable[[Packet], bool]:
    """Return the decision of a list of permit rules, as the readers of `audit` have them; it knows no sides."""
    found: dict[tuple[int, str], list[AllowRule]] = {}
    for rule in rules:
        found.setdefault((rule.family, rule.protocol), []).append(rule)

    def decide(packet: Packet) -> bool:
        source, destination = ipaddress.ip_address(packet.source), ipaddress.ip_address(packet.destination)
        return any(
            any(first <= packet.port <= last for first, last in rule.ports)
            and _contains(rule.source, source)
            and _contains(rule.destination, destination)
            for rule in found.get((source.version, packet.protocol), ())
        )

    return decide


def _contains(prefixes: PrefixSet, address: Address) -> bool:
    return _in(int(address), prefixes.v4 if address.version == 4 else prefixes.v6)
