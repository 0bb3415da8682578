"""The change records of served versions.

    served                                              records
    both lists as upstream published them, one version  upstream's own, unchanged, if the store has them
      after the other
    any other list (held entries, a rollback, a jump)   computed from the two lists
    the first version                                   none

Each record has the version of one of the served lists, and a number that no other record of the cloud has: upstream's own,
or one that upstream has not used yet. Lists are read and compared when records are asked for. The result depends on the
content of two lists alone, so it is kept for all later editions; the lists are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, overload

from perimeter365.history.changes import pair_records
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.state import LIVE, State
from perimeter365.store.entries import StoredVersion
from perimeter365.store.reader import Reader, reader
from perimeter365.web.versions import ServedVersion

if TYPE_CHECKING:
    from perimeter365.model.cloud import Cloud
    from perimeter365.model.endpoint_set import EndpointSet

MOST_PAIRS = 8_192
"""The maximum number of pairs of lists whose differences are kept."""

_pairs: dict[tuple[str, str], tuple[ChangeRecord, ...]] = {}
"""Hashes of two lists -> the records from one to the other, without effective dates."""


class LazyRecords(Sequence[ChangeRecord]):
    """Change records that are made when they are asked for.

    >>> len(LazyRecords(lambda: ()))
    0
    """

    def __init__(self, make: Callable[[], tuple[ChangeRecord, ...]]) -> None:
        self._make = make
        self._made: tuple[ChangeRecord, ...] | None = None

    @property
    def _records(self) -> tuple[ChangeRecord, ...]:
        if self._made is None:
            self._made = self._make()
        return self._made

    @overload
    def __getitem__(self, index: int) -> ChangeRecord: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ChangeRecord, ...]: ...
    def __getitem__(self, index: int | slice) -> ChangeRecord | tuple[ChangeRecord, ...]:
        """Return a record or several. Raises StoreError if a list cannot be read."""
        return self._records[index]

    def __iter__(self) -> Iterator[ChangeRecord]:
        """Iterate over the records. Raises StoreError if a list cannot be read."""
        return iter(self._records)

    def __len__(self) -> int:
        """Return the number of records. Raises StoreError if a list cannot be read."""
        return len(self._records)


@dataclass(frozen=True, kw_only=True)
class Past:
    """What the records of a cloud are made of."""

    place: str
    """Path or URL of the store that has the lists."""
    cloud: Cloud
    versions: tuple[ServedVersion, ...]
    stored: Mapping[str, StoredVersion]
    """Version -> what the store has of it."""
    known: tuple[ChangeRecord, ...]
    """Upstream's own records."""
    effective: EffectiveDates
    embedded: Mapping[str, tuple[EndpointSet, ...]]
    """Hash -> a list that the store may not have."""

    def records(self) -> tuple[ChangeRecord, ...]:
        """Return the records, oldest first. Raises StoreError if a list cannot be read."""
        used = {record.id for record in self.known}
        numbers = (number for number in range(1, 1 << 31) if number not in used)
        found: list[ChangeRecord] = []
        with _Lists(self) as lists:
            for old, new in pairwise(self.versions):
                if own := self._upstream(old, new):
                    found += own
                    continue
                for record in lists.pair(old, new):
                    days = (self.effective.get((record.endpoint_set, value)) for value in _added(record))
                    day = min(filter(None, days), default=None)
                    found.append(replace(record, id=next(numbers), version=new.number, effective=day))
        return tuple(found)

    def _upstream(self, old: ServedVersion, new: ServedVersion) -> tuple[ChangeRecord, ...]:
        """Return upstream's records from one served version to the next.

        () if they do not describe this step.
        """
        if not (self._is_published(old) and self._is_published(new)):
            return ()
        if any(old.number < version < new.number for version in self.stored):
            return ()
        found = tuple(record for record in self.known if old.number < record.version <= new.number)
        return found if all(record.version == new.number for record in found) else ()

    def _is_published(self, version: ServedVersion) -> bool:
        stored = self.stored.get(version.number)
        return stored is not None and version.number == version.upstream and version.hash == stored.published


class _Lists:
    """Reads the lists that are compared, one after the other."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._open = ExitStack()
        self._store: Reader | None = None
        self._last: tuple[str, State] | None = None

    def __enter__(self) -> _Lists:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def pair(self, old: ServedVersion, new: ServedVersion) -> tuple[ChangeRecord, ...]:
        """Return the records from one list to another, numbered from 1."""
        key = old.hash, new.hash
        if (found := _pairs.get(key)) is None:
            found = tuple(pair_records(self._state(old), self._state(new))) if old.hash != new.hash else ()
            if len(_pairs) >= MOST_PAIRS:
                _pairs.clear()
            _pairs[key] = found
        return found

    def _state(self, version: ServedVersion) -> State:
        if self._last and self._last[0] == version.hash:
            return self._last[1]
        if sets := self._past.embedded.get(version.hash):
            state = State(cloud=self._past.cloud, version=version.number, origin=LIVE, sets=sets)
        else:
            if self._store is None:
                self._store = self._open.enter_context(reader(self._past.place))
            state = self._store.content(self._past.cloud, version.number, version.hash)
        self._last = version.hash, state
        return state


def _added(record: ChangeRecord) -> Iterable[str]:
    return (*record.added_prefixes, *record.added_hosts)
