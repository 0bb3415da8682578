"""The store cases of the reliability plan, tested through the command line.

Each time: the file is as it was, nothing is lost, the exit code is the contract's, and the message names the file and
what to do next. What can be wrong inside of a file is tried more widely in tests/store/test_database.py.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.store import database
from perimeter365.store.connection import Connection
from perimeter365.store.heads import heads
from perimeter365.store.migrations import REVISIONS
from perimeter365.store.store import Store
from perimeter365.wire import write
from tests.cli.conftest import Cli, CliResult
from tests.consumers import need
from tests.torture import dump
from tests.torture.cases import CASES, items, opened, record, synced, version
from tests.torture.strace import injected, recording
from tests.torture.worker import ROOT, Workers
from tests.upstream.server import Upstream

Run = Callable[..., CliResult]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with two versions."""
    path = tmp_path / "store.sqlite"
    with opened(str(path)) as store:
        synced(store, 0)
        synced(store, 1)
    return path


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """An upstream with the next version."""
    with Upstream(items=items(2), version=version(2)) as server:
        server.changes = [write.change_record(record(2))]
        yield server


def words_of(place: Path, upstream: Upstream) -> list[str]:
    return ["sync", "--cloud", "worldwide", "--store", str(place), "--base-url", upstream.url]


@pytest.fixture
def sync(cli: Cli) -> Run:
    return lambda place, upstream: cli(*words_of(place, upstream))


# -- files that are not valid stores --------------------------------------------------------


def damaged_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 3 : -4096] = random.Random(365).randbytes(len(data) - 4096 * 4)
    path.write_bytes(data)


def truncated_file(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8192])


