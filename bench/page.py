"""Parsing of the page of other endpoints.

Goal: at most 100 ms without start-up.

    python bench/page.py [ROUNDS]

For each recorded copy of the page, measure `extract` after its imports. Results are medians of the rounds (default 15).
Needs the reference data folder; without it, nothing is measured.
"""

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from perimeter365.sources.page.reader import extract

DATA = Path(__file__).resolve().parents[2] / "shared" / "page"
GOAL = 0.100


def median(call: Callable[[], object], rounds: int) -> float:
    """Measure a call in seconds; return the median of the rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(rounds: int = 15) -> bool:
    """Measure and print the results; return True if the goal is reached."""
    pages = sorted(DATA.glob("other-endpoints-page.*"))
    if not pages:
        print(f"page: nothing to measure without {DATA}")
        return True
    reached = True
    for path in pages:
        data = path.read_bytes()
        seconds = median(partial(extract, data), rounds)
        print(f"page: {path.name}: {1000 * seconds:.1f} ms (goal: at most {1000 * GOAL:.0f} ms)")
        reached = reached and seconds <= GOAL
    return reached


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
