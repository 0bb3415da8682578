"""Stores in SQLite files: one connection a transaction, what a header says, and what SQLite's errors mean.

A rollback journal (never WAL, which loses writes in SQLite 3.7.0 to 3.51.2 with several connections),
synchronous=EXTRA, so that a commit has reached the disk with the folder's entry of the journal before it is
acknowledged, and one writer, by BEGIN IMMEDIATE. A new store is made under another name and linked to its own when it
is whole, so that no reader and no killed process ever leaves half of one.

A connection is never kept for the next transaction, so a file that was replaced (a backup put back) is the one that is
used. Nor is it read-only, so that SQLite can roll back the journal of a writer that was killed.
"""

import os
import sqlite3
from contextlib import contextmanager, suppress

from perimeter365.errors import StoreError
from perimeter365.store.connection import APPLICATION, ASIDE, NO_STORE, VERSION_TABLE, Connection, in_use

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

IN_USE = "nothing was changed; run it again when the other one has ended (`fuser FILE` names a process)"
RIGHTS = "this user has to be allowed to read and write it and its folder; or name another with --store"


class File:
    """A store's file, whose header has been checked."""

    SERIAL = "INTEGER"  # with PRIMARY KEY it is the row's own number
    HAS_TABLES = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name = '{VERSION_TABLE}'"  # noqa: S608

    def __init__(self, path: str, *, new: str = "") -> None:
        """Take a path.

        Args:
            path: as errors name it.
            new: the file that is made for it, and that no one else sees yet; "" for one that exists.

        Raises:
            StoreError: it does not exist, or is not a store.
        """
        if not new:
            check_file(path)
        self.path = path
        self._file = new or path
        self._journal = "MEMORY" if new else "DELETE"  # what is half made is thrown away, not rolled back

    def begin(self, *, writing: bool = False) -> Connection:
        """Begin a transaction; one that writes waits for other writers. Raises StoreError."""
        with self.failures():
            raw = sqlite3.connect(self._file, timeout=Connection.WAIT, isolation_level=None)
            raw.row_factory = sqlite3.Row
            try:
                raw.execute("PRAGMA trusted_schema=OFF")
                if writing:
                    for pragma in ("foreign_keys=ON", f"journal_mode={self._journal}", "synchronous=EXTRA"):
                        raw.execute(f"PRAGMA {pragma}")
                raw.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
            except BaseException:
                raw.close()
                raise
        return Connection(self, raw)

    @contextmanager
    def failures(self) -> "Iterator[None]":
        """Raise what sqlite3 raises as StoreError."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise sqlite_failed(self.path, error) from error

    def spelled(self, sql: str) -> str:
        """Return a statement as it is: `:name` is SQLite's own way."""
        return sql

    def release(self, raw: sqlite3.Connection) -> None:
        """Close a connection: none outlives its transaction."""
        with suppress(sqlite3.Error):  # there is nothing to roll back, or closing does it
            raw.rollback()
        raw.close()

    def close(self) -> None:
        """No-op: no connection is idle."""


def check_file(path: str) -> None:
    """Refuse a file that is not a store, before SQLite makes of it what it can. Raises StoreError.

    Source: https://www.sqlite.org/fileformat.html 1.3 (the header's fields).
    """
    problem = _file_problem(path)
    if problem.startswith("is cut short"):
        # A writer may have been at work between two looks; one that was killed has left its journal.
        problem = "" if os.path.exists(f"{path}-journal") else _file_problem(path)  # noqa: PTH110
    if problem:
        raise StoreError(f"{path} {problem}", help=ASIDE)


def sqlite_failed(place: str, error: BaseException) -> StoreError:
    """Make the error for what SQLite said: what is wrong with which file, and what to do. Nothing was changed."""
    text = "".join(c if c.isprintable() else "?" for c in str(error))[:300]  # a damaged schema has any name
    if "locked" in text or "busy" in text:
        return in_use(place, IN_USE)
    if isinstance(error, UnicodeError):
        what, help = "is damaged: a text in it is not UTF-8", ASIDE
    elif any(word in text for word in ("malformed", "not a database", "no such table", "no such column")):
        what, help = f"is damaged: {text}", ASIDE
    elif "disk is full" in text:
        what, help = f"cannot be written: {text}", "nothing was changed; free some space there, and run it again"
    elif "disk I/O" in text:
        what, help = (
            f"cannot be used: {text}",
            "nothing was changed; look into the system's log for the disk, then run it again",
        )
    elif "readonly" in text and os.path.exists(f"{place}-journal"):  # noqa: PTH110
        what = "is in the middle of a change whose process was killed, and this user may not write it"
        help = "`perimeter365 versions`, run once by a user who may write it and its folder, takes the change back"
    elif "readonly" in text or "unable to open" in text:
        what, help = f"cannot be written: {text}", RIGHTS
    else:
        what, help = f"cannot be used: {text}", ASIDE
    return StoreError(f"{place} {what}", help=help)


def make_file(path: str, fill: "Callable[[Connection], None]") -> None:
    """Make a new store beside its place, and put it there whole. Another process may do the same: one wins.

    Args:
        path: where it belongs; missing folders are made.
        fill: makes the tables.

    Raises:
        StoreError: it cannot be made.
    """
    import secrets
    from pathlib import Path

    from perimeter365.atomic import sync_folder

    place = Path(path)
    new = place.with_name(f".{place.name}.{os.getpid()}-{secrets.token_hex(4)}.new")
    try:
        folders = [folder for folder in place.parents if not folder.exists()]
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in folders:
            sync_folder(folder.parent)
        try:
            with File(path, new=str(new)).begin(writing=True) as connection:
                connection.do(f"PRAGMA application_id={APPLICATION}")
                fill(connection)
            _publish(new, place)
            sync_folder(place.parent)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{path} cannot be made: {error.strerror}", help=RIGHTS) from error


def _publish(new: "Path", place: "Path") -> None:
    try:
        os.link(new, place)
    except FileExistsError:
        pass  # another process was first
    except OSError:  # a file system without links
        if not place.exists():
            new.rename(place)


def _file_problem(path: str) -> str:
    """Return what is wrong with the file's header; "" if nothing is."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (pathlib costs 5 ms of a cold start)
            header = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise StoreError(f"there is no store at {path}", help=NO_STORE) from None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}", help=RIGHTS) from error
    if not header:
        return "is cut to nothing: a store is never empty"
    if not header.startswith(b"SQLite format 3\x00"):
        return "is not a SQLite database"
    if len(header) < 100:
        return "is cut short"
    if int.from_bytes(header[68:72], "big") != APPLICATION:
        return "is a database of another program"
    page = int.from_bytes(header[16:18], "big")
    expected = (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")
    if size < expected and header[24:28] == header[92:96]:
        return f"is cut short: it has {size} of {expected} bytes"
    return ""
