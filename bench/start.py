"""Start-up time of `lookup`, against an empty Python process.

Goal: at most 5 times as long.

    python bench/start.py [PAIRS]

Both are started alternately, so that other load affects both; the result is the median of the ratios of the pairs
(default 41).
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
    """Measure a process from start to end, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(pairs: int = 41) -> bool:
    """Measure and print the results; return True if the goal is reached."""
    seconds(LOOKUP)  # fill the file cache and write the bytecode
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
