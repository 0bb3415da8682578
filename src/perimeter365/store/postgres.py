"""Stores on a PostgreSQL server: a few connections that are kept, and what a server's errors mean.

One writer, by an advisory lock that ends with the transaction; readers see one snapshot (REPEATABLE READ).
"""

import os
import re
from contextlib import contextmanager, suppress

from perimeter365.errors import MissingExtraError, StoreError
from perimeter365.store.connection import APPLICATION, VERSION_TABLE, Connection, in_use
from perimeter365.store.place import redacted

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    import psycopg

IDLE = 2
"""How many connections are kept for the next transactions."""

IN_USE = "nothing was changed; run it again when the other one has ended"
RIGHTS = "nothing was changed; is the server up, and are the URL and the rights of its user as they should be?"

_NAME = re.compile(r"(?<!:):([a-z_]+)")
""":cloud, and not the ::bigint of a cast."""


class Server:
    """A database on a server. May be shared by threads; a forked process makes connections of its own."""

    SERIAL = "SERIAL"
    HAS_TABLES = f"SELECT 1 AS found WHERE to_regclass('{VERSION_TABLE}') IS NOT NULL"

    def __init__(self, place: str) -> None:
        """Take an address.

        Raises:
            StoreError: psycopg is missing, or the text is not the address of a database.
        """
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict
        except ImportError as error:
            raise MissingExtraError("a store on PostgreSQL", "postgres", error) from error
        self.place = place
        try:
            conninfo_to_dict(place)
        except psycopg.Error:
            # Without its cause, which quotes the address with the password.
            raise StoreError(f"{redacted(place)} is not the URL of a PostgreSQL database") from None
        self._idle: list[tuple[int, psycopg.Connection[dict[str, Any]]]] = []

    def begin(self, *, writing: bool = False) -> Connection:
        """Begin a transaction; one that writes waits for other writers. Raises StoreError."""
        begin = b"BEGIN" if writing else b"BEGIN ISOLATION LEVEL REPEATABLE READ"
        with self.failures():
            raw = self._begun(begin) or self._connected(begin)
            try:
                if writing:
                    raw.execute(f"SET LOCAL lock_timeout = '{Connection.WAIT * 1000:.0f}ms'".encode())
                    raw.execute(b"SET LOCAL synchronous_commit = on")
                    raw.execute(b"SELECT pg_advisory_xact_lock(%s)", [APPLICATION])
            except BaseException:
                self.release(raw)
                raise
        return Connection(self, raw)

    @contextmanager
    def failures(self) -> "Iterator[None]":
        """Raise what psycopg raises as StoreError."""
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            text = (str(error).strip() or type(error).__name__).splitlines()[0]
            if "lock timeout" in text:
                raise in_use(redacted(self.place), IN_USE) from error
            raise StoreError(f"{redacted(self.place)} cannot be used: {text}", help=RIGHTS) from error

    def spelled(self, sql: str) -> bytes:
        """Return a statement as psycopg takes it: `:name` is `%(name)s` there."""
        return _NAME.sub(r"%(\1)s", sql.replace("%", "%%")).encode()

    def release(self, raw: "psycopg.Connection[dict[str, Any]]") -> None:
        """Keep a connection for the next transaction if it is fit for one; else close it, which rolls back."""
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
        """Return a kept connection on which a transaction has begun; None if no kept one is alive."""
        import psycopg

        while self._idle:
            process, raw = self._idle.pop()
            if process != os.getpid():
                continue  # the parent's: psycopg does not close it here
            try:
                raw.execute(begin)
            except psycopg.Error:  # the server has gone since, and may be back
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
