"""Asks a store: which versions there are, what was in them, what is in force, since when an entry is listed.

    with reader("store.sqlite") as store:
        [str(i.since) for i in store.history("2603:1063::/38")][:1]
            ['2022090400']

    >>> reader("/etc/passwd")
    Traceback (most recent call last):
    perimeter365.errors.StoreError: /etc/passwd is not a SQLite database

A `Reader` is all that can be asked, `store.writer.StoreWriter` what a sync can also change, `store.store.Store` both in
full.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Self, TypeVar

from perimeter365.errors import InputError, StoreError, UnknownNameError
from perimeter365.model.catalog import Catalog
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.day import parse_day
from perimeter365.model.decode import Read, decode
from perimeter365.model.finding import Reason
from perimeter365.model.query import parse_query
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.store import _lists
from perimeter365.store._lists import Ask, Row
from perimeter365.store.database import Database
from perimeter365.store.entries import Held, InForce, Interval, Notification, Related, StoredVersion
from perimeter365.store.overlay import with_states
from perimeter365.store.place import is_server, store_place
from perimeter365.wire import read

_T = TypeVar("_T")


class Reader:
    """What can be asked of a store. Every method sees one moment; several do inside of `with store.reading():`."""

    def __init__(self, database: Database) -> None:
        self.place = database.place
        """Path or URL."""
        self._database = database

    @contextmanager
    def asking(self) -> Iterator[Ask]:
        """Give the function that asks, on one snapshot."""
        with self._database.reading() as connection:
            yield connection.ask

    def close(self) -> None:
        """Give up all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What is asked inside is of one moment."""
        with self.asking():
            yield

    # -- lists -------------------------------------------------------------------------------------------

    def versions(self, cloud: Cloud | None = None) -> tuple[StoredVersion, ...]:
        """The versions of a cloud, or of all, oldest first."""
        with self.asking() as ask:
            found = [_lists.stored(row) for row in _lists.rows_of(ask, cloud)]
        return tuple(sorted(found, key=lambda v: (v.day, v.cloud)))  # stable: a day's keep their order

    def state(self, cloud: Cloud, which: str | date) -> State:
        """A stored state.

        Args:
            cloud: whose list.
            which: its version (ten digits), a day (for what was the newest then; `2026-08-02` or a date), or 12
                to 64 hex digits of its content's hash.

        Raises:
            UnknownNameError: there is none; with the nearest.
        """
        text = which.isoformat() if isinstance(which, date) else which
        with self.asking() as ask:
            rows = all_of_cloud = _lists.rows_of(ask, cloud)
            if "-" in text:
                day = day_of(text).isoformat()
                rows = [row for row in rows if _lists.stored(row).day <= day]
            elif Version.fits(text):
                rows = [row for row in rows if row["version"] == text]
            else:
                rows = [row for row in rows if len(text) >= 12 and row["hash"].startswith(text)]
            if not rows:
                raise no_version(cloud, text, [str(row["version"]) for row in all_of_cloud])
            return _lists.state_of(ask, rows[-1])

    def states(self, cloud: Cloud) -> Iterator[State]:
        """All states of a cloud, oldest first; read one at a time. Inside of `reading()` they are of one moment."""
        with self.asking() as ask:
            rows = _lists.rows_of(ask, cloud)
        for row in rows:
            with self.asking() as ask:
                state = _lists.state_of(ask, row)
            yield state

    def head(self, cloud: Cloud) -> State | None:
        """The state in force; None when nothing was synced or pinned, so that the embedded list is."""
        with self.asking() as ask:
            version = _lists.in_force(ask, cloud)
            return self.state(cloud, version) if version else None

    def newest(self, cloud: Cloud) -> State | None:
        """The state of the last sync, in force or behind a pinned one; None before the first."""
        with self.asking() as ask:
            rows = [row for row in _lists.rows_of(ask, cloud) if row["origin"] == LIVE]
            return _lists.state_of(ask, rows[-1]) if rows else None

    def in_force(self) -> tuple[InForce, ...]:
        """The version in force of each cloud that has one in this store."""
        with self.asking() as ask:
            rows = ask("SELECT * FROM p365_heads")
        found = [
            InForce(cloud=Cloud(r["cloud"]), version=_lists.version_of(r["version"]), pinned=bool(r["pinned"])) for r in rows
        ]
        return tuple(sorted(found, key=lambda f: f.cloud))

    def catalog(self, base: Catalog) -> Catalog:
        """A catalog with the lists in force in place of its own."""
        with self.reading():
            states = [self.state(each.cloud, each.version) for each in self.in_force()]
        return with_states(base, states)

    def history(self, value: str) -> tuple[Interval, ...]:
        """When a value came and went: each stretch of versions in which a set listed it.

        A value that was never listed by itself is answered with the prefixes that hold it or the patterns that
        cover it.

        Args:
            value: an address, prefix, host, pattern or URL, as `lookup` takes it.

        Raises:
            PrefixError, HostPatternError, InputError: it is none of these.
        """
        query = parse_query(value)
        with self.asking() as ask:
            return _lists.intervals_for(ask, query)

    def related(self, value: str) -> Related:
        """The same, and when there was anything that holds the value, or is a part of it.

        Raises what `history` does.
        """
        query = parse_query(value)
        with self.asking() as ask:
            return _lists.related(ask, query)

    def problems(self) -> tuple[str, ...]:
        """What is wrong inside of the store, in words, for `doctor`; () when all of it holds together."""
        with self.asking() as ask:
            return tuple(_lists.problems(ask))

    # -- what syncs and notifications keep ---------------------------------------------------------------

    def held(self, *, resolved: bool = False) -> tuple[Held, ...]:
        """The states that wait for a person, oldest first; with `resolved` those too that do not any more."""
        with self.asking() as ask:
            rows = ask("SELECT * FROM p365_held ORDER BY id")
        return _each(_held, (row for row in rows if resolved or not row["resolved"]))

    def state_of(self, held: Held) -> State:
        """The content of a held state."""
        row = {"cloud": held.cloud.value, "version": held.version, "origin": held.origin, "hash": held.hash}
        with self.asking() as ask:
            return _lists.state_of(ask, {**row, "recorded": None})

    def pending(self) -> tuple[Notification, ...]:
        """What has not been delivered yet, oldest first."""
        with self.asking() as ask:
            rows = ask("SELECT * FROM p365_outbox WHERE delivered IS NULL ORDER BY id")
        return _each(_notification, rows)

    def effective(self, cloud: Cloud) -> EffectiveDates:
        """The days from which announced additions are in use, of all that upstream ever gave one."""
        with self.asking() as ask:
            rows = ask("SELECT * FROM p365_effective WHERE cloud = :cloud", cloud=cloud.value)
        return {(row["set_id"], row["value"]): date.fromisoformat(row["day"]) for row in rows}

    def records(self, cloud: Cloud) -> tuple[ChangeRecord, ...]:
        """Upstream's own change records that were kept, by their number."""
        with self.asking() as ask:
            rows = ask("SELECT body FROM p365_records WHERE cloud = :cloud ORDER BY id", cloud=cloud.value)
        return _each(lambda row: read.change_record(json.loads(row["body"])), rows)

    def note(self, key: str) -> str:
        """A value that some part of the program keeps; "" when there is none."""
        with self.asking() as ask:
            rows = ask("SELECT value FROM p365_notes WHERE key = :key", key=key)
        return str(rows[0]["value"]) if rows else ""


