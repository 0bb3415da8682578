"""Cisco: an ASA and an IOS router, with objects, groups and access lists, as their configuration modes take lines."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable

from tests.targets.readers import Refused
from tests.targets.readers.packets import EVERYTHING, Allow, Range, addresses

MAPPED = {"eq": 1, "range": 2}


class Cisco(ABC):
    """Groups by kind and name, with their lines; access lists with theirs."""

    comment = "!"

    def __init__(self) -> None:
        self.groups: dict[str, tuple[str, list[str]]] = {}
        """Name to kind and members: objects and groups share one space of names."""
        self.lists: dict[str, list[str]] = {}
        self._open: Callable[[str], None] | None = None

    def load(self, text: str) -> None:
        """Take all lines."""
        for line in text.splitlines():
            self.feed(line)

    def feed(self, line: str) -> None:
        """Take one line: one that is indented belongs to what was opened last."""
        if line.startswith(self.comment):
            return
        if line.startswith(" "):
            if self._open is None:
                raise Refused(f"nothing is open for {line!r}")
            self._open(line[1:])
            return
        self._open = None
        self.top(line)

    @abstractmethod
    def top(self, line: str) -> None:
        """Take a line of the global configuration."""

    @abstractmethod
    def entry(self, name: str, line: str) -> list[Allow]:
        """What an entry of an access list accepts; raises Refused."""

    def state(self) -> object:
        """All that it holds, whatever the order of lines was."""
        groups = {name: (kind, sorted(lines)) for name, (kind, lines) in self.groups.items()}
        return groups, {name: sorted(lines) for name, lines in self.lists.items() if lines}

    def allows(self) -> list[Allow]:
        """What the access lists accept."""
        return [
            allow
            for name, lines in self.lists.items()
            for line in lines
            if not line.startswith("remark")
            for allow in self.entry(name, line)
        ]

    def open_group(self, kind: str, name: str) -> None:
        """Make or open a group."""
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{0,63}", name):
            raise Refused(f"{name!r} is no name")
        held = self.groups.setdefault(name, (kind, []))
        if held[0] != kind:
            raise Refused(f"{name} is {held[0]}")
        self._open = lambda line: self._member(name, line)

    def _member(self, name: str, line: str) -> None:
        kind, members = self.groups[name]
        if line.startswith("no "):
            if line[3:] not in members:
                raise Refused(f"{name} has no {line[3:]!r}")
            if len(members) == 1 and self.used(name):
                raise Refused(f"{name} would be empty, and is in use")
            members.remove(line[3:])
            return
        if line in members:
            raise Refused(f"{name} has {line!r} already")
        self.check_member(kind, line)
        members.append(line)

    def remove_group(self, kind: str, name: str) -> None:
        """Remove a group that nothing uses."""
        if self.groups.get(name, ("",))[0] != kind:
            raise Refused(f"there is no {kind} {name}")
        if self.used(name):
            raise Refused(f"{name} is in use")
        del self.groups[name]

    def used(self, name: str) -> bool:
        """Does an entry or a group name it?"""
        lines = [line for some in self.lists.values() for line in some if not line.startswith("remark")]
        lines += [line for _, members in self.groups.values() for line in members]
        return any(name in line.split() for line in lines)

    @abstractmethod
    def check_member(self, kind: str, line: str) -> None:
        """Raise Refused for a line that is no member of such a group."""

    def add_entry(self, name: str, line: str) -> None:
        """To the end of a list; one that is there already is not added."""
        if line.startswith("remark "):
            if len(line) > 107:
                raise Refused("the remark is too long")
        else:
            self.entry(name, line)
        if line not in self.lists.setdefault(name, []):
            self.lists[name].append(line)

    def remove_entry(self, name: str, line: str) -> None:
        """Take out a line as it stands."""
        if line not in self.lists.get(name, []):
            raise Refused(f"{name} has no {line!r}")
        self.lists[name].remove(line)

    def members(self, kind: str, name: str) -> list[str]:
        """The members of a group that has some."""
        found = self.groups.get(name, ("", []))
        if found[0] != kind or not found[1]:
            raise Refused(f"{name} is no {kind} with members")
        return found[1]


def network(words: list[str], family: int) -> str:
    """`host A`, `A MASK`, `A/L` as a prefix."""
    if words[0] == "host":
        return words[1]
    return "/".join(words) if family == 4 else words[0]


def operator(words: list[str]) -> tuple[Range, ...]:
    """`eq P`, `range P Q`."""
    if words[0] == "eq" and len(words) == 2:
        return ((int(words[1]), int(words[1])),)
    if words[0] == "range" and len(words) == 3 and int(words[1]) < int(words[2]):
        return ((int(words[1]), int(words[2])),)
    raise Refused(f"{words} is no operator")


class Asa(Cisco):
    """An ASA."""

    def top(self, line: str) -> None:
        words = line.removeprefix("no ").split()
        no = line.startswith("no ")
        if words[0] == "access-list":
            rest = line.removeprefix("no ").split(" ", 2)[2]
            (self.remove_entry if no else self.add_entry)(words[1], rest)
        elif words[:2] in (["object", "network"], ["object-group", "network"]) and len(words) == 3:
            (self.remove_group if no else self.open_group)(" ".join(words[:2]), words[2])
        elif words[:2] == ["object-group", "service"] and len(words) == 4 and words[3] in ("tcp", "udp"):
            (self.remove_group if no else self.open_group)(f"object-group service {words[3]}", words[2])
        else:
            raise Refused(line)

    def check_member(self, kind: str, line: str) -> None:
        words = line.split()
        if kind == "object network" and words[0] == "fqdn" and words[1] in ("v4", "v6") and len(words) == 3:
            return
        if kind == "object-group network" and words[0] == "network-object":
            if words[1] == "object":
                self.members("object network", words[2])
            else:
                addresses([network(words[1:], 6 if ":" in line else 4)], 4)
            return
        if kind.startswith("object-group service") and words[0] == "port-object":
            operator(words[1:])
            return
        raise Refused(f"{line!r} in {kind}")

    def entry(self, name: str, line: str) -> list[Allow]:
        words = line.split()
        if words[:2] != ["extended", "permit"] or words[2] not in ("tcp", "udp"):
            raise Refused(line)
        ends, at = [], 3
        for _end in range(2):
            if words[at] in ("any4", "any6"):
                ends.append(words[at])
                at += 1
            elif words[at] == "object-group":
                self.members("object-group network", words[at + 1])
                ends.append(words[at + 1])
                at += 2
        if words[at] != "object-group" or len(words) != at + 2:
            raise Refused(line)
        lines = self.members(f"object-group service {words[2]}", words[at + 1])
        found = tuple(range_ for member in lines for range_ in operator(member.split()[1:]))
        made = []
        for family in (4, 6):
            (source, none), (destination, hosts) = (self._end(end, family) for end in ends)
            assert not none
            if source and (destination or hosts):
                made.append(Allow(family, words[2], source, destination, found, hosts))
        return made

    def _end(self, name: str, family: int) -> tuple[tuple[Range, ...], frozenset[str]]:
        if name in ("any4", "any6"):
            return EVERYTHING[family] if name.endswith(str(family)) else (), frozenset()
        prefixes, hosts = [], set()
        for line in self.members("object-group network", name):
            words = line.split()
            if words[1] == "object":
                _, version, host = self.members("object network", words[2])[0].split()
                hosts.update([host] if version == f"v{family}" else [])
            else:
                prefixes.append(network(words[1:], 6 if ":" in line else 4))
        return addresses(prefixes, family), frozenset(hosts)


class Ios(Cisco):
    """An IOS router."""

    def top(self, line: str) -> None:
        words, no = line.removeprefix("no ").split(), line.startswith("no ")
        if words[:2] in (["object-group", "network"], ["object-group", "service"]) and len(words) == 3:
            (self.remove_group if no else self.open_group)(" ".join(words[:2]), words[2])
        elif (words[:3] == ["ip", "access-list", "extended"] or words[:2] == ["ipv6", "access-list"]) and not no:
            name = f"{words[0]} {words[-1]}"
            self.lists.setdefault(name, [])
            self._open = lambda entry: self._entry(name, entry)
        else:
            raise Refused(line)

    def _entry(self, name: str, line: str) -> None:
        if line.startswith("no "):
            self.remove_entry(name, line[3:])
        else:
            self.add_entry(name, line)

    def check_member(self, kind: str, line: str) -> None:
        words = line.split()
        if kind == "object-group network":
            addresses([network(words, 4)], 4)
        elif words[0] in ("tcp", "udp"):
            operator(words[1:])
        else:
            raise Refused(f"{line!r} in {kind}")

    def entry(self, name: str, line: str) -> list[Allow]:
        words = line.split()
        if words[0] != "permit":
            raise Refused(line)
        if name.startswith("ip "):
            return self._grouped(words)
        at = 2
        ends: list[tuple[Range, ...]] = []
        for _end in range(2):
            if words[at] == "any":
                ends.append(EVERYTHING[6])
                at += 1
            else:
                size = 2 if words[at] == "host" else 1
                ends.append(addresses([network(words[at : at + size], 6)], 6))
                at += size
        return [Allow(6, words[1], ends[0], ends[1], operator(words[at:]))]

    def _grouped(self, words: list[str]) -> list[Allow]:
        """`permit object-group SERVICE END END`."""
        if words[1] != "object-group":
            raise Refused(" ".join(words))
        rest = words[3:]
        ends: list[tuple[Range, ...]] = []
        while rest:
            if rest[0] == "any":
                ends.append(EVERYTHING[4])
                rest = rest[1:]
            else:
                ends.append(addresses([network(m.split(), 4) for m in self.members("object-group network", rest[1])], 4))
                rest = rest[2:]
        source, destination = ends
        lines = [line.split() for line in self.members("object-group service", words[2])]
        return [Allow(4, line[0], source, destination, operator(line[1:])) for line in lines]
