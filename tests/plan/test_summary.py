"""The short form of a plan: legible at 80 columns, decisions first, nothing left out."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.freshness import ages
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan, PlanWarning
from perimeter365.plan.profile import Profile, load_profile
from perimeter365.plan.summary import counts, summary
from perimeter365.show.terminal import columns
from perimeter365.sources.load import read_catalog
from tests.plan.samples import full_profile, profile, role

TODAY = date(2026, 8, 9)
ROOT = Path(__file__).resolve().parents[2]
HOSPITAL = Path(__file__).parent / "profiles" / "hospital.toml"
CATALOG = read_catalog("embedded")


def plan_of(where: Path | Profile) -> Plan:
    return make_plan(CATALOG, where if isinstance(where, Profile) else load_profile(where))


def versions(plan: Plan) -> dict[str, str]:
    return {str(cloud): version.version for cloud, version in plan.versions.items()}


def lines_of(plan: Plan, width: int = 80) -> list[str]:
    return list(summary(plan, ages(versions(plan), {}, TODAY), width=width))


ALL_CLOUDS = full_profile(Cloud.WORLDWIDE, Cloud.GCCHIGH, Cloud.DOD, Cloud.CHINA)
PLANS = {"hospital": HOSPITAL, "all clouds": ALL_CLOUDS, "one cloud": full_profile(Cloud.WORLDWIDE)}


@pytest.mark.skipif(not (ROOT / "examples").exists(), reason="examples/ is missing")
def test_the_example_fits_120_lines() -> None:
    assert len(lines_of(plan_of(ROOT / "examples" / "contoso.toml"))) <= 120


def test_a_hospital_fits_250_lines() -> None:
    plan = plan_of(HOSPITAL)
    assert len(plan.flows) > 100
    assert len(lines_of(plan)) <= 250


@pytest.mark.parametrize("where", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize("width", [80, 132])
def test_lines_fit_the_width_and_no_id_is_broken(where: Path | Profile, width: int) -> None:
    plan = plan_of(where)
    lines = lines_of(plan, width=width)
    too_long = [line for line in lines if columns(line) > width and len(line.split()) > 1]
    assert too_long == []
    words = Counter(word for line in lines for word in line.split())
    for item in (*plan.flows, *plan.sites, *plan.records):
        assert words[item.id], item.id


@pytest.mark.parametrize("where", PLANS.values(), ids=PLANS)
def test_each_flow_stands_once_in_its_cloud(where: Path | Profile) -> None:
    plan = plan_of(where)
    words = Counter(word for line in lines_of(plan) for word in line.split() if "/" in word)
    expected = Counter(f.id for f in plan.flows)
    assert {i: n for i, n in expected.items() if i.startswith("ws/") and words[i] != n} == {}


def test_it_begins_with_organization_clouds_and_counts_and_then_what_to_decide() -> None:
    plan = plan_of(HOSPITAL)
    lines = lines_of(plan)
    assert lines[0].startswith("Klinik am See — Lindau")
    version = plan.versions[Cloud.WORLDWIDE].version
    assert lines[1] == f"  worldwide  {version}, not followed, 7 days old"  # from 2 to 9 August
    outbound = sum(f.direction == "outbound" for f in plan.flows)
    assert any(line.split()[:2] == [str(outbound), "outbound"] for line in lines[2:5])
    decide = lines.index(f"Decide ({len(plan.decisions)})")
    assert decide < min(i for i, line in enumerate(lines) if line.startswith("common:"))
    assert lines[-1] == "{} to decide, {} to check, {} noted".format(*counts(plan))


def test_a_followed_cloud_has_the_day_of_the_last_look() -> None:
    plan = plan_of(HOSPITAL)
    seen = ages(versions(plan), {"worldwide": "2026-08-08T10:00:00+00:00"}, TODAY)
    assert list(summary(plan, seen))[1].endswith(", read 1 day ago")
    assert list(summary(plan))[1].split() == ["worldwide", plan.versions[Cloud.WORLDWIDE].version]


def test_the_counts_by_scenario_add_up() -> None:
    plan = plan_of(HOSPITAL)
    text = " ".join(lines_of(plan)).split("Decide")[0]
    for kind, number in (("inbound", sum(f.direction == "inbound" for f in plan.flows)), ("records", len(plan.records))):
        (total, listed) = re.search(rf"(\d+) {kind} +((?:[a-z0-9-]+ \d+(?:, +)?)+)", text).groups()  # type: ignore[union-attr]
        assert int(total) == number == sum(int(n) for n in re.findall(r" (\d+)", f" {listed}"))


def test_scenarios_are_in_order_of_areas_rows_and_dns() -> None:
    headings = [line.split(":")[0] for line in lines_of(plan_of(HOSPITAL)) if re.match(r"[a-z-]+: ", line)]
    order = ["common", "exchange", "sharepoint", "teams", "entra-connect-adfs", "federation-sts", "mailbox-migration", "dns"]
    found = list(dict.fromkeys(headings))
    assert [name for name in found if name in order] == order
    assert found[-1] == "dns"


def test_a_decision_has_the_key_that_settles_it() -> None:
    plan = plan_of(profile("mailbox-migration"))
    (decision,) = plan.decisions
    text = " ".join(" ".join(lines_of(plan)).split())
    assert f"role-unset mrs-proxy: {decision.message} -> [roles] mrs-proxy" in text


def warned(*warnings: PlanWarning) -> Plan:
    return replace(plan_of(profile("ncsi", roles={"client": role("10.0.0.0/8")})), warnings=warnings)


def test_other_warnings_are_one_line_a_code_with_their_number() -> None:
    notes = [PlanWarning(code="retired", id=f"row/{n}/x", message="over") for n in (12, 13, 13)]
    check = PlanWarning(code="assumed", id="row/6/mrs-proxy", message="assumed")
    lines = lines_of(warned(check, *notes))
    assert [line for line in lines if "retired" in line] == [
        "  3  retired: Microsoft has ended the service that this is for (row/12, row/13)"
    ]
    assert lines.index("Check (1)") < lines.index("Noted (3)")
    assert lines[-1] == "0 to decide, 1 to check, 3 noted"
    assert "--full" in lines[-2]


def test_what_is_accepted_is_noted_with_its_reason() -> None:
    accepted = PlanWarning(code="role-unset", id="sbc", message="no address", accepted="in spring")
    plan = warned(accepted)
    assert counts(plan) == (0, 0, 1)
    lines = lines_of(plan)
    assert "Accepted by the profile (1)" in lines
    assert any("sbc: in spring" in line for line in lines)
    assert not any(line.startswith("Decide") for line in lines)


def test_similar_default_sets_stand_together_with_what_they_share() -> None:
    plan = plan_of(profile(service_areas=("sharepoint",), roles={"client": role("10.0.0.0/8")}))
    alike = [f.id for f in plan.flows if f.category == "default" and str(f.tcp) == "80,443" and not f.udp]
    assert len(alike) > 2
    text = " ".join(" ".join(lines_of(plan)).split())
    assert f"tcp 80,443; default: {' '.join(alike)}" in text


def test_wide_names_are_counted_in_columns() -> None:
    plan = replace(plan_of(profile("ncsi")), organization="東京病院" * 12)
    assert all(columns(line) <= 80 for line in lines_of(plan) if len(line.split()) > 1)


def test_control_characters_of_a_profile_do_not_reach_the_terminal() -> None:
    plan = replace(plan_of(profile("ncsi")), organization="Con\x1b[2Jtoso")
    assert "\x1b" not in "".join(lines_of(plan))


def test_a_plan_of_nothing_says_so() -> None:
    assert "  nothing is planned" in lines_of(plan_of(profile()))
