"""A store to rehearse a sync on: it answers as the real one does, and keeps nothing of what it is told.

    sync(Rehearsal(None), source, [Cloud.WORLDWIDE], base=embedded())[0].status        # no store yet
        'committed'

It is opened anew for each question, so a fetch that takes its time keeps no lock, and the real one's file may be read-only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from perimeter365.errors import StoreError
from perimeter365.history.storage._lists import Ask
from perimeter365.history.storage.door import reader
from perimeter365.history.storage.entries import Held
from perimeter365.history.storage.store import Store
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.state import State
from perimeter365.sources._heads import NO_STORE
from perimeter365.sources.place import store_place


class Rehearsal(Store):
    """Asks a store, or answers as an empty one; changes are taken and forgotten."""

    def __init__(self, place: str | None = None, *, clock: Callable[[], datetime] | None = None) -> None:
        """Take a place.

        Args:
            place: as `Store` takes it; what is not there counts as empty.
            clock: gives the instant, with a time zone; None for the system's clock.
        """
        # Not Store's own: that would open the database to write.
        self.place = store_place(place)
        self._clock = clock or (lambda: datetime.now().astimezone())

    @contextmanager
    def _asking(self) -> Iterator[Ask]:
        try:
            found = reader(self.place)
        except StoreError as error:
            if error.help != NO_STORE:
                raise
            yield lambda sql, **values: []
            return
        with found as opened, opened._asking() as ask:  # noqa: SLF001 (a reader's own, asked by a reader)
            yield ask

    def close(self) -> None:
        """Nothing is open."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """As if."""
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
        """As if."""
        return True

    def hold(self, state: State, reasons: Iterable[Mapping[str, Any]], extra: Mapping[str, Any] | None = None) -> Held:
        """The held state that it would be; one that waits already is itself, another one has number 0."""
        for each in self.held():
            if (each.cloud, each.version, each.hash) == (state.cloud, state.version, state.hash):
                return each
        known = (dict(reason) for reason in reasons)
        return Held(
            id=0,
            cloud=state.cloud,
            version=state.version,
            origin=state.origin,
            hash=state.hash,
            reasons=tuple(known),
            at=self.now(),
        )

    def resolve(self, number: int, how: str) -> Held:
        """As if."""
        return next(held for held in self.held() if held.id == number)

    def notify(self, kind: str, payload: Mapping[str, Any]) -> None:
        """As if."""

    def set_note(self, key: str, value: str) -> None:
        """As if."""
