"""The rows of the service's processes: on both databases, apart from the lists."""

import os
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.store.fingerprint import fingerprint
from perimeter365.store.place import is_server
from perimeter365.store.replicas import FORGET, MOST, Replica, Replicas
from perimeter365.store.store import Store
from tests.torture import dump

W = Cloud.WORLDWIDE
ROW = Replica(id="web1-71-0c", keep=370.0, served={W: Version("2030010200")}, settled={W: Version("2030010100")})


@pytest.fixture
def lists(place: str, recorded: tuple[State, ...]) -> str:
    """The place of a store with a list in force."""
    with Store(place) as store:
        store.commit(recorded[0])
    return place


def execute(replicas: Replicas, sql: str, **values: object) -> None:
    with replicas._database().writing() as connection:
        connection.execute(sql, **values)


def test_rows_are_read_as_they_were_written(lists: str) -> None:
    with Replicas(lists) as one, Replicas(lists) as two:
        assert one.rows() == ()
        one.beat(ROW)
        announced = {W: Version("2030010100"), Cloud.named("newland"): Version("1111111111")}
        two.beat(Replica(id="b", keep=1.5, stopped=True, announced=announced))
        first, second = two.rows()
        assert (first.id, first.keep, first.stopped) == ("b", 1.5, True)
        assert first.announced == announced
        assert (second.served, second.settled, second.announced, second.stopped) == (ROW.served, ROW.settled, {}, False)
        assert 0 <= first.age <= second.age < 20


def test_a_row_is_replaced_and_its_age_begins_again(lists: str) -> None:
    with Replicas(lists) as replicas:
        replicas.beat(ROW)
        time.sleep(0.2)
        (before,) = replicas.rows()
        replicas.beat(ROW)
        (after,) = replicas.rows()
        assert before.age >= 0.2 > after.age


def test_rows_do_not_change_the_store(lists: str) -> None:
    """Each change of the store makes all processes read all lists again."""
    before, shown = fingerprint(lists), dump.of(lists)
    with Replicas(lists) as replicas:
        replicas.beat(ROW)
        assert fingerprint(lists) == before
        left = {table: rows for table, rows in dump.of(lists).items() if table != "p365_replicas"}
        assert left == {table: rows for table, rows in shown.items() if table != "p365_replicas"}
    with Store(lists) as store:
        assert store.problems() == ()


def test_a_row_is_written_during_a_long_change_of_the_lists(lists: str) -> None:
    """A process that could not write its row for that time would not count any more."""
    with Store(lists) as store, Replicas(lists) as replicas:
        replicas.rows()
        with store.writing():
            writer = threading.Thread(target=replicas.beat, args=[ROW])
            writer.start()
            writer.join(10)
            assert not writer.is_alive()
        assert [each.id for each in replicas.rows()] == [ROW.id]


def test_many_processes_write_at_the_same_time(lists: str) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with Replicas(lists) as replicas:
                for _ in range(10):
                    replicas.beat(Replica(id=f"p{number}", keep=1))
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failed
    with Replicas(lists) as replicas:
        assert {each.id for each in replicas.rows()} == {f"p{number}" for number in range(6)}


def test_a_row_is_deleted_a_day_after_the_last_of_its_answers(lists: str) -> None:
    with Replicas(lists) as replicas:
        for name, seconds in (("old", FORGET + 371), ("kept", FORGET + 369)):
            replicas.beat(Replica(id=name, keep=370))
            execute(replicas, "UPDATE p365_replicas SET beat = beat - :seconds WHERE id = :name", seconds=seconds, name=name)
        replicas.beat(ROW)
        assert {each.id for each in replicas.rows()} == {ROW.id, "kept"}


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("served", "[]", "expected an object, got a list"),
        ("settled", '{"worldwide": "2030"}', "'2030' is not a version of ten digits"),
        ("announced", '{"worldwide": 1}', "expected a string, got 1"),
        ("announced", '{"' + "a" * 10_000 + '": "1"}', "more than 10000 bytes"),
        ("id", "a\nb", "is not the name of a process"),
    ],
)
def test_a_damaged_row_is_an_error(lists: str, column: str, value: str, problem: str) -> None:
    with Replicas(lists) as replicas:
        replicas.beat(ROW)
        execute(replicas, f"UPDATE p365_replicas SET {column} = :value", value=value)
        with pytest.raises(StoreError, match=problem):
            replicas.rows()


def test_the_number_of_rows_is_limited(tmp_path: Path) -> None:
    with Replicas(str(tmp_path / "store.sqlite")) as replicas:
        replicas.beat(ROW)
        sql = "INSERT INTO p365_replicas SELECT :name, beat, stopped, keep, served, settled, announced"
        sql += " FROM p365_replicas LIMIT 1"
        with replicas._database().writing() as connection:
            connection.execute_many(sql, [{"name": f"p{number}"} for number in range(MOST)])
        with pytest.raises(StoreError, match="more than 1000 processes"):
            replicas.rows()


def test_the_file_with_the_rows_is_private_and_lies_next_to_the_store(tmp_path: Path) -> None:
    with Replicas(str(tmp_path / "store.sqlite")) as replicas:
        replicas.beat(ROW)
    assert [each.name for each in tmp_path.iterdir()] == ["store.sqlite.replicas"]
    assert (tmp_path / "store.sqlite.replicas").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_damaged_is_an_error_until_it_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite.replicas"
    path.write_text("no database")
    with Replicas(str(tmp_path / "store.sqlite")) as replicas:
        with pytest.raises(StoreError, match="is not a SQLite database"):
            replicas.beat(ROW)
        path.unlink()
        replicas.beat(ROW)
        assert len(replicas.rows()) == 1


def test_a_file_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    with Replicas(str(tmp_path / "store.sqlite")) as replicas:
        replicas.beat(ROW)
        (tmp_path / "store.sqlite.replicas").unlink()
        assert replicas.rows() == ()
        replicas.beat(ROW)
        assert len(replicas.rows()) == 1


def test_a_server_that_restarts_is_used_again(lists: str) -> None:
    if not is_server(lists):
        pytest.skip("only a server restarts")
    with Replicas(lists) as replicas:
        replicas.beat(ROW)
        with closing(psycopg.connect(lists, autocommit=True)) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        replicas.beat(ROW)
        assert len(replicas.rows()) == 1


def test_a_file_without_write_access_can_be_read(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everything")
    with Replicas(str(tmp_path / "store.sqlite")) as replicas:
        replicas.beat(ROW)
        (tmp_path / "store.sqlite.replicas").chmod(0o400)
        with pytest.raises(StoreError, match="cannot be written"):
            replicas.beat(ROW)
        assert [each.id for each in replicas.rows()] == [ROW.id]
