"""When a version may be announced: a model with a clock of its own, and each rule left out in turn.

The model has processes with the real `Announcer`, one store, its rows and a clock. Caches and clients are the worst possible
ones: whatever a process could have answered may be fetched until `max_age` and the time of an answer that is on its way have
passed. The promise is that all data that can be fetched is at least as new as all versions that were named.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from perimeter365.errors import StoreError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.replicas import Replica
from perimeter365.web.announce import Announcer, Timing, announced_edition
from perimeter365.web.edition import Edition, ServedCloud
from perimeter365.web.versions import ServedVersion
from perimeter365.workspace import Workspace
from tests.web.servers import in_process
from tests.web.stores import commit

W, F = Cloud.WORLDWIDE, Cloud.FRANCE
TIMING = Timing(max_age=10, margin=3, beat=1, silent=3)
ON_ITS_WAY = 1.5
POLL = 0.5


def version(number: int) -> Version:
    return Version(f"{number:010}")


ONE, TWO, THREE = map(version, range(1, 4))


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
            self.process.failing = True
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
        self.serving = self.stopped = self.stuck = self.cut = self.sealed = self.failing = self.lost = False
        self.step = 0
        self.seen: Mapping[Cloud, Version] = {}
        self.waking = 0
        self.since = 0.0

    def go(self) -> None:
        """Take the next step of a start: look, write the row, look again, answer."""
        if self.step == 0:
            self.seen = dict(self.model.head)
        elif self.step == 1:
            self.announcer.starting(self.seen)
            self.announcer.alive()
            if "no row first" not in self.model.without:
                self.announcer.look(self.view, beat=True)
        elif self.has_to_begin_again():
            self.step = 0
            return self.go()
        else:
            self.serving = True
            if "no time limit" in self.model.without:
                self.announcer.alive()
        self.step += 1
        return None

    def has_to_begin_again(self) -> bool:
        changed = self.seen != self.model.head and "no second look" not in self.model.without
        return changed or (self.announcer.paused() and "no time limit" not in self.model.without)

    def poll(self) -> None:
        """What a process that runs does all the time."""
        if not self.serving or self.stopped:
            return
        if (self.announcer.paused() or self.waking) and "no look after a pause" not in self.model.without:
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
        if self.waking == 0:
            self.since = self.announcer.now()
        steps[self.waking]()
        self.waking += 1
        if self.waking == 2:
            self.waking = 0
            self.announcer.alive(self.since)

    @property
    def answers(self) -> bool:
        if not self.serving or self.stopped or (self.waking and "no look after a pause" not in self.model.without):
            return False
        return not self.announcer.paused() or "no look after a pause" in self.model.without

    def is_counted(self) -> bool:
        """Return False for a process that could not write its row for longer than `silent`, until it has the list in force.

        The promise leaves it out.
        """
        beat = self.model.table.found.get(self.name, (float("-inf"), None))[0]
        if self.failing and self.model.clock.now - beat > TIMING.silent:
            self.lost = True
        if not (self.cut or self.sealed) and self.announcer.served == self.model.head:
            self.failing = self.lost = False
        return not self.lost


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
                if each.is_counted():
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
            self.all_data_is_at_least_as_new_as_all_names()

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
                named = self.named[cloud]
                assert number >= named, f"{cloud}: {number or 'nothing'} can be fetched after {named}"


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
        if self.problem:
            self._announce(Replica(id=self.id, keep=0, served=self.served, settled=self.settled), ())


class NamesWhatOthersServe(Announcer):
    """Adopts what others have announced without serving it."""

    def _announce(self, own: Replica, others: Sequence[Replica]) -> None:
        super()._announce(own, others)
        for each in others:
            self.announced = {c: max(n, each.announced.get(c, n)) for c, n in self.announced.items()}


class NamesNewClouds(Announcer):
    """Names a cloud that another process does not have yet."""

    def _announce(self, own: Replica, others: Sequence[Replica]) -> None:
        super()._announce(own, [replace(each, settled={**own.settled, **each.settled}) for each in others])


def machine(without: str = "", announcer: type[Announcer] = Announcer) -> type[Model]:
    """Return the model without a step, or with another announcer."""
    name = without.replace(" ", "-") or announcer.__name__
    return type(name, (Model,), {"without": frozenset([without]), "announcer": announcer})


def machine_of(announcer: type[Announcer]) -> type[Model]:
    return machine(announcer=announcer)


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


@pytest.mark.parametrize(
    "kind",
    [
        machine(without="no row first"),
        *map(machine_of, [AtOnce, Impatient, NewestOnly, Alone, ForgetsCaches, ReadsNothing, NamesNewClouds]),
    ],
    ids=lambda kind: kind.__name__,
)
def test_the_model_finds_a_rule_that_is_left_out(kind: type[Model]) -> None:
    with pytest.raises(AssertionError, match="can be fetched after"):
        run(kind, 1000)


# Chance needs minutes to find the other mistakes. Each of them needs one course of events.


def changed_during_a_start(model: Model) -> None:
    """The store changes while a process starts, and another one starts before its first answer."""
    model.start(1)
    model.change()
    model.start(3)
    model.processes["p1"].go()
    model.processes["p1"].go()
    model.all_data_is_at_least_as_new_as_all_names()


def stopped_during_a_start(model: Model) -> None:
    """A process is stopped between its row and its first answer, until the row does not count any more."""
    model.start(2)
    model.time_passes(12)
    model.processes["p1"].go()
    model.all_data_is_at_least_as_new_as_all_names()
    model.processes["p1"].stopped = True
    model.change()
    model.time_passes(8)
    model.start(3)


def woken_long_after(model: Model) -> None:
    """A process is stopped, another one announces a version, and the first one goes on."""
    model.start(3)
    model.start(3)
    model.processes["p1"].stopped = True
    model.change()
    model.time_passes(20)
    model.time_passes(12)
    model.processes["p1"].stopped = False
    model.all_data_is_at_least_as_new_as_all_names()


def woken_while_another_starts(model: Model) -> None:
    """A process that was stopped looks at the store and then writes its row; in between, the first one of all starts."""
    model.start(3)
    (old,) = model.processes.values()
    old.stopped = True
    model.time_passes(20)
    old.stopped = False
    old.poll()
    model.change()
    model.start(3)
    old.poll()
    model.all_data_is_at_least_as_new_as_all_names()


def killed_while_it_lags(model: Model) -> None:
    """A process does not take up a version, answers after its last sign of life, and is killed."""
    model.start(3)
    model.start(3)
    lagging = model.processes["p1"]
    lagging.stuck = True
    model.change()
    model.time_passes(10)
    lagging.sealed = True
    model.time_passes(2)
    model.time_passes(1)
    del model.processes["p1"]
    model.time_passes(20)


def back_with_an_old_list(model: Model) -> None:
    """A process was cut off from the database, reads the rows of the others again, and does not take up the list."""
    model.start(3)
    model.start(3)
    lagging = model.processes["p1"]
    model.change()
    model.time_passes(1)
    lagging.stuck = lagging.cut = True
    model.change()
    model.time_passes(20)
    model.time_passes(12)
    lagging.cut = False
    model.time_passes(0.5)


@pytest.mark.parametrize(
    ("course", "without"),
    [
        (changed_during_a_start, machine(without="no second look")),
        (stopped_during_a_start, machine(without="no time limit")),
        (woken_long_after, machine(without="no look after a pause")),
        (woken_while_another_starts, machine(without="look before the row")),
        (killed_while_it_lags, machine_of(ForgetsKilled)),
        (back_with_an_old_list, machine_of(NamesWhatOthersServe)),
    ],
)
def test_a_course_of_events_is_harmless_only_with_its_rule(course: Callable[[Model], None], without: type[Model]) -> None:
    def follow(kind: type[Model]) -> None:
        model = kind()
        course(model)
        model.time_passes(20)

    follow(machine())
    with pytest.raises(AssertionError, match=r"can be fetched after|not served"):
        follow(without)


# -- single rules ----------------------------------------------------------------------------------------------------


class Shared:
    """Rows without a database."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.found: dict[str, tuple[float, Replica]] = {}
        self.broken: set[str] = set()

    def beat(self, replica: Replica) -> None:
        if "beat" in self.broken:
            raise StoreError("cannot be written")
        self.found[replica.id] = self.clock(), replica

    def rows(self) -> Sequence[Replica]:
        if "rows" in self.broken:
            raise StoreError("cannot be used")
        return [replace(row, age=self.clock() - beat) for beat, row in self.found.values()]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rows(clock: Clock) -> Shared:
    return Shared(clock)


