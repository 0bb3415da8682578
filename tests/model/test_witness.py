"""The witness: the newest source of each kind, operators by day, and what customers rent."""

from datetime import date

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.witness import DOWNLOADS, PUBLIC, AddressSource, AddressWitness, OperatorPrefix

LIST = "https://example.org/list"


def source(kind: str, day: int, own: str, datacenters: str = "") -> AddressSource:
    both = PrefixSet.parse(own.split()), PrefixSet.parse(datacenters.split())
    name = f"{kind}_203001{day:02}.json"
    return AddressSource(kind=kind, name=name, day=date(2030, 1, day), own=both[0], datacenters=both[1])


def operator(prefix: str, first: date, gone: date | None = None) -> OperatorPrefix:
    return OperatorPrefix(cloud=Cloud.CHINA, prefix=Prefix.parse(prefix), first=first, gone=gone, document=LIST)


WITNESS = AddressWitness(
    sources=(
        source(PUBLIC, 5, "20.0.0.0/16"),
        source("Public", 10, "21.0.0.0/24", "21.0.0.0/16 20.0.1.0/24"),
        source("China", 20, "22.0.0.0/24", "22.0.0.0/23"),
    ),
    operators=(
        operator("23.0.0.0/24", date(2030, 1, 1)),
        operator("24.0.0.0/24", date(2030, 1, 7), date(2030, 1, 9)),
    ),
)


def test_a_cloud_has_the_public_ranges_the_tags_of_its_azure_and_its_operator() -> None:
    assert WITNESS.space(Cloud.WORLDWIDE) == PrefixSet.parse(["20.0.0.0/16", "21.0.0.0/16"])
    assert WITNESS.space(Cloud.CHINA) == PrefixSet.parse(["20.0.0.0/16", "22.0.0.0/23", "23.0.0.0/24"])
    assert WITNESS.space(Cloud.named("moon")) == PrefixSet.parse(["20.0.0.0/16"])


def test_customers_rent_the_datacenters_without_the_tags_that_microsoft_365_depends_on() -> None:
    assert WITNESS.rented(Cloud.WORLDWIDE) == PrefixSet.parse(["20.0.1.0/24", "21.0.0.0/16"]) - PrefixSet.parse(
        ["21.0.0.0/24"]
    )
    assert WITNESS.rented(Cloud.CHINA) == PrefixSet.parse(["22.0.1.0/24"])
    assert WITNESS.rented(Cloud.FRANCE) == PrefixSet()
    assert all(WITNESS.rented(cloud) <= WITNESS.space(cloud) for cloud in CLOUDS)


@pytest.mark.parametrize(
    ("day", "kinds", "operated"),
    [
        (4, None, None),
        (5, [PUBLIC], ["23.0.0.0/24"]),
        (7, [PUBLIC], ["23.0.0.0/24"]),  # the list of this day brings 24.0.0.0/24 and is no witness of itself
        (8, [PUBLIC], ["23.0.0.0/24", "24.0.0.0/24"]),
        (9, [PUBLIC], ["23.0.0.0/24"]),
        (10, [PUBLIC, "Public"], ["23.0.0.0/24"]),
        (20, [PUBLIC, "Public", "China"], ["23.0.0.0/24"]),
    ],
)
def test_nothing_counts_before_the_day_of_its_document(
    day: int, kinds: list[str] | None, operated: list[str] | None
) -> None:
    then = WITNESS.on(date(2030, 1, day))
    if kinds is None or operated is None:
        assert then is None
        return
    assert then is not None
    assert [each.kind for each in then.sources] == kinds
    assert then.day == max(each.day for each in then.sources) <= date(2030, 1, day)
    space = then.space(Cloud.CHINA)
    assert [p for p in ("23.0.0.0/24", "24.0.0.0/24") if p in space] == operated


def test_tags_without_the_public_ranges_are_no_witness() -> None:
    tags = AddressWitness(sources=(source("Public", 1, "21.0.0.0/24"),))
    assert tags.on(date(2030, 1, 31)) is None


def test_another_source_replaces_that_of_its_kind() -> None:
    newer = WITNESS.with_source(source(PUBLIC, 30, "25.0.0.0/24"))
    assert newer.day == date(2030, 1, 30)
    assert "20.0.2.0/24" not in newer.space(Cloud.WORLDWIDE)  # Microsoft gave it away
    assert [each.kind for each in newer.sources] == [PUBLIC, "Public", "China"]


def test_a_witness_that_cannot_be_used_is_not_made() -> None:
    with pytest.raises(CatalogError, match="at least one source"):
        AddressWitness(sources=())
    with pytest.raises(CatalogError, match="in order: Public, Public"):
        AddressWitness(sources=(source("Public", 1, "20.0.0.0/16"), source("Public", 2, "20.0.0.0/16")))
    with pytest.raises(CatalogError, match="'Moon' is not one of PublicIPs"):
        source("Moon", 1, "20.0.0.0/16")
    with pytest.raises(CatalogError, match="no address"):
        source(PUBLIC, 1, "")


def test_each_source_has_its_document() -> None:
    for kind, page in DOWNLOADS.items():
        evidence = source(kind, 3, "20.0.0.0/16").evidence
        assert (evidence.document, evidence.date, evidence.confidence) == (page, "2030-01-03", "high")
    assert operator("23.0.0.0/24", date(2030, 1, 1)).evidence.confidence == "medium"
