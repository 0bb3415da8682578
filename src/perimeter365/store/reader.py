"""Read access to a store.

It gives versions, their content, the versions in force, and the history of entries.

    with reader("store.sqlite") as store:
        [str(i.since) for i in store.history("2603:1063::/38")][:1]
            ['2022090400']

    >>> reader("/etc/passwd")
    Traceback (most recent call last):
    perimeter365.errors.StoreError: /etc/passwd is not a SQLite database

A `Reader` has all queries. `store.writer.StoreWriter` adds the changes that a sync makes, `store.store.Store` all changes.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Self, TypeVar

from perimeter365.errors import InputError, StoreError, UnknownNameError
from perimeter365.model.catalog import ORIGINS, Catalog
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.day import parse_day
from perimeter365.model.decode import Read, decode, instant, many, natural, parse_json, sequence, string, table, whole
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.query import parse_query
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.model.word import check_word
from perimeter365.store import _lists
from perimeter365.store._lists import Select, SqlRow
from perimeter365.store.connection import missing_head_error
from perimeter365.store.database import Database
from perimeter365.store.entries import (
    HOST,
    RESOLUTIONS,
    WAITING,
    ForcedVersion,
    HeldState,
    InForce,
    Interval,
    Notification,
    RelatedIntervals,
    StoredVersion,
)
from perimeter365.store.overlay import with_states
from perimeter365.store.place import is_server, redacted_place, store_place
from perimeter365.wire import read

_T = TypeVar("_T")


class Reader:
    """Queries of a store.

    Each method sees one snapshot; several share one inside `with store.reading():`.
    """

    def __init__(self, database: Database) -> None:
        self.place = database.place
        """Path or URL."""
        self._database = database

    @contextmanager
    def selecting(self) -> Iterator[Select]:
        """Yield the function that executes queries, on one snapshot."""
        with self._database.reading() as connection:
            yield connection.select

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Make all queries inside the block see one snapshot."""
        with self.selecting():
            yield

    # -- lists -------------------------------------------------------------------------------------------

    def versions(self, cloud: Cloud | None = None) -> tuple[StoredVersion, ...]:
        """Return the versions of a cloud, or of all clouds, oldest first."""
        with self.selecting() as select:
            found = [_lists.stored(row) for row in _lists.rows_of(select, cloud)]
        return tuple(sorted(found, key=lambda v: (v.day, v.cloud)))  # stable: versions of one day keep their order

    def check_contents(self, cloud: Cloud | None = None) -> int:
        """Check that the lists of a cloud, or of all clouds, are those stored.

        Return their number.

        The list in force has to be one of them.

        Raises:
            StoreError: a list is missing or damaged.
        """
        with self.selecting() as select:
            found = [_lists.stored(row) for row in _lists.rows_of(select, cloud)]
            contents = {content for each in found for content in (each.hash, each.upstream) if content}
            for content in contents:
                _lists.body_of(select, content)
            for each in self.in_force():
                if cloud in (None, each.cloud):
                    self.head(each.cloud)
        return len(contents)

    def clouds(self) -> tuple[Cloud, ...]:
        """Return the clouds that have a version in this store."""
        with self.selecting() as select:
            return tuple(_lists.stored_clouds(select))

    def state(self, cloud: Cloud, which: str | date) -> State:
        """Return a stored state.

        Args:
            cloud: the cloud of the list.
            which: a version (ten digits); a day (`2026-08-02` or a date), for the newest version of that day; or the
                first 12 to 64 hex digits of the content's hash.

        Raises:
            UnknownNameError: no state matches; the error names the nearest version.
        """
        text = which.isoformat() if isinstance(which, date) else which
        with self.selecting() as select:
            rows = all_of_cloud = _lists.rows_of(select, cloud)
            if "-" in text:
                day = day_of(text).isoformat()
                rows = [row for row in rows if _lists.stored(row).day <= day]
            elif Version.fits(text):
                rows = [row for row in rows if row["version"] == text]
            else:
                rows = [row for row in rows if len(text) >= 12 and str(row["hash"]).startswith(text)]
            if not rows:
                raise unknown_version_error(cloud, text, [str(row["version"]) for row in all_of_cloud])
            return _lists.state_of(select, rows[-1])

    def content(self, cloud: Cloud, version: str, content: str) -> State:
        """Return the list with a hash as a state of a version.

        The version may have another content by now.

        Raises StoreError if the list is missing or damaged.
        """
        row = {"cloud": cloud.value, "version": version, "origin": LIVE, "hash": content, "recorded": None}
        with self.selecting() as select:
            return _lists.state_of(select, row)

    def states(self, cloud: Cloud) -> Iterator[State]:
        """Yield all states of a cloud, oldest first, reading one at a time.

        Inside `reading()` they share a snapshot.
        """
        with self.selecting() as select:
            rows = _lists.rows_of(select, cloud)
        for row in rows:
            with self.selecting() as select:
                state = _lists.state_of(select, row)
            yield state

    def head(self, cloud: Cloud) -> State | None:
        """Return the state in force; None if nothing was synced or pinned.

        In that case the embedded list is in force.
        """
        with self.selecting() as select:
            version = _lists.in_force(select, cloud)
            if version and version not in [row["version"] for row in _lists.rows_of(select, cloud)]:
                raise missing_head_error(redacted_place(self.place), cloud, version)
            return self.state(cloud, version) if version else None

    def newest(self, cloud: Cloud) -> State | None:
        """Return the state of the last sync; None before the first.

        A pinned version may keep it out of force.
        """
        with self.selecting() as select:
            rows = [row for row in _lists.rows_of(select, cloud) if row["origin"] == LIVE]
            return _lists.state_of(select, rows[-1]) if rows else None

    def names(self) -> frozenset[str]:
        """Return all names and patterns that a stored list of any cloud has had."""
        with self.selecting() as select:
            rows = select("SELECT DISTINCT value FROM p365_intervals WHERE kind = :kind", kind=HOST)
        return frozenset(str(row["value"]) for row in rows)

    def numbers(self, cloud: Cloud) -> frozenset[int]:
        """Return the numbers of all endpoint sets that a stored list of a cloud has had."""
        with self.selecting() as select:
            rows = select("SELECT DISTINCT set_id FROM p365_intervals WHERE cloud = :cloud", cloud=cloud.value)
        return frozenset(int(row["set_id"]) for row in rows)

    def published(self, cloud: Cloud) -> State | None:
        """Return what upstream published with the version of the last sync.

        None before the first sync.

        It differs from `newest` by the entries that are held or rejected.
        """
        with self.selecting() as select:
            rows = [row for row in _lists.rows_of(select, cloud) if row["origin"] == LIVE]
            return _lists.state_of(select, {**rows[-1], "hash": _lists.stored(rows[-1]).published}) if rows else None

    def forced(self, cloud: Cloud) -> tuple[ForcedVersion, ...]:
        """Return what was in force of a cloud, oldest first; the last one is in force."""
        with self.selecting() as select:
            rows = select("SELECT * FROM p365_forces WHERE cloud = :cloud ORDER BY id", cloud=cloud.value)
        return _each(
            lambda row: ForcedVersion(
                cloud=_lists.cloud_of(row["cloud"]),
                version=_lists.version_of(row["version"]),
                hash=string(row["hash"]),
                at=_time(row["at"]) if row["at"] else "",
                id=natural(row["id"]),
                back=None if row["back"] is None else natural(row["back"]),
            ),
            rows,
        )

    def in_force(self) -> tuple[InForce, ...]:
        """Return the version in force of each cloud that has one in this store."""
        with self.selecting() as select:
            rows = select("SELECT * FROM p365_heads")
        found = [
            InForce(cloud=_lists.cloud_of(r["cloud"]), version=_lists.version_of(r["version"]), pinned=bool(r["pinned"]))
            for r in rows
        ]
        return tuple(sorted(found, key=lambda f: f.cloud))

    def catalog(self, base: Catalog) -> Catalog:
        """Return a catalog with its lists replaced by the lists in force."""
        with self.reading():
            states = [self.head(each.cloud) for each in self.in_force()]
        return with_states(base, filter(None, states))

    def history(self, value: str) -> tuple[Interval, ...]:
        """Return the intervals in which sets listed a value.

        For a value that was never listed itself, the intervals of prefixes that contain it or patterns that cover it
        are returned.

        Args:
            value: an address, prefix, host, pattern or URL, as for `lookup`.

        Raises:
            PrefixError, HostPatternError, InputError: the value is not valid.
        """
        query = parse_query(value)
        with self.selecting() as select:
            return _lists.intervals_for(select, query)

    def related(self, value: str) -> RelatedIntervals:
        """Return the intervals of a value and of related values.

        Related values contain it or are part of it. Raises as `history`.
        """
        query = parse_query(value)
        with self.selecting() as select:
            return _lists.related(select, query)

    def problems(self) -> tuple[str, ...]:
        """Return violated invariants of the store as messages, for `doctor`.

        Return () if the store is consistent.
        """
        with self._database.reading() as connection:
            connection.check_lists()
            return tuple(_lists.problems(connection.select))

    # -- held states, notifications, change records, notes -----------------------------------------------

    def held(self, *, resolved: bool = False) -> tuple[HeldState, ...]:
        """Return the held states, oldest first.

        With `resolved`, also return those that were decided.
        """
        with self.selecting() as select:
            rows = select("SELECT * FROM p365_held ORDER BY id")
        return _each(_held, (row for row in rows if resolved or not row["resolved"]))

    def state_of(self, held: HeldState) -> State:
        """Return the content of a held state."""
        return replace(self.content(held.cloud, held.version, held.hash), origin=held.origin)

    def pending(self) -> tuple[Notification, ...]:
        """Return the undelivered notifications, oldest first."""
        with self.selecting() as select:
            rows = select("SELECT * FROM p365_outbox WHERE delivered IS NULL ORDER BY id")
        return _each(_notification, rows)

    def effective(self, cloud: Cloud) -> EffectiveDates:
        """Return the effective dates of all additions that upstream has announced."""
        with self.selecting() as select:
            rows = select("SELECT * FROM p365_effective WHERE cloud = :cloud", cloud=cloud.value)
        return dict(_each(lambda row: ((whole(row["set_id"]), string(row["value"])), date.fromisoformat(row["day"])), rows))

    def records(self, cloud: Cloud) -> tuple[ChangeRecord, ...]:
        """Return the stored change records of upstream, ordered by number."""
        with self.selecting() as select:
            rows = select("SELECT body FROM p365_records WHERE cloud = :cloud ORDER BY id", cloud=cloud.value)
        return _each(lambda row: read.change_record(parse_json(string(row["body"]))), rows)

    def note(self, key: str) -> str:
        """Return the value stored under a key; "" if there is none."""
        with self.selecting() as select:
            rows = select("SELECT value FROM p365_notes WHERE key = :key", key=key)
        read = _time if key.startswith(("sync.", "alarm.")) else string
        return (
            decode(f"the store is damaged: the note {key}", lambda row: read(row["value"]), rows[0], StoreError)
            if rows
            else ""
        )


