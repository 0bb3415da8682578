"""The algebra of intervals, against sets of integers.

The numbers are small, so that intervals are often adjacent, overlapping or equal. Each law is checked for every integer.
"""

from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from perimeter365.model import intervals
from perimeter365.model.intervals import Bounds

LOW, HIGH = 0, 48
SPACE = frozenset(range(LOW, HIGH))
numbers = st.frozensets(st.integers(LOW, HIGH - 1), max_size=HIGH)
spans = st.lists(st.tuples(st.integers(LOW, HIGH - 1), st.integers(1, 9)).map(lambda t: (t[0], min(t[0] + t[1], HIGH))))
sets = st.one_of(numbers, spans.map(lambda found: frozenset(n for a, b in found for n in range(a, b))))


def bounds_of(some: frozenset[int]) -> Bounds:
    """Return the bounds of a set: the numbers at which membership changes."""
    return tuple(n for n in range(LOW, HIGH + 1) if (n in some) != (n - 1 in some))


def members(bounds: Bounds) -> frozenset[int]:
    """Check that bounds are strictly ascending pairs, and return their integers."""
    assert len(bounds) % 2 == 0
    assert list(bounds) == sorted(set(bounds))
    return frozenset(n for a, b in zip(bounds[::2], bounds[1::2], strict=True) for n in range(a, b))


@given(sets, sets)
@example(frozenset(), frozenset())
@example(SPACE, frozenset())
@example(SPACE, SPACE)
@example(frozenset({0, 1}), frozenset({2, 3}))
def test_the_operations_are_those_of_sets(a: frozenset[int], b: frozenset[int]) -> None:
    left, right = bounds_of(a), bounds_of(b)
    assert members(intervals.union(left, right)) == a | b
    assert members(intervals.intersection(left, right)) == a & b
    assert members(intervals.difference(left, right)) == a - b


@given(sets, st.integers(LOW - 3, HIGH + 3), st.integers(0, HIGH))
def test_the_complement_is_within_the_limits(a: frozenset[int], low: int, width: int) -> None:
    high = low + width + 1
    assert members(intervals.complement(bounds_of(a), low, high)) == frozenset(range(low, high)) - a


@given(sets, sets)
@example(frozenset({5}), frozenset({5}))
@example(frozenset({4, 6}), frozenset({5}))
def test_the_comparisons_are_those_of_sets(a: frozenset[int], b: frozenset[int]) -> None:
    left, right = bounds_of(a), bounds_of(b)
    assert intervals.is_subset(left, right) == (a <= b)
    assert intervals.overlaps(left, right) == bool(a & b)
    assert (left == right) == (a == b)
    assert bool(left) == bool(a)


@given(sets, st.integers(LOW - 1, HIGH), st.integers(0, 9))
def test_membership_is_that_of_sets(a: frozenset[int], first: int, more: int) -> None:
    bounds, span = bounds_of(a), frozenset(range(first, first + more + 1))
    assert intervals.contains(bounds, first, first + more) == (span <= a)
    assert intervals.overlaps_range(bounds, first, first + more) == bool(span & a)
    assert intervals.size(bounds) == len(a)


@given(spans, st.randoms())
def test_merging_gives_the_fewest_intervals_in_any_order(found: list[tuple[int, int]], chance: Random) -> None:
    expected = frozenset(n for a, b in found for n in range(a, b))
    merged = intervals.merge([a for a, _ in found], [b for _, b in found])
    assert merged == bounds_of(expected)
    chance.shuffle(found)
    assert intervals.merge([a for a, _ in found], [b for _, b in found]) == merged


@given(sets)
def test_pairs_are_inclusive_and_give_the_same_set(a: frozenset[int]) -> None:
    found = intervals.pairs(bounds_of(a))
    assert frozenset(n for first, last in found for n in range(first, last + 1)) == a
    assert intervals.merge([first for first, _ in found], [last + 1 for _, last in found]) == bounds_of(a)
    intervals.check(bounds_of(a), LOW, HIGH)
