"""Tables for held states, notifications, dates, change records and notes.

The dates are effective dates of announced additions.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from perimeter365.errors import UnknownNameError
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.state import State
from perimeter365.store._writes import insert_body, insert_rows
from perimeter365.store.connection import Connection
from perimeter365.store.database import Database
from perimeter365.store.entries import ACCEPTED, HEALED, REJECTED, RESOLUTIONS, HeldState, Resolution
from perimeter365.store.writer import StoreWriter
from perimeter365.wire import write


class Queues(StoreWriter):
    """Tables that syncs and notifications write.

    Each method is one transaction, or part of an open one.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(database)
        self._clock = clock or (lambda: datetime.now(UTC))

    # -- held states -------------------------------------------------------------------------------------

    def add_held(
        self,
        state: State,
        reasons: Iterable[Reason],
        extra: Mapping[str, Any] | None = None,
        entries: Iterable[HeldEntry] = (),
    ) -> HeldState:
        """Store a state until a person decides.

        It is not a version of its cloud until it is committed.

        If the same content of the same version is already held, as a whole or with the same entries, that held state is
        returned.

        Args:
            state: the state, as upstream published it.
            reasons: why it is held as a whole; () if only entries are held.
            extra: a JSON object with other data that is needed when the state is accepted, such as change records.
            entries: the single entries that are held.
        """
        with self._database.writing() as connection:
            reasons, entries = tuple(reasons), tuple(entries)
            for each in self.held():
                if each.is_of(state, reasons, entries):
                    return each
            insert_body(connection, state)
            row = {
                "cloud": state.cloud.value,
                "version": state.version,
                "origin": state.origin,
                "hash": state.hash,
                "reasons": json.dumps([reason.to_dict() for reason in reasons]),
                "extra": json.dumps(dict(extra or {})),
                "entries": json.dumps([entry.to_dict() for entry in entries]),
                "at": self.now(),
            }
            insert_rows(connection, "held", [row])
            return self.held()[-1]

    def resolve(self, number: int, how: Resolution) -> HeldState:
        """Record the resolution of a held state.

        Accepting does not commit the state: the caller does both in one `writing()`.

        Args:
            number: the id of the held state.
            how: one of `RESOLUTIONS`.

        Raises:
            UnknownNameError: no held state has this number, or `how` is not a resolution.
        """
        if how not in RESOLUTIONS:
            raise UnknownNameError("resolution", how, RESOLUTIONS)
        with self._database.writing() as connection:
            waiting = {each.id: each for each in self.held()}
            if how in (ACCEPTED, HEALED):  # rejected entries can be admitted later, or upstream withdraws them
                waiting |= {
                    each.id: each for each in self.held(resolved=True) if each.resolved == REJECTED and not each.whole
                }
            if number not in waiting:
                hint = "" if waiting else "no state is held"
                raise UnknownNameError("held state", str(number), map(str, waiting), help=hint)
            now = self.now()
            sql = "UPDATE p365_held SET resolved = :how, resolved_at = :now WHERE id = :number"
            connection.execute(sql, how=how, now=now, number=number)
            return replace(waiting[number], resolved=how, resolved_at=now)

    # -- notifications -----------------------------------------------------------------------------------

    def add_notification(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Add a notification to the outbox."""
        with self._database.writing() as connection:
            self._enqueue(connection, [(kind, payload)])

    def mark_delivered(self, number: int) -> None:
        """Mark a notification as delivered. It is no longer pending once this returns."""
        with self._database.writing() as connection:
            sql = "UPDATE p365_outbox SET delivered = :now, problem = '' WHERE id = :number"
            connection.execute(sql, now=self.now(), number=number)

    def mark_undelivered(self, number: int, problem: str) -> None:
        """Record a failed delivery and its cause."""
        with self._database.writing() as connection:
            sql = "UPDATE p365_outbox SET attempts = attempts + 1, problem = :problem WHERE id = :number"
            connection.execute(sql, problem=problem, number=number)

    def _enqueue(self, connection: Connection, items: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        at = self.now()
        new = {"at": at, "attempts": 0, "problem": ""}
        insert_rows(connection, "outbox", ({"kind": kind, "payload": json.dumps(payload), **new} for kind, payload in items))

    # -- change records and notes ------------------------------------------------------------------------

    def _store_records(
        self, connection: Connection, cloud: Cloud, effective: EffectiveDates, records: Iterable[ChangeRecord]
    ) -> None:
        """Store change records and effective dates. Newer ones replace older ones."""
        days: dict[tuple[int, str], date] = {}
        bodies = {}
        for record in sorted(records, key=lambda r: (r.version, r.id)):
            bodies[record.id] = {
                "cloud": cloud.value,
                "id": record.id,
                "version": record.version,
                "body": json.dumps(write.change_record(record)),
            }
            days |= record.effective_dates
        days |= effective
        connection.execute_many("DELETE FROM p365_records WHERE cloud = :cloud AND id = :id", bodies.values())
        insert_rows(connection, "records", bodies.values())
        rows = [{"cloud": cloud.value, "set_id": s, "value": v, "day": day.isoformat()} for (s, v), day in days.items()]
        sql = "DELETE FROM p365_effective WHERE cloud = :cloud AND set_id = :set_id AND value = :value"
        connection.execute_many(sql, rows)
        insert_rows(connection, "effective", rows)

    def set_note(self, key: str, value: str) -> None:
        """Store a value under a key; "" deletes it."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM p365_notes WHERE key = :key", key=key)
            if value:
                insert_rows(connection, "notes", [{"key": key, "value": value}])
