"""A full disk that is freed: the old state stays, the message names the cause, and the next sync succeeds."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.wire import write
from tests.cli.conftest import Cli
from tests.torture import dump
from tests.torture.cases import CASES, items, opened, record, synced, version
from tests.torture.tally import TALLY
from tests.torture.test_faults import places
from tests.torture.worker import ROOT
from tests.upstream.server import Upstream

pytestmark = pytest.mark.usefixtures("with_strace")

SIZE = 1 << 20
"""Size of the disk in bytes."""
PAGE = 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    made = tmp_path / "disk"
    made.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(made)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield made
    finally:
        subprocess.run(["umount", "-l", str(made)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk except for some pages."""
    free = os.statvfs(disk).f_bavail
    filler = disk / "filler"
    filler.write_bytes(bytes(PAGE * max(0, free - left)))
    return filler


@pytest.mark.parametrize("name", ["first", "update", "import"])
def test_a_full_disk_leaves_the_old_state_and_a_freed_one_gets_the_new(name: str, small_disk: Path, folder: Path) -> None:
    with_little_left(name, small_disk, folder, range(0, 120, 10))


@pytest.mark.torture
@pytest.mark.parametrize("name", ["accept", "first", "held", "import", "update"])
def test_a_disk_full_at_any_page_leaves_the_old_state(name: str, small_disk: Path, folder: Path) -> None:
    with_little_left(name, small_disk, folder, range(120))


def with_little_left(name: str, small_disk: Path, folder: Path, pages: Iterable[int]) -> None:
    """Execute the steps with some pages left, and again with enough space."""
    case = CASES[name]
    legal = case.legal(places(folder))
    case.prepare(str(folder / "prepared.sqlite"))
    place = small_disk / "store.sqlite"
    failed = done = 0
    for left in pages:
        for path in small_disk.iterdir():
            path.unlink()
        if case.before is not None:
            shutil.copy(folder / "prepared.sqlite", place)
        filler = fill(small_disk, left)
        try:
            with opened(str(place)) as store:
                case.steps[0](store)
            done += 1
            found = list(case.judge(str(place), legal, [0]))
        except StoreError as error:
            failed += 1
            found = list(case.judge(str(place), legal, []))
            found += [] if str(place) in error.message and error.help else [f"it said {error.message!r}, {error.help!r}"]
        filler.unlink()
        case.finish(str(place))
        found += [] if case.seen(str(place)) == legal[-1][1] else ["it did not heal"]
        found += [f"{path.name} was left" for path in small_disk.iterdir() if path.name != place.name]
        TALLY.count(f"{name}: full disk", "ENOSPC for real", found)
        assert found == [], f"with {left} pages left"
    assert failed > 0
    assert done > 0, "the disk was never large enough for a change"


def test_the_command_reports_a_full_disk(small_disk: Path, cli: Cli) -> None:
    place = small_disk / "store.sqlite"
    with opened(str(place)) as store:
        synced(store, 1)
    before = dump.of(str(place))
    words = ["--cloud", "worldwide", "--store", str(place)]
    with Upstream(items=items(2), version=version(2)) as server:
        server.changes = [write.change_record(record(2))]
        filler = fill(small_disk, 1)
        ran = cli("sync", *words, "--base-url", server.url)
        assert ran.code == 2
        assert f"{place} cannot be written: database or disk is full" in ran.err
        assert "the last good list is in force" in ran.err
        assert "free some disk space" in ran.err
        assert dump.untried(dump.of(str(place))) == dump.untried(before)
        filler.unlink()
        ran = cli("sync", *words, "--base-url", server.url)
        assert ran.code == 0, ran.err
    assert dump.wrong(dump.of(str(place))) == []


def test_a_file_that_may_not_grow_leaves_the_old_state(tmp_path: Path) -> None:
    """The file size limit (`ulimit -f`) replaces a full disk where mounting is not possible."""
    place = tmp_path / "store.sqlite"
    with opened(str(place)) as store:
        synced(store, 1)
    before = dump.of(str(place))
    size = place.stat().st_size
    code = (
        "import resource, sys\n"
        "from tests.torture.cases import opened, synced\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        f"with opened({str(place)!r}) as store: synced(store, 2)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 1
    assert f"StoreError: {place} cannot be" in ran.stderr
    assert dump.of(str(place)) == before
    with opened(str(place)) as store:
        assert synced(store, 2) == "committed"
