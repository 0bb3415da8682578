"""Print where the seconds of a run go: `make slow`.

A plugin of pytest (`-p tests.times`). At the end it lists the folders, and the files and functions that took most. The
cases of a function count together: a sweep of many fast cases is as slow as one slow test.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import pytest

MOST = 40

_seconds: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid] += report.duration  # type: ignore[assignment]  # a Counter of floats


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for title, lines in tables(_seconds):
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.line(line)


def tables(seconds: Mapping[str, float]) -> Iterator[tuple[str, list[str]]]:
    """Yield a title and lines, for the id of each test with its seconds."""
    yield "seconds of folders", list(_lines(seconds, lambda test: test.split("::")[0].rpartition("/")[0]))
    yield "seconds of files", list(_lines(seconds, lambda test: test.split("::")[0]))[:MOST]
    yield "seconds of functions", list(_lines(seconds, lambda test: test.partition("[")[0]))[:MOST]


def _lines(seconds: Mapping[str, float], group: Callable[[str], str]) -> Iterable[str]:
    sums: Counter[str] = Counter()
    for test, each in seconds.items():
        sums[group(test)] += each  # type: ignore[assignment]
    counts = Counter(map(group, seconds))
    return (f"{total:8.1f} s {counts[name]:6} tests  {name}" for name, total in sums.most_common())
