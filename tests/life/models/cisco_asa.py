"""A model of an ASA 9.22: objects, extended access lists, interfaces with security levels, and group policies.

Rules, with the pages that they follow:

- Each list has lines from 1. `line N` inserts at N; without it an entry is appended. An entry that exists is not added
  again, nor moved. Firewall configuration guide, "Access Control Lists";
  https://github.com/ansible-collections/cisco.asa/issues/127
- An object or group that an entry or another group refers to is not removed, and a list that does not exist is not bound; a
  group in use is not emptied. Firewall configuration guide, "Guidelines for ACLs" and "Objects for Access Control".
- `access-group`: one list for each interface and direction; another one replaces it. If all its entries are removed, the
  binding is removed, too, and it refers to no list without entries.
  https://www.cisco.com/c/en/us/td/docs/security/asa/asa-cli-reference/A-H/asa-command-ref-A-H/aa-ac-commands.html
- An interface without a list permits what goes to a lower security level, and nothing to a higher one; the ASA keeps state,
  so answers pass. "Access Rules", implicit permits.
- `clear configure access-list NAME` removes a list. A group policy that names it then has an empty split list, which
  `dangling` shows: sessions that begin then exclude nothing.
- A custom attribute's value has at most 421 characters; lines with one name are joined when the client gets them. A named
  value that a group policy refers to is not removed. A command has at most 512 characters.
  VPN configuration guide, "AnyConnect custom attributes".
- `no split-tunnel-network-list value NAME` and `no anyconnect-custom TYPE value NAME` remove this value. Assumed, since the
  command reference gives only the syntax: they leave another value alone.
"""

import re
from collections.abc import Iterator

from perimeter365.audit.packets import FAMILIES, AllowRule, Family
from perimeter365.audit.readers._cisco import Ends
from perimeter365.audit.readers.cisco_asa import CiscoAsaReader
from perimeter365.audit.words import WordStream
from perimeter365.errors import ConfigurationError
from tests.life.models._cisco import CiscoDevice, Match, Packet, everything

LONGEST_LINE = 512
LONGEST_VALUE = 421
SPLIT = ("split-tunnel-policy", "ipv6-split-tunnel-policy", "split-tunnel-network-list")


TYPED = ("no split", "no ipv6-split", "no anyconnect-custom ", "no anyconnect-custom-attr")
"""Starts of commands of the mode that is open, as they are typed at its prompt."""


