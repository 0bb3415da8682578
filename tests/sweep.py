"""Parameters of a sweep: the sharp ones for every run of the tests, the others for `make wide`.

    @pytest.mark.parametrize("case", sweep(CASES, ("drip", "503", "html-with-200")))

A sweep is the product of two lists, or a long list, whose cases mostly repeat one another. Those that `make test` keeps must
find each kind of fault that the whole sweep can find: change the source so that the sweep fails, and see them fail.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import pytest


def sweep(values: Iterable[Any], kept: "Collection[Any] | Callable[[Any], object]") -> list[Any]:
    """Return parameters; those that are not kept have the marker `wide`. A tuple is the values of several arguments."""
    every = list(values)
    keeps = kept if callable(kept) else kept.__contains__
    found = [value if keeps(value) else _wide(value) for value in every]
    if not callable(kept):
        assert not set(kept).difference(every), "a kept value is not in the sweep"
    assert any(keeps(value) for value in every), "the sweep keeps nothing for `make test`"
    return found


def _wide(value: Any) -> Any:
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.wide)
