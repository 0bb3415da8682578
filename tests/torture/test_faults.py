"""Every durable system call of every change fails in turn: P1, P2, P3, and no notification is lost.

The slice of `make test` takes one point in so many, another one for each case and fault; `make torture` takes all.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.torture import dump
from tests.torture.cases import CASES, Case, Legal
from tests.torture.reader import Watcher
from tests.torture.strace import FAULTS, Call, injected, recording
from tests.torture.tally import TALLY
from tests.torture.worker import Workers

pytestmark = pytest.mark.usefixtures("with_strace")

SLICE = 12
"""Number of faults per case."""
WATCHED = 5
"""The reader runs at every WATCHED-th fault only: the worker waits for its lock."""


def places(folder: Path) -> Callable[[], str]:
    """Return paths of new stores."""
    names = (str(folder / f"legal{n}.sqlite") for n in range(1000))
    return lambda: next(names)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def legal(case: Case, folder: Path) -> Legal:
    return case.legal(places(folder))


class Trial:
    """Runs a case on copies of a prepared store, each with one fault."""

    def __init__(self, case: Case, legal: Legal, folder: Path, workers: Workers) -> None:
        self.case, self.legal, self.workers = case, legal, workers
        self.folder = folder / "trial"
        self.kept = folder / "prepared"
        self.place = str(self.folder / "store.sqlite")
        self.kept.mkdir()
        case.prepare(str(self.kept / "store.sqlite"))

    def fresh(self) -> None:
        """Restore the prepared store."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.kept, self.folder)

    def clean(self) -> list[Call]:
        """Return the durable calls of an undisturbed run."""
        self.fresh()
        job = self.workers.start(self.case.name, self.place)
        with recording(job.pid) as calls:
            job.go()
            job.wait()
        assert job.acknowledged == list(range(len(self.case.steps))), job.said
        assert not self.wrong(job.acknowledged)
        return calls

    def durable(self, call: Call) -> bool:
        """Return True if a call concerns the store, not the file of deliveries."""
        return call.durable(str(self.folder)) and not any(path.endswith(".sent") for path in call.paths)

    def point(self, name: str, number: int, fault: str, watcher: Watcher | None = None) -> tuple[Call | None, list[str]]:
        """Inject one fault. Return the failed call, or None, and the problems after it."""
        self.fresh()
        job = self.workers.start(self.case.name, self.place)
        if watcher:
            watcher.watch(self.place, self.case.blind)
        found: list[str] = []
        with injected(job.pid, name, number, fault) as calls:
            job.go()
            try:
                job.wait()
            except TimeoutError:
                found.append("it did not end in time")
        if watcher:
            known = {dump.digest(state) for _, state in self.legal}
            found += [f"a reader saw {seen}" for seen in watcher.stop() if seen not in known]
        found += [line for line in job.said if line.startswith("raised")]
        found += self.wrong(job.acknowledged)
        hit = next((call for call in calls if call.number == number), None)
        where = f"{name} {number} {hit.words[:150] if hit else ''}"
        return hit, [f"{self.case.name}, {where}: {each}" for each in found]

    def wrong(self, acknowledged: list[int]) -> list[str]:
        """Return problems of the store after the fault, and after executing the remaining steps."""
        found = list(self.case.judge(self.place, self.legal, acknowledged))
        self.case.finish(self.place)
        if self.case.seen(self.place) != self.legal[-1][1]:
            found.append(f"not healed: {dump.differences(self.legal[-1][1], self.case.seen(self.place))}")
        lying = [p.name for p in self.folder.iterdir() if p.name.endswith(("-journal", "-wal"))]
        return found + [f"{name} was left behind" for name in lying]


@pytest.fixture
def trial(case: Case, legal: Legal, folder: Path, workers: Workers) -> Trial:
    return Trial(case, legal, folder, workers)


def test_the_valid_states_are_consistent_by_an_independent_check(case: Case, legal: Legal) -> None:
    for done, state in legal:
        assert dump.wrong(state) == [], done
    contents = [dump.digest(state) for _, state in legal]
    assert len(set(contents)) == len(contents), "each step has to change something"


def test_the_oracle_detects_a_mixed_state(folder: Path) -> None:
    case = CASES["update"]
    legal = case.legal(places(folder))
    for table in ("p365_outbox", "p365_intervals", "p365_effective", "p365_records", "p365_heads"):
        place = str(folder / f"{table}.sqlite")
        case.prepare(place)
        case.finish(place)
        assert not list(case.judge(place, legal, [0]))
        with_one_row_less(place, table)
        (said,) = case.judge(place, legal, [0])
        assert "neither the old nor the new" in said
        assert table in said
    place = str(folder / "old.sqlite")
    case.prepare(place)
    assert list(case.judge(place, legal, [])) == []
    assert list(case.judge(place, legal, [0])) == ["acknowledged [0], but done is []"]


def with_one_row_less(place: str, table: str) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(place)) as connection:
        connection.execute(f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})")
        connection.commit()


def test_a_failing_call_leaves_the_old_or_the_new_state(trial: Trial, watcher: Watcher) -> None:
    assert try_points(trial, watcher, SLICE) >= SLICE


@pytest.mark.torture
def test_every_failing_call_leaves_the_old_or_the_new_state(trial: Trial, watcher: Watcher) -> None:
    try_points(trial, watcher)


def try_points(trial: Trial, watcher: Watcher, most: int | None = None) -> int:
    """Inject some or all faults. For all, the number of each call increases until a run has no fault."""
    calls = trial.clean()
    names = list(dict.fromkeys(call.name for call in calls if trial.durable(call)))
    violations: list[str] = []
    tried = 0
    for number, (name, fault, at) in enumerate(points(trial, calls, names, most)):
        last = sum(call.name == name for call in calls)
        watching = (
            watcher if number % WATCHED == 0 and at <= last else None
        )  # a worker that waits for a lock makes more calls
        hit, found = trial.point(name, at, fault, watching)
        if not watching and (hit is None) != (at > last):
            found.append(f"{trial.case.name}, {name} {at}: not the calls of the clean run")
        tried += 1
        TALLY.watched += watching is not None
        TALLY.count(f"{trial.case.name}: {name}", fault, found)
        violations += found
    assert violations == []
    return tried


def points(trial: Trial, calls: list[Call], names: list[str], most: int | None) -> Iterator[tuple[str, str, int]]:
    """Yield (call, fault, number) for the store's calls, and one after the last call of each name, which must not occur."""
    found = [
        (call.name, fault, call.number)
        for name in names
        for fault in FAULTS
        for call in calls
        if call.name == name and trial.durable(call)
    ]
    found += [(name, "KILL", sum(call.name == name for call in calls) + 1) for name in names]
    every = 1 if most is None else len(found) // most
    yield from found[list(CASES).index(trial.case.name) % every :: every]
