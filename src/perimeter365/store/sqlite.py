"""Stores in SQLite files.

Each store uses a rollback journal, never WAL, which can lose writes with several connections in SQLite 3.7.0 to 3.51.2.
With synchronous=EXTRA, a commit and the folder entry of its journal are on disk before the commit is acknowledged. BEGIN
IMMEDIATE admits one writer at a time. A new store is created under a temporary name and linked to its final name when it
is complete, so no reader and no killed process ever sees half of one.

A file may come from somebody else. Its header and its schema are checked: a view in place of a table could compute forever.
Each query has a time limit, and each table and its indexes are checked before they are used, since SQLite does not notice
all damage by itself. A new store has mode 0600, and its folder 0700.

Each transaction opens its own connection, so a file that was replaced, e.g. by a restored backup, is used at once.
Connections are never read-only, so that SQLite can roll back the journal of a killed writer.
"""

import os
import re
import sqlite3
import time
from contextlib import contextmanager, suppress
from functools import lru_cache

from perimeter365.errors import StoreError
from perimeter365.intake import open_file
from perimeter365.store.connection import APPLICATION, DAMAGED_HELP, NO_STORE_HELP, VERSION_TABLE, Connection, in_use_error

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

IN_USE_HELP = "nothing was changed; run it again when the other process has ended (`fuser FILE` shows its id)"
RIGHTS_HELP = "give this user read and write access to the file and its folder, or name another store with --store"


