"""Firewalls with named objects.

A plan becomes configuration items, a complete file, and a file of changes.

    plan ──► rules (`acl`) ───► items: addresses, groups, services, rules ──► perimeter365.conf
             the earlier plan ──► items ──► difference (`since`) ───────────► changes.conf

A target yields its items, each before those that refer to it, and the lines that add an item, or parts of one, and that
remove it. The complete file is the difference from nothing, so both files use the same commands. Objects with a single value
are named after it (`m365-52.96.0.0_14`, `m365-tcp-80_443`): they are added and removed, but never changed. Groups keep their
name and are changed part by part.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import ClassVar

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.ids import in_set
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import WIDTH, Prefix, PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import AclTarget, Rule, address_groups, flow_name, port_words, unique_name
from perimeter365.targets._bases.routes import netmask
from perimeter365.targets.since import ConfigChange, ConfigItem, difference
from perimeter365.targets.target import Artifact

PREFIX = "m365-"
"""Prefix of the names of all objects, unless the option `prefix` has another one."""


class ObjectTarget(AclTarget):
    """Base class of packet filters whose configuration is a list of named items."""

    supports_since = True
    own_names = True
    extension: ClassVar[str]
    """Extension of the files: `conf`."""
    load: ClassVar[str]
    """Short text for the header on how to load a file, with `{}` for its name: `copy {} running-config`."""

    @property
    def start(self) -> str:
        """The start of the names of all objects."""
        return self.own_name(PREFIX)

    @abstractmethod
    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield the items of the configuration, each before those that refer to it."""

    @abstractmethod
    def add(self, change: ConfigChange) -> Iterable[str]:
        """Yield the lines that add an item, or parts of an existing one."""

    @abstractmethod
    def remove(self, change: ConfigChange) -> Iterable[str]:
        """Yield the lines that remove an item, or parts of one that stays."""

    def section(self, kind: str) -> tuple[Sequence[str], Sequence[str]]:
        """Return the lines before and after consecutive items of the same kind."""
        return (), ()

    def files(self, plan: Plan) -> Mapping[str, Sequence[ConfigItem]]:
        """Return the items by file name without extension; by default there is one file."""
        return {"perimeter365": tuple(dict.fromkeys(self.items(plan)))}

    def opening(self, name: str) -> Iterable[str]:
        """Return the lines after the header of a file and of its changes."""
        return ()

    def whole(self, name: str, items: Sequence[ConfigItem]) -> Iterable[str]:
        """Yield the lines of the complete file."""
        return self.lines(difference((), items)[0], ())

    def removal(self, items: Sequence[ConfigItem]) -> Iterable[str]:
        """Return the lines that remove items, and all that a file opens.

        The result is () if there is no such file.

        Args:
            items: the items of the file, each before those that refer to it.
        """
        return ()

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the complete files, the changes since an earlier render, and the removal.

        Without an earlier render there are no changes.
        """
        new = self.files(plan)
        for name, items in new.items():
            head = self.header(plan, *self._load_with(f"{name}.{self.extension}"))
            lines = [*head, *self.opening(name), *self.whole(name, items)]
            yield self.text(f"{name}.{self.extension}", lines, entries=len(items))
        if earlier := self.earlier():
            old = type(self)(earlier.style).files(earlier.plan)
            for name in sorted({*old, *new}):
                added, removed = difference(old.get(name, ()), new.get(name, ()))
                file = f"changes{_tail(name)}.{self.extension}"
                head = self.header(
                    plan,
                    f"Changes since {earlier.plan.title().removeprefix(f'{earlier.plan.organization}: ')}:",
                    f"{len(added)} to add, then {len(removed)} to remove.",
                    *self._load_with(file),
                    load="changes",
                )
                lines = [*head, *self.opening(name), *self.lines(added, removed)]
                yield self.text(file, lines, entries=len(added) + len(removed))
        for name, items in new.items():
            if lines := list(self.removal(items)):
                head = self.header(plan, "This file removes everything of the plan.", load="remove")
                yield self.text(f"remove{_tail(name)}.{self.extension}", [*head, *lines], entries=0)

    def _load_with(self, file: str) -> tuple[str, ...]:
        """Return how to load a file, for a target without a manual."""
        return () if self.manual else (f"Load with: {self.load.format(file)}",)

    def lines(self, added: Iterable[ConfigChange], removed: Iterable[ConfigChange]) -> Iterator[str]:
        """Yield the lines of changes, additions first."""
        for changes, render_change in ((added, self.add), (removed, self.remove)):
            for kind, some in groupby(changes, lambda change: change.item.kind):
                before, after = self.section(kind)
                yield from before
                for change in some:
                    yield from render_change(change)
                yield from after


def _tail(name: str) -> str:
    """Return what follows `changes` and `remove` in the names of further files."""
    return "" if name == "perimeter365" else f"-{name}"


class AddressBook:
    """The names of the address objects and groups that rules need.

    For devices with separate tables for IPv4 and IPv6, there is one address book for the rules of each family. Hosts are in
    both, and `tail` makes their names different.

    With `fixed`, the name of a group ends with a hash of its members, so a group never changes: other members make another
    group. A change of a group that is in use would open pairs of ends that neither the old nor the new plan allows.
    """

    def __init__(
        self, rules: Iterable[Rule], limit: int, tail: str = "", start: str = PREFIX, *, fixed: bool = False
    ) -> None:
        rules, room = list(rules), limit - len(start)
        addresses = _fixed_addresses(rules, room) if fixed else address_groups(rules, room)
        hosts = _fixed_hosts(rules, room, tail) if fixed else host_groups(rules, room, tail)
        self._addresses = {key: start + name for key, name in addresses.items()}
        self._hosts = {key: start + name for key, name in hosts.items()}
        prefixes = sorted({prefix for group in self._addresses for prefix in group})
        self.objects: dict[Prefix | HostPattern, str] = {prefix: address_name(prefix, start) for prefix in prefixes}
        """Prefixes and hosts, with the names of their objects."""
        self.objects |= {h: host_name(h, limit, tail, start) for h in sorted({h for hosts in self._hosts for h in hosts})}

    def groups(self) -> Iterator[tuple[str, tuple[Prefix | HostPattern, ...]]]:
        """Yield the groups: name and members (at least one)."""
        yield from ((name, tuple(addresses)) for addresses, name in self._addresses.items())
        yield from ((name, hosts) for hosts, name in self._hosts.items())

    def source(self, rule: Rule, anyone: str) -> str:
        """Return the group of a rule's sources, or `anyone`, the word for any address."""
        return anyone if rule.source is None else self._addresses[rule.source]

    def destinations(self, rule: Rule, anyone: str) -> list[str]:
        """Return the groups of a rule's destinations, addresses first, or `anyone`."""
        if rule.destination is None:
            return [anyone]
        addresses = [self._addresses[rule.destination]] if rule.destination else []
        return addresses + ([self._hosts[rule.hosts]] if rule.hosts or not addresses else [])


