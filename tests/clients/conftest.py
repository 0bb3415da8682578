"""The service that the programs are pointed at.

pytest tests/clients                                      a server process of its own, on a store with a past
pytest tests/clients --service-url http://127.0.0.1:8080   one that runs already
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.web.servers import served


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--service-url", default="", help="run the programs of tests/clients against this service")


@pytest.fixture(scope="session")
def own_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL of a server process on a store with a past."""
    place = tmp_path_factory.mktemp("service") / "store.sqlite"
    fill(str(place))
    with served("--store", str(place)) as server:
        yield server.url


@pytest.fixture(scope="session")
def service_url(request: pytest.FixtureRequest) -> str:
    """Base URL of the service that the programs are pointed at."""
    url = str(request.config.getoption("--service-url", "")).rstrip("/")
    return url or str(request.getfixturevalue("own_url"))


def fill(place: str) -> None:
    """Make a store in which two versions of Worldwide follow the embedded list, one with upstream's own record."""
    sets = tuple(s for s in embedded().endpoint_sets(Cloud.WORLDWIDE) if s.id < SYNTHETIC_ID)
    first = State(cloud=Cloud.WORLDWIDE, version=Version("2026090100"), origin=LIVE, sets=sets[:-1])
    listed = ("198.51.100.0/24", *sets[0].listed)
    more = replace(sets[0], listed=(), prefixes=PrefixSet.parse(listed))
    second = replace(first, version=Version("2026100100"), sets=(more, *sets[1:-1]))
    record = ChangeRecord(
        id=4711,
        endpoint_set=sets[0].id,
        disposition="Change",
        impact="AddedIp",
        version=second.version,
        added_prefixes=("198.51.100.0/24",),
    )
    with Store(place) as store:
        store.commit(first)
        store.commit(second, records=[record])