def reader(place: str | None = None) -> Reader:
    """Open a store for reading. Close it, or use it in a `with` statement.

    A store of an older release is upgraded. A file is read from one snapshot until it is closed; on a server, each
    method sees the current state.

    Args:
        place: as for `store.store.Store`.

    Raises:
        StoreError: the store does not exist, is damaged, from another program, newer, or cannot be reached.
    """
    database = Database(store_place(place), create=False)
    if not is_server(database.place):  # a long snapshot would prevent VACUUM on a server
        database.hold_snapshot()
    return Reader(database)


def unknown_version_error(cloud: Cloud, text: str, known: list[str]) -> UnknownNameError:
    """Return the error for a version that is not stored."""
    hint = "" if known else f"the store has no version of {cloud}: run `perimeter365 sync`, or import a history"
    return UnknownNameError(f"version of {cloud} in the store", text, known, help=hint)


def day_of(text: str) -> date:
    """Parse a day where a version is allowed too. Raises InputError."""
    try:
        return parse_day(text)
    except ValueError:
        raise InputError(f"{text!r} is neither a version (ten digits) nor a day (YYYY-MM-DD)") from None


def _each(read: Read[_T], rows: Iterable[SqlRow]) -> tuple[_T, ...]:
    """Convert rows. Raises StoreError if one is damaged."""
    return tuple(decode("the store is damaged", read, row, StoreError) for row in rows)


def _held(row: SqlRow) -> HeldState:
    return HeldState(
        id=natural(row["id"]),
        cloud=_lists.cloud_of(row["cloud"]),
        version=Version(string(row["version"])),
        origin=check_word(row["origin"], ORIGINS, "an origin"),
        hash=string(row["hash"]),
        reasons=tuple(map(Reason.from_dict, sequence(parse_json(string(row["reasons"]))))),
        entries=many(HeldEntry.from_dict)(parse_json(string(row["entries"]))),
        extra=table(parse_json(string(row["extra"]))),
        at=_time(row["at"]),
        resolved=check_word(row["resolved"] or WAITING, (WAITING, *RESOLUTIONS), "a resolution"),
        resolved_at=_time(row["resolved_at"]) if row["resolved_at"] else "",
    )


def _notification(row: SqlRow) -> Notification:
    return Notification(
        id=natural(row["id"]),
        kind=string(row["kind"]),
        payload=table(parse_json(string(row["payload"]))),
        at=_time(row["at"]),
        attempts=natural(row["attempts"]),
        problem=string(row["problem"]),
    )


def _time(value: object) -> str:
    instant(value)
    return string(value)
