"""SQLite files: the header, transactions of one connection each, and what SQLite's errors mean."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.store.connection import APPLICATION, Connection
from perimeter365.store.heads import heads
from perimeter365.store.sqlite import File, check_file, make_file, sqlite_failed
from perimeter365.store.store import Store


def one_table(connection: Connection) -> None:
    connection.do("CREATE TABLE one (value TEXT)")


def raise_after(connection: Connection, sql: str) -> None:
    connection.do(sql)
    raise ZeroDivisionError


@pytest.fixture
def file(tmp_path: Path) -> File:
    path = tmp_path / "store.sqlite"
    make_file(str(path), one_table)
    return File(str(path))


def test_a_transaction_that_ends_well_is_kept_and_another_one_is_not(file: File) -> None:
    with file.begin(writing=True) as connection:
        connection.do("INSERT INTO one VALUES (:value)", value="kept")
    with pytest.raises(ZeroDivisionError), file.begin(writing=True) as connection:
        raise_after(connection, "INSERT INTO one VALUES ('lost')")
    with file.begin() as connection:
        assert connection.ask("SELECT value FROM one") == [{"value": "kept"}]


def test_a_statement_that_fails_leaves_the_file_unlocked(file: File) -> None:
    with pytest.raises(StoreError, match="no such table"), file.begin(writing=True) as connection:
        connection.do("INSERT INTO two VALUES (1)")
    with closing(sqlite3.connect(file.path, timeout=0)) as other:
        other.execute("BEGIN EXCLUSIVE")


def test_a_commit_that_fails_is_an_error_and_nothing_is_kept(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "WAIT", 0.1)
    with file.begin() as reader:
        reader.ask("SELECT value FROM one")  # its shared lock is in the way of a commit
        with pytest.raises(StoreError, match="is in use"), file.begin(writing=True) as writer:
            writer.do("INSERT INTO one VALUES (:value)", value="lost")
    with file.begin() as connection:
        assert connection.ask("SELECT value FROM one") == []


def test_a_writer_waits_for_the_disk_and_is_never_in_wal(file: File) -> None:
    with file.begin(writing=True) as connection:
        assert connection.ask("PRAGMA journal_mode") == [{"journal_mode": "delete"}]
        assert connection.ask("PRAGMA synchronous") == [{"synchronous": 3}]  # EXTRA
        assert connection.ask("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


def test_a_file_that_was_put_into_wal_by_hand_is_taken_out_of_it(file: File) -> None:
    with closing(sqlite3.connect(file.path)) as other:
        assert other.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    with file.begin(writing=True) as connection:
        assert connection.ask("PRAGMA journal_mode") == [{"journal_mode": "delete"}]


def test_no_function_of_a_damaged_schema_is_trusted(file: File) -> None:
    with file.begin() as connection:
        assert connection.ask("PRAGMA trusted_schema") == [{"trusted_schema": 0}]


def test_a_new_file_says_whose_it_is_and_leaves_nothing_beside_it(file: File) -> None:
    with file.begin() as connection:
        assert connection.ask("PRAGMA application_id") == [{"application_id": APPLICATION}]
    assert APPLICATION.to_bytes(4, "big") == b"P365"
    assert [path.name for path in Path(file.path).parent.iterdir()] == ["store.sqlite"]


def test_a_file_that_is_there_first_is_kept(file: File) -> None:
    before = Path(file.path).read_bytes()
    make_file(file.path, lambda connection: connection.do("CREATE TABLE another (value TEXT)"))
    assert Path(file.path).read_bytes() == before


def test_a_file_that_cannot_be_filled_is_not_made(tmp_path: Path) -> None:
    def fail(connection: Connection) -> None:
        one_table(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        make_file(str(tmp_path / "store.sqlite"), fail)
    assert list(tmp_path.iterdir()) == []


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