def started(clock: Clock, rows: Shared, number: Version, name: str = "one") -> Announcer:
    made = Announcer(TIMING, clock=clock, name=name)
    made.starting({W: number})
    made.look(rows)
    return made


def test_the_first_process_announces_at_once(clock: Clock, rows: Shared) -> None:
    assert started(clock, rows, TWO).announced == {W: TWO}


def test_a_version_is_announced_when_its_time_has_passed_and_not_before(clock: Clock, rows: Shared) -> None:
    one = started(clock, rows, ONE)
    one.swapped({W: TWO})
    clock.now += TIMING.keep - 0.1
    one.look(rows)
    assert (one.announced, one.waiting) == ({W: ONE}, ("one",))
    clock.now += 0.1
    one.look(rows)
    assert (one.announced, one.waiting) == ({W: TWO}, ())


def test_changes_in_quick_succession_do_not_hold_up_the_announcement(clock: Clock, rows: Shared) -> None:
    one = started(clock, rows, version(100))
    for number in range(101, 200):
        clock.now += 1
        one.swapped({W: version(number)})
        one.look(rows)
        assert int(one.announced[W]) == max(100, number - int(TIMING.keep))


def test_a_process_that_lags_holds_up_all_and_is_named(clock: Clock, rows: Shared) -> None:
    one, two = started(clock, rows, ONE), started(clock, rows, ONE, "two")
    one.swapped({W: TWO})
    for _ in range(100):
        clock.now += TIMING.beat
        two.look(rows)
        one.look(rows)
    assert (one.announced, one.waiting) == ({W: ONE}, ("two",))


