"""One transaction on a store's database, in plain SQL that SQLite and PostgreSQL both take.

    with source_of(place).begin() as connection:
        rows = connection.ask("SELECT * FROM p365_versions WHERE cloud = :cloud", cloud="worldwide")

`store.sqlite.File` and `store.postgres.Server` are the two sources of transactions. What their drivers raise becomes a
StoreError, without the values of the statement and without a password. This module imports nothing that a cold `lookup`
would feel.
"""

from perimeter365.errors import StoreError

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start of `lookup`
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Any, Protocol, Self

    class Source(Protocol):
        """A database in which transactions can be begun."""

        SERIAL: str
        """The type of a key that the database counts."""

        HAS_TABLES: str
        """The question that has an answer if the table exists that names the revision."""

        def begin(self, *, writing: bool = False) -> "Connection":
            """Begin a transaction; one that writes waits for other writers. Raises StoreError."""

        def failures(self) -> AbstractContextManager[None]:
            """Raise what the driver raises as StoreError."""

        def spelled(self, sql: str) -> Any:
            """Return a statement as the driver takes it."""

        def release(self, raw: Any) -> None:
            """Take a connection back after its transaction. What has not been committed is rolled back."""

        def close(self) -> None:
            """Close idle connections."""


APPLICATION = 0x50333635
"""`P365`: the application id of SQLite files (https://www.sqlite.org/fileformat.html 1.3.17), PostgreSQL's lock number."""

VERSION_TABLE = "p365_schema"

ASIDE = "move it aside, or name another with --store; `--catalog embedded` works without any store"
NO_STORE = "`perimeter365 sync` makes one, and so does `perimeter365 import history DIR`"


class Connection:
    """One transaction. Leaving the `with` commits it; an exception rolls it back."""

    WAIT = 30.0
    """Seconds to wait for another writer."""

    def __init__(self, source: "Source", raw: "Any") -> None:
        self.source = source
        self._raw = raw

    def ask(self, sql: str, **values: object) -> "list[dict[str, Any]]":
        """Return the rows of an answer. Values are named `:name` in the question."""
        with self.source.failures():
            return [dict(row) for row in self._raw.execute(self.source.spelled(sql), values)]

    def do(self, sql: str, **values: object) -> None:
        """Execute one statement."""
        with self.source.failures():
            self._raw.execute(self.source.spelled(sql), values)

    def do_each(self, sql: str, rows: "Iterable[Mapping[str, object]]") -> None:
        """Execute one statement for each row of values."""
        with self.source.failures():
            self._raw.cursor().executemany(self.source.spelled(sql), rows)

    def revision(self) -> str | None:
        """Return the revision of the tables; None if there are none, "" if they do not say."""
        if not self.ask(self.source.HAS_TABLES):
            return None
        (row,) = self.ask(f"SELECT max(version_num) AS revision FROM {VERSION_TABLE}")  # noqa: S608 (a constant)
        return str(row["revision"] or "")

    def __enter__(self) -> "Self":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None") -> None:
        try:
            if kind is None:
                self.do("COMMIT")
        finally:
            self.source.release(self._raw)


def in_use(place: str, help: str) -> StoreError:
    """Make the error for a writer that waited too long for another one."""
    what = f"another process has been writing for more than {Connection.WAIT:.0f} seconds"
    return StoreError(f"{place} is in use: {what}", help=help)
