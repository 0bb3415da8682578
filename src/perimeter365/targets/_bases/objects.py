"""What firewalls with named objects share: a plan as items, a file that makes them all, and one with what has changed.

    plan ──► rules (`acl`) ───► items: addresses, groups, services, rules ──► perimeter365.conf
             the earlier plan ──► items ──► difference (`since`) ───────────► changes.conf

A target yields its items, those that others name first, and says how a line adds one, or parts of one, and how a line
removes it. The whole is the difference to nothing, so that both files speak one language. Objects that hold one thing are
named after it (`m365-52.96.0.0_14`, `m365-tcp-80_443`): they never change, they come and go. What changes under its name
is a group, part by part.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import ClassVar

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import WIDTH, Prefix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import AclTarget, Rule, address_groups, flow_name, port_words, unique_name
from perimeter365.targets._bases.routes import netmask
from perimeter365.targets.since import Change, Item, difference
from perimeter365.targets.target import Artifact

PREFIX = "m365-"
"""How the names of our objects start."""


class ObjectTarget(AclTarget):
    """A packet filter whose configuration is a list of named items."""

    differs = True
    extension: ClassVar[str]
    """Of the files: `conf`."""
    load: ClassVar[str]
    """How a file gets onto the device, in a few words, for the header: `copy ... running-config`."""

    @abstractmethod
    def items(self, plan: Plan) -> Iterator[Item]:
        """What the device has to hold; what others name comes first."""

    @abstractmethod
    def add(self, change: Change) -> Iterable[str]:
        """The lines that add an item, or parts of one that is there."""

    @abstractmethod
    def remove(self, change: Change) -> Iterable[str]:
        """The lines that remove an item, or parts of one that stays."""

    def section(self, kind: str) -> tuple[Sequence[str], Sequence[str]]:
        """What stands before and behind the lines of successive items of one kind."""
        return (), ()

    def files(self, plan: Plan) -> Mapping[str, Sequence[Item]]:
        """The items by the name of the file that makes them, without its extension; by default one file."""
        return {"perimeter365": tuple(dict.fromkeys(self.items(plan)))}

    def opening(self, name: str) -> Sequence[str]:
        """What stands behind the header of a file and of its changes."""
        return ()

    def whole(self, name: str, items: Sequence[Item]) -> Iterable[str]:
        """The lines of a file that makes all of its items."""
        return self.lines(difference((), items)[0], ())

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The whole, and, when there is an earlier render, what has changed since."""
        new = self.files(plan)
        for name, items in new.items():
            head = self.header(plan, f"Load with: {self.load.format(f'{name}.{self.extension}')}")
            lines = [*head, *self.opening(name), *self.whole(name, items)]
            yield self.text(f"{name}.{self.extension}", lines, entries=len(items))
        if earlier := self.earlier():
            old = type(self)(earlier.style).files(earlier.plan)
            for name in sorted({*old, *new}):
                added, removed = difference(old.get(name, ()), new.get(name, ()))
                file = f"changes{'' if name == 'perimeter365' else f'-{name}'}.{self.extension}"
                head = self.header(
                    plan,
                    f"Changes since {earlier.plan.title().removeprefix(f'{earlier.plan.organization}: ')}:",
                    f"{len(added)} to add, then {len(removed)} to remove. Load with: {self.load.format(file)}",
                )
                lines = [*head, *self.opening(name), *self.lines(added, removed)]
                yield self.text(file, lines, entries=len(added) + len(removed))

    def lines(self, added: Iterable[Change], removed: Iterable[Change]) -> Iterator[str]:
        """The lines of changes, adds first."""
        for changes, say in ((added, self.add), (removed, self.remove)):
            for kind, some in groupby(changes, lambda change: change.item.kind):
                before, behind = self.section(kind)
                yield from before
                for change in some:
                    yield from say(change)
                yield from behind


