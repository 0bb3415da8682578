"""The store file: a damaged one gives an error or the stored data."""

import atexit
import json
import os
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.digest import sha256_hex
from perimeter365.model.state import body
from perimeter365.store.connection import APPLICATION, VERSION_TABLE
from perimeter365.store.heads import heads
from perimeter365.store.migrations import REVISIONS
from perimeter365.wire.read import parse_endpoints
from tests.fuzz.oracle import attempt
from tests.upstream.bodies import encode, honest

WORDS = ("SQLite format 3\x00", "P365", "worldwide", "2026080200", "p365_heads", '"hosts"')
_HOME = tempfile.TemporaryDirectory(prefix="perimeter365-fuzz-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
atexit.register(_HOME.cleanup)
_FOLDER = Path(_HOME.name)


@cache
def _stored() -> tuple[bytes, str]:
    """Return a small store with the columns that are read, and the body stored in it."""
    stored = body(Cloud.WORLDWIDE, parse_endpoints(encode(honest()[:2]), Cloud.WORLDWIDE))
    path = _FOLDER / "seed.sqlite"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.executescript(
            f"PRAGMA page_size = 1024; PRAGMA application_id = {APPLICATION}; "
            f"CREATE TABLE {VERSION_TABLE} (version_num TEXT);"
            "CREATE TABLE p365_heads (cloud TEXT, version TEXT, pinned INT);"
            "CREATE TABLE p365_versions (cloud TEXT, version TEXT, origin TEXT, hash TEXT);"
            "CREATE TABLE p365_states (hash TEXT, body TEXT);"
        )
        digest = sha256_hex(stored)
        connection.execute(f"INSERT INTO {VERSION_TABLE} VALUES (?)", (REVISIONS[-1],))
        connection.execute("INSERT INTO p365_heads VALUES ('worldwide', '2026080200', 0)")
        connection.execute("INSERT INTO p365_versions VALUES ('worldwide', '2026080200', 'live', ?)", (digest,))
        connection.execute("INSERT INTO p365_states VALUES (?, ?)", (digest, stored))
    connection.close()
    return path.read_bytes(), stored


def seeds() -> list[bytes]:
    return [_stored()[0], _stored()[0][:2000], b""]


def check(data: bytes) -> None:
    path = _FOLDER / "store.sqlite"
    path.write_bytes(data)
    found = attempt(lambda: heads(str(path)), kinds=StoreError)
    for head in found or ():
        json.loads(head.body)
        assert head.body == _stored()[1], "the body is not the stored one"
    for journal in _FOLDER.glob("store.sqlite-*"):
        journal.unlink()