def reader(place: str | None = None) -> Reader:
    """Open a store to ask it; close it, or use it in a `with`. One of an older release is brought up to date.

    A file is one snapshot until it is closed; of a server each method sees what is there then.

    Args:
        place: as `store.store.Store` takes it.

    Raises:
        StoreError: there is none, or it is damaged, of another program, newer, or cannot be reached.
    """
    database = Database(store_place(place), create=False)
    if not is_server(database.place):  # there, an open snapshot would keep the server from tidying up
        database.hold_snapshot()
    return Reader(database)


def no_version(cloud: Cloud, text: str, known: list[str]) -> UnknownNameError:
    """The error for a version that is not stored."""
    hint = "" if known else f"the store has no version of {cloud}: `perimeter365 sync`, or import a history"
    return UnknownNameError(f"version of {cloud} in the store", text, known, help=hint)


def day_of(text: str) -> date:
    """The day that was given where a version may stand too. Raises InputError."""
    try:
        return parse_day(text)
    except ValueError:
        raise InputError(f"{text!r} is neither a version (ten digits) nor a day (YYYY-MM-DD)") from None


def _each(read: Read[_T], rows: Iterable[Row]) -> tuple[_T, ...]:
    """Read rows. Raises StoreError when one holds what nobody stored."""
    return tuple(decode("the store is damaged", read, row, StoreError) for row in rows)


def _held(row: Row) -> Held:
    return Held(
        id=row["id"],
        cloud=Cloud(row["cloud"]),
        version=Version(row["version"]),
        origin=row["origin"],
        hash=row["hash"],
        reasons=_reasons(row),
        extra=json.loads(row["extra"]),
        at=row["at"],
        resolved=row["resolved"] or "",
        resolved_at=row["resolved_at"] or "",
    )


def _reasons(row: Row) -> tuple[Reason, ...]:
    try:
        return tuple(map(Reason.from_dict, json.loads(row["reasons"])))
    except (ValueError, TypeError) as error:
        raise StoreError(f"the store is damaged: held state {row['id']}: {error}") from error


def _notification(row: Row) -> Notification:
    return Notification(
        id=row["id"],
        kind=row["kind"],
        payload=json.loads(row["payload"]),
        at=row["at"],
        attempts=row["attempts"],
        problem=row["problem"],
    )
