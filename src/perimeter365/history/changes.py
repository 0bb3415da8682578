"""Change records in the web service's format, published by upstream or computed.

    [r.impact for r in changes(store, Cloud.WORLDWIDE, since="2023080600")][:2]
        ['AddedIp', 'AddedIp']
    changes(store, Cloud.WORLDWIDE, since="2023")
        InputError: '2023' is not a version of ten digits

The impact of a computed record is the first of these that applies:

    AddedIp, AddedUrl, AddedIpAndUrl   the set has new entries that no set of the cloud listed before
    ChangedIsExpressRoute              expressRoute of the set changed
    RemovedIpOrUrl                     entries were removed that no set lists any more
    MovedIpOrUrl                       entries moved between this set and another one
    RemovedDuplicateIpOrUrl            entries were removed that another set still lists
    AddedIp, AddedUrl, AddedIpAndUrl   entries were added that another set still lists, perhaps with other ports
    OtherNonPriorityChanges            any other change

`previous` and `current` contain the attributes that changed; for a new or removed set, all attributes except `notes`,
which are not stored. A computed record has an effective date only if upstream announced one.

Records are computed only for versions for which the store has no record of upstream's. Computed records are numbered from
1 over the whole history; numbers that upstream uses are skipped.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise

from perimeter365.history.diff import ADD, REMOVE, Diff, SetAction, SetChange, diff
from perimeter365.model import change as upstream
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.state import State
from perimeter365.model.version import BEGINNING, Version
from perimeter365.store.entries import HOST, PREFIX
from perimeter365.store.reader import Reader
from perimeter365.wire.write import attributes

ALL = BEGINNING
"""The value of `since` for all changes."""

_DISPOSITIONS: Mapping[SetAction, upstream.Disposition] = {ADD: upstream.ADD, REMOVE: upstream.REMOVE}
_Entries = frozenset[tuple[str, str]]


def changes(store: Reader, cloud: Cloud, since: str = ALL, *, only: bool = False) -> tuple[ChangeRecord, ...]:
    """Return the change records after a version, oldest first.

    Args:
        store: the store with the states and upstream's records.
        cloud: the cloud of the list.
        since: a version, which need not exist; `0000000000` for all changes.
        only: return the records of version `since` instead, like `singleVersion` of the web service.

    Raises:
        InputError: `since` is not a version.
    """
    since = Version(since)
    with store.reading():
        known = store.records(cloud)
        found = [*known, *compute_records(store.states(cloud), store.effective(cloud), known)]
    chosen = [r for r in found if (r.version == since if only else r.version > since)]
    return tuple(sorted(chosen, key=lambda r: (r.version, r.endpoint_set, r.id)))


def compute_records(
    states: Iterable[State], effective: EffectiveDates, known: Iterable[ChangeRecord] = ()
) -> Iterator[ChangeRecord]:
    """Compute the change records between consecutive states.

    Versions that have a record in `known` are left out.

    Args:
        states: states of one cloud, oldest first.
        effective: the effective dates of announced additions.
        known: upstream's own records.
    """
    known = tuple(known)
    recorded, used = {r.version for r in known}, {r.id for r in known}
    number = 0
    for old, new in pairwise(states):
        for record in pair_records(old, new, effective):
            number += 1
            while number in used:
                number += 1
            if new.version not in recorded:
                yield replace(record, id=number)


def pair_records(old: State, new: State, effective: EffectiveDates | None = None) -> Iterator[ChangeRecord]:
    """Compute the change records from one state to the next, numbered from 1."""
    found = diff(old, new, effective)
    impact = _Impact(found, _all(old.sets), _all(new.sets))
    for number, change in enumerate(found.changes, 1):
        yield _record(number, found, change, impact.of(change))


def _record(number: int, found: Diff, change: SetChange, impact: str) -> ChangeRecord:
    days = [day for v in (*change.added_prefixes, *change.added_hosts) if (day := found.day_of(change, v))]
    return ChangeRecord(
        id=number,
        endpoint_set=change.set.id,
        disposition=_DISPOSITIONS.get(change.disposition, upstream.CHANGE),
        impact=impact,
        version=found.new,
        previous=attributes(change.before, change.attributes),
        current=attributes(change.after, change.attributes),
        effective=_one(days),
        added_prefixes=change.added_prefixes,
        added_hosts=change.added_hosts,
        removed_prefixes=change.removed_prefixes,
        removed_hosts=change.removed_hosts,
    )


class _Impact:
    """The impact of changes, given the entries of all sets before and after."""

    def __init__(self, found: Diff, before: _Entries, after: _Entries) -> None:
        self.before, self.after = before, after
        self.moved = {(move.kind, move.value) for move in found.moves}

    def of(self, change: SetChange) -> str:
        """Return the first impact of the module's table that applies."""
        added = {(HOST, v) for v in change.added_hosts} | {(PREFIX, v) for v in change.added_prefixes}
        removed = {(HOST, v) for v in change.removed_hosts} | {(PREFIX, v) for v in change.removed_prefixes}
        if new := added - self.before:
            return _added(new)
        if "express_route" in change.attributes and change.disposition not in (ADD, REMOVE):
            return "ChangedIsExpressRoute"
        if removed - self.after:
            return "RemovedIpOrUrl"
        if (added | removed) & self.moved:
            return "MovedIpOrUrl"
        if removed:
            return "RemovedDuplicateIpOrUrl"
        return _added(added) if added else "OtherNonPriorityChanges"


def _added(entries: Iterable[tuple[str, str]]) -> str:
    kinds = {kind for kind, _ in entries}
    return "AddedIpAndUrl" if len(kinds) == 2 else "AddedIp" if PREFIX in kinds else "AddedUrl"


def _all(sets: Iterable[EndpointSet]) -> _Entries:
    """Return the entries of all sets."""
    return frozenset(entry for s in sets for entry in (*((HOST, h.text) for h in s.hosts), *((PREFIX, p) for p in s.listed)))


def _one(days: list[date]) -> date | None:
    """Return the earliest day, or None.

    A record has only one day, and to allow an entry too early breaks nothing.
    """
    return min(days, default=None)
