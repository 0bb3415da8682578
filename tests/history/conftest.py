"""Stores to try things on: `place` runs a test on SQLite and on PostgreSQL, `store` opens a new one there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perimeter365.history.load import read
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.store.store import Store
from tests.history.oracle import SERIES
from tests.history.postgres import Server, shared
from tests.memory import folder

__all__ = ["folder"]

NOW = datetime(2030, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server, also where the conftest.py of another folder imports this fixture and so has one of its own."""
    with shared() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Where a store that is not there yet belongs."""
    if request.param == "sqlite":
        yield str(folder / "store.sqlite")
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.database()
    yield url
    server.give_back(url)


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A new store, in which it is noon of 1 June 2030."""
    with Store(place, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture(scope="session")
def recorded() -> tuple[State, ...]:
    """The small series' Worldwide states, oldest first."""
    states, _ = read(SERIES)
    return tuple(sorted((s for s in states if s.cloud is Cloud.WORLDWIDE), key=lambda s: s.version))
