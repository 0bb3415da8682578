"""Interface of the changes that a sync makes to a store.

`Store` and `Rehearsal` implement it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.state import State
from perimeter365.store.entries import HeldState, Resolution
from perimeter365.store.reader import Reader


class StoreWriter(Reader, ABC):
    """A store that a sync can read and change. `Store` documents the methods."""

    _clock: Callable[[], datetime]

    def now(self) -> str:
        """Return the current time as it is stored: ISO 8601 in UTC, to the second."""
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """Combine all changes inside the block into one transaction."""

    @abstractmethod
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
        """Store a fetched state and return whether it is new."""

    @abstractmethod
    def add_held(
        self,
        state: State,
        reasons: Iterable[Reason],
        extra: Mapping[str, Any] | None = None,
        entries: Iterable[HeldEntry] = (),
    ) -> HeldState:
        """Store a state until a person decides."""

    @abstractmethod
    def resolve(self, number: int, how: Resolution) -> HeldState:
        """Record the resolution of a held state."""

    @abstractmethod
    def add_notification(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Add a notification to the outbox."""

    @abstractmethod
    def set_note(self, key: str, value: str) -> None:
        """Store a value under a key."""
