"""Several targets: one that fails is reported and does not stop the others."""

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
from perimeter365.targets.many import Styles, expand_names, implied_names, render_many


@pytest.fixture(scope="module")
def plan() -> Plan:
    client = RoleHosts(prefixes=PrefixSet.parse(["10.0.0.0/8"]))
    return make_plan(read_catalog("embedded"), Profile(clouds=(Cloud.WORLDWIDE,), roles={"client": client}))


def test_all_is_every_target_and_duplicates_are_removed() -> None:
    assert expand_names(["all"]) == tuple(targets)
    assert expand_names(["text", "csv", "text"]) == ("text", "csv")
    assert expand_names(["csv", "all"])[0] == "csv"
    assert set(expand_names(["csv", "all"])) == set(targets)


def test_an_unknown_target_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError) as caught:
        expand_names(["csv", "nftable"])
    assert "nftables" in caught.value.help
    with pytest.raises(UnknownNameError) as caught:
        expand_names(["al"])
    assert caught.value.help == "did you mean 'all'?"


def test_each_result_is_that_of_render(plan: Plan) -> None:
    batch = render_many(plan, ["csv", "text"], Styles())
    assert [each.artifacts for each in batch.rendered] == [render(plan, n).artifacts for n in ("csv", "text")]
    assert not batch.failures
    assert len(batch.losses) == sum(len(r.losses) for r in batch.rendered)


def test_a_failure_stops_only_its_target(plan: Plan) -> None:
    limited = next(n for n in targets if targets[n].capabilities.addresses and "entries" in targets[n].limits)
    batch = render_many(plan, [limited, "csv"], Styles(limits={limited: {"entries": 0}}))
    assert [r.target for r in batch.rendered] == ["csv"]
    assert list(batch.failures) == [limited]
    assert isinstance(batch.failures[limited], LimitError)


def test_an_implied_target_is_left_out_without_its_extra(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mmdb_writer", None)
    batch = render_many(plan, ["mmdb", "csv"], Styles(), implied_names(["all"]))
    assert [r.target for r in batch.rendered] == ["csv"]
    assert not batch.failures
    assert {name: error.extra for name, error in batch.left_out.items() if isinstance(error, MissingExtraError)} == {
        "mmdb": "mmdb"
    }
    assert [(d.code, d.id, d.open) for d in batch.warnings] == [("extra-needed", "mmdb", True)]


def test_a_named_target_fails_without_its_extra(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mmdb_writer", None)
    for words in (["mmdb", "csv"], ["all", "mmdb"]):
        batch = render_many(plan, ["mmdb", "csv"], Styles(), implied_names(words))
        assert not batch.left_out
        assert isinstance(batch.failures["mmdb"], MissingExtraError)


def test_another_failure_of_a_target_is_never_left_out(plan: Plan) -> None:
    limited = next(n for n in targets if targets[n].capabilities.addresses and "entries" in targets[n].limits)
    batch = render_many(plan, [limited, "csv"], Styles(limits={limited: {"entries": 0}}), implied_names(["all"]))
    assert (list(batch.failures), batch.left_out) == ([limited], {})


def test_a_wrong_option_stops_everything(plan: Plan) -> None:
    for styles in (Styles(options={"text": {"no_such": "x"}}), Styles(limits={"text": {"no_such": 1}})):
        with pytest.raises(OptionError):
            render_many(plan, ["csv", "text"], styles)


def test_a_plan_is_checked_once_and_aggregated_once_per_budget(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets with names only are rendered without a budget, so two plans are checked."""
    checked: list[Plan] = []
    monkeypatch.setattr("perimeter365.targets.check_never", lambda plan, constraints: checked.append(plan))
    common = Style(budget=Budget(most=20))
    batch = render_many(plan, ["nftables", "text", "bird", "unbound", "csv"], Styles(common=common))
    assert len(checked) == 2
    assert plan in checked
    monkeypatch.undo()
    assert batch.rendered == tuple(render(plan, r.target, common) for r in batch.rendered)


def test_the_never_list_is_an_error_of_each_target(plan: Plan) -> None:
    end = replace(plan.flows[0].destination, prefixes=PrefixSet.parse(["52.0.0.0/6"]))
    bad = replace(plan, flows=(replace(plan.flows[0], destination=end), *plan.flows[1:]))
    batch = render_many(bad, ["nftables", "text", "csv"], Styles())
    assert not batch.rendered
    assert {type(error) for error in batch.failures.values()} == {NeverListError}


def test_options_reach_only_their_own_target(plan: Plan) -> None:
    batch = render_many(plan, ["csv", "text"], Styles(common=Style(allow_widen=True), options={"csv": {"bom": "on"}}))
    assert batch.rendered[0].artifacts[0].content.startswith(b"\xef\xbb\xbf")
    assert Styles(options={"csv": {"bom": "on"}}).of("text").options == {}


def test_an_option_of_a_target_that_is_not_rendered_is_an_error(plan: Plan) -> None:
    with pytest.raises(UnknownNameError):
        render_many(plan, ["csv"], Styles(options={"text": {"x": "y"}}))
    with pytest.raises(UnknownNameError):
        render_many(plan, ["csv"], Styles(limits={"text": {"x": 1}}))