def test_a_process_that_was_killed_counts_until_its_answers_are_gone(clock: Clock, rows: Shared) -> None:
    one, _ = started(clock, rows, ONE), started(clock, rows, ONE, "killed")
    one.swapped({W: TWO})
    passed = 0.0
    while one.announced != {W: TWO}:
        passed += 0.25
        clock.now += 0.25
        one.look(rows)
    assert passed == TIMING.silent + TIMING.keep + 0.25


def test_a_process_that_has_stopped_counts_for_the_life_of_its_answers(clock: Clock, rows: Shared) -> None:
    one, two = started(clock, rows, ONE), started(clock, rows, ONE, "two")
    clock.now += 5
    one.swapped({W: TWO})
    two.stop(rows)
    clock.now += TIMING.keep
    one.look(rows)
    assert one.announced == {W: ONE}
    clock.now += 0.1
    one.look(rows)
    assert one.announced == {W: TWO}


def test_a_restart_does_not_announce_what_was_served_before(clock: Clock, rows: Shared) -> None:
    before = started(clock, rows, ONE, "before")
    before.stop(rows)
    clock.now += 1
    after = started(clock, rows, TWO, "after")
    assert after.announced == {W: ONE}
    clock.now += TIMING.keep
    after.look(rows)
    assert after.announced == {W: TWO}


def test_a_restart_does_not_take_back_what_was_announced(clock: Clock, rows: Shared) -> None:
    one, lagging = started(clock, rows, ONE), started(clock, rows, ONE, "lagging")
    one.swapped({W: TWO})
    lagging.swapped({W: TWO})
    clock.now += TIMING.keep
    lagging.look(rows)
    one.look(rows)
    one.look(rows)
    assert one.announced == {W: TWO}
    rows.found["lagging"] = clock.now, replace(rows.found["lagging"][1], settled={W: ONE})
    assert started(clock, rows, THREE, "new").announced == {W: TWO}


def test_a_process_whose_row_cannot_be_written_announces_nothing_new(clock: Clock, rows: Shared) -> None:
    one = started(clock, rows, ONE)
    rows.broken.add("beat")
    one.swapped({W: TWO})
    clock.now += TIMING.keep + 1
    one.look(rows)
    assert one.announced == {W: ONE}
    what = "new versions are not announced: the rows of the processes cannot be used"
    assert (one.problem, one.detail) == (f"{what}: a store that cannot be used (P365-STORE)", f"{what}: cannot be written")
    rows.broken.clear()
    one.look(rows)
    assert (one.announced, one.problem) == ({W: TWO}, "")


def test_a_process_that_cannot_read_the_rows_announces_nothing(clock: Clock, rows: Shared) -> None:
    rows.broken.add("rows")
    one = started(clock, rows, ONE)
    assert one.announced == {}
    assert one.detail.endswith("the rows of the processes cannot be used: cannot be used")
    rows.broken.clear()
    one.look(rows)
    assert (one.announced, one.problem) == ({W: ONE}, "")


def test_a_store_that_was_never_writable_announces_what_the_process_starts_with(clock: Clock, rows: Shared) -> None:
    rows.broken.add("beat")
    one = started(clock, rows, ONE)
    assert one.announced == {W: ONE}
    assert one.problem


def test_the_row_is_written_after_each_change_and_after_each_interval(clock: Clock, rows: Shared) -> None:
    one = started(clock, rows, ONE)
    one.look(rows)
    first = clock.now
    clock.now += TIMING.beat / 2
    one.look(rows)
    assert rows.found["one"][0] == first
    one.swapped({W: TWO})
    one.look(rows)
    assert rows.found["one"][0] == clock.now
    assert rows.found["one"][1].served == {W: TWO}
    clock.now += TIMING.beat
    one.look(rows)
    assert rows.found["one"][0] == clock.now


def test_a_pause_of_a_third_of_the_silence_is_noticed(clock: Clock, rows: Shared) -> None:
    one = started(clock, rows, ONE)
    one.alive()
    clock.now += TIMING.silent / 3
    assert not one.paused()
    clock.now += 0.1
    assert one.paused()


