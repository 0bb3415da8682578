"""The lists in force, asked of the store of versions in one question of plain SQL.

    [(head.cloud, head.version, head.pinned) for head in heads("/var/lib/perimeter365/store.sqlite")]
        [('worldwide', '2026080200', False)]

    >>> heads("/etc/passwd")
    Traceback (most recent call last):
    perimeter365.errors.StoreError: /etc/passwd is not a SQLite database

The store is written by `history`, through SQLAlchemy. But `lookup` and every plan read it on each start, so this module
goes by sqlite3 (6 ms) or, for a server, psycopg, and imports nothing else that can be felt. It writes nothing, but for
the rollback of a writer that was killed, which SQLite does by itself.

A store that is there but cannot be read is an error, never a reason to fall back on older lists in silence;
`--catalog embedded` leaves it out.
"""

import os
import sqlite3

from perimeter365.errors import MissingExtraError, StoreError
from perimeter365.model.digest import sha256_hex
from perimeter365.sources.place import is_server, redacted, store_place

SCHEMAS = frozenset({"0001"})
"""Revisions of the schema (`history.migrations`) in which this module's question can be asked."""

VERSION_TABLE = "p365_schema"
APPLICATION = 0x50333635
"""`P365`, the application id in the header of our SQLite files (https://www.sqlite.org/fileformat.html 1.3.17)."""

WAIT = 30.0
"""Seconds to wait for a writer."""

ASIDE = "move it aside, or name another with --store; `--catalog embedded` works without any store"
IN_USE = "nothing was changed; run it again when the other one has ended (`fuser FILE` names a process)"
RIGHTS = "this user has to be allowed to read and write it and its folder; or name another with --store"
SERVER = "nothing was changed; is the server up, and are the URL and the rights of its user as they should be?"
NO_STORE = "`perimeter365 sync` makes one, and so does `perimeter365 import history DIR`"

_HEADS = """
    SELECT h.cloud, h.version, h.pinned, v.origin, s.hash, s.body
    FROM p365_heads h
    JOIN p365_versions v ON v.cloud = h.cloud AND v.version = h.version
    JOIN p365_states s ON s.hash = v.hash
    ORDER BY h.cloud
"""


class Head:
    """The list of one cloud that is in force."""

    __slots__ = ("body", "cloud", "origin", "pinned", "version")

    def __init__(self, cloud: str, version: str, pinned: bool, origin: str, body: str) -> None:
        self.cloud = cloud
        self.version = version
        self.pinned = pinned
        self.origin = origin
        self.body = body
        """In the canonical form of `model.state`, its hash already compared."""


def heads(place: str | None = None) -> tuple[Head, ...]:
    """The lists in force, one for each cloud that was synced or pinned; () when nothing was.

    Args:
        place: path or URL of the store; None for the data folder's.

    Raises:
        StoreError: there is no store at that place, or it cannot be read.
    """
    place = store_place(place)
    found = []
    for cloud, version, pinned, origin, expected, body in _from_server(place) if is_server(place) else _from_file(place):
        if sha256_hex(str(body)) != expected:
            raise StoreError(
                f"{redacted(place)} is damaged: the list of {cloud} {version} is not what was stored", help=ASIDE
            )
        found.append(Head(str(cloud), str(version), bool(pinned), str(origin), str(body)))
    return tuple(found)


def server_generation(place: str) -> str:
    """A text that changes with every committed change of the tables on a server. Raises StoreError.

    It is the highest transaction number among the rows' own (`xmin`), and the number of rows, which deletions lower.
    """
    names = ("states", "versions", "heads", "effective", "records")
    each = " UNION ALL ".join(f"SELECT max(xmin::text::bigint), count(*) FROM p365_{name}" for name in names)  # noqa: S608
    return " ".join(str(value) for row in _ask_server(place, each) for value in row) or "empty"


def check_file(path: str) -> None:
    """Refuse a file that is no store of ours, before SQLite makes of it what it can. Raises StoreError.

    Source: https://www.sqlite.org/fileformat.html 1.3 (the header's fields).
    """
    problem = _file_problem(path)
    if problem.startswith("is cut short"):
        # A writer may have been at work between two looks; one that was killed has left its journal.
        problem = "" if os.path.exists(f"{path}-journal") else _file_problem(path)  # noqa: PTH110
    if problem:
        raise StoreError(f"{path} {problem}", help=ASIDE)


def check_schema(place: str, revision: object) -> None:
    """Refuse a store whose tables this version does not know. Raises StoreError."""
    if not revision:
        raise StoreError(f"{place} is damaged: its tables do not say of which schema they are", help=ASIDE)
    if revision not in SCHEMAS:
        raise StoreError(
            f"{place} has schema {revision!r}, which this version of perimeter365 does not know",
            help="it was written by a newer one: update perimeter365, or name another store with --store",
        )


def sqlite_failed(place: str, error: BaseException) -> StoreError:
    """The error of ours for what SQLite said: what is wrong with which file, and what to do. Nothing was changed."""
    text = "".join(c if c.isprintable() else "?" for c in str(error))[:300]  # a damaged schema has any name
    if "locked" in text or "busy" in text:
        what, help = f"is in use: another process has been writing for more than {WAIT:.0f} seconds", IN_USE
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


def first_line(error: BaseException) -> str:
    """An error of a database server in one line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _file_problem(path: str) -> str:
    """What is wrong with the file's header; "" when nothing is."""
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


def _from_file(path: str) -> list[tuple[object, ...]]:
    check_file(path)
    try:
        # Not read-only, so that a killed writer's journal can be rolled back; SQLite falls back to reading by itself.
        connection = sqlite3.connect(path, timeout=WAIT)
        try:
            known = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 (ours)
            check_schema(path, known[0] if known else None)
            return connection.execute(_HEADS).fetchall()
        finally:
            connection.close()
    except UnicodeError as error:
        raise StoreError(f"{path} is damaged: a text in it is no UTF-8", help=ASIDE) from error
    except sqlite3.Error as error:
        raise sqlite_failed(path, error) from error


def _from_server(place: str) -> list[tuple[object, ...]]:
    return _ask_server(place, _HEADS)


def _ask_server(place: str, question: str) -> list[tuple[object, ...]]:
    """The rows of an answer; [] from a database in which nothing was stored yet. Raises StoreError."""
    try:
        import psycopg
    except ImportError as error:
        raise MissingExtraError("a store on PostgreSQL", "postgres", error) from error
    try:
        with psycopg.connect(place, connect_timeout=int(WAIT)) as connection:
            if connection.execute("SELECT to_regclass(%s)", (VERSION_TABLE,)).fetchone() == (None,):
                return []  # a database in which nothing was stored yet
            known = connection.execute("SELECT version_num FROM p365_schema").fetchone()
            check_schema(redacted(place), known[0] if known else None)
            return list(connection.execute(question).fetchall())
    except psycopg.Error as error:
        raise StoreError(f"{redacted(place)} cannot be used: {first_line(error)}", help=SERVER) from error
