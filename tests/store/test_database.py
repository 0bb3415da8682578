"""Opening a store: foreign and damaged files, newer schemas, concurrent writers, kill -9."""

import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.store.connection import Connection
from perimeter365.store.heads import heads
from perimeter365.store.place import is_server
from perimeter365.store.reader import reader
from perimeter365.store.store import Store
from tests.history.oracle import SERIES
from tests.history.postgres import Server
from tests.history.worker import Writer

ROOT = Path(__file__).resolve().parents[2]
KILLS = {"sqlite": 12, "postgresql": 6}
"""Number of kills; `make torture` does more."""


# -- creation ------------------------------------------------------------------------------------------------


def test_reading_does_not_create_a_missing_store(place: str) -> None:
    with pytest.raises(StoreError, match="there is no store") as caught:
        Store(place, create=False)
    assert "perimeter365 sync" in caught.value.help
    assert is_server(place) or not Path(place).exists()


def test_the_folder_of_a_new_store_is_created(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b" / "store.sqlite"
    Store(str(place)).close()
    assert [path.name for path in place.parent.iterdir()] == ["store.sqlite"], "no temporary file is left"


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="cannot be created"):
        Store(str(tmp_path / "file" / "store.sqlite"))


def test_concurrent_creation_gives_one_complete_store(tmp_path: Path) -> None:
    place = str(tmp_path / "store.sqlite")
    several = [Writer(place, Cloud.WORLDWIDE, 3) for _ in range(3)]
    for each in several:
        assert len(each.committed()) == 3
        assert each.code == 0
    with Store(place) as store:
        assert len(store.versions()) == 9
        assert store.problems() == ()


# -- damage ------------------------------------------------------------------------------------------------


def cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_the_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_by_one_page(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def no_database(path: Path) -> None:
    path.write_text("<html>503 Service Unavailable</html>" * 100)


def another_programs(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE addresses (name TEXT)")
        connection.commit()


def a_table_is_gone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DROP TABLE p365_heads")
        connection.execute("DROP TABLE p365_versions")
        connection.commit()


def a_content_is_changed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE p365_states SET body = replace(body, '131.107.113.0', '203.0.112.0')")
        connection.commit()


def the_root_page_is_noise(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:4096] = random.Random(365).randbytes(3996)
    path.write_bytes(data)


def every_page_but_the_first_is_noise(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = random.Random(365).randbytes(len(data) - 4096)
    path.write_bytes(data)


def a_newer_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE p365_schema SET version_num = '9999'")
        connection.commit()


def no_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM p365_schema")
        connection.commit()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[Callable[[Path], None], str] = {
    cut_to_nothing: "is empty",
    cut_in_the_header: "is truncated",
    cut_in_half: "is truncated",
    cut_by_one_page: "is truncated",
    no_database: "not a SQLite database",
    another_programs: "another program",
    a_table_is_gone: "damaged",
    a_content_is_changed: "not what was stored",
    the_root_page_is_noise: "damaged",
    every_page_but_the_first_is_noise: "damaged",
    a_newer_schema: "does not support",
    no_schema: "damaged: its schema revision is missing",
    a_folder: "it is a folder, not a regular file",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_store_is_reported_wherever_it_is_read(
    damage: Callable[[Path], None], tmp_path: Path, recorded: tuple[State, ...]
) -> None:
    path = tmp_path / "store.sqlite"
    with Store(str(path)) as store:
        store.commit(recorded[0])
        store.commit(recorded[2])
    damage(path)

    def with_store() -> None:
        with Store(str(path)) as store:
            store.head(Cloud.WORLDWIDE)

    def with_reader() -> None:
        with reader(str(path)) as store:
            store.head(Cloud.WORLDWIDE)

    for ask in (with_store, with_reader, lambda: heads(str(path))):
        with pytest.raises(StoreError, match=DAMAGES[damage]) as caught:
            ask()
        assert caught.value.exit_code == 2
        assert caught.value.code == "P365-STORE"


def test_random_damage_is_a_store_error_or_harmless(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    whole = tmp_path / "whole.sqlite"
    with Store(str(whole)) as store:
        for state in recorded:
            store.commit(state)
    random_ = random.Random(365)
    found = set()
    for number in range(60):
        path = tmp_path / f"{number}.sqlite"
        data = bytearray(whole.read_bytes())
        at = random_.randrange(100, len(data))
        data[at : at + random_.choice([1, 16, 512])] = random_.randbytes(16)
        path.write_bytes(data)
        try:
            with Store(str(path)) as store:
                found.add("problem" if store.problems() else "sound")
                head = store.head(Cloud.WORLDWIDE)
                # Wherever the damage is: a list that is returned is one that was stored.
                assert head is None or head.hash in {state.hash for state in recorded}
        except StoreError:
            found.add("error")
    assert "error" in found, "the damage had no effect, so the test proves nothing"


def test_a_newer_schema_is_rejected_on_a_server(postgres: Server, recorded: tuple[State, ...]) -> None:
    place = postgres.database()
    with Store(place) as store:
        store.commit(recorded[0])
    with psycopg.connect(place) as connection:
        connection.execute("UPDATE p365_schema SET version_num = '9999'")
    for ask in (lambda: Store(place), lambda: heads(place)):
        with pytest.raises(StoreError, match="does not support"):
            ask()


def test_an_unreachable_server_is_reported_without_the_password(tmp_path: Path) -> None:
    place = f"postgresql://someone:hunter2@/nothing?host={tmp_path}"
    for ask in (lambda: Store(place), lambda: heads(place)):
        with pytest.raises(StoreError, match="cannot be used") as caught:
            ask()
        assert "hunter2" not in str(caught.value)


def test_a_server_that_restarts_can_be_used_again(recorded: tuple[State, ...]) -> None:
    with Server() as server:
        place = server.database()
        with Store(place) as store:
            store.commit(recorded[0])
            server.stop(signal.SIGQUIT)  # no shutdown checkpoint: it will have to recover
            with pytest.raises(StoreError, match="cannot be used"):
                store.commit(recorded[2])
            server.start()
            assert [v.version for v in store.versions()] == [recorded[0].version]
            assert store.commit(recorded[2])
            assert store.problems() == ()


# -- writers -----------------------------------------------------------------------------------------------


def test_two_writers_serialize(place: str) -> None:
    Store(place).close()
    several = [Writer(place, cloud, 15) for cloud in (Cloud.WORLDWIDE, Cloud.WORLDWIDE, Cloud.CHINA)]
    printed = [each.committed() for each in several]
    assert [each.code for each in several] == [0, 0, 0]
    with Store(place) as store:
        worldwide = [v.version for v in store.versions(Cloud.WORLDWIDE)]
        assert sorted(printed[0] + printed[1]) == sorted(worldwide)
        assert len(set(worldwide)) == 30
        assert sorted(printed[2]) == sorted(v.version for v in store.versions(Cloud.CHINA))
        assert len(store.pending()) == 45
        assert store.problems() == ()


def test_waiting_for_another_writer_is_limited(
    place: str, recorded: tuple[State, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "WAIT", 0.2)
    with Store(place) as one, Store(place) as two, one.writing():
        one.commit(recorded[0])
        with pytest.raises(StoreError, match="is in use"):
            two.commit(recorded[2])
    with Store(place) as store:
        assert [v.version for v in store.versions()] == [recorded[0].version]


def test_readers_see_the_old_or_the_new_state_while_another_writes(place: str) -> None:
    Store(place).close()
    writing = Writer(place, Cloud.WORLDWIDE, 30)
    seen = set()
    with Store(place, create=False) as store:
        while writing.running:
            with store.reading():
                versions = store.versions()
                head = store.head(Cloud.WORLDWIDE)
                pending = store.pending()
            assert len(pending) == len(versions)
            if versions:
                assert head is not None
                assert head.version == versions[-1].version
            seen.add(len(versions))
    assert len(writing.committed()) == 30
    assert writing.code == 0
    assert len(seen) > 2, "the reader never ran while the other process wrote"


def test_a_write_inside_a_read_transaction_is_rejected(store: Store, recorded: tuple[State, ...]) -> None:
    with pytest.raises(StoreError, match="inside a read transaction"), store.reading():
        store.commit(recorded[0])


# -- kill -9 -----------------------------------------------------------------------------------------------


def test_a_killed_writer_leaves_the_old_or_the_new_state(place: str) -> None:
    random_ = random.Random(os.getpid())
    kind = "postgresql" if is_server(place) else "sqlite"
    said: list[str] = []
    for number in range(KILLS[kind]):
        writer = Writer(place, Cloud.WORLDWIDE)
        if number % 4:
            writer.next_commit()
            time.sleep(random_.uniform(0, 0.15))
        else:  # while it opens or creates the store
            time.sleep(random_.uniform(0, 0.3))
        writer.kill()
        said += writer.committed()
        assert writer.code, "it was killed"
        _check_after_a_kill(place, said)
    # At least one acknowledged commit before each kill, except for kills during opening.
    assert len(said) >= KILLS[kind] * 3 // 4


def _check_after_a_kill(place: str, said: list[str]) -> None:
    """Acknowledged commits exist with their notifications, nothing is partial, and readers and writers work."""
    if not is_server(place) and not Path(place).exists():
        assert said == []
        return
    try:
        force = heads(place)
        with Store(place, create=False) as store:
            versions = [v.version for v in store.versions()]
            problems = store.problems()
            notified = [n.payload["version"] for n in store.pending()]
            head = store.head(Cloud.WORLDWIDE)
    except StoreError:
        assert is_server(place), "a file exists completely or not at all"
        assert said == []
        return
    assert problems == ()
    assert set(said) <= set(versions)
    assert notified == versions
    assert [h.version for h in force] == versions[-1:]
    assert (head.version if head else None) == (versions[-1] if versions else None)


def test_a_backup_of_a_store_can_be_restored(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place, old = tmp_path / "store.sqlite", tmp_path / "old.sqlite"
    with Store(str(place)) as store:
        store.commit(recorded[0])
        shutil.copy(place, old)
        store.commit(recorded[2])
    old.replace(place)
    with Store(str(place)) as store:
        assert [v.version for v in store.versions()] == [recorded[0].version]
        assert store.commit(recorded[3])
        assert store.problems() == ()


def test_the_series_is_where_the_worker_expects_it() -> None:
    assert SERIES.is_dir()
