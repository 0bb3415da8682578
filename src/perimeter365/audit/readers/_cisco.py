"""What an ASA and an IOS router share: groups and access lists, line by line, as their configuration modes take them.

A line that begins with a blank belongs to the group or list that was opened last; any other line closes it. `!` begins a
comment. Names of groups and objects share one space. `no` takes a line away; a group that is in use never becomes empty.
"""

import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from perimeter365.audit.packets import AllowRule, End, Protocol, unite
from perimeter365.audit.reader import MOST_DEPTH, Policy, Reader
from perimeter365.audit.words import Words, port_range
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet

LONGEST_REMARK = 100
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
"""Ports that a device writes by name (ASA: Addresses, Protocols, and Ports). `kerberos` is left out, so that its line is
reported: 750 and 88 are both meant by it."""

Services = tuple[tuple[Protocol, PortSet], ...]
Ends = Callable[[], End]


class Cisco(Reader):
    """Groups by kind and name, with their lines; access lists with theirs."""

    single: frozenset[str] = frozenset()
    """Kinds of objects with one value, so that the device replaces it by the next one."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[str, str] = {}
        self._networks: dict[str, dict[str, Ends]] = {}
        self._services: dict[str, dict[str, Services]] = {}
        self._lists: dict[str, dict[str, Policy | None]] = {}
        self._used: Counter[str] = Counter()
        self._ends: dict[str, End] = {}
        self._depth = 0
        self._open: Callable[[str], None] | None = None

    def feed(self, line: str) -> None:
        """Take one line."""
        self._ends = {}
        if not line.strip() or line.startswith("!"):
            return
        if line.startswith(" "):
            if self._open is None:
                raise ConfigurationError("nothing is open that the line could belong to")
            self._open(line.strip())
            return
        self._open = None
        if line.strip() not in ("exit", "end"):
            self.global_line(line)

    @abstractmethod
    def global_line(self, line: str) -> None:
        """Take a line of the global configuration."""

    @abstractmethod
    def network_member(self, kind: str, words: Words) -> Ends:
        """What makes the addresses of a member of an object or group."""

    @abstractmethod
    def service_member(self, kind: str, words: Words) -> Services:
        """The ports of a member of a group of services."""

    @abstractmethod
    def entry(self, name: str, words: Words) -> Callable[[], Iterable[AllowRule]]:
        """What makes the packets that an entry of an access list lets pass."""

    def policies(self) -> Iterator[Policy]:
        """The entries of all access lists."""
        yield from (policy for entries in self._lists.values() for policy in entries.values() if policy)

    def state(self) -> object:
        """All that it holds."""
        groups = {
            name: (kind, sorted(self._networks.get(name) or self._services.get(name) or ()))
            for name, kind in self._kinds.items()
        }
        return groups, {name: sorted(lines) for name, lines in self._lists.items() if lines}

    # -- groups --------------------------------------------------------------------------------------------------

    def open_group(self, kind: str, name: str) -> None:
        """Make or open an object or group."""
        if self._kinds.setdefault(check_name(name), kind) != kind:
            raise ConfigurationError(f"{name} is {self._kinds[name]}, not {kind}")
        self._open = lambda line: self._member(name, line)

    def _member(self, name: str, line: str) -> None:
        kind = self._kinds[name]
        service = kind.startswith("object-group service")
        members: dict[str, Ends] | dict[str, Services]
        members = self._services.setdefault(name, {}) if service else self._networks.setdefault(name, {})
        if line.startswith("no "):
            line = line.removeprefix("no ")
            if line not in members:
                raise ConfigurationError(f"{name} has no such member")
            if len(members) == 1 and self._used[name]:
                raise ConfigurationError(f"{name} would be empty, and is in use")
            del members[line]
            self._used.subtract(line.split())
            return
        if line in members:
            raise ConfigurationError(f"{name} has that member already")
        if members and kind in self.single:
            raise ConfigurationError(f"{name} has a value already, which this one would replace")
        words = Words(line)
        if service:
            self._services[name][line] = self.service_member(kind, words)
        else:
            self._networks[name][line] = self.network_member(kind, words)
        self._used.update(line.split())

    def remove_group(self, kind: str, name: str) -> None:
        """Remove an object or group that nothing uses."""
        if self._kinds.get(name) != kind:
            raise ConfigurationError(f"there is no {kind} {name}")
        if self._used[name]:
            raise ConfigurationError(f"{name} is in use")
        for held in (self._networks.pop(name, {}), self._services.pop(name, {})):
            for line in held:
                self._used.subtract(line.split())
        del self._kinds[name]

    def network(self, kind: str, name: str) -> Ends:
        """What makes the addresses of an object or group that has members."""
        if self._kinds.get(name) != kind or not self._networks.get(name):
            raise ConfigurationError(f"there is no {kind} {name} with members")
        return lambda: self._network(name)

    def _network(self, name: str) -> End:
        if name not in self._ends:
            if self._depth == MOST_DEPTH:
                raise ConfigurationError(f"groups lie more than {MOST_DEPTH} deep in each other")
            self._depth += 1
            try:
                self._ends[name] = unite(member() for member in self._networks[name].values())
            finally:
                self._depth -= 1
        return self._ends[name]

    def service(self, kind: str, name: str) -> Callable[[], Services]:
        """The ports of a group of services that has members, when they are asked for."""
        if self._kinds.get(name) != kind or not self._services.get(name):
            raise ConfigurationError(f"there is no {kind} {name} with members")
        return lambda: tuple(each for member in self._services[name].values() for each in member)

    # -- access lists --------------------------------------------------------------------------------------------

    def add_entry(self, name: str, line: str) -> None:
        """Add to the end of a list; an entry that is there already is not added."""
        entries = self._lists.setdefault(check_name(name), {})
        if line.split(maxsplit=1)[0] == "remark":
            if len(line) > LONGEST_REMARK + len("remark "):
                raise ConfigurationError(f"a remark has {LONGEST_REMARK} characters at most")
            entries.setdefault(line, None)
            return
        made = self.entry(name, Words(line))
        if line not in entries:
            entries[line] = (self.number, made)
            self._used.update(line.split())

    def remove_entry(self, name: str, line: str) -> None:
        """Take out an entry as it stands."""
        if line not in self._lists.get(name, {}):
            raise ConfigurationError(f"{name} has no such entry")
        if self._lists[name].pop(line):
            self._used.subtract(line.split())

    def remove_list(self, name: str) -> None:
        """Take out a whole list, if there is one."""
        for line in list(self._lists.get(name, {})):
            self.remove_entry(name, line)
        self._lists.pop(name, None)


def check_name(name: str) -> str:
    """A name of a group or list. Raises ConfigurationError."""
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name[:80]!r} is not a name")
    return name


def protocol(words: Words) -> Protocol:
    """`tcp` or `udp`."""
    return "tcp" if words.expect("tcp", "udp") == "tcp" else "udp"


def operator(words: Words) -> PortSet:
    """`eq P` or `range P Q`, to the end of the line."""
    ports = port_range(*(_port(words) for _ in range(1 if words.expect("eq", "range") == "eq" else 2)))
    words.end()
    return ports


def _port(words: Words) -> str:
    word = words.take("a port")
    return str(_PORTS.get(word, word))
