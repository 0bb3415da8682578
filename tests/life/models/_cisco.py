"""What the models of Cisco devices share: a command line, packets, and access lists that decide about them.

A device executes the lines that a manual prints, and those of the files that it copies, one at a time. Like the device it
goes on after a line that it refuses, which `refused` then has. `at` stops it after a number of lines, as when a session
ends.
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from perimeter365.audit.packets import ANY, FAMILIES, PROTOCOLS, AllowRule, Family, Protocol
from perimeter365.audit.readers._cisco import Allows, Cisco, Ends, Services, ports_of
from perimeter365.audit.words import WordStream
from perimeter365.errors import ConfigurationError, InputError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet

PORTS: PortSet = PortSet.parse("1-65535")
IP = ("ip", "ipv6")


class StoppedError(Exception):
    """The session ended before the next line."""


@dataclass(frozen=True, kw_only=True)
class Packet:
    """A packet at an interface."""

    family: Family
    protocol: str
    """tcp, udp, icmp, or another one."""
    source: str
    destination: str
    port: int = 0
    source_port: int = 40_000
    answers: bool = False
    """Whether TCP's ACK or RST is set."""
    icmp: str = ""
    """The ICMP message: `packet-too-big`, `echo`, `nd-ns`, …"""


@dataclass(frozen=True, kw_only=True)
class Match:
    """What an entry of an access list compares."""

    permit: bool
    protocol: str
    """A protocol, `ip` for all; "" for a service group."""
    source: Ends
    destination: Ends
    source_ports: PortSet | None = None
    ports: PortSet | None = None
    services: Callable[[], Services] | None = None
    established: bool = False
    icmp: tuple[str, ...] = ()
    families: tuple[Family, ...] = FAMILIES

    def parts(self) -> Iterator[tuple[str, PortSet]]:
        """Yield the protocols and destination ports."""
        if self.services:
            yield from self.services()
        else:
            yield self.protocol, self.ports or PORTS

    def meets(self, packet: Packet) -> bool:
        """Return whether it matches a packet."""
        if packet.family not in self.families:
            return False
        source, destination = self.source().addresses, self.destination().addresses
        if packet.source not in source or packet.destination not in destination:
            return False
        if self.established and not packet.answers:
            return False
        if self.source_ports and not _has(self.source_ports, packet.source_port):
            return False
        if self.icmp and packet.icmp != self.icmp[0]:
            return False
        for protocol, ports in self.parts():
            if protocol in IP:
                return True
            if protocol == packet.protocol and (protocol not in ("tcp", "udp") or _has(ports, packet.port)):
                return True
        return False

    def connections(self, family: Family, protocol: Protocol) -> Iterator[AllowRule]:
        """Yield what it matches of the first packets of connections, from any source port."""
        if family not in self.families or self.established or self.source_ports:
            return
        source, destination = self.source(), self.destination()
        hosts = destination.hosts4 if family == 4 else destination.hosts6
        one, other = source.addresses.family(family), destination.addresses.family(family)
        for kind, ports in self.parts():
            if kind in (*IP, protocol) and one and (other or hosts):
                yield AllowRule(
                    family=family, protocol=protocol, source=one, destination=other, ports=ports, hosts=hosts
                )  # fmt: skip


def _has(ports: PortSet, port: int) -> bool:
    return any(first <= port <= last for first, last in ports)


def everything() -> list[AllowRule]:
    """Return rules that permit all connections."""
    return [
        AllowRule(family=family, protocol=protocol, source=ANY[family], destination=ANY[family], ports=PORTS)
        for family in FAMILIES
        for protocol in PROTOCOLS
    ]


def without(rule: AllowRule, denied: AllowRule) -> Iterator[AllowRule]:
    """Yield what a rule permits besides another one: in at most three parts."""
    if (rule.family, rule.protocol) != (denied.family, denied.protocol):
        yield rule
        return
    whole = not (ANY[rule.family] - denied.destination)  # names are addresses, too
    hosts = frozenset() if whole else rule.hosts
    both = rule.source & denied.source
    ports = PortSet([(a, b) for a, b in _common(rule.ports, denied.ports)])
    rest = PortSet([(a, b) for a, b in _rest(rule.ports, denied.ports)])

    def made(source: PrefixSet, destination: PrefixSet, ports: PortSet, hosts: frozenset[str]) -> Iterator[AllowRule]:
        if source and ports and (destination or hosts):
            yield AllowRule(
                family=rule.family, protocol=rule.protocol, source=source, destination=destination, ports=ports, hosts=hosts
            )  # fmt: skip

    yield from made(rule.source - denied.source, rule.destination, rule.ports, rule.hosts)
    yield from made(both, rule.destination - denied.destination, ports, hosts)
    yield from made(both, rule.destination, rest, rule.hosts)


def _common(one: PortSet, other: PortSet) -> Iterator[tuple[int, int]]:
    for first, last in one:
        for start, end in other:
            if max(first, start) <= min(last, end):
                yield max(first, start), min(last, end)


def _rest(one: PortSet, other: PortSet) -> Iterator[tuple[int, int]]:
    for first, last in one:
        at = first
        for start, end in sorted(other):
            if end < at or start > last:
                continue
            if start > at:
                yield at, start - 1
            at = end + 1
        if at <= last:
            yield at, last


@dataclass
class Session:
    """How far a device has come, and what it refused."""

    lines: int = 0
    at: int | None = None
    refused: list[tuple[str, str]] = field(default_factory=list)


