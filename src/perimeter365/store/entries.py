"""What a store hands out besides states: versions, intervals, heads, held states, notifications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from perimeter365.model.catalog import Origin
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.ids import set_id
from perimeter365.model.version import Version

EntryKind = Literal["host", "prefix"]
HOST: Final = "host"
PREFIX: Final = "prefix"

Resolution = Literal["accepted", "rejected", "healed", "replaced"]
RESOLUTIONS: tuple[Resolution, ...] = get_args(Resolution)
OPEN: Final = ""
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
HEALED: Final = "healed"
REPLACED: Final = "replaced"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredVersion:
    """One version of one cloud's list that a store holds."""

    cloud: Cloud
    version: Version
    origin: Origin
    """`live` or `recorded`."""
    recorded: date | None
    """When it was seen to be so: of a live one the day of its sync (UTC); None when only the version is known."""
    hash: str
    """Of its content; versions with the same content share it."""

    @property
    def day(self) -> str:
        """The ISO day from which it is known: `recorded`, else the one in the version."""
        if self.recorded:
            return self.recorded.isoformat()
        return self.version.iso

    def to_dict(self) -> dict[str, Any]:
        """The version for JSON."""
        return {
            "cloud": str(self.cloud),
            "version": self.version,
            "origin": self.origin,
            "recorded": self.recorded.isoformat() if self.recorded else None,
            "hash": self.hash,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A stretch of versions in which one endpoint set listed one host or prefix."""

    value: str
    """As it was listed."""
    kind: EntryKind
    """`host` or `prefix`."""
    cloud: Cloud
    endpoint_set: int
    since: Version
    """The first version that lists it."""
    until: Version | None
    """The first version that does not list it any more; None while the newest one does."""

    @property
    def id(self) -> str:
        """`ws/worldwide/11`."""
        return set_id(self.cloud, self.endpoint_set)

    def to_dict(self) -> dict[str, Any]:
        """The interval for JSON."""
        return {
            "value": self.value,
            "cloud": str(self.cloud),
            "id": self.id,
            "from": self.since,
            "to": self.until,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """What a store knows of a value: its own stretches, and those of others that have to do with it."""

    itself: tuple[Interval, ...]
    wider: tuple[Interval, ...]
    """Of prefixes that hold it and patterns that cover it."""
    narrower: tuple[Interval, ...]
    """Of prefixes that it holds, and of names and patterns that it covers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InForce:
    """Which version of a cloud's list is in force."""

    cloud: Cloud
    version: Version
    pinned: bool
    """Does it stay although a sync brings newer ones?"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A state that waits for a person, or did. `Store.state_of` gives its content."""

    id: int
    cloud: Cloud
    version: Version
    origin: Origin
    hash: str
    reasons: tuple[Reason, ...]
    """Why."""
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What else came with it and is needed when it is accepted (change records), as JSON."""
    at: str
    """When, ISO 8601 in UTC."""
    resolved: Resolution | Literal[""] = OPEN
    """"" while it waits, else one of `RESOLUTIONS`."""
    resolved_at: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notification:
    """A notification in the outbox."""

    id: int
    kind: str
    """What it is about: `committed`, `held` …"""
    payload: Mapping[str, Any]
    at: str
    attempts: int
    """How often delivery has failed."""
    problem: str
    """What the last failure said."""
