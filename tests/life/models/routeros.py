"""A model of a RouterOS router.

    router = RouterOs(ADMIN)                        the administrator's rules
    router.files["perimeter365.rsc"] = ...          an uploaded file
    router.type("/import perimeter365.rsc")         raises RefusedError at the first command that fails
    router.passes(Packet("10.0.0.1", "52.96.0.1", "tcp", 443))

Each command has its effect at once. The scripts run in the interpreter of the reader of `audit`. Further rules of the model:

- Rules of a chain are tried in order. `jump` continues with another chain, and comes back if no rule of it decides; a packet
  that no rule of a built-in chain decides is accepted. `place-before` puts a rule before another one.
  https://help.mikrotik.com/docs/spaces/ROS/pages/48660574/Filter
- A list that an entry names need not exist; a rule whose list has no entries matches nothing. An entry that is already in
  the list is refused. https://help.mikrotik.com/docs/display/ROS/Address-lists
- The interface list of a rule has to exist. https://help.mikrotik.com/docs/spaces/ROS/pages/47579222/List
- `/import` executes a file, and stops at the first command that fails; what came before stays.
  https://github.com/0x767676/crowdsec-mikrotik/issues/1
- The default configuration first drops invalid packets, and at the end what comes from the internet and is not for a
  published server. https://help.mikrotik.com/docs/spaces/ROS/pages/328513/Building+Advanced+Firewall
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address, ip_network

from perimeter365.audit.packets import AllowRule, RuleEnd
from perimeter365.audit.reader import NumberedRule
from perimeter365.audit.readers._interpreter import Value
from perimeter365.audit.readers.mikrotik import FAMILIES, FIELDS, Entry, MikrotikReader, _rules
from perimeter365.errors import InputError

DEFAULT = """
{menu}
add chain=input action=drop in-interface-list=!LAN comment="defconf: drop all not coming from LAN"
add chain=forward action=fasttrack-connection connection-state=established,related comment="defconf: fasttrack"
add chain=forward action=accept connection-state=established,related,untracked comment="defconf: accept established"
add chain=forward action=drop connection-state=invalid comment="defconf: drop invalid"
add chain=forward action=drop connection-state=new connection-nat-state=!dstnat in-interface-list=WAN \\
    comment="defconf: drop all from WAN not DSTNATed"
"""
"""The part of the default configuration that is about filters, for one IP version."""
MOST_JUMPS = 20


class RefusedError(Exception):
    """The router refused a command; those before it stay in force."""


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet that the router forwards."""

    source: str
    destination: str
    protocol: str
    port: int
    enters: str = "LAN"
    leaves: str = "WAN"
    """The interface lists."""
    state: str = "new"
    dstnat: bool = False


