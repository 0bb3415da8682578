"""The algebra of port sets, against sets of numbers."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.model.ports import PortSet

LAST = 40
ranges = st.lists(
    st.tuples(st.integers(1, LAST), st.integers(0, 8)).map(lambda t: (t[0], min(t[0] + t[1], LAST))), max_size=8
)


def numbers(some: list[tuple[int, int]]) -> set[int]:
    return {p for a, b in some for p in range(a, b + 1)}


@given(ranges, ranges)
def test_the_algebra_and_order_are_those_of_sets(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    left, right = PortSet(a), PortSet(b)
    assert numbers(list(left | right)) == numbers(a) | numbers(b)
    assert numbers(list(left & right)) == numbers(a) & numbers(b)
    assert numbers(list(left - right)) == numbers(a) - numbers(b)
    assert numbers(list(left.complement())) == set(range(1, 65536)) - numbers(a)
    assert (left <= right) == (numbers(a) <= numbers(b))
    assert (left == right) == (numbers(a) == numbers(b))
    assert left.overlaps(right) == right.overlaps(left) == bool(numbers(a) & numbers(b))


@given(ranges)
def test_a_port_set_has_its_ports_in_the_fewest_ranges(some: list[tuple[int, int]]) -> None:
    ports = PortSet(some)
    assert [p for p in range(1, LAST + 2) if p in ports] == sorted(numbers(some))
    assert len(ports) == ports.size == len(numbers(some))
    assert bool(ports) == bool(some)
    flat = [end for pair in ports for end in pair]
    assert flat == sorted(flat)
    assert all(b + 1 < c for (_, b), (c, _) in zip(ports.ranges, ports.ranges[1:], strict=False))


@given(ranges, st.randoms())
def test_text_in_any_order_gives_the_same_set(some: list[tuple[int, int]], chance: Random) -> None:
    parts = [f"{a}-{b}" if a != b else str(a) for a, b in some]
    chance.shuffle(parts)
    assert PortSet.parse(",".join(parts)) == PortSet(some)
    assert PortSet.parse(str(PortSet(some))) == PortSet(some)
