"""Bounds of what is kept, for any order of requests."""

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.web.answers import Kept


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30), st.integers(1, 50))))
def test_a_table_never_exceeds_its_bounds_and_never_returns_another_value(steps: list[tuple[bool, int, int]]) -> None:
    kept, last = Kept[int, tuple[int, int]](most=5, weight=100, weigh=lambda value: value[1]), {}
    for put, key, weight in steps:
        if put:
            last[key] = (key, weight)
            kept.put(key, last[key])
        else:
            assert kept.get(key) in (None, last.get(key))
        assert len(kept) <= 10
        assert sum(weight for _, weight in kept.recent().values()) <= 2 * 100


def test_what_is_asked_for_regularly_stays_while_others_come() -> None:
    kept = Kept[int, int](most=100)
    kept.put(-1, -1)
    for number in range(20_000):
        kept.put(number, number)
        if number % 90 == 0:
            assert kept.get(-1) == -1
    assert kept.get(0) is None
