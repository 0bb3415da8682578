"""What a look at upstream finds, and what the store has meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from perimeter365.history.reference import of_catalog
from perimeter365.model.catalog import Catalog
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.state import LIVE, State
from perimeter365.store.entries import REJECTED, HeldState
from perimeter365.store.reader import Reader


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What one look at upstream has found."""

    new: State
    """The list, as upstream published it."""
    records: tuple[ChangeRecord, ...] = ()
    notes: tuple[str, ...] = ()
    contact: datetime
    """The time of the look before this one."""
    unreadable: tuple[HeldEntry, ...] = ()
    """Endpoint sets that this release cannot read. `new` has their last good content."""
    back: bool = False
    """True if upstream has had an older version than the last good one for a day."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the store has of a cloud while a list is judged."""

    old: State
    """The last good state."""
    published: str
    """The hash of what upstream published with its version."""
    waiting: tuple[HeldState, ...]
    """The held states without a decision."""
    rejected: tuple[HeldEntry, ...]
    """The entries that a person rejected."""

    @property
    def key(self) -> object:
        """Equal for the same contents."""
        return self.old.version, self.old.origin, self.old.hash, self.published, self.waiting, self.rejected

    @property
    def held_entries(self) -> HeldState | None:
        """The held entries of the last good state's version that need a decision."""
        return next((held for held in self.waiting if not held.whole and held.hash == self.published), None)

    @property
    def live(self) -> bool:
        """True if the last good state is that of a sync."""
        return self.old.origin == LIVE


def read_basis(store: Reader, cloud: Cloud, base: Catalog) -> Basis:
    """Return what the store has of a cloud, on one snapshot.

    Raises:
        UnknownNameError: neither the store nor `base` has the cloud.
    """
    with store.reading():
        old = last_good(store, cloud, base)
        published = store.published(cloud)
        return Basis(
            old=old,
            published=published.hash if published else old.hash,
            waiting=tuple(held for held in store.held() if held.cloud is cloud),
            rejected=rejected_entries(store, cloud),
        )


def rejected_entries(store: Reader, cloud: Cloud) -> tuple[HeldEntry, ...]:
    """Return the entries that a person rejected."""
    past = (h for h in store.held(resolved=True) if h.cloud is cloud and h.resolved == REJECTED and not h.whole)
    return tuple({entry.change: entry for held in past for entry in held.entries}.values())


def last_good(store: Reader, cloud: Cloud, base: Catalog) -> State:
    """Return the list of the last committed sync; before the first, that of `base`.

    Raises:
        UnknownNameError: neither has the cloud.
    """
    return store.newest(cloud) or of_catalog(base, cloud)
