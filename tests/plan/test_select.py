"""Selection by each kind of name, and its warnings."""

from datetime import date
from typing import Any

import pytest

from perimeter365.errors import CatalogError, UnknownNameError
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.plan._select import Selection
from perimeter365.plan.profile import Profile
from tests.model.samples import catalog, endpoint_set, flow, inbound, record, site
from tests.plan.samples import profile

SETS = (
    endpoint_set(1, area="exchange", category="optimize"),
    endpoint_set(2, area="exchange", category="allow", required=False),
    endpoint_set(3, area="teams", category="default"),
    endpoint_set(1, cloud=Cloud.CHINA, area="exchange", category="allow"),
    endpoint_set(1, cloud=Cloud.GERMANY, area="common", category="allow"),
)
RETIRED = date(2020, 2, 28)


@pytest.fixture(scope="module")
def small() -> Catalog:
    return catalog(
        flow(),
        flow(id="row/1/portal", on_request="An alternative."),
        flow(id="row/1/old", retired=RETIRED),
        flow(id="row/5/sbc", retired=RETIRED),
        inbound(),
        inbound(cloud=Cloud.CHINA),
        flow(id="row/20/china", cloud=Cloud.CHINA),
        flow(id="row/23/newest", edition="newest"),
        flow(id="row/23/earlier", edition="earlier"),
        site(),
        record(),
        sets=SETS,
        row_5={"retired": RETIRED},
        row_6={"clouds": (Cloud.WORLDWIDE, Cloud.CHINA)},
        row_20={"clouds": (Cloud.CHINA,)},
    )


def selected(catalog: Catalog, wanted: Profile) -> tuple[list[str], dict[str, list[str]]]:
    """Return ids, and messages by `code id`."""
    warned: dict[str, list[str]] = {}

    def warn(code: str, about: str, message: str, _: str = "") -> None:
        warned.setdefault(f"{code} {about}", []).append(message)

    found = Selection(catalog, wanted, warn).requirements()
    return [f"{r.id}@{r.cloud}".removesuffix("@worldwide") for r in found], warned


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"service_areas": ("exchange",)}, ["ws/worldwide/1", "ws/worldwide/2"]),
        ({"service_areas": ("exchange",), "required_only": True}, ["ws/worldwide/1"]),
        ({"service_areas": ("exchange", "teams"), "categories": ("allow", "default")}, ["ws/worldwide/2", "ws/worldwide/3"]),
        ({"scenarios": ("exchange",)}, ["ws/worldwide/1", "ws/worldwide/2"]),
        ({"scenarios": ("teams",), "categories": ("optimize",)}, []),
        ({"scenarios": ("ws/worldwide/2",), "required_only": True, "categories": ("optimize",)}, ["ws/worldwide/2"]),
        ({"scenarios": ("exchange", "ws/worldwide/2")}, ["ws/worldwide/1", "ws/worldwide/2"]),
        ({"scenarios": ("pst-import",)}, ["row/1/upload"]),
        ({"scenarios": ("row/1",)}, ["row/1/upload"]),
        ({"scenarios": ("row/1/portal",)}, ["row/1/portal"]),
        ({"scenarios": ("row/1/old",)}, ["row/1/old"]),
        ({"scenarios": ("row/1", "row/1/portal", "row/1/upload")}, ["row/1/upload", "row/1/portal"]),
        ({"scenarios": ("unified-messaging-sbc",)}, ["row/5/sbc"]),
        ({"scenarios": ("dns", "teams-sites")}, ["row/16/teams", "dns/autodiscover"]),
        ({"scenarios": ("row/23",)}, ["row/23/newest", "row/23/earlier"]),
        ({"scenarios": ("row/23",), "graph_sources": "newest"}, ["row/23/newest"]),
        ({"scenarios": ("row/23/earlier",), "graph_sources": "newest"}, ["row/23/earlier"]),
        ({"scenarios": ("row/6",), "clouds": (Cloud.CHINA, Cloud.WORLDWIDE)}, ["row/6/mrs-proxy", "row/6/mrs-proxy@china"]),
        ({"scenarios": ("row/6",), "required_only": True}, ["row/6/mrs-proxy"]),
    ],
)
def test_what_is_selected(small: Catalog, changes: dict[str, Any], ids: list[str]) -> None:
    assert selected(small, profile(**changes))[0] == ids


