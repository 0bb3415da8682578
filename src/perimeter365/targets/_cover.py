"""Losses that another line of the same artifact makes good.

A host that a target cannot express under one flow is no loss if another flow of the artifact has a wildcard over it, for the
same or wider ports and the same or a wider source. A widened host opens nothing if the plan needs the added names anyway.

    ws/worldwide/78   autodiscover.*.onmicrosoft.com   cannot be expressed
    ws/worldwide/59   *.onmicrosoft.com                has it, from the same role on the same ports: no loss

The comparison uses the plan and the reported details, not the files: what a target does not report as lost is in its files
(`tests/properties/test_losses.py` proves that for each target).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Direction
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanRecord, PlanSite
from perimeter365.targets.loss import WIDENED, LossDetail
from perimeter365.targets.reasons import REASONS

Fact = PlanFlow | PlanSite | PlanRecord
Key = tuple[str, str, str]
"""Id, cloud and part of a requirement: sites and records of one fact share its id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """What a target is for, and what its entries match."""

    target: str
    effect: str
    """A value of `target.EFFECTS`."""
    directions: tuple[Direction, ...] = ()
    sites: bool = False
    records: bool = False
    paths: bool = False
    by_rule: bool = True
    """Whether an entry is for the ports and the source of its flow; False for one list for everyone."""
    by_role: bool = False
    """Whether the source of an entry is a role, not its addresses."""

    def includes(self, fact: Fact) -> bool:
        """Return whether the target is for a requirement."""
        if isinstance(fact, PlanFlow):
            return fact.direction in self.directions
        return self.sites if isinstance(fact, PlanSite) else self.records


def key_of(fact: Fact) -> Key:
    """Return the key of a requirement."""
    part = ""
    if isinstance(fact, PlanSite):
        part = f"{fact.scheme}://{fact.host} {fact.zone}"
    elif isinstance(fact, PlanRecord):
        part = f"{fact.name} {fact.type} {fact.value}"
    return fact.id, str(fact.cloud), part


def facts_of(plan: Plan) -> dict[Key, Fact]:
    """Return all requirements of a plan by their keys."""
    facts: list[Fact] = [*plan.flows, *plan.sites, *plan.records]
    return {key_of(fact): fact for fact in facts}


def other_end(flow: PlanFlow) -> PlanParty:
    """Return the end that entries list.

    It is the external end, or the destination of an internal flow.
    """
    return flow.source if flow.direction == "inbound" else flow.destination


def uncovered(
    plan: Plan, scope: Scope, details: Sequence[LossDetail], unselected: Collection[Key] = ()
) -> tuple[LossDetail, ...]:
    """Return the details in the target's scope that no other line makes good.

    Args:
        plan: the plan that was rendered.
        scope: what the target is for.
        details: what the target reported.
        unselected: the requirements that an option of the target leaves out.
    """
    facts = {key: fact for key, fact in facts_of(plan).items() if scope.includes(fact) and key not in unselected}
    about = [(detail, facts[detail.key]) for detail in details if detail.key in facts]
    lines = _Lines(scope, facts.values(), [detail for detail, _ in about])
    return tuple(detail for detail, fact in about if not lines.cover(detail, fact))