class AsaDevice(CiscoDevice, CiscoAsaReader):
    """An ASA: it permits what passes the list of the interface where a connection enters."""

    def __init__(self, **levels: int) -> None:
        super().__init__()
        self.levels = levels or {"inside": 100, "outside": 0}
        self.bound: dict[str, str] = {}
        self.policies_: dict[str, dict[str, str]] = {}
        self.attributes: dict[str, str] = {}
        self.data: dict[tuple[str, str], list[str]] = {}

    def command(self, line: str) -> None:
        """Execute a line in configuration mode."""
        if len(line) > LONGEST_LINE and not line.startswith("!"):
            raise ConfigurationError(f"the command has more than {LONGEST_LINE} characters")
        if line == "webvpn":
            self._open = self._webvpn
        elif found := re.fullmatch(r"(no )?access-group (\S+) in interface (\S+)", line):
            self._open = None
            self._bind(found[2], found[3], no=bool(found[1]))
        elif found := re.fullmatch(r"group-policy (\S+) internal", line):
            self.policies_.setdefault(found[1], {})
        elif found := re.fullmatch(r"group-policy (\S+) attributes", line):
            self._open = None
            if found[1] not in self.policies_:
                raise ConfigurationError(f"there is no group policy {found[1]}")
            policy = self.policies_[found[1]]
            self._open = lambda each: self._policy(policy, each)
        elif found := re.fullmatch(r"(no )?anyconnect-custom-data (\S+) (\S+)(?: (\S+))?", line):
            self._open = None
            self._data(found[2], found[3], found[4] or "", no=bool(found[1]))
        elif self._open and line.startswith(TYPED):
            self._open(line)
        else:
            self.feed(line)
            for where, name in list(self.bound.items()):
                if not self.matching(name):
                    del self.bound[where]

    def _bind(self, name: str, interface: str, *, no: bool) -> None:
        if interface not in self.levels:
            raise ConfigurationError(f"there is no interface {interface}")
        if no:
            if self.bound.get(interface) != name:
                raise ConfigurationError(f"{name} is not bound to {interface}")
            del self.bound[interface]
        elif not self.matching(name):
            raise ConfigurationError(f"access-list {name} does not exist")
        else:
            self.bound[interface] = name

    # -- group policies ------------------------------------------------------------------------------------------

    def _webvpn(self, line: str) -> None:
        found = re.fullmatch(r"(no )?anyconnect-custom-attr (\S+)(?: description (.+))?", line)
        if not found:
            raise ConfigurationError("unknown command of webvpn")
        if not found[1]:
            self.attributes[found[2]] = found[3] or self.attributes.get(found[2], "")
        elif any(kind == found[2] for kind, _ in self.data):
            raise ConfigurationError(f"{found[2]} is in use")
        elif self.attributes.pop(found[2], None) is None:
            raise ConfigurationError(f"there is no attribute {found[2]}")

    def _policy(self, policy: dict[str, str], line: str) -> None:
        if found := re.fullmatch(r"no (anyconnect-custom \S+|\S+)(?: value (\S+))?", line):
            if found[1] not in policy or found[2] not in (None, policy[found[1]]):
                raise ConfigurationError(f"{found[1]} is not set, or not to {found[2]}")
            del policy[found[1]]
        elif found := re.fullmatch(r"anyconnect-custom (\S+) value (\S+)", line):
            if (found[1], found[2]) not in self.data:
                raise ConfigurationError(f"there is no data {found[2]} of {found[1]}")
            policy[f"anyconnect-custom {found[1]}"] = found[2]
        elif (found := re.fullmatch(r"(\S+) (.+)", line)) and (found[1] in SPLIT or "tunnel" not in found[1]):
            name = found[2].removeprefix("value ")
            if found[1] == SPLIT[2] and not self.matching(name):
                raise ConfigurationError(f"access-list {name} does not exist")
            policy[found[1]] = name
        else:
            raise ConfigurationError("unknown command of a group policy")

    def _data(self, kind: str, name: str, value: str, *, no: bool) -> None:
        used = any(policy.get(f"anyconnect-custom {kind}") == name for policy in self.policies_.values())
        if no and used:
            raise ConfigurationError(f"{name} is in use")
        if no:
            if self.data.pop((kind, name), None) is None:
                raise ConfigurationError(f"there is no data {name}")
            return
        if kind not in self.attributes:
            raise ConfigurationError(f"there is no attribute {kind}")
        if not 0 < len(value) <= LONGEST_VALUE:
            raise ConfigurationError(f"a value has 1 to {LONGEST_VALUE} characters")
        self.data.setdefault((kind, name), []).append(value)

    def excluded(self, policy: str) -> tuple[set[str], set[str]]:
        """Return the networks and names that clients of a group policy exclude from the tunnel."""
        mine = self.policies_[policy]
        name = mine.get(SPLIT[2], "")
        four, six = (mine.get(key) == "excludespecified" for key in SPLIT[:2])
        found = {str(p) for match in self.matching(name) if match.permit for p in match.source().addresses}
        kind = "dynamic-split-exclude-domains"
        text = "".join(self.data.get((kind, mine.get(f"anyconnect-custom {kind}", "")), []))
        return {p for p in found if (six if ":" in p else four)}, set(filter(None, text.split(",")))

    def dangling(self) -> set[str]:
        """Return the group policies whose split list does not exist or is empty."""
        return {n for n, each in self.policies_.items() if SPLIT[2] in each and not self.matching(each[SPLIT[2]])}

    # -- access lists --------------------------------------------------------------------------------------------

    def parse(self, name: str, words: WordStream) -> Match:
        """Parse an extended entry."""
        words.expect("extended")
        return super().parse(name, words)

    def icmp_of(self, words: WordStream) -> tuple[str, ...]:
        """Consume the ICMP message: `unreachable 4` is that a packet is too big."""
        found = [words.take("a message") for _ in range(2) if words and words.next != "log"]
        return ("packet-too-big",) if found == ["unreachable", "4"] else tuple(found)

    def end_of(self, name: str, words: WordStream) -> Ends:
        """Consume an end of an entry."""
        return self._end(words)

    def families_of(self, name: str) -> tuple[Family, ...]:
        """Return the families of a list."""
        return FAMILIES

    def permits(self, interface: str) -> list[AllowRule]:
        """Return the connections that pass an interface where they enter."""
        if name := self.bound.get(interface):
            return self.list_permits(name)
        return everything() if self.levels[interface] > min(self.levels.values()) else []

    def passes(self, interface: str, packet: Packet) -> bool:
        """Return whether a packet of no known connection passes an interface where it enters."""
        if name := self.bound.get(interface):
            return bool(self.list_decides(name, packet))
        return self.levels[interface] > min(self.levels.values())

    def running(self) -> Iterator[str]:
        """Yield the running configuration."""
        for name, kind in self._kinds.items():
            head, _, protocol = kind.partition(" service ")
            yield f"{head} service {name} {protocol}" if protocol else f"{kind} {name}"
            for member in self._services.get(name) or self._networks.get(name) or ():
                yield f" {member}"
        for name in self._lists:
            yield from (f"access-list {name} {entry.line}" for entry in self.entries(name))
        yield from (f"access-group {name} in interface {where}" for where, name in self.bound.items())
        for name, values in self.policies_.items():
            yield f"group-policy {name} attributes"
            yield from (f" {key} {value}" for key, value in values.items())
        yield from (f"anyconnect-custom-data {kind} {name} {v}" for (kind, name), vs in self.data.items() for v in vs)
        yield from (f" anyconnect-custom-attr {kind}" for kind in self.attributes)
