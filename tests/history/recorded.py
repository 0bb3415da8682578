"""The recorded lists of the reference data, as series of states."""

import itertools
from dataclasses import replace
from functools import cache

from perimeter365.history.load import read_recorded_lists
from perimeter365.model.host import HostPattern
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import Version
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


@cache
def flap() -> list[State]:
    """The state before, during and after the flap of July 2026."""
    states, _ = read_recorded_lists(reference("history"))
    newest = max(states, key=lambda s: s.version)
    lists = [set(path.read_text("utf-8").split()) for path in sorted(reference("flap").glob("urls-*.txt"))]
    gone = {HostPattern(text) for text in lists[0] - lists[1]}
    assert len(gone) == 3
    left = [(s, tuple(h for h in s.hosts if h not in gone)) for s in newest.sets]
    during = [replace(s, hosts=hosts) for s, hosts in left if hosts or s.prefixes]
    return [newest, replace(newest, version=Version("2026073101"), sets=tuple(during), origin=RECORDED), newest]
