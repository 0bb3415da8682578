"""The notes about old and stale lists.

Commands with a profile pass the lists of its clouds, and each counts. Other commands pass those of all clouds. Then each
cloud that a sync follows counts by itself: a fresh list of one cloud says nothing about another. If none is followed, all
lists are as old as the installation, and the newest one is named.
"""

import sys
from collections.abc import Iterable

from perimeter365.model.day import OLD_AFTER_DAYS, STALE_AFTER_DAYS
from perimeter365.model.freshness import CloudAge


def note_age(ages: Iterable[CloudAge], *, quiet: bool, chosen: bool = False, stale: int = STALE_AFTER_DAYS) -> None:
    """Print a note on stderr for the lists that are old or stale.

    Args:
        ages: the ages of the lists.
        quiet: print nothing.
        chosen: the lists are those of chosen clouds, also if no sync follows them.
        stale: days after the last successful look from which on a list is stale.
    """
    known = [age for age in ages if age.days is not None]
    if quiet or not known:
        return
    late = [age for age in known if age.stale(stale)]
    old = [age for age in known if age.old]
    if not chosen:
        newest = min(known, key=lambda age: age.days or 0)
        old = [] if any(age.followed for age in known) else [age for age in old if age is newest]
    for age in late:
        print(f"note: stale-catalog: {age}, more than {stale} days; `perimeter365 sync` shows the cause", file=sys.stderr)
    if old:
        lists, limit = "; ".join(map(str, old)), f"more than {OLD_AFTER_DAYS} days"
        print(f"note: catalog-age: {lists}, {limit}; `perimeter365 sync` fetches newer lists", file=sys.stderr)
