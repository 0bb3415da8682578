"""Fixtures: the worker, the reader, random numbers, and the table at the end of the run."""

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
    """strace; without it, the samples of `make torture` are skipped, including those that do not use it."""
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
    """Random numbers; the table at the end contains the seed."""
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
