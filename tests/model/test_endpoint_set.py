"""Endpoint sets: the web service's unit."""

from typing import Any

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import AREAS
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet
from tests.model.samples import endpoint_set, hosts


def test_a_set_is_named_by_cloud_and_number() -> None:
    made = endpoint_set(11, cloud=Cloud.GCCHIGH)
    assert made.key == "gcchigh/11"
    assert made.requirement_id == "ws/gcchigh/11"


@pytest.mark.parametrize(
    "changes",
    [
        {"area": "Skype"},
        {"category": "Optimize"},
        {"number": 0},
        {"number": True},
        {"required": 1},
        {"express_route": "no"},
        {"hosts": (), "prefixes": PrefixSet()},
        {"hosts": (HostPattern("b.example"), HostPattern("a.example"))},
        {"hosts": (HostPattern("a.example"), HostPattern("a.example"))},
    ],
    ids=str,
)
def test_a_wrong_set_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CatalogError):
        endpoint_set(**changes)


def test_hosts_or_prefixes_are_enough() -> None:
    assert not endpoint_set(hosts=()).hosts
    assert not endpoint_set(prefixes=PrefixSet()).prefixes


def test_areas_have_the_contracts_names() -> None:
    assert AREAS == ("common", "exchange", "sharepoint", "teams", "intune")


def test_what_a_set_lists_is_what_it_holds() -> None:
    made = endpoint_set(prefixes=PrefixSet.parse(["192.0.2.0/25", "192.0.2.128/25"]), hosts=hosts("a.example"))
    assert PrefixSet.parse(made.listed) == made.prefixes
