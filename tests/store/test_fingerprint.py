"""A fingerprint changes with its file, folder or store, and only then."""

import os
import shutil
from pathlib import Path

from perimeter365.model.state import State
from perimeter365.store.fingerprint import fingerprint
from perimeter365.store.store import Store


def test_the_fingerprint_of_a_store_changes_with_writes_and_not_with_reads(
    store: Store, recorded: tuple[State, ...]
) -> None:
    seen = [fingerprint(store.place)]
    for state in recorded[:2]:
        store.commit(state)
        seen.append(fingerprint(store.place))
    store.pin(recorded[0].cloud, recorded[0].version)
    seen.append(fingerprint(store.place))
    assert len(set(seen)) == 4
    store.versions()
    store.head(recorded[0].cloud)
    assert fingerprint(store.place) == seen[-1]


def test_a_change_of_equal_size_within_one_clock_tick_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(str(path)) as opened:
        opened.set_note("key", "one")
        before, status = fingerprint(str(path)), path.stat()
        opened.set_note("key", "two")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert path.stat().st_size == status.st_size
        assert fingerprint(str(path)) != before


def test_a_restored_backup_with_another_change_is_detected(recorded: tuple[State, ...], tmp_path: Path) -> None:
    """Restore as in docs/store.md: the change counter of the copy continues from its old value."""
    place, backup = str(tmp_path / "s.sqlite"), tmp_path / "backup"
    cloud, old, new = recorded[0].cloud, recorded[0].version, recorded[1].version
    with Store(place) as opened:
        for state in recorded[:2]:
            opened.commit(state)
    shutil.copy(place, backup)
    with Store(place) as opened:
        opened.pin(cloud, old)
    first = fingerprint(place)
    shutil.copy(backup, place)
    with Store(place) as opened:
        opened.pin(cloud, new)
    assert fingerprint(place) != first


def test_a_change_that_keeps_size_and_time_is_detected(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("a = 1")
    before, status = fingerprint(str(file)), file.stat()
    file.write_text("a = 2")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_mtime_ns == status.st_mtime_ns
    assert fingerprint(str(file)) != before


def test_files_and_folders(tmp_path: Path) -> None:
    assert fingerprint(str(tmp_path / "none")) == "missing"
    file = tmp_path / "a.toml"
    file.write_text("a = 1")
    seen = [fingerprint(str(tmp_path))]
    file.write_text("a = 12")
    seen.append(fingerprint(str(tmp_path)))
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.toml").touch()
    seen.append(fingerprint(str(tmp_path)))
    assert len(set(seen)) == 3
    assert fingerprint(str(tmp_path)) == seen[-1]
