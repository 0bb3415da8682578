"""The part of a store's changes that is not lists: held states, notifications, announced days, records, notes."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from perimeter365.errors import UnknownNameError
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.store._writes import put, put_body
from perimeter365.store.connection import Connection
from perimeter365.store.database import Database
from perimeter365.store.entries import RESOLUTIONS, Held, Resolution
from perimeter365.store.writer import StoreWriter
from perimeter365.wire import write


class Queues(StoreWriter):
    """What syncs and notifications keep. Every method is one transaction, or part of the one that is open."""

    def __init__(self, database: Database, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(database)
        self._clock = clock or (lambda: datetime.now(UTC))

    # -- held states -------------------------------------------------------------------------------------

    def hold(self, state: State, reasons: Iterable[Reason], extra: Mapping[str, Any] | None = None) -> Held:
        """Keep a state that waits for a person. It is in no list of versions until it is committed.

        The same content of the same version that waits already is not held twice.

        Args:
            state: what waits.
            reasons: why it waits.
            extra: a JSON object with what else came with it and is needed when it is accepted.
        """
        with self._database.writing() as connection:
            for each in self.held():
                if (each.cloud, each.version, each.hash) == (state.cloud, state.version, state.hash):
                    return each
            put_body(connection, state)
            row = {
                "cloud": state.cloud.value,
                "version": state.version,
                "origin": state.origin,
                "hash": state.hash,
                "reasons": json.dumps([reason.to_dict() for reason in reasons]),
                "extra": json.dumps(dict(extra or {})),
                "at": self.now(),
            }
            put(connection, "held", [row])
            return self.held()[-1]

    def resolve(self, number: int, how: Resolution) -> Held:
        """Note what became of a held state: one of `RESOLUTIONS`.

        Accepting does not commit: the caller does both in one `writing()`.

        Raises UnknownNameError when none of this number waits.
        """
        if how not in RESOLUTIONS:
            raise UnknownNameError("resolution", how, RESOLUTIONS)
        with self._database.writing() as connection:
            waiting = {each.id: each for each in self.held()}
            if number not in waiting:
                hint = "" if waiting else "no state is held"
                raise UnknownNameError("held state", str(number), map(str, waiting), help=hint)
            now = self.now()
            sql = "UPDATE p365_held SET resolved = :how, resolved_at = :now WHERE id = :number"
            connection.do(sql, how=how, now=now, number=number)
            return replace(waiting[number], resolved=how, resolved_at=now)

    # -- notifications -----------------------------------------------------------------------------------

    def notify(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Put a notification into the outbox."""
        with self._database.writing() as connection:
            self._put(connection, [(kind, payload)])

    def delivered(self, number: int) -> None:
        """Note that a notification has arrived. Once this returns it is not handed out again."""
        with self._database.writing() as connection:
            sql = "UPDATE p365_outbox SET delivered = :now, problem = '' WHERE id = :number"
            connection.do(sql, now=self.now(), number=number)

    def undelivered(self, number: int, problem: str) -> None:
        """Note that delivery has failed, and why."""
        with self._database.writing() as connection:
            sql = "UPDATE p365_outbox SET attempts = attempts + 1, problem = :problem WHERE id = :number"
            connection.do(sql, problem=problem, number=number)

    def _put(self, connection: Connection, items: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        at = self.now()
        new = {"at": at, "attempts": 0, "problem": ""}
        put(connection, "outbox", ({"kind": kind, "payload": json.dumps(payload), **new} for kind, payload in items))

    # -- what upstream says of changes, and notes --------------------------------------------------------

    def _keep(
        self, connection: Connection, cloud: Cloud, effective: EffectiveDates, records: Iterable[ChangeRecord]
    ) -> None:
        """Keep change records and days, the newer word in place of the older."""
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
        connection.do_each("DELETE FROM p365_records WHERE cloud = :cloud AND id = :id", bodies.values())
        put(connection, "records", bodies.values())
        rows = [{"cloud": cloud.value, "set_id": s, "value": v, "day": day.isoformat()} for (s, v), day in days.items()]
        sql = "DELETE FROM p365_effective WHERE cloud = :cloud AND set_id = :set_id AND value = :value"
        connection.do_each(sql, rows)
        put(connection, "effective", rows)

    def set_note(self, key: str, value: str) -> None:
        """Keep a value; "" forgets it."""
        with self._database.writing() as connection:
            connection.do("DELETE FROM p365_notes WHERE key = :key", key=key)
            if value:
                put(connection, "notes", [{"key": key, "value": value}])
