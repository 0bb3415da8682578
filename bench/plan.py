"""The plan of examples/contoso.toml and every target, in one fresh process. Goals: at most 1 s, at most 100 MB of memory.

    python bench/plan.py [ROUNDS]

A round is a new interpreter that imports everything, reads the catalog and the profile, makes the plan and renders
all targets; the time is the median of the rounds (default 7), the memory the largest peak of resident memory.
"""

import statistics
import subprocess
import sys
from pathlib import Path

SECONDS, MEGABYTES = 1.0, 100.0
PROFILE = Path(__file__).parent.parent / "examples" / "contoso.toml"

ROUND = """
import resource, sys, time
start = time.perf_counter()
from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.targets import targets
plan = make_plan(load_catalog(), load_profile(sys.argv[1]))
size = sum(len(a.content) for name in targets for a in render(plan, name).artifacts)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(targets), size)
"""


def main(rounds: int = 7) -> bool:
    """Measure and print; returns whether the goals are reached."""
    seconds, memory, count, size = [], [], 0, 0
    for _ in range(rounds):
        made = subprocess.run([sys.executable, "-c", ROUND, str(PROFILE)], check=True, stdout=subprocess.PIPE, text=True)
        first, second, third, fourth = made.stdout.split()
        seconds.append(float(first))
        memory.append(float(second))
        count, size = int(third), int(fourth)
    print(
        f"plan: {count} targets, {size / 1e6:.2f} MB of artifacts in {statistics.median(seconds):.2f} s "
        f"(goal: at most {SECONDS:g} s), peak {max(memory):.0f} MB (goal: at most {MEGABYTES:g} MB)"
    )
    return statistics.median(seconds) <= SECONDS and max(memory) <= MEGABYTES


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
