"""Lists: the plan's external hosts and addresses in groups.

A feed or a plain list has no ports and no rules. It is an object that the administrator's own rule refers to. So each group
becomes separate lists, inbound sources are never in a list of outbound destinations, and an index states what the rule for
each list must contain (`index_lines`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import Direction
from perimeter365.plan.plan import Plan, PlanFlow

SPLITS = ("requirement", "ports", "scenario", "category", "all")
"""The ways to split a plan into groups, finest first."""
_LONGEST = 40
_GroupKey = tuple[str, str, Direction, str, str]
"""(cloud, scenario, direction, category, ports)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Flows that share cloud, scenario, direction and category, or did so lately.

    If the split is by ports, they also share their ports.
    """

    cloud: str
    scenario: str
    """The scenario; `m365` if the split joins several, the requirement (`row-6-mrs-proxy`) with the finest split."""
    direction: Direction
    """`outbound` or `inbound`; internal flows have no external end and are not in any group."""
    category: str
    """`optimize`, `allow`, `default`, `other` if Microsoft assigns none, `all` if the split joins them."""
    flows: tuple[PlanFlow, ...]
    former: tuple[PlanFlow, ...] = ()
    """Those of `flows` that are here by a former service area or category, in its grace time."""
    ports: str = ""
    """The ports as part of the name, `tcp-80-443-udp-443`; "" if the split is not by ports."""

    @property
    def name(self) -> str:
        """The name for files and objects.

        An example is `worldwide-exchange-outbound-optimize-tcp-80-443`.
        """
        return "-".join(filter(None, (self.cloud, self.scenario, self.direction, self.category, self.ports)))

    @property
    def hosts(self) -> tuple[HostPattern, ...]:
        """The external hosts, sorted."""
        return tuple(sorted({h for f in self.flows if f.theirs for h in f.theirs.hosts}))

    @property
    def prefixes(self) -> PrefixSet:
        """The external addresses."""
        found = PrefixSet()
        for flow in self.flows:
            if flow.theirs:
                found |= flow.theirs.prefixes
        return found

    @property
    def mixed(self) -> bool:
        """Whether the flows need different rules: other roles, ports or paths."""
        own = {(f.ours.role, f.tcp, f.udp, f.path if f.direction == "inbound" else ()) for f in self.flows}
        return len(own) > 1

    def requirements_by_prefix(self) -> dict[Prefix, list[str]]:
        """Return the group's prefixes, ascending, with the ids of their flows."""
        whole = self.prefixes
        found: dict[Prefix, set[str]] = {prefix: set() for prefix in whole}
        for flow in self.flows:
            for part in flow.theirs.prefixes if flow.theirs else ():
                if prefix := whole.covering(part):
                    found[prefix].add(flow.id)
        return {prefix: sorted(ids) for prefix, ids in found.items()}


def coarser_splits(split: str) -> str:
    """Propose the splits that give fewer lists; empty for the coarsest.

    >>> coarser_splits("scenario")
    'use split=category or split=all'
    >>> coarser_splits("all")
    ''
    """
    coarser = [f"split={each}" for each in SPLITS[SPLITS.index(split) + 1 :]]
    return f"use {' or '.join(coarser)}" if coarser else ""


def groups(plan: Plan, split: str = "scenario") -> Iterator[Group]:
    """Yield the plan's groups, sorted by cloud, scenario, direction and category.

    With `requirement`, every requirement is a group; `ports` also separates flows that need other ports; `category` joins
    the service areas of each category; `all` joins all outbound flows. Inbound flows of different scenarios are never
    joined, since the senders of one service would be allowed to reach the receiver of another. Flows whose other end is
    anyone are not in any group. A flow whose service area or category has changed is also in its former groups, until the
    grace time is over.
    """
    found: dict[_GroupKey, list[PlanFlow]] = {}
    old: dict[_GroupKey, list[PlanFlow]] = {}
    for flow in plan.flows:
        if flow.theirs is not None and not flow.theirs.anyone:
            keys = [_group_key(flow, split, scenario, category) for scenario, category in flow.classifications]
            for key in dict.fromkeys(keys):
                found.setdefault(key, []).append(flow)
                if key != keys[0]:
                    old.setdefault(key, []).append(flow)
    for key, flows in sorted(found.items(), key=lambda item: item[0]):
        cloud, scenario, direction, category, ports = key
        yield Group(
            cloud=cloud,
            scenario=scenario,
            direction=direction,
            category=category,
            ports=ports,
            flows=tuple(flows),
            former=tuple(old.get(key, ())),
        )


def _group_key(flow: PlanFlow, split: str, scenario: str, category: str | None) -> _GroupKey:
    """Return the group of a flow of a scenario and category."""
    name = category or "other"
    if split == "requirement":
        scenario = f"ws-{key.number}" if (key := flow.id.set_key) else flow.id.replace("/", "-")
    elif flow.direction == "outbound" and split == "all":
        scenario, name = "m365", "all"
    elif flow.direction == "outbound" and split == "category" and category:
        scenario = "m365"
    ports = ports_name(flow.tcp, flow.udp) if split == "ports" else ""
    return str(flow.cloud), scenario, flow.direction, name, ports


def ports_name(tcp: PortSet, udp: PortSet) -> str:
    """Return ports as part of a name.

    It has at most 40 characters. If there are many ports, it ends in a digest.

    >>> ports_name(PortSet([(80, 80), (443, 443)]), PortSet([(3478, 3481)]))
    'tcp-80-443-udp-3478to3481'
    >>> ports_name(PortSet(), PortSet())
    'no-ports'
    """
    parts = []
    for protocol, ports in (("tcp", tcp), ("udp", udp)):
        words = [str(first) if first == last else f"{first}to{last}" for first, last in ports]
        parts += [protocol, *words] if words else []
    name = "-".join(parts) or "no-ports"
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 9].rstrip('-')}-{sha256(name.encode()).hexdigest()[:8]}"


def rule_line(flow: PlanFlow) -> str:
    """Describe the rule for a flow in one line, without internal addresses.

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
    """Yield the index of lists, each after its line.

    Flows whose other end is anyone are at the end.
    """
    for group, line in lists:
        yield from ("", line)
        if group.mixed:
            yield "    # These differ: one rule over the list allows more than each of them says."
        for flow in group.flows:
            note = ", moved to another list and kept here for the grace time" if flow in group.former else ""
            yield f"    {rule_line(flow)}{note}"
    for flow in plan.flows:
        if flow.theirs is not None and flow.theirs.anyone:
            yield from ("", f"No list, the other end is anyone: {rule_line(flow)}")
