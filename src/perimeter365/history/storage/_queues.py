"""The part of a store's changes that is not lists: held states, notifications, announced days, records, notes."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perimeter365.errors import UnknownNameError
from perimeter365.history.storage import _schema as t
from perimeter365.history.storage._engine import Database
from perimeter365.history.storage._lists import Ask
from perimeter365.history.storage._writes import asking, put_body
from perimeter365.history.storage.entries import RESOLUTIONS, Held
from perimeter365.history.storage.reader import Reader
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State


class Queues(Reader):
    """What syncs and notifications keep. Every method is one transaction, or part of the one that is open."""

    def __init__(self, database: Database, clock: Callable[[], datetime] | None = None) -> None:
        self.place = database.place
        self._database = database
        self._clock = clock or (lambda: datetime.now(UTC))

    @contextmanager
    def _asking(self) -> Iterator[Ask]:
        with self._database.reading() as connection:
            yield asking(connection)

    def now(self) -> str:
        """The instant, as it is stored: ISO 8601 in UTC, to the second."""
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")

    # -- held states -------------------------------------------------------------------------------------

    def hold(self, state: State, reasons: Iterable[Mapping[str, Any]], extra: Mapping[str, Any] | None = None) -> Held:
        """Keep a state that waits for a person. It is in no list of versions until it is committed.

        The same content of the same version that waits already is not held twice.

        Args:
            state: what waits.
            reasons: JSON objects that say why.
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
                "reasons": json.dumps([dict(reason) for reason in reasons]),
                "extra": json.dumps(dict(extra or {})),
                "at": self.now(),
            }
            connection.execute(t.held.insert(), [row])
            return self.held()[-1]

    def resolve(self, number: int, how: str) -> Held:
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
            query = t.held.update().where(t.held.c.id == number)
            connection.execute(query.values(resolved=how, resolved_at=now))
            return replace(waiting[number], resolved=how, resolved_at=now)

    # -- notifications -----------------------------------------------------------------------------------

    def notify(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Put a notification into the outbox."""
        with self._database.writing() as connection:
            self._put(connection, [(kind, payload)])

    def delivered(self, number: int) -> None:
        """Note that a notification has arrived. Once this returns it is not handed out again."""
        with self._database.writing() as connection:
            query = t.outbox.update().where(t.outbox.c.id == number)
            connection.execute(query.values(delivered=self.now(), problem=""))

    def undelivered(self, number: int, problem: str) -> None:
        """Note that delivery has failed, and why."""
        with self._database.writing() as connection:
            query = t.outbox.update().where(t.outbox.c.id == number)
            connection.execute(query.values(attempts=t.outbox.c.attempts + 1, problem=problem))

    def _put(self, connection: Connection, items: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        at = self.now()
        rows = [
            {"kind": kind, "payload": json.dumps(payload), "at": at, "attempts": 0, "problem": ""} for kind, payload in items
        ]
        if rows:
            connection.execute(t.outbox.insert(), rows)

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
                "body": json.dumps(record.to_dict()),
            }
            days |= record.effective_dates
        days |= effective
        if bodies:
            same = (t.records.c.cloud == cloud.value) & t.records.c.id.in_(bodies)
            connection.execute(t.records.delete().where(same))
            connection.execute(t.records.insert(), list(bodies.values()))
        if days:
            where = (
                (t.effective.c.cloud == cloud.value)
                & (t.effective.c.set_id == sa.bindparam("s"))
                & (t.effective.c.value == sa.bindparam("v"))
            )
            connection.execute(t.effective.delete().where(where), [{"s": s, "v": v} for s, v in days])
            rows = [{"cloud": cloud.value, "set_id": s, "value": v, "day": day.isoformat()} for (s, v), day in days.items()]
            connection.execute(t.effective.insert(), rows)

    def set_note(self, key: str, value: str) -> None:
        """Keep a value; "" forgets it."""
        with self._database.writing() as connection:
            connection.execute(t.notes.delete().where(t.notes.c.key == key))
            if value:
                connection.execute(t.notes.insert().values(key=key, value=value))