class Book:
    """The address objects and groups that rules name, each with its name.

    Where IPv4 and IPv6 have tables of their own, a book is made for the rules of each family, and `tail` keeps the names of
    hosts apart, which stand in both.
    """

    def __init__(self, rules: Iterable[Rule], limit: int, tail: str = "") -> None:
        rules, room = list(rules), limit - len(PREFIX)
        self._addresses = {key: PREFIX + name for key, name in address_groups(rules, room).items()}
        self._hosts = {key: PREFIX + name for key, name in host_groups(rules, room, tail).items()}
        prefixes = sorted({prefix for group in self._addresses for prefix in group})
        self.objects: dict[Prefix | HostPattern, str] = {prefix: address_name(prefix) for prefix in prefixes}
        """Each prefix and host, and the name of its object."""
        self.objects |= {h: host_name(h, limit, tail) for h in sorted({h for hosts in self._hosts for h in hosts})}

    def groups(self) -> Iterator[tuple[str, tuple[Prefix | HostPattern, ...]]]:
        """Each group: its name and its members, never none."""
        yield from ((name, tuple(addresses)) for addresses, name in self._addresses.items())
        yield from ((name, hosts) for hosts, name in self._hosts.items())

    def source(self, rule: Rule, anyone: str) -> str:
        """The group of a rule's sources, or what the device calls anyone."""
        return anyone if rule.source is None else self._addresses[rule.source]

    def destinations(self, rule: Rule, anyone: str) -> list[str]:
        """The groups of a rule's destinations, of addresses first, or what the device calls anyone; at least one."""
        if rule.destination is None:
            return [anyone]
        addresses = [self._addresses[rule.destination]] if rule.destination else []
        return addresses + ([self._hosts[rule.hosts]] if rule.hosts or not addresses else [])


def address_name(prefix: Prefix) -> str:
    """The name of an address object, letters, digits, `.`, `-` and `_`: `m365-52.96.0.0_14`, `m365-2603-1006--_40`."""
    return PREFIX + str(prefix).replace(":", "-").replace("/", "_")


def host_name(host: HostPattern, limit: int, tail: str = "") -> str:
    """The name of an object of a host: `m365-fqdn-aka.ms`, `m365-wildcard-sharepoint.com` for `*.sharepoint.com`."""
    kind = "fqdn" if host.kind == EXACT else "wildcard"
    return cut(f"{PREFIX}{kind}{tail}-{host.apex}", limit)


def service_name(limit: int, **ports: PortSet) -> str:
    """The name of a service object: `m365-tcp-80_443-udp-443`."""
    words = [f"{protocol}-{'_'.join(port_words(some))}" for protocol, some in ports.items() if some]
    return cut(PREFIX + "-".join(words), limit)


def cut(name: str, limit: int) -> str:
    """A name of at most `limit` characters; one that is cut ends in eight digits of its own."""
    if len(name) <= limit:
        return name
    return f"{name[: limit - 9]}-{sha256(name.encode()).hexdigest()[:8]}"


def host_groups(rules: Iterable[Rule], limit: int, tail: str = "") -> dict[tuple[HostPattern, ...], str]:
    """The distinct lists of hosts of rules, each with a name: `ws-worldwide-46-hosts`."""
    names: dict[tuple[HostPattern, ...], str] = {}
    for rule in rules:
        if rule.hosts and rule.hosts not in names:
            names[rule.hosts] = unique_name(flow_name(rule.flow), names.values(), limit, f"-hosts{tail}")
    return names


def by_flow(rules: Iterable[Rule], families: bool = False) -> Iterator[tuple[PlanFlow, list[Rule]]]:
    """The rules of each flow together, as `AclTarget.rules` gives them; those of each family apart when `families`."""
    for _, some in groupby(rules, lambda rule: (rule.flow.id, rule.flow.cloud, families and rule.family)):
        found = list(some)
        yield found[0].flow, found


def remarked(entries: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """The lines of an access list from (remark, entries) pairs: equal entries once, behind the remarks of all of them."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for remark, lines in entries:
        found.setdefault(lines, {})[remark] = None
    for lines, remarks in found.items():
        yield from (*remarks, *lines)


def cisco_ports(ports: PortSet) -> list[str]:
    """Ports as Cisco's operators: ["eq 443", "range 50000 59999"]."""
    return [f"eq {first}" if first == last else f"range {first} {last}" for first, last in ports]


def is_word(text: str) -> bool:
    """Is it a name of an interface or zone that no device could take for anything else?"""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}", text, re.ASCII) is not None


def is_number(text: str) -> bool:
    """Is it a whole number that devices take?"""
    return re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) is not None


def is_folder(text: str) -> bool:
    """Is it the https address of a folder, or nothing?"""
    return re.fullmatch(r"(?:https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?)?", text, re.ASCII) is not None


def is_host(prefix: Prefix) -> bool:
    """Is it one address?"""
    return prefix.length == WIDTH[prefix.family]


def mask(prefix: Prefix) -> str:
    """An IPv4 prefix as address and dotted mask: `52.96.0.0 255.252.0.0`."""
    return f"{prefix.address} {netmask(prefix)}"
