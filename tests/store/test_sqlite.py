"""SQLite files: header, transactions, and translation of SQLite's errors."""

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
    connection.execute("CREATE TABLE one (value TEXT)")


def raise_after(connection: Connection, sql: str) -> None:
    connection.execute(sql)
    raise ZeroDivisionError


@pytest.fixture
def file(tmp_path: Path) -> File:
    path = tmp_path / "store.sqlite"
    make_file(str(path), one_table)
    return File(str(path))


def test_a_transaction_is_committed_and_rolled_back_after_an_exception(file: File) -> None:
    with file.begin(writing=True) as connection:
        connection.execute("INSERT INTO one VALUES (:value)", value="kept")
    with pytest.raises(ZeroDivisionError), file.begin(writing=True) as connection:
        raise_after(connection, "INSERT INTO one VALUES ('lost')")
    with file.begin() as connection:
        assert connection.select("SELECT value FROM one") == [{"value": "kept"}]


def test_a_statement_that_fails_leaves_the_file_unlocked(file: File) -> None:
    with pytest.raises(StoreError, match="no such table"), file.begin(writing=True) as connection:
        connection.execute("INSERT INTO two VALUES (1)")
    with closing(sqlite3.connect(file.path, timeout=0)) as other:
        other.execute("BEGIN EXCLUSIVE")


def test_a_failed_commit_is_an_error_and_changes_nothing(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "WAIT", 0.1)
    with file.begin() as reader:
        reader.select("SELECT value FROM one")  # its shared lock blocks a commit
        with pytest.raises(StoreError, match="is in use"), file.begin(writing=True) as writer:
            writer.execute("INSERT INTO one VALUES (:value)", value="lost")
    with file.begin() as connection:
        assert connection.select("SELECT value FROM one") == []


def test_a_writer_syncs_to_disk_and_never_uses_wal(file: File) -> None:
    with file.begin(writing=True) as connection:
        assert connection.select("PRAGMA journal_mode") == [{"journal_mode": "delete"}]
        assert connection.select("PRAGMA synchronous") == [{"synchronous": 3}]  # EXTRA
        assert connection.select("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


def test_a_file_in_wal_mode_is_switched_back(file: File) -> None:
    with closing(sqlite3.connect(file.path)) as other:
        assert other.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    with file.begin(writing=True) as connection:
        assert connection.select("PRAGMA journal_mode") == [{"journal_mode": "delete"}]


def test_functions_in_a_schema_are_not_trusted(file: File) -> None:
    with file.begin() as connection:
        assert connection.select("PRAGMA trusted_schema") == [{"trusted_schema": 0}]


def test_a_new_file_has_the_application_id_and_leaves_no_temporary_file(file: File) -> None:
    with file.begin() as connection:
        assert connection.select("PRAGMA application_id") == [{"application_id": APPLICATION}]
    assert APPLICATION.to_bytes(4, "big") == b"P365"
    assert [path.name for path in Path(file.path).parent.iterdir()] == ["store.sqlite"]


def test_an_existing_file_wins_over_a_new_one(file: File) -> None:
    before = Path(file.path).read_bytes()
    make_file(file.path, lambda connection: connection.execute("CREATE TABLE another (value TEXT)"))
    assert Path(file.path).read_bytes() == before


def test_a_file_that_cannot_be_filled_is_not_created(tmp_path: Path) -> None:
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
    ("text", "message", "help"),
    [
        ("database is locked", "is in use", "when the other process has ended"),
        ("database disk image is malformed", "is damaged", "move it aside"),
        ("attempt to write a readonly database", "cannot be written", "read and write access to the file and its folder"),
        ("unable to open database file", "cannot be written", "read and write access to the file and its folder"),
        ("database or disk is full", "cannot be written: database or disk is full", "free some disk space"),
        ("disk I/O error", "cannot be used: disk I/O error", "nothing was changed"),
        ("something new", "cannot be used: something new", "name another one with --store"),
    ],
)
def test_an_error_of_sqlite_names_the_file_and_the_next_step(text: str, message: str, help: str) -> None:
    error = sqlite_failed("/srv/store.sqlite", sqlite3.OperationalError(text))
    assert error.message.startswith(f"/srv/store.sqlite {message}")
    assert help in error.help
