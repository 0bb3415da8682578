"""Base of the readers of Cisco ASA and IOS: objects, groups and access lists.

A line that begins with a blank belongs to the group or list that was opened last; any other line closes it. `!` begins a
comment. Names of groups and objects share one namespace. `no` removes a line; a group in use cannot become empty. The first
entry of a list that matches a packet decides, so an entry below a deny of everything is reported.
"""

import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from perimeter365.audit.packets import AllowRule, Protocol, RuleEnd, unite_ends
from perimeter365.audit.reader import MOST_DEPTH, ConfigurationReader, NumberedRule
from perimeter365.audit.words import WordStream, port_range
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet

LONGEST_REMARK = 100
LONGEST_DESCRIPTION = 200
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PORTS: dict[str, int] = {
    "aol": 5190, "bgp": 179, "biff": 512, "bootpc": 68, "bootps": 67, "chargen": 19, "citrix-ica": 1494, "cmd": 514,
    "ctiqbe": 2748, "daytime": 13, "discard": 9, "dnsix": 195, "domain": 53, "echo": 7, "exec": 512, "finger": 79,
    "ftp": 21, "ftp-data": 20, "gopher": 70, "h323": 1720, "hostname": 101, "https": 443, "ident": 113, "imap4": 143,
    "irc": 194, "isakmp": 500, "klogin": 543, "kshell": 544, "ldap": 389, "ldaps": 636, "login": 513, "lotusnotes": 1352,
    "lpd": 515, "mobile-ip": 434, "nameserver": 42, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ssn": 139,
    "nfs": 2049, "nntp": 119, "ntp": 123, "pcanywhere-data": 5631, "pcanywhere-status": 5632, "pim-auto-rp": 496,
    "pop2": 109, "pop3": 110, "pptp": 1723, "radius": 1645, "radius-acct": 1646, "rip": 520, "rsh": 514, "rtsp": 554,
    "secureid-udp": 5510, "sip": 5060, "smtp": 25, "snmp": 161, "snmptrap": 162, "sqlnet": 1521, "ssh": 22,
    "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "telnet": 23, "tftp": 69, "time": 37, "uucp": 540,
    "who": 513, "whois": 43, "www": 80, "xdmcp": 177,
}  # fmt: skip
"""Port names of the devices (ASA: Addresses, Protocols, and Ports). `kerberos` is missing on purpose, so that its line is
reported: the name is used both for port 750 and for port 88."""

Services = tuple[tuple[Protocol, PortSet], ...]
Ends = Callable[[], RuleEnd]
Allows = Callable[[], Iterable[AllowRule]]


@dataclass(kw_only=True, slots=True)
class AclEntry:
    """An entry of an access list."""

    line: str
    """The entry as it was typed, without its number."""
    number: int
    """The number of its line in the configuration."""
    sequence: int
    """Its place in the list: entries are compared with packets in this order."""
    allows: Allows | None
    """Returns the connections that it permits; None for a remark, a deny, or an entry that permits none."""


