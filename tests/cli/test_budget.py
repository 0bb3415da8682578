"""`budget`: the JSON of CONTRACT, compared with results from another library."""

import ipaddress
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

PROFILE = """
[organization]
clouds = ["worldwide"]
[select]
service_areas = ["teams"]
categories = ["optimize"]
[roles]
client = ["10.0.0.0/8"]
"""
# Only set 11 of Worldwide is selected: 52.112.0.0/14 and 52.122.0.0/15.
NEEDED = [ipaddress.ip_network("52.112.0.0/14"), ipaddress.ip_network("52.122.0.0/15")]


@pytest.fixture
def teams(tmp_path: Path) -> str:
    (tmp_path / "teams.toml").write_text(PROFILE)
    return "teams.toml"


def test_the_json_follows_the_contract(cli: Cli, teams: str) -> None:
    found = json.loads(cli("budget", teams, "--max-prefixes", "1", "--json").out)
    addresses = sum(n.num_addresses for n in NEEDED)
    (one,) = ["52.112.0.0/12"]  # the smallest prefix that contains both
    extra = ipaddress.ip_network(one).num_addresses - addresses
    assert found == {"family": 4, "needed": addresses, "prefixes": [one], "extra": extra, "curve": [[1, extra], [2, 0]]}


def test_without_a_bound_the_curve_is_plotted(cli: Cli, teams: str, tmp_path: Path) -> None:
    lines = cli("budget", teams, "--svg", "curve.svg").out.splitlines()
    # 655,360 addresses more than the 393,216 that are needed
    assert [(line.split()[0], line.split("  ")[-1].strip()) for line in lines[1:]] == [("1", "167 %"), ("2", "none")]
    assert "2 prefixes none" in (tmp_path / "curve.svg").read_text()


def test_extra_space_finds_the_fewest_prefixes(cli: Cli, teams: str) -> None:
    assert cli("budget", teams, "--extra-space", "0").out.split() == ["52.112.0.0/14", "52.122.0.0/15"]
    assert cli("budget", teams, "--extra-space", "200%").out.split() == ["52.112.0.0/12"]


def test_the_other_family(cli: Cli, teams: str) -> None:
    found = json.loads(cli("budget", teams, "--family", "6", "--json").out)
    assert found["family"] == 6
    assert found["extra"] == 0
    assert found["needed"] == sum(ipaddress.ip_network(p).num_addresses for p in found["prefixes"])


def test_a_prefix_that_no_target_writes_is_a_warning(cli: Cli, profile: Path) -> None:
    assert "no target writes a prefix as wide as 0.0.0.0/0" in cli("budget", str(profile), "--max-prefixes", "1").err


def test_two_bounds_exclude_each_other(cli: Cli, teams: str) -> None:
    assert cli("budget", teams, "--max-prefixes", "3", "--extra-space", "5").code == 2
    assert cli("budget", teams, "--max-prefixes", "0").code == 2
    assert cli("budget", teams, "--extra-space", "x").code == 2


def test_a_plan_without_addresses_is_not_an_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text(PROFILE.replace('["teams"]', "[]"))
    assert cli("budget", "none.toml").code == 0
    assert json.loads(cli("budget", "none.toml", "--json").out)["prefixes"] == []


PUSH = PROFILE.replace("[roles]", 'scenarios = ["teams-mobile-push"]\n[roles]\nmobile-device = ["10.1.0.0/16"]')
HYBRID = PROFILE.replace("[roles]", 'scenarios = ["row/7"]\n[roles]\nexchange-server = ["192.0.2.1"]')


def test_third_parties_are_left_out_and_reported(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "push.toml").write_text(PUSH)
    ran = cli("budget", "push.toml", "--role", "mobile-device", "--json")
    assert json.loads(ran.out)["needed"] == 0
    apple = 2**24  # Apple's push service is in 17.0.0.0/8
    assert f"left out: {apple} addresses of third parties (apple-push)" in ran.err


def test_it_speaks_of_clients_and_lists_the_other_roles(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(HYBRID)
    addresses = sum(n.num_addresses for n in NEEDED)
    ran = cli("budget", "p.toml", "--json")
    assert json.loads(ran.out)["needed"] == addresses
    assert "other roles with outbound flows: exchange-server" in ran.err
    everything = json.loads(cli("budget", "p.toml", "--role", "all", "--json").out)["needed"]
    servers = json.loads(cli("budget", "p.toml", "--role", "exchange-server", "--json").out)["needed"]
    assert 0 < servers < everything == addresses + servers
    assert json.loads(cli("budget", "p.toml", "--scenario", "row/7", "--json").out)["needed"] == servers
    wrong = cli("budget", "p.toml", "--role", "exchange-servers")
    assert wrong.code == 2
    assert "did you mean 'exchange-server'?" in wrong.err


def test_what_is_open_without_need_is_a_warning(cli: Cli, teams: str) -> None:
    ran = cli("budget", teams, "--max-prefixes", "1")
    extra = 2**20 - sum(n.num_addresses for n in NEEDED)  # 52.112.0.0/12
    assert f"warning: the prefixes open {extra} addresses without need, more than are needed (167 %" in ran.err
    assert "without need" not in cli("budget", teams, "--max-prefixes", "2").err
