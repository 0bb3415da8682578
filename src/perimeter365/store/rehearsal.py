"""A store for a dry run of a sync: it reads the real store and stores nothing.

    sync(Rehearsal(None), source, [Cloud.WORLDWIDE], base=embedded())[0].status        # no store yet
        'committed'

The real store is opened again for each query, so a slow fetch holds no lock, and its file may be read-only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from perimeter365.errors import StoreError
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.state import State
from perimeter365.store._lists import Select
from perimeter365.store.connection import NO_STORE_HELP
from perimeter365.store.entries import HeldState, Resolution
from perimeter365.store.place import store_place
from perimeter365.store.reader import reader
from perimeter365.store.writer import StoreWriter


class Rehearsal(StoreWriter):
    """A read-only view of a store; a missing store counts as empty."""

    def __init__(self, place: str | None = None, *, clock: Callable[[], datetime] | None = None) -> None:
        """Create a rehearsal.

        Args:
            place: as for `Store`; a store that does not exist counts as empty.
            clock: returns the current time, with a time zone; None for the system clock.
        """
        # The base class is not initialized: it needs an open database.
        self.place = store_place(place)
        self._clock = clock or (lambda: datetime.now(UTC))

    @contextmanager
    def selecting(self) -> Iterator[Select]:
        """Yield the function that queries the real store.

        Without a store it returns no rows.
        """
        try:
            opened = reader(self.place)
        except StoreError as error:
            if error.help != NO_STORE_HELP:
                raise
            yield lambda sql, **values: []
            return
        with opened, opened.selecting() as select:
            yield select

    def close(self) -> None:
        """No-op: no connection is open."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """No-op."""
        yield

    def commit(
        self,
        state: State,
        *,
        effective: EffectiveDates | None = None,
        records: Iterable[ChangeRecord] = (),
        outbox: Iterable[tuple[str, Mapping[str, Any]]] = (),
        replace_content: bool = False,
        published: State | None = None,
    ) -> bool:
        """Return True: the state would be new."""
        return True

    def add_held(
        self,
        state: State,
        reasons: Iterable[Reason],
        extra: Mapping[str, Any] | None = None,
        entries: Iterable[HeldEntry] = (),
    ) -> HeldState:
        """Return the held state that would result.

        It is an existing one, or a new one with number 0.
        """
        reasons, entries = tuple(reasons), tuple(entries)
        for each in self.held():
            if each.is_of(state, reasons, entries):
                return each
        return HeldState(
            id=0,
            cloud=state.cloud,
            version=state.version,
            origin=state.origin,
            hash=state.hash,
            reasons=reasons,
            entries=entries,
            at=self.now(),
        )

    def resolve(self, number: int, how: Resolution) -> HeldState:
        """Return the held state, which stays held."""
        return next(held for held in self.held() if held.id == number)

    def add_notification(self, kind: str, payload: Mapping[str, Any]) -> None:
        """No-op."""

    def set_note(self, key: str, value: str) -> None:
        """No-op."""
