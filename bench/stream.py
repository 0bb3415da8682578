"""Time of `lookup -` for 20,000 addresses, as a whole process.

Goal: at most 2 seconds. Half of the addresses are in or next to listed prefixes.

    python bench/stream.py [RUNS]

The result is the median of the runs (default 5).
"""

import random
import statistics
import subprocess
import sys
import time
from ipaddress import ip_address
from pathlib import Path

GOAL = 2.0
COUNT = 20_000
LOOKUP = [str(Path(sys.executable).with_name("perimeter365")), "lookup", "-"]


def addresses() -> bytes:
    """Return the input, the same at each call."""
    source = random.Random(1)
    near = ("52.112.", "52.127.", "40.104.", "13.107.")
    lines = []
    for number in range(COUNT):
        if number % 2:
            lines.append(f"{source.choice(near)}{source.randrange(256)}.{source.randrange(256)}")
        else:
            lines.append(str(ip_address(source.randrange(1 << 24, 223 << 24))))
    return "\n".join(lines).encode()


def main(runs: int = 5) -> bool:
    """Measure and print the results; return True if the goal is reached."""
    content, times = addresses(), []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(LOOKUP, input=content, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    result = statistics.median(times)
    print(f"stream: {COUNT:,} addresses in {result:.2f} s (goal: at most {GOAL:g} s)")
    return result <= GOAL


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
