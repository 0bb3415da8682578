"""The lists in force of a store, and errors for files that are not stores (see also test_database.py)."""

import subprocess
import sys
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.store.heads import heads, server_generation
from perimeter365.store.store import Store
from tests.history.postgres import Server


def test_a_store_without_a_version_in_force_has_no_heads(store: Store, recorded: tuple[State, ...]) -> None:
    assert heads(store.place) == ()
    store.add(recorded)
    assert heads(store.place) == ()


def test_the_heads_are_the_versions_in_force(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    store.commit(recorded[2])
    store.pin(Cloud.WORLDWIDE, recorded[0].version)
    (head,) = heads(store.place)
    assert (head.cloud, head.version, head.pinned, head.origin) == ("worldwide", "2030010600", True, "live")
    assert head.body == recorded[0].body
    store.unpin(Cloud.WORLDWIDE)
    (head,) = heads(store.place)
    assert (head.version, head.pinned) == ("2030030300", False)


def test_a_database_without_tables_has_no_heads(postgres: Server) -> None:
    assert heads(postgres.database()) == ()


def test_a_missing_store_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store at"):
        heads(str(tmp_path / "store.sqlite"))


def test_a_read_only_file_can_be_read(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    path = tmp_path / "store.sqlite"
    with Store(str(path)) as store:
        store.commit(recorded[0])
    path.chmod(0o444)
    assert [head.version for head in heads(str(path))] == [recorded[0].version]


def test_the_next_reader_rolls_back_a_killed_writer(
    tmp_path: Path,
    recorded: tuple[State, ...],
) -> None:
    path = tmp_path / "store.sqlite"
    with Store(str(path)) as store:
        store.commit(recorded[0])
    # A writer that spills its pages to the file before it commits, and is killed then.
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


def test_the_generation_of_a_server_changes_with_each_write(postgres: Server, recorded: tuple[State, ...]) -> None:
    place = postgres.database()
    seen = [server_generation(place)]
    with Store(place) as store:
        seen.append(server_generation(place))
        for state in recorded[:2]:
            store.commit(state)
            seen.append(server_generation(place))
        assert server_generation(place) == seen[-1]
        store.set_note("sync.seen.worldwide", "2030-01-01T00:00:00+00:00")
        assert server_generation(place) == seen[-1], "the same lists"
        store.set_note("feeds.admitted.0", "{}")
        seen.append(server_generation(place))
    assert seen[0] == "empty"
    assert len(set(seen)) == len(seen)
