"""The whole command `perimeter365 sync` with an upstream on loopback: every durable call failing, and kill -9.

As in test_faults, and with what only the command does: it stores the id of the installation and the cached responses.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from perimeter365.store.store import Store
from perimeter365.wire import write
from tests.torture import dump
from tests.torture.cases import CASES, Case, Legal, items, record, version
from tests.torture.strace import DURABLE, FAULTS, Call, started
from tests.torture.tally import TALLY
from tests.torture.test_faults import places
from tests.upstream.server import Upstream

pytestmark = pytest.mark.usefixtures("with_strace")

SLICE = 4
"""Number of faults in `make test`."""
KILLS = (2, 100)
"""Number of random kills in `make test` and in `make torture`."""


class Command:
    """The command, on copies of a prepared store with the second-newest version."""

    def __init__(self, folder: Path, upstream: Upstream) -> None:
        update = CASES["update"]
        # the command uses the clock of the machine
        blind = ("at", "recorded", "value")
        self.case = Case(name="command", before=update.before, steps=update.steps, blind=blind)
        self.legal: Legal = self.case.legal(places(folder))
        self.folder = folder / "trial"
        self.kept = folder / "prepared"
        self.place = str(self.folder / "store.sqlite")
        self.kept.mkdir()
        self.case.prepare(str(self.kept / "store.sqlite"))
        with Store(str(self.kept / "store.sqlite")) as store, store.writing():
            store.set_note("sync.seen.worldwide", store.now())  # otherwise a failed sync would notify that it is overdue
        words = ["sync", "--json", "--cloud", "worldwide", "--store", self.place, "--base-url", upstream.url]
        self.words = [sys.executable, "-m", "perimeter365", *words]
        self.env = {**os.environ, "XDG_DATA_HOME": str(self.folder / "data"), "PYTHONHASHSEED": "0"}

    def fresh(self) -> None:
        """Restore the prepared store."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.kept, self.folder)

    def run(self, *strace: str) -> tuple["subprocess.CompletedProcess[str]", list[Call]]:
        """Run the command under strace."""
        self.fresh()
        return started(self.words, self.env, *strace)

    def judge(self, code: int, out: str, err: str) -> list[str]:
        """Return problems after a run, and after another undisturbed run."""
        found = ["a traceback"] if "Traceback" in err and "MemoryError" not in err else []
        done = [0] if code == 0 and out and json.loads(out)[0]["status"] in ("committed", "unchanged") else []
        found += self.case.judge(self.place, self.legal, done)
        again = subprocess.run(self.words, env=self.env, capture_output=True, text=True, timeout=120)
        if again.returncode != 0 or self.case.seen(self.place) != self.legal[-1][1]:
            found.append(f"the next sync did not heal it: {again.stderr[-300:]}")
        return found


@pytest.fixture
def command(folder: Path) -> Iterator[Command]:
    with Upstream(items=items(2), version=version(2)) as server:
        server.changes = [write.change_record(record(2))]
        yield Command(folder, server)


def try_points(command: Command, dice: random.Random, most: int | None) -> None:
    """Make some or all of its calls fail."""
    done, calls = command.run("-e", f"trace={','.join(DURABLE)}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["status"] == "committed"
    points = [(call, fault) for call in calls if call.durable(str(command.folder)) for fault in FAULTS]
    assert len(points) > 100
    violations: list[str] = []
    for call, fault in points if most is None else dice.sample(points, most):
        inject = f"inject={call.name}:{FAULTS[fault].format(n=call.number)}"
        done, _ = command.run("-e", f"trace={call.name}", "-e", inject)
        found = command.judge(done.returncode, done.stdout, done.stderr)
        TALLY.count(
            f"perimeter365 sync: {call.name}", fault, [f"{call.number} {call.words[:100]}: {each}" for each in found]
        )
        violations += found
    assert violations == []


def try_kills(command: Command, dice: random.Random, times: int) -> None:
    """Kill it at random times."""
    begun = time.monotonic()
    command.fresh()
    subprocess.run(command.words, env=command.env, capture_output=True, check=True)
    usual = time.monotonic() - begun
    violations: list[str] = []
    for _ in range(times):
        command.fresh()
        with subprocess.Popen(
            command.words, env=command.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            time.sleep(dice.uniform(usual * 0.3, usual * 1.1))
            process.kill()
            out, err = process.communicate()
        found = command.judge(process.returncode, out, err)
        TALLY.count("perimeter365 sync, random", "KILL", found)
        violations += found
    assert violations == []


def test_a_failing_call_of_the_command_leaves_the_old_or_the_new_state(command: Command, dice: random.Random) -> None:
    try_points(command, dice, SLICE)


@pytest.mark.torture
def test_every_failing_call_of_the_command_leaves_the_old_or_the_new_state(command: Command, dice: random.Random) -> None:
    try_points(command, dice, None)


def test_the_killed_command_leaves_the_old_or_the_new_state(command: Command, dice: random.Random) -> None:
    try_kills(command, dice, KILLS[0])


@pytest.mark.torture
def test_the_repeatedly_killed_command_leaves_the_old_or_the_new_state(command: Command, dice: random.Random) -> None:
    try_kills(command, dice, KILLS[1])


def test_the_valid_states_differ_in_compared_columns(command: Command) -> None:
    assert len({dump.digest(state) for _, state in command.legal}) == len(command.legal)
