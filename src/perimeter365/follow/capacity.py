"""Plans as a gate of a sync: full devices, and plans that become empty.

    exceeded = capacity_check([contoso], {"paloalto-edl": {"ip_entries": 300}}, embedded, DEFAULTS)
    exceeded(state)[0].message
        'Contoso: paloalto-edl: the plan needs 310 ip_entries, the limit is 300'
    empties([contoso], catalog, with_states(catalog, [state]))
        []

The plan is made with the new list and rendered, so the target's own count decides. The gate is here because `history`
does not import targets.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from perimeter365.errors import InputError, LimitError

if TYPE_CHECKING:
    from perimeter365.history.sync import Capacity
    from perimeter365.model.catalog import Catalog
    from perimeter365.model.cloud import Cloud
    from perimeter365.model.finding import Reason
    from perimeter365.model.state import State
    from perimeter365.plan.constraints import Constraints
    from perimeter365.plan.profile import Profile

TargetLimits = Mapping[str, Mapping[str, int]]
"""Target -> limit -> value that replaces the target's default."""

# Matches `paloalto-edl` and `paloalto-edl.ip_entries=300`, not `paloalto-edl.ip_entries`.
_WORD = re.compile(r"([a-z0-9-]+)(?:\.([a-z0-9_]+)=([0-9]{1,18}))?", re.ASCII)


def read_limits(words: Iterable[str], profiles: Sequence[object]) -> TargetLimits:
    """Parse the values of `--fits` into targets and their limits.

    Args:
        words: `TARGET` or `TARGET.LIMIT=N`.
        profiles: the profiles that will be planned; only their presence is checked.

    Raises:
        InputError: a value has another form, or there is no profile.
        UnknownNameError: the target does not exist.
        OptionError: the target does not have this limit.
    """
    from perimeter365.targets import Style, targets

    found: dict[str, dict[str, int]] = {}
    for word in words:
        if not (match := _WORD.fullmatch(word)):
            raise InputError(f"--fits {word!r} is not TARGET or TARGET.LIMIT=N")
        name, limit, value = match.groups()
        if limit and limit in found.get(name, {}):
            raise InputError(f"--fits {name}.{limit} was given more than once; it takes one value")
        found.setdefault(name, {}).update({limit: int(value)} if limit else {})
    for name, limits in found.items():
        targets[name](Style(limits=limits))
    if found and not profiles:
        raise InputError("--fits needs --profile: the limits are compared with an organization's plan")
    return found


def empties(profiles: "Iterable[Profile]", old: "Catalog", new: "Catalog") -> "list[Reason]":
    """Return a reason for each profile and cloud that would have no outbound flows.

    A profile of which no plan can be made any more, because it names an id that is gone, is one of them.

    Args:
        profiles: the organizations. A cloud of a profile that has no list in one of the catalogs is skipped.
        old: the catalog with the lists in force.
        new: the catalog with the new lists.
    """
    from perimeter365.history.gates import step_reason
    from perimeter365.plan.make import make_plan
    from perimeter365.plan.outbound import emptied_by

    found = []
    for whole in profiles:
        clouds = tuple(cloud for cloud in whole.clouds if cloud in old.versions and cloud in new.versions)
        profile = replace(whole, clouds=clouds)
        try:
            before = make_plan(old, profile)
        except InputError:
            continue  # the profile has no plan with any list, as `plan` and `render` report
        try:
            texts = emptied_by(before, make_plan(new, profile), old, new)
        except InputError as error:
            texts = (f"{profile.name}: no plan can be made with this list: {error.message}",)
        found += [step_reason("empty-plan", text) for text in texts]
    return found


def capacity_check(
    profiles: "Sequence[Profile]", limits: TargetLimits, base: "Callable[[], Catalog]", constraints: "Constraints"
) -> "Capacity":
    """Return a function that lists the devices and plans that do not bear a state.

    These are the devices whose limits it would exceed, or the plans that it would empty. If there are both, only the plans
    are listed: `sync` admits a list of which the last good one has a reason too, and that a device was full already must not
    admit it.

    Args:
        profiles: the organizations whose plans have to fit. Profiles without the state's cloud are skipped.
        limits: targets and their limits, as `read_limits` returns them.
        base: returns the catalog with the lists in force of all clouds.
        constraints: the operator's constraints.
    """
    emptying: set[Cloud] = set()
    """The clouds with a list that empties a plan; the next state that `sync` asks about is the last good one."""

    def exceeded(state: "State") -> "Sequence[Reason]":
        from perimeter365.history.gates import step_reason
        from perimeter365.plan.make import make_plan
        from perimeter365.store.overlay import with_states
        from perimeter365.targets import Style, render

        found = []
        in_force = base()
        catalog = with_states(in_force, [state])
        mine = [profile for profile in profiles if state.cloud in profile.clouds]
        if emptied := empties(mine, in_force, catalog):
            emptying.add(state.cloud)
            return emptied
        for profile in mine if state.cloud not in emptying else ():
            plan = make_plan(catalog, profile)
            for name, own in limits.items():
                try:
                    render(plan, name, Style(limits=own, allow_empty=True), constraints=constraints)
                except LimitError as error:
                    found.append(step_reason("capacity", f"{plan.organization}: {error.message}"))
        return found

    return exceeded
