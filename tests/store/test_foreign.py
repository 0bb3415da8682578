"""Store files that somebody else may have made: refused with a message, in bounded time."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.store.fingerprint import fingerprint
from perimeter365.store.heads import heads
from perimeter365.store.place import LONGEST, store_place
from perimeter365.store.reader import Reader, reader
from perimeter365.store.sqlite import File
from perimeter365.store.store import Store
from perimeter365.workspace import Workspace

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
SCHEMAS = {
    "a recursive view as a table": (
        "DROP TABLE p365_heads",
        f"CREATE VIEW p365_heads AS {ENDLESS} SELECT 'worldwide' AS cloud, i AS version, 0 AS pinned FROM n",
    ),
    "a view of another name": (f"CREATE VIEW other AS {ENDLESS} SELECT i FROM n",),
    "a trigger": (
        f"CREATE TRIGGER t AFTER INSERT ON p365_notes BEGIN INSERT INTO p365_notes {ENDLESS} SELECT i, i FROM n; END",
    ),
    "a virtual table": ("CREATE VIRTUAL TABLE p365_more USING fts5(body)",),
    "a generated column": ("ALTER TABLE p365_heads ADD COLUMN x AS (hex(zeroblob(1000000000)))",),
    "an index on an expression": ("CREATE INDEX p365_x ON p365_notes (upper(key))",),
    "a partial index": ("CREATE INDEX p365_x ON p365_notes (value) WHERE key = 'a'",),
    "a table of the user with an expression": ("CREATE INDEX other ON p365_notes (upper(key))",),
}


@pytest.fixture
def file(folder: Path, recorded: tuple[State, ...]) -> Path:
    """A store with a list in force."""
    path = folder / "store.sqlite"
    with Store(str(path)) as store:
        store.commit(recorded[0])
    return path


def refused(call: Callable[[], object], match: str = ".") -> str:
    """Return the message of the StoreError of a call, which ends long before a query has to."""
    start = time.monotonic()
    with pytest.raises(StoreError, match=match) as caught:
        call()
    assert time.monotonic() - start < 20
    assert caught.value.help
    return caught.value.message


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_that_is_not_ours_is_refused(name: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for sql in SCHEMAS[name]:
            connection.execute(sql)
    before = file.read_bytes()
    for call in (lambda: heads(str(file)), lambda: opened(file, Reader.versions), lambda: Store(str(file))):
        refused(call, "made by somebody else")
    assert file.read_bytes() == before


def test_tables_of_analyze_and_of_the_user_are_accepted(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("ANALYZE")
        connection.execute("CREATE TABLE mine (a INTEGER CHECK (a > 0))")
    assert len(heads(str(file))) == 1


def test_a_query_has_a_time_limit(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(File, "QUERY_SECONDS", 0.2)
    with File(str(file)).begin() as connection:
        refused(lambda: connection.select(f"{ENDLESS} SELECT count(*) FROM n"), "a query took more than")


def test_a_change_after_a_slow_query_has_no_time_limit(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(File, "QUERY_SECONDS", 0.0)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)"
    with File(str(file)).begin(writing=True) as connection:
        assert connection.select("SELECT count(*) AS n FROM p365_heads") == [{"n": 1}]
        connection.execute(f"INSERT INTO p365_notes {numbers} SELECT i, 'x' FROM n")
        monkeypatch.setattr(File, "QUERY_SECONDS", 30.0)


def test_a_huge_value_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(File, "MOST_BYTES", 100)
    refused(lambda: heads(str(file)), "too big")


def test_a_head_without_its_version_is_reported(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE p365_heads SET version = '2030010700'")
        connection.execute("DELETE FROM p365_notes WHERE key = 'seal'")  # else the change itself is an error
    workspace = Workspace(store=str(file))
    for call in (
        lambda: heads(str(file)),
        workspace.catalog,
        lambda: workspace.lookup("outlook.example.com"),
        lambda: opened(file, lambda store: store.head(Cloud.WORLDWIDE)),
        lambda: opened(file, Reader.check_contents),
    ):
        assert "worldwide, 2030010700, is not stored" in refused(call, "is not stored")
    assert opened(file, Reader.problems) == ("the version in force of worldwide, 2030010700, is not stored",)
    with Store(str(file)) as store:
        store.pin(Cloud.WORLDWIDE, "2030010600")  # as the help says
    assert [head.version for head in heads(str(file))] == ["2030010600"]


def opened(file: Path, ask: Callable[[Reader], object]) -> object:
    """Ask the reader of a store."""
    with reader(str(file)) as store:
        return ask(store)


PLACES = {
    "a pipe": "pipe",
    "a folder": ".",
    "a device": "/dev/zero",
    "nothing": "/dev/null",
    "a terminal": "/dev/tty",
    "memory": ":memory:",
    "a URL without slashes": "postgresql:user:secret@host/db",
    "a URL of another scheme": "mysql://user:secret@host/db",
    "a port out of range": "postgresql://user@127.0.0.1:99999999/db",
    "a negative port": "postgresql://user@127.0.0.1:-1/db",
    "an open bracket": "postgresql://[::1/db",
    "a wrong escape": "postgresql://%zz@127.0.0.1/db",
    "surrogates": "postgresql://\udcff@127.0.0.1/db",
    "a NUL": "a\0b",
    "a NUL in a URL": "postgresql://127.0.0.1/a\0b",
    "too long": "x" * (LONGEST + 1),
    "a long name": "x" * 300,
    "an empty path": "sqlite:///",
    "the parent": "sqlite:///..",
    "control bytes": "no\x1b]0;such\x07\r\x9bfile/\u202estore",
}


@pytest.mark.parametrize("name", PLACES)
def test_an_odd_place_is_an_error(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    if hasattr(os, "mkfifo"):
        os.mkfifo("pipe")
    for call in (lambda: heads(PLACES[name]), lambda: Store(PLACES[name], create=False), lambda: reader(PLACES[name])):
        assert "secret" not in refused(call)
    with suppress(StoreError):
        Store(PLACES[name]).close()  # creates a file, or is refused
    with suppress(StoreError):
        fingerprint(store_place(PLACES[name]))
