"""Publications: whole generations, whatever happens."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from perimeter365.errors import OutputError
from perimeter365.web import generations as module
from perimeter365.web.generations import GRACE, Content, next_files, open_generations
from perimeter365.web.phases import sealed
from perimeter365.web.published import MANIFEST, SUMS, Manifest, read_manifest

START = datetime(2026, 12, 1, tzinfo=UTC)
OLD = {"a.json": b"[1]", "b/c.json": b"[1, 2]" * 100, "gone.json": b"[0]"}
NEW = {"a.json": b"[1]", "b/c.json": b"[1, 3]" * 100, "b/d.json": b"[4]" * 200}


def content(files: Mapping[str, bytes]) -> dict[str, Content]:
    return {
        name: Content(url=f"/{name}", type="application/json", body=body, modified=10**9) for name, body in files.items()
    }


def half(body: bytes) -> Mapping[str, bytes]:
    """A compressor that can be recognized."""
    return {".gz": body[::2], ".br": body[::3]} if len(body) > 100 else {}


def add(root: Path, files: Mapping[str, bytes], now: datetime = START, keep: int = 3) -> Manifest:
    """Publish files."""
    with open_generations(root) as found:
        last = found.current
        manifest = Manifest(
            generation="000000-00000000",
            published=None,
            max_age=1,
            cached_until=now,
            clouds={},
            files=next_files(content(files), last),
        )
        made = found.add(manifest, content(files), half, seal=lambda each: sealed(each, last, now))
        found.tidy(keep, now)
        return made


def visible(root: Path) -> dict[str, bytes]:
    """The files that a web server finds, after comparing them with manifest and checksums."""
    current = (root / "current").resolve(strict=True)
    manifest = read_manifest((current / MANIFEST).read_bytes(), "manifest")
    sums = dict(line.split("  ")[::-1] for line in (current / SUMS).read_text("utf-8").splitlines())
    names = {str(path.relative_to(current)) for path in current.rglob("*") if path.is_file()}
    assert names == {*sums, SUMS, MANIFEST} == set(manifest.names())
    for name, digest in sums.items():
        assert hashlib.sha256((current / name).read_bytes()).hexdigest() == digest
    return {each.path: (current / each.path).read_bytes() for each in manifest.files}


def test_a_generation_has_files_compressed_forms_checksums_and_a_manifest(tmp_path: Path) -> None:
    root = tmp_path / "m365"
    made = add(root, OLD)
    assert visible(root) == OLD
    current = root / "current"
    assert (current / "b/c.json.gz").read_bytes() == OLD["b/c.json"][::2]
    assert not (current / "a.json.gz").exists()
    checked = subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=current, capture_output=True, text=True)
    assert (checked.returncode, checked.stdout.count(": OK")) == (0, 5)
    assert {path.stat().st_mode & 0o777 for path in current.resolve().rglob("*") if path.is_file()} == {0o644}
    assert made.published == START


def test_a_file_keeps_its_time_while_its_bytes_stay_and_gets_a_later_one_when_they_change(tmp_path: Path) -> None:
    root = tmp_path / "m365"
    add(root, OLD)
    before = {name: (root / "current" / name).stat() for name in OLD}
    add(root, NEW)
    after = {name: (root / "current" / name).stat() for name in NEW}
    assert visible(root) == NEW
    assert (after["a.json"].st_ino, after["a.json"].st_mtime) == (before["a.json"].st_ino, 10**9)  # a hard link
    assert after["b/c.json"].st_size == before["b/c.json"].st_size
    assert after["b/c.json"].st_mtime == before["b/c.json"].st_mtime + 1
    assert (root / "current/b/c.json.gz").stat().st_mtime == after["b/c.json"].st_mtime


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    root = tmp_path / "m365"
    add(root, OLD)
    (root / "current/a.json").write_bytes(b"[9]")
    add(root, OLD)
    assert visible(root) == OLD


POINTS = ("open", "replace", "rename", "link", "symlink", "unlink", "rmdir", "mkdir", "fsync", "utime")
"""The calls before which a run is killed."""


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """Kill this process, without any cleanup, at the Nth call that changes the disk."""
    calls = count(1)
    patched: list[tuple[object, str, Callable[..., object]]] = []

    def wrap(place: object, name: str) -> None:
        true: Callable[..., object] = getattr(place, name)

        def call(*args: object, **kwargs: object) -> object:
            if next(calls) == number:
                os._exit(9)
            return true(*args, **kwargs)

        patched.append((place, name, true))
        setattr(place, name, call)

    for name in POINTS:
        wrap(os, name)
    yield
    for place, name, true in patched:
        setattr(place, name, true)


def test_a_run_that_is_killed_at_any_moment_leaves_the_old_or_the_new_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SYNCING", 1)
    root = tmp_path / "m365"
    later = START
    for _ in range(3):
        later += GRACE * 2
        add(root, OLD, later)
    seen = set()
    for number in count(1):
        later += GRACE * 2
        pid = os.fork()
        if pid == 0:
            with killed_at(number):
                add(root, NEW, later, keep=1)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        found = visible(root)
        assert found in (OLD, NEW)
        seen.add(tuple(found))
        add(root, OLD, later + GRACE, keep=1)
        assert visible(root) == OLD
        names = [path.name for path in root.rglob("*")]
        assert not [name for name in names if name.endswith((".new", ".old"))]
        if ended == 0:
            break
    assert number > 60
    assert len(seen) == 2


def test_a_second_run_at_the_same_time_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "m365"
    add(root, OLD)
    handle = os.open(root, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(OutputError, match="another run is publishing there"):
        add(root, NEW)
    os.close(handle)
    add(root, NEW)
    assert visible(root) == NEW


@pytest.mark.parametrize("other", ["index.html", ".perimeter365.json", "generations", "current"])
def test_a_folder_with_other_files_is_refused_and_left_as_it_is(other: str, tmp_path: Path) -> None:
    (tmp_path / other).write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="is not a publication"):
        add(tmp_path, OLD)
    assert [path.name for path in tmp_path.iterdir()] == [other]


def test_a_link_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "m365", tmp_path / "elsewhere"
    add(root, OLD)
    (root / "generations").rename(elsewhere)
    (root / "generations").symlink_to(elsewhere)
    with pytest.raises(OutputError, match="not what publish has made"):
        add(root, NEW)


def test_old_generations_are_removed_after_their_grace_time_without_the_files_of_others(tmp_path: Path) -> None:
    root = tmp_path / "m365"
    names = [add(root, {"a.json": b"[%d]" % number}, START, keep=2).generation for number in range(4)]
    generations = root / "generations"
    assert sorted(each.name for each in generations.iterdir()) == names  # all were current a moment ago
    (generations / names[1] / "notes.txt").write_text("mine", "utf-8")
    with open_generations(root) as found:
        removed = found.tidy(2, START + GRACE)
    assert (removed.generations, removed.kept) == ((names[0],), (names[1],))
    left = sorted(str(path.relative_to(generations)) for path in generations.rglob("*") if path.is_file())
    assert [name for name in left if name.endswith("notes.txt")] == [f"{names[1]}.old/notes.txt"]
    assert {name.partition("/")[0] for name in left} == {f"{names[1]}.old", *names[2:]}
    assert visible(root) == {"a.json": b"[3]"}


@pytest.mark.parametrize("end", ["", ".new", ".old"])
def test_a_generation_that_is_a_link_is_never_emptied(end: str, tmp_path: Path) -> None:
    root, other = tmp_path / "m365", tmp_path / "other"
    generation = other / "generations" / add(other, OLD).generation
    add(root, NEW, START)
    (root / "generations" / f"000000-00000000{end}").symlink_to(generation)
    before = {path: path.read_bytes() for path in generation.rglob("*") if path.is_file()}

    def several() -> None:
        for hour in range(1, 6):
            add(root, NEW, START + timedelta(hours=hour))

    with pytest.raises(OutputError, match="symbolic link"):
        several()
    assert {path: path.read_bytes() for path in generation.rglob("*") if path.is_file()} == before


def test_a_folder_that_a_link_leads_to_is_never_emptied(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "m365", tmp_path / "elsewhere"
    name = add(root, OLD).generation
    elsewhere.mkdir()
    (elsewhere / "c.json").write_text("mine", "utf-8")
    for _ in range(3):
        add(root, NEW, START)
    folder = root / "generations" / name / "b"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.symlink_to(elsewhere)
    with pytest.raises(OutputError, match="symbolic link"):
        add(root, NEW, START + timedelta(days=1), keep=1)
    assert (elsewhere / "c.json").read_text("utf-8") == "mine"


def test_a_changed_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    root = tmp_path / "m365"
    add(root, OLD)
    path = root / "current" / MANIFEST
    path.write_text(path.read_text("utf-8").replace("gone.json", "../gone.json"), "utf-8")
    with pytest.raises(OutputError, match=r"not the path of a published file"):
        add(root, NEW)
