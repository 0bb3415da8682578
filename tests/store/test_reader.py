"""A reader returns the same as the store that wrote the data."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from perimeter365.errors import InputError, StoreError, UnknownNameError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.place import is_server
from perimeter365.store.reader import Reader, reader
from perimeter365.store.store import Store
from tests.history import oracle
from tests.history.postgres import Server

WORLDWIDE = Cloud.WORLDWIDE
RECORD = ChangeRecord(
    id=7,
    endpoint_set=11,
    disposition="Change",
    version=Version("2030030300"),
    effective=date(2030, 4, 1),
    added_prefixes=("131.107.113.192/26",),
)


@pytest.fixture
def filled(store: Store, recorded: tuple[State, ...]) -> Store:
    """A store with synced, held and pinned states and a note."""
    store.add(recorded[:2])
    store.commit(recorded[2], records=[RECORD], outbox=[("committed", {"version": "2030030300"})])
    store.commit(recorded[3])
    store.add_held(recorded[4], [Reason(code="growth", message="")])
    store.set_note("client", "one")
    store.pin(WORLDWIDE, recorded[2].version)
    return store


@pytest.fixture
def asked(filled: Store) -> Iterator[Reader]:
    with reader(filled.place) as found:
        yield found


def test_every_query_returns_the_same(filled: Store, asked: Reader) -> None:
    for ask in (
        lambda s: s.versions(),
        lambda s: s.versions(Cloud.CHINA),
        lambda s: list(s.states(WORLDWIDE)),
        lambda s: s.state(WORLDWIDE, "2030-02-15"),
        lambda s: s.head(WORLDWIDE),
        lambda s: s.head(Cloud.DOD),
        lambda s: s.newest(WORLDWIDE),
        lambda s: s.in_force(),
        lambda s: s.catalog(embedded()),
        lambda s: s.held(),
        lambda s: s.state_of(s.held()[0]),
        lambda s: s.pending(),
        lambda s: s.effective(WORLDWIDE),
        lambda s: s.records(WORLDWIDE),
        lambda s: s.note("client"),
        lambda s: s.note("nothing"),
        lambda s: s.problems(),
    ):
        assert ask(asked) == ask(filled)
    for value in (*oracle.values(oracle.series()), "131.107.100.9", "x.login.example.com", "www.example.net"):
        assert asked.history(value) == filled.history(value)


@pytest.mark.parametrize(
    ("sql", "query"),
    [
        ("UPDATE p365_records SET body = '{'", lambda store: store.records(WORLDWIDE)),
        ("UPDATE p365_records SET body = '{}'", lambda store: store.records(WORLDWIDE)),
        ("UPDATE p365_records SET body = replace(body, '2030030300', 'new')", lambda store: store.records(WORLDWIDE)),
        ("UPDATE p365_held SET reasons = 'no'", Store.held),
        ("UPDATE p365_held SET version = 'new'", Store.held),
        ("UPDATE p365_outbox SET payload = ''", Store.pending),
    ],
)
def test_a_damaged_row_is_an_error_of_the_store(filled: Store, sql: str, query: Callable[[Store], object]) -> None:
    assert query(filled)
    with filled._database.writing() as connection:
        connection.execute(sql)
    with pytest.raises(StoreError, match="the store is damaged: "):
        query(filled)


def test_missing_values_give_the_same_error(filled: Store, asked: Reader) -> None:
    for which in ("2031010100", "2029-01-01", "abcdefabcdef", "abc"):
        with pytest.raises(UnknownNameError, match="is not a version of worldwide in the store"):
            asked.state(WORLDWIDE, which)
    with pytest.raises(UnknownNameError) as caught:
        asked.state(Cloud.DOD, "2030010600")
    assert "perimeter365 sync" in caught.value.help
    with pytest.raises(InputError, match="neither a version"):
        asked.state(WORLDWIDE, "last-week")


def test_a_state_is_found_by_version_by_day_and_by_content(asked: Reader, recorded: tuple[State, ...]) -> None:
    assert asked.state(WORLDWIDE, "2030030300").sets == recorded[2].sets
    assert asked.state(WORLDWIDE, "2030-03-02").version == recorded[1].version
    assert asked.state(WORLDWIDE, date(2030, 3, 3)).version == recorded[2].version
    assert asked.state(WORLDWIDE, recorded[2].hash).version == recorded[2].version
    assert asked.state(WORLDWIDE, recorded[2].hash[:12]).version == recorded[2].version


def test_a_reader_sees_one_snapshot(filled: Store, recorded: tuple[State, ...]) -> None:
    with reader(filled.place) as found, found.reading():
        before = found.versions()
        if is_server(filled.place):
            filled.commit(recorded[4])
        assert found.versions() == before


def test_a_file_is_read_from_the_snapshot_of_its_opening(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = str(tmp_path / "store.sqlite")
    with Store(place) as store:
        store.commit(recorded[0])
    with reader(place) as found, closing(sqlite3.connect(place, timeout=0)) as writer:
        writer.execute("DELETE FROM p365_heads")
        with pytest.raises(sqlite3.OperationalError, match="locked"):  # the reader holds its lock before the first query
            writer.commit()
        assert len(found.versions()) == 1
    with closing(sqlite3.connect(place, timeout=0)) as writer:
        writer.execute("DELETE FROM p365_heads")
        writer.commit()


def test_a_server_is_read_in_its_current_state(postgres: Server, recorded: tuple[State, ...]) -> None:
    place = postgres.database()
    with Store(place) as store:
        store.commit(recorded[0])
        with reader(place) as found:
            assert len(found.versions()) == 1
            store.commit(recorded[2])
            assert len(found.versions()) == 2


def test_a_reader_writes_nothing(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    path = tmp_path / "store.sqlite"
    with Store(str(path)) as store:
        store.commit(recorded[0])
    before = path.read_bytes(), path.stat().st_mtime_ns
    with reader(str(path)) as found:
        found.problems()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_newer_schema_is_rejected_by_a_reader(tmp_path: Path) -> None:
    place = f"{tmp_path}/store.sqlite"
    Store(place).close()
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("UPDATE p365_schema SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreError, match="does not support"):
        reader(place)


def test_a_reader_does_not_create_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store at"):
        reader(f"{tmp_path}/store.sqlite")
