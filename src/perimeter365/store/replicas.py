r"""The processes of the service, and which versions each of them serves.

    with Replicas("store.sqlite") as replicas:
        replicas.beat(Replica(id="web1-71-0c5d", keep=370.0, served={Cloud.WORLDWIDE: Version("2026110100")}))
        [each.age for each in replicas.rows()]
            [0.02]

A row is written by its process alone, and read by all of them (`web.announce`). On a server, it is in the store's database.
A store in a file has the rows in a file of its own, `STORE.replicas`: each change of the store itself makes every process
read all lists again. That file may be deleted while no process of the service runs.

The age of a row is computed by the database, so the clocks of several machines are not compared.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode, mapping, parse_json, parsed, real, string, table, text
from perimeter365.model.version import Version
from perimeter365.store.database import Database
from perimeter365.store.place import is_server

SUFFIX = ".replicas"
"""What the name of the file with the rows has after that of the store."""

FORGET = 86_400.0
"""Seconds after which a row is deleted when no cache can have an answer of its process any more."""

MOST = 1_000
"""The maximum number of rows."""

MOST_BYTES = 10_000
"""The maximum size of the versions of a row, as JSON."""

Versions = Mapping[Cloud, Version]
"""Cloud -> the number under which its list is served."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replica:
    """A process of the service."""

    id: str
    """A name that no other process has: at most 100 letters, digits, `.`, `_` and `-`."""
    age: float = 0.0
    """Seconds since its last sign of life, by the clock of the database."""
    stopped: bool = False
    """Whether it has stopped serving."""
    keep: float
    """Seconds for which caches may have an answer of it: its max-age and the margin."""
    served: Versions = field(default_factory=dict)
    """What it serves."""
    settled: Versions = field(default_factory=dict)
    """The newest versions than which neither it nor a cache has older ones of it."""
    announced: Versions = field(default_factory=dict)
    """What it has announced."""


class Replicas:
    """The rows of all processes that serve one store.

    Close it, or use it in a `with` statement.
    """

    def __init__(self, place: str) -> None:
        """Create the reader and writer of rows. Nothing is opened yet.

        Args:
            place: path or URL of the store, as `store.place.store_place` returns it.
        """
        self.store = place
        self.place = place if is_server(place) else f"{place}{SUFFIX}"
        """Path or URL of the rows."""
        self._opened: Database | None = None

    def beat(self, replica: Replica) -> None:
        """Write the row of a process, with the current time. Raises StoreError."""
        values = {"id": replica.id, "stopped": replica.stopped, "keep": replica.keep, "forget": FORGET}
        values |= {name: _write(getattr(replica, name)) for name in ("served", "settled", "announced")}
        try:
            with self._database().writing(alone=False) as connection:
                now = connection.source.NOW
                names = ("stopped", "keep", "served", "settled", "announced")
                sql = f"INSERT INTO p365_replicas (id, beat, {', '.join(names)})"
                sql += f" VALUES (:id, {now}, :{', :'.join(names)}) ON CONFLICT (id) DO UPDATE SET beat = excluded.beat"
                connection.execute(sql + "".join(f", {name} = excluded.{name}" for name in names), **values)
                connection.execute(f"DELETE FROM p365_replicas WHERE beat + keep + :forget < {now}", **values)  # noqa: S608
        except StoreError:
            self.close()  # the next time, the tables are checked again
            raise

    def rows(self) -> tuple[Replica, ...]:
        """Return the rows of all processes, those with the newest sign of life first.

        Raises:
            StoreError: they cannot be read, one of them is damaged, or there are too many.
        """
        try:
            with self._database().reading() as connection:
                sql = f"SELECT r.*, {connection.source.NOW} - beat AS age FROM p365_replicas r"  # noqa: S608 (a constant)
                found = connection.select(f"{sql} ORDER BY beat DESC LIMIT :most", most=MOST + 1)
        except StoreError:
            self.close()
            raise
        if len(found) > MOST:
            raise StoreError(f"more than {MOST} processes have served the store within a day")
        return tuple(decode("the row of a process of the service is damaged", _replica, row, StoreError) for row in found)

    def close(self) -> None:
        """Close all connections."""
        if self._opened:
            self._opened.close()
        self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _database(self) -> Database:
        if self._opened and not is_server(self.place) and not os.path.lexists(self.place):
            self.close()  # the file was deleted; SQLite would go on with an empty one
        if self._opened is None:
            self._opened = Database(self.place, create=True)
        return self._opened


def _write(versions: Versions) -> str:
    return json.dumps({cloud.value: versions[cloud] for cloud in sorted(versions)})


_ID = text(r"[A-Za-z0-9._-]{1,100}", "the name of a process")
_NUMBERS = mapping(parsed(Version))


def _versions(value: object) -> Versions:
    found = _NUMBERS(table(parse_json(string(value), MOST_BYTES)))
    return {Cloud.named(name): number for name, number in found.items()}


def _replica(row: Mapping[str, Any]) -> Replica:
    return Replica(
        id=_ID(row["id"]),
        age=real(row["age"]),
        stopped=bool(row["stopped"]),
        keep=real(row["keep"]),
        served=_versions(row["served"]),
        settled=_versions(row["settled"]),
        announced=_versions(row["announced"]),
    )
