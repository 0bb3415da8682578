"""Lookup tables: the requirements and the category of an address or a host name.

There is a row for each prefix and each host pattern at the external end of a requirement. A row lists its own requirements
and those of every wider row, so the narrowest row that matches (the result of a longest prefix match) lists all of them. The
category is the highest among them, in Microsoft's order: Optimize, Allow, Default; `other` if Microsoft assigns none. A
category that a set has left counts until its grace time is over.

    52.96.0.0/14    ws/worldwide/1 ws/worldwide/2     optimize
    52.96.0.0/24    row/6/… and the two above         optimize
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix
from perimeter365.model.requirement import CATEGORIES
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets.target import DROPPED, Capabilities, Side, Target

COLUMNS = ("category", "requirements", "clouds", "scenarios", "directions", "tcp", "udp", "required")
"""The columns after the key; lists are texts separated by spaces, in every format."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LookupRow:
    """A prefix or host pattern, and the flows whose external end contains all of it.

    There is at least one flow; they are in the plan's order.
    """

    key: Prefix | HostPattern
    flows: tuple[PlanFlow, ...]

    @property
    def category(self) -> str:
        """`optimize`, `allow`, `default` or `other`."""
        found = {category for flow in self.flows for category in flow.categories}
        return next((category for category in CATEGORIES if category in found), "other")

    def values(self) -> dict[str, str]:
        """Return the values of `COLUMNS`. The ports are the union of those of all flows."""
        tcp, udp = PortSet(), PortSet()
        for flow in self.flows:
            tcp, udp = tcp | flow.tcp, udp | flow.udp
        return {
            "category": self.category,
            "requirements": _words(flow.id for flow in self.flows),
            "clouds": _words(str(flow.cloud) for flow in self.flows),
            "scenarios": _words(flow.scenario for flow in self.flows),
            "directions": _words(flow.direction for flow in self.flows),
            "tcp": str(tcp),
            "udp": str(udp),
            "required": "yes" if any(flow.required for flow in self.flows) else "no",
        }


class TableTarget(Target):
    """Base class of tables of external ends. Subclasses convert rows to files."""

    side: ClassVar[Side] = "none"
    kind = "data"
    capabilities = Capabilities(addresses=True, ports=True, directions=("outbound", "inbound"))

    def prefix_rows(self, plan: Plan) -> list[LookupRow]:
        """Return the rows of addresses, sorted by family, length and address."""
        flows = [(f, f.theirs.prefixes) for f in plan.flows if f.theirs and f.theirs.prefixes]
        keys = {prefix for prefixes in {prefixes for _, prefixes in flows} for prefix in prefixes}
        ordered = sorted(keys, key=lambda p: (p.family, p.length, p.first))
        return [LookupRow(key=key, flows=tuple(f for f, prefixes in flows if key in prefixes)) for key in ordered]

    def host_rows(self, plan: Plan) -> list[LookupRow]:
        """Return the rows of names, sorted by the number of fixed characters."""
        named: dict[HostPattern, set[int]] = {}
        for number, flow in enumerate(plan.flows):
            for host in flow.theirs.hosts if flow.theirs else ():
                if host.kind != TEMPLATE:
                    named.setdefault(host, set()).add(number)
        wild = [(host, host.parts[1]) for host in named if host.kind != EXACT]
        rows = []
        for key in sorted(named, key=lambda h: (h.kind == EXACT, len(h.text), h.text)):
            numbers = set(named[key])
            for host, ending in wild:
                if key.text.endswith(ending) and host.covers(key):  # comparing the end first is fast
                    numbers |= named[host]
            rows.append(LookupRow(key=key, flows=tuple(plan.flows[number] for number in sorted(numbers))))
        return rows

    def report_unlisted(self, plan: Plan) -> None:
        """Report the flows and hosts that the table has no row for."""
        names = bool(self.capabilities.hosts)
        for flow in plan.flows:
            end = flow.theirs
            if end is None:
                continue
            if end.anyone:
                self.report_loss(flow, DROPPED, "no-anyone", remedy="use csv or parquet")
            elif not end.prefixes and not (names and end.hosts):
                self.report_loss(flow, DROPPED, "unaddressed-hosts" if end.hosts else "unknown-end", remedy=_TABLE)
            elif not names:
                for host in end.unaddressed:
                    self.report_loss(flow, DROPPED, "unaddressed-hosts", remedy=_TABLE, host=host)
            for host in end.hosts if names else ():
                if host.kind == TEMPLATE:
                    self.report_loss(flow, DROPPED, "no-value", host=host)


_TABLE = "use a table of hosts"


def _words(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(texts))
