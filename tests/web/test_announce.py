"""When a version may be announced: a model with a clock of its own, and each rule left out in turn.

The model has processes with the real `Announcer`, one store, its rows and a clock. Caches and clients are the worst possible
ones: whatever a process could have answered may be fetched until `max_age` and the time of an answer that is on its way have
passed. The promise is that all data that can be fetched is at least as new as all versions that were named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.store.replicas import Replica
from perimeter365.web.announce import Announcer, Timing

W, F = Cloud.WORLDWIDE, Cloud.FRANCE
TIMING = Timing(max_age=10, margin=3, beat=1, silent=3)
ON_ITS_WAY = 1.5
POLL = 0.5


def version(number: int) -> Version:
    return Version(f"{number:010}")


ONE, TWO, THREE, FOUR = map(version, range(1, 5))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Table:
    """The rows in memory. `closed` has the processes that cannot use it, `sealed` those that cannot write."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.found: dict[str, tuple[float, Replica]] = {}

    def of(self, process: "Process") -> "View":
        return View(self, process)


class View:
    """The rows, as one process can use them."""

    def __init__(self, table: Table, process: "Process") -> None:
        self.table, self.process = table, process

    def beat(self, replica: Replica) -> None:
        if self.process.cut or self.process.sealed:
            raise StoreError("read-only")
        self.table.found[replica.id] = self.table.clock(), replica

    def rows(self) -> Sequence[Replica]:
        if self.process.cut:
            raise StoreError("gone")
        return [replace(row, age=self.table.clock() - beat) for beat, row in self.table.found.values()]


class Process:
    """One process: the steps of `web.service`, one at a time."""

    def __init__(self, model: "Model", name: str) -> None:
        self.model, self.name = model, name
        self.announcer = model.announcer(TIMING, clock=model.clock, name=name)
        self.view = model.table.of(self)
        self.serving = self.stopped = self.stuck = self.cut = self.sealed = False
        self.step = 0
        self.seen: Mapping[Cloud, Version] = {}
        self.waking = 0

    def go(self) -> None:
        """Take the next step of a start: look, write the row, look again, answer."""
        if self.step == 0:
            self.seen = dict(self.model.head)
        elif self.step == 1:
            self.announcer.starting(self.seen)
            if "no row first" not in self.model.without:
                self.announcer.look(self.view, beat=True)
        elif self.seen != self.model.head and "no second look" not in self.model.without:
            self.step = 0
            return self.go()
        else:
            self.serving = True
            self.announcer.alive()
        self.step += 1
        return None

    def poll(self) -> None:
        """What a process that runs does all the time."""
        if not self.serving or self.stopped:
            return
        if self.announcer.paused() or self.waking:
            if "no look after a pause" not in self.model.without:
                self.wake()
                return
        self.announcer.alive()
        self.take_up()
        self.announcer.look(self.view)

    def take_up(self) -> None:
        if not self.stuck and not self.cut and self.announcer.served != self.model.head:
            self.announcer.swapped(dict(self.model.head))

    def wake(self) -> None:
        """Take the next step after a pause."""
        steps = [lambda: self.announcer.look(self.view, beat=True), self.take_up]
        if "look before the row" in self.model.without:
            steps.reverse()
        steps[self.waking]()
        self.waking += 1
        if self.waking == 2:
            self.waking = 0
            self.announcer.alive()

    @property
    def answers(self) -> bool:
        if not self.serving or self.stopped or (self.waking and "no look after a pause" not in self.model.without):
            return False
        return not self.announcer.paused() or "no look after a pause" in self.model.without

    @property
    def counted(self) -> bool:
        """False for a process that could not write its row for longer than `silent`, which the promise leaves out."""
        beat = self.model.table.found.get(self.name, (float("-inf"), None))[0]
        return not (self.cut or self.sealed) or self.model.clock.now - beat <= TIMING.silent


