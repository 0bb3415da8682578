"""What lists share: the plan's outside hosts and addresses by cloud, scenario, direction and category.

A feed or a plain list has no ports and no rules: it is an object that the admin's own rule names. So each
group becomes lists of its own, inbound sources never stand in a list of outbound destinations, and an index
beside the lists says what the rule that names each of them has to say (`index_lines`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow

SPLITS = ("requirement", "scenario", "category", "all")
"""How finely `groups` splits, finest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Flows that share cloud, scenario, direction and category."""

    cloud: str
    scenario: str
    """`m365` where a coarse split joined several, the requirement (`row-6-mrs-proxy`) with the finest."""
    direction: str
    """`outbound` or `inbound`; internal flows have no outside end and are in no group."""
    category: str
    """`optimize`, `allow`, `default`, `other` where Microsoft gives none, `all` where a split joined them."""
    flows: tuple[PlanFlow, ...]

    @property
    def name(self) -> str:
        """For files and objects: `worldwide-exchange-outbound-optimize`."""
        return f"{self.cloud}-{self.scenario}-{self.direction}-{self.category}"

    @property
    def hosts(self) -> tuple[HostPattern, ...]:
        """The outside hosts, sorted."""
        return tuple(sorted({h for f in self.flows if f.theirs for h in f.theirs.hosts}))

    @property
    def prefixes(self) -> PrefixSet:
        """The outside addresses."""
        found = PrefixSet()
        for flow in self.flows:
            if flow.theirs:
                found |= flow.theirs.prefixes
        return found

    @property
    def mixed(self) -> bool:
        """Do its flows differ in our role, ports or our paths, so that one rule over all allows more?"""
        own = {(f.ours.role, f.tcp, f.udp, f.path if f.direction == "inbound" else ()) for f in self.flows}
        return len(own) > 1

    def reasons(self) -> dict[Prefix, list[str]]:
        """Each of the group's prefixes, ascending, with the ids of the flows that it is there for."""
        whole = self.prefixes
        found: dict[Prefix, set[str]] = {prefix: set() for prefix in whole}
        for flow in self.flows:
            for part in flow.theirs.prefixes if flow.theirs else ():
                if prefix := whole.covering(part):
                    found[prefix].add(flow.id)
        return {prefix: sorted(ids) for prefix, ids in found.items()}


def groups(plan: Plan, split: str = "scenario") -> Iterator[Group]:
    """The plan's groups, sorted by cloud, scenario, direction, category; those of anyone do not appear.

    `requirement` gives every requirement a group of its own; `category` joins the service areas, category by
    category; `all` joins everything outbound. Inbound flows keep their scenario at least: joined, the senders
    of one service would be let in to the receiver of another.
    """
    found: dict[tuple[str, str, str, str], list[PlanFlow]] = {}
    for flow in plan.flows:
        if flow.theirs is not None and not flow.theirs.anyone:
            scenario, category = flow.scenario, flow.category or "other"
            if split == "requirement":
                scenario = flow.id.replace(f"ws/{flow.cloud}/", "ws/").replace("/", "-")
            elif flow.direction == "outbound" and split == "all":
                scenario, category = "m365", "all"
            elif flow.direction == "outbound" and split == "category" and flow.category:
                scenario = "m365"
            found.setdefault((str(flow.cloud), scenario, flow.direction, category), []).append(flow)
    for (cloud, scenario, direction, category), flows in sorted(found.items()):
        yield Group(cloud=cloud, scenario=scenario, direction=direction, category=category, flows=tuple(flows))


def rule_line(flow: PlanFlow) -> str:
    """What a rule has to say for one flow, in one line without our own addresses (lists lie on web servers).

    `ws/worldwide/1 outbound from client to exchange-online, tcp 80,443, udp 443, no TLS inspection`
    """
    words = [f"{flow.id} {flow.direction} from {flow.source.role} to {flow.destination.role}"]
    words += [f"{name} {ports}" for name, ports in (("tcp", flow.tcp), ("udp", flow.udp)) if ports]
    if not (flow.tcp or flow.udp):
        words.append("ports not known")
    words += [f"path {path}" for path in flow.path]
    if flow.tls_inspection == "off":
        words.append("no TLS inspection")
    return ", ".join(words)


def index_lines(plan: Plan, lists: Iterable[tuple[Group, str]]) -> Iterator[str]:
    """An index of lists, each with the line that names it; flows whose other end is anyone come last."""
    for group, line in lists:
        yield from ("", line)
        if group.mixed:
            yield "    # These differ: one rule over the list allows more than each of them says."
        yield from (f"    {rule_line(flow)}" for flow in group.flows)
    for flow in plan.flows:
        if flow.theirs is not None and flow.theirs.anyone:
            yield from ("", f"No list, the other end is anyone: {rule_line(flow)}")
