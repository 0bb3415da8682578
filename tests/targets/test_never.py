"""The never-list (RELIABILITY P5): what no plan may open."""

from dataclasses import replace
from typing import Any

import pytest

from perimeter365.errors import NeverListError
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.constraints import DEFAULTS
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.sources.embedded import embedded
from perimeter365.targets import render, targets
from perimeter365.targets._never import check_never
from tests.model.samples import catalog, flow, inbound, site
from tests.plan.samples import full_profile, planned, role

ROLES = {"client": role("10.0.0.0/8", "fd00::/8"), "mrs-proxy": role("203.0.113.10", "mrs.contoso.com")}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(catalog(flow(), inbound(), site()), "row/1", "row/6", "row/16", roles=ROLES)


def space(*texts: str) -> PrefixSet:
    """Addresses, also those that no parser accepts."""
    mapped = [Prefix(6, 0xFFFF << 32, 96)] if "mapped" in texts else []
    return PrefixSet.of([*PrefixSet.parse(t for t in texts if t != "mapped"), *mapped])


def with_end(plan: Plan, direction: str, side: str, **changes: Any) -> Plan:
    """The plan with one end of the flow of this direction changed."""

    def changed(found: PlanFlow) -> PlanFlow:
        if found.direction != direction:
            return found
        name = (
            ("destination" if direction == "outbound" else "source")
            if side == "theirs"
            else ("source" if direction == "outbound" else "destination")
        )
        return replace(found, **{name: replace(getattr(found, name), **changes)})

    return replace(plan, flows=tuple(changed(f) for f in plan.flows))


def test_an_honest_plan_passes(plan: Plan) -> None:
    check_never(plan, DEFAULTS)


@pytest.mark.parametrize("cloud", sorted(embedded().versions), ids=str)
def test_every_embedded_catalog_passes(cloud: Any) -> None:
    from perimeter365.plan.make import make_plan

    check_never(make_plan(embedded(), full_profile(cloud)), DEFAULTS)


both_directions = pytest.mark.parametrize("direction", ["outbound", "inbound"])

EVERYTHING = [
    ["0.0.0.0/0"],
    ["::/0"],
    ["0.0.0.0/1", "128.0.0.0/1"],
    ["::/1", "8000::/1"],
    ["0.0.0.0/1"],
    ["8000::/1"],
    ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"],
    ["::/2", "4000::/2"],
]
NOBODYS = [
    ["127.0.0.1"],
    ["127.0.0.0/8"],
    ["::1"],
    ["169.254.169.254"],
    ["fe80::/10"],
    ["224.0.0.1"],
    ["239.255.255.250"],
    ["ff02::1"],
    ["0.0.0.0"],
    ["::"],
    ["255.255.255.255"],
    ["240.0.0.0/4"],
    ["mapped"],
    ["64:ff9b::/96"],
    ["131.107.2.0/24", "127.0.0.1"],
]


@both_directions
@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("texts", [*EVERYTHING, *NOBODYS], ids=str)
def test_all_addresses_and_unroutable_ones_are_rejected_on_either_side(
    plan: Plan, direction: str, side: str, texts: list[str]
) -> None:
    with pytest.raises(NeverListError) as caught:
        check_never(with_end(plan, direction, side, prefixes=space(*texts)), DEFAULTS)
    assert "row/1/upload" in str(caught.value) or "row/6/mrs-proxy" in str(caught.value)


TOO_WIDE = [["16.0.0.0/7"], ["16.0.0.0/8", "17.0.0.0/8"], ["16.0.0.0/5"], ["2600::/19"], ["2600::/20", "2600:1000::/20"]]
PRIVATE = [
    ["10.0.0.0/8"],
    ["10.1.2.3"],
    ["172.16.0.0/16"],
    ["192.168.1.0/24"],
    ["100.64.0.1"],
    ["fc00::/7"],
    ["fd12:3456::/32"],
    ["131.107.2.0/24", "10.0.0.1"],
]


