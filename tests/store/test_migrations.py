"""The migrations: they make the tables of the releases that had them, on both databases, as a whole or not at all.

`first-release.*.sql` are stores that the first release has filled, with Alembic and SQLAlchemy: recorded[0] and [1]
imported, [2] and [3] synced, [4] held, one change record, one notification, one note, and [2] pinned.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.store import migrations
from perimeter365.store.connection import Connection
from perimeter365.store.database import migrate, open_source
from perimeter365.store.heads import heads
from perimeter365.store.migrations import REVISIONS
from perimeter365.store.place import is_server
from perimeter365.store.reader import reader
from perimeter365.store.sqlite import File
from perimeter365.store.store import Store
from tests.torture import dump

if TYPE_CHECKING:
    from perimeter365.store.connection import Source

HERE = Path(__file__).parent
WORLDWIDE = Cloud.WORLDWIDE
TABLES = {
    *("states", "versions", "intervals", "heads", "held", "outbox", "effective", "records", "notes", "forces", "schema"),
    "replicas",
}


def load_first_release(place: str) -> None:
    """Load the store of the first release into a database."""
    if is_server(place):
        with psycopg.connect(place) as connection:
            connection.execute((HERE / "first-release.postgresql.sql").read_bytes())
    else:
        with closing(sqlite3.connect(place)) as file:
            file.executescript((HERE / "first-release.sqlite.sql").read_text())


@pytest.fixture
def old(place: str) -> str:
    """Location of a store of the first release."""
    load_first_release(place)
    return place


# -- a store of the first release ----------------------------------------------------------------------------------


def of_first_release(state: State) -> State:
    """Return a list of the series as it was then, with addresses that the never-list has now."""
    text = state.body.replace("131.107.2.", "192.0.2.").replace("131.107.100.", "198.51.100.")
    text = text.replace("131.107.113.", "203.0.113.").replace("2001:4898:", "2001:db8:")
    return State.from_body(text, version=state.version, origin=state.origin)


def test_a_store_of_the_first_release_can_be_read(old: str, recorded: tuple[State, ...]) -> None:
    recorded = tuple(map(of_first_release, recorded))
    (head,) = heads(old)
    assert (head.version, head.pinned, head.origin, head.body) == (recorded[2].version, True, "live", recorded[2].body)
    with reader(old) as store:
        assert [v.version for v in store.versions()] == [state.version for state in recorded[:4]]
        assert [v.origin for v in store.versions()] == ["recorded", "recorded", "live", "live"]
        assert [s.hash for s in store.states(WORLDWIDE)] == [state.hash for state in recorded[:4]]
        (held,) = store.held()
        assert (held.version, held.at) == (recorded[4].version, "2030-06-01T12:00:00+00:00")
        assert store.state_of(held).hash == recorded[4].hash
        assert [n.payload["version"] for n in store.pending()] == [recorded[2].version]
        assert [(r.id, r.effective) for r in store.records(WORLDWIDE)] == [(7, date(2030, 4, 1))]
        assert store.effective(WORLDWIDE) == {(11, "203.0.113.192/26"): date(2030, 4, 1)}
        assert store.note("client") == "one"
        assert store.problems() == ()
    before = dump.of(old)
    with Store(old, create=False):
        pass
    assert dump.of(old) == before


def test_a_store_of_the_first_release_can_be_written(old: str, recorded: tuple[State, ...]) -> None:
    with Store(old) as store:
        assert store.commit(recorded[4])
        store.resolve(store.held()[0].id, "accepted")
        assert store.add_held(recorded[0], []).id == 2, "numbering continues"
        store.unpin(WORLDWIDE)
        assert store.problems() == ()
    found = dump.of(old)
    assert dump.integrity(old) == []
    assert [(row["version"], row["pinned"]) for row in found["p365_heads"]] == [(recorded[4].version, 0)]
    assert found["p365_schema"] == [{"version_num": REVISIONS[-1]}]


# -- the tables ----------------------------------------------------------------------------------------------------


def shape_of_file(place: str) -> list[Any]:
    """Columns, keys, indexes and references of each table, according to SQLite."""
    found: list[Any] = []
    with closing(sqlite3.connect(place)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1").fetchall():
            found.append((table, connection.execute(f"PRAGMA table_info({table})").fetchall()))
            found.append(connection.execute(f"PRAGMA foreign_key_list({table})").fetchall())
            for _, name, unique, origin, partial in connection.execute(f"PRAGMA index_list({table})").fetchall():
                columns = connection.execute(f"PRAGMA index_info({name})").fetchall()
                found.append((table, name, unique, origin, partial, columns))
    return found


def shape_of_database(place: str) -> list[Any]:
    """The same from PostgreSQL's catalog."""
    columns = "table_name, column_name, ordinal_position, data_type, character_maximum_length, is_nullable, column_default"
    constraints = "conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
    questions = (
        f"SELECT {columns} FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 3",
        f"SELECT {constraints} FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
        "SELECT sequencename, data_type::text, start_value, increment_by FROM pg_sequences ORDER BY 1",
    )
    with psycopg.connect(place) as connection:
        return [connection.execute(question.encode()).fetchall() for question in questions]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_new_store_has_the_tables_of_the_first_release(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if kind == "sqlite":
        new, old = str(tmp_path / "new.sqlite"), str(tmp_path / "old.sqlite")
    else:
        server = request.getfixturevalue("postgres")
        new, old = server.database(), server.database()
    Store(new).close()
    load_first_release(old)
    Store(old, create=False).close()  # upgrades it
    shape = shape_of_file if kind == "sqlite" else shape_of_database
    assert shape(new) == shape(old)
    assert {name.removeprefix("p365_") for name in dump.of(new)} == TABLES


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE p365_notes DROP COLUMN value",
        "DROP INDEX p365_intervals_value",
        "ALTER TABLE p365_versions ADD COLUMN more TEXT",
    ],
)
def test_a_different_schema_is_detected(sql: str, tmp_path: Path) -> None:
    place = str(tmp_path / "store.sqlite")
    Store(place).close()
    before = shape_of_file(place)
    with closing(sqlite3.connect(place)) as connection:
        connection.execute(sql)
    assert shape_of_file(place) != before


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    (tmp_path / "store.sqlite").touch()
    with File("store.sqlite", new=str(tmp_path / "store.sqlite")).begin(writing=True) as found:
        migrate(found)
        yield found


