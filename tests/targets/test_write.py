"""Writing artifacts: atomic, and only below the folder (RELIABILITY P2, P3).

Faults are real if possible (a full disk, a read-only one, a limit on file sizes, kill -9, an interrupt); others are injected
into each system call that changes something, at the first use, the second … until a run is without a fault.
"""

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import EmptyPlanError, OutputError
from perimeter365.plan.outbound import OutboundFlows
from perimeter365.targets import Artifact, Loss, RenderResult
from perimeter365.targets.loss import LOSSES
from perimeter365.targets.write import MANIFEST, WriteReport, _Commit, write
from tests.memory import folder

__all__ = ["folder"]

ABOUT = {"organization": "Contoso", "profile": "0123456789ab", "catalog": {"worldwide": {"version": "2026080200"}}}
LOSS = Loss(
    code="no-ports-known",
    level="known",
    kind="dropped",
    message="no",
    remedy="do",
    ids=("row/6/x",),
    subjects=("all",),
    clouds=("worldwide",),
)


def rendered(target: str, *losses: Loss, **files: bytes) -> RenderResult:
    """The result of a target.

    Keywords are file names, with `__` for a dot and `___` for a slash.
    """
    made = tuple(
        Artifact(name=name.replace("___", "/").replace("__", "."), content=content, entries=1)
        for name, content in files.items()
    )
    return RenderResult(target=target, artifacts=made, losses=losses, outside={"sites": 2}, about=ABOUT)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, including hidden ones."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def times(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of change of everything below a folder, which any write changes."""
    return {str(p): (p.stat().st_ino, p.stat().st_mtime_ns) for p in sorted([folder, *folder.rglob("*")])}


