"""`plan`: the formats, filters, --strict, --against, and folders."""

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import load_profile
from perimeter365.plan.summary import counts
from perimeter365.sources.load import read_catalog
from tests.cli.conftest import EXAMPLE, Cli

EMBEDDED = read_catalog("embedded").versions[Cloud.WORLDWIDE].version

pytestmark = pytest.mark.skipif(not EXAMPLE.exists(), reason="examples/ is missing")


@pytest.fixture
def plan(profile: Path) -> Plan:
    return make_plan(read_catalog(), load_profile(profile))


def test_json_is_the_one_of_the_library(cli: Cli, profile: Path, plan: Plan) -> None:
    ran = cli("plan", str(profile), "--format", "json")
    assert ran.code == 0
    assert json.loads(ran.out) == plan.to_dict()


def test_the_table_is_the_summary_and_full_is_the_listing(cli: Cli, profile: Path, plan: Plan) -> None:
    short, long = cli("plan", profile.name).out, cli("plan", profile.name, "--full").out
    for name in [f.id for f in plan.flows] + [s.id for s in plan.sites] + [r.id for r in plan.records]:
        assert name in short.split()
        assert name in long.split()
    flat = " ".join(long.split())
    for warning in plan.warnings:
        assert " ".join(warning.message.split()) in flat
    assert short.splitlines()[-1] == long.splitlines()[-1] == "{} to decide, {} to check, {} noted".format(*counts(plan))
    assert max(map(len, short.splitlines())) <= 80


def test_json_is_short_for_the_format(cli: Cli, profile: Path) -> None:
    assert cli("plan", str(profile), "--json").out == cli("plan", str(profile), "--format", "json").out
    assert cli("plan", str(profile), "--json", "--format", "csv").code == 2


@pytest.mark.parametrize("format", ["json", "csv", "markdown", "table"])
def test_filters_apply_to_every_format_but_html(cli: Cli, profile: Path, plan: Plan, format: str) -> None:
    words = ("--scenario", "exchange-hybrid-coexistence", "--direction", "inbound", "--format", format)
    ran = cli("plan", str(profile), *words)
    assert ran.code == 0
    wanted = {f.id for f in plan.flows if f.row == 7 and f.direction == "inbound"}
    assert set(re.findall(r"\b(?:row|ws|dns)/[a-z0-9/-]+/?[a-z0-9-]+", ran.out)) >= wanted
    assert "ws/worldwide/11" not in ran.out
    assert "row/7/oauth-tokens" not in ran.out
    assert cli("plan", str(profile), "--direction", "inbound", "--format", "html").code == 2


def test_a_wrong_filter_is_an_error_with_the_nearest_name(cli: Cli, profile: Path) -> None:
    ran = cli("plan", str(profile), "--direction", "inbuond")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'inbound'?" in ran.err
    assert "did you mean 'mailbox-migration'?" in cli("plan", str(profile), "--scenario", "mailbox-migratoin").err


def test_a_filter_reports_the_decisions_that_it_hides_and_strict_judges_them(cli: Cli, tmp_path: Path) -> None:
    text = (
        '[organization]\nclouds = ["worldwide"]\n[select]\nservice_areas = []\nscenarios = ["ncsi", "mailbox-migration"]\n'
    )
    (tmp_path / "p.toml").write_text(text + '[roles]\nclient = ["10.0.0.0/8"]\nresolver = ["10.0.0.53"]\n')
    ran = cli("plan", "p.toml", "--scenario", "ncsi")
    assert "Decide" not in ran.out
    assert "of the rest of the plan: 1 to decide" in ran.err
    assert cli("plan", "p.toml", "--scenario", "ncsi", "--strict").code == 5


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pager_is_for_long_plans_on_a_terminal_only(
    cli: Cli, profile: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("click.echo_via_pager", lambda text, color: shown.append(text))
    piped = cli("plan", str(profile)).out
    assert not shown
    out = Terminal()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_: os.terminal_size((80, 24)))
    cli("plan", str(profile))
    assert shown == [piped]
    cli("plan", str(profile), "--no-pager")
    assert len(shown) == 1
    assert out.getvalue() == piped


