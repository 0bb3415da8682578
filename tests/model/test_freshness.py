"""The age of a list is that of one cloud, and depends on whether it is followed."""

from datetime import date

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.day import OLD_AFTER_DAYS
from perimeter365.model.freshness import CloudAge, ages

TODAY = date(2026, 11, 30)
LISTS = {"worldwide": "2026080200", "china": "2026022700", "germany-2021": "2021102900"}


def test_each_cloud_has_its_own_age() -> None:
    seen = {"worldwide": "2026-11-20T23:59:59+00:00"}
    worldwide, china, closed = ages(LISTS, seen, TODAY)
    assert (worldwide.followed, worldwide.days, worldwide.stale(), worldwide.old) == (True, 10, True, False)
    assert (china.followed, china.days, china.stale(), china.old) == (False, 276, False, True)
    assert (closed.days, closed.stale(), closed.old) == (None, False, False)
    assert str(closed) == "germany-2021 2021102900, closed on 2021-10-29"


def test_only_the_clouds_of_a_profile_count() -> None:
    assert [age.cloud for age in ages(LISTS, {}, TODAY, ["china"])] == [Cloud.CHINA]


@pytest.mark.parametrize(("seen", "stale"), [("2026-11-23", False), ("2026-11-22", True), ("2026-12-24", False)])
def test_a_followed_cloud_is_stale_after_a_week_whatever_its_version(seen: str, stale: bool) -> None:
    assert CloudAge(Cloud.CHINA, "2018063000", date.fromisoformat(seen), TODAY).stale() is stale
    assert not CloudAge(Cloud.CHINA, "2018063000", date.fromisoformat(seen), TODAY).old


@pytest.mark.parametrize(("days", "old"), [(OLD_AFTER_DAYS, False), (OLD_AFTER_DAYS + 1, True)])
def test_a_list_that_is_not_followed_is_as_old_as_its_version(days: int, old: bool) -> None:
    day = date.fromordinal(TODAY.toordinal() - days)
    age = CloudAge(Cloud.CHINA, f"{day:%Y%m%d}00", None, TODAY)
    assert (age.old, age.stale(1)) == (old, False)


def test_a_version_without_a_day_has_no_age() -> None:
    age = CloudAge(Cloud.named("newland"), "0000000000", None, TODAY)
    assert (age.days, age.old, age.stale(), str(age)) == (None, False, False, "newland 0000000000")
