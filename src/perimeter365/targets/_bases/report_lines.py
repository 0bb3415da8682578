"""Groups of the report page: flows by scenario, warnings by code.

>>> from perimeter365 import load_catalog, make_plan
>>> from perimeter365.plan.profile import parse_profile
>>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
>>> sorted({(group.scenario, group.direction) for group in flow_groups(plan)})
[('common', 'outbound'), ('exchange', 'outbound'), ('sharepoint', 'outbound'), ('teams', 'outbound')]
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from perimeter365.model.evidence import Evidence
from perimeter365.model.finding import Finding
from perimeter365.plan.plan import WARNINGS, Plan, PlanFlow, PlanParty
from perimeter365.targets._bases.acl import flow_name

ARROWS: Mapping[str, str] = {"outbound": "out ▶", "inbound": "◀ in", "internal": "inside ↔"}
"""Direction -> arrow and word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowGroup:
    """The flows of a scenario in one direction with the same source."""

    anchor: str
    scenario: str
    cloud: str
    direction: str
    source: PlanParty
    flows: tuple[PlanFlow, ...]

    @property
    def arrow(self) -> str:
        """The direction as an arrow and a word."""
        return ARROWS[self.direction]


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingGroup:
    """The warnings with one code."""

    code: str
    meaning: str
    items: tuple[Finding, ...]


def flow_groups(plan: Plan) -> tuple[FlowGroup, ...]:
    """Group the flows of a plan by cloud, scenario, direction and source."""
    found: dict[tuple[str, str, str, PlanParty], list[PlanFlow]] = {}
    for flow in plan.flows:
        found.setdefault((str(flow.cloud), flow.scenario, flow.direction, flow.source), []).append(flow)
    order = {key: number for number, key in enumerate(dict.fromkeys(key[:3] for key in found))}
    return tuple(
        FlowGroup(
            anchor=f"g-{flow_name(flows[0])}",
            scenario=scenario,
            cloud=cloud,
            direction=direction,
            source=source,
            flows=tuple(flows),
        )
        for (cloud, scenario, direction, source), flows in sorted(found.items(), key=lambda item: order[item[0][:3]])
    )


def scenario_counts(plan: Plan) -> dict[tuple[str, str], dict[str, Any]]:
    """Count the flows of each (cloud, scenario) by direction.

    Each count also has the `anchor` of the first group.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for group in flow_groups(plan):
        count = found.setdefault((group.cloud, group.scenario), {"anchor": group.anchor, **dict.fromkeys(ARROWS, 0)})
        count[group.direction] += len(group.flows)
    return found


def finding_groups(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Group warnings by code, in the order of `WARNINGS`."""
    found: dict[str, list[Finding]] = {}
    for each in findings:
        found.setdefault(each.code, []).append(each)
    return tuple(
        FindingGroup(code=code, meaning=text, items=tuple(found[code])) for code, text in WARNINGS.items() if code in found
    )


def sources(plan: Plan) -> dict[tuple[str, str], int]:
    """Number the documents of a plan's evidence: (document, date) -> number, from 1."""
    every: list[Evidence] = [e for item in (*plan.flows, *plan.sites, *plan.records) for e in item.evidence]
    return {key: number for number, key in enumerate(dict.fromkeys((e.document, e.date) for e in every), 1)}
