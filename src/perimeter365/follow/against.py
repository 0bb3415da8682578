"""What another profile, or another version of the lists, would change in a plan.

    plan_against(Workspace.from_environment(), load_profile("contoso.toml"), "hybrid.toml").diff.sentences
        ('adds mailbox-migration (row/6/mrs-proxy) on TCP 443: 23 prefixes, 13.107.6.152/31, …', …)
    plan_against(workspace, profile, "2026-03-01")      the lists that were known on that day

Both plans are made on the same day. A version is compared with the lists in force, each without grace times and announced
additions, so the difference is that of Microsoft's lists alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from perimeter365.errors import InputError
from perimeter365.history.reference import states
from perimeter365.history.remaining import ListedEntries
from perimeter365.history.words import PlanDiff, compare_plans
from perimeter365.plan.make import make_plan
from perimeter365.plan.outbound import emptied_by, outbound_flows
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import Profile
from perimeter365.store.overlay import with_states
from perimeter365.workspace import Workspace

PROFILE_SUFFIX = ".toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two plans and their differences."""

    old: Plan
    new: Plan
    diff: PlanDiff
    emptied: tuple[str, ...] = ()
    """A text for each cloud in which the old plan has outbound flows, and the new one has none."""

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison for JSON; `emptied` only if it is not empty."""
        emptied = {"emptied": list(self.emptied)} if self.emptied else {}
        return {"from": _head(self.old), "to": _head(self.new), **self.diff.to_dict(), **emptied}


def _head(plan: Plan) -> dict[str, Any]:
    whole = plan.to_dict()
    return {key: whole[key] for key in ("organization", "profile", "catalog")}


def plan_against(
    workspace: Workspace,
    profile: Profile,
    other: str,
    *,
    at: date | None = None,
    grace: Mapping[str, int] | None = None,
    ahead: bool | None = None,
) -> Comparison:
    """Compare the plan of a profile with that of another profile or version.

    Args:
        workspace: the lists and the store.
        profile: the profile as it is.
        other: the file of another profile (`*.toml`), or a version, date, file or name as for `history.reference`.
        at: as for `Workspace.plan`.
        grace: as for `Workspace.plan`.
        ahead: as for `Workspace.plan`.

    Raises:
        ProfileError: the other profile is not valid.
        InputError, UnknownNameError, StoreError: there is no such version.
    """
    if Path(other).suffix.lower() == PROFILE_SUFFIX:
        old = workspace.plan(profile, at=at, grace=grace, ahead=ahead)
        new = workspace.plan(other, at=at, grace=grace, ahead=ahead)
        emptied = outbound_flows(new).emptied(outbound_flows(old).ids)
        return Comparison(old=old, new=new, diff=compare_plans(old, new), emptied=emptied)
    catalog = workspace.catalog()
    place = workspace.lists_place
    if place is None:
        found = states([other], None)
    else:
        from perimeter365.store.reader import reader

        with reader(place) as store, store.reading():
            found = states([other], store)
    chosen = [state for (state,) in found if state.cloud in profile.clouds]
    if not chosen:
        clouds = ", ".join(map(str, profile.clouds))
        raise InputError(f"{other!r} has no list of {clouds}", help="`perimeter365 versions` lists the stored versions")
    other_lists = with_states(catalog, chosen)
    old, new = (make_plan(lists, profile, today=at) for lists in (catalog, other_lists))
    listed = {state.cloud: ListedEntries(state.sets) for state in chosen}
    emptied = emptied_by(old, new, catalog, other_lists)
    return Comparison(old=old, new=new, diff=compare_plans(old, new, listed), emptied=emptied)
