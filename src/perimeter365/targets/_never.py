"""Holds a plan against the never-list (`model.never`) and the operator's bound (`plan.constraints`), before any target runs.

What neither of them knows is everything (0.0.0.0/0, ::/0), also as parts that sum to it, on either side, and a flow from
anyone to anyone.

The last line of defence: sources refuse the same earlier, but a plan that was made by hand passes here too.
"""

from perimeter365.errors import NeverListError
from perimeter365.model.host import HostPattern
from perimeter365.model.never import host_problem, space_problem
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.constraints import Constraints
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty


def check_never(plan: Plan, constraints: Constraints) -> None:
    """Raise NeverListError with the requirement and the value, if the plan opens what must never be opened.

    Args:
        plan: to be checked.
        constraints: the operator's bound.
    """
    theirs = PrefixSet()
    seen: set[tuple[PrefixSet | HostPattern, bool]] = set()  # what flows share is checked with the first of them
    for flow in plan.flows:
        if flow.source.anyone and flow.destination.anyone:
            raise NeverListError(f"{flow.id}: it would let anyone reach anyone")
        for end in (flow.source, flow.destination):
            if (end.prefixes, end.ours) not in seen:
                _check_addresses(flow, end, constraints)
                theirs = theirs if end.ours else theirs | end.prefixes
            for host in end.hosts:
                if (host, end.ours) not in seen:
                    _check_host(flow.id, host)
                    if not end.ours:
                        _check_their_host(flow.id, host, constraints)
            seen.add((end.prefixes, end.ours))
            seen.update((host, end.ours) for host in end.hosts)
    _check_bound("the plan as a whole", theirs, constraints)
    for site in plan.sites:
        _check_host(site.id, site.host)
        _check_their_host(site.id, site.host, constraints)


def _check_addresses(flow: PlanFlow, end: PlanParty, constraints: Constraints) -> None:
    for family in (4, 6):
        if end.prefixes.wider(family, 2):
            raise NeverListError(f"{flow.id}: {end.role} would be all of IPv{family}")
    if problem := space_problem(end.prefixes, theirs=not end.ours):
        raise NeverListError(f"{flow.id}: {end.role}: {problem}")
    if not end.ours:
        _check_bound(flow.id, end.prefixes, constraints)


def _check_bound(what: str, prefixes: PrefixSet, constraints: Constraints) -> None:
    if problem := constraints.address_problem(prefixes):
        raise NeverListError(f"{what}: {problem}")


def _check_their_host(what: str, host: HostPattern, constraints: Constraints) -> None:
    if problem := constraints.host_problem(host):
        raise NeverListError(f"{what}: {problem}")


def _check_host(what: str, host: HostPattern) -> None:
    if problem := host_problem(host):
        raise NeverListError(f"{what}: {problem}")
