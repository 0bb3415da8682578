"""Several targets at once: one that fails does not stop the others, and is never silent."""

import sys
from dataclasses import replace

import pytest

from perimeter365.errors import LimitError, MissingExtraError, NeverListError, OptionError, UnknownNameError
from perimeter365.model.cloud import Cloud
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.aggregate import Budget
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import Profile, RoleHosts
from perimeter365.sources.load import read_catalog
from perimeter365.targets import Style, render, targets
from perimeter365.targets.many import Styles, names_of, not_named, render_many


@pytest.fixture(scope="module")
def plan() -> Plan:
    client = RoleHosts(prefixes=PrefixSet.parse(["10.0.0.0/8"]))
    return make_plan(read_catalog("embedded"), Profile(clouds=(Cloud.WORLDWIDE,), roles={"client": client}))


def test_all_is_every_target_and_a_name_counts_once() -> None:
    assert names_of(["all"]) == tuple(targets)
    assert names_of(["text", "csv", "text"]) == ("text", "csv")
    assert names_of(["csv", "all"])[0] == "csv"
    assert set(names_of(["csv", "all"])) == set(targets)


def test_an_unknown_target_is_told_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as caught:
        names_of(["csv", "nftable"])
    assert "nftables" in caught.value.help


def test_each_is_what_render_makes_of_it(plan: Plan) -> None:
    many = render_many(plan, ["csv", "text"], Styles())
    assert many.rendered == (render(plan, "csv"), render(plan, "text"))
    assert not many.failures
    assert sum(many.losses.values()) == sum(len(r.losses) for r in many.rendered)


def test_a_failure_stops_only_its_target(plan: Plan) -> None:
    limited = next(n for n in targets if targets[n].capabilities.addresses and "entries" in targets[n].limits)
    many = render_many(plan, [limited, "csv"], Styles(limits={limited: {"entries": 0}}))
    assert [r.target for r in many.rendered] == ["csv"]
    assert list(many.failures) == [limited]
    assert isinstance(many.failures[limited], LimitError)


def test_a_target_that_only_all_stands_for_is_left_out_without_its_extra(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mmdb_writer", None)
    many = render_many(plan, ["mmdb", "csv"], Styles(), not_named(["all"]))
    assert [r.target for r in many.rendered] == ["csv"]
    assert not many.failures
    assert {name: error.extra for name, error in many.left_out.items()} == {"mmdb": "mmdb"}


def test_a_target_that_is_named_fails_without_its_extra(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mmdb_writer", None)
    for words in (["mmdb", "csv"], ["all", "mmdb"]):
        many = render_many(plan, ["mmdb", "csv"], Styles(), not_named(words))
        assert not many.left_out
        assert isinstance(many.failures["mmdb"], MissingExtraError)


def test_another_failure_of_a_target_is_never_left_out(plan: Plan) -> None:
    limited = next(n for n in targets if targets[n].capabilities.addresses and "entries" in targets[n].limits)
    many = render_many(plan, [limited, "csv"], Styles(limits={limited: {"entries": 0}}), not_named(["all"]))
    assert (list(many.failures), many.left_out) == ([limited], {})


def test_a_wrong_option_stops_everything(plan: Plan) -> None:
    for styles in (Styles(options={"text": {"no_such": "x"}}), Styles(limits={"text": {"no_such": 1}})):
        with pytest.raises(OptionError):
            render_many(plan, ["csv", "text"], styles)


def test_a_plan_is_held_against_the_never_list_once_and_covered_once_under_a_budget(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Targets of names alone are given the plan without a budget, so there are two plans to check."""
    checked: list[Plan] = []
    monkeypatch.setattr("perimeter365.targets.check_never", lambda plan, constraints: checked.append(plan))
    common = Style(budget=Budget(most=20))
    many = render_many(plan, ["nftables", "text", "bird", "unbound", "csv"], Styles(common=common))
    assert len(checked) == 2
    assert plan in checked
    monkeypatch.undo()
    assert many.rendered == tuple(render(plan, r.target, common) for r in many.rendered)


def test_what_must_never_be_opened_is_refused_for_each_target(plan: Plan) -> None:
    end = replace(plan.flows[0].destination, prefixes=PrefixSet.parse(["52.0.0.0/6"]))
    bad = replace(plan, flows=(replace(plan.flows[0], destination=end), *plan.flows[1:]))
    many = render_many(bad, ["nftables", "text", "csv"], Styles())
    assert not many.rendered
    assert {type(error) for error in many.failures.values()} == {NeverListError}


def test_options_reach_their_own_target_alone(plan: Plan) -> None:
    many = render_many(plan, ["csv", "text"], Styles(common=Style(allow_widen=True), options={"csv": {"bom": "on"}}))
    assert many.rendered[0].artifacts[0].content.startswith(b"\xef\xbb\xbf")
    assert Styles(options={"csv": {"bom": "on"}}).of("text").options == {}


def test_an_option_of_a_target_that_is_not_rendered_is_refused(plan: Plan) -> None:
    with pytest.raises(UnknownNameError):
        render_many(plan, ["csv"], Styles(options={"text": {"x": "y"}}))
    with pytest.raises(UnknownNameError):
        render_many(plan, ["csv"], Styles(limits={"text": {"x": 1}}))
