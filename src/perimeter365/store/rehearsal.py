"""A store to rehearse a sync on: it answers as the real one does, and keeps nothing.

    sync(Rehearsal(None), source, [Cloud.WORLDWIDE], base=embedded())[0].status        # no store yet
        'committed'

The real one is opened anew for each question, so a fetch that takes its time keeps no lock, and its file may be
read-only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from perimeter365.errors import StoreError
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.store._lists import Ask
from perimeter365.store.connection import NO_STORE
from perimeter365.store.entries import Held, Resolution
from perimeter365.store.place import store_place
from perimeter365.store.reader import reader
from perimeter365.store.writer import StoreWriter


class Rehearsal(StoreWriter):
    """Asks a store, or answers as an empty one; changes nothing."""

    def __init__(self, place: str | None = None, *, clock: Callable[[], datetime] | None = None) -> None:
        """Take a place.

        Args:
            place: as `Store` takes it; what does not exist counts as empty.
            clock: gives the instant, with a time zone; None for the system's clock.
        """
        # Not the base's own, which takes a database that is open.
        self.place = store_place(place)
        self._clock = clock or (lambda: datetime.now(UTC))

    @contextmanager
    def asking(self) -> Iterator[Ask]:
        """Give the function that asks the real store; without one its answers are empty."""
        try:
            opened = reader(self.place)
        except StoreError as error:
            if error.help != NO_STORE:
                raise
            yield lambda sql, **values: []
            return
        with opened, opened.asking() as ask:
            yield ask

    def close(self) -> None:
        """No-op: nothing is open."""

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
    ) -> bool:
        """Return that it would be new."""
        return True

    def hold(self, state: State, reasons: Iterable[Reason], extra: Mapping[str, Any] | None = None) -> Held:
        """Return the held state that it would be: one that waits already, or a new one with number 0."""
        for each in self.held():
            if (each.cloud, each.version, each.hash) == (state.cloud, state.version, state.hash):
                return each
        return Held(
            id=0,
            cloud=state.cloud,
            version=state.version,
            origin=state.origin,
            hash=state.hash,
            reasons=tuple(reasons),
            at=self.now(),
        )

    def resolve(self, number: int, how: Resolution) -> Held:
        """Return the held state, which goes on waiting."""
        return next(held for held in self.held() if held.id == number)

    def notify(self, kind: str, payload: Mapping[str, Any]) -> None:
        """No-op."""

    def set_note(self, key: str, value: str) -> None:
        """No-op."""