class RouterOs(MikrotikReader):
    """A router with rules of its own."""

    fields = FIELDS | {"filter": FIELDS["filter"] | {"connection-state", "connection-nat-state"}}
    interface_lists = frozenset(("WAN", "LAN"))

    def __init__(self, admin: str) -> None:
        super().__init__()
        self.files: dict[str, str] = {}
        self.load(admin)

    def type(self, line: str, stop_after: int | None = None) -> int:
        """Execute a line of the terminal, and return the number of commands.

        Raises RefusedError.

        Args:
            line: the line.
            stop_after: the number of commands of an imported file after which the router loses its power.
        """
        name = line.removeprefix("/import ")
        text = line if name == line else self.files.get(name, "")
        if not text:
            raise RefusedError(f"there is no file {name}")
        count = 0
        for number, command in self.commands(text):
            if count == stop_after:
                break
            self.number = number
            try:
                command()
            except InputError as error:
                raise RefusedError(f"{name} line {number}: {error.message}") from error
            count += 1
        return count

    def follow(self, lines: Sequence[str]) -> None:
        """Execute the lines of a manual. Raises RefusedError."""
        for line in lines:
            self.type(line)

    def _add(self, table: str, entry: Entry, before: Value) -> None:
        for side in ("in", "out"):
            name = entry.get(f"{side}-interface-list", "WAN").removeprefix("!")
            if name not in self.interface_lists:
                raise InputError(f"input does not match any value of {side}-interface-list: {name}")
        super()._add(table, entry, before)

    def permits(self) -> list[AllowRule]:
        """Return the packets that the rules of our chains permit, as far as a jump of `forward` leads to them."""
        return self.rules()

    def policies(self) -> Iterator[NumberedRule]:
        """Yield the rules of the chains to which `forward` jumps before it refuses everything."""
        for family, menu in FAMILIES.items():
            lists: dict[str, list[str]] = {}
            for entry in self.tables[f"{menu} firewall address-list"].values():
                lists.setdefault(entry["list"], []).append(entry["address"])
            table = self.tables[f"{menu} firewall filter"].values()
            ends: dict[str, RuleEnd] = {}
            for first in [rule for rule in table if rule["chain"] == "forward"]:
                matchers = first.keys() - {"chain", "action", "comment", "jump-target"}
                if first["action"] in ("drop", "reject") and not matchers:
                    break
                if first["action"] == "jump":
                    assert not matchers, "the model knows only jumps of all packets"
                    for rule in [rule for rule in table if rule["chain"] == first["jump-target"]]:
                        yield 0, partial(_rules, rule, family, lists, ends)

    def order(self, menu: str = "/ip") -> list[str]:
        """Return the comments of the rules of `forward`, in order."""
        table = self.tables[f"{menu} firewall filter"].values()
        return [rule.get("comment", "") for rule in table if rule["chain"] == "forward"]

    def passes(self, packet: Packet) -> bool:
        """Return whether the router forwards a packet."""
        menu = "/ip" if ip_address(packet.source).version == 4 else "/ipv6"
        lists: dict[str, list[str]] = {}
        for entry in self.tables[f"{menu} firewall address-list"].values():
            lists.setdefault(entry["list"], []).append(entry["address"])
        return self._decide("forward", list(self.tables[f"{menu} firewall filter"].values()), lists, packet, 0) is not False

    def _decide(
        self, chain: str, table: list[Entry], lists: dict[str, list[str]], packet: Packet, depth: int
    ) -> bool | None:
        """Return what a chain decides; None if it does not."""
        assert depth < MOST_JUMPS
        for rule in table:
            if rule["chain"] != chain or not all(_matches(key, rule[key], lists, packet) for key in rule):
                continue
            action = rule["action"]
            if action in ("accept", "drop", "reject"):
                return action == "accept"
            if action == "jump":
                decided = self._decide(rule["jump-target"], table, lists, packet, depth + 1)
                if decided is not None:
                    return decided
            else:
                assert action == "fasttrack-connection", f"the model has no action {action}"
        return None


def _matches(key: str, value: str, lists: dict[str, list[str]], packet: Packet) -> bool:
    no, plain = value.startswith("!"), value.removeprefix("!")
    match key:
        case "chain" | "action" | "comment" | "jump-target":
            return True
        case "protocol":
            found = packet.protocol == plain
        case "dst-port":
            ends = [part.split("-") for part in plain.split(",")]
            found = any(int(words[0]) <= packet.port <= int(words[-1]) for words in ends)
        case "src-address-list" | "dst-address-list":
            address = ip_address(packet.source if key.startswith("src") else packet.destination)
            found = any(_contains(entry, address) for entry in lists.get(plain, ()))
        case "in-interface-list" | "out-interface-list":
            found = plain == (packet.enters if key.startswith("in") else packet.leaves)
        case "connection-state":
            found = packet.state in plain.split(",")
        case "connection-nat-state":
            found = packet.dstnat and plain == "dstnat"
        case _:
            raise AssertionError(f"the model has no field {key}")
    return found != no


def _contains(entry: str, address: object) -> bool:
    try:
        return address in ip_network(entry)
    except ValueError:  # a name
        return False
