"""What is in use today: additions that are announced may come ahead of their day, removals stay for a grace time.

    >>> found = effective(store, Cloud.WORLDWIDE, date(2030, 6, 15))
    >>> found.kept[0]
    Entry(endpoint_set=72, kind='host', value='old.example.com', day=date(2030, 7, 1))    # until then
    >>> with_states(catalog, [found.state])                # sources.stored: the catalog that a plan is made of

A removed entry is kept `grace` days from the sync that saw it go (30, or what a category is given), so that clients that
Microsoft still sends there are not cut off; 0 removes at once. Announced additions cost nothing while nobody uses them,
so they are taken ahead unless that is switched off. Only what syncs have seen counts, not imported recordings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType

from perimeter365.errors import InputError
from perimeter365.history._intervals import entries
from perimeter365.history.entries import HOST
from perimeter365.history.reader import Reader
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import CATEGORIES
from perimeter365.model.state import LIVE, State

GRACE: Mapping[str, int] = MappingProxyType(dict.fromkeys(CATEGORIES, 30))
"""Days by category."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Entry:
    """One entry that is not in the list of today as upstream has it, or not in use yet."""

    day: date
    """Of an addition: the first day of its use. Of a removal: the first day on which it is gone."""
    endpoint_set: int
    kind: str
    """`host` or `prefix`."""
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Effective:
    """A list as it is used today."""

    state: State
    kept: tuple[Entry, ...]
    """Removed by upstream, still in `state`, by day."""
    announced: tuple[Entry, ...]
    """Of a day to come; in `state` when `ahead`."""


def effective(
    store: Reader, cloud: Cloud, today: date, *, grace: Mapping[str, int] = GRACE, ahead: bool = True
) -> Effective | None:
    """The list in force as it is used on a day; None when nothing is in force.

    Args:
        store: where the versions are.
        cloud: whose list.
        today: the day.
        grace: days for which removals stay, by category; one left out has none.
        ahead: take additions before their day.

    Raises:
        InputError: a grace time below 0, or of no category.
    """
    if any(days < 0 or category not in CATEGORIES for category, days in grace.items()):
        raise InputError(f"grace times are days from 0 on, by category ({', '.join(CATEGORIES)})")
    with store.reading():
        head = store.head(cloud)
        if head is None:
            return None
        kept = _kept(store, head, today, grace)
        days = store.effective(cloud)
    listed = entries(head.body)
    announced = tuple(
        sorted(
            Entry(day=day, endpoint_set=number, kind=kind, value=value)
            for number, kind, value in listed
            if (day := days.get((number, value))) and day > today
        )
    )
    wanted = {*listed, *kept}
    if not ahead:
        wanted -= {(a.endpoint_set, a.kind, a.value) for a in announced}
    sets = {**{number: old for (number, _, _), (old, _) in kept.items()}, **head.by_id}
    made = [_with(s, {(kind, value) for number, kind, value in wanted if number == s.id}) for s in sets.values()]
    state = replace(head, sets=tuple(sorted((s for s in made if s), key=lambda s: s.id)))
    gone = (Entry(day=day, endpoint_set=n, kind=kind, value=value) for (n, kind, value), (_, day) in kept.items())
    return Effective(state=state, kept=tuple(sorted(gone)), announced=announced)


def _kept(
    store: Reader, head: State, today: date, grace: Mapping[str, int]
) -> dict[tuple[int, str, str], tuple[EndpointSet, date]]:
    """(set, kind, value) that went not long ago -> the set as it was then, and the first day without the entry."""
    horizon = (today - timedelta(days=max(grace.values(), default=0))).isoformat()
    live = [v for v in store.versions(head.cloud) if v.origin == LIVE]
    at = next((i for i, v in enumerate(live) if v.version == head.version), -1)
    live = live[: at + 1]
    first = next((i for i, v in enumerate(live) if v.day >= horizon), len(live))
    live = live[max(first - 1, 0) :]
    gone: dict[tuple[int, str, str], tuple[EndpointSet, date]] = {}
    for old, new in pairwise(store.state(head.cloud, v.version) for v in live):
        before, after = entries(old.body), entries(new.body)
        for entry in before - after:
            was = old.by_id[entry[0]]
            gone[entry] = (was, new.day + timedelta(days=grace.get(was.category, 0)))
        for entry in after - before:
            gone.pop(entry, None)
    return {entry: (was, day) for entry, (was, day) in gone.items() if day > today}


def _with(endpoint_set: EndpointSet, wanted: Iterable[tuple[str, str]]) -> EndpointSet | None:
    """The set with these entries; None when there are none."""
    wanted = set(wanted)
    hosts = sorted(HostPattern(value) for kind, value in wanted if kind == HOST)
    listed = listing(value for kind, value in wanted if kind != HOST)
    if not wanted:
        return None
    return replace(endpoint_set, hosts=tuple(hosts), prefixes=PrefixSet.parse(listed), listed=listed)