def _fixed_addresses(rules: Iterable[Rule], limit: int) -> dict[PrefixSet, str]:
    """Name address sets as `address_groups` does, but by their members.

    An example is `client-v4-1c2d3e4f`.
    """
    names: dict[PrefixSet, str] = {}
    for rule in sorted(rules, key=lambda rule: not in_set(rule.flow.id)):
        for party, addresses in ((rule.flow.source, rule.source), (rule.flow.destination, rule.destination)):
            if addresses and addresses not in names:
                base = party.role if party.ours else flow_name(rule.flow)
                names[addresses] = _fixed(base, f"-v{rule.family}", map(str, addresses), limit)
    return names


def _fixed_hosts(rules: Iterable[Rule], limit: int, tail: str) -> dict[tuple[HostPattern, ...], str]:
    """Name lists of hosts as `host_groups`, but by their members."""
    names: dict[tuple[HostPattern, ...], str] = {}
    for rule in rules:
        if rule.hosts and rule.hosts not in names:
            names[rule.hosts] = _fixed(flow_name(rule.flow), f"-hosts{tail}", map(str, rule.hosts), limit)
    return names


def _fixed(base: str, tail: str, members: Iterable[str], limit: int) -> str:
    """Return a name of at most `limit` characters with a hash of the members.

    It ends with `tail` and eight digits of the hash. The tail tells the families apart, since hosts of both have the same
    hash.
    """
    ending = f"{tail}-{sha256(' '.join(members).encode()).hexdigest()[:8]}"
    return base[: limit - len(ending)].rstrip("-") + ending


