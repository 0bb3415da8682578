"""Values that a store returns.

They are versions, intervals, heads, held states and notifications.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from perimeter365.model.catalog import Origin
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.ids import set_id
from perimeter365.model.state import State
from perimeter365.model.version import Version

EntryKind = Literal["host", "prefix"]
HOST: Final = "host"
PREFIX: Final = "prefix"

Resolution = Literal["accepted", "rejected", "healed", "replaced"]
RESOLUTIONS: tuple[Resolution, ...] = get_args(Resolution)
WAITING: Final = ""
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
HEALED: Final = "healed"
REPLACED: Final = "replaced"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredVersion:
    """A version of a cloud's list in a store."""

    cloud: Cloud
    version: Version
    origin: Origin
    """`live` or `recorded`."""
    recorded: date | None
    """Day on which it was seen; for a live version, the day of its sync (UTC). None if only the version is known."""
    hash: str
    """Hash of the content; versions with the same content share it."""
    upstream: str = ""
    """Hash of the content that upstream published, if entries of it are held or rejected; else ""."""

    @property
    def published(self) -> str:
        """Hash of the content that upstream published."""
        return self.upstream or self.hash

    @property
    def day(self) -> str:
        """ISO date from which the version is known.

        It is `recorded`, else the date in the version.
        """
        if self.recorded:
            return self.recorded.isoformat()
        return self.version.iso

    def to_dict(self) -> dict[str, Any]:
        """Return the version as JSON data."""
        return {
            "cloud": str(self.cloud),
            "version": self.version,
            "origin": self.origin,
            "recorded": self.recorded.isoformat() if self.recorded else None,
            "hash": self.hash,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Consecutive versions in which an endpoint set listed a host or prefix."""

    value: str
    """The host or prefix as listed."""
    kind: EntryKind
    """`host` or `prefix`."""
    cloud: Cloud
    endpoint_set: int
    since: Version
    """The first version that lists it."""
    until: Version | None
    """The first version that no longer lists it; None if the newest version does."""

    @property
    def id(self) -> str:
        """Id of the endpoint set, e.g. `ws/worldwide/11`."""
        return set_id(self.cloud, self.endpoint_set)

    def to_dict(self) -> dict[str, Any]:
        """Return the interval as JSON data."""
        return {
            "value": self.value,
            "cloud": str(self.cloud),
            "id": self.id,
            "from": self.since,
            "to": self.until,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedIntervals:
    """The intervals of a value and of values that contain it or that it contains."""

    exact: tuple[Interval, ...]
    """Intervals of the value itself."""
    wider: tuple[Interval, ...]
    """Intervals of prefixes that contain it and patterns that cover it."""
    narrower: tuple[Interval, ...]
    """Intervals of prefixes that it contains, and of names and patterns that it covers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InForce:
    """The version of a cloud's list that is in force."""

    cloud: Cloud
    version: Version
    pinned: bool
    """Whether it stays in force when a sync commits newer versions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForcedVersion:
    """A content that was in force, and since when."""

    cloud: Cloud
    version: Version
    """`0000000000` for the embedded list, which is in force again after an `unpin` before the first sync."""
    hash: str
    """Hash of the content; for the embedded list, which is not stored, that of the entry before."""
    at: str
    """Time at which it came into force, ISO 8601 in UTC; "" if it is not known."""
    id: int
    """Number of the entry, ascending in time."""
    back: int | None = None
    """The number of the earlier entry to which a rollback returned; None for any other change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldState:
    """A state of which all or some entries are or were held until a person decides.

    `Store.state_of` returns its content, as upstream published it.
    """

    id: int
    cloud: Cloud
    version: Version
    origin: Origin
    hash: str
    reasons: tuple[Reason, ...]
    """Why the whole state is held; () if only entries are, and the rest of it came into force."""
    entries: tuple[HeldEntry, ...] = ()
    """The single entries that are held, by set."""
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Other data that is needed when it is accepted (change records), as JSON."""
    at: str
    """Time at which it was held, ISO 8601 in UTC."""
    resolved: Resolution | Literal[""] = WAITING
    """One of `RESOLUTIONS`; "" while it is held."""
    resolved_at: str = ""

    def is_of(self, state: State, reasons: Iterable[Reason], entries: Iterable[HeldEntry]) -> bool:
        """Return True if it holds the same content of the same version.

        It holds it as a whole, too, or with the same entries.
        """
        if (self.cloud, self.version, self.hash) != (state.cloud, state.version, state.hash):
            return False
        whole = any(True for _ in reasons)
        return self.whole == whole and (whole or {e.change for e in self.entries} == {e.change for e in entries})

    @property
    def whole(self) -> bool:
        """True if nothing of the state came into force."""
        return bool(self.reasons)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notification:
    """A notification in the outbox."""

    id: int
    kind: str
    """Kind of event: `committed`, `held` …"""
    payload: Mapping[str, Any]
    at: str
    attempts: int
    """Number of failed deliveries."""
    problem: str
    """Message of the last failure."""
