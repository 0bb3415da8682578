"""The programs work against /extended, too, with all rows: what it adds breaks none of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.clients import protocols, scripts  # noqa: F401 (they fill the table)
from tests.clients.program import PROGRAMS, Got, Web


@dataclass(frozen=True)
class Extended(Web):
    """The service, with each resource under /extended, and with all rows."""

    def get(self, target: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Got:
        """Send a request."""
        base = "" if target.startswith("/extended/") else "/extended"  # links of the feed have it
        more = "&Scenarios=all" if "?" in target else ""
        return super().get(f"{base}{target}{more}", headers, method=method)

    def raw(self, request: str) -> bytes:
        """Send bytes."""
        return super().raw(request.replace(" /", " /extended/", 1))


OTHERWISE = {"reader_of_csv": "it compares the whole line of columns; tests/web/test_extended.py has those of /extended"}
"""Programs that state what is different on purpose -> what it is."""


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in OTHERWISE])
def test_a_program_works_with_all_rows(name: str, service_url: str) -> None:
    PROGRAMS[name](Extended(service_url))


def test_the_programs_see_the_rows(service_url: str) -> None:
    sets = Extended(service_url).ok("/endpoints/Worldwide?ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7").json
    assert sum(1 for each in sets if each["id"] > 10_000) > 50
