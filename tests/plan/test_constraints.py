"""Constraints of the operator: parsing, and plans that exceed them."""

from pathlib import Path

import pytest

from perimeter365.errors import InputError, NeverListError
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.constraints import DEFAULTS, Constraints, load_constraints, parse_constraints
from perimeter365.targets._never import check_never
from tests.model.samples import catalog, flow
from tests.plan.samples import planned, role

FULL = """
shortest4 = 16
shortest6 = 32
within = ["192.0.2.0/24", "198.18.0.0/15", "2001:db8::/32"]
never = ["192.0.2.128/25"]
hosts_within = ["*.example.com", "aka.example"]
hosts_never = ["*.bad.example.com"]
"""


@pytest.mark.parametrize(
    ("prefix", "says"),
    [
        ("192.0.2.0/25", ""),
        ("2001:db8:1::/48", ""),
        ("198.18.0.0/15", "wider than /16"),
        ("192.0.2.0/24", "192.0.2.128/25 is excluded by the operator's constraints"),
        ("192.0.3.0/24", "192.0.3.0/24 is outside of the operator's constraints"),
        ("2001:db9::/32", "is outside"),
    ],
)
def test_addresses_stay_within_the_bound(prefix: str, says: str) -> None:
    problem = parse_constraints(FULL).address_problem(PrefixSet.parse([prefix]))
    assert (says in problem) if says else problem == ""


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("a.example.com", ""),
        ("*.x.example.com", ""),
        ("aka.example", ""),
        ("b.aka.example", "outside"),
        ("*.example.com", "is excluded by the operator's constraints"),  # it has names in common with *.bad.example.com
        ("x.bad.example.com", "is excluded by the operator's constraints"),
    ],
)
def test_names_stay_within_the_bound(host: str, says: str) -> None:
    problem = parse_constraints(FULL).host_problem(HostPattern(host))
    assert (says in problem) if says else problem == ""


def test_two_halves_are_as_wide_as_their_sum() -> None:
    halves = PrefixSet.parse(["10.0.0.0/8", "11.0.0.0/8"])
    assert "10.0.0.0/7 is wider than /8" in Constraints().address_problem(halves)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shortest4 = 7", "c.toml: shortest4: 7 is not a length from 8 to 32"),
        ("shortest6 = true", "c.toml: shortest6: true is not a length from 20 to 128"),
        ("within = '10.0.0.0/8'", "c.toml: within: expected a list, got '10.0.0.0/8'"),
        ("never = [1]", "c.toml: never[0]: expected a string, got 1"),
        ("never = ['10.0.0.1/8']", "c.toml: never: '10.0.0.1/8' has host bits set"),
        ("hosts_never = ['*.com']", "c.toml: hosts_never[0]: "),
        ("hosts_within = [['a.example']]", "c.toml: hosts_within[0]: expected a string, got a list"),
        ("nevr = []", "c.toml: unknown key 'nevr'; known keys are hosts_never, "),
        ("=", "c.toml: it is not TOML: "),
        ("never = " + "[" * 100_000, "c.toml: it is nested too deeply"),
    ],
)
def test_an_error_has_its_place(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_constraints(text, "c.toml")
    assert says in caught.value.message


def test_an_empty_list_is_not_a_missing_list() -> None:
    assert parse_constraints("within = []").address_problem(PrefixSet.parse(["192.0.2.0/24"])) != ""
    assert parse_constraints("").address_problem(PrefixSet.parse(["192.0.2.0/24"])) == ""


def test_p5_no_plan_exceeds_the_operators_file(tmp_path: Path) -> None:
    plan = planned(catalog(flow()), "row/1", roles={"client": role("10.0.0.0/8")})
    theirs = plan.flows[0].destination
    check_never(plan, DEFAULTS)
    path = tmp_path / "constraints.toml"
    with pytest.raises(InputError, match="does not exist"):
        load_constraints(path)
    path.write_text(f'hosts_never = ["{theirs.hosts[0]}"]', "utf-8")
    with pytest.raises(NeverListError, match="is excluded by the operator's constraints"):
        check_never(plan, load_constraints(path))
    path.write_text("within = []\n", "utf-8")
    if theirs.prefixes:
        with pytest.raises(NeverListError, match="outside of the operator's constraints"):
            check_never(plan, load_constraints(path))
    path.write_bytes(b"\xff")
    with pytest.raises(InputError, match=": it is not UTF-8"):
        load_constraints(path)


def test_an_error_of_toml_has_the_next_step() -> None:
    with pytest.raises(InputError) as caught:
        parse_constraints("shortest4 = ]", "c.toml")
    assert caught.value.message.startswith("c.toml: it is not TOML: Invalid value")
    assert "KEY = VALUE" in caught.value.help
