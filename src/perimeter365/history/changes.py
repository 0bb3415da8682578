"""Change records as the web service writes them: upstream's own where there are any, computed from states elsewhere.

    [r.impact for r in changes(store, Cloud.WORLDWIDE, since="2023080600")][:2]
        ['AddedIp', 'AddedIp']
    changes(store, Cloud.WORLDWIDE, since="2023")
        InputError: '2023' is not a version of ten digits

The impact of a computed record, the first that fits:

    AddedIp, AddedUrl, AddedIpAndUrl   the set lists entries that no set of the cloud listed before
    ChangedIsExpressRoute              its expressRoute changed
    RemovedIpOrUrl                     entries went that no set lists any more
    MovedIpOrUrl                       entries came from sets that dropped them, or went to sets that took them
    RemovedDuplicateIpOrUrl            entries went that another set goes on to list
    AddedIp, AddedUrl, AddedIpAndUrl   entries came that another set goes on to list: with other ports, perhaps
    OtherNonPriorityChanges            anything else

`previous` and `current` hold the attributes that changed, all of them for a set that went or came, without `notes`,
which are not kept. An effective date is never made up: a computed record has one only if upstream announced it.

A version of which one record of upstream is kept gets no computed ones. Computed records are numbered from 1 in the
order of the whole history, without the numbers that upstream uses.
"""

from collections.abc import Iterable, Iterator, Mapping
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
"""The version before every other: all changes there are."""

_DISPOSITIONS: Mapping[SetAction, upstream.Disposition] = {ADD: upstream.ADD, REMOVE: upstream.REMOVE}
_Entries = frozenset[tuple[str, str]]


def changes(store: Reader, cloud: Cloud, since: str = ALL, *, only: bool = False) -> tuple[ChangeRecord, ...]:
    """The change records of versions after one, oldest first.

    Args:
        store: where the states and upstream's own records are.
        cloud: whose list.
        since: a version, which need not exist; `0000000000` for all changes.
        only: those of this very version, as `singleVersion` asks for.

    Raises:
        InputError: `since` is not a version.
    """
    since = Version(since)
    with store.reading():
        known = store.records(cloud)
        found = [*known, *computed(store.states(cloud), store.effective(cloud), known)]
    chosen = [r for r in found if (r.version == since if only else r.version > since)]
    return tuple(sorted(chosen, key=lambda r: (r.version, r.endpoint_set, r.id)))


def computed(
    states: Iterable[State], effective: EffectiveDates, known: Iterable[ChangeRecord] = ()
) -> Iterator[ChangeRecord]:
    """The change records between consecutive states, but for versions that `known` speaks of.

    Args:
        states: of one cloud, oldest first.
        effective: days of announced additions.
        known: upstream's own records.
    """
    known = tuple(known)
    told, taken = {r.version for r in known}, {r.id for r in known}
    number = 0
    for old, new in pairwise(states):
        found = diff(old, new, effective)
        impact = _Impact(found, _all(old.sets), _all(new.sets))
        for change in found.changes:
            number += 1
            while number in taken:
                number += 1
            if new.version not in told:
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
    """Why a change matters, judged by what all sets listed before and list after."""

    def __init__(self, found: Diff, before: _Entries, after: _Entries) -> None:
        self.before, self.after = before, after
        self.moved = {(move.kind, move.value) for move in found.moves}

    def of(self, change: SetChange) -> str:
        """The first impact of the module's table that fits."""
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
    """Every entry that some set lists."""
    return frozenset(entry for s in sets for entry in (*((HOST, h.text) for h in s.hosts), *((PREFIX, p) for p in s.listed)))


def _one(days: list[date]) -> date | None:
    """A record has one day: the earliest, since being early costs nothing."""
    return min(days, default=None)
