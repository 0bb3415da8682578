"""Days out of versions, and out of what a person writes."""

from datetime import date

import pytest

from perimeter365.model.day import parse_day, version_day


@pytest.mark.parametrize(
    ("version", "day"),
    [
        ("2018070100", date(2018, 7, 1)),
        ("2024022903", date(2024, 2, 29)),
        ("2023022900", None),  # no leap year
        ("0000000000", None),
        ("9999999999", None),
        ("", None),
    ],
)
def test_a_version_begins_with_a_day_or_with_none(version: str, day: date | None) -> None:
    assert version_day(version) == day


def test_a_day_is_written_in_one_way() -> None:
    assert parse_day("2030-06-15") == date(2030, 6, 15)


@pytest.mark.parametrize("text", ["", "tomorrow", "20300615", "2030-W24-6", "2030-166", "2030-02-30", "2030-6-15"])
def test_what_is_no_day_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day") as caught:
        parse_day(text)
    assert repr(text) in str(caught.value)
