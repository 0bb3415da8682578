"""The store of versions: every list that was synced or imported, what is in force, and since when each entry is.

    with Store("store.sqlite") as store:
        store.commit(state)                                    # True; False when it was there already
        store.head(Cloud.WORLDWIDE).version                    # '2026080200'
        [i.since for i in store.history("2603:1063::/38")]     # ['2023090300', …]

    >>> Store("/etc/passwd")
    Traceback (most recent call last):
    perimeter365.errors.StoreError: /etc/passwd is not a SQLite database

Each content is stored once, by its hash; versions point at it. A cloud's versions have one order, that of the days on
which they were seen: a sync appends, an import of recorded states inserts. Intervals follow that order.

    in force (`head`)     what a sync committed last; what was pinned, while it is; nothing before the first sync:
                          then the embedded list is. Importing recorded states never puts one into force.
    `pin`, `rollback`     put an older version into force and keep it there: syncs go on to commit, but behind it
    `unpin`               puts the version of the last sync into force again

Every method is one transaction. Several become one inside of `with store.writing():`, which also keeps other writers
out between reading the state in force and committing the next. What a method changes is on the disk when it
returns; a process that is killed leaves all of a change or nothing of it. A store may be shared by threads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from perimeter365.errors import StoreError, UnknownNameError
from perimeter365.model.change import ChangeRecord, EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.store._lists import in_force, rows_of
from perimeter365.store._queues import Queues
from perimeter365.store._writes import append, insert, set_head, unknown
from perimeter365.store.database import Database
from perimeter365.store.entries import InForce
from perimeter365.store.place import store_place
from perimeter365.store.reader import no_version


class Store(Queues):
    """A store of versions, on SQLite or PostgreSQL."""

    def __init__(
        self,
        place: str | None = None,
        *,
        create: bool = True,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Open a store; close it, or use it in a `with`.

        Args:
            place: a path, `sqlite:///PATH` or `postgresql://USER@HOST/DATABASE`; None for the
                data folder's.
            create: make it when there is none.
            clock: gives the instant, with a time zone; None for the system's clock.

        Raises:
            StoreError: it is damaged, of another program, newer, cannot be reached, or there is none.
        """
        super().__init__(Database(store_place(place), create=create), clock)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make what is done inside one change; other writers wait, and an exception undoes all of it."""
        with self._database.writing():
            yield

    def commit(
        self,
        state: State,
        *,
        effective: EffectiveDates | None = None,
        records: Iterable[ChangeRecord] = (),
        outbox: Iterable[tuple[str, Mapping[str, Any]]] = (),
        replace_content: bool = False,
    ) -> bool:
        """Store what a sync fetched and, unless another version is pinned, put it into force; all or nothing.

        Args:
            state: stored as `live`, and with the day of today when it has none.
            effective: days from which announced additions are in use; those of `records` are kept anyway.
            records: upstream's own change records, kept as they are.
            outbox: (kind, payload) of notifications.
            replace_content: a person has accepted that the version has another content than it had before.

        Returns:
            Whether the store did not have this version with this content from a sync before.

        Raises:
            StoreError: a sync has brought the version with another content; nothing was changed.
        """
        state = replace(state, origin=LIVE, recorded=state.recorded or self._clock().date())
        with self._database.writing() as connection:
            rows = rows_of(connection.ask, state.cloud)
            old = next((row for row in rows if row["version"] == state.version), None)
            fresh = old is None or old["hash"] != state.hash or old["origin"] != LIVE
            if old and old["origin"] == LIVE and old["hash"] != state.hash and not replace_content:
                raise StoreError(
                    f"{state.cloud} {state.version} is stored with another content: "
                    f"{old['hash'][:12]}, not {state.hash[:12]}",
                    help="upstream changed a version that it had published; a person has to accept that",
                )
            if old is None:
                append(connection, state, rows[-1] if rows else None)
            elif fresh:
                insert(connection, state.cloud, [state])
            if not any(force.pinned for force in self.in_force() if force.cloud is state.cloud):
                set_head(connection, state.cloud, state.version, pinned=False)
            self._keep(connection, state.cloud, effective or {}, records)
            self._put(connection, outbox)
        return fresh

    def add(self, states: Iterable[State]) -> int:
        """Store recorded states of any clouds and times; none of them comes into force. All or nothing.

        Returns:
            How many of them the store did not have.

        Raises:
            StoreError: a version is known, or given twice, with another content.
        """
        by_cloud: dict[Cloud, list[State]] = {}
        for state in states:
            by_cloud.setdefault(state.cloud, []).append(state)
        added = 0
        with self._database.writing() as connection:
            for cloud, several in by_cloud.items():
                if new := unknown(rows_of(connection.ask, cloud), several):
                    insert(connection, cloud, new)
                added += len(new)
        return added

    def pin(self, cloud: Cloud, version: str) -> InForce:
        """Put a stored version into force and keep it there. Raises UnknownNameError."""
        with self._database.writing() as connection:
            known = [str(row["version"]) for row in rows_of(connection.ask, cloud)]
            if version not in known:
                raise no_version(cloud, version, known)
            self.state(cloud, version)  # raises when its content is damaged
            set_head(connection, cloud, version, pinned=True)
        return InForce(cloud=cloud, version=Version(version), pinned=True)

    def unpin(self, cloud: Cloud) -> InForce | None:
        """Follow syncs again: the version of the last one comes into force; None when there was no sync yet."""
        with self._database.writing() as connection:
            live = [row["version"] for row in rows_of(connection.ask, cloud) if row["origin"] == LIVE]
            set_head(connection, cloud, live[-1] if live else None, pinned=False)
        return InForce(cloud=cloud, version=live[-1], pinned=False) if live else None

    def rollback(self, cloud: Cloud) -> InForce:
        """Pin the version before the one in force, so that the next sync does not bring that back.

        Versions with the content of the one in force are passed over: they would take nothing back.

        Raises UnknownNameError when nothing is in force, or nothing lies before it.
        """
        with self._database.writing() as connection:
            now = in_force(connection.ask, cloud)
            rows = rows_of(connection.ask, cloud)
            at = next((i for i, row in enumerate(rows) if row["version"] == now), 0)
            older = [row["version"] for row in rows[:at] if row["hash"] != rows[at]["hash"]]
            if not older:
                what = f"version of {cloud} with another one before it"
                raise UnknownNameError(what, now or "nothing", [], help="there is nothing to go back to")
            return self.pin(cloud, older[-1])
