"""The notes about old and stale lists."""

from datetime import date

import pytest

from perimeter365.cli._age import note_age
from perimeter365.model.day import OLD_AFTER_DAYS
from perimeter365.model.freshness import ages

TODAY = date(2026, 11, 30)
LISTS = {"worldwide": "2026112900", "china": "2026022700", "germany-2021": "2021102900"}


def version_of(days: int) -> str:
    return f"{date.fromordinal(TODAY.toordinal() - days):%Y%m%d}00"


@pytest.mark.parametrize(("days", "noted"), [(OLD_AFTER_DAYS, False), (OLD_AFTER_DAYS + 1, True)])
@pytest.mark.parametrize("chosen", [True, False])
def test_only_an_old_list_is_noted(days: int, noted: bool, chosen: bool, capsys: pytest.CaptureFixture[str]) -> None:
    found = ages({"worldwide": version_of(days), "germany-2021": "2021102900"}, {}, TODAY)
    note_age(found, quiet=False, chosen=chosen)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert (f"{days} days old" in captured.err) is noted


def test_a_fresh_list_of_one_cloud_says_nothing_about_another(capsys: pytest.CaptureFixture[str]) -> None:
    seen = {"china": "2026-11-01T08:00:00+00:00", "worldwide": "2026-11-30T08:00:00+00:00"}
    note_age(ages(LISTS, seen, TODAY), quiet=False)
    assert capsys.readouterr().err.splitlines() == [
        "note: stale-catalog: china 2026022700, read 29 days ago, more than 7 days; `perimeter365 sync` shows the cause"
    ]
    note_age(ages(LISTS, {"worldwide": "2026-11-30T08:00:00+00:00"}, TODAY), quiet=False)
    assert capsys.readouterr().err == "", "china is not followed, so it is of no concern here"


def test_each_chosen_cloud_counts_and_only_the_newest_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    note_age(ages(LISTS, {}, TODAY), quiet=False)
    note_age(ages(LISTS, {}, TODAY, ["worldwide"]), quiet=False, chosen=True)
    note_age(ages(LISTS, {}, TODAY, ["germany-2021"]), quiet=False, chosen=True)
    note_age(ages(LISTS, {}, TODAY, ["china"]), quiet=True, chosen=True)
    assert capsys.readouterr().err == ""
    note_age(ages(LISTS, {}, TODAY), quiet=False, chosen=True)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("note: catalog-age: china 2026022700, not followed, 276 days old")


@pytest.mark.parametrize(("stale", "noted"), [(9, False), (8, True)])
def test_a_followed_cloud_is_noted_by_its_last_look(stale: int, noted: bool, capsys: pytest.CaptureFixture[str]) -> None:
    seen = {"china": "2026-11-21T08:00:00+00:00", "worldwide": "2026-11-30T08:00:00+00:00"}
    note_age(ages(LISTS, seen, TODAY), quiet=False, chosen=True, stale=stale)
    err = capsys.readouterr().err
    assert ("note: stale-catalog: china 2026022700, read 9 days ago" in err) is noted
    assert "worldwide" not in err
