"""Sets of packets, compared exactly: two lists of rules are alike when every packet fares alike under both.

A packet is (family, protocol, source address, destination address or name, port). The sources, destinations and ports that
rules name cut the space into classes within which no rule can tell two packets apart; one packet of each class is asked.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from perimeter365.plan.plan import Plan

Range = tuple[int, int]
"""First and last."""
EVERYTHING = {4: ((0, 2**32 - 1),), 6: ((0, 2**128 - 1),)}
MOST = 5
"""How many examples are told."""


@dataclass(frozen=True)
class Allow:
    """Packets that pass, from the end that opens the connection."""

    family: int
    protocol: str
    source: tuple[Range, ...]
    destination: tuple[Range, ...]
    ports: tuple[Range, ...]
    hosts: frozenset[str] = frozenset()
    """Destinations by name: `aka.ms`, `*.sharepoint.com`."""


def addresses(texts: Iterable[str], family: int) -> tuple[Range, ...]:
    """The ranges of those prefixes, addresses and address/mask pairs that are of a family."""
    found = []
    for text in texts:
        network = ipaddress.ip_network(text)
        if network.version == family:
            found.append((int(network[0]), int(network[-1])))
    return tuple(found)


def ports(text: str, comma: str = ",", dash: str = "-") -> tuple[Range, ...]:
    """The ranges of a list of ports."""
    ends = [part.split(dash) for part in text.split(comma) if part]
    return tuple((int(words[0]), int(words[-1])) for words in ends)


def wanted(plan: Plan, stars: Sequence[str] | None = None) -> list[Allow]:
    """What the plan's JSON says.

    Args:
        plan: the plan.
        stars: None for a device that knows no names. Else which names a device reaches, of those without an address, besides
            exact ones: `suffix`, `inner`.
    """
    found = []
    for flow, item in zip(plan.flows, plan.to_dict()["flows"], strict=True):
        names = frozenset(h.text for h in flow.destination.unaddressed if stars is not None and _reached(h.text, stars))
        names = names if item["direction"] == "outbound" else frozenset()
        for family in (4, 6):
            source, destination = (_end(item[end], family) for end in ("source", "destination"))
            if source and (destination or names):
                found += [
                    Allow(family, protocol, source, destination, ports(item[protocol]), names)
                    for protocol in ("tcp", "udp")
                    if item[protocol]
                ]
    return found


def _end(end: dict[str, Any], family: int) -> tuple[Range, ...]:
    return EVERYTHING[family] if end["role"] == "internet" else addresses(end["prefixes"], family)


def _reached(host: str, stars: Sequence[str]) -> bool:
    if "*" not in host:
        return True
    if host.startswith("*."):
        return "suffix" in stars
    return ".*." in host and "inner" in stars


def unlike(one: Iterable[Allow], other: Iterable[Allow]) -> list[str]:
    """Packets that pass under one list of rules and not under the other; [] when there are none."""
    examples = []
    for (packet, mask), count in _packets(one, other):
        if bool(mask & ((1 << count[0]) - 1)) != bool(mask >> count[0]):
            examples.append(f"{packet} passes only under the {'second' if mask >> count[0] else 'first'}")
            if len(examples) == MOST:
                break
    return examples


def cut(before: Iterable[Allow], after: Iterable[Allow], now: Iterable[Allow]) -> list[str]:
    """Packets that pass before and after, and do not pass now; [] when there are none."""
    examples = []
    for (packet, mask), (first, second) in _packets(before, after, now):
        old, new, here = mask & ((1 << first) - 1), (mask >> first) & ((1 << second) - 1), mask >> (first + second)
        if old and new and not here:
            examples.append(f"{packet} is cut")
            if len(examples) == MOST:
                break
    return examples


def _packets(*lists: Iterable[Allow]) -> Iterator[tuple[tuple[str, int], tuple[int, ...]]]:
    """One packet of each class, with the rules that let it pass as bits, list after list; and the lengths of the lists."""
    kept = [list(some) for some in lists]
    for family in (4, 6):
        for protocol in ("tcp", "udp"):
            mine = [[r for r in some if (r.family, r.protocol) == (family, protocol)] for some in kept]
            rules = [rule for some in mine for rule in some]
            counts = tuple(len(some) for some in mine[:-1])
            sources = _classes([rule.source for rule in rules])
            destinations: dict[int, int | str] = dict(_classes([rule.destination for rule in rules]))
            for host in sorted({host for rule in rules for host in rule.hosts}):
                destinations.setdefault(sum(1 << n for n, rule in enumerate(rules) if host in rule.hosts), host)
            both = [(s & d, a, b) for s, a in sources.items() for d, b in destinations.items() if s & d]
            for mask, port in _classes([rule.ports for rule in rules]).items():
                for pair, source, destination in both:
                    if pair & mask:
                        text = f"{protocol} {_text(source, family)} > {_text(destination, family)}:{port}"
                        yield (text, pair & mask), counts


def _classes(several: list[tuple[Range, ...]]) -> dict[int, int]:
    """Which of the lists of ranges hold a value, as bits, with one value for each such answer but none."""
    starts: dict[int, int] = {}
    for number, ranges in enumerate(several):
        for first, last in joined(ranges):
            starts[first] = starts.get(first, 0) ^ (1 << number)
            starts[last + 1] = starts.get(last + 1, 0) ^ (1 << number)
    found: dict[int, int] = {}
    mask = 0
    for value in sorted(starts):
        mask ^= starts[value]
        if mask:
            found.setdefault(mask, value)
    return found


def joined(ranges: tuple[Range, ...]) -> Iterator[Range]:
    """The same values in disjoint ranges that do not touch."""
    now: Range | None = None
    for first, last in sorted(ranges):
        if now and first <= now[1] + 1:
            now = (now[0], max(now[1], last))
        else:
            if now:
                yield now
            now = (first, last)
    if now:
        yield now


def _text(value: int | str, family: int) -> str:
    if isinstance(value, str):
        return value
    return str(ipaddress.IPv4Address(value) if family == 4 else ipaddress.IPv6Address(value))
