"""`init`: a template that is valid unchanged and with all comments enabled."""

import re
from pathlib import Path

from perimeter365.cli.init import template
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan.make import make_plan
from perimeter365.plan.profile import load_profile, parse_profile
from perimeter365.sources.load import read_catalog
from tests.cli.conftest import Cli


def test_what_init_writes_is_a_profile_that_can_be_planned(cli: Cli, tmp_path: Path) -> None:
    assert cli("init").code == 0
    profile = load_profile(tmp_path / "perimeter365.toml")
    assert make_plan(read_catalog(), profile).flows


def test_every_commented_scenario_and_role_is_valid() -> None:
    text = template()
    everything = re.sub(r'^( *)# (?="|[a-z-]+ = \[)', r"\1", text, flags=re.MULTILINE)
    profile = parse_profile(everything)
    assert {"mailbox-migration", "dns"} <= set(profile.scenarios)
    assert {"mrs-proxy", "resolver"} <= set(profile.roles) <= set(OUR_ROLES)


def test_it_contains_every_key_of_the_contract() -> None:
    text = template()
    keys = "name tenant email_domains clouds service_areas categories required_only ipv6 scenarios graph_sources"
    keys += " ahead grace client"
    for key in keys.split():
        assert re.search(rf"^{key} = ", text, re.MULTILINE), key


def test_an_existing_file_is_never_overwritten(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("mine")
    ran = cli("init", "mine.toml")
    assert ran.code == 2
    assert "mine.toml already exists and was not changed" in ran.err
    assert (tmp_path / "mine.toml").read_text() == "mine"


def test_a_dash_is_stdout(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "-").out == template()
    assert not list(tmp_path.glob("*.toml"))


def test_a_missing_folder_is_exit_2(cli: Cli) -> None:
    ran = cli("init", "no/such/folder.toml")
    assert (ran.code, ran.err.startswith("error[P365-OUTPUT]")) == (2, True)


def test_its_lines_fit_a_terminal() -> None:
    assert [line for line in template().splitlines() if len(line) > 125] == []
