"""Warnings about lists that nobody looks after any more.

    stale-catalog    a store is followed, and the last successful look at the cloud is older than `[effective] stale`
    catalog-age      the cloud is not followed: the version of the embedded list, and its age

Only the first one is in a plan (`with_freshness`), with the day of the last look instead of an age: the bytes of a plan
change when a cloud becomes stale, and not on each day. Ages are for what is printed at the moment.
"""

from collections.abc import Iterable
from dataclasses import replace

from perimeter365.model.day import STALE_AFTER_DAYS
from perimeter365.model.freshness import CloudAge
from perimeter365.model.ids import natural
from perimeter365.plan.plan import Plan, PlanWarning


def freshness_warnings(ages: Iterable[CloudAge], stale: int = STALE_AFTER_DAYS) -> tuple[PlanWarning, ...]:
    """Return the warnings about the lists of a plan.

    Args:
        ages: the ages of the plan's lists (`Workspace.ages`).
        stale: days after the last successful look from which on a list is stale.
    """
    made = []
    for age in ages:
        if age.stale(stale):
            message = f"upstream was last read on {age.seen}, more than {stale} days before this plan"
            made.append(PlanWarning(code="stale-catalog", id=str(age.cloud), message=message))
        elif not age.followed and age.days is not None:
            made.append(PlanWarning(code="catalog-age", id=str(age.cloud), message=str(age)))
    return tuple(made)


def with_freshness(plan: Plan, ages: Iterable[CloudAge], stale: int = STALE_AFTER_DAYS) -> Plan:
    """Return a plan with a warning for each stale list."""
    found = [each for each in freshness_warnings(ages, stale) if each.code == "stale-catalog"]
    if not found:
        return plan
    return replace(plan, warnings=tuple(sorted([*plan.warnings, *found], key=lambda w: (w.code, natural(w.id), w.message))))
