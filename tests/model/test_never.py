"""The never-list, as functions: what each rule refuses and what it lets through."""

import re

import pytest

from perimeter365.model.host import HostPattern
from perimeter365.model.never import host_problem, space_problem, width_problem
from perimeter365.model.prefix import PrefixSet


@pytest.mark.parametrize("text", ["*.tokyo.jp", "*.k12.ca.us", "*-x.tokyo.jp", "a.*.k12.ca.us"])
def test_a_star_over_a_public_suffix_is_refused(text: str) -> None:
    assert host_problem(HostPattern(text)) == f"{text} covers every name under a public suffix"


@pytest.mark.parametrize(
    "text", ["tokyo.jp", "*.contoso.tokyo.jp", "*-x.contoso.com", "*.sharepoint.com", "<tenant>.tokyo.jp", "<adfs-proxy>"]
)
def test_a_name_and_a_star_over_a_registered_one_pass(text: str) -> None:
    assert host_problem(HostPattern(text)) == ""


@pytest.mark.parametrize("text", ["127.0.0.0/8", "169.254.1.0/24", "224.0.0.1/32", "::1/128", "fe80::/64", "240.0.0.0/4"])
def test_space_that_nobody_routes_is_refused_on_either_side(text: str) -> None:
    for microsoft in (True, False):
        problem = space_problem(PrefixSet.parse([text, "52.96.0.0/14"]), microsoft=microsoft)
        assert re.fullmatch(rf"{text} is (loopback|link-local space|multicast|reserved space) \(RFC .*\)", problem)


@pytest.mark.parametrize("text", ["10.0.0.0/8", "100.64.0.0/10", "fd00::/8", "192.0.2.0/24", "198.18.0.0/15"])
def test_special_space_is_refused_as_microsofts_alone(text: str) -> None:
    assert space_problem(PrefixSet.parse([text])).startswith(f"{text} is ")
    assert space_problem(PrefixSet.parse([text]), microsoft=False) == ""


@pytest.mark.parametrize("text", ["router.local", "*.contoso.corp", "*-x.contoso.lan", "a.*.x.internal", "x.home.arpa"])
def test_internal_names_are_refused_as_microsofts_alone(text: str) -> None:
    assert host_problem(HostPattern(text)).startswith(f"{text} is not a name on the internet (")
    assert host_problem(HostPattern(text), microsoft=False) == ""


def test_the_bound_counts_sums_of_parts() -> None:
    assert width_problem(PrefixSet.parse(["52.0.0.0/8"])) == ""
    assert width_problem(PrefixSet.parse(["52.0.0.0/8", "53.0.0.0/8"])).startswith("52.0.0.0/7 ")
    assert width_problem(PrefixSet.parse(["2603:1000::/20"])) == ""
    assert width_problem(PrefixSet.parse(["2603::/19"])) != ""
