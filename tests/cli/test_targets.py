"""`targets`: the list of targets, and the manual page of each."""

import json

import pytest

from perimeter365.targets import targets
from perimeter365.targets.target import PROOFS
from tests.cli.conftest import Cli


def test_every_target_is_listed(cli: Cli) -> None:
    assert {line.split()[0] for line in cli("targets").out.splitlines()[2:]} == set(targets)
    assert [t["name"] for t in json.loads(cli("targets", "--json").out)] == list(targets)


@pytest.mark.parametrize("name", list(targets))
def test_a_manual_page_is_complete(cli: Cli, name: str) -> None:
    target = targets[name]
    out = cli("targets", name).out
    assert out.startswith(f"{name}: {target.title}\n")
    assert target.vendor_page in out
    assert PROOFS[target.proof] in out
    for key in (*target.limits, *target.options):
        assert f"  {key}" in out
    assert json.loads(cli("targets", name, "--json").out)["name"] == name


def test_an_unknown_target_gets_the_nearest_one(cli: Cli) -> None:
    assert "did you mean 'nftables'?" in cli("targets", "nftable").err


def test_one_kind_is_listed(cli: Cli) -> None:
    ran = cli("targets", "--kind", "vpn", "--brief")
    assert {line.split()[0] for line in ran.out.splitlines()[2:]} == {n for n, t in targets.items() if t.kind == "vpn"}
    assert max(map(len, ran.out.splitlines())) <= 80
    assert {t["kind"] for t in json.loads(cli("targets", "--kind", "dns", "--json").out)} == {"dns"}
    ran = cli("targets", "--kind", "firewal")
    assert (ran.code, "did you mean 'firewall'?" in ran.err) == (2, True)


def test_a_brief_manual_has_limits_and_options_only(cli: Cli) -> None:
    lines = cli("targets", "pac", "--brief").out.splitlines()
    assert lines[0].startswith("Limits (")
    assert any(line.startswith("Options (") for line in lines)
    assert not any("Vendor" in line for line in lines)