def run(code: str, *arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run Python code in a separate process."""
    words = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.run(words, text=True, capture_output=True, timeout=60, **more)


# -- what is written -----------------------------------------------------------------------------------------


def test_each_target_has_its_folder_with_its_losses(tmp_path: Path) -> None:
    report = write([rendered("pac", LOSS, proxy__pac=b"\x00\xff"), rendered("csv", a___b__csv=b"1\r\n")], tmp_path)
    assert report.written == ("csv/a/b.csv", "csv/losses.json", "pac/losses.json", "pac/proxy.pac")
    assert (tmp_path / "pac/proxy.pac").read_bytes() == b"\x00\xff"
    assert (tmp_path / "csv/a/b.csv").read_bytes() == b"1\r\n"
    assert json.loads((tmp_path / "pac" / LOSSES).read_text()) == {
        **ABOUT,
        "target": "pac",
        "outside": {"sites": 2},
        "losses": [LOSS.to_dict()],
    }
    assert json.loads((tmp_path / "csv" / LOSSES).read_text())["losses"] == []
    listed = json.loads((tmp_path / "pac" / MANIFEST).read_text())["files"]
    assert listed["proxy.pac"] == [sha256(b"\x00\xff").hexdigest()]


def test_a_second_write_touches_nothing_and_reports_it(tmp_path: Path) -> None:
    made = [rendered("pac", proxy__pac=b"x"), rendered("csv", a__csv=b"y")]
    first = write(made, tmp_path)
    before = times(tmp_path)
    assert write(made, tmp_path) == WriteReport(unchanged=first.written)
    assert times(tmp_path) == before


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    write([rendered("t", a=b"1", b=b"2")], tmp_path)
    untouched = (tmp_path / "t/a").stat()
    report = write([rendered("t", a=b"1", b=b"3")], tmp_path)
    assert (report.written, report.unchanged) == (("t/b",), ("t/a", "t/losses.json"))
    assert (tmp_path / "t/a").stat().st_mtime_ns == untouched.st_mtime_ns
    assert (tmp_path / "t/b").read_bytes() == b"3"


def test_a_dry_run_touches_nothing_and_gives_the_same_report(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    assert write([rendered("t", a=b"1")], out, dry_run=True).written == ("t/a", "t/losses.json")
    assert not out.parent.exists()
    write([rendered("t", a=b"1", b=b"2")], out)
    before = times(out)
    foretold = write([rendered("t", a=b"9")], out, dry_run=True)
    assert times(out) == before
    assert foretold == write([rendered("t", a=b"9")], out)


def test_files_no_longer_produced_are_removed_unless_modified(tmp_path: Path) -> None:
    write([rendered("t", a=b"1", b=b"2", sub___c=b"3")], tmp_path)
    (tmp_path / "t/b").write_bytes(b"edited")
    (tmp_path / "t/notes.txt").write_bytes(b"not ours")
    report = write([rendered("t", d=b"4")], tmp_path)
    assert (report.removed, report.kept) == (("t/a", "t/sub/c"), ("t/b",))
    assert set(tree(tmp_path)) == {"t/b", "t/d", "t/notes.txt", f"t/{LOSSES}", f"t/{MANIFEST}"}
    assert not (tmp_path / "t/sub").exists()
    assert write([rendered("t", d=b"4")], tmp_path).kept == ("t/b",), "it is reported each time"


def test_folders_of_other_targets_are_not_touched(tmp_path: Path) -> None:
    write([rendered("t", a=b"1"), rendered("u", a=b"1")], tmp_path)
    assert write([rendered("t", a=b"1")], tmp_path).removed == ()
    assert (tmp_path / "u/a").exists()


def test_a_modified_artifact_is_replaced_and_reported(tmp_path: Path) -> None:
    write([rendered("t", a=b"1")], tmp_path)
    (tmp_path / "t/a").write_bytes(b"edited")
    assert write([rendered("t", a=b"1")], tmp_path).replaced == ("t/a",)
    assert (tmp_path / "t/a").read_bytes() == b"1"


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    write([rendered("t", a=b"1")], tmp_path)
    (tmp_path / "t/a").chmod(0o640)
    write([rendered("t", a=b"2")], tmp_path)
    assert (tmp_path / "t/a").stat().st_mode & 0o777 == 0o640


def test_progress_names_each_file_that_is_staged(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    write([rendered("t", a=b"1"), rendered("u")], tmp_path, progress=lambda *now: seen.append(now))
    assert seen == [("t/a", 1, 3), ("t/losses.json", 2, 3), ("u/losses.json", 3, 3)]


def test_staged_files_of_a_killed_run_are_removed(tmp_path: Path) -> None:
    write([rendered("t", a=b"1")], tmp_path)
    (tmp_path / "t/.perimeter365-77-1").write_bytes(b"half a fi")
    write([rendered("t", a=b"1")], tmp_path)
    assert set(tree(tmp_path)) == {"t/a", f"t/{LOSSES}", f"t/{MANIFEST}"}


# -- only below the output folder ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *["", "/etc/passwd", "..", "../x", "a/../b", "a//b", "a/", "./a", ".a", "a/.b", "a.", "a b", "a\nb", "a\\b"],
        *["ä", "C:x", "a:b", "~/x", "x" * 201, MANIFEST, ".perimeter365-1-1"],
    ],
)
def test_no_artifact_can_be_named_out_of_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="is not a relative path"):
        Artifact(name=name, content=b"", entries=0)


@pytest.mark.parametrize("target", ["..", "../x", "/tmp", "a/../.."])
def test_no_target_can_be_named_out_of_the_folder(tmp_path: Path, target: str) -> None:
    with pytest.raises(ValueError, match="is not a relative path"):
        write([rendered(target, a=b"1")], tmp_path / "out")
    assert not tree(tmp_path)


def test_names_that_collide_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two artifacts"):
        rendered("t", a=b"1", A=b"2")
    with pytest.raises(ValueError, match=r"losses\.json"):
        write([rendered("t", losses__json=b"1")], tmp_path)
    with pytest.raises(ValueError, match="twice"):
        write([rendered("t"), rendered("t")], tmp_path)


@pytest.mark.parametrize("link", ["t", "t/sub", "t/a", f"t/{LOSSES}", f"t/{MANIFEST}", "t/sub/b"])
def test_a_link_below_the_folder_is_rejected(tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_bytes(b"precious")
    place = tmp_path / "out" / link
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere / "file" if link.count("/") == 2 or link.endswith(("a", "json")) else elsewhere)
    with pytest.raises(OutputError, match="is a symbolic link") as caught:
        write([rendered("t", a=b"1", sub___b=b"2")], tmp_path / "out")
    assert caught.value.help
    assert tree(elsewhere) == {"file": b"precious"}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    write([rendered("t", a=b"1")], tmp_path / "out")
    assert (tmp_path / "real/t/a").read_bytes() == b"1"


def test_an_edited_manifest_removes_nothing_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"x")
    known = [sha256(b"x").hexdigest()]
    (tmp_path / "out/t").mkdir(parents=True)
    files = {"../../precious": known, str(tmp_path / "precious"): known, "a/../../../precious": known}
    (tmp_path / "out/t" / MANIFEST).write_text(json.dumps({"files": files}))
    report = write([rendered("t", a=b"1")], tmp_path / "out")
    assert (report.removed, report.kept) == ((), ())
    assert (tmp_path / "precious").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"files": 7}', b'{"files": {"a": 7}}', b"\xff\xfe\x00"])
def test_a_damaged_manifest_is_rejected_and_nothing_changes(tmp_path: Path, damage: bytes) -> None:
    write([rendered("t", a=b"1", b=b"2")], tmp_path)
    (tmp_path / "t" / MANIFEST).write_bytes(damage)
    before = tree(tmp_path)
    with pytest.raises(OutputError, match=r"\.perimeter365\.json is not a manifest"):
        write([rendered("t", a=b"3")], tmp_path)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("name", "make"), [("t", "file"), ("t/a", "folder"), ("t/a", "pipe"), ("t/sub", "file")])
def test_another_file_type_in_the_way_is_rejected(tmp_path: Path, name: str, make: str) -> None:
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    makers: dict[str, Callable[[], None]] = {
        "file": place.touch,
        "folder": place.mkdir,
        "pipe": lambda: os.mkfifo(place),
    }
    makers[make]()
    before = times(tmp_path)
    with pytest.raises(OutputError, match=r"is not a (file|folder)"):
        write([rendered("t", a=b"1", sub___b=b"2")], tmp_path)
    assert times(tmp_path) == before


def test_a_file_in_place_of_the_folder_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"x")
    with pytest.raises(OutputError, match="Not a directory"):
        write([rendered("t", a=b"1")], tmp_path / "out")
    assert tree(tmp_path) == {"out": b"x"}


# -- faults ------------------------------------------------------------------------------------------------------

OLD = [rendered("t", LOSS, a=b"old a", b=b"old b", gone=b"old", sub___c=b"old c"), rendered("u", a=b"old")]
NEW = [rendered("t", a=b"new a", b=b"old b", more___d=b"new d", sub___c=b"new c"), rendered("u", a=b"new", x=b"new")]
CALLS = ("mkdir", "open", "write", "fsync", "fchmod", "link", "replace", "unlink")
"""Every system call with which a write changes something."""


@pytest.fixture
def fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace `fsync` by a no-op that still requires an open file.

    The tests below write some hundred times. Waiting for a real disk would be 9/10 of their time, and has no effect, since
    they never cut the power and only see the cache of the file system.
    """
    monkeypatch.setattr(os, "fsync", os.fstat)


class Faults:
    """Makes a system call fail at its N-th use: once, or from then on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: int, sticky: bool) -> None:
        self.used = 0
        self.fired = False
        real = getattr(os, call)

        def fails(*arguments: Any, **more: Any) -> Any:
            self.used += 1
            if self.used == number or (sticky and self.used > number):
                self.fired = True
                raise OSError(code, os.strerror(code), str(arguments[0]))
            return real(*arguments, **more)

        monkeypatch.setattr(os, call, fails)


@pytest.mark.parametrize(("code", "sticky"), [(errno.EIO, False), (errno.ENOSPC, True)], ids=["once", "for-ever"])
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.usefixtures("fast_disk")
def test_a_failing_call_leaves_every_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, sticky: bool
) -> None:
    write(NEW, tmp_path / "clean")
    new = tree(tmp_path / "clean")
    failed = 0
    for number in range(1, 200):
        out = tmp_path / f"{number}"
        write(OLD, out)
        old = tree(out)
        with monkeypatch.context() as patch:
            faults = Faults(patch, call, number, code, sticky)
            try:
                write(NEW, out)
                refusal = None
            except OutputError as error:
                refusal = error
        if not faults.fired:
            break
        failed += 1
        now = {name: content for name, content in tree(out).items() if ".perimeter365-" not in name}
        if refusal is None:
            assert call in ("link", "unlink"), "only a missing link or the cleanup may fail silently"
            assert now == new
        elif "could not be restored" in str(refusal):
            assert sticky, "one fault can always be undone"
        else:
            assert now == old
            assert refusal.help
        if not sticky and call != "unlink":
            assert set(tree(out)) == set(now), "no staged file is left"
        write(NEW, out)
        assert tree(out) == new, "the next run repairs everything"
        shutil.rmtree(out)
    else:
        pytest.fail("no run was clean")
    assert failed, "the call is never used"


def test_files_that_cannot_be_restored_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(OLD, tmp_path)
    old = tree(tmp_path)
    with monkeypatch.context() as patch:
        Faults(patch, "replace", 4, errno.EIO, sticky=True)
        with pytest.raises(OutputError, match="could not be restored") as caught:
            write(NEW, tmp_path)
    now = {name: content for name, content in tree(tmp_path).items() if ".perimeter365-" not in name}
    named = set(str(caught.value).partition("could not be restored: ")[2].split(", "))
    differ = {str(tmp_path / name) for name in {*old, *now} if now.get(name) != old.get(name)}
    assert named == differ != set()


def test_a_new_folder_is_removed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Faults(monkeypatch, "fsync", 2, errno.EIO, sticky=True)
    with pytest.raises(OutputError):
        write(OLD, tmp_path / "a" / "b")
    assert not (tmp_path / "a").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="mount namespaces are Linux's")
@pytest.mark.parametrize(("options", "word"), [("size=64k", "No space left"), ("size=1m,ro", "Read-only")])
def test_a_full_or_read_only_disk_is_reported_and_changes_nothing(tmp_path: Path, options: str, word: str) -> None:
    """A tmpfs in a separate mount namespace, with an old render on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    code = """
        import pathlib, subprocess, sys
        from perimeter365.errors import OutputError
        from perimeter365.targets import Artifact, RenderResult
        from perimeter365.targets.write import write

        def made(content, count):
            files = tuple(Artifact(name=f"f{i}", content=content, entries=1) for i in range(count))
            return [RenderResult(target="t", artifacts=files, losses=())]

        disk, options = sys.argv[1:]
        size = options.partition(",")[0]
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", disk], check=True)
        write(made(b"old", 3), disk)
        subprocess.run(["mount", "-o", "remount," + options, disk], check=True)
        try:
            write(made(b"x" * 40_000, 5), disk)
        except OutputError as error:
            print(error.message, "|", error.help)
        files = [p for p in pathlib.Path(disk).rglob("*") if p.is_file() and p.suffix != ".json"]
        print(sorted((p.name, p.read_bytes()) for p in files))
    """
    words = ["unshare", "--mount", "--map-root-user", sys.executable, "-c", textwrap.dedent(code), str(disk), options]
    if subprocess.run([*words[:3], "true"], capture_output=True).returncode:
        pytest.skip("this machine gives no mount namespace")
    done = subprocess.run(words, text=True, capture_output=True, timeout=60)
    said, left = done.stdout.splitlines()
    assert word in said
    assert "all files are unchanged" in said
    assert "-o" in said.partition("|")[2]
    assert left == str([("f0", b"old"), ("f1", b"old"), ("f2", b"old")])


def test_a_limit_on_file_sizes_is_reported(tmp_path: Path) -> None:
    code = """
        import resource, sys
        from perimeter365.errors import OutputError
        from perimeter365.targets import Artifact, RenderResult
        from perimeter365.targets.write import write

        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        big = Artifact(name="a", content=b"x" * 20_000, entries=1)
        try:
            write([RenderResult(target="t", artifacts=(big,), losses=())], sys.argv[1])
        except OutputError as error:
            print(error.message, "|", error.help)
    """
    write([rendered("t", a=b"old")], tmp_path)
    old = tree(tmp_path)
    assert "ulimit" in run(code, str(tmp_path)).stdout
    assert tree(tmp_path) == old


@pytest.mark.skipif(os.name != "posix", reason="flock is POSIX's")
def test_two_runs_do_not_write_at_once(tmp_path: Path) -> None:
    import fcntl

    write(OLD, tmp_path)
    old = tree(tmp_path)
    file = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="another run"):
            write(NEW, tmp_path)
        assert write(OLD, tmp_path).written == (), "without changes no lock is needed"
    finally:
        os.close(file)
    assert tree(tmp_path) == old
    write(NEW, tmp_path)


