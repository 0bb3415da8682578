"""The lists in force, asked in plain SQL: what a store was told, and errors for what is none (see also history)."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.history.storage.store import Store
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.sources._heads import check_file, heads, sqlite_failed
from tests.history.postgres import Server


def test_a_store_without_anything_in_force_has_no_heads(store: Store, recorded: tuple[State, ...]) -> None:
    assert heads(store.place) == ()
    store.add(recorded)
    assert heads(store.place) == ()


def test_what_is_in_force_is_what_the_store_says(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    store.commit(recorded[2])
    store.pin(Cloud.WORLDWIDE, recorded[0].version)
    (head,) = heads(store.place)
    assert (head.cloud, head.version, head.pinned, head.origin) == ("worldwide", "2030010600", True, "live")
    assert head.body == recorded[0].body
    store.unpin(Cloud.WORLDWIDE)
    (head,) = heads(store.place)
    assert (head.version, head.pinned) == ("2030030300", False)


def test_a_database_without_a_store_has_no_heads(postgres: Server) -> None:
    assert heads(postgres.database()) == ()


def test_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store at"):
        heads(str(tmp_path / "store.sqlite"))


def test_a_file_that_may_not_be_written_can_still_be_read(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    path = tmp_path / "store.sqlite"
    with Store(str(path)) as store:
        store.commit(recorded[0])
    path.chmod(0o444)
    assert [head.version for head in heads(str(path))] == [recorded[0].version]


def test_a_writer_that_was_killed_is_rolled_back_by_the_next_reader(
    tmp_path: Path,
    recorded: tuple[State, ...],
) -> None:
    path = tmp_path / "store.sqlite"
    with Store(str(path)) as store:
        store.commit(recorded[0])
    # A writer that has to spill its pages to the file before it commits, and dies there.
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "c.execute('PRAGMA cache_size=1'); c.execute('BEGIN IMMEDIATE'); c.execute('DELETE FROM p365_heads'); "
        "c.executemany('INSERT INTO p365_notes VALUES (?, ?)', [(str(n), 'x' * 3000) for n in range(200)]); "
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert path.with_name("store.sqlite-journal").exists(), "the writer left nothing to roll back"
    assert [head.version for head in heads(str(path))] == [recorded[0].version]
    assert not path.with_name("store.sqlite-journal").exists()


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE p365_heads (cloud TEXT)")
        connection.commit()
    before = path.read_bytes()
    for ask in (lambda: check_file(str(path)), lambda: heads(str(path)), lambda: Store(str(path))):
        with pytest.raises(StoreError, match="database of another program"):
            ask()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("said", "told", "help"),
    [
        ("database is locked", "is in use", "when the other one has ended"),
        ("database disk image is malformed", "is damaged", "move it aside"),
        ("attempt to write a readonly database", "cannot be written", "allowed to read and write it and its folder"),
        ("unable to open database file", "cannot be written", "allowed to read and write it and its folder"),
        ("database or disk is full", "cannot be written: database or disk is full", "free some space"),
        ("disk I/O error", "cannot be used: disk I/O error", "nothing was changed"),
        ("something new", "cannot be used: something new", "name another with --store"),
    ],
)
def test_what_sqlite_says_is_told_with_the_place_and_the_next_step(said: str, told: str, help: str) -> None:
    error = sqlite_failed("/srv/store.sqlite", sqlite3.OperationalError(said))
    assert error.message.startswith(f"/srv/store.sqlite {told}")
    assert help in error.help
