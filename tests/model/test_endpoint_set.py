"""Endpoint sets: checks and keys."""

from typing import Any

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.area import AREAS
from perimeter365.model.cloud import Cloud
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
def test_an_invalid_set_is_rejected(changes: dict[str, Any]) -> None:
    with pytest.raises(CatalogError):
        endpoint_set(**changes)


def test_hosts_or_prefixes_are_enough() -> None:
    assert not endpoint_set(hosts=()).hosts
    assert not endpoint_set(prefixes=PrefixSet()).prefixes


def test_areas_have_fixed_names() -> None:
    assert AREAS == ("common", "exchange", "sharepoint", "teams", "intune")


def test_the_listed_prefixes_are_those_of_the_set() -> None:
    made = endpoint_set(prefixes=PrefixSet.parse(["192.0.2.0/25", "192.0.2.128/25"]), hosts=hosts("a.example"))
    assert PrefixSet.parse(made.listed) == made.prefixes
