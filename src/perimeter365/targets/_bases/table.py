"""What tables for lookups share: which requirements and which category are behind an address or a host name.

A row stands for each prefix and each host pattern that some requirement names on its outside end, with everything that
holds for all of it: a row lists its own requirements and those of every wider one. So whoever takes the narrowest row
that matches (databases with a longest prefix match do) has all of them. The category is the best among them, in
Microsoft's order: Optimize, Allow, Default; `other` where it gives none.

    52.96.0.0/14    ws/worldwide/1 ws/worldwide/2     optimize
    52.96.0.0/24    row/6/… and the two above         optimize
"""

from collections.abc import Iterable
from dataclasses import dataclass

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix
from perimeter365.model.requirement import CATEGORIES
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets.target import DROPPED, Capabilities, Target

COLUMNS = ("category", "requirements", "clouds", "scenarios", "directions", "tcp", "udp", "required")
"""What a row says, in this order; lists are texts with spaces between, so that every reader has the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A prefix or host pattern, and the flows whose outside end holds all of it; at least one, in the plan's order."""

    key: Prefix | HostPattern
    flows: tuple[PlanFlow, ...]

    @property
    def category(self) -> str:
        """`optimize`, `allow`, `default` or `other`."""
        found = {flow.category for flow in self.flows}
        return next((category for category in CATEGORIES if category in found), "other")

    def values(self) -> dict[str, str]:
        """The columns of `COLUMNS`. Ports are those of all the row's flows together."""
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
    """Tables of outside ends. Subclasses turn rows into files."""

    kind = "data"
    capabilities = Capabilities(addresses=True, ports=True, directions=("outbound", "inbound"))

    def prefix_rows(self, plan: Plan) -> list[Row]:
        """Rows of addresses, wide prefixes before narrow ones: by family, length, address."""
        flows = [(f, f.theirs.prefixes) for f in plan.flows if f.theirs and f.theirs.prefixes]
        keys = {prefix for prefixes in {prefixes for _, prefixes in flows} for prefix in prefixes}
        ordered = sorted(keys, key=lambda p: (p.family, p.length, p.first))
        return [Row(key=key, flows=tuple(f for f, prefixes in flows if key in prefixes)) for key in ordered]

    def host_rows(self, plan: Plan) -> list[Row]:
        """Rows of names, wide patterns before narrow ones: by how many characters are fixed."""
        named: dict[HostPattern, set[int]] = {}
        for number, flow in enumerate(plan.flows):
            for host in flow.theirs.hosts if flow.theirs else ():
                if host.kind != TEMPLATE:
                    named.setdefault(host, set()).add(number)
        wild = [(host, host.parts[1]) for host in named if host.kind != EXACT]
        rows = []
        for key in sorted(named, key=lambda h: (h.kind == EXACT, len(h.text), h.text)):
            numbers = set(named[key])
            for host, behind in wild:
                if key.text.endswith(behind) and host.covers(key):  # most patterns differ at the end, which is quickly seen
                    numbers |= named[host]
            rows.append(Row(key=key, flows=tuple(plan.flows[number] for number in sorted(numbers))))
        return rows

    def lose_the_rest(self, plan: Plan) -> None:
        """Notes what has no place in a table of outside addresses, or of addresses and hosts."""
        names = bool(self.capabilities.hosts)
        for flow in plan.flows:
            end = flow.theirs
            if end is None:
                self.lose(flow, DROPPED, "all", "the table is of outside ends; this stays inside", "use csv or parquet")
            elif end.anyone:
                self.lose(flow, DROPPED, "all", "the other end is anyone: there is nothing to look up")
            elif not end.prefixes and not (names and end.hosts):
                what = "no address is published" if end.hosts else "neither name nor address is known"
                self.lose(flow, DROPPED, "all", f"{what}, and the table has no row for it", "use a table of hosts")
            elif not names:
                for host in end.unaddressed:
                    self.lose(flow, DROPPED, host.text, "no address is published for the host", "use a table of hosts")
            for host in end.hosts if end and names else ():
                if host.kind == TEMPLATE:
                    self.lose(flow, DROPPED, host.text, "only the administrators know the name", "set it in the profile")


def _words(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(texts))