def test_a_version_requires_its_content(connection: Connection) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO p365_versions VALUES ('worldwide', '2030010100', 1, 'live', NULL, 'abc', NULL)")


def test_a_version_in_force_must_be_stored(connection: Connection) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO p365_heads VALUES ('worldwide', '2030010100', false)")


def test_two_versions_cannot_have_the_same_position(connection: Connection) -> None:
    connection.execute("INSERT INTO p365_states VALUES ('abc', 'worldwide', '{}')")
    row = "INSERT INTO p365_versions VALUES ('worldwide', :version, 1, 'live', NULL, 'abc', NULL)"
    connection.execute(row, version="2030010100")
    with pytest.raises(StoreError, match="UNIQUE"):
        connection.execute(row, version="2030010200")


# -- the scripts ---------------------------------------------------------------------------------------------------


def test_the_revisions_match_the_scripts_in_order() -> None:
    scripts = sorted(each.name for each in files(migrations).iterdir() if each.name.endswith(".sql"))
    assert scripts == [f"{revision}.sql" for revision in REVISIONS]


def migrate_and_fail(connection: Connection) -> None:
    migrate(connection)
    assert connection.revision() == REVISIONS[-1]
    raise ZeroDivisionError


def empty(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> "Source":
    """A database without tables."""
    if kind == "sqlite":
        (tmp_path / "store.sqlite").touch()
        return File("store.sqlite", new=str(tmp_path / "store.sqlite"))
    return open_source(request.getfixturevalue("postgres").database())


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_failed_migration_is_rolled_back(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    source = empty(kind, tmp_path, request)
    with pytest.raises(ZeroDivisionError), source.begin(writing=True) as connection:
        migrate_and_fail(connection)
    with source.begin() as connection:
        assert connection.revision() is None
        sql = "SELECT name FROM sqlite_master" if kind == "sqlite" else "SELECT 1 FROM pg_tables WHERE schemaname = 'public'"
        assert connection.select(sql) == []
    source.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_migrating_twice_changes_nothing(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    source = empty(kind, tmp_path, request)
    for _ in range(2):
        with source.begin(writing=True) as connection:
            migrate(connection)
            assert connection.select("SELECT version_num FROM p365_schema") == [{"version_num": REVISIONS[-1]}]
    source.close()
