"""Artifacts with which a deny-by-default device would refuse everything.

A firewall that refuses what its rules do not permit, loaded with no rules, cuts off the network. The cause is nearly always
a profile whose roles have no addresses, or addresses of one IP version only.
"""

from collections.abc import Iterable
from typing import Literal

from perimeter365.errors import EmptyArtifactError
from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.targets._cover import Key, Scope, key_of, other_end
from perimeter365.targets.loss import DROPPED, LossDetail
from perimeter365.targets.reasons import REASONS

Denial = Literal["no", "all", "family"]
"""Whether a device refuses what the files do not permit.

no      it does not, or the files do not have to be complete.
all     it does: files without an entry would refuse everything.
family  it does, and the files also refuse an IP version for which they have no entry.
"""

_BOTH = frozenset({4, 6})


def check_empty(
    target: str, plan: Plan, scope: Scope, details: Iterable[LossDetail], families: Iterable[int], *, names: bool
) -> None:
    """Raise EmptyArtifactError if a plan has nothing for a target.

    Or if it has nothing of an IP version that it needs.

    Args:
        target: the name of the target.
        plan: the plan that was rendered.
        scope: what the target is for.
        details: what the target reported.
        families: the IP versions that must have an entry each; () if one of either version is sufficient.
        names: whether the target has entries by host name.
    """
    details = tuple(details)
    gone = {detail.key for detail in details if detail.whole}
    lost = {(detail.key, detail.host) for detail in details if detail.kind == DROPPED and detail.host}
    wanted = [flow for flow in plan.flows if scope.includes(flow)]
    there: set[int] = set()
    for flow in wanted:
        if key_of(flow) not in gone:
            there |= _families(flow, scope, lost, names=names)
    if not there:
        raise EmptyArtifactError(
            f"{target}: the plan has nothing for this target, so the device would refuse everything",
            help=f"{_way(wanted, details)}, or render it anyway with --allow-empty",
        )
    for family in sorted(set(families) - there):
        if any(other_end(flow).prefixes.family(family) for flow in wanted):
            roles = ", ".join(sorted({flow.ours.role for flow in wanted if not flow.ours.prefixes.family(family)})[:3])
            without = ", set select.ipv6 = false" if family == 6 else ""
            raise EmptyArtifactError(
                f"{target}: the plan has no IPv{family} entry for this target, so the device would refuse all IPv{family}",
                help=f"add IPv{family} addresses to the roles ({roles}){without}, or render it anyway with --allow-empty",
            )


def _families(flow: PlanFlow, scope: Scope, lost: set[tuple[Key, HostPattern]], *, names: bool) -> frozenset[int]:
    """Return the IP versions in which a flow has an entry."""
    end = other_end(flow)
    named = names and flow.direction == "outbound" and any((key_of(flow), h) not in lost for h in end.hosts)
    theirs = _BOTH if named else _of(end)
    return theirs & (_BOTH if scope.by_role else _of(flow.ours) or _BOTH)


def _of(party: PlanParty) -> frozenset[int]:
    return _BOTH if party.anyone else frozenset(f for f in (4, 6) if party.prefixes.family(f))


def _way(wanted: Iterable[PlanFlow], details: Iterable[LossDetail]) -> str:
    """Return what would give the target an entry."""
    flows = tuple(wanted)
    if not flows:
        return "select service areas or scenarios with such flows under [select]"
    unset = {detail.key for detail in details if detail.code in ("role-unset", "no-common-family")}
    roles = sorted({flow.ours.role for flow in flows if key_of(flow) in unset})
    if roles:
        return f"add addresses to the profile: [roles] {', '.join(roles[:3])}"
    return next((REASONS[detail.code].remedy for detail in details if detail.whole), "use another target")
