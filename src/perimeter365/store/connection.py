"""Transactions on a store's database.

Statements are written in SQL that both SQLite and PostgreSQL support.

    with open_source(place).begin() as connection:
        rows = connection.select("SELECT * FROM p365_versions WHERE cloud = :cloud", cloud="worldwide")

`store.sqlite.File` and `store.postgres.Server` are the two sources of transactions. Exceptions of their drivers become
StoreErrors, whose messages contain no values of the statement and no password. To keep the start-up of `lookup` fast,
this module imports almost nothing.
"""

from perimeter365.errors import StoreError

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

        def begin(self, *, writing: bool = False) -> "Connection":
            """Begin a transaction. A writing one waits for other writers. Raises StoreError."""

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


class Connection:
    """One transaction.

    Leaving the `with` block commits it; an exception rolls it back.
    """

    WAIT = 30.0
    """Maximum seconds to wait for another writer."""

    def __init__(self, source: "Source", raw: "Any") -> None:
        self.source = source
        self._raw = raw

    def select(self, sql: str, **values: object) -> "list[dict[str, Any]]":
        """Return the rows of a query. Its parameters are written `:name`."""
        with self.source.translated_errors():
            return [dict(row) for row in self._raw.execute(self.source.driver_sql(sql), values)]

    def execute(self, sql: str, **values: object) -> None:
        """Execute one statement."""
        with self.source.translated_errors():
            self._raw.execute(self.source.driver_sql(sql), values)

    def execute_many(self, sql: str, rows: "Iterable[Mapping[str, object]]") -> None:
        """Execute one statement for each row of parameters."""
        with self.source.translated_errors():
            self._raw.cursor().executemany(self.source.driver_sql(sql), rows)

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
                self.execute("COMMIT")
        finally:
            self.source.release(self._raw)


def in_use_error(place: str, help: str) -> StoreError:
    """Return the error for a writer that waited too long for another writer."""
    what = f"another process has been writing for more than {Connection.WAIT:.0f} seconds"
    return StoreError(f"{place} is in use: {what}", help=help)