def test_markdown_is_tables_under_headings(cli: Cli, profile: Path, plan: Plan) -> None:
    lines = cli("plan", str(profile), "--format", "markdown").out.splitlines()
    assert lines[0].startswith("# Contoso: catalog worldwide")
    outbound = sum(f.direction == "outbound" for f in plan.flows)
    assert f"## Outbound flows ({outbound})" in lines
    assert sum(line.startswith("| ws/") for line in lines) == sum(f.id.startswith("ws/") for f in plan.flows)


def test_csv_and_html_are_the_targets(cli: Cli, profile: Path, plan: Plan) -> None:
    rows = list(csv.DictReader(io.StringIO(cli("plan", str(profile), "--format", "csv").out)))
    assert {row["id"] for row in rows} == {f.id for f in plan.flows}
    html = cli("plan", str(profile), "--format", "html").out
    assert html.lower().startswith("<!doctype html>")


def test_strict_is_exit_5_when_something_is_missing(cli: Cli, profile: Path) -> None:
    text = profile.read_text()
    profile.write_text(text.replace('mrs-proxy = ["203.0.113.10", "2001:db8:e::10", "mrs.contoso.com"]', ""))
    assert cli("plan", str(profile)).code == 0
    ran = cli("plan", str(profile), "--strict")
    assert ran.code == 5
    assert ran.out
    assert "  role-unset  mrs-proxy -> [roles] mrs-proxy" in ran.err.splitlines()
    assert "perimeter365 explain" in ran.err


def test_strict_is_exit_0_when_nothing_is(cli: Cli, tmp_path: Path) -> None:
    text = '[organization]\nclouds = ["worldwide"]\n[select]\nservice_areas = ["teams"]\ncategories = ["optimize"]\n'
    (tmp_path / "p.toml").write_text(text + '[roles]\nclient = ["10.0.0.0/8", "2001:db8::/32"]\n')
    assert cli("plan", "p.toml", "--strict").code == 0


