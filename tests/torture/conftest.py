"""What the tests here share: the worker, the reader, the dice, and the table at the end of the run."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import cli
from tests.consumers import need
from tests.history.conftest import postgres
from tests.memory import folder
from tests.torture.reader import Watcher
from tests.torture.tally import FIGURES, TALLY
from tests.torture.worker import Workers

__all__ = ["cli", "folder", "postgres"]

SEED = int(os.environ.get("TORTURE_SEED") or time.time_ns() % 1_000_000)


@pytest.fixture
def with_strace() -> Path:
    """strace; where it is not, the slices of `make torture` are left out, also those that would do without."""
    return need("strace")


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    with Workers() as program:
        yield program


@pytest.fixture(scope="session")
def watcher() -> Iterator[Watcher]:
    with Watcher() as program:
        yield program


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers; the seed stands in the table at the end."""
    note = f"TORTURE_SEED={SEED}"
    if note not in TALLY.notes:
        TALLY.notes.append(note)
    return random.Random(f"{SEED} {request.node.name}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if TALLY.tried:
        terminalreporter.section("faults tried on stores")
        for line in TALLY.table():
            terminalreporter.line(line)
        if config.getoption("markexpr") == "torture":
            TALLY.write()
            terminalreporter.line(f"written: {FIGURES.relative_to(config.rootpath)}")
