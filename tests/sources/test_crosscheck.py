"""Prefixes compared with service tags and public address space."""

from datetime import date

from perimeter365.model.cloud import Cloud
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.witness import AddressSource, AddressWitness
from perimeter365.sources.crosscheck import NOWHERE, check_prefixes, check_with_witness
from perimeter365.sources.embedded import embedded
from perimeter365.sources.service_tags import ServiceTags

TAGS = ServiceTags(cloud="Public", change=1, tags={"AzureActiveDirectory": PrefixSet.parse(["20.190.128.0/18"])})


def test_each_prefix_of_sets_and_rows_is_held_against_tags_and_space() -> None:
    catalog = embedded()
    found = check_prefixes(catalog, tags=[TAGS], public=PrefixSet.parse(["20.190.0.0/16"]))
    sets = sum(len(s.listed) for each in catalog.sets.values() for s in each)
    assert sum(f.id.startswith("ws/") for f in found) == sets
    held = [f for f in found if f.prefix == "20.190.128.0/18" and f.cloud is Cloud.WORLDWIDE]
    assert {f.id for f in held} >= {"ws/worldwide/56", "row/23/graph-to-receiver"}
    assert all(f.tags == ("AzureActiveDirectory",) and f.public and not f.code for f in held)
    apple = [f for f in found if f.prefix == "17.0.0.0/8"]
    assert apple
    assert all(f.code == NOWHERE for f in apple)


def test_a_cloud_is_tagged_in_its_own_azure_and_one_cloud_can_be_asked_for() -> None:
    found = check_prefixes(embedded(), tags=[TAGS], cloud=Cloud.CHINA)
    assert found
    assert {f.cloud for f in found} == {Cloud.CHINA}
    assert all(f.tags == () and f.public is None for f in found)


def test_a_source_of_another_azure_is_no_witness() -> None:
    tags = AddressSource(kind="China", name="tags", day=date(2030, 1, 1), own=PrefixSet.parse(["0.0.0.0/0", "::/0"]))
    found = check_with_witness(embedded(), AddressWitness(sources=(tags,)))
    assert {f.cloud for f in found if f.sources} == {Cloud.CHINA}
    assert all(bool(f.code) is not bool(f.sources) for f in found)
    assert check_with_witness(embedded(), AddressWitness(sources=(tags,)), cloud=Cloud.CHINA) == tuple(
        f for f in found if f.cloud is Cloud.CHINA
    )
