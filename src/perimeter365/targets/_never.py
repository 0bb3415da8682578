"""Check a plan against the never-list and the operator's bound.

The check takes place before any target runs.

In addition to `model.never` and `plan.constraints`, it rejects all addresses (0.0.0.0/0, ::/0), also as several prefixes
whose union is everything, on either side, and a flow from anyone to anyone.

The sources reject the same values earlier; this check also covers plans that were made in other ways.
"""

from perimeter365.errors import NeverListError
from perimeter365.model.host import HostPattern
from perimeter365.model.never import host_problem, space_problem
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.constraints import Constraints
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty


def check_never(plan: Plan, constraints: Constraints) -> None:
    """Raise NeverListError if the plan permits something on the never-list.

    Args:
        plan: the plan to check.
        constraints: the operator's constraints.
    """
    theirs = PrefixSet()
    seen: set[tuple[PrefixSet | HostPattern, bool]] = set()  # values that flows share are checked once
    for flow in plan.flows:
        if flow.source.anyone and flow.destination.anyone:
            raise NeverListError(f"{flow.id}: the flow is from anyone to anyone")
        for end in (flow.source, flow.destination):
            if (end.prefixes, end.ours) not in seen:
                _check_addresses(flow, end, constraints)
                theirs = theirs if end.ours else theirs | end.prefixes
            for host in end.hosts:
                if (host, end.ours) not in seen:
                    _check_host(flow.id, host, microsoft=not end.ours)
                    if not end.ours:
                        _check_their_host(flow.id, host, constraints)
            seen.add((end.prefixes, end.ours))
            seen.update((host, end.ours) for host in end.hosts)
    _check_bound("the plan as a whole", theirs, constraints)
    for site in plan.sites:
        _check_host(site.id, site.host, microsoft=False)  # it can be the name of an own server for federation, also internal
        _check_their_host(site.id, site.host, constraints)


def _check_addresses(flow: PlanFlow, end: PlanParty, constraints: Constraints) -> None:
    for family in (4, 6):
        if end.prefixes.first_wider(family, 2):
            raise NeverListError(f"{flow.id}: the addresses of {end.role} are all of IPv{family}")
    if problem := space_problem(end.prefixes, microsoft=not end.ours):
        raise NeverListError(f"{flow.id}: {end.role}: {problem}")
    if not end.ours:
        _check_bound(flow.id, end.prefixes, constraints)


def _check_bound(what: str, prefixes: PrefixSet, constraints: Constraints) -> None:
    if problem := constraints.address_problem(prefixes):
        raise NeverListError(f"{what}: {problem}")


def _check_their_host(what: str, host: HostPattern, constraints: Constraints) -> None:
    if problem := constraints.host_problem(host):
        raise NeverListError(f"{what}: {problem}")


def _check_host(what: str, host: HostPattern, *, microsoft: bool) -> None:
    if problem := host_problem(host, microsoft=microsoft):
        raise NeverListError(f"{what}: {problem}")
