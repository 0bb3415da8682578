"""The recorded lists of the reference data, as series of states."""

import itertools
from functools import cache

from perimeter365.history.load import read_recorded_lists
from perimeter365.model.state import State
from tests.history.oracle import reference


@cache
def recorded() -> tuple[list[State], ...]:
    """The recorded states of each series of the reference data, oldest first."""
    series = []
    for folder in ("history", "docs-series"):
        found, _ = read_recorded_lists(reference(folder))
        for _, group in itertools.groupby(sorted(found, key=lambda s: (s.cloud, s.version)), key=lambda s: s.cloud):
            series.append(list(group))
    return tuple(series)
