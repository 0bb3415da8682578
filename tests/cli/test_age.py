"""The age of a catalog, and the note about an old one."""

from datetime import date

import pytest

from perimeter365.cli._age import age, note_age
from perimeter365.model.day import OLD_AFTER_DAYS


@pytest.mark.parametrize(
    ("version", "days"),
    [("2026080200", 112), ("2026112100", 1), ("2026112201", 0), ("0000000000", None), ("9999999999", None)],
)
def test_age_counts_days_since_the_version(version: str, days: int | None) -> None:
    assert age(version, date(2026, 11, 22)) == days


def version_of(days: int) -> str:
    return f"{date.fromordinal(date.today().toordinal() - days):%Y%m%d}00"  # noqa: DTZ011


@pytest.mark.parametrize(("days", "noted"), [(OLD_AFTER_DAYS, False), (OLD_AFTER_DAYS + 1, True)])
def test_only_an_old_catalog_is_noted(days: int, noted: bool, capsys: pytest.CaptureFixture[str]) -> None:
    note_age({"worldwide": version_of(days), "germany": "2021102900"}, quiet=False)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert (f"{days} days old" in captured.err) is noted


def test_the_newest_list_counts_and_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    note_age({"worldwide": version_of(1), "china": version_of(900)}, quiet=False)
    note_age({"worldwide": version_of(900)}, quiet=True)
    note_age({"germany": "2021102900"}, quiet=False)
    assert capsys.readouterr().err == ""
