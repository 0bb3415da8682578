"""kill -9 at random times of a process that syncs consecutive versions: P2, P3, and no notification is lost.

On SQLite, the process is killed; on PostgreSQL, the process, its server process or the whole server. Some server processes
are killed during COMMIT: at each of its writes, flushes and responses.

The expected result of n syncs is that of an undisturbed store, since the clock is fixed.
"""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.history.postgres import STARTS, Server
from tests.torture import dump
from tests.torture.cases import CASES, attempt, opened, synced
from tests.torture.dump import Dump
from tests.torture.reader import Watcher
from tests.torture.strace import FAULTS, attached, injected
from tests.torture.tally import TALLY
from tests.torture.worker import FOREVER, Job, Workers

pytestmark = pytest.mark.usefixtures("with_strace")

KILLS = {"sqlite": (20, 1_000), "postgresql": (12, 200)}
"""Number of kills in `make test` and in `make torture` (times TORTURE_TIMES)."""
TIMES = int(os.environ.get("TORTURE_TIMES") or 1)

RENEWED = 20
"""Number of kills after which a new store is created."""

LONGEST = 0.25
"""Maximum seconds until a kill: a few syncs."""


SURVIVED = 1.0
"""Seconds after which a client is killed too. One whose process at the server died between two transactions connects
anew, as it should, and would sync for ever."""


class Undisturbed:
    """Return the dump after n syncs."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.after: list[Dump] = []
        attempt(f"{place}.tried")
        self.tried = dump.blinded(dump.of(f"{place}.tried"), ["id"])
        """The dump of a new store after a sync that ended while it waited for upstream."""

    def __call__(self, number: int) -> Dump:
        while len(self.after) <= number:
            with opened(self.place) as store:
                if self.after:
                    synced(store, len(self.after) - 1)
            self.after.append(dump.blinded(dump.of(self.place), ["id"]))  # the numbers of a server have gaps
        return self.after[number]


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return Undisturbed(str(tmp_path_factory.mktemp("undisturbed") / "store.sqlite"))


def judge(place: str, after: Undisturbed, acknowledged: list[int]) -> list[str]:
    """Return problems after a kill."""
    found = dump.integrity(place)
    left = dump.blinded(dump.of(place), ["id"])
    count = len(left.get("p365_versions", ()))
    if left not in (dump.ABSENT, dump.EMPTY, after.tried) and left != after(count):
        found.append(f"mixed: {dump.differences(after(count), left)}")
    if acknowledged and count <= max(acknowledged):
        found.append(f"version {max(acknowledged)} was acknowledged, and {count} are there")
    return found


def kill_at_random(
    place: str, workers: Workers, dice: random.Random, kill: Callable[[int, int], None], *, late: bool = False
) -> list[int]:
    """Run syncs, kill the worker or its database server, and return the numbers of the acknowledged syncs.

    With `late`, the time starts at the first acknowledgement, so that it does not depend on the speed of the machine.
    """
    job = workers.start(FOREVER, place)
    job.go()
    if late:
        job.first_word()
    time.sleep(dice.uniform(0, LONGEST))
    kill(job.pid, job.backend)
    end = threading.Timer(SURVIVED, kill_a_process, [job.pid])
    end.start()
    job.wait()
    end.cancel()
    assert not [line for line in job.said if line.startswith("raised")], job.said
    return job.acknowledged


def on_sqlite(times: int, folder: Path, workers: Workers, watcher: Watcher, dice: random.Random, after: Undisturbed) -> int:
    """Kill repeatedly. Return the number of acknowledged syncs."""
    violations: list[str] = []
    acknowledged = 0
    for number in range(times):
        place = str(folder / f"{number // RENEWED}.sqlite")
        watching = number % 4 == 0
        before = dump.of(place) if watching else dump.ABSENT
        if watching:
            watcher.watch(place, ["id"])
        said = kill_at_random(place, workers, dice, lambda pid, _: kill_a_process(pid), late=number % 4 == 1)
        found = judge(place, after, said)
        if watching:
            first = len(before.get("p365_versions", ()))
            states = [dump.ABSENT, after.tried, *(after(n) for n in range(first, max([first, *said]) + 3))]
            known = set(map(dump.digest, states))
            found += [f"a reader saw {seen}" for seen in watcher.stop() if seen not in known]
        TALLY.watched += watching
        TALLY.count("SQLite, random", "KILL", found)
        violations += found
        acknowledged += len(said)
    assert violations == []
    return acknowledged


def test_a_killed_sync_leaves_the_old_or_the_new_state(
    tmp_path: Path, workers: Workers, watcher: Watcher, dice: random.Random, undisturbed: Undisturbed
) -> None:
    assert on_sqlite(KILLS["sqlite"][0], tmp_path, workers, watcher, dice, undisturbed) > 0, "no sync was acknowledged"


@pytest.mark.torture
def test_many_killed_syncs_leave_the_old_or_the_new_state(
    tmp_path: Path, workers: Workers, watcher: Watcher, dice: random.Random, undisturbed: Undisturbed
) -> None:
    on_sqlite(KILLS["sqlite"][1] * TIMES, tmp_path, workers, watcher, dice, undisturbed)


# -- PostgreSQL --------------------------------------------------------------------------------------------


def awake(server: Server) -> None:
    """Wait until the server has recovered."""
    end = time.monotonic() + STARTS
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def kill_a_process(pid: int) -> None:
    """Send SIGKILL to a process if it still runs."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def gone(pid: int) -> None:
    """Wait until a process of the server has been reaped.

    The server restarts then; before, it still accepts connections, and drops them when it notices.
    """
    end = time.monotonic() + STARTS
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < end
        time.sleep(0.002)


