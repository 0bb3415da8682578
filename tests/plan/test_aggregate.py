"""Plans under a prefix budget: coverage, cost, and exact inbound sources."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from perimeter365 import load_catalog, load_profile, make_plan
from perimeter365.errors import LimitError, OptionError
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.aggregate import Budget, aggregate, covers, destinations
from perimeter365.plan.plan import Plan

EXAMPLE = Path(__file__).parents[2] / "examples" / "contoso.toml"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(load_catalog(), load_profile(EXAMPLE))


def _prefixes(plan: Plan, version: int) -> set[str]:
    texts = {p for f in plan.to_dict()["flows"] if f["direction"] == "outbound" for p in f["destination"]["prefixes"]}
    return {p for p in texts if ip_network(p).version == version}


def test_the_plan_has_no_more_prefixes_than_the_budget(plan: Plan) -> None:
    small, costs = aggregate(plan, Budget(most=12))
    assert len(_prefixes(small, 4)) <= 12
    assert len(_prefixes(small, 6)) <= 12
    assert costs


def test_every_flow_still_reaches_what_it_needs(plan: Plan) -> None:
    small, _ = aggregate(plan, Budget(most=12))
    for before, after in zip(plan.flows, small.flows, strict=True):
        assert before.destination.prefixes <= after.destination.prefixes


def test_the_cost_is_that_of_the_flow_that_opens_more(plan: Plan) -> None:
    small, costs = aggregate(plan, Budget(most=12))
    opened = {
        (f.id, family): g.destination.prefixes.size(family) - f.destination.prefixes.size(family)
        for f, g in zip(plan.flows, small.flows, strict=True)
        for family in (4, 6)
    }
    assert {(p.flow.id, p.family): p.extra for p in costs} == {key: extra for key, extra in opened.items() if extra}


def test_inbound_sources_stay_exact(plan: Plan) -> None:
    small, _ = aggregate(plan, Budget(most=12))
    for before, after in zip(plan.flows, small.flows, strict=True):
        if before.direction == "inbound":
            assert before.source == after.source


def test_a_joint_budget_is_shared(plan: Plan) -> None:
    both = covers(destinations(plan), Budget(most=30, jointly=True))
    assert sum(len(c.prefixes) for c in both) <= 30
    assert {c.family for c in both} == {4, 6}


def test_one_prefix_for_both_families_is_rejected() -> None:
    needed = PrefixSet.parse(["198.51.100.0/24", "2001:db8::/32"])
    with pytest.raises(LimitError, match=r"^1 prefix cannot cover both families$"):
        covers(needed, Budget(most=1, jointly=True))


def test_a_budget_that_would_open_private_space_is_rejected(plan: Plan) -> None:
    with pytest.raises(LimitError, match="cannot cover"):
        aggregate(plan, Budget(most=1))


@pytest.mark.parametrize("wrong", [{}, {"most": 0}, {"extra_space": -1.0}])
def test_an_invalid_budget_is_rejected(wrong: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        Budget(**wrong)  # type: ignore[arg-type]


def test_the_percentage_is_of_microsofts_addresses(plan: Plan) -> None:
    # Apple's 17.0.0.0/8 must not pay for extra space: it is more than six times as large as the rest
    microsoft = destinations(plan, microsoft=True).size(4)
    apple = ip_network("17.0.0.0/8").num_addresses
    assert destinations(plan).size(4) - microsoft >= apple > 6 * microsoft
    small, _ = aggregate(plan, Budget(extra_space=10))
    opened = destinations(small).size(4) - destinations(plan).size(4)
    assert 0 < opened <= microsoft // 10