def test_files_that_another_run_has_just_written_are_not_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may end between the comparison and the lock."""
    write(OLD, tmp_path / "out")
    write(NEW, tmp_path / "other")
    after = {}
    lock = _Commit._lock

    def late(self: _Commit) -> None:
        lock(self)
        shutil.copytree(tmp_path / "other", tmp_path / "out", dirs_exist_ok=True)
        (tmp_path / "out/t/gone").unlink()
        after.update(times(tmp_path / "out"))

    monkeypatch.setattr(_Commit, "_lock", late)
    assert write(NEW, tmp_path / "out").written == ()
    assert times(tmp_path / "out") == after


# -- kills and interrupts ------------------------------------------------------------------------------------------

forks: Any = multiprocessing.get_context(
    "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
)
if isinstance(forks, multiprocessing.context.ForkServerContext):
    forks.set_forkserver_preload([__name__])


def keep_writing(out: Path, ready: Connection) -> None:
    """Write all A, all B, all A … until the process is killed."""

    def made(mark: bytes) -> list[RenderResult]:
        files = tuple(Artifact(name=f"f{i}", content=mark * (i * 900 + 1), entries=1) for i in range(20))
        return [RenderResult(target=t, artifacts=files, losses=()) for t in ("t", "u")]

    ready.send(True)
    with suppress(KeyboardInterrupt):
        while True:
            write(made(b"A"), out)
            write(made(b"B"), out)


@contextmanager
def writing(out: Path) -> Iterator[Callable[[signal.Signals], None]]:
    """A process that keeps writing, forked from one with all imports.

    Yields a function that ends it with a signal.
    """
    ear, mouth = forks.Pipe(duplex=False)
    process = forks.Process(target=keep_writing, args=(out, mouth), daemon=True)
    process.start()
    assert ear.recv()

    def end(signum: signal.Signals) -> None:
        assert process.pid
        os.kill(process.pid, signum)
        process.join(30)
        assert process.exitcode is not None

    try:
        yield end
    finally:
        process.kill()
        process.join(30)


def whole(name: str, content: bytes) -> bool:
    """Return whether a file of `keep_writing` is all A or all B, in its full length."""
    length = int(name.rpartition("f")[2]) * 900 + 1
    return content in (b"A" * length, b"B" * length)


def artifacts(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of `keep_writing` under their final names."""
    for path in folder.glob("[tu]/f*"):
        yield path.name, path.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