def kill_a_backend(pid: int) -> None:
    """Kill a server process, and wait until the server knows."""
    kill_a_process(pid)
    gone(pid)


def children_of(parent: int) -> list[int]:
    """Return the child processes of a process, from /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended in the meantime
            pid, _, rest = stat.read_text().partition(" (")
            if int(rest.rpartition(") ")[2].split()[1]) == parent:
                found.append(int(pid))
    return found


def crash(server: Server) -> None:
    """Kill the whole server at once, like a power cut that does not affect the disk, and restart it."""
    assert server.process is not None
    children = children_of(server.process.pid)
    for pid in [server.process.pid, *children]:
        kill_a_process(pid)
    server.process.wait()
    server.process = None
    for pid in children:  # they keep the shared memory
        gone(pid)
    server.start()


def on_server(server: Server, times: int, workers: Workers, dice: random.Random, after: Undisturbed) -> None:
    violations: list[str] = []
    place = ""
    for number in range(times):
        if number % RENEWED == 0:
            place = server.database()
        what, kill = dice.choices(
            [
                ("client", lambda pid, _: kill_a_process(pid)),
                ("backend", lambda _, backend: kill_a_backend(backend)),
                ("server", lambda _pid, _backend: crash(server)),
            ],
            weights=[5, 3, 2],
        )[0]
        said = kill_at_random(place, workers, dice, kill, late=number % 4 == 1)
        awake(server)
        found = judge(place, after, said)
        TALLY.count(f"PostgreSQL, random, of the {what}", "KILL", found)
        violations += found
    assert violations == []


@pytest.fixture
def server() -> Iterator[Server]:
    memory = os.access("/dev/shm", os.W_OK)  # a recovery syncs each file of the cluster
    with Server("/dev/shm" if memory else "/tmp", fsync=True) as made:
        yield made


def test_a_kill_with_postgresql_leaves_the_old_or_the_new_state(
    server: Server, workers: Workers, dice: random.Random, undisturbed: Undisturbed
) -> None:
    on_server(server, KILLS["postgresql"][0], workers, dice, undisturbed)


@pytest.mark.torture
def test_many_kills_with_postgresql_leave_the_old_or_the_new_state(
    server: Server, workers: Workers, dice: random.Random, undisturbed: Undisturbed
) -> None:
    on_server(server, KILLS["postgresql"][1] * TIMES, workers, dice, undisturbed)


BACKEND = ("pwrite64", "fdatasync", "sendto")
"""System calls of a commit on the server: writing and flushing the log, and the response to the client."""


def in_commit(server: Server, workers: Workers, faults: list[str], most: int | None) -> int:
    """Make these calls of the server process of a sync fail in turn. Return the flushes of a clean run."""
    case = CASES["update"]
    blind = ["id"]
    legal = [(done, dump.blinded(state, blind)) for done, state in case.legal(server.database)]
    violations = []

    def start() -> tuple[str, Job]:
        place = server.database()
        case.prepare(place)
        return place, workers.start(case.name, place)

    place, job = start()
    with attached(job.backend, "-e", f"trace={','.join(BACKEND)}") as calls:
        job.go()
        job.wait()
    assert job.acknowledged == [0], job.said
    last = calls[-most:] if most else calls
    for name, number, fault in [(call.name, call.number, fault) for call in last for fault in faults]:
        place, job = start()
        with injected(job.backend, name, number, fault):
            job.go()
            job.wait()
        gone(job.backend)
        awake(server)
        left = dump.blinded(dump.of(place), blind)
        found = [line for line in job.said if line.startswith("raised")]
        done = [steps for steps, state in legal if state == left]
        if not done:
            found.append(f"mixed: {dump.differences(legal[0][1], left)}")
        elif not set(job.acknowledged) <= done[0]:
            found.append("acknowledged, but not done")
        case.finish(place)
        if dump.blinded(dump.of(place), blind) != legal[-1][1]:
            found.append("not healed")
        TALLY.count(f"PostgreSQL's process in a sync: {name}", fault, found)
        violations += [f"{name} {number} {fault}: {each}" for each in found]
    assert violations == []
    return sum(call.name == "fdatasync" for call in calls)


def test_postgresql_killed_in_commit_has_the_old_or_the_new_state(server: Server, workers: Workers) -> None:
    assert in_commit(server, workers, ["KILL"], 8) >= 1, "the commit did not flush"


@pytest.mark.torture
def test_postgresql_failing_in_commit_has_the_old_or_the_new_state(server: Server, workers: Workers) -> None:
    in_commit(server, workers, list(FAULTS), None)
