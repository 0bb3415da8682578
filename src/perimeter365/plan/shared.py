"""Wildcards over domains in which any customer of a vendor can have a name.

`*.blob.core.windows.net` matches the storage accounts of everyone. Documents name such wildcards where the host belongs to
one tenant, so a plan has them, with the warning `shared-domain`. The names in use take their place, if the profile
(`[[adjust]] hosts`) or a file of observed names (`--observed`) has some.

    >>> private_suffix(HostPattern("*.blob.core.windows.net")), private_suffix(HostPattern("*.sharepoint.com"))
    ('blob.core.windows.net', '')
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from perimeter365.model.host import HostPattern
from perimeter365.model.requirement import OUTBOUND
from perimeter365.model.suffixes import private_suffix
from perimeter365.plan.observed import ObservedHost, ObservedHosts
from perimeter365.plan.plan import Plan, PlanFlow


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedWildcard:
    """A wildcard of a flow that observed names replaced."""

    flow: PlanFlow
    host: HostPattern
    names: tuple[ObservedHost, ...]


def with_names(flow: PlanFlow, names: Mapping[HostPattern, Iterable[HostPattern]]) -> PlanFlow:
    """Return an outbound flow with names in place of wildcards.

    Args:
        flow: the flow.
        names: wildcard of the destination -> the names, each of which it matches.
    """
    end = flow.destination

    def named(hosts: Iterable[HostPattern]) -> tuple[HostPattern, ...]:
        return tuple(sorted({name for host in hosts for name in names.get(host, (host,))}))

    return replace(flow, destination=replace(end, hosts=named(end.hosts), unaddressed=named(end.unaddressed)))


def wildcards(
    flow: PlanFlow, find: Callable[[HostPattern], tuple[HostPattern, ...]]
) -> dict[HostPattern, tuple[HostPattern, ...]]:
    """Return the shared wildcards of an outbound flow for which names are found."""
    if flow.direction != OUTBOUND:
        return {}
    return {host: names for host in flow.destination.hosts if private_suffix(host) and (names := find(host))}


def with_observed(plan: Plan, observed: ObservedHosts) -> tuple[Plan, tuple[NamedWildcard, ...]]:
    """Return a plan with observed names in place of shared wildcards.

    The second part of the result is what they replaced.
    """
    seen: dict[HostPattern, tuple[ObservedHost, ...]] = {}

    def find(host: HostPattern) -> tuple[HostPattern, ...]:
        if host not in seen:
            seen[host] = observed.under(host)
        return tuple(each.host for each in seen[host])

    flows, named = [], []
    for flow in plan.flows:
        found = wildcards(flow, find)
        named += [NamedWildcard(flow=flow, host=host, names=seen[host]) for host in found]
        flows.append(with_names(flow, found) if found else flow)
    return (replace(plan, flows=tuple(flows)), tuple(named)) if named else (plan, ())