def test_a_run_killed_at_any_time_leaves_whole_files(folder: Path, signum: signal.Signals) -> None:
    chance = random.Random(365)
    marks = set()
    for turn in range(12):
        with writing(folder) as end:
            late = time.monotonic() + 30
            while turn % 2 and not any(artifacts(folder)) and time.monotonic() < late:
                time.sleep(0.001)  # on a busy machine the first file can take some time
            time.sleep(chance.uniform(0.0, 0.12))
            end(signum)
        found = list(artifacts(folder))
        assert all(whole(name, content) for name, content in found)
        if signum == signal.SIGINT:
            assert len({content[:1] for _, content in found}) <= 1, "an interrupt undoes a started commit"
            assert not list(folder.rglob(".perimeter365-*"))
        marks |= {content[:1] for _, content in found}
    assert marks, "no run has written a file"
    report = write([rendered("t", only=b"1"), rendered("u", only=b"1")], folder)
    assert report.kept == (), "the files of killed runs are identified"
    assert set(tree(folder)) == {f"{t}/{name}" for t in "tu" for name in ("only", LOSSES, MANIFEST)}


@pytest.mark.skipif(os.name != "posix", reason="Windows does not rename over a file that is being read")
def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    bad: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            bad.extend(name for name, content in artifacts(tmp_path) if not whole(name, content))

    with writing(tmp_path):
        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        time.sleep(1.0)
        stop.set()
        for reader in readers:
            reader.join()
    assert bad == []
    assert list(artifacts(tmp_path)), "the reader has read something"


