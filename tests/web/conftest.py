"""Fixtures: the service over the embedded lists, in this process and as a real server."""

from collections.abc import Iterator

import pytest

from tests.history.conftest import folder, place, postgres
from tests.web.servers import Client, Server, in_process, served

__all__ = ["client", "folder", "place", "postgres", "server"]


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """The application over the embedded lists, without a socket."""
    with in_process() as found:
        yield found


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A real server over the embedded lists, shared by the tests that leave it as it is."""
    with served("--catalog", "embedded") as found:
        yield found
