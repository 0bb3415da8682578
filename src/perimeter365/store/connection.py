"""Transactions on a store's database.

Statements are written in SQL that both SQLite and PostgreSQL support.

    with open_source(place).begin() as connection:
        rows = connection.select("SELECT * FROM p365_versions WHERE cloud = :cloud", cloud="worldwide")

`store.sqlite.File` and `store.postgres.Server` are the two sources of transactions. Exceptions of their drivers become
StoreErrors, whose messages contain no values of the statement and no password. To keep the start-up of `lookup` fast,
this module imports almost nothing.
"""

from perimeter365.errors import StoreError
from perimeter365.store.seal import KEY, NOTES, digest, read_seal, tables_of, write_seal

TYPE_CHECKING = False  # type checkers treat it as true; importing `typing` would double the start-up time of `lookup`
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Any, Protocol, Self

    class Source(Protocol):
        """A database that can begin transactions."""

        SERIAL: str
        """SQL type of an auto-increment key."""

        TABLES_EXIST: str
        """Query that returns a row if the table of the schema revision exists."""

        TABLES: str
        """Query of the names of all tables of a store."""

        NOW: str
        """SQL expression: seconds since 1970, by the clock of the database."""

        def check_table(self, raw: Any, table: str) -> None:
            """Check that a table and its indexes are not damaged. Raises StoreError."""

        def limited_time(self, raw: Any) -> AbstractContextManager[None]:
            """Limit the time of the query inside the block."""

        def begin(self, *, writing: bool = False, alone: bool = True) -> "Connection":
            """Begin a transaction.

            A writing one waits for other writers if it is to be alone. Raises StoreError.
            """

        def translated_errors(self) -> AbstractContextManager[None]:
            """Translate exceptions of the driver to StoreError."""

        def driver_sql(self, sql: str) -> Any:
            """Convert a statement to the driver's parameter style."""

        def release(self, raw: Any) -> None:
            """Release a connection after its transaction and roll back uncommitted changes."""

        def close(self) -> None:
            """Close idle connections."""


APPLICATION = 0x50333635
"""`P365`: application id of SQLite files (https://www.sqlite.org/fileformat.html 1.3.17) and PostgreSQL lock number."""

VERSION_TABLE = "p365_schema"

DAMAGED_HELP = "move it aside, or name another one with --store; `--catalog embedded` works without a store"
NO_STORE_HELP = "create one with `perimeter365 sync` or `perimeter365 import history DIR`"


class _Row(dict):  # type: ignore[type-arg] # a generic class would cost start-up time
    """A row of a query."""

    def __missing__(self, column: str) -> None:
        raise StoreError(f"the store is damaged: a table has no column {column}", help=DAMAGED_HELP)


class Connection:
    """One transaction.

    Leaving the `with` block commits it; an exception rolls it back. The first statement on a table checks that its rows are
    those that were stored (`store.seal`).
    """

    WAIT = 30.0
    """Maximum seconds to wait for another writer."""

    def __init__(self, source: "Source", raw: "Any") -> None:
        self.source = source
        self._raw = raw
        self._seal: dict[str, str] | None = None
        """Table -> digest; None if it is not read yet."""
        self._checked: set[str] = set()
        self._changed: set[str] = set()
        self._rebuilding = False

    def select(self, sql: str, **values: object) -> "list[dict[str, Any]]":
        """Return the rows of a query. Its parameters are written `:name`.

        Raises:
            StoreError: the query failed, or rows of a table that it names are damaged.
        """
        self._check(sql)
        return self.select_unchecked(sql, **values)

    def select_unchecked(self, sql: str, **values: object) -> "list[dict[str, Any]]":
        """Return the rows of a query whose result does not depend on the values of rows."""
        with self.source.translated_errors(), self.source.limited_time(self._raw):
            return [_Row(row) for row in self._raw.execute(self.source.driver_sql(sql), values)]

    def execute(self, sql: str, **values: object) -> None:
        """Execute one statement. Raises as `select`."""
        self._change(sql)
        with self.source.translated_errors():
            self._raw.execute(self.source.driver_sql(sql), values)

    def execute_many(self, sql: str, rows: "Iterable[Mapping[str, object]]") -> None:
        """Execute one statement for each row of parameters. Raises as `select`."""
        self._change(sql)
        with self.source.translated_errors():
            self._raw.cursor().executemany(self.source.driver_sql(sql), rows)

    def rebuild(self) -> None:
        """Prepare for statements that change the tables themselves.

        All rows are checked now, and all tables are sealed at the end.

        Raises:
            StoreError: rows are damaged.
        """
        for table in sorted(self._tables()):
            self._check(f"p365_{table}")
        self._rebuilding = True

    def check_lists(self) -> None:
        """Check the table of the lists.

        Its rows are checked by their hashes alone. Raises StoreError.
        """
        self.source.check_table(self._raw, "p365_states")

    def _tables(self) -> set[str]:
        return tables_of(" ".join(str(row["name"]) for row in self.select_unchecked(self.source.TABLES)))

    def _check(self, sql: str) -> None:
        if self._rebuilding:
            return
        for table in sorted(tables_of(sql) - self._checked) if "p365_" in sql else ():
            if self._seal is None:
                self._seal = read_seal(self._rows(NOTES))
            self.source.check_table(self._raw, f"p365_{table}")
            if self._seal and self._seal.get(table) != digest(self._rows(table)):
                raise StoreError(f"the store is damaged: the table {table} is not what was stored", help=DAMAGED_HELP)
            self._checked.add(table)

    def _change(self, sql: str) -> None:
        self._check(sql)
        self._changed |= tables_of(sql)

    def _rows(self, table: str) -> "list[dict[str, Any]]":
        return self.select_unchecked(f"SELECT * FROM p365_{table}")  # noqa: S608 (see `tables_of`)

    def _write_seal(self) -> None:
        if not self._changed:
            return
        kept = {} if self._rebuilding else {t: d for t, d in (self._seal or {}).items() if t not in self._changed}
        made = write_seal({table: kept.get(table) or digest(self._rows(table)) for table in self._tables()})
        self.execute(f"DELETE FROM p365_{NOTES} WHERE key = :key", key=KEY)  # noqa: S608 (a constant)
        self.execute(f"INSERT INTO p365_{NOTES} (key, value) VALUES (:key, :made)", key=KEY, made=made)  # noqa: S608

    def revision(self) -> str | None:
        """Return the schema revision.

        Return None if there are no tables, "" if the revision is missing.
        """
        if not self.select(self.source.TABLES_EXIST):
            return None
        (row,) = self.select(f"SELECT max(version_num) AS revision FROM {VERSION_TABLE}")  # noqa: S608 (a constant)
        return str(row["revision"] or "")

    def __enter__(self) -> "Self":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None") -> None:
        try:
            if kind is None:
                self._write_seal()
                self.execute("COMMIT")
        finally:
            self.source.release(self._raw)


def in_use_error(place: str, help: str) -> StoreError:
    """Return the error for a writer that waited too long for another writer."""
    what = f"another process has been writing for more than {Connection.WAIT:.0f} seconds"
    return StoreError(f"{place} is in use: {what}", help=help)


def missing_head_error(place: str, cloud: object, version: object) -> StoreError:
    """Return the error for a version in force that is not stored."""
    return StoreError(
        f"{place} is damaged: the version in force of {cloud}, {version}, is not stored",
        help=f"put one into force with `perimeter365 pin VERSION --cloud {cloud}`; `unpin` then follows syncs again",
    )