class Cisco(ConfigurationReader):
    """Groups by kind and name with their members, and access lists with their entries."""

    single: frozenset[str] = frozenset()
    """Kinds of objects with a single value: on the device, a second value replaces the first."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[str, str] = {}
        self._networks: dict[str, dict[str, Ends]] = {}
        self._services: dict[str, dict[str, Services]] = {}
        self._lists: dict[str, dict[str, AclEntry]] = {}
        self._descriptions: dict[str, str] = {}
        self._used: Counter[str] = Counter()
        self._ends: dict[str, RuleEnd] = {}
        self._depth = 0
        self._open: Callable[[str], None] | None = None

    def feed(self, line: str) -> None:
        """Execute one line."""
        self._ends = {}
        if not line.strip() or line.startswith("!"):
            return
        if line.startswith(" "):
            if self._open is None:
                raise ConfigurationError("the line is indented, but no group or list is open")
            self._open(line.strip())
            return
        self._open = None
        if line.strip() not in ("exit", "end"):
            self.global_line(line)

    @abstractmethod
    def global_line(self, line: str) -> None:
        """Execute a line of the global configuration."""

    @abstractmethod
    def network_member(self, kind: str, words: WordStream) -> Ends:
        """Return a function that returns the addresses of a member of an object or group."""

    @abstractmethod
    def service_member(self, kind: str, words: WordStream) -> Services:
        """Return the ports of a member of a service group."""

    @abstractmethod
    def entry(self, name: str, words: WordStream) -> Allows | None:
        """Return a function that returns the allow rules of an entry.

        The result is None for an entry that permits no connection.
        """

    @abstractmethod
    def is_last(self, line: str) -> bool:
        """Return whether an entry denies everything."""

    def entries(self, name: str) -> list[AclEntry]:
        """Return the entries of an access list in the order of evaluation."""
        return sorted(self._lists.get(name, {}).values(), key=lambda entry: entry.sequence)

    def policies(self) -> Iterator[NumberedRule]:
        """Yield the entries of all access lists."""
        for name in self._lists:
            last = False
            for entry in self.entries(name):
                if entry.allows:
                    yield entry.number, _unreached if last else entry.allows
                last = last or self.is_last(entry.line)

    def state(self) -> object:
        """Return all groups and access lists."""
        groups = {
            name: (kind, sorted(self._networks.get(name) or self._services.get(name) or ()), self._descriptions.get(name))
            for name, kind in self._kinds.items()
        }
        return groups, {name: sorted(lines) for name, lines in self._lists.items() if lines}

    # -- groups --------------------------------------------------------------------------------------------------

    def open_group(self, kind: str, name: str) -> None:
        """Create or open an object or group."""
        if self._kinds.setdefault(check_name(name), kind) != kind:
            raise ConfigurationError(f"{name} is {self._kinds[name]}, not {kind}")
        self._open = lambda line: self._member(name, line)

    def _member(self, name: str, line: str) -> None:
        if line == "no description" or line.startswith("description "):
            self._describe(name, line.removeprefix("description "))
            return
        kind = self._kinds[name]
        service = kind.startswith("object-group service")
        members: dict[str, Ends] | dict[str, Services]
        members = self._services.setdefault(name, {}) if service else self._networks.setdefault(name, {})
        if line.startswith("no "):
            line = line.removeprefix("no ")
            if line not in members:
                raise ConfigurationError(f"{name} has no such member")
            if len(members) == 1 and self._used[name]:
                raise ConfigurationError(f"{name} is in use and cannot become empty")
            del members[line]
            self._used.subtract(line.split())
            return
        if line in members:
            raise ConfigurationError(f"{name} already has this member")
        if members and kind in self.single:
            raise ConfigurationError(f"{name} already has a value, which this one would replace")
        words = WordStream(line)
        if service:
            self._services[name][line] = self.service_member(kind, words)
        else:
            self._networks[name][line] = self.network_member(kind, words)
        self._used.update(line.split())

    def _describe(self, name: str, text: str) -> None:
        if len(text) > LONGEST_DESCRIPTION:
            raise ConfigurationError(f"the description has more than {LONGEST_DESCRIPTION} characters")
        self._descriptions.pop(name, None)
        if text != "no description":
            self._descriptions[name] = text

    def remove_group(self, kind: str, name: str) -> None:
        """Remove an object or group that is not in use."""
        if self._kinds.get(name) != kind:
            raise ConfigurationError(f"there is no {kind} {name}")
        if self._used[name]:
            raise ConfigurationError(f"{name} is in use")
        for members in (self._networks.pop(name, {}), self._services.pop(name, {})):
            for line in members:
                self._used.subtract(line.split())
        self._descriptions.pop(name, None)
        del self._kinds[name]

    def network(self, kind: str, name: str) -> Ends:
        """Return a function that returns the addresses of an object or group.

        The object or group must have members.
        """
        if self._kinds.get(name) != kind or not self._networks.get(name):
            raise ConfigurationError(f"there is no {kind} {name} with members")
        return lambda: self._network(name)

    def _network(self, name: str) -> RuleEnd:
        if name not in self._ends:
            if self._depth == MOST_DEPTH:
                raise ConfigurationError(f"groups are nested more than {MOST_DEPTH} deep")
            self._depth += 1
            try:
                self._ends[name] = unite_ends(member() for member in self._networks[name].values())
            finally:
                self._depth -= 1
        return self._ends[name]

    def service(self, kind: str, name: str) -> Callable[[], Services]:
        """Return a function that returns the ports of a service group.

        The group must have members.
        """
        if self._kinds.get(name) != kind or not self._services.get(name):
            raise ConfigurationError(f"there is no {kind} {name} with members")
        return lambda: tuple(each for member in self._services[name].values() for each in member)

    # -- access lists --------------------------------------------------------------------------------------------

    def add_entry(self, name: str, line: str, sequence: int) -> None:
        """Add an entry to a list.

        A duplicate is ignored, as on the device, wherever it would be.
        """
        entries = self._lists.setdefault(check_name(name), {})
        remark = line.split(maxsplit=1)[0] == "remark"
        if remark and len(line) > LONGEST_REMARK + len("remark "):
            raise ConfigurationError(f"the remark has more than {LONGEST_REMARK} characters")
        made = None if remark else self.entry(name, WordStream(line))
        if line not in entries:
            entries[line] = AclEntry(line=line, number=self.number, sequence=sequence, allows=made)
            if not remark:
                self._used.update(line.split())

    def remove_entry(self, name: str, line: str) -> None:
        """Remove an entry, given as it was added."""
        if line not in self._lists.get(name, {}):
            raise ConfigurationError(f"{name} has no such entry")
        if not self._lists[name].pop(line).line.startswith("remark "):
            self._used.subtract(line.split())

    def remove_list(self, name: str) -> None:
        """Remove a whole list, if it exists."""
        for line in list(self._lists.get(name, {})):
            self.remove_entry(name, line)
        self._lists.pop(name, None)


def _unreached() -> Iterable[AllowRule]:
    raise ConfigurationError("no packet reaches the entry: a deny of everything is above it")


def check_name(name: str) -> str:
    """Validate the name of a group or list. Raises ConfigurationError."""
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name[:80]!r} is not a name")
    return name


def protocol(words: WordStream) -> Protocol:
    """Consume `tcp` or `udp`."""
    return "tcp" if words.expect("tcp", "udp") == "tcp" else "udp"


def operator(words: WordStream) -> PortSet:
    """Consume `eq P` or `range P Q` up to the end of the line."""
    ports = ports_of(words)
    words.end()
    return ports


def ports_of(words: WordStream) -> PortSet:
    """Consume `eq P` or `range P Q`."""
    return port_range(*(_port(words) for _ in range(1 if words.expect("eq", "range") == "eq" else 2)))


def _port(words: WordStream) -> str:
    word = words.take("a port")
    return str(_PORTS.get(word, word))
