"""Stores for tests: `place` runs a test with SQLite and with PostgreSQL, `store` is a new store at that place."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perimeter365.history.load import read_recorded_lists
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
    """The PostgreSQL server, shared with folders whose conftest.py imports this fixture."""
    with shared() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The path or URL of a store that does not exist yet."""
    if request.param == "sqlite":
        yield str(folder / "store.sqlite")
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.database()
    yield url
    server.give_back(url)


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A new store whose clock shows noon of 1 June 2030."""
    with Store(place, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture(scope="session")
def recorded() -> tuple[State, ...]:
    """The Worldwide states of the small series, oldest first."""
    states, _ = read_recorded_lists(SERIES)
    return tuple(sorted((s for s in states if s.cloud is Cloud.WORLDWIDE), key=lambda s: s.version))
