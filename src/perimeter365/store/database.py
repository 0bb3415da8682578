"""Open a store's database, create or upgrade its tables, and begin transactions.

with Database("store.sqlite", create=True).writing() as connection:
    connection.execute("DELETE FROM p365_notes")
"""

import os
from contextlib import ExitStack, contextmanager

from perimeter365.errors import StoreError
from perimeter365.store.connection import DAMAGED_HELP, NO_STORE_HELP, VERSION_TABLE
from perimeter365.store.migrations import REVISIONS, run_step, script
from perimeter365.store.place import is_server, redacted_place

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perimeter365.store.connection import Connection, Source


class Database:
    """A store's database.

    Transactions of a thread nest: an inner one is part of the outer one.
    """

    def __init__(self, place: str, *, create: bool) -> None:
        """Open a database.

        Args:
            place: path or URL, as `store.place.store_place` returns it.
            create: create the store if it does not exist.

        Raises:
            StoreError: the store cannot be used, or does not exist and `create` is false.
        """
        from threading import local  # imported here to keep the start-up of `lookup` fast: `heads` does not need it

        self.place = place
        self._local = local()
        self._snapshot = ExitStack()
        if create and not is_server(place) and not os.path.lexists(place):
            from perimeter365.store.sqlite import make_file

            make_file(place, migrate)
        self._source = open_source(place)
        try:
            self._update(create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close all connections."""
        self._snapshot.close()
        self._source.close()

    def hold_snapshot(self) -> None:
        """Make all reads of this thread until `close` see the current state."""
        connection = self._snapshot.enter_context(self.reading())
        connection.revision()  # SQLite takes the snapshot at the first query

    @contextmanager
    def reading(self) -> "Iterator[Connection]":
        """Begin a read transaction: all reads inside see one snapshot."""
        with self._transaction(writing=False) as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone: bool = True) -> "Iterator[Connection]":
        """Begin a write transaction.

        It waits for another writer for at most `Connection.WAIT` seconds; with `alone=False`, only in a file. That is for
        rows that only the caller changes, and that have to be written during a long change of the lists.
        """
        with self._transaction(writing=True, alone=alone) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, writing: bool, alone: bool = True) -> "Iterator[Connection]":
        active: tuple[Connection, bool] | None = getattr(self._local, "active", None)
        if active:
            if writing and not active[1]:
                raise StoreError("a store cannot be written inside a read transaction of the same thread")
            yield active[0]
            return
        with self._source.begin(writing=writing, alone=alone) as connection:
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
            raise StoreError(f"there is no store at {redacted_place(self.place)}", help=NO_STORE_HELP)
        with self.writing() as connection:
            migrate(connection)


def open_source(place: str) -> "Source":
    """Return the source of transactions for a place. The tables are not checked.

    Raises:
        StoreError: the file does not exist or is not a store, or the URL is not valid.
    """
    if is_server(place):
        from perimeter365.store.postgres import Server

        return Server(place)
    from perimeter365.store.sqlite import File

    return File(place)


def check_schema(place: str, revision: str | None) -> None:
    """Check that this version supports the schema revision of a store.

    Raises:
        StoreError: the revision is not supported.
    """
    if not revision:
        raise StoreError(f"{redacted_place(place)} is damaged: its schema revision is missing", help=DAMAGED_HELP)
    if revision not in REVISIONS:
        raise StoreError(
            f"{redacted_place(place)} has schema {revision!r}, which this version of perimeter365 does not support",
            help="a newer version has written it: update perimeter365, or name another store with --store",
        )


def migrate(connection: "Connection") -> None:
    """Upgrade the tables to the newest revision, inside the connection's transaction."""
    revision = connection.revision()  # read again: another process may have upgraded them first
    connection.rebuild()
    for number in REVISIONS[REVISIONS.index(revision) + 1 if revision else 0 :]:
        for statement in script(number).replace("SERIAL", connection.source.SERIAL).split(";\n"):
            if statement.strip():
                connection.execute(statement)
        run_step(number, connection)
        connection.execute(f"DELETE FROM {VERSION_TABLE}")  # noqa: S608 (a constant)
        connection.execute(f"INSERT INTO {VERSION_TABLE} VALUES (:number)", number=number)  # noqa: S608
