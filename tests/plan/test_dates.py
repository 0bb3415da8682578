"""Dated entries of a plan."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, KEPT, WAITING, EntryDate, EntryState, SetDates
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ports import PortSet
from perimeter365.model.requirement import Party, Requirement
from perimeter365.plan.choices import Exclusion
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from tests.model.samples import catalog, endpoint_set, flow, hosts, inbound, prefixes, site
from tests.plan.samples import profile, role

JUNE, JULY, AUGUST = date(2030, 6, 1), date(2030, 7, 1), date(2030, 8, 1)
SET_1 = endpoint_set(
    1,
    hosts=hosts("outlook.example.com", "old.example.com"),
    prefixes=prefixes("203.0.113.0/25", "198.51.100.0/24", "2001:db8:9::/48"),
)
WE = {"client": role("10.0.0.0/8", "2001:db8:c::/48"), "mrs-proxy": role("192.0.2.7")}


def dated(value: str, state: EntryState = KEPT, day: date = JULY, number: int = 1) -> EntryDate:
    return EntryDate(day=day, cloud=Cloud.WORLDWIDE, id=f"ws/worldwide/{number}", value=value, state=state)


def with_dates(base: Catalog, **dates: SetDates) -> Catalog:
    """Return a catalog with dates; `set_1=…` are those of worldwide/1."""
    made: Mapping[str, SetDates] = {name.replace("set_", "worldwide/"): found for name, found in dates.items()}
    return replace(base, dates=made)


def entries(*found: EntryDate) -> SetDates:
    return SetDates(entries=found)


def plan_of(base: Catalog, *scenarios: str, **changes: Any) -> Plan:
    return make_plan(base, profile(*scenarios, **({"roles": WE, "service_areas": ("exchange",)} | changes)))


def dates_in(plan: Plan) -> list[tuple[str, str, str, date]]:
    return [(d.id, d.value, d.state, d.day) for d in plan.dates]


def made(*requirements: Requirement, sets: tuple[EndpointSet, ...] = (SET_1,)) -> Catalog:
    return catalog(*requirements, sets=sets)


def test_a_catalog_without_dates_makes_a_plan_without_dates() -> None:
    assert plan_of(made()).dates == ()


def test_each_requirement_of_a_set_has_the_dates_under_its_own_id() -> None:
    row = inbound(source=Party(role="exchange-online", sets=(1,)))
    plan = plan_of(with_dates(made(row), set_1=entries(dated("198.51.100.0/24"), dated("old.example.com"))), "row/6")
    assert dates_in(plan) == [
        ("row/6/mrs-proxy", "198.51.100.0/24", KEPT, JULY),  # its names are no sources, so they are not in the plan
        ("ws/worldwide/1", "198.51.100.0/24", KEPT, JULY),
        ("ws/worldwide/1", "old.example.com", KEPT, JULY),
    ]
    by_id = {f.id: plan.dates_of(f) for f in plan.flows}
    assert {key: len(found) for key, found in by_id.items()} == {"row/6/mrs-proxy": 1, "ws/worldwide/1": 2}


def test_without_ipv6_there_are_no_dates_of_ipv6() -> None:
    base = with_dates(made(), set_1=entries(dated("2001:db8:9::/48"), dated("198.51.100.0/24")))
    assert [d.value for d in plan_of(base).dates] == ["198.51.100.0/24", "2001:db8:9::/48"]
    assert [d.value for d in plan_of(base, ipv6=False).dates] == ["198.51.100.0/24"]


def test_entries_from_another_source_have_no_date() -> None:
    half = replace(SET_1, prefixes=prefixes("203.0.113.0/25"), listed=("203.0.113.0/25", "203.0.113.0/26"))
    base = with_dates(made(sets=(half,)), set_1=entries(dated("203.0.113.0/26")))
    assert plan_of(base).dates == (), "the address stays when its entry goes"
    second = endpoint_set(2, hosts=hosts("old.example.com"), prefixes=prefixes("198.51.100.0/23"))
    row = flow(destination=Party(role="exchange-online", sets=(1, 2)))
    base = with_dates(made(row, sets=(SET_1, second)), set_1=entries(dated("198.51.100.0/24"), dated("old.example.com")))
    plan = plan_of(base, "row/1")
    assert {d.id for d in plan.dates} == {"ws/worldwide/1"}, "the row has both from set 2 as well"


def test_an_addition_replaces_the_kept_entries_that_it_contains() -> None:
    wider = replace(SET_1, prefixes=prefixes("198.51.100.0/23"), listed=("198.51.100.0/23", "198.51.100.0/24"))
    base = with_dates(made(sets=(wider,)), set_1=entries(dated("198.51.100.0/24"), dated("198.51.100.0/23", AHEAD, AUGUST)))
    assert dates_in(plan_of(base)) == [("ws/worldwide/1", "198.51.100.0/23", AHEAD, AUGUST)]


def test_for_two_sets_the_later_end_and_the_earlier_beginning_apply() -> None:
    second = replace(SET_1, id=2)
    row = flow(destination=Party(role="exchange-online", sets=(1, 2)))
    base = with_dates(
        made(row, sets=(SET_1, second)),
        set_1=entries(dated("198.51.100.0/24"), dated("old.example.com", AHEAD)),
        set_2=entries(dated("198.51.100.0/24", day=AUGUST, number=2), dated("old.example.com", AHEAD, JUNE, 2)),
    )
    plan = plan_of(base, "row/1", service_areas=())
    assert dates_in(plan) == [
        ("row/1/upload", "old.example.com", AHEAD, JUNE),
        ("row/1/upload", "198.51.100.0/24", KEPT, AUGUST),
    ]


def test_a_site_has_the_dates_of_its_host() -> None:
    base = with_dates(made(site(sets=(1,))), set_1=entries(dated("old.example.com"), dated("198.51.100.0/24")))
    plan = plan_of(base, "row/16", service_areas=())
    assert [d.value for d in plan.dates] == ["old.example.com"]
    marked = {s.host.text: len(plan.dates_of(s)) for s in plan.sites}
    assert marked["old.example.com"] == 1
    assert marked["outlook.example.com"] == 0


# -- sets that leave a selection, or are announced ---------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "select"),
    [
        ({"required": False}, {"required_only": True}),
        ({"category": "default"}, {"categories": ("optimize",)}),
        ({"area": "common"}, {"service_areas": ("exchange",)}),
    ],
)
def test_a_set_that_leaves_the_selection_is_kept_as_it_was(now: dict[str, Any], select: dict[str, Any]) -> None:
    base = made(sets=(replace(SET_1, **now),))
    left = with_dates(base, set_1=SetDates(entries=(dated("old.example.com", day=JUNE),), former=((SET_1, JULY),)))
    assert plan_of(base, **select).flows == ()
    plan = plan_of(left, **select)
    assert plan.flows == plan_of(made(), **select).flows, "the plan does not change until that day"
    assert {(d.value, d.day) for d in plan.dates} == {
        ("outlook.example.com", JULY),
        ("old.example.com", JUNE),  # removed before that
        ("203.0.113.0/25", JULY),
        ("198.51.100.0/24", JULY),
        ("2001:db8:9::/48", JULY),
    }


def test_a_set_that_stays_selected_has_no_date() -> None:
    now = replace(SET_1, required=False)
    plan = plan_of(with_dates(made(sets=(now,)), set_1=SetDates(former=((SET_1, JULY),))))
    assert plan == plan_of(made(sets=(now,)))
    assert [f.required for f in plan.flows] == [False]


def test_a_former_category_and_area_that_the_profile_selects_have_a_day() -> None:
    now = replace(SET_1, category="default", area="common")
    left = with_dates(made(sets=(now,)), set_1=SetDates(former=((SET_1, JULY),)))
    (flow_,) = plan_of(left, service_areas=("common", "exchange")).flows
    assert flow_.classifications == (("common", "default"), ("exchange", SET_1.category))
    assert dates_in(plan_of(left, service_areas=("common", "exchange"))) == [
        ("ws/worldwide/1", "area exchange", KEPT, JULY),
        ("ws/worldwide/1", f"category {SET_1.category}", KEPT, JULY),
    ]
    alone = plan_of(left, service_areas=("common",))
    assert (alone.dates, [f.former for f in alone.flows]) == ((), [()]), "the profile never had it as exchange"
    by_id = plan_of(left, "ws/worldwide/1", service_areas=())
    assert [f.former for f in by_id.flows] == [(("exchange", SET_1.category),)]


def test_ports_have_a_day_in_the_flow_of_the_set_only() -> None:
    row = flow(destination=Party(role="exchange-online", sets=(1,)))
    base = with_dates(made(row), set_1=entries(dated("tcp 443")))
    assert dates_in(plan_of(base, "row/1")) == [("ws/worldwide/1", "tcp 443", KEPT, JULY)]


@pytest.mark.parametrize(("value", "shown"), [("tcp 443", 0), ("tcp 443-444", 1), ("udp 443", 1)])
def test_excluded_ports_have_no_day(value: str, shown: int) -> None:
    less = (Exclusion(id="ws/worldwide/1", tcp=PortSet.parse("443"), reason="closed here"),)
    base = with_dates(made(sets=(replace(SET_1, udp=PortSet.parse("443")),)), set_1=entries(dated(value)))
    assert len(plan_of(base, exclude=less).dates) == shown


def test_an_announced_set_is_reported_and_not_missing() -> None:
    coming = SetDates(
        entries=(dated("new.example.com", WAITING, number=9),), announced_set=endpoint_set(9, hosts=hosts("new.example.com"))
    )
    row = flow(destination=Party(role="exchange-online", sets=(1, 9)))
    base = with_dates(made(row), set_9=replace(coming, announced_set=replace(coming.announced_set, prefixes=prefixes())))  # type: ignore[type-var]
    plan = plan_of(base, "row/1")
    assert dates_in(plan) == [
        ("row/1/upload", "new.example.com", WAITING, JULY),
        ("ws/worldwide/9", "new.example.com", WAITING, JULY),
    ]
    assert "unresolved-reference" not in {w.code for w in plan.warnings}
    assert "new.example.com" not in plan.to_json().partition('"dates"')[0]
    assert dates_in(plan_of(base, "ws/worldwide/9", service_areas=())) == [
        ("ws/worldwide/9", "new.example.com", WAITING, JULY)
    ]
    assert plan_of(base, service_areas=("teams",)).dates == ()
    assert plan_of(base, clouds=(Cloud.CHINA,)).dates == ()
