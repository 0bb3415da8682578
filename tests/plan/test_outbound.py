"""Outbound flows that were planned before, and are gone."""

from dataclasses import replace
from typing import Any

import pytest

from perimeter365.errors import EmptyPlanError
from perimeter365.model.cloud import Cloud
from perimeter365.model.requirement import Party
from perimeter365.plan.make import make_plan
from perimeter365.plan.outbound import OutboundFlows, changed_sets, check_emptied, emptied_by, outbound_flows
from tests.model.samples import catalog, endpoint_set, flow, inbound
from tests.plan.samples import profile, role

SETS = tuple(endpoint_set(number) for number in (1, 2, 3, 4))
ROWS = (flow(destination=Party(role="exchange-online", sets=(1,))), inbound())
WE = profile("row/1", "row/6", service_areas=("exchange",), roles={"client": role("10.0.0.0/8")})


def emptied(*scenarios: str, **changes: Any) -> tuple[str, ...]:
    """Return what is said if all sets are changed, with the rows that the profile selects."""
    ours = replace(WE, scenarios=scenarios)
    before, after = (catalog(*ROWS, sets=tuple(replace(s, **each) for s in SETS)) for each in ({}, changes))
    return emptied_by(make_plan(before, ours), make_plan(after, ours), before, after)


def test_a_plan_whose_sets_are_all_elsewhere_says_what_it_had_and_why_nothing_is_left() -> None:
    (text,) = emptied(area="intune")
    assert text == (
        "Contoso: the plan has no outbound flow in worldwide any more; it had 4: ws/worldwide/1, ws/worldwide/2, "
        "ws/worldwide/3, …: worldwide/1, worldwide/2, worldwide/3 and 1 more moved from exchange to intune; the list has 4 "
        "endpoint sets (service areas intune 4; categories optimize 4), [select] has service_areas exchange, categories "
        "optimize, allow, default"
    )


def test_rows_do_not_replace_the_endpoint_sets() -> None:
    assert emptied("row/1", area="intune")[0].startswith(
        "Contoso: the plan has no outbound flow of endpoint sets in worldwide any more; it had 4: ws/worldwide/1"
    )
    assert emptied("row/6", area="intune")[0].startswith("Contoso: the plan has no outbound flow in worldwide"), "inbound"


def test_a_plan_that_has_less_is_not_empty() -> None:
    assert emptied("row/1") == emptied(category="default") == ()
    flows = outbound_flows(make_plan(catalog(*ROWS, sets=SETS), WE))
    assert flows.ids == {"worldwide": ("row/1/upload", *(s.requirement_id for s in SETS))}
    assert flows.emptied({}) == flows.emptied({"worldwide": ["ws/worldwide/99"], "china": ["ws/china/1"]}) == ()


def test_a_cloud_that_the_profile_does_not_name_counts_only_if_nothing_is_left() -> None:
    had = {"worldwide": ["ws/worldwide/1"], "china": ["ws/china/1"]}
    assert OutboundFlows(organization="A", ids={"china": ("ws/china/1",)}).emptied(had) == ()
    (other, mine) = OutboundFlows(organization="A", ids={"china": ()}).emptied(had)
    assert "worldwide any more; it had 1: ws/worldwide/1: the profile does not have this cloud" in other
    assert mine == "A: the plan has no outbound flow in china any more; it had 1: ws/china/1"
    assert OutboundFlows(organization="A", ids={"worldwide": (), "china": ("ws/china/1",)}).emptied(had) != ()


def test_what_became_of_sets_is_grouped() -> None:
    one, two, three, four = SETS
    new = [replace(one, category="default"), replace(two, required=False), four]
    assert changed_sets(SETS, new) == (
        "worldwide/1 changed from optimize to default; worldwide/2 not required any more; worldwide/3 removed"
    )
    assert changed_sets(SETS, SETS) == ""
    assert three.cloud is Cloud.WORLDWIDE


def test_texts_are_one_error_each_once() -> None:
    check_emptied([])
    with pytest.raises(EmptyPlanError) as caught:
        check_emptied(["a", "b", "a"], "do c")
    assert (caught.value.message, caught.value.help, caught.value.exit_code) == ("a\nb", "do c", 2)