def foreign_sqlite_file(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE addresses (name TEXT)")
        connection.commit()


def not_a_database(path: Path) -> None:
    path.write_text("<html>503 Service Unavailable</html>\n" * 200)


def newer_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE p365_schema SET version_num = '9999'")
        connection.commit()


WRONG: dict[Callable[[Path], None], tuple[str, str]] = {
    damaged_page: ("is damaged", "move it aside"),
    truncated_file: ("is truncated", "move it aside"),
    foreign_sqlite_file: ("is a database of another program", "move it aside"),
    not_a_database: ("is not a SQLite database", "move it aside"),
    newer_schema: ("which this version of perimeter365 does not support", "update perimeter365"),
}


@pytest.mark.parametrize("harm", WRONG, ids=lambda harm: harm.__name__)
def test_an_invalid_store_is_rejected_and_not_changed(
    harm: Callable[[Path], None], place: Path, upstream: Upstream, cli: Cli, sync: Run
) -> None:
    harm(place)
    before = place.read_bytes()
    for ran in (sync(place, upstream), cli("versions", "--store", str(place))):
        assert ran.code == 2
        what, help = WRONG[harm]
        assert str(place) in ran.err
        assert what in ran.err
        assert help in ran.err
        assert "Traceback" not in ran.err
    assert place.read_bytes() == before
    place.rename(place.with_suffix(".aside"))  # as the help says
    assert sync(place, upstream).code == 0


def test_an_older_schema_is_migrated_atomically(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = "ALTER TABLE p365_notes ADD COLUMN more TEXT;\n"
    later = f"{len(REVISIONS) + 1:04}"
    scripts = {later: more + "INSERT INTO p365_nowhere VALUES (1);\n"}
    monkeypatch.setattr(database, "script", scripts.__getitem__)
    monkeypatch.setattr(database, "REVISIONS", (*REVISIONS, later))
    before = dump.of(str(place))
    with pytest.raises(StoreError, match="p365_nowhere"):
        Store(str(place))
    assert dump.of(str(place)) == before, "a failed migration leaves the old schema and all data"
    scripts[later] = more
    with opened(str(place)) as store:
        assert [v.version for v in store.versions()] == [version(0), version(1)]
        synced(store, 2)
        assert store.problems() == ()
    after = dump.of(str(place))
    assert after["p365_schema"] == [{"version_num": later}]
    assert all("more" in row for row in after["p365_notes"])


def test_a_restored_backup_continues_from_its_state(place: Path, upstream: Upstream, sync: Run) -> None:
    backup = place.with_suffix(".backup")
    shutil.copy(place, backup)
    assert sync(place, upstream).code == 0
    shutil.copy(backup, place)
    upstream.items, upstream.version, upstream.changes = (
        items(3),
        version(3),
        [write.change_record(record(n)) for n in (2, 3)],
    )
    said = sync(place, upstream)
    assert said.code == 0, said.err
    found = dump.of(str(place))
    assert sorted(row["version"] for row in found["p365_versions"]) == [version(0), version(1), version(3)]
    assert dump.wrong(found) == []


def test_empty_start_with_upstream_down_leaves_an_empty_store_and_the_embedded_list(
    tmp_path: Path, cli: Cli, sync: Run
) -> None:
    place = tmp_path / "a folder" / "store.sqlite"
    with Upstream("503") as server:
        said = sync(place, server)
    assert said.code == 3
    assert "the last good list is in force" in said.err
    with Store(str(place), create=False) as store:
        assert store.in_force() == ()
        assert store.pending() == ()
    said = cli("lookup", "outlook.office365.com", "--store", str(place))
    assert said.code == 0, "the embedded list is used"


# -- permissions, locks, journals ----------------------------------------------------------------------------------


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Make a store, its journal and its folder read-only."""
    paths = [place.parent, *place.parent.iterdir()]
    modes = {path: path.stat().st_mode for path in paths}
    try:
        for path in paths:
            path.chmod(modes[path] & 0o555)
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def without_power(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run perimeter365 as a program; as root, without the capability to bypass file permissions."""
    powers = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--"] if os.geteuid() == 0 else []
    full = [*powers, sys.executable, "-m", "perimeter365", *words]
    return subprocess.run(full, capture_output=True, text=True, cwd=ROOT, timeout=100)


def test_read_only_file_and_folder_can_be_read_and_not_written(place: Path, upstream: Upstream) -> None:
    before = place.read_bytes()
    with read_only(place):
        ran = without_power("versions", "--store", str(place))
        assert ran.returncode == 0, ran.stderr
        assert version(1) in ran.stdout
        ran = without_power(*words_of(place, upstream))
        assert ran.returncode == 2, ran.stderr
        assert f"{place} cannot be written" in ran.stderr
        assert "read and write access to the file and its folder" in ran.stderr
        assert "the last good list is in force" in ran.stderr
    assert place.read_bytes() == before


def test_a_hot_journal_is_reported_without_write_access_and_rolled_back_with_it(
    tmp_path: Path, workers: Workers, cli: Cli
) -> None:
    need("strace")
    place = tmp_path / "folder" / "store.sqlite"
    place.parent.mkdir()
    case = CASES["update"]
    case.prepare(str(place))
    old = case.seen(str(place))
    shutil.copy(place, tmp_path / "copy.sqlite")
    job = workers.start(case.name, str(tmp_path / "copy.sqlite"))
    with recording(job.pid) as calls:
        job.go()
        job.wait()
    last = [call for call in calls if call.name == "pwrite64" and call.paths[0].endswith(".sqlite")][
        -1
    ]  # the last write of the change
    job = workers.start(case.name, str(place))
    with injected(job.pid, last.name, last.number, "KILL"):
        job.go()
        job.wait()
    assert job.acknowledged == []
    assert Path(f"{place}-journal").exists()
    with read_only(place):
        ran = without_power("versions", "--store", str(place))
        assert ran.returncode == 2, ran.stdout
        assert f"{place} has an incomplete change of a killed process" in ran.stderr
        assert "perimeter365 versions" in ran.stderr
    assert cli("versions", "--store", str(place)).code == 0
    assert not Path(f"{place}-journal").exists()
    assert case.seen(str(place)) == old


def test_a_lock_that_is_held_too_long_is_reported(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "WAIT", 0.2)
    code = (
        f"import sqlite3, sys; c = sqlite3.connect({str(place)!r}); c.execute('BEGIN EXCLUSIVE'); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        before = place.read_bytes()
        for ask in (lambda: synced_now(place), lambda: heads(str(place))):
            with pytest.raises(StoreError, match=f"{place} is in use: another process has been writing for more") as caught:
                ask()
            assert "run it again when the other process has ended" in caught.value.help
        assert place.read_bytes() == before
        other.kill()
    synced_now(place)  # the lock ends with its process


def synced_now(place: Path) -> None:
    with opened(str(place)) as store:
        synced(store, 2)


def test_a_sync_that_is_stopped_by_a_signal_leaves_the_old_state(place: Path) -> None:
    """Control-C while waiting for upstream: exit code 130, no change, and the next sync works."""
    before = dump.of(str(place))
    with Upstream("silence", version=version(2)) as server:
        words = ["sync", "--cloud", "worldwide", "--store", str(place), "--base-url", server.url]
        with subprocess.Popen([sys.executable, "-m", "perimeter365", *words], cwd=ROOT, stderr=subprocess.PIPE) as process:
            while not server.log:
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert dump.untried(dump.of(str(place))) == dump.untried(before)