class File:
    """The file of a store, with a checked header."""

    SERIAL = "INTEGER"  # INTEGER PRIMARY KEY is an alias of the rowid, which SQLite assigns in ascending order
    TABLES_EXIST = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name = '{VERSION_TABLE}'"  # noqa: S608
    NOW = "(julianday('now') - 2440587.5) * 86400.0"
    TABLES = r"SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'p365\_%' ESCAPE '\'"

    QUERY_SECONDS = 30.0
    """Maximum time of a query."""

    MOST_BYTES = 64 * 1024 * 1024
    """Maximum size of a value. The largest list has about 100,000 bytes."""

    def __init__(self, path: str, *, new: str = "") -> None:
        """Create a source of transactions for a file.

        Args:
            path: the path that errors name.
            new: a temporary file that will become `path` and that no other process uses yet; "" for an existing store.

        Raises:
            StoreError: the file does not exist or is not a store.
        """
        if not new:
            check_file(path)
        self.path = path
        self._file = new or path
        self._new = bool(new)

    def begin(self, *, writing: bool = False, alone: bool = True) -> Connection:
        """Begin a transaction.

        A writing one is always alone: it waits for other writers. Raises StoreError.
        """
        with self.translated_errors():
            # With mode=rw, a file that is gone does not become an empty one.
            path = os.path.abspath(self._file)  # noqa: PTH100
            for character in "%?#":  # https://www.sqlite.org/uri.html
                path = path.replace(character, f"%{ord(character):02x}")
            raw = sqlite3.connect(f"file:{path}?mode=rw", timeout=Connection.WAIT, isolation_level=None, uri=True)
            raw.row_factory = sqlite3.Row
            try:
                raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, self.MOST_BYTES)
                raw.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
                for pragma in ("trusted_schema=OFF", "cell_size_check=ON"):
                    raw.execute(f"PRAGMA {pragma}")
                if writing:
                    # An incomplete new file is deleted, never rolled back.
                    journal = "MEMORY" if self._new else "DELETE"
                    for pragma in ("foreign_keys=ON", f"journal_mode={journal}", "synchronous=EXTRA"):
                        raw.execute(f"PRAGMA {pragma}")
                raw.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
                if not self._new:
                    with self.limited_time(raw):
                        check_schema_objects(self.path, raw)
            except BaseException:
                raw.close()
                raise
        return Connection(self, raw)

    @contextmanager
    def translated_errors(self) -> "Iterator[None]":
        """Translate exceptions of sqlite3 to StoreError."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise sqlite_failed(self.path, error) from error

    def check_table(self, raw: sqlite3.Connection, table: str) -> None:
        """Check that a table and its indexes are not damaged. Raises StoreError."""
        with self.translated_errors():
            # SQLite before 3.33 takes no name here, and checks the whole file.
            found = [str(row[0]) for row in raw.execute(f"PRAGMA integrity_check('{table}')")]
        if found != ["ok"]:
            from perimeter365.model.finding import printable

            text = printable(" ".join(found[0].split()))[:200]
            raise StoreError(f"{self.path} is damaged: {table}: {text}", help=DAMAGED_HELP)

    @contextmanager
    def limited_time(self, raw: sqlite3.Connection) -> "Iterator[None]":
        """Limit the time of the query inside the block.

        SQLite calls the handler after each 100,000 of its instructions.
        """
        end = time.monotonic() + self.QUERY_SECONDS
        raw.set_progress_handler(lambda: time.monotonic() > end, 100_000)
        try:
            yield
        finally:
            raw.set_progress_handler(None, 0)

    def driver_sql(self, sql: str) -> str:
        """Return a statement unchanged: sqlite3 supports `:name` parameters."""
        return sql

    def release(self, raw: sqlite3.Connection) -> None:
        """Close a connection after its transaction."""
        with suppress(sqlite3.Error):  # nothing to roll back, or closing does it
            raw.rollback()
        raw.close()

    def close(self) -> None:
        """No-op: there are no idle connections."""


def check_file(path: str) -> None:
    """Check that a file is a store.

    SQLite itself would accept or overwrite some files that are not.

    Source: https://www.sqlite.org/fileformat.html 1.3 (the header's fields).

    Raises:
        StoreError: the file is not a store.
    """
    problem = _file_problem(path)
    if problem.startswith("is truncated"):
        # A writer may have been active between reading header and size; a killed one has left its journal.
        problem = "" if os.path.exists(f"{path}-journal") else _file_problem(path)  # noqa: PTH110
    if problem:
        raise StoreError(f"{path} {problem}", help=DAMAGED_HELP)


# Matches "CREATE TABLE p365_notes (key VARCHAR(100) NOT NULL)" and "CREATE INDEX p365_x ON p365_intervals (value)", not
# "CREATE INDEX p365_x ON p365_notes (upper(key))". An expression in a table has one of the words of `_FOREIGN`.
_OURS = re.compile(
    r'CREATE TABLE "?p365_[a-z_]+"?\s*\([^;]*\)'
    r'|CREATE (UNIQUE )?INDEX "?p365_[a-z_]+"? ON "?p365_[a-z_]+"?\s*\([a-z_", ]+\)',
    re.ASCII | re.IGNORECASE,
)
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL", re.ASCII | re.IGNORECASE)
_FOREIGN = re.compile(r"\b(CHECK|GENERATED|AS|COLLATE|WHERE|SELECT)\b", re.ASCII | re.IGNORECASE)


def check_schema_objects(path: str, raw: sqlite3.Connection) -> None:
    """Check that a file has only tables and indexes, and ours without expressions.

    Other tables, such as those of SQLite's ANALYZE, are never read.

    Raises:
        StoreError: the file has a view, a trigger or a virtual table, or a table of ours is another one.
    """
    for row in raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        kind, name, table, sql = (each if isinstance(each, str) else "" for each in row)
        if not _is_known(kind, name, table, sql):
            from perimeter365.model.finding import printable

            what = f"its {kind} {name!r} is not one of perimeter365"
            raise StoreError(f"{path} is damaged, or was made by somebody else: {printable(what)[:200]}", help=DAMAGED_HELP)


@lru_cache(maxsize=256)
def _is_known(kind: str, name: str, table: str, sql: str) -> bool:
    """Return True for a table or index without expressions.

    Cached: each transaction asks for all of them.
    """
    ours = f"{name} {table}".lower().startswith("p365_") or table.lower().startswith("p365_")
    known = kind in ("table", "index") and not _VIRTUAL.match(sql)
    if known and ours and sql:  # an index that SQLite makes for a key has no SQL
        return bool(_OURS.fullmatch(sql)) and not _FOREIGN.search(sql)
    return known


def sqlite_failed(place: str, error: BaseException) -> StoreError:
    """Return the StoreError for an exception of SQLite, with a next step.

    Nothing was changed in the store.
    """
    from perimeter365.model.finding import printable  # imported here: only errors need it

    text = printable(str(error))[:300]  # names of a damaged schema are untrusted
    if "locked" in text or "busy" in text:
        return in_use_error(place, IN_USE_HELP)
    if "interrupted" in text:
        what, help = f"cannot be used: a query took more than {File.QUERY_SECONDS:.0f} seconds", DAMAGED_HELP
    elif isinstance(error, UnicodeError):
        what, help = "is damaged: a text in it is not UTF-8", DAMAGED_HELP
    elif any(word in text for word in ("malformed", "not a database", "no such table", "no such column", "UTF-8")):
        what, help = f"is damaged: {text}", DAMAGED_HELP
    elif "disk is full" in text:
        what, help = f"cannot be written: {text}", "nothing was changed; free some disk space, then run it again"
    elif "disk I/O" in text:
        what, help = (
            f"cannot be used: {text}",
            "nothing was changed; check the system log for disk errors, then run it again",
        )
    elif "readonly" in text and os.path.exists(f"{place}-journal"):  # noqa: PTH110
        what = "has an incomplete change of a killed process, and this user has no write access"
        help = "run `perimeter365 versions` once as a user with write access to it and its folder, to roll back the change"
    elif "readonly" in text or "unable to open" in text:
        what, help = f"cannot be written: {text}", RIGHTS_HELP
    else:
        what, help = f"cannot be used: {text}", DAMAGED_HELP
    return StoreError(f"{place} {what}", help=help)


def make_file(path: str, fill: "Callable[[Connection], None]") -> None:
    """Create a new store atomically.

    If another process does the same, the first one wins.

    Args:
        path: path of the store; missing folders are created.
        fill: creates the tables.

    Raises:
        StoreError: the store cannot be created.
    """
    import secrets
    from pathlib import Path

    from perimeter365.atomic import PRIVATE, make_folder, sync_folder

    place = Path(path)
    if place.name in ("", ".."):
        raise StoreError(f"{path or 'the empty path'!r} is not the path of a file", help=NO_STORE_HELP)
    new = place.with_name(f".{place.name}.{os.getpid()}-{secrets.token_hex(4)}.new")
    try:
        for folder in make_folder(place.parent, private=True):
            sync_folder(folder.parent)
        try:
            os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
            with File(path, new=str(new)).begin(writing=True) as connection:
                connection.execute(f"PRAGMA application_id={APPLICATION}")
                fill(connection)
            _publish(new, place)
            sync_folder(place.parent)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{path} cannot be created: {error.strerror}", help=RIGHTS_HELP) from error


def _publish(new: "Path", place: "Path") -> None:
    try:
        os.link(new, place)
    except FileExistsError:
        pass  # another process was first
    except OSError:  # a file system without hard links
        if not place.exists():
            new.rename(place)


def _file_problem(path: str) -> str:
    """Return the problem of a file's header; "" if there is none."""
    try:
        with open_file(path) as file:
            header = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise StoreError(f"there is no store at {path}", help=NO_STORE_HELP) from None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}", help=RIGHTS_HELP) from error
    if not header:
        return "is empty, which a store never is"
    if not header.startswith(b"SQLite format 3\x00"):
        return "is not a SQLite database"
    if len(header) < 100:
        return "is truncated"
    if int.from_bytes(header[68:72], "big") != APPLICATION:
        return "is a database of another program"
    page = int.from_bytes(header[16:18], "big")
    expected = (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")
    if size < expected and header[24:28] == header[92:96]:
        return f"is truncated: it has {size} of {expected} bytes"
    return ""
