"""The store of versions: all lists that were synced or imported.

It also has the versions in force and the history of entries.

    with Store("store.sqlite") as store:
        store.commit(state)                                    # True; False if it was already stored
        store.head(Cloud.WORLDWIDE).version                    # '2026080200'
        [i.since for i in store.history("2603:1063::/38")]     # ['2023090300', …]

    >>> Store("/etc/passwd")
    Traceback (most recent call last):
    perimeter365.errors.StoreError: /etc/passwd is not a SQLite database

Each content is stored once, by its hash; versions refer to it. The versions of a cloud are ordered by the days on which
they were seen: a sync appends, an import of recorded states inserts. Intervals follow that order.

    in force (`head`)     the version of the last sync, unless another one is pinned; before the first sync, the embedded
                          list. Importing recorded states never puts one into force.
    `pin`, `rollback`     put an older version into force and keep it there; syncs still commit newer versions
    `unpin`               puts the version of the last sync into force again

Each method is one transaction. Inside `with store.writing():` several become one, which also keeps other writers out
between reading the state in force and committing the next. A change is on disk when the method returns; a killed process
leaves a change either complete or not made at all. Threads may share a store.
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
from perimeter365.store._writes import append_state, insert_body, insert_states, new_states, set_head
from perimeter365.store.database import Database
from perimeter365.store.entries import InForce
from perimeter365.store.place import store_place
from perimeter365.store.reader import unknown_version_error


class Store(Queues):
    """A store of versions, on SQLite or PostgreSQL."""

    def __init__(
        self,
        place: str | None = None,
        *,
        create: bool = True,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Open a store. Close it, or use it in a `with` statement.

        Args:
            place: a path, `sqlite:///PATH` or `postgresql://USER@HOST/DATABASE`; None for the one in the data folder.
            create: create the store if it does not exist.
            clock: returns the current time, with a time zone; None for the system clock.

        Raises:
            StoreError: the store is damaged, from another program, newer, cannot be reached, or does not exist.
        """
        super().__init__(Database(store_place(place), create=create), clock)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Combine all changes inside the block into one transaction.

        Other writers wait; an exception rolls back.
        """
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
        published: State | None = None,
    ) -> bool:
        """Store a fetched state and put it into force unless another version is pinned.

        Either all of this is done or nothing.

        Args:
            state: the state; it is stored as `live`, with today's date if it has none.
            effective: effective dates of announced additions, in addition to those of `records`.
            records: upstream's change records, stored unchanged.
            outbox: (kind, payload) of notifications.
            replace_content: accept that the version has another content than before, as a person has decided.
            published: what upstream published with this version, if entries of it are held or rejected.

        Returns:
            True if this version with this content is new, False if a sync has stored it before.

        Raises:
            StoreError: an earlier sync stored the version with another content. Nothing was changed.
        """
        state = replace(state, origin=LIVE, recorded=state.recorded or self._clock().date())
        upstream = published.hash if published and published.hash != state.hash else None
        with self._database.writing() as connection:
            rows = rows_of(connection.select, state.cloud)
            old = next((row for row in rows if row["version"] == state.version), None)
            fresh = old is None or old["hash"] != state.hash or old["origin"] != LIVE
            if old and old["origin"] == LIVE and old["hash"] != state.hash and not replace_content:
                raise StoreError(
                    f"{state.cloud} {state.version} is stored with another content: "
                    f"{old['hash'][:12]}, not {state.hash[:12]}",
                    help="upstream has changed a published version; a person has to accept the change",
                )
            if published and upstream:
                insert_body(connection, published)
            if old is None:
                append_state(connection, state, rows[-1] if rows else None, upstream)
            elif fresh or old["upstream"] != upstream or old != [r for r in rows if r["origin"] == LIVE][-1]:
                insert_states(connection, state.cloud, [state], upstream)
            if not any(force.pinned for force in self.in_force() if force.cloud is state.cloud):
                set_head(connection, state.cloud, state.version, pinned=False, at=self.now())
            self._store_records(connection, state.cloud, effective or {}, records)
            self._enqueue(connection, outbox)
        return fresh

    def add(self, states: Iterable[State]) -> int:
        """Store recorded states of any clouds and days.

        None of them comes into force. Either all are stored or none.

        Returns:
            The number of states that were not yet stored.

        Raises:
            StoreError: a version is stored, or passed twice, with different contents.
        """
        by_cloud: dict[Cloud, list[State]] = {}
        for state in states:
            by_cloud.setdefault(state.cloud, []).append(state)
        added = 0
        with self._database.writing() as connection:
            for cloud, several in by_cloud.items():
                if new := new_states(rows_of(connection.select, cloud), several):
                    insert_states(connection, cloud, new)
                added += len(new)
        return added

    def pin(self, cloud: Cloud, version: str) -> InForce:
        """Put a stored version into force and keep it there. Raises UnknownNameError."""
        return self._pin(cloud, version)

    def _pin(self, cloud: Cloud, version: str, back: int | None = None) -> InForce:
        with self._database.writing() as connection:
            known = [str(row["version"]) for row in rows_of(connection.select, cloud)]
            if version not in known:
                raise unknown_version_error(cloud, version, known)
            self.state(cloud, version)  # raises if its content is damaged
            set_head(connection, cloud, version, pinned=True, at=self.now(), back=back)
        return InForce(cloud=cloud, version=Version(version), pinned=True)

    def unpin(self, cloud: Cloud) -> InForce | None:
        """Follow syncs again: put the version of the last sync into force.

        Return None before the first sync.
        """
        with self._database.writing() as connection:
            live = [row["version"] for row in rows_of(connection.select, cloud) if row["origin"] == LIVE]
            set_head(connection, cloud, live[-1] if live else None, pinned=False, at=self.now())
        return InForce(cloud=cloud, version=live[-1], pinned=False) if live else None

    def rollback(self, cloud: Cloud) -> InForce:
        """Pin what was in force before.

        The pin keeps the next sync from restoring the later one. The order is that of the times at which lists came into
        force, so that a list that was imported and never in force is not a result. Lists with the same content as the one in
        force are skipped, since they would change nothing; so are those whose version has another content by now.

        Raises:
            UnknownNameError: no version is in force, or nothing else was before.
        """
        with self._database.writing() as connection:
            now = in_force(connection.select, cloud)
            rows = {row["version"]: row["hash"] for row in rows_of(connection.select, cloud)}
            past = {each.id: each for each in self.forced(cloud)}
            last = max(past, default=0)
            while last and (earlier := past[last].back):  # a second rollback goes further back
                last = earlier
            older = [
                each
                for number, each in past.items()
                if number < last and each.version != now and rows.get(each.version) == each.hash != rows.get(now or "")
            ]
            if not older:
                what = f"list of {cloud} that was in force earlier"
                help = f"there is nothing to go back to; `perimeter365 pin VERSION --cloud {cloud}` takes any stored version"
                raise UnknownNameError(what, now or "nothing", [], help=help)
            return self._pin(cloud, older[-1].version, older[-1].id)
