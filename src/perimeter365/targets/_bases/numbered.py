"""FortiGate as a target: its options, its files, and the numbers of its policies.

    perimeter365.conf      everything, in the order of its references
    remove.conf            deletes it, in the reverse order
    changes.conf           with --since: the steps from the earlier render (`fortios.Change`)
    remove-earlier.conf    with --since: deletes what only the earlier render and the steps have

A number is derived from the policy's name. Numbers of an earlier render are kept, and those of policies that have left are
not given to others in the same render: on the device, they still exist.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar
from zlib import crc32

from perimeter365.model.role import OUR_ROLES
from perimeter365.model.special import PRIVATE
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, fortios, objects
from perimeter365.targets.life import Manual, Part
from perimeter365.targets.since import ConfigChange, ConfigItem, difference
from perimeter365.targets.target import NARROWED, Artifact, Option, RenderResult, Style

SHARED = "Names: an FQDN object passes every site on its addresses, which a name can share with others (CDN)"
COUNT = 1_000_000
"""The size of a range of numbers."""
CENTRAL = "central"


def is_range(text: str) -> bool:
    """Return whether a text is the first number of a range: a whole million."""
    return re.fullmatch(r"[1-9][0-9]{0,3}000000", text, re.ASCII) is not None and int(text) <= 4_293 * COUNT


def is_virtual(text: str) -> bool:
    """Return whether a text is empty, `central`, or `role=name,role=name`."""
    words = [each.partition("=") for each in text.split(",")] if text not in ("", CENTRAL) else []
    return all(role in OUR_ROLES and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,78}", name) for role, _, name in words)


def virtual_ips(text: str) -> dict[str, list[str]]:
    """Return the names of virtual IPs by role, from the option `vip`."""
    found: dict[str, list[str]] = {}
    for each in text.split(",") if text not in ("", CENTRAL) else ():
        role, _, name = each.partition("=")
        found.setdefault(role, []).append(name)
    return found


OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        "nat": Option(
            default="auto",
            choices=("auto", "no", "yes"),
            help="translate the sources of outbound IPv4; auto: if one of them is private. With central NAT: no",
        ),
        "vip": Option(
            default="",
            several=True,
            help="virtual IPs, ROLE=NAME: the destination of inbound IPv4 policies to a role; central: central NAT",
            check=is_virtual,
        ),
        "before": Option(
            default="0",
            help="number of the policy to move the new ones before; 0: at the end, or where our policies already are",
            check=objects.is_number,
        ),
        "first_policy": Option(
            default="365000000",
            help="first number of the policies, a whole million: 366000000; one for each organization on a device",
            check=is_range,
        ),
        "vdom": Option(default="", help="existing VDOM to load it into", check=lambda v: not v or objects.is_word(v)),
        "logtraffic": Option(default="utm", choices=("utm", "all", "disable"), help="what our policies log"),
    }
)
"""Options of FortiGate, besides its interfaces."""

MANUAL = Manual(
    where="a computer with ssh access to it, in the folder of the files; or load the file with Configuration, Scripts",
    install=("ssh admin@fortigate < perimeter365.conf",),
    update=("# render with --since: perimeter365.conf alone removes nothing", "ssh admin@fortigate < changes.conf"),
    changes=("ssh admin@fortigate < changes.conf",),
    remove=(
        "ssh admin@fortigate < remove.conf",
        "# the same with remove-earlier.conf, if there is one; then look for what is left of earlier renders:",
        "{show} | ssh admin@fortigate | grep {start}",
    ),
    besides="it replaces policies whose numbers are in the million of first_policy, so yours need others",
    first="a first load puts policies after yours: below one that denies everything, they pass nothing until they are moved",
)


def besides(first: int, vdom: str, vip: str) -> str:
    """Return what else the files change, as a sentence without a full stop."""
    words = [f"it replaces policies with the numbers {first} to {first + COUNT - 1}, so yours need others"]
    if vdom:
        words.append(f"a VDOM {vdom} is created if there is none")
    if virtual_ips(vip):
        words.append("policies whose virtual IP does not exist are refused")
    return "; ".join(words)


class Numbers:
    """The numbers of policies.

    Those that an earlier render gave are kept, and new ones are derived from the names.
    """

    def __init__(self, first: int, kept: Mapping[str, int]) -> None:
        self._first = first
        by_number = {number: name for name, number in kept.items() if first <= number < first + COUNT}
        self._given = {name: number for number, name in by_number.items()}
        self._used = set(by_number)

    def of(self, name: str) -> int:
        """Return the number of a name. A kept number of another name is never given to it."""
        if name not in self._given:
            place = crc32(name.encode()) % COUNT
            while self._first + place in self._used:
                place = (place + 1) % COUNT
            self._given[name] = self._first + place
            self._used.add(self._first + place)
        return self._given[name]


class NumberedTarget(objects.ObjectTarget):
    """Base class of FortiGate: everything but the entries."""

    keeps = True
    kept_names = r"[A-Za-z0-9._-]{1,80}"
    kept_unique = True
    extension = "conf"
    options: ClassVar[Mapping[str, Option]] = OPTIONS
    manual: ClassVar[Manual | None] = MANUAL

    def __init__(self, style: Style | None = None) -> None:
        super().__init__(style)
        self._numbers = Numbers(self._first, self.style.kept)
        self._translated: frozenset[str] = frozenset()

    @property
    def _first(self) -> int:
        return int(self.option("first_policy"))

    def needed(self, plan: Plan) -> Iterator[str]:
        """Yield the options without default that a plan needs.

        With a prefix, `first_policy` is one of them, so that no two organizations have the same numbers.
        """
        yield from super().needed(plan)
        if self.option("prefix"):
            yield "first_policy"

    def number(self, name: str) -> int:
        """Return the number of a policy."""
        return self._numbers.of(name)

    def words(self) -> Mapping[str, str]:
        """Return the words of the manual, also the start of the names."""
        show, vdom = "show firewall policy", self.option("vdom")
        show = f'printf "config vdom\\nedit {vdom}\\n{show}\\nend\\n"' if vdom else f'echo "{show}"'
        return {**super().words(), "start": self.start, "show": show}

    def besides(self) -> str:
        """Return what else the files change, which depends on the options."""
        return besides(self._first, self.option("vdom"), self.option("vip"))

    def render(self, plan: Plan) -> RenderResult:
        """Render a plan.

        Which roles are translated is only known before one side of them is chosen.
        """
        self._translated = frozenset(f.destination.role for f in plan.flows if f.destination.inside)
        return super().render(plan)

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the complete file, its removal, and the changes since an earlier one."""
        old: Sequence[ConfigItem] = ()
        if earlier := self.earlier():
            was = type(self)(earlier.style)
            old = tuple(dict.fromkeys(was.items(earlier.plan)))
            self._numbers = Numbers(self._first, {**self.style.kept, **was.kept})
        new = tuple(dict.fromkeys(self.items(plan)))
        notes = [SHARED] if any("fqdn" in part for item in new for part in item.parts) else []
        yield self._file(plan, "perimeter365", "install", self.whole("perimeter365", new), len(new), *notes)
        yield self._file(plan, "remove", "remove", self.lines((), difference(new, ())[1]), len(new))
        if earlier:
            change = fortios.Change(old, new, self.number, f"{self.start}new-", self.option("before"))
            title = earlier.plan.title().removeprefix(f"{earlier.plan.organization}: ")
            since = f"Changes of {len(change.steps)} entries since {title}"
            yield self._file(plan, "changes", "changes", change.lines(), len(change.steps), since)
            left = difference(change.left, ())[1]
            since = f"What remove.conf leaves of an earlier render: {title}"
            yield self._file(plan, "remove-earlier", None, self.lines((), left), len(left), since)

    def _file(self, plan: Plan, name: str, load: Part | None, lines: Iterable[str], entries: int, *notes: str) -> Artifact:
        made = list(lines)
        if made and (vdom := self.option("vdom")):
            made = ["config vdom", f"edit {vdom}", *made, "end"]
        return self.text(f"{name}.{self.extension}", [*self.header(plan, *notes, load=load), *made], entries)

    def virtual_ips(self, rule: acl.Rule) -> list[str]:
        """Return the virtual IPs that are the destination of a rule; they translate IPv4."""
        inbound = rule.family == 4 and rule.flow.direction == "inbound"
        return virtual_ips(self.option("vip")).get(rule.flow.destination.role, []) if inbound else []

    def more_fields(self, rule: acl.Rule) -> Iterator[str]:
        """Yield what a policy logs, and whether it translates sources.

        Report an inbound policy whose destination is translated by a virtual IP that it does not name.
        """
        if self.option("logtraffic") != "utm":
            yield f"logtraffic {self.option('logtraffic')}"
        nat, flow = self.option("nat"), rule.flow
        if rule.family == 4 and flow.direction == "outbound" and nat != "no":
            private = rule.source is None or bool(rule.source & PRIVATE)
            yield f"nat {'enable' if nat == 'yes' or private else 'disable'}"
        if rule.family == 4 and flow.direction == "inbound" and not self.virtual_ips(rule):
            inner = rule.destination is not None and bool(rule.destination & PRIVATE)
            if self.option("vip") != CENTRAL and (inner or flow.destination.role in self._translated):
                remedy = f"name it with vip={flow.destination.role}=NAME, or set vip=central for central NAT"
                self.report_loss(flow, NARROWED, "no-virtual-ip", remedy=remedy, family=4)

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield the commands for an entry with all its fields."""
        yield from (f"    {line}" for line in fortios.create(change.item, self.option("before")))

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the command that deletes an entry."""
        yield f"    delete {fortios.key_of(change.item)}"

    def section(self, kind: str) -> tuple[list[str], list[str]]:
        """Return the commands that open and close a table."""
        return [f"config {kind}"], ["end"]