def address_name(prefix: Prefix, start: str = PREFIX) -> str:
    """Return the name of an address object.

    Example: `m365-52.96.0.0_14`, `m365-2603-1006--_40`.
    """
    return start + str(prefix).replace(":", "-").replace("/", "_")


def host_name(host: HostPattern, limit: int, tail: str = "", start: str = PREFIX) -> str:
    """Return the name of a host object.

    Example: `m365-fqdn-aka.ms`, or `m365-wildcard-sharepoint.com` for `*.sharepoint.com`.
    """
    kind = "fqdn" if host.kind == EXACT else "wildcard"
    return shorten(f"{start}{kind}{tail}-{host.apex}", limit)


def service_name(limit: int, start: str = PREFIX, **ports: PortSet) -> str:
    """Return the name of a service object: `m365-tcp-80_443-udp-443`."""
    words = [f"{protocol}-{'_'.join(port_words(some))}" for protocol, some in ports.items() if some]
    return shorten(start + "-".join(words), limit)


def shorten(name: str, limit: int) -> str:
    """Shorten a name to `limit` characters.

    A shortened name ends with eight digits of its hash.
    """
    if len(name) <= limit:
        return name
    return f"{name[: limit - 9]}-{sha256(name.encode()).hexdigest()[:8]}"


def host_groups(rules: Iterable[Rule], limit: int, tail: str = "") -> dict[tuple[HostPattern, ...], str]:
    """Return the distinct lists of hosts of rules, with a name for each.

    Example: `ws-worldwide-46-hosts`.
    """
    names: dict[tuple[HostPattern, ...], str] = {}
    for rule in rules:
        if rule.hosts and rule.hosts not in names:
            names[rule.hosts] = unique_name(flow_name(rule.flow), names.values(), limit, f"-hosts{tail}")
    return names


def rules_by_flow(rules: Iterable[Rule], families: bool = False) -> Iterator[tuple[PlanFlow, list[Rule]]]:
    """Group rules, in the order of `AclTarget.rules`, by flow (and by family)."""
    for _, some in groupby(rules, lambda rule: (rule.flow.id, rule.flow.cloud, families and rule.family)):
        found = list(some)
        yield found[0].flow, found


def cisco_ports(ports: PortSet) -> list[str]:
    """Return ports with Cisco's operators: ["eq 443", "range 50000 59999"]."""
    return [f"eq {first}" if first == last else f"range {first} {last}" for first, last in ports]


def is_word(text: str) -> bool:
    """Return whether a text is a safe name of an interface or zone on every device."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}", text, re.ASCII) is not None


def is_number(text: str) -> bool:
    """Return whether a text is a whole number of at most nine digits."""
    return re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) is not None


def is_folder(text: str) -> bool:
    """Return whether a text is the https URL of a folder, or empty."""
    # Matches `https://lists.example:8443/m365/`, not `http://lists.example/` or `https://lists.example/?q=1`.
    return re.fullmatch(r"(?:https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?)?", text, re.ASCII) is not None


def is_host(prefix: Prefix) -> bool:
    """Return whether a prefix is a single address."""
    return prefix.length == WIDTH[prefix.family]


def mask(prefix: Prefix) -> str:
    """Return an IPv4 prefix as address and netmask: `52.96.0.0 255.252.0.0`."""
    return f"{prefix.address} {netmask(prefix)}"
