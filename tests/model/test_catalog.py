"""The catalog: its checks and queries."""

from dataclasses import replace
from typing import Any

import pytest

from perimeter365.errors import CatalogError, UnknownNameError
from perimeter365.model.catalog import Catalog, CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.requirement import Requirement
from perimeter365.model.version import Version
from tests.model.samples import catalog, endpoint_set, flow, inbound, record, site

SETS = (
    endpoint_set(1),
    endpoint_set(2, area="teams", category="allow", required=False),
    endpoint_set(3, area="common", category="default"),
    endpoint_set(1, cloud=Cloud.GERMANY_2021),
)


@pytest.fixture(scope="module")
def small() -> Catalog:
    return catalog(flow(), inbound(), inbound(id="row/6/mrs-proxy-v2"), site(), record(), sets=SETS)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("row/1", ["row/1/upload"]),
        ("row/6", ["row/6/mrs-proxy", "row/6/mrs-proxy-v2"]),
        ("row/6/mrs-proxy", ["row/6/mrs-proxy"]),
        ("mailbox-migration", ["row/6/mrs-proxy", "row/6/mrs-proxy-v2"]),
        ("teams-sites", ["row/16/teams"]),
        ("dns", ["dns/autodiscover"]),
        ("dns/autodiscover", ["dns/autodiscover"]),
        ("ws/worldwide/2", ["ws/worldwide/2"]),
        ("exchange", ["ws/worldwide/1", "ws/germany-2021/1"]),
        ("common", ["ws/worldwide/3"]),
    ],
)
def test_a_name_finds_its_requirements(small: Catalog, name: str, found: list[str]) -> None:
    assert [r.id for r in small.find(name)] == found


@pytest.mark.parametrize(
    "name",
    ["", "row", "row/", "row/2", "row/6/mrs", "row/6/mrs-proxy/", "ws", "ws/", "ws/worldwide", "ws/worldwide/9", "all"],
)
def test_an_unknown_name_is_an_error(small: Catalog, name: str) -> None:
    with pytest.raises(UnknownNameError):
        small.find(name)


def test_the_nearest_name_is_offered(small: Catalog) -> None:
    with pytest.raises(UnknownNameError) as caught:
        small.find("row/6/mrs-prxoy")
    assert caught.value.help == "did you mean 'row/6/mrs-proxy'?"


def test_the_article_of_a_missing_name_fits_its_kind(small: Catalog) -> None:
    with pytest.raises(UnknownNameError, match=r"^'worldwide/9999' is not an endpoint set$"):
        small.endpoint_set("worldwide/9999")
    with pytest.raises(UnknownNameError, match=r"^'nowhere' is not a row, "):
        small.find("nowhere")


def test_a_set_is_found_by_its_key(small: Catalog) -> None:
    assert small.endpoint_set("worldwide/2").area == "teams"
    assert [s.id for s in small.endpoint_sets("Worldwide")] == [1, 2, 3]
    assert small.endpoint_sets(Cloud.CHINA) == ()
    with pytest.raises(UnknownNameError):
        small.endpoint_set("worldwide/99")
    with pytest.raises(UnknownNameError):
        small.endpoint_sets("mars")


@pytest.mark.parametrize(
    ("key", "role", "category", "tls", "retired"),
    [
        ("worldwide/1", "exchange-online", "optimize", "off", None),
        ("worldwide/2", "teams", "allow", "off", None),
        # https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-network-connectivity-principles: Optimize and
        # Allow bypass inspection, Default may pass it
        ("worldwide/3", "microsoft-365", "default", "unset", None),
        ("germany-2021/1", "exchange-online", "optimize", "off", "2021-10-29"),
    ],
)
def test_an_endpoint_set_is_a_flow(
    small: Catalog, key: str, role: str, category: str, tls: str, retired: str | None
) -> None:
    endpoint_set = small.endpoint_set(key)
    made = small.flow(endpoint_set)
    assert made.id == f"ws/{key}"
    assert (made.direction, made.source.role, made.destination.role) == ("outbound", "client", role)
    assert made.destination.sets == (endpoint_set.id,)
    assert (made.category, made.tls_inspection, made.required) == (category, tls, endpoint_set.required)
    assert (made.tcp, made.udp) == (endpoint_set.tcp, endpoint_set.udp)
    assert (str(made.retired) if made.retired else None) == retired
    assert [e.date for e in made.evidence] == ["2026-08-02"]


def test_each_requirement_is_listed_once(small: Catalog) -> None:
    keys = [(r.id, r.cloud) for r in small.requirements()]
    assert len(set(keys)) == len(keys) == len(SETS) + 5


def test_scenarios_are_rows_areas_and_dns(small: Catalog) -> None:
    assert small.scenarios["mailbox-migration"] is small.rows[6]
    assert small.scenarios["dns"] is small.dns
    assert small.scenarios["teams"] is None


def test_a_version_has_an_origin() -> None:
    wrong: Any = "guess"
    with pytest.raises(CatalogError, match=r"'guess' is not an origin \(live, recorded\)"):
        CatalogVersion(version=Version("2026080200"), origin=wrong)


def test_an_id_is_unique_in_a_cloud() -> None:
    with pytest.raises(CatalogError, match="row/1/upload is listed twice for worldwide"):
        catalog(flow(), flow())
    assert len(list(catalog(flow(), flow(cloud=Cloud.DOD)).row_requirements())) == 2


def test_sets_are_in_their_own_cloud_and_ascend(small: Catalog) -> None:
    for wrong in ((SETS[1], SETS[0]), (SETS[0], SETS[0]), (SETS[3],)):
        with pytest.raises(CatalogError, match="ascend"):
            replace(small, sets={**small.sets, Cloud.WORLDWIDE: wrong})


def test_every_cloud_with_sets_has_a_version(small: Catalog) -> None:
    with pytest.raises(CatalogError, match="version"):
        replace(small, versions={Cloud.WORLDWIDE: small.versions[Cloud.WORLDWIDE]})


def test_a_catalog_cannot_be_changed(small: Catalog) -> None:
    for mapping in (small.sets, small.versions, small.rows, small.scenarios):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]


def test_requirements_are_in_the_order_of_the_rows(small: Catalog) -> None:
    def row(req: Requirement) -> int:
        return req.row or 99

    rows = [row(r) for r in small.row_requirements()]
    assert rows == sorted(rows)


def test_the_sets_with_a_host_are_those_with_a_pattern_that_covers_it() -> None:
    patterns = (
        "*.a.example",
        "a.example",
        "b.a.example",
        "*cdn.a.example",
        "x.*.a.example",
        "<tenant>.a.example",
        "*.b.example",
    )
    hosts = sorted(map(HostPattern, patterns))
    listed = catalog(sets=tuple(endpoint_set(n, hosts=each) for n, each in enumerate([hosts, *([h] for h in hosts)], 1)))
    asked = [*hosts, *map(HostPattern, ["c.a.example", "xcdn.a.example", "x.y.a.example", "*.c.a.example", "x.z.example"])]
    for host in asked:
        wanted = [s.id for s in listed.endpoint_sets(Cloud.WORLDWIDE) if any(named.covers(host) for named in s.hosts)]
        assert [s.id for s in listed.sets_with(Cloud.WORLDWIDE, host)] == wanted
