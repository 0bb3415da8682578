"""Access lists of Cisco ASA and IOS, which are bound to interfaces.

A list decides about everything that enters its interface. Both devices are open again where such a list is missing: an
IOS interface permits everything if its list is empty or does not exist, and an ASA removes the binding of a list that
becomes empty, after which security levels decide. So every list is always written, whatever the plan contains, and is
created with a deny of everything, which no file of changes removes. Permits are inserted above it, and above the
administrator's own entries. Each is found by its content, since a number or position on the device may have changed.

Groups never change (`AddressBook.fixed`), so an entry means the same on the device as in its plan. An entry names its
requirement by its service group, which also has the description: a remark would stay behind when its entry is moved. Entries
without a service group have a comment above them in the file, which the device does not keep.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import ClassVar

from perimeter365.model.prefix import Prefix
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases import acl
from perimeter365.targets._bases.objects import ObjectTarget, cisco_ports, is_host, mask, service_name, shorten
from perimeter365.targets.life import Part
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import WIDENED, Option, Style

NAME = 64
"""Longest name of a group or list. Both an ASA and an IOS router allow 64 characters."""
TEXT = 200
"""Longest description of a group on both devices."""
_DESCRIPTION = "description "
_DMZ = "dmz"


def _is_interface(text: str) -> bool:
    # matches `GigabitEthernet0/0/1`, `Vlan10`, `inside`, `Port-channel1.100`; not `a b` or `-x`
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9/._-]{0,47}", text, re.ASCII) is not None


def _are_roles(text: str) -> bool:
    # matches the empty text, `exchange-server` and `exchange-server,sbc`; not `guest`, `sbc,` or a role twice
    names = text.split(",") if text else []
    return len(names) == len(set(names)) and set(names) <= set(OUR_ROLES)


def interface_options(inside: str, outside: str, dmz: str) -> MappingProxyType[str, Option]:
    """Return the options for the interfaces that the lists are bound to.

    The arguments are the defaults: the names that are usual on the platform.
    """
    said = "for the commands of the manual"
    return MappingProxyType(
        {
            "inside": Option(default=inside, help=f"interface of the internal network, {said}", check=_is_interface),
            "outside": Option(default=outside, help=f"interface of the internet, {said}", check=_is_interface),
            "dmz": Option(
                default="",
                several=True,
                help="roles behind an interface of their own; what they start is in another list; empty: none",
                check=_are_roles,
            ),
            "dmz_interface": Option(default=dmz, help=f"interface of the roles of dmz, {said}", check=_is_interface),
        }
    )


class CiscoTarget(ObjectTarget):
    """Base class of devices whose access lists are bound to interfaces."""

    denies_by_default = "family"
    proof = "second opinion"
    proof_detail = "read back, its lines allow the packets of the plan, and those of aerleon's access lists"
    comment = "!"
    extension = "cfg"
    load = "copy {} running-config"
    numbers: Mapping[str, int]
    """Numbers of entries, for a device that needs them."""
    bind: ClassVar[tuple[str, ...]]
    """The lines that bind the list of the dmz, with words of the manual."""

    def __init__(self, style: Style | None = None) -> None:
        super().__init__(style)
        self._notes: dict[tuple[str, str], dict[str, None]] = {}
        self._before: tuple[str, dict[str, None]] = ("", {})

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of all lists of IPv4, or of both IP versions if they share the lists."""
        return tuple(self.own_name(f"P365-{name}") for name in ("OUTBOUND", "INBOUND", *(["DMZ"] if self._dmz else [])))

    @property
    def _dmz(self) -> frozenset[str]:
        return frozenset(filter(None, self.option(_DMZ).split(",")))

    def words(self) -> dict[str, str]:
        """Return the words of the manual: the options, and names of lists and groups."""
        names = {name: self.own_name(f"P365-{name.upper()}") for name in ("outbound", "inbound")}
        return {
            **super().words(),
            **names,
            "dmz_list": self.own_name("P365-DMZ"),
            "ours": f"{self.start}|{self.own_name('P365-')}",
        }

    def commands(self, part: Part) -> tuple[str, ...]:
        """Return the lines of a part of the manual.

        They include those for the list of the dmz, if there is one.
        """
        lines = super().commands(part)
        if not self._dmz or part not in ("install", "remove"):
            return lines
        bound = tuple(line.format(**self.words()) for line in self.bind)
        at = lines.index("end")
        if part == "remove":
            bound = tuple(line if line.startswith("interface") else f"no {line}" for line in bound)
        return (*lines[:at], *bound, *lines[at:])

    def separates_sides(self, flow: PlanFlow) -> bool:
        """Return True, since `rules` reports the rules that do not."""
        return True

    def rules(self, plan: Plan) -> Iterator[acl.Rule]:
        """Yield the rules, and report those to anyone.

        A list does not tell where a packet leaves, so a rule to anyone also permits packets to inner networks.
        """
        for rule in super().rules(plan):
            if rule.destination is None:
                remedy = "deny your other internal networks above it"
                self.report_loss(rule.flow, WIDENED, "no-sides", remedy=remedy, subject="to anyone")
            yield rule

    def list_of(self, flow: PlanFlow) -> str:
        """Return the list of the interface where a connection enters."""
        if flow.direction == "inbound":
            return self.lists[1]
        return self.lists[-1 if flow.source.role in self._dmz else 0]

    def answers_of(self, flow: PlanFlow) -> str:
        """Return the list of the interface where its answers enter."""
        if flow.direction == "outbound":
            return self.lists[1]
        return self.lists[-1 if flow.destination.role in self._dmz else 0]

    def service(self, rules: Sequence[acl.Rule], tail: str = "") -> tuple[str, str]:
        """Return name and description of the service group of rules of one requirement."""
        start = f"{self.start}{acl.flow_name(rules[0].flow)}{tail}-"
        name = service_name(10_000, start, **{rule.protocol: rule.ports for rule in rules})
        return shorten(name, NAME), f"{_DESCRIPTION}{acl.rule_comment(rules[0], TEXT)}"

    def note(self, entries: Mapping[str, list[str]], kind: str, rule: acl.Rule, lines: Iterable[str]) -> None:
        """Add entries without service group to a list, and remember their requirement."""
        for line in lines:
            entries[kind].append(line)
            self._notes.setdefault((kind, line), {})[acl.rule_comment(rule, TEXT)] = None

    def noted(self, item: ConfigItem) -> Iterator[str]:
        """Yield comments with the requirements of an entry.

        There are none if they are those of the entry before it.
        """
        notes = self._notes.get((item.kind, item.name), {})
        if (item.kind, notes) != self._before:
            yield from (f"{self.comment} {note}" for note in notes)
        self._before = (item.kind, notes)

    def number(self, lines: Iterable[str], numbers: range) -> None:
        """Number entries, as in the earlier render if there is one.

        Numbers that do not follow from the text of the entry are kept for the next render.
        """
        before, earlier = dict(self.style.kept), self.earlier()
        if earlier:
            then = type(self)(earlier.style)
            then.files(earlier.plan)
            before |= then.numbers
        self.numbers = stable_numbers(lines, before, numbers)
        self.kept |= {key: number for key, number in self.numbers.items() if number != home_number(key, numbers)}

    def head(self, item: ConfigItem) -> str:
        """Return the line that opens a group or object, or that removes it after `no `."""
        return f"{item.kind} {item.name}"

    def members(self, change: ConfigChange, *, no: bool) -> Iterator[str]:
        """Yield the lines of the parts of a group that are added or removed.

        A description is replaced by the next one, and removed only if there is none.
        """
        for part in change.parts:
            if not no:
                yield f" {part}"
            elif not part.startswith(_DESCRIPTION):
                yield f" no {part}"
            elif change.other and not any(other.startswith(_DESCRIPTION) for other in change.other.parts):
                yield " no description"

    def remove_group(self, change: ConfigChange) -> Iterator[str]:
        """Yield the removal of a group, or of parts of one."""
        if change.whole:
            yield f"no {self.head(change.item)}"
        elif lines := list(self.members(change, no=True)):
            yield from (self.head(change.item), *lines)

    def lines(self, added: Iterable[ConfigChange], removed: Iterable[ConfigChange]) -> Iterator[str]:
        """Yield the lines of changes, with comments of their own in each file."""
        self._before = ("", {})
        yield from super().lines(added, removed)

    @abstractmethod
    def unlist(self) -> Iterable[str]:
        """Yield the lines that remove all lists."""

    def removal(self, items: Sequence[ConfigItem]) -> Iterator[str]:
        """Yield the lines that remove the lists, then the groups.

        Each group is removed before those that it refers to.
        """
        yield from self.unlist()
        for kind, name in dict.fromkeys((item.kind, item.name) for item in reversed(items)):
            if "access-list" not in kind:
                yield f"no {self.head(ConfigItem(kind=kind, name=name))}"


