"""Days in the form YYYY-MM-DD."""

from datetime import date

import pytest

from perimeter365.model.day import parse_day


def test_a_day_has_one_form() -> None:
    assert parse_day("2030-06-15") == date(2030, 6, 15)


@pytest.mark.parametrize("text", ["", "tomorrow", "20300615", "2030-W24-6", "2030-166", "2030-02-30", "2030-6-15"])
def test_other_text_is_rejected_with_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day") as caught:
        parse_day(text)
    assert repr(text) in str(caught.value)
