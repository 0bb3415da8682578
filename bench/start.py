"""The cold start of `lookup`: a whole process, against an interpreter that does nothing. Goal: at most 5 times.

    python bench/start.py [PAIRS]

The two are started in turns, so that whatever else the machine does falls on both; the figure is the median of the
ratios of the pairs (default 41).
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

GOAL = 5.0
BARE = [sys.executable, "-c", "pass"]
LOOKUP = [str(Path(sys.executable).with_name("perimeter365")), "lookup", "52.112.0.5"]


def seconds(command: list[str]) -> float:
    """How long a process takes from its start to its end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(pairs: int = 41) -> bool:
    """Measure and print; returns whether the goal is reached."""
    seconds(LOOKUP)  # warm the file cache and write the byte code
    bare, lookup = [], []
    for _ in range(pairs):
        bare.append(seconds(BARE))
        lookup.append(seconds(LOOKUP))
    ratio = statistics.median(b / a for a, b in zip(bare, lookup, strict=True))
    print(
        f"start: lookup {1000 * statistics.median(lookup):.1f} ms, bare Python {1000 * statistics.median(bare):.1f} ms, "
        f"ratio {ratio:.2f} (goal: at most {GOAL:g})"
    )
    return ratio <= GOAL


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