class Model(RuleBasedStateMachine):
    """Several processes, a store that changes, and everything that may happen to them."""

    without: frozenset[str] = frozenset()
    announcer = Announcer
    most = 3

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.table = Table(self.clock)
        self.head: dict[Cloud, Version] = {W: ONE}
        self.processes: dict[str, Process] = {}
        self.ever = 0
        self.named: dict[Cloud, Version] = {}
        self.data: dict[tuple[Cloud, str], float] = {}
        """Cloud and number that can be fetched ("" for no list) -> until when."""

    def note(self) -> None:
        """Take note of all that can be fetched now."""
        end = self.clock.now + TIMING.max_age + ON_ITS_WAY
        for each in self.processes.values():
            if each.answers:
                served, announced = each.announcer.served, each.announcer.announced
                assert all(announced[c] <= served[c] for c in announced), "a version is named that is not served"
                for cloud, number in announced.items():
                    self.named[cloud] = max(number, self.named.get(cloud, version(0)))
                if each.counted:
                    self.data.update({(cloud, served.get(cloud, "")): end for cloud in (W, F)})

    def pick(self, data: st.DataObject, condition: Any = lambda each: True) -> Process | None:
        found = sorted(name for name, each in self.processes.items() if condition(each))
        return self.processes[data.draw(st.sampled_from(found))] if found else None

    @rule()
    def change(self) -> None:
        self.head[W] = version(int(self.head[W]) + 1)

    @precondition(lambda self: F not in self.head)
    @rule()
    def a_new_cloud(self) -> None:
        self.head[F] = ONE

    @precondition(lambda self: len(self.processes) < self.most)
    @rule(steps=st.sampled_from([1, 2, 3, 3, 3]))
    def start(self, steps: int) -> None:
        self.ever += 1
        new = self.processes[f"p{self.ever}"] = Process(self, f"p{self.ever}")
        for _ in range(steps):
            new.go()

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        if process := self.pick(data, lambda each: not each.serving and not each.stopped):
            process.go()

    @rule(data=st.data())
    def poll(self, data: st.DataObject) -> None:
        if process := self.pick(data):
            process.poll()

    @rule(seconds=st.sampled_from([0.5, 1, 2, 4, 8, 12, 20]))
    def time_passes(self, seconds: float) -> None:
        for _ in range(int(seconds / POLL)):
            self.clock.now += POLL
            for each in self.processes.values():
                each.poll()
            self.note()

    @rule(data=st.data())
    def stop_and_go(self, data: st.DataObject) -> None:
        """SIGSTOP, SIGCONT. Also during a start."""
        if process := self.pick(data):
            process.stopped = not process.stopped

    @rule(data=st.data())
    def cannot_take_up(self, data: st.DataObject) -> None:
        if process := self.pick(data):
            process.stuck = not process.stuck

    @rule(data=st.data(), which=st.sampled_from(["cut", "sealed"]))
    def loses_the_database(self, data: st.DataObject, which: str) -> None:
        if process := self.pick(data, lambda each: each.serving):
            setattr(process, which, not getattr(process, which))

    @rule(data=st.data(), how=st.sampled_from(["kill", "stop"]))
    def ends(self, data: st.DataObject, how: str) -> None:
        if process := self.pick(data):
            if how == "stop" and process.serving and not process.stopped:
                process.announcer.stop(process.view)
            del self.processes[process.name]

    @invariant()
    def all_data_is_at_least_as_new_as_all_names(self) -> None:
        self.note()
        for (cloud, number), end in self.data.items():
            if end > self.clock.now and cloud in self.named:
                assert number >= self.named[cloud], f"{cloud}: {number or 'nothing'} can be fetched after {self.named[cloud]}"


# -- each rule left out in turn ------------------------------------------------------------------------------------


class AtOnce(Announcer):
    """Announces at once."""

    def look(self, rows: Any, *, beat: bool = False) -> None:
        super().look(rows, beat=beat)
        self.announced = self.served


class Impatient(Announcer):
    """Takes for settled what it serves."""

    @property
    def settled(self) -> Mapping[Cloud, Version]:
        return self.served


class NewestOnly(Announcer):
    """Forgets what it served before the newest version."""

    def _recent(self, steps: list[tuple[float, Version]], now: float) -> list[tuple[float, Version]]:
        return [(steps[0][0], steps[-1][1])] if steps else []


class Alone(Announcer):
    """Does not read the rows of the others."""

    def _announce(self, own: Replica, others: Sequence[Replica]) -> None:
        super()._announce(own, ())


class ForgetsCaches(Announcer):
    """Does not count a process that has ended, whose answers are in caches."""

    def _counts(self, row: Replica) -> bool:
        return not row.stopped and row.age <= self.timing.silent


class ForgetsKilled(Announcer):
    """Counts a process that was killed as if it had ended at its last sign of life."""

    def _counts(self, row: Replica) -> bool:
        return row.age <= row.keep


class ReadsNothing(Announcer):
    """Announces although the rows of the others cannot be read."""

    def look(self, rows: Any, *, beat: bool = False) -> None:
        super().look(rows, beat=beat)
        if "cannot be read" in self.problem or "gone" in self.problem:
            self._announce(Replica(id=self.id, keep=0, served=self.served, settled=self.settled), ())


class NamesWhatOthersServe(Announcer):
    """Adopts what others have announced without serving it."""

    def _announce(self, own: Replica, others: Sequence[Replica]) -> None:
        super()._announce(own, others)
        known = [each.announced for each in others]
        self.announced = {c: max(n, *(k.get(c, n) for k in known)) for c, n in self.announced.items()} if known else self.announced


class NamesNewClouds(Announcer):
    """Names a cloud that another process does not have yet."""

    def _announce(self, own: Replica, others: Sequence[Replica]) -> None:
        super()._announce(own, [replace(each, settled={**own.settled, **each.settled}) for each in others])


def machine(without: str = "", announcer: type[Announcer] = Announcer, most: int = 3) -> type[Model]:
    return type("Machine", (Model,), {"without": frozenset([without]), "announcer": announcer, "most": most})


def run(kind: type[Model], examples: int, *, steps: int = 40) -> None:
    options = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(kind, settings=options)


def test_whatever_happens_all_data_is_at_least_as_new_as_all_names() -> None:
    run(machine(), 300)


@pytest.mark.parametrize("step", ["no row first", "no second look", "no look after a pause", "look before the row"])
def test_the_model_finds_a_process_without_a_step(step: str) -> None:
    with pytest.raises(AssertionError, match="can be fetched after"):
        run(machine(without=step), 3000)


@pytest.mark.parametrize(
    "announcer",
    [AtOnce, Impatient, NewestOnly, Alone, ForgetsCaches, ForgetsKilled, ReadsNothing, NamesWhatOthersServe, NamesNewClouds],
)
def test_the_model_finds_an_announcer_without_a_rule(announcer: type[Announcer]) -> None:
    with pytest.raises(AssertionError, match="can be fetched after|not served"):
        run(machine(announcer=announcer), 3000)
