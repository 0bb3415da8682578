"""Faults of the store during a sync. `tests/torture` has failing system calls and kill -9."""

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.history.sync import FAILED, Outcome, sync
from perimeter365.sources.embedded import embedded
from perimeter365.store.connection import VERSION_TABLE
from perimeter365.store.store import Store
from tests.reliability.promises import W, look
from tests.reliability.scene import Stage
from tests.torture import dump

ROOT = Path(__file__).resolve().parents[2]


def _noise(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes((7 * i) % 251 for i in range(len(data) - 4096))
    path.write_bytes(data)


def _foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE places (id INTEGER PRIMARY KEY)")
        other.commit()


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as store:
        store.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        store.commit()


DAMAGE: Mapping[str, Callable[[Path], object]] = {
    "damaged": _noise,
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "foreign": _foreign,
    "no-database": lambda path: path.write_text("[organization]\n"),
    "newer": _newer,
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_store_is_not_written(stage: Stage, case: str) -> None:
    path = Path(stage.place)
    DAMAGE[case](path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught, Store(stage.place, clock=lambda: stage.now) as store:  # noqa: PT012
        # damage that only shows when data is read fails the sync of each cloud
        for outcome in sync(store, stage.services()[W], [W], base=embedded()):
            assert outcome.status == FAILED
            assert outcome.error is not None
            raise outcome.error
    assert caught.value.message.isprintable()
    assert path.read_bytes() == before


def test_a_restored_backup_is_updated(stage: Stage, tmp_path: Path) -> None:
    """Later changes are committed again and notified again (at-least-once delivery)."""
    backup = shutil.copy(stage.place, tmp_path / "backup.sqlite")
    assert stage.play().problems(good=True) == []
    newest = look(stage.place)
    shutil.copy(backup, stage.place)
    played = stage.play()
    assert played.problems(good=True) == []
    assert played.after.versions == newest.versions
    assert played.after.told == newest.told


def test_two_concurrent_syncs_commit_once_and_notify_once(stage: Stage) -> None:
    outcomes: list[Outcome] = []
    start = threading.Barrier(2)
    services = [stage.services()[W] for _ in range(2)]

    def one(number: int) -> None:
        with Store(stage.place, clock=lambda: stage.now) as store:
            start.wait(60)
            outcomes.extend(sync(store, services[number], [W], base=embedded()))

    threads = [threading.Thread(target=one, args=[n], daemon=True) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert sorted(o.status for o in outcomes) == ["committed", "unchanged"]
    left = dump.of(stage.place)
    assert dump.wrong(left) == []
    told = [json.loads(row["payload"])["new"] for row in left["p365_outbox"]]
    assert told.count("2026080200") == 1


def test_a_full_disk_that_is_freed(template: Path, tmp_path: Path) -> None:
    """A small file system in a mount namespace: the old state stays while it is full; the next sync succeeds when freed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    child = [sys.executable, "-m", "tests.reliability.child", "full", str(folder), str(template)]
    script = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"'
    try:
        trial = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=1m tmpfs "$0"', str(folder)]
        if subprocess.run(trial, capture_output=True, timeout=30).returncode:
            pytest.skip("no mount namespace can be made here (unshare -rm)")
    except FileNotFoundError:
        pytest.skip("unshare is not here")
    command = ["unshare", "-rm", "sh", "-c", script, str(folder), *child]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    full, freed = map(json.loads, done.stdout.splitlines())
    assert full["reason"] == "No space left on device"
    assert (full["status"], full["error"], full["same"], full["wrong"]) == (FAILED, "P365-STORE", True, [])
    assert (freed["status"], freed["error"], freed["wrong"]) == ("committed", None, [])
