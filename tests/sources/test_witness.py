"""The embedded witness, and the newest source of package and store."""

from datetime import date
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.never import space_problem, width_problem
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.witness import PUBLIC, AddressSource
from perimeter365.sources.embedded import embedded
from perimeter365.sources.witness import (
    NOTE,
    embedded_witness,
    file_day,
    parse_source,
    read_witness,
    to_json,
    to_text,
    witness_of,
)
from perimeter365.store.store import Store


def public(day: date, *prefixes: str) -> AddressSource:
    return AddressSource(kind=PUBLIC, name="MSFT_PublicIPs.csv", day=day, own=PrefixSet.parse(prefixes))


def test_the_witness_has_each_prefix_of_the_embedded_lists() -> None:
    """A prefix that is not in it is an error of the list, or `tasks/witness.py` was not run after the list changed."""
    for cloud, sets in embedded().sets.items():
        space = embedded_witness().space(cloud)
        missing = [p for each in sets for p in each.listed if p not in space]
        assert not missing, (cloud, missing)


def test_the_witness_has_nothing_that_no_artifact_may_open() -> None:
    """The bound of IPv6 is checked in the sets of the lists: Microsoft has wider allocations."""
    for cloud in CLOUDS:
        space = embedded_witness().space(cloud)
        assert not space_problem(space)
        assert not width_problem(space, {4: 8})


def test_operators_are_those_of_clouds_that_microsoft_does_not_run() -> None:
    found = embedded_witness().operators
    assert {each.cloud for each in found} == {Cloud.CHINA, Cloud.FRANCE, Cloud.GERMANY}
    assert {each.confidence for each in found} == {"medium"}
    base = embedded_witness().space(Cloud.WORLDWIDE)
    assert not [each for each in found if each.prefix in base]
    assert all(each.gone is None or each.first < each.gone for each in found)


def test_the_file_is_what_the_values_say() -> None:
    assert read_witness(to_json(embedded_witness())) == embedded_witness()


def test_the_newest_source_of_a_kind_counts_alone(tmp_path: Path) -> None:
    known = embedded_witness().source(PUBLIC)
    assert known
    newer = public(date(2030, 1, 1), "20.0.0.0/11")
    assert witness_of(None) == embedded_witness()
    with Store(str(tmp_path / "store.sqlite")) as store:
        assert witness_of(store) == embedded_witness()
        store.set_note(NOTE, to_text([newer]))
        found = witness_of(store)
        assert (found.source(PUBLIC), found.day) == (newer, date(2030, 1, 1))
        assert Prefix.parse("52.96.0.0/14") not in found.space(Cloud.GERMANY)
        store.set_note(NOTE, to_text([public(known.day, "20.0.0.0/11")]))
        assert witness_of(store) == embedded_witness()  # not newer than the package
        store.set_note(NOTE, '[{"kind": "PublicIPs"}]')
        with pytest.raises(StoreError, match="'witness'"):
            witness_of(store)


TAGS = b"""{"changeNumber": 7, "cloud": "Public", "values": [
 {"name": "AzureCloud", "properties": {"region": "", "addressPrefixes": ["20.0.0.0/16", "21.0.0.0/16"]}},
 {"name": "AzureCloud.moon", "properties": {"region": "moon", "addressPrefixes": ["30.0.0.0/16"]}},
 {"name": "Storage", "properties": {"region": "", "addressPrefixes": ["20.0.0.0/24"]}},
 {"name": "Other", "properties": {"region": "", "addressPrefixes": ["20.0.1.0/24", "22.0.0.0/16"]}}
]}"""


def test_customers_rent_azure_cloud_without_the_tags_that_rows_depend_on() -> None:
    found = parse_source(TAGS, "ServiceTags_Public_20300101.json", date(2030, 1, 1))
    assert (found.kind, found.change) == ("Public", 7)
    assert found.space == PrefixSet.parse(["20.0.0.0/16", "21.0.0.0/16", "22.0.0.0/16"])
    assert found.datacenters - found.own == PrefixSet.parse(["20.0.0.0/16", "21.0.0.0/16"]) - PrefixSet.parse(
        ["20.0.0.0/24"]
    )


def test_the_public_ranges_have_no_change_number() -> None:
    found = parse_source(b"\xef\xbb\xbfPrefix,Type\n20.0.0.0/11, Block\n", "x_20300101.csv", date(2030, 1, 1))
    assert (found.kind, found.change, found.space) == (PUBLIC, 0, PrefixSet.parse(["20.0.0.0/11"]))


@pytest.mark.parametrize("name", ["ServiceTags_Public.json", "MSFT_PublicIPs_20261301.csv", "x_2026080600.csv", "20260806"])
def test_a_name_without_a_day_has_none(name: str) -> None:
    assert file_day(name) is None
