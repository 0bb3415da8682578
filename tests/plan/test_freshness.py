"""The warning about a stale list is in a plan only where the cloud is followed, and its bytes do not change every day."""

from datetime import date
from pathlib import Path

import pytest

from perimeter365 import Workspace
from perimeter365.model.cloud import Cloud
from perimeter365.model.freshness import ages
from perimeter365.plan.freshness import freshness_warnings
from perimeter365.plan.profile import Profile, parse_profile
from perimeter365.store.store import Store
from tests.cli.test_sync import known

SEEN = date(2026, 1, 10)
PROFILE = '[organization]\nclouds = ["worldwide", "china"]\n[roles]\nclient = ["10.0.0.0/8"]\n'


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A store that follows Worldwide, which was read on SEEN."""
    path = str(tmp_path / "store.sqlite")
    with Store(path) as store:
        store.commit(known(Cloud.WORLDWIDE, "2026010200"))
        store.set_note("sync.seen.worldwide", f"{SEEN}T08:00:00+00:00")
    return path


def stale(place: str, day: int, profile: Profile | None = None) -> list[tuple[str, str]]:
    plan = Workspace(store=place).plan(profile or parse_profile(PROFILE), at=date(2026, 1, day))
    assert "catalog-age" not in {w.code for w in plan.warnings}
    return [(w.id, w.message) for w in plan.warnings if w.code == "stale-catalog"]


@pytest.mark.parametrize(("day", "found"), [(10, 0), (17, 0), (18, 1)])
def test_a_followed_cloud_is_stale_after_seven_days(day: int, found: int, place: str) -> None:
    assert len(stale(place, day)) == found


def test_the_bytes_of_a_plan_change_when_a_cloud_becomes_stale_and_not_each_day(place: str) -> None:
    assert stale(place, 18) == stale(place, 28) == [
        ("worldwide", "upstream was last read on 2026-01-10, more than 7 days before this plan")
    ]  # fmt: skip


def test_the_profile_sets_the_time_and_the_clouds(place: str) -> None:
    assert stale(place, 28, parse_profile(f"{PROFILE}[effective]\nstale = 18\n")) == []
    assert len(stale(place, 28, parse_profile(f"{PROFILE}[effective]\nstale = 17\n"))) == 1
    assert stale(place, 28, parse_profile(PROFILE.replace('"worldwide", ', ""))) == []


def test_without_a_store_a_plan_does_not_depend_on_the_day() -> None:
    plans = {Workspace(catalog="embedded").plan(parse_profile(PROFILE), at=date(2026, 1, day)).to_json() for day in (1, 28)}
    assert len(plans) == 1
    assert "stale-catalog" not in plans.pop()


def test_a_cloud_that_is_not_followed_is_a_note_with_its_age() -> None:
    found = ages({"worldwide": "2026010200", "china": "2025120100"}, {"worldwide": "2026-01-01T00:00:00+00:00"}, SEEN)
    assert [(w.code, w.id, w.message) for w in freshness_warnings(found)] == [
        ("stale-catalog", "worldwide", "upstream was last read on 2026-01-01, more than 7 days before this plan"),
        ("catalog-age", "china", "china 2025120100, not followed, 40 days old"),
    ]


@pytest.mark.parametrize(
    ("value", "problem"), [("0", "0 is not a time"), ("366", "366 is not"), ('"7"', "stale is a string")]
)
def test_other_values_of_stale_are_rejected(value: str, problem: str) -> None:
    with pytest.raises(Exception, match=problem):
        parse_profile(f"{PROFILE}[effective]\nstale = {value}\n")
