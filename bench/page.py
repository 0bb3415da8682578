"""Parsing of the page of other endpoints in a child process.

Goal: at most 100 ms without start-up.

    python bench/page.py [ROUNDS]

For each recorded copy of the page, measure `extract` after its imports: with the child process of this platform (a fork on
Linux, a new interpreter elsewhere), with a new interpreter, and in this process. Results are medians of the rounds
(default 15). The goal applies to the child process of this platform. Needs the reference data folder; without it, nothing
is measured.
"""

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from perimeter365.sources import _child, learn_page

DATA = Path(__file__).resolve().parents[2] / "shared" / "page"
GOAL = 0.100
LIMITS = (10.0, _child.CPU_SECONDS, _child.MEMORY)


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
        text = learn_page.decoded(data)
        body = b"-\n" + text.encode()
        here = median(partial(learn_page.parse, text), rounds)
        whole = median(partial(learn_page.extract, data), rounds)
        spawned = median(partial(_child.spawn, learn_page.__name__, "read", body, *LIMITS), rounds)
        way = "fork" if _child.alone() else "new interpreter"
        print(
            f"page: {path.name}: {1000 * whole:.1f} ms by {way} (goal: at most {1000 * GOAL:.0f} ms), "
            f"{1000 * spawned:.1f} ms by new interpreter, {1000 * here:.1f} ms in this process"
        )
        reached = reached and whole <= GOAL
    return reached


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
