"""Sets of integers as sorted intervals, the basis of prefix sets and port sets.

A set is one flat tuple of half-open bounds, (start, end, start, end, …), in strictly ascending order: intervals are
sorted, disjoint and not adjacent. Equal sets are therefore equal tuples, and a number is in the set if an odd number of
bounds is less than or equal to it.

    >>> union((0, 4), (4, 6, 10, 20))
    (0, 6, 10, 20)
    >>> difference((0, 6, 10, 20), (2, 12))
    (0, 2, 12, 20)
    >>> check((0, 4, 4, 8), 0, 32)
    Traceback (most recent call last):
    ValueError: bounds must ascend strictly and come in pairs

Only `check` validates bounds; the other functions assume that they are valid. They are functions on tuples, not methods,
since start-up and planning call them tens of thousands of times.
"""

from bisect import bisect_right
from itertools import pairwise

Bounds = tuple[int, ...]
"""Half-open bounds: (start, end, start, end, …), strictly ascending; () is the empty set."""


def check(bounds: Bounds, low: int, high: int) -> None:
    """Raise ValueError unless the bounds are valid and within [low, high)."""
    if len(bounds) % 2 or any(a >= b for a, b in pairwise(bounds)):
        raise ValueError("bounds must ascend strictly and come in pairs")
    if bounds and (bounds[0] < low or bounds[-1] > high):
        raise ValueError(f"bounds must lie from {low} to {high}")


def merge(starts: list[int], ends: list[int]) -> Bounds:
    """Merge half-open intervals.

    They may overlap and be in any order. Both lists are sorted in place.

    With starts and ends sorted separately, there is a gap after the n-th end if and only if the next start is greater:
    then n intervals have begun and all n have ended. Sorting numbers is much faster than sorting pairs.
    """
    if not starts:
        return ()
    starts.sort()
    ends.sort()
    out = [starts[0]]
    for end, start in zip(ends, starts[1:], strict=False):
        if start > end:
            out += (end, start)
    out.append(ends[-1])
    return tuple(out)


def union(a: Bounds, b: Bounds) -> Bounds:
    """Return the union of two sets."""
    # Each list is two sorted runs, which Python's sort merges in linear time.
    return merge([*a[::2], *b[::2]], [*a[1::2], *b[1::2]]) if a and b else a or b


def intersection(a: Bounds, b: Bounds) -> Bounds:
    """Return the intersection of two sets."""
    if not a or not b:
        return ()
    i, j = bisect_right(a, b[0]) & -2, bisect_right(b, a[0]) & -2  # skip intervals that end before the other set begins
    out: list[int] = []
    while i < len(a) and j < len(b):
        first = a[i] if a[i] > b[j] else b[j]  # noqa: FURB136 (max() takes three times as long in this inner loop)
        if a[i + 1] < b[j + 1]:
            end = a[i + 1]
            i += 2
        else:
            end = b[j + 1]
            j += 2
        if first < end:
            out += (first, end)
    return tuple(out)


def difference(a: Bounds, b: Bounds) -> Bounds:
    """Return the elements of `a` that are not in `b`."""
    if not a or not b:
        return a
    # One more bound at each end turns `b` into its complement within the range of `a`.
    return intersection(a, (min(a[0], b[0]), *b, max(a[-1], b[-1])))


def complement(a: Bounds, low: int, high: int) -> Bounds:
    """Return the integers in [low, high) that are not in `a`."""
    return difference((low, high), a)


def size(a: Bounds) -> int:
    """Return the number of integers in a set."""
    return sum(a[1::2]) - sum(a[::2])


def contains(a: Bounds, first: int, last: int) -> bool:
    """Return True if every integer from `first` to `last` is in the set."""
    i = bisect_right(a, first)
    return bool(i & 1) and last < a[i]


def overlaps_range(a: Bounds, first: int, last: int) -> bool:
    """Return True if any integer from `first` to `last` is in the set."""
    i = bisect_right(a, first)
    return bool(i & 1) or (i < len(a) and a[i] <= last)


def is_subset(a: Bounds, b: Bounds) -> bool:
    """Return True if every integer of `a` is in `b`."""
    at = 0
    for i in range(0, len(a), 2):
        at = bisect_right(b, a[i], at)
        if not at & 1 or a[i + 1] > b[at]:
            return False
    return True


def overlaps(a: Bounds, b: Bounds) -> bool:
    """Return True if two sets have an integer in common."""
    few, many = (a, b) if len(a) < len(b) else (b, a)
    for i in range(0, len(few), 2):
        at = bisect_right(many, few[i])
        if at & 1 or (at < len(many) and many[at] < few[i + 1]):
            return True
    return False


def pairs(a: Bounds) -> list[tuple[int, int]]:
    """Return the intervals as inclusive (first, last) pairs."""
    return [(a[i], a[i + 1] - 1) for i in range(0, len(a), 2)]
