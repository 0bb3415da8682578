"""Opens a store: makes it, brings its tables up to date, and gives transactions on it.

with Database("store.sqlite", create=True).writing() as connection:
    connection.do("DELETE FROM p365_notes")
"""

import os
from contextlib import ExitStack, contextmanager

from perimeter365.errors import StoreError
from perimeter365.store.connection import ASIDE, NO_STORE, VERSION_TABLE
from perimeter365.store.migrations import REVISIONS, script
from perimeter365.store.place import is_server, redacted

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perimeter365.store.connection import Connection, Source


class Database:
    """A store's database. Transactions of one thread nest: an inner one is part of the outer one."""

    def __init__(self, place: str, *, create: bool) -> None:
        """Open it.

        Args:
            place: as `store.place.store_place` gives it.
            create: make it if there is none.

        Raises:
            StoreError: it cannot be used, or there is none and none is to be made.
        """
        from threading import local  # here, since `heads` needs none, and a cold `lookup` would feel it

        self.place = place
        self._local = local()
        self._snapshot = ExitStack()
        if create and not is_server(place) and not os.path.lexists(place):
            from perimeter365.store.sqlite import make_file

            make_file(place, migrate)
        self._source = source_of(place)
        try:
            self._update(create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give up all connections."""
        self._snapshot.close()
        self._source.close()

    def hold_snapshot(self) -> None:
        """Let all that this thread reads until `close` be of this moment."""
        connection = self._snapshot.enter_context(self.reading())
        connection.revision()  # SQLite's snapshot is of its first question

    @contextmanager
    def reading(self) -> "Iterator[Connection]":
        """One snapshot: all that is read inside is of one moment."""
        with self._transaction(writing=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> "Iterator[Connection]":
        """One change, as a whole or not at all; waits for another writer, and fails after `Connection.WAIT` seconds."""
        with self._transaction(writing=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, writing: bool) -> "Iterator[Connection]":
        active: tuple[Connection, bool] | None = getattr(self._local, "active", None)
        if active:
            if writing and not active[1]:
                raise StoreError("a store that is being read cannot be written in the same breath")
            yield active[0]
            return
        with self._source.begin(writing=writing) as connection:
            self._local.active = (connection, writing)
            try:
                yield connection
            finally:
                self._local.active = None

    def _update(self, create: bool) -> None:
        with self.reading() as connection:
            revision = connection.revision()
        if revision == REVISIONS[-1]:
            return
        if revision is not None or not is_server(self.place):
            check_schema(self.place, revision)
        elif not create:
            raise StoreError(f"there is no store at {redacted(self.place)}", help=NO_STORE)
        with self.writing() as connection:
            migrate(connection)


def source_of(place: str) -> "Source":
    """Return what begins transactions at a place, without a look at its tables.

    Raises:
        StoreError: there is no file, it is not a store, or the address is not one of a server.
    """
    if is_server(place):
        from perimeter365.store.postgres import Server

        return Server(place)
    from perimeter365.store.sqlite import File

    return File(place)


def check_schema(place: str, revision: str | None) -> None:
    """Refuse a store whose tables this version does not know. Raises StoreError."""
    if not revision:
        raise StoreError(f"{redacted(place)} is damaged: its tables do not say of which schema they are", help=ASIDE)
    if revision not in REVISIONS:
        raise StoreError(
            f"{redacted(place)} has schema {revision!r}, which this version of perimeter365 does not know",
            help="it was written by a newer one: update perimeter365, or name another store with --store",
        )


def migrate(connection: "Connection") -> None:
    """Bring the tables to the newest revision, inside of the connection's transaction."""
    revision = connection.revision()  # another process may have been first
    for number in REVISIONS[REVISIONS.index(revision) + 1 if revision else 0 :]:
        for statement in script(number).replace("SERIAL", connection.source.SERIAL).split(";\n"):
            if statement.strip():
                connection.do(statement)
        connection.do(f"DELETE FROM {VERSION_TABLE}")  # noqa: S608 (a constant)
        connection.do(f"INSERT INTO {VERSION_TABLE} VALUES (:number)", number=number)  # noqa: S608
