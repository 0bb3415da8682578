"""A part of a plan: some scenarios, or one direction.

    part_of(plan, scenarios=("mailbox-migration",)).flows[0].id
        'row/6/mrs-proxy'

A part is for reading. It has the warnings about its own requirements and their roles, and those about the whole plan; what
depends on all decisions, such as `--strict`, uses the whole plan. Dates of sets that are only announced stay, since their
flows are not planned yet.
"""

from collections.abc import Collection
from dataclasses import replace

from perimeter365.errors import UnknownNameError
from perimeter365.model.ids import is_requirement_id
from perimeter365.model.scenario import DNS, canonical
from perimeter365.plan.plan import Plan, PlanWarning


def part_of(plan: Plan, *, scenarios: Collection[str] = (), directions: Collection[str] = ()) -> Plan:
    """Return the part of a plan with some scenarios and directions.

    Args:
        plan: the whole plan.
        scenarios: scenario names, or `row/N`; () for all.
        directions: directions of flows; () for all. With a direction, the part has no sites and records.

    Raises:
        UnknownNameError: the plan has nothing of a scenario.
    """
    if not (scenarios or directions):
        return plan
    names = {canonical(s) for s in scenarios}
    planned = {item.scenario for item in (*plan.flows, *plan.sites, *plan.records)}
    for name in names - planned:
        raise UnknownNameError("scenario of the plan", name, planned)
    flows = tuple(
        f for f in plan.flows if (not names or f.scenario in names) and (not directions or f.direction in directions)
    )
    sites = () if directions else tuple(s for s in plan.sites if s.scenario in names)
    records = () if directions else tuple(r for r in plan.records if r.scenario in names)
    ids = {(item.cloud, item.id) for item in (*flows, *sites, *records)}
    about = {
        *(item.id for item in (*flows, *sites, *records)),
        *(item.id.scope for item in (*flows, *sites, *records)),
        *(item.scenario for item in (*flows, *sites, *records)),
        *(record.name for record in records),
        *(end.role for f in flows for end in (f.source, f.destination)),
    }
    planned_ids = {(item.cloud, item.id) for item in (*plan.flows, *plan.sites)}
    others = {item.id for item in (*plan.flows, *plan.sites, *plan.records)} - {identity for _, identity in ids}

    def shown(warning: PlanWarning) -> bool:
        scope = warning.id.rpartition("/")[0]
        left_out = scope in about and scope.startswith(("row/", DNS)) and warning.id not in others
        domain = not directions and DNS in {*names, *(r.scenario for r in records)} and "." in warning.id
        return warning.id in about or left_out or domain or _general(warning, plan)

    return replace(
        plan,
        flows=flows,
        sites=sites,
        records=records,
        warnings=tuple(w for w in plan.warnings if shown(w)),
        dates=tuple(d for d in plan.dates if (d.cloud, d.id) in ids or (d.cloud, d.id) not in planned_ids),
    )


def _general(warning: PlanWarning, plan: Plan) -> bool:
    """Return True if a warning is about the whole plan or a cloud."""
    return warning.id in ("", "catalog", *map(str, plan.versions)) and not is_requirement_id(warning.id)
