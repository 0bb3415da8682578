"""`plan`: the formats, and --strict."""

import csv
import io
import json
from pathlib import Path

import pytest

from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import load_profile
from perimeter365.sources.load import read_catalog
from tests.cli.conftest import EXAMPLE, Cli

pytestmark = pytest.mark.skipif(not EXAMPLE.exists(), reason="examples/ is missing")


@pytest.fixture
def plan(profile: Path) -> Plan:
    return make_plan(read_catalog(), load_profile(profile))


def test_json_is_the_one_of_the_library(cli: Cli, profile: Path, plan: Plan) -> None:
    ran = cli("plan", str(profile), "--format", "json")
    assert ran.code == 0
    assert json.loads(ran.out) == plan.to_dict()


def test_the_table_names_every_requirement_and_warning(cli: Cli, profile: Path, plan: Plan) -> None:
    out = cli("plan", str(profile)).out
    for name in [f.id for f in plan.flows] + [s.id for s in plan.sites] + [r.id for r in plan.records]:
        assert name in out
    for warning in plan.warnings:
        assert warning.message in out


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
    assert "role-unset" in ran.err
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
