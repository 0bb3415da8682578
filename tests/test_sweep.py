"""Which parameters of a sweep run in `make test`."""

import pytest

from tests.sweep import sweep


def test_values_that_are_not_kept_are_wide() -> None:
    one, two, three = sweep("abc", "b")
    assert (two, one.values, three.values) == ("b", ("a",), ("c",))
    assert [mark.name for each in (one, three) for mark in each.marks] == ["wide", "wide"]


def test_a_tuple_is_the_values_of_several_arguments() -> None:
    kept, wide = sweep([("a", 1), ("b", 1)], lambda each: each[0] == "a")
    assert (kept, wide.values) == (("a", 1), ("b", 1))


@pytest.mark.parametrize("kept", ["d", "", lambda _: False], ids=["unknown", "none", "no value"])
def test_a_sweep_keeps_some_of_its_values(kept: object) -> None:
    with pytest.raises(AssertionError):
        sweep("abc", kept)  # type: ignore[arg-type]