class _Lines:
    """The lines of an artifact, by the hosts that they have."""

    def __init__(self, scope: Scope, facts: Collection[Fact], details: Sequence[LossDetail]) -> None:
        self.scope = scope
        self.whole: set[Key] = set()
        self.hosts: set[tuple[Key, HostPattern]] = set()
        self.protocols: set[tuple[Key, str]] = set()
        for detail in details:
            if detail.whole:
                self.whole.add(detail.key)
            elif detail.kind != WIDENED and detail.host:
                self.hosts.add((detail.key, detail.host))
            elif detail.kind != WIDENED and detail.protocol:
                self.protocols.add((detail.key, detail.protocol))
        self.flows = [f for f in facts if isinstance(f, PlanFlow)]
        self.sites = [f for f in facts if isinstance(f, PlanSite)]
        self.lines: dict[HostPattern, list[PlanFlow]] = {}
        for flow in self.flows:
            for host in other_end(flow).hosts:
                self.lines.setdefault(host, []).append(flow)
        self.wild: dict[str, list[HostPattern]] = {}
        """The patterns by their domain: one above a host has a domain that the host is in."""
        for host in self.lines:
            if host.kind not in (EXACT, TEMPLATE):
                self.wild.setdefault(host.domain, []).append(host)

    def cover(self, detail: LossDetail, fact: Fact) -> bool:
        """Return whether the lines of other requirements make a loss good."""
        if isinstance(fact, PlanSite):
            return self._covers_site(detail, fact)
        if isinstance(fact, PlanRecord) or REASONS[detail.code].cause in ("plan", "profile"):
            return False
        if detail.kind == WIDENED:
            if detail.path:
                return self._covers_flow(fact, planned=True)
            own = [] if fact.path else [h for h in other_end(fact).hosts if h != detail.host]
            return bool(detail.adds) and all(
                any(h.covers(host) for h in own) or self._has(fact, host, planned=True) for host in detail.adds
            )
        if REASONS[detail.code].cause != "device" or detail.family or not (fact.tcp or fact.udp):
            return False
        if detail.host:
            return self._has(fact, detail.host, protocol=detail.protocol)
        return self._covers_flow(fact, protocol=detail.protocol)

    def _covers_flow(self, flow: PlanFlow, *, planned: bool = False, protocol: str = "") -> bool:
        """Return whether other lines have all names of a flow, or all of its addresses."""
        end = other_end(flow)
        if end.anyone:
            return False

        def has(hosts: Sequence[HostPattern]) -> bool:
            return all(self._has(flow, host, planned=planned, protocol=protocol) for host in hosts)

        if flow.direction != "inbound" and end.hosts and has(end.hosts):
            return True
        if not end.prefixes or not has(end.unaddressed):
            return False
        found = PrefixSet()
        for line in self._lines(flow, self.flows, planned=planned, protocol=protocol):
            found |= other_end(line).prefixes
        return end.prefixes <= found

    def _has(self, flow: PlanFlow, host: HostPattern, *, planned: bool = False, protocol: str = "") -> bool:
        """Return whether a line of another flow has a host."""
        for pattern in self._above(host):
            for line in self._lines(flow, self.lines.get(pattern, ()), planned=planned, protocol=protocol):
                if planned or (key_of(line), pattern) not in self.hosts:
                    return True
        return False

    def _above(self, host: HostPattern) -> Iterator[HostPattern]:
        """Yield a host, and the patterns of the plan that cover it."""
        yield host
        labels = host.text.split(".")
        for domain in (".".join(labels[n:]) for n in range(len(labels))):
            yield from (wild for wild in self.wild.get(domain, ()) if wild != host and wild.covers(host))

    def _lines(self, flow: PlanFlow, lines: Sequence[PlanFlow], *, planned: bool, protocol: str) -> Iterator[PlanFlow]:
        """Yield the flows whose lines permit what a flow needs.

        Args:
            flow: the flow that needs it.
            lines: the flows to choose from.
            planned: whether it is sufficient that the plan has the line; otherwise the artifact must have it.
            protocol: `tcp` or `udp` if only that is needed.
        """
        for line in lines:
            if line is flow or line.direction != flow.direction:
                continue
            visible = planned or self.scope.paths
            if line.path and visible and (planned or line.path != flow.path):
                continue
            by_rule = self.scope.by_rule
            if by_rule and not (self._same_source(flow, line) and self._same_ports(flow, line, planned, protocol)):
                continue
            if planned or key_of(line) not in self.whole:
                yield line

    def _same_source(self, flow: PlanFlow, line: PlanFlow) -> bool:
        mine, other = (f.destination if f.direction == "inbound" else f.source for f in (flow, line))
        if mine.role == other.role or other.anyone:
            return True
        return not self.scope.by_role and bool(mine.prefixes) and mine.prefixes <= other.prefixes

    def _same_ports(self, flow: PlanFlow, line: PlanFlow, planned: bool, protocol: str) -> bool:
        for name in ("tcp", "udp") if not protocol else (protocol,):
            gone = bool(self.protocols) and not planned and (key_of(line), name) in self.protocols
            needed, there = getattr(flow, name), PortSet() if gone else getattr(line, name)
            if not needed <= there:
                return False
        return True

    def _covers_site(self, detail: LossDetail, site: PlanSite) -> bool:
        """Return whether another site has the host of a loss, in the same zone and scheme."""
        hosts = detail.adds if detail.kind == WIDENED else (detail.host,)
        others = [
            s.host
            for s in self.sites
            if key_of(s) != key_of(site)
            and (s.zone, s.scheme) == (site.zone, site.scheme)
            and s.cookies >= site.cookies
            and (detail.kind == WIDENED or (key_of(s) not in self.whole and (key_of(s), s.host) not in self.hosts))
        ]
        return bool(hosts) and all(host is not None and any(o.covers(host) for o in others) for host in hosts)