def test_without_a_store_a_version_is_announced_when_its_time_has_passed(clock: Clock) -> None:
    one = Announcer(TIMING, clock=clock)
    one.starting({W: ONE})
    one.look(None)
    assert one.announced == {W: ONE}
    one.swapped({W: TWO})
    clock.now += TIMING.keep
    one.look(None)
    assert one.announced == {W: TWO}


def test_an_older_list_is_named_as_soon_as_it_is_served(clock: Clock, rows: Shared) -> None:
    """The store was restored from a backup: a version that is not served must not be named."""
    one = started(clock, rows, TWO)
    one.swapped({W: ONE})
    one.look(rows)
    assert one.announced == {W: ONE}


def test_the_margin_covers_an_answer_on_its_way_and_a_process_that_is_not_counted() -> None:
    """60 s: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout."""
    assert Timing().margin >= 60 + Timing().lease
    assert Timing().beat + Timing().lease < Timing().silent == 30


def test_names_of_processes_are_unique_and_can_be_stored() -> None:
    names = {Announcer(TIMING).id for _ in range(10)}
    assert len(names) == 10
    assert all(re.fullmatch("[A-Za-z0-9._-]{1,100}", name) for name in names)


def test_a_service_that_cannot_use_the_rows_serves_the_lists_names_no_version_and_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    commit(tmp_path / "store.sqlite", date(2026, 11, 2))
    rows = tmp_path / "store.sqlite.replicas"
    rows.mkdir()
    who = "clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7"
    with in_process(Workspace(store=tmp_path / "store.sqlite"), say=said.append) as client:
        state = client.get("/readyz")
        assert (state.status, state.json["status"]) == (200, "degraded")
        assert [each["announced"] for each in state.json["clouds"].values()] == [""] * len(state.json["clouds"])
        assert str(tmp_path) not in state.text
        assert client.get(f"/endpoints/worldwide?{who}").status == 200
        assert client.get(f"/version/worldwide?{who}").status == 503
        assert [str(rows) in line for line in said] == [True]
        rows.rmdir()
        client.run(client.service._look())
        assert client.get("/readyz").json["status"] != "degraded"
        assert client.get(f"/version/worldwide?{who}").json["latest"] == "2026110200"
        assert said[1:] == ["new versions are announced again"]


def test_an_answer_that_names_versions_is_dropped_when_one_is_announced_and_others_are_kept(tmp_path: Path) -> None:
    place = tmp_path / "store.sqlite"
    who = "clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7"
    commit(place, date(2026, 11, 2))
    clock = Clock()
    with in_process(Workspace(store=place)) as client:
        client.service.announcer._clock = clock
        client.service.announcer.alive()
        assert client.get(f"/version/worldwide?{who}").json["latest"] == "2026110200"
        commit(place, date(2026, 11, 3), without=1)
        client.load()
        lists = client.get(f"/endpoints/worldwide?{who}")
        assert client.get(f"/version/worldwide?{who}").json["latest"] == "2026110200"
        assert client.service.current is not None
        kept = set(map(id, client.service.current.answers.recent().values()))
        clock.now += Timing().keep
        client.run(client.service._look())
        assert client.get(f"/version/worldwide?{who}").json["latest"] == "2026110300"
        assert client.get(f"/endpoints/worldwide?{who}").body == lists.body
        assert kept & set(map(id, client.service.current.answers.recent().values()))


def test_the_announced_edition_ends_with_the_announced_versions() -> None:
    def at(day: int) -> datetime:
        return datetime(2030, 1, day, tzinfo=UTC)

    def served(cloud: Cloud, *days: int) -> ServedCloud:
        versions = tuple(ServedVersion(number=version(d), upstream=version(d), hash=f"{d}", at=at(d)) for d in days)
        changes = tuple(ChangeRecord(id=d, endpoint_set=1, disposition="Add", version=version(d)) for d in days)
        return ServedCloud(cloud=cloud, versions=versions, sets=(), records=changes)

    clouds = {W: served(W, 1, 2, 3), F: served(F, 1), Cloud.CHINA: served(Cloud.CHINA, 2)}
    edition = Edition(workspace=Workspace(), generation="", day=date(2030, 1, 4), catalog=embedded(), clouds=clouds)
    found = announced_edition(edition, {W: TWO, Cloud.CHINA: ONE})
    assert dict(found.announced) == {W: TWO}
    assert found.clouds.keys() == {W}
    assert [each.number for each in found.clouds[W].versions] == [ONE, TWO]
    assert [each.version for each in found.clouds[W].records] == [ONE, TWO]
    assert found.modified() == at(2), "a client that compares Last-Modified alone sees the announcement"
    assert announced_edition(edition, {W: THREE, F: ONE}).clouds == {W: clouds[W], F: clouds[F]}
