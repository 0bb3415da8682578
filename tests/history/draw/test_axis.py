"""Time axes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.history.draw._axis import GLYPHS_ASCII, Axis

DAY = date(2030, 1, 1)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(days, days, days, st.integers(1, 200))
def test_a_day_is_on_the_line_and_later_ones_are_not_before_it(a: date, b: date, c: date, columns: int) -> None:
    first, middle, last = sorted((a, b, c))
    axis = Axis(first, last, columns)
    places = [axis.column(day) for day in (first, middle, last)]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[2] < columns or first == last


@given(days, days, st.integers(1, 40))
def test_dates_are_in_order_and_not_more_than_asked_for(a: date, b: date, most: int) -> None:
    first, last = sorted((a, b))
    found = [day for day, _ in Axis(first, last).ticks(most)]
    assert 1 <= len(found) <= most
    assert found == sorted(set(found))
    assert all(first <= day <= last for day in found)


@given(days, days, st.integers(10, 200))
def test_the_line_of_dates_fits(a: date, b: date, columns: int) -> None:
    line = Axis(min(a, b), max(a, b), columns).line()
    assert line.strip()
    assert len(line) <= columns


@pytest.mark.parametrize(
    ("last", "texts"),
    [
        (date(2036, 1, 1), ["2030", "2032", "2034", "2036"]),
        (date(2030, 12, 31), ["2030-01", "2030-04", "2030-07", "2030-10"]),
        (date(2030, 1, 20), ["2030-01-01", "2030-01-20"]),
        (DAY, ["2030-01-01"]),
    ],
)
def test_long_times_have_years_and_short_ones_days(last: date, texts: list[str]) -> None:
    assert [text for _, text in Axis(DAY, last).ticks(4)] == texts


def on(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("stretches", "line"),
    [
        ([(0, None)], "##########"),
        ([(3, None)], "...#######"),
        ([(0, 4), (7, None)], "####...###"),
        ([(0, 9)], "#########."),
        ([], ".........."),
    ],
)
def test_a_column_is_a_day_where_there_is_room(stretches: list[tuple[int, int | None]], line: str) -> None:
    found = [(on(a), None if b is None else on(b)) for a, b in stretches]
    assert Axis(DAY, on(9), 10).listed(map(on, range(10)), found, GLYPHS_ASCII) == line


def test_a_removal_and_addition_within_a_column_has_its_own_character() -> None:
    found = [(DAY, on(12)), (on(13), None)]
    line = Axis(DAY, on(99), 10).listed(map(on, range(100)), found, GLYPHS_ASCII)
    assert (line.count("+"), line.replace("+", "#")) == (1, "##########")


def test_before_the_first_version_nothing_is_known() -> None:
    assert Axis(DAY, on(9), 10).listed([on(5)], [(on(5), None)], GLYPHS_ASCII) == "     #####"