def test_an_error_in_a_profile_is_reported_with_its_position(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[organization]\nclouds = ["wordlwide"]\n')
    ran = cli("plan", "p.toml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error[P365-PROFILE]: ")
    assert "p.toml:2:11: unknown cloud 'wordlwide'" in ran.err


def test_a_dash_reads_the_profile_from_stdin(cli: Cli, profile: Path) -> None:
    from_file = cli("plan", str(profile), "--format", "json")
    assert cli("plan", "-", "--format", "json", stdin=profile.read_bytes()).out == from_file.out
    wrong = cli("plan", "-", stdin=b"[organization]\nclouds = []\n")
    assert wrong.code == 2
    assert "stdin:2:" in wrong.err


def test_for_a_missing_profile_the_error_explains_how_to_get_one(cli: Cli) -> None:
    ran = cli("plan", "none.toml")
    assert ran.code == 2
    assert "perimeter365 init" in ran.err


def test_strict_is_green_when_every_decision_is_accepted(cli: Cli, tmp_path: Path) -> None:
    text = '[organization]\nclouds = ["worldwide"]\n[select]\nservice_areas = []\nscenarios = ["mailbox-migration"]\n'
    (tmp_path / "p.toml").write_text(text)
    assert cli("plan", "p.toml", "--strict").code == 5
    accept = '[[accept]]\ncode = "role-unset"\nid = "mrs-proxy"\nreason = "in spring"\n'
    (tmp_path / "p.toml").write_text(text + accept)
    assert cli("plan", "p.toml", "--strict").code == 0


# -- another profile or version ------------------------------------------------------------------------------------

SMALL = """\
[organization]
clouds = ["worldwide"]
[select]
service_areas = ["teams"]
categories = ["optimize"]
[roles]
client = ["10.0.0.0/8"]
"""


def test_against_another_profile_lists_what_it_would_change(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SMALL)
    more = SMALL.replace("[roles]", 'scenarios = ["mailbox-migration"]\n[roles]').replace("10.0.0.0/8", "10.9.0.0/16")
    (tmp_path / "b.toml").write_text(more)
    ran = cli("plan", "a.toml", "--against", "b.toml")
    assert ran.code == 0
    text = " ".join(ran.out.split())
    assert "adds mailbox-migration (row/6/mrs-proxy) on TCP 443" in text
    assert "adds client 10.9.0.0/16 to 1 flow: ws/worldwide/11" in text
    assert "removes client 10.0.0.0/8 from 1 flow: ws/worldwide/11" in text
    assert "needs a decision: role-unset mrs-proxy" in text
    found = json.loads(cli("plan", "a.toml", "--against", "b.toml", "--json").out)
    assert {c["id"]: c["disposition"] for c in found["flows"]} == {"row/6/mrs-proxy": "add", "ws/worldwide/11": "change"}
    assert [w["id"] for w in found["added_decisions"]] == ["mrs-proxy"]
    back = json.loads(cli("plan", "b.toml", "--against", "a.toml", "--json").out)
    assert [w["id"] for w in back["removed_decisions"]] == ["mrs-proxy"]
    assert (found["from"], found["to"]) == (back["to"], back["from"])


def test_the_exit_code_of_a_comparison_is_on_request(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SMALL)
    (tmp_path / "b.toml").write_text(SMALL.replace("optimize", "allow"))
    assert cli("plan", "a.toml", "--against", "a.toml", "--exit-code").code == 0
    assert "nothing changes" in cli("plan", "a.toml", "--against", "a.toml").out
    assert cli("plan", "a.toml", "--against", "b.toml").code == 0
    assert cli("plan", "a.toml", "--against", "b.toml", "--exit-code").code == 1
    assert cli("plan", "a.toml", "--exit-code").code == 2
    assert cli("plan", "a.toml", "--against", "none.toml").code == 2


def test_against_a_version_or_date_of_the_store(imported: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(SMALL.replace('categories = ["optimize"]\n', ""))
    for other in ("2030030300", "2030-03-15"):  # the list of 3 March was known on 15 March
        found = json.loads(imported("plan", "p.toml", "--against", other, "--json").out)
        assert found["from"]["catalog"]["worldwide"]["version"] == EMBEDDED
        assert found["to"]["catalog"]["worldwide"]["version"] == "2030030300"
        assert "ws/worldwide/12" in {c["id"] for c in found["flows"]}
    assert imported("plan", "p.toml", "--against", "1999-01-01").code == 2


def test_a_version_is_compared_with_the_list_in_force(synced: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(SMALL)
    found = json.loads(synced("plan", "p.toml", "--against", "2031010101", "--json").out)
    assert [found[end]["catalog"]["worldwide"]["version"] for end in ("from", "to")] == ["2031010102", "2031010101"]


def test_a_version_without_a_store_is_an_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(SMALL)
    ran = cli("plan", "p.toml", "--against", "2025-01-01")
    assert (ran.code, ran.out) == (2, "")
    assert "store" in ran.err


# -- a folder of profiles ------------------------------------------------------------------------------------------


def test_a_folder_is_one_line_a_tenant_what_needs_a_person_first(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "tenants"
    folder.mkdir()
    (folder / "quiet.toml").write_text(SMALL)
    (folder / "waits.toml").write_text(SMALL.replace("[roles]", 'scenarios = ["mailbox-migration"]\n[roles]'))
    (folder / "broken.toml").write_text("clouds = 1\n")
    (folder / "readme.txt").write_text("no profile")
    ran = cli("plan", "tenants")
    assert ran.code == 2
    assert [line.split()[0] for line in ran.out.splitlines()] == ["profile", "broken.toml", "waits.toml", "quiet.toml"]
    assert "not valid" in ran.out.splitlines()[1]
    assert ran.out.splitlines()[2].split()[1] == "1"
    found = json.loads(cli("plan", "tenants", "--json").out)
    assert [t["file"] for t in found] == ["broken.toml", "waits.toml", "quiet.toml"]
    assert found[0]["error"]
    assert [w["code"] for w in found[1]["decisions"]] == ["role-unset"]
    (folder / "broken.toml").unlink()
    assert cli("plan", "tenants").code == 0
    assert cli("plan", "tenants", "--strict").code == 5


def test_an_empty_folder_is_an_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "tenants").mkdir()
    ran = cli("plan", "tenants")
    assert (ran.code, ran.out) == (2, "")
    assert "tenants has no profile" in ran.err
