"""Which devices a new list would not fit on, for the gates of a sync: history knows no targets, this room knows both.

    full = capacity([contoso], {"paloalto-edl": {"ip_entries": 300}}, embedded, DEFAULTS)
    full(state)[0].message
        'Contoso: paloalto-edl: the plan needs 310 ip_entries, the limit is 300'

Asked is the target itself: the plan is made with the new list and rendered, so that its own count is what decides.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from perimeter365.errors import InputError, LimitError

if TYPE_CHECKING:
    from perimeter365.history.sync import Capacity
    from perimeter365.model.catalog import Catalog
    from perimeter365.model.finding import Reason
    from perimeter365.model.state import State
    from perimeter365.plan.constraints import Constraints
    from perimeter365.plan.profile import Profile

Limits = Mapping[str, Mapping[str, int]]
"""Target -> limit -> value, in place of the device's own."""

_WORD = re.compile(r"([a-z0-9-]+)(?:\.([a-z0-9_]+)=([0-9]{1,18}))?", re.ASCII)


def read_limits(words: Iterable[str], profiles: Sequence[object]) -> Limits:
    """The targets of `--fits`, with their limits.

    Raises:
        InputError: a word is none, or there is no profile to make a plan of.
        UnknownNameError, OptionError: there is no such target, or no such limit of it.
    """
    from perimeter365.targets import Style, targets

    found: dict[str, dict[str, int]] = {}
    for word in words:
        if not (match := _WORD.fullmatch(word)):
            raise InputError(f"--fits {word!r} is not TARGET or TARGET.LIMIT=N")
        name, limit, value = match.groups()
        found.setdefault(name, {}).update({limit: int(value)} if limit else {})
    for name, limits in found.items():
        targets[name](Style(limits=limits))
    if found and not profiles:
        raise InputError("--fits needs --profile: what has to fit is the plan of an organization")
    return found


def capacity(
    profiles: "Sequence[Profile]", limits: Limits, base: "Callable[[], Catalog]", constraints: "Constraints"
) -> "Capacity":
    """A function that says which devices a state does not fit on.

    Args:
        profiles: the plans that have to fit; those without the state's cloud are passed over.
        limits: of which targets, as `read_limits` gives them.
        base: gives the catalog with the lists in force of all clouds.
        constraints: the operator's bound.
    """

    def full(state: "State") -> "Sequence[Reason]":
        from perimeter365.history.gates import CAPACITY
        from perimeter365.model.finding import Reason
        from perimeter365.plan.make import make_plan
        from perimeter365.store.overlay import with_states
        from perimeter365.targets import Style, render

        found = []
        catalog = with_states(base(), [state])
        for profile in profiles:
            if state.cloud not in profile.clouds:
                continue
            plan = make_plan(catalog, profile)
            for name, own in limits.items():
                try:
                    render(plan, name, Style(limits=own), constraints=constraints)
                except LimitError as error:
                    found.append(Reason(code=CAPACITY, message=f"{plan.organization}: {error.message}"))
        return found

    return full
