"""Intervals: what the functions take and give at the edges. The laws are in tests/properties/test_intervals.py."""

import pytest

from perimeter365.model import intervals


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [
        ((1,), "pairs"),
        ((1, 2, 3), "pairs"),
        ((5, 5), "ascend"),
        ((6, 5), "ascend"),
        ((0, 4, 4, 8), "ascend"),
        ((0, 4, 2, 8), "ascend"),
        ((-1, 4), "from 0 to 32"),
        ((0, 33), "from 0 to 32"),
    ],
)
def test_what_is_no_set_within_the_limits_is_refused(bounds: tuple[int, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        intervals.check(bounds, 0, 32)


def test_what_is_a_set_within_the_limits_passes() -> None:
    for bounds in ((), (0, 32), (0, 1, 2, 3), (31, 32)):
        intervals.check(bounds, 0, 32)


def test_intervals_that_touch_become_one() -> None:
    assert intervals.merge([4, 0], [8, 4]) == (0, 8)
    assert intervals.union((0, 4), (4, 8)) == (0, 8)
    assert intervals.union((0, 4), (5, 8)) == (0, 4, 5, 8)


def test_intervals_that_touch_do_not_overlap() -> None:
    assert intervals.intersection((0, 4), (4, 8)) == ()
    assert not intervals.overlaps((0, 4), (4, 8))
    assert not intervals.overlaps_range((0, 4), 4, 7)
    assert intervals.overlaps_range((0, 4), 3, 7)


def test_the_empty_set_has_no_members_and_is_in_every_set() -> None:
    assert intervals.size(()) == 0
    assert intervals.pairs(()) == []
    assert not intervals.contains((), 0, 0)
    assert not intervals.overlaps_range((), 0, 1 << 128)
    assert intervals.is_subset((), ())
    assert intervals.is_subset((), (1, 2))
    assert not intervals.is_subset((1, 2), ())
    assert intervals.complement((), 1, 65536) == (1, 65536)
    assert intervals.complement((1, 65536), 1, 65536) == ()


def test_a_complement_ends_at_its_limits() -> None:
    assert intervals.complement((0, 10, 90, 120), 5, 100) == (10, 90)
    assert intervals.complement((0, 10), 20, 30) == (20, 30)


def test_pairs_name_the_first_and_the_last() -> None:
    assert intervals.pairs((80, 81, 443, 446)) == [(80, 80), (443, 445)]


def test_large_integers_stay_exact() -> None:
    everything = (0, 1 << 128)
    assert intervals.size(intervals.difference(everything, ((1 << 127) + 1, (1 << 127) + 2))) == (1 << 128) - 1
