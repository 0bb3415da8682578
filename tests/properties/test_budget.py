"""The prefix budget, against brute force in a space of 32 addresses."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.budget import cover

BITS = 5  # the top bits of IPv4 represent the whole space
SHIFT = 32 - BITS
ALL = [(length, index) for length in range(BITS + 1) for index in range(1 << length)]
HOLDS = {(n, i): frozenset(range(i << (BITS - n), (i + 1) << (BITS - n))) for n, i in ALL}


def brute(needed: frozenset[int], most: int) -> int:
    """Return the least extra space of all choices of at most `most` prefixes."""
    useful = [p for p in ALL if HOLDS[p] & needed]
    sizes = [
        len(frozenset().union(*(HOLDS[p] for p in chosen)) - needed)
        for count in range(1, most + 1)
        for chosen in combinations(useful, count)
        if needed <= frozenset().union(*(HOLDS[p] for p in chosen))
    ]
    return min(sizes)


@settings(max_examples=60, deadline=None)
@given(st.frozensets(st.integers(0, (1 << BITS) - 1), min_size=1, max_size=6), st.integers(1, 3))
def test_no_choice_of_prefixes_has_less_extra_space(needed: frozenset[int], most: int) -> None:
    space = PrefixSet.of(Prefix(4, i << SHIFT, BITS) for i in needed)
    found = cover(space, 4, most)
    assert found.extra == brute(needed, most) << SHIFT
    assert len(found.prefixes) <= most
    covered = PrefixSet.of(found.prefixes)
    assert space <= covered
    assert covered.size(4) - space.size(4) == found.extra


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 8)), min_size=1, max_size=12), st.integers(1, 12))
def test_the_curve_agrees_with_each_budget(parts: list[tuple[int, int]], most: int) -> None:
    space = PrefixSet.of(Prefix(6, i >> (8 - n) << (8 - n) << 120, n) for i, n in parts)
    curve = dict(cover(space, 6).curve)
    assert cover(space, 6, most).extra == min(extra for count, extra in curve.items() if count <= most)
