"""A power cut at every time of every change: P3 covers more than kill -9.

Each run is recorded once, with all that it wrote; then disks are made that may be left at each call. On each of them
the store is in the old or the new state, and in the new one if that was acknowledged before.
"""

import random
import shutil
from pathlib import Path

import pytest

from tests.torture import dump
from tests.torture.cases import CASES, Case, Legal
from tests.torture.power import CALLS, LONGEST, Disk
from tests.torture.strace import Call, attached
from tests.torture.tally import TALLY
from tests.torture.test_faults import places
from tests.torture.worker import Workers

pytestmark = pytest.mark.usefixtures("with_strace")

SLICE = 60
"""Number of disks per case in `make test`."""
EACH = 12
"""Number of disks per time in `make torture`."""


@pytest.fixture(params=["first", "update", "import", "held", "accept"])  # cases with one step
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def recorded(case: Case, folder: Path, workers: Workers) -> tuple[Disk, list[Call]]:
    """The initial disk and the recorded calls. The folder of the store may have to be created."""
    root = folder / "root"
    place = root / "data" / "perimeter365" / "store.sqlite"
    root.mkdir()
    if case.before is not None:
        place.parent.mkdir(parents=True)
        case.prepare(str(place))
    disk = Disk(root)
    job = workers.start(case.name, str(place))
    with attached(job.pid, "-e", f"trace={','.join(CALLS)}", "-s", str(LONGEST)) as calls:
        job.go()
        job.wait()
    assert job.acknowledged == [0], job.said
    return disk, [call for call in calls if " = -1 " not in call.words]


def cut(case: Case, legal: Legal, disk: Disk, target: Path, dice: random.Random, share: float) -> list[str]:
    """Return problems of one possible disk."""
    disk.crash(dice, share, target)
    place = str(target / "data" / "perimeter365" / "store.sqlite")
    return list(case.judge(place, legal, [0] if disk.acknowledged else []))


def cut_everywhere(
    case: Case, legal: Legal, disk: Disk, calls: list[Call], dice: random.Random, most: int | None
) -> list[str]:
    """Return problems of the disks of all times; with `most`, of about that many disks."""
    target = disk.folder.with_name("cut")
    found: list[str] = []
    count = 0
    for number, call in enumerate([None, *calls]):
        if call:
            disk.do(call)
        shares = [0.0, 1.0, *(dice.choice([0.1, 0.5, 0.9]) for _ in range(EACH - 2))]
        for share in shares if most is None else [s for s in shares if dice.random() < most / (len(calls) * EACH)]:
            wrong = cut(case, legal, disk, target, dice, share)
            TALLY.count(f"{case.name}: disks", "POWER CUT", [f"behind call {number}, {share:.0%}: {each}" for each in wrong])
            found += wrong
            count += 1
    assert count > 20
    return found


def test_a_power_cut_leaves_the_old_or_the_new_state(
    case: Case, folder: Path, workers: Workers, dice: random.Random
) -> None:
    disk, calls = recorded(case, folder, workers)
    assert cut_everywhere(case, case.legal(places(folder)), disk, calls, dice, SLICE) == []


@pytest.mark.torture
def test_power_cuts_at_every_time_leave_the_old_or_the_new_state(
    case: Case, folder: Path, workers: Workers, dice: random.Random
) -> None:
    disk, calls = recorded(case, folder, workers)
    assert cut_everywhere(case, case.legal(places(folder)), disk, calls, dice, None) == []


def test_a_power_cut_without_syncs_is_detected(folder: Path, workers: Workers) -> None:
    case = CASES["update"]
    legal = case.legal(places(folder))
    disk, calls = recorded(case, folder, workers)
    for call in calls:
        if call.name not in ("fsync", "fdatasync"):
            disk.do(call)
    dice = random.Random(365)
    assert any(cut(case, legal, disk, folder / "cut", dice, share) for share in [0, 0.5, 0.5, 0.9]), (
        "the model detects nothing"
    )


def test_a_complete_recording_gives_the_real_folder(case: Case, folder: Path, workers: Workers) -> None:
    disk, calls = recorded(case, folder, workers)
    for call in calls:
        disk.do(call)
    assert disk.acknowledged
    target = folder / "end"
    disk.crash(random.Random(0), 1, target)
    real = {p.relative_to(disk.folder): p.read_bytes() for p in disk.folder.rglob("*") if p.is_file()}
    made = {p.relative_to(target): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    assert made == real
    shutil.rmtree(target)
    disk.crash(random.Random(0), 0, target)  # and everything relevant was synced
    place = "data/perimeter365/store.sqlite"
    assert case.seen(str(target / place)) == case.seen(str(disk.folder / place)) != dump.ABSENT
