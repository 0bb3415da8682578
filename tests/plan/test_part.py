"""A part of a plan: by scenario and by direction."""

import pytest

from perimeter365.errors import UnknownNameError
from perimeter365.model.cloud import Cloud
from perimeter365.plan.make import make_plan
from perimeter365.plan.part import part_of
from perimeter365.sources.load import read_catalog
from tests.plan.samples import full_profile, profile

PLAN = make_plan(read_catalog("embedded"), full_profile(Cloud.WORLDWIDE))


def test_without_a_filter_it_is_the_plan_itself() -> None:
    assert part_of(PLAN) is PLAN


@pytest.mark.parametrize("name", ["mailbox-migration", "row/6"])
def test_a_scenario_by_name_or_row(name: str) -> None:
    part = part_of(PLAN, scenarios=(name,))
    assert [f.id for f in part.flows] == [f.id for f in PLAN.flows if f.row == 6]
    assert (part.sites, part.records) == ((), ())


def test_scenarios_split_a_plan_without_loss() -> None:
    names = {item.scenario for item in (*PLAN.flows, *PLAN.sites, *PLAN.records)}
    parts = [part_of(PLAN, scenarios=(name,)) for name in names]
    for kind in ("flows", "sites", "records"):
        assert sorted(i.id for p in parts for i in getattr(p, kind)) == sorted(i.id for i in getattr(PLAN, kind))


def test_a_direction_leaves_flows_only() -> None:
    part = part_of(PLAN, directions=("inbound",))
    assert {f.direction for f in part.flows} == {"inbound"}
    assert (part.sites, part.records) == ((), ())


def test_warnings_are_those_of_the_part_and_of_the_whole_plan() -> None:
    unset = make_plan(read_catalog("embedded"), profile("mailbox-migration", "federation-sts"))
    part = part_of(unset, scenarios=("mailbox-migration",))
    assert {w.id for w in part.decisions} == {"mrs-proxy"}
    assert {w.id for w in unset.decisions} > {"mrs-proxy"}


def test_a_scenario_that_is_not_planned_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError) as error:
        part_of(make_plan(read_catalog("embedded"), profile("mailbox-migration")), scenarios=("mailbox-migrations",))
    assert "did you mean 'mailbox-migration'?" in error.value.help


def test_what_a_row_leaves_out_and_what_a_domain_needs_belong_to_the_part() -> None:
    plan = make_plan(read_catalog("embedded"), profile("ncsi", "teams-mobile-push", "dns", email_domains=("contoso.com",)))
    left_out = {w.id for w in plan.warnings if w.code == "left-out" and w.id.startswith("row/25/")}
    needed = {w.id for w in plan.decisions if w.code == "value-needed"}
    assert left_out
    assert "contoso.com/mx_token" in needed
    push, dns = (part_of(plan, scenarios=(name,)) for name in ("teams-mobile-push", "dns"))
    assert {w.id for w in push.warnings if w.code == "left-out"} == left_out
    assert {w.id for w in dns.decisions if w.code == "value-needed"} == needed
    assert not {w.id for w in push.warnings if w.code == "value-needed"}
