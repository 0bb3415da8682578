"""A model of a router with IOS 15.9 or IOS XE 17: named access lists, object groups, and interfaces.

Rules, with the pages that they follow:

- A list that is bound to an interface and has no entry, or does not exist, permits everything; one with an entry ends with
  an implicit deny. https://supportforums.cisco.com/discussion/10143601/apply-empty-acl-what-happens (Richard Burts)
- Entries have numbers; the first one gets 10, and each without a number gets ten more than the last one, at the end. An
  entry that exists, but for its number, changes nothing. A number that another entry has is refused (`Duplicate sequence
  number`). The numbers of IPv4 lists are not saved: after a restart they are 10, 20, … IOS XE saves them. `ip access-list
  resequence`.
  https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/sec_data_acl/configuration/15-mt/sec-data-acl-15-mt-book/sec-acl-seq-num.html
- IPv6 lists have numbers, too (`sequence`), implicit permits of nd-na and nd-ns before the implicit deny, and these are not
  reached if an entry denies everything. Catalyst 3750 Metro command reference, OL-9645-10, 2-71.
- A group in use is neither removed nor emptied, and an entry refers to groups with members only.
  https://www.cisco.com/c/en/us/td/docs/routers/ios/config/17-x/sec-vpn/b-security-vpn/m_sec_zbf_ogacl-xe.html
- An interface has one IPv4 and one IPv6 list in a direction; another one replaces it. `ip access-group`,
  `ipv6 traffic-filter`: https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/security/d1/sec-d1-cr-book.html
"""

import re
from collections.abc import Iterator

from perimeter365.audit.packets import FAMILIES, AllowRule, Family
from perimeter365.audit.readers._cisco import Ends
from perimeter365.audit.readers.cisco_ios import CiscoIosReader
from perimeter365.audit.words import WordStream
from perimeter365.errors import ConfigurationError
from tests.life.models._cisco import CiscoDevice, Match, Packet, everything

HIGHEST: dict[Family, int] = {4: 2_147_483_647, 6: 4_294_967_294}
ND = ("nd-na", "nd-ns")


class IosDevice(CiscoDevice, CiscoIosReader):
    """A router: it permits what passes the list of the interface where a packet enters."""

    def __init__(self) -> None:
        super().__init__()
        self.bound: dict[tuple[str, Family], str] = {}
        self.interfaces: list[str] = []
        self._interface = ""

    def command(self, line: str) -> None:
        """Execute a line in configuration mode."""
        if found := re.fullmatch(r"interface (\S+)", line):
            self._open, self._interface = None, found[1]
            self.interfaces += [] if found[1] in self.interfaces else [found[1]]
        elif found := re.fullmatch(r" ?(no )?(ip access-group|ipv6 traffic-filter) (\S+) in", line):
            if not self._interface:
                raise ConfigurationError("no interface is open")
            key: tuple[str, Family] = (self._interface, 4 if found[2].startswith("ip ") else 6)
            if found[1]:
                self.bound.pop(key, None)
            else:
                self.bound[key] = found[3]
        else:
            if not line.startswith((" ", "!")) and line.strip():
                self._interface = ""
            self.feed(line)

    def _line(self, name: str, line: str) -> None:
        present = self.entries(name)
        numbered = re.match(r"no |sequence \d|\d", line)
        appended = not numbered and present and line not in {entry.line for entry in present}
        if appended and present[-1].sequence + 10 > HIGHEST[self.families_of(name)[0]]:
            raise ConfigurationError("Exceeded maximum sequence number")
        super()._line(name, line)

    def parse(self, name: str, words: WordStream) -> Match:
        """Parse an entry; a protocol that is `ip` in one family is `ipv6` in the other."""
        match = super().parse(name, words)
        if match.protocol == ("ip" if name in self._six else "ipv6"):
            raise ConfigurationError(f"{match.protocol} is not a protocol of this list")
        return match

    def end_of(self, name: str, words: WordStream) -> Ends:
        """Consume an end of an entry."""
        return self._end(words, six=name in self._six)

    def families_of(self, name: str) -> tuple[Family, ...]:
        """Return the family of a list."""
        return (6,) if name in self._six else (4,)

    def restart(self) -> None:
        """Restart without IOS XE's persistent numbers."""
        for name in self._lists:
            if name not in self._six:
                for number, entry in enumerate(self.entries(name), 1):
                    entry.sequence = 10 * number

    def permits(self, interface: str) -> list[AllowRule]:
        """Return the connections that pass an interface where they enter."""
        found = []
        for family in FAMILIES:
            name = self.bound.get((interface, family))
            open_ = name is None or not self.matching(name)
            rules = everything() if open_ or name is None else self.list_permits(name)
            found += [rule for rule in rules if rule.family == family]
        return found

    def passes(self, interface: str, packet: Packet) -> bool:
        """Return whether a packet passes an interface where it enters."""
        name = self.bound.get((interface, packet.family))
        if name is None or not self.matching(name):
            return True
        decided = self.list_decides(name, packet)
        return packet.icmp in ND if decided is None else decided

    def running(self) -> Iterator[str]:
        """Yield the running configuration."""
        for name, kind in self._kinds.items():
            yield f"{kind} {name}"
            for member in self._services.get(name) or self._networks.get(name) or ():
                yield f" {member}"
        for interface in self.interfaces:
            yield f"interface {interface}"
            for (where, family), name in self.bound.items():
                if where == interface:
                    yield f" ip access-group {name} in" if family == 4 else f" ipv6 traffic-filter {name} in"
        for name in self._lists:
            yield f"ipv6 access-list {name}" if name in self._six else f"ip access-list extended {name}"
            yield from (f" {entry.sequence} {entry.line}" for entry in self.entries(name))