def test_all_is_every_row_and_dns_but_no_service_area(small: Catalog) -> None:
    ids, warned = selected(small, profile("all"))
    assert ids == [
        "row/1/upload",
        "row/5/sbc",
        "row/6/mrs-proxy",
        "row/16/teams",
        "row/23/newest",
        "row/23/earlier",
        "dns/autodiscover",
    ]
    assert not any(key.startswith("not-in-cloud") for key in warned)


def test_requirements_on_request_are_reported_with_the_reason(small: Catalog) -> None:
    _, warned = selected(small, profile("row/1"))
    assert warned == {
        "left-out row/1/portal": ["An alternative; to plan it, add 'row/1/portal' to select.scenarios"],
        "left-out row/1/old": ["Microsoft ended it on 2020-02-28; to plan it, add 'row/1/old' to select.scenarios"],
    }


def test_the_text_that_is_left_out_is_reported(small: Catalog) -> None:
    _, warned = selected(small, profile("row/23", graph_sources="newest"))
    assert list(warned) == ["edition row/23/earlier"]


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({"scenarios": ("row/20",)}, "not-in-cloud row/20"),
        ({"scenarios": ("row/20/china",)}, "not-in-cloud row/20/china"),
        ({"scenarios": ("ws/china/1",)}, "not-in-cloud ws/china/1"),
        ({"service_areas": ("intune",)}, "not-in-cloud intune"),
        ({"scenarios": ("common",)}, "not-in-cloud common"),
        ({"clouds": (Cloud.GERMANY_2021,), "service_areas": ("common",)}, "closed-cloud germany-2021"),
        ({"service_areas": ()}, "nothing-selected select"),
        ({"service_areas": ("teams",), "categories": ("allow",)}, "nothing-selected select"),
    ],
)
def test_selections_without_a_result_are_reported(small: Catalog, changes: dict[str, Any], warned: str) -> None:
    assert warned in selected(small, profile(**changes))[1]


def test_one_cloud_that_has_it_is_enough(small: Catalog) -> None:
    both = (Cloud.WORLDWIDE, Cloud.CHINA)
    ids, warned = selected(small, profile("row/20", "ws/china/1", clouds=both))
    assert ids == ["ws/china/1@china", "row/20/china@china"]
    assert warned == {}


@pytest.mark.parametrize("name", ["row/6/mrs-prxoy", "ws/worldwide/99", "dns/nothing", "row/25/x"])
def test_an_id_that_does_not_exist_is_an_error(small: Catalog, name: str) -> None:
    with pytest.raises(UnknownNameError):
        selected(small, profile(name))


def test_a_cloud_without_a_list_is_an_error_not_an_empty_plan(small: Catalog) -> None:
    without = Catalog(
        sets={c: s for c, s in small.sets.items() if c is not Cloud.DOD},
        versions={c: v for c, v in small.versions.items() if c is not Cloud.DOD},
        rows=small.rows,
        dns=small.dns,
    )
    with pytest.raises(CatalogError, match="dod"):
        selected(without, profile("row/6", clouds=(Cloud.WORLDWIDE, Cloud.DOD)))


def test_a_scenario_of_one_cloud_is_selected_there_alone(small: Catalog) -> None:
    both = (Cloud.WORLDWIDE, Cloud.CHINA)
    assert selected(small, profile("china:mailbox-migration", clouds=both))[0] == ["row/6/mrs-proxy@china"]
    assert selected(small, profile("china:row/6", "worldwide:exchange", clouds=both))[0] == [
        "ws/worldwide/1", "ws/worldwide/2", "row/6/mrs-proxy@china",
    ]  # fmt: skip
    assert selected(small, profile("worldwide:row/20", clouds=both)) == (
        [],
        {
            "not-in-cloud row/20": ["the catalog has nothing for entra-connect-21vianet in worldwide"],
            "nothing-selected select": ["the service areas, categories and scenarios of [select] select nothing"],
        },
    )
    assert "not-in-cloud row/6" in selected(small, profile("dod:row/6", clouds=both))[1]