@pytest.mark.usefixtures("fast_disk")
def test_an_interrupt_at_any_call_undoes_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in `test_a_run_killed_at_any_time…`, but at each call in turn."""
    calls: dict[str, Callable[..., Any]] = {call: getattr(os, call) for call in CALLS}
    number = 0
    while True:
        number += 1
        out = tmp_path / str(number)
        write(OLD, out)
        old = tree(out)
        used = 0

        def count(call: str, *arguments: Any, at: int = number, **more: Any) -> Any:
            nonlocal used
            used += 1
            if used == at:
                raise KeyboardInterrupt
            return calls[call](*arguments, **more)

        with monkeypatch.context() as patch:
            for call in CALLS:
                patch.setattr(os, call, lambda *a, call=call, **m: count(call, *a, **m))
            try:
                write(NEW, out)
                break
            except KeyboardInterrupt:
                pass
        now = tree(out)
        assert now == old or {n: c for n, c in now.items() if ".perimeter365-" not in n} in (old, tree_of_new(tmp_path))
        shutil.rmtree(out)
    assert number > 40


def tree_of_new(tmp_path: Path) -> dict[str, bytes]:
    """The files of NEW after a write."""
    out = tmp_path / "new"
    write(NEW, out)
    return tree(out)


# -- outbound flows ----------------------------------------------------------------------------------------


def with_flows(*ids: str, cloud: str = "worldwide") -> RenderResult:
    made = rendered("text", a__txt=" ".join(ids).encode())
    return replace(made, outbound=OutboundFlows(organization="Contoso", ids={cloud: ids}))


def test_a_plan_without_outbound_flows_does_not_replace_one_with_some(folder: Path) -> None:
    write([with_flows("ws/worldwide/1", "row/1/upload")], folder)
    before = tree(folder)
    for dry_run in (True, False):
        with pytest.raises(
            EmptyPlanError, match=r"^Contoso: .* in worldwide any more; it had 2: ws/worldwide/1, row/1/upload$"
        ):
            write([with_flows()], folder, dry_run=dry_run)
        assert tree(folder) == before
    write([with_flows()], folder, allow_empty=True)
    assert write([with_flows()], folder).unchanged
    write([with_flows("ws/worldwide/1")], folder)
    write([with_flows("ws/china/1", cloud="china")], folder)


def with_manifest(folder: Path, outbound: object) -> None:
    write([with_flows("ws/worldwide/1")], folder)
    manifest = folder / "text" / MANIFEST
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "outbound": outbound}))


@pytest.mark.parametrize("outbound", [{}, {"worldwide": []}])
def test_a_manifest_without_flows_is_as_none(outbound: object, folder: Path) -> None:
    with_manifest(folder, outbound)
    assert write([with_flows()], folder).written


def test_a_manifest_without_the_key_is_as_one_without_flows(folder: Path) -> None:
    with_manifest(folder, {})
    manifest = folder / "text" / MANIFEST
    value = json.loads(manifest.read_text())
    del value["outbound"]
    manifest.write_text(json.dumps(value))
    assert write([with_flows()], folder).written


@pytest.mark.parametrize("outbound", [[], {"worldwide": 1}, {"worldwide": {}}, "x", None])
def test_damaged_flows_of_a_manifest_are_an_error_and_not_none(outbound: object, folder: Path) -> None:
    with_manifest(folder, outbound)
    before = tree(folder)
    with pytest.raises(OutputError, match="its outbound flows are damaged: expected") as caught:
        write([with_flows()], folder)
    assert type(caught.value) is OutputError, "not the error of an empty plan"
    assert tree(folder) == before


@pytest.mark.parametrize("outbound", [{"worldwide": [[["x"]]]}, {"\x1b[31m": ["\x07", "x" * 10**6]}])
def test_a_manifest_that_was_edited_gives_a_short_and_printable_message(outbound: object, folder: Path) -> None:
    with_manifest(folder, outbound)
    with pytest.raises(EmptyPlanError) as caught:
        write([with_flows()], folder)
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 500