class CiscoDevice(Cisco):
    """A device with a command line, files, and interfaces that lists are bound to."""

    disk: Mapping[str, str] = MappingProxyType({})
    """Its files: name -> text."""
    watch: Callable[[], None] | None = None
    """Is called after each line."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.mode = "exec"
        self.matches: dict[tuple[str, str], Match] = {}
        self.saved: tuple[str, ...] = ()
        """The configuration after the next restart."""

    @property
    def refused(self) -> list[tuple[str, str]]:
        """The lines that were refused, with the reason."""
        return self.session.refused

    def follow(self, lines: Iterable[str], at: int | None = None) -> int:
        """Execute lines of a manual; those for a person are skipped. Return the number of lines.

        Args:
            lines: from `Target.commands`.
            at: the number of lines, those of files included, after which the session ends (StoppedError).
        """
        self.session, self.mode = Session(at=at), "exec"
        for line in lines:
            if not line.startswith("# "):
                self.type(line)
        return self.session.lines

    def type(self, line: str) -> str:
        """Execute a line that was typed, and return its output."""
        if self.mode == "exec":
            if found := re.fullmatch(r"copy (?:/noconfirm )?(?:flash:|disk0:/)(\S+) running-config", line):
                for each in self.disk[found[1]].splitlines():
                    self._step(each)
                self.mode, self._open = "exec", None
                return ""
            if found := re.fullmatch(r"show running-config \| include (\S+)", line):
                return "\n".join(each for each in self.running() if re.search(found[1], each))
            if line == "configure terminal":
                self.mode = "config"
            elif line == "write memory":
                self.saved = tuple(self.running())
            else:
                self.refused.append((line, "unknown command"))
            self._tick()
            return ""
        if line == "end":
            self.mode, self._open = "exec", None
            self._tick()
        else:
            self._step(line)
        return ""

    def _step(self, line: str) -> None:
        try:
            self.command(line)
        except InputError as error:
            self.refused.append((line, error.message))
        self._tick()

    def _tick(self) -> None:
        self.session.lines += 1
        if self.watch:
            self.watch()
        if self.session.lines == self.session.at:
            raise StoppedError

    def command(self, line: str) -> None:
        """Execute a line in configuration mode. Raises InputError if the device refuses it."""
        self.feed(line)

    @abstractmethod
    def running(self) -> Iterator[str]:
        """Yield the running configuration, as far as the model has one."""

    # -- access lists --------------------------------------------------------------------------------------------

    def entry(self, name: str, words: WordStream) -> Allows | None:
        """Parse an entry, and keep what it compares."""
        line = words.rest
        self.matches[name, line] = self.parse(name, words)
        return None

    def parse(self, name: str, words: WordStream) -> Match:
        """Parse `[extended] permit PROTOCOL END [PORTS] END [PORTS] [established] [log]`."""
        action = words.expect("permit", "deny")
        made: dict[str, Any] = {"permit": action == "permit", "protocol": "", "families": self.families_of(name)}
        if words.next == "object-group":
            words.take("object-group")
            made["services"] = self.service("object-group service", words.take("a name"))
        else:
            made["protocol"] = words.take("a protocol")
        made["source"] = self.end_of(name, words)
        if words.next in ("eq", "range"):
            made["source_ports"] = ports_of(words)
        made["destination"] = self.end_of(name, words)
        if words.next in ("eq", "range"):
            made["ports"] = ports_of(words)
        elif words.next == "object-group":
            words.take("object-group")
            made["services"] = self.service(f"object-group service {made['protocol']}", words.take("a name"))
        if words.next == "established":
            if made["protocol"] != "tcp":
                raise ConfigurationError("established belongs to tcp")
            words.take("established")
            made["established"] = True
        if made["protocol"].startswith("icmp"):
            made["icmp"] = self.icmp_of(words)
        if words.next == "log":
            words.take("log")
        words.end()
        return Match(**made)

    def icmp_of(self, words: WordStream) -> tuple[str, ...]:
        """Consume the ICMP message of an entry."""
        return (words.take("a message"),) if words and words.next != "log" else ()

    @abstractmethod
    def end_of(self, name: str, words: WordStream) -> Ends:
        """Consume an end of an entry."""

    @abstractmethod
    def families_of(self, name: str) -> tuple[Family, ...]:
        """Return the families of a list."""

    def matching(self, name: str) -> list[Match]:
        """Return the entries of a list without remarks, in the order of evaluation."""
        return [self.matches[name, entry.line] for entry in self.entries(name) if (name, entry.line) in self.matches]

    def list_permits(self, name: str) -> list[AllowRule]:
        """Return the connections that a list permits: the first entry that matches decides."""
        found, denied = [], []  # type: list[AllowRule], list[AllowRule]
        for match in self.matching(name):
            self._ends = {}
            for family in FAMILIES:
                for protocol in PROTOCOLS:
                    for rule in match.connections(family, protocol):
                        if not match.permit:
                            denied.append(rule)
                            continue
                        rest = [rule]
                        for no in denied:
                            rest = [part for each in rest for part in without(each, no)]
                        found += rest
        return found

    def list_decides(self, name: str, packet: Packet) -> bool | None:
        """Return what a list decides about a packet; None if no entry matches."""
        self._ends = {}
        return next((match.permit for match in self.matching(name) if match.meets(packet)), None)