@both_directions
@pytest.mark.parametrize("texts", [*TOO_WIDE, *PRIVATE], ids=str)
def test_too_wide_and_private_space_is_rejected_only_as_microsofts(plan: Plan, direction: str, texts: list[str]) -> None:
    with pytest.raises(NeverListError):
        check_never(with_end(plan, direction, "theirs", prefixes=space(*texts)), DEFAULTS)
    check_never(with_end(plan, direction, "ours", prefixes=space(*texts)), DEFAULTS)


@both_directions
@pytest.mark.parametrize(
    "texts", [["17.0.0.0/8"], ["40.96.0.0/13", "2603:1006::/40"], ["2600::/20"], ["131.107.2.1"]], ids=str
)
def test_a_prefix_at_the_bound_is_accepted(plan: Plan, direction: str, texts: list[str]) -> None:
    check_never(with_end(plan, direction, "theirs", prefixes=space(*texts)), DEFAULTS)


def test_parts_in_different_requirements_count_together(plan: Plan) -> None:
    halves = with_end(
        with_end(plan, "outbound", "theirs", prefixes=space("16.0.0.0/8")), "inbound", "theirs", prefixes=space("17.0.0.0/8")
    )
    with pytest.raises(NeverListError, match="the plan as a whole: 16"):
        check_never(halves, DEFAULTS)


def pattern(text: str) -> HostPattern:
    """A pattern that the constructor rejects."""
    made = object.__new__(HostPattern)
    object.__setattr__(made, "text", text)
    object.__setattr__(made, "kind", "suffix" if text.startswith("*.") else "inner" if ".*." in text else "glued")
    return made


@pytest.mark.parametrize(
    "text",
    ["*.com", "*.co.uk", "*.com.cn", "*.edu.au", "*.asso.fr", "*x.com", "*x.co.uk", "a.*.com", "a.*.co.uk", "a*.gouv.fr"],
)
def test_a_wildcard_over_a_public_suffix_is_rejected_everywhere(plan: Plan, text: str) -> None:
    wide = (pattern(text),)
    for direction in ("outbound", "inbound"):
        for side in ("ours", "theirs"):
            with pytest.raises(NeverListError, match="public suffix"):
                check_never(with_end(plan, direction, side, hosts=wide), DEFAULTS)
    with pytest.raises(NeverListError, match=r"row/16/teams.*public suffix"):
        check_never(replace(plan, sites=(replace(plan.sites[0], host=wide[0]),)), DEFAULTS)


@pytest.mark.parametrize(
    "text",
    [
        "*.sharepoint.com",
        "*.blob.core.windows.net",
        "*cdn.onenote.net",
        "autodiscover.*.onmicrosoft.com",
        "*.microsoft",
        "aka.ms",
    ],
)
def test_other_wildcards_pass(plan: Plan, text: str) -> None:
    if text == "*.microsoft":  # a top-level domain that Microsoft owns, but a public suffix in the list
        with pytest.raises(NeverListError):
            check_never(with_end(plan, "outbound", "theirs", hosts=(pattern(text),)), DEFAULTS)
        return
    check_never(with_end(plan, "outbound", "theirs", hosts=(HostPattern(text),)), DEFAULTS)


def test_a_flow_from_anyone_to_anyone_is_rejected(plan: Plan) -> None:
    anyone = PlanParty(role="internet")
    with pytest.raises(NeverListError, match="from anyone to anyone"):
        check_never(replace(plan, flows=(replace(plan.flows[0], source=anyone, destination=anyone),)), DEFAULTS)
    check_never(replace(plan, flows=(replace(plan.flows[0], destination=anyone),)), DEFAULTS)


@pytest.mark.parametrize("name", targets)
def test_no_target_renders_such_a_plan(plan: Plan, name: str) -> None:
    with pytest.raises(NeverListError):
        render(with_end(plan, "outbound", "theirs", prefixes=space("0.0.0.0/0")), name)
