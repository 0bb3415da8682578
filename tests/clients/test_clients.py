"""Programs of many kinds work against the service, and notice what would break one of them."""

import pytest

from tests.clients import protocols, scripts  # noqa: F401 (they fill the table)
from tests.clients.breaks import BREAKS, Upstream, proxy, upstream
from tests.clients.program import PROGRAMS, Web


@pytest.fixture(scope="session")
def behind(own_url: str) -> Upstream:
    """The service behind a proxy: always the one with a past, since some breaks need changes."""
    return upstream(own_url)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_works_against_the_service(name: str, service_url: str) -> None:
    PROGRAMS[name](Web(service_url))


def test_all_programs_work_through_a_proxy_that_changes_nothing(behind: Upstream) -> None:
    with proxy(behind, None) as url:
        for run in PROGRAMS.values():
            run(Web(url))


@pytest.mark.parametrize("name", BREAKS)
def test_at_least_one_program_notices_a_break(name: str, behind: Upstream) -> None:
    with proxy(behind, BREAKS[name]) as url:
        for run in PROGRAMS.values():
            try:
                run(Web(url))
            except Exception:  # noqa: BLE001 (a program may fail in any way)
                return
    pytest.fail("no program notices")
