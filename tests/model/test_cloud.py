"""Clouds and the names of the web service's instances."""

from datetime import date

import pytest

from perimeter365.errors import UnknownNameError
from perimeter365.model.cloud import CLOUDS, Cloud

# https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-ip-web-service: "instance" of the API, and Germany
# as in earlier versions of the service.
INSTANCES = {
    "worldwide": "Worldwide",
    "gcchigh": "USGovGCCHigh",
    "dod": "USGovDoD",
    "china": "China",
    "germany": "Germany",
}


@pytest.mark.parametrize(("name", "instance"), INSTANCES.items())
def test_a_cloud_has_a_name_and_an_instance(name: str, instance: str) -> None:
    cloud = Cloud(name)
    assert str(cloud) == name
    assert cloud.instance == instance
    assert cloud.title
    for text in (name, instance, name.upper(), instance.upper()):
        assert Cloud.parse(text) is cloud


def test_there_is_no_other_cloud() -> None:
    assert {c.value for c in CLOUDS} == set(INSTANCES)
    with pytest.raises(UnknownNameError) as caught:
        Cloud.parse("gcc-high")
    assert caught.value.help == "did you mean 'gcchigh'?"


def test_only_germany_is_closed() -> None:
    assert {c: c.closed for c in CLOUDS if c.closed} == {Cloud.GERMANY: date(2021, 10, 29)}


def test_clouds_sort_in_a_fixed_order() -> None:
    assert [c.value for c in sorted(CLOUDS, reverse=True)] == list(INSTANCES)[::-1]
