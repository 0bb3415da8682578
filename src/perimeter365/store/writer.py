"""What a sync changes of a store: `Store` does it, `Rehearsal` only answers as if."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.store.entries import Held, Resolution
from perimeter365.store.reader import Reader


class StoreWriter(Reader, ABC):
    """A store that a sync asks, and to which it reports what it decided. `Store` says what each method does."""

    _clock: Callable[[], datetime]

    def now(self) -> str:
        """The instant, as it is stored: ISO 8601 in UTC, to the second."""
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """Make what is done inside one change."""

    @abstractmethod
    def commit(
        self,
        state: State,
        *,
        effective: EffectiveDates | None = None,
        records: Iterable[ChangeRecord] = (),
        outbox: Iterable[tuple[str, Mapping[str, Any]]] = (),
        replace_content: bool = False,
    ) -> bool:
        """Store what a sync fetched; return whether that was new."""

    @abstractmethod
    def hold(self, state: State, reasons: Iterable[Reason], extra: Mapping[str, Any] | None = None) -> Held:
        """Keep a state that waits for a person."""

    @abstractmethod
    def resolve(self, number: int, how: Resolution) -> Held:
        """Note what became of a held state."""

    @abstractmethod
    def notify(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Put a notification into the outbox."""

    @abstractmethod
    def set_note(self, key: str, value: str) -> None:
        """Keep a value."""
