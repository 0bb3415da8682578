"""Stores on a PostgreSQL server.

An advisory lock, released at the end of the transaction, admits one writer at a time. Readers see one snapshot
(REPEATABLE READ). A few idle connections are kept for the next transactions.
"""

import os
import re
from contextlib import contextmanager, suppress

from perimeter365.errors import MissingExtraError, StoreError
from perimeter365.store.connection import APPLICATION, VERSION_TABLE, Connection, in_use_error
from perimeter365.store.place import FORMS, redacted_place

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    import psycopg

IDLE = 2
"""Maximum number of idle connections."""

IN_USE_HELP = "nothing was changed; run it again when the other process has ended"
RIGHTS_HELP = "nothing was changed; check that the server is up, the URL, and the privileges of its user"

_NAME = re.compile(r"(?<!:):([a-z_]+)")
"""Parameters such as `:cloud`, not casts such as `::bigint`."""


class Server:
    """A database on a server.

    Threads may share it; a forked process opens its own connections.
    """

    SERIAL = "SERIAL"
    TABLES_EXIST = f"SELECT 1 AS found WHERE to_regclass('{VERSION_TABLE}') IS NOT NULL"
    NOW = "extract(epoch FROM clock_timestamp())::double precision"
    TABLES = "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'p365%' AND pg_table_is_visible(oid)"

    def __init__(self, place: str) -> None:
        """Create a source of transactions for a URL. No connection is made yet.

        Raises:
            MissingExtraError: psycopg is not installed.
            StoreError: the text is not the URL of a PostgreSQL database.
        """
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict
        except ImportError as error:
            raise MissingExtraError("a store on PostgreSQL", "postgres", error) from error
        self.place = place
        try:
            place.encode()
            conninfo_to_dict(place)
        except (psycopg.Error, UnicodeError):
            # Without the cause, which quotes the URL with its password.
            raise StoreError(f"{redacted_place(place)} is not the URL of a PostgreSQL database", help=FORMS) from None
        self._idle: list[tuple[int, psycopg.Connection[dict[str, Any]]]] = []

    def begin(self, *, writing: bool = False, alone: bool = True) -> Connection:
        """Begin a transaction.

        A writing one waits for other writers if it is to be alone. Raises StoreError.
        """
        begin = b"BEGIN" if writing else b"BEGIN ISOLATION LEVEL REPEATABLE READ"
        with self.translated_errors():
            raw = self._begun(begin) or self._connected(begin)
            try:
                if writing:
                    raw.execute(f"SET LOCAL lock_timeout = '{Connection.WAIT * 1000:.0f}ms'".encode())
                    raw.execute(b"SET LOCAL synchronous_commit = on")
                    if alone:
                        raw.execute(b"SELECT pg_advisory_xact_lock(%s)", [APPLICATION])
            except BaseException:
                self.release(raw)
                raise
        return Connection(self, raw)

    @contextmanager
    def translated_errors(self) -> "Iterator[None]":
        """Translate exceptions of psycopg to StoreError."""
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            text = (str(error).strip() or type(error).__name__).splitlines()[0]
            if "lock timeout" in text:
                raise in_use_error(redacted_place(self.place), IN_USE_HELP) from error
            raise StoreError(f"{redacted_place(self.place)} cannot be used: {text}", help=RIGHTS_HELP) from error

    def check_table(self, raw: object, table: str) -> None:
        """No-op: a server with checksums finds damaged pages by itself."""

    @contextmanager
    def limited_time(self, raw: object) -> "Iterator[None]":
        """No-op: `statement_timeout` is a setting of the server."""
        yield

    def driver_sql(self, sql: str) -> bytes:
        """Convert `:name` parameters to psycopg's `%(name)s`."""
        return _NAME.sub(r"%(\1)s", sql.replace("%", "%%")).encode()

    def release(self, raw: "psycopg.Connection[dict[str, Any]]") -> None:
        """Keep a usable connection for the next transaction.

        Any other connection is closed, which rolls back.
        """
        import psycopg

        idle = psycopg.pq.TransactionStatus.IDLE
        with suppress(psycopg.Error):
            if raw.info.transaction_status != idle:
                raw.execute(b"ROLLBACK")
        if len(self._idle) < IDLE and raw.info.transaction_status == idle:
            self._idle.append((os.getpid(), raw))
        else:
            raw.close()

    def close(self) -> None:
        """Close idle connections."""
        while self._idle:
            self._idle.pop()[1].close()

    def _begun(self, begin: bytes) -> "psycopg.Connection[dict[str, Any]] | None":
        """Begin a transaction on an idle connection.

        Return None if no idle connection is alive.
        """
        import psycopg

        while self._idle:
            process, raw = self._idle.pop()
            if process != os.getpid():
                continue  # belongs to the parent process; psycopg does not close it here
            try:
                raw.execute(begin)
            except psycopg.Error:  # the server has restarted since
                raw.close()
            else:
                return raw
        return None

    def _connected(self, begin: bytes) -> "psycopg.Connection[dict[str, Any]]":
        import psycopg
        from psycopg.rows import dict_row

        timeout = int(Connection.WAIT)
        raw = psycopg.connect(self.place, autocommit=True, row_factory=dict_row, connect_timeout=timeout)
        try:
            raw.execute(begin)
        except BaseException:
            raw.close()
            raise
        return raw