def home_number(line: str, numbers: range) -> int:
    """Return the number made from the text of an entry.

    The entry has this number unless another entry has it.
    """
    return numbers[int(sha256(line.encode()).hexdigest()[:12], 16) % len(numbers)]


def stable_numbers(lines: Iterable[str], before: Mapping[str, int], numbers: range) -> dict[str, int]:
    """Number entries such that the same entry has the same number in the next render.

    >>> stable_numbers(["a", "b"], {"b": 3, "gone": 2}, range(1, 5))["b"]
    3

    Args:
        lines: the entries.
        before: numbers of entries that were numbered before; none of them is given to another entry.
        numbers: all numbers.
    """
    found, taken = {}, set(before.values())
    for line in lines:
        number = before.get(line)
        if number is None:
            number = home_number(line, numbers)
            while number in taken:
                number = numbers[(numbers.index(number) + 1) % len(numbers)]
            taken.add(number)
        found[line] = number
    return found


def group_member(prefix: Prefix) -> str:
    """Return a member of a network group of IOS: a host, or an address with a netmask."""
    return f"host {prefix.address}" if is_host(prefix) else mask(prefix)


def ends(rule: acl.Rule) -> tuple[list[str], list[str]]:
    """Return the prefixes of both ends as an IPv6 list of IOS has them."""
    source, destination = ([_end(p) for p in rule.prefixes(end)] or ["any"] for end in ("source", "destination"))
    return source, destination


def pairs(rule: acl.Rule) -> Iterator[str]:
    """Yield an entry for each pair of prefixes and each range of ports."""
    sources, destinations = ends(rule)
    for port in cisco_ports(rule.ports):
        yield from (f"permit {rule.protocol} {a} {b} {port}" for a in sources for b in destinations)


def answers(rule: acl.Rule, sources: Iterable[str], destinations: Iterable[str]) -> Iterator[str]:
    """Yield the entries for the answers of a service: from its ports, to any port."""
    for port in cisco_ports(rule.ports):
        yield from (f"permit {rule.protocol} {b} {port} {a}" for a in sources for b in destinations)


def _end(prefix: Prefix) -> str:
    return f"host {prefix.address}" if is_host(prefix) else str(prefix)
