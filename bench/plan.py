"""The plan and all targets of two profiles, each in a new process.

    profile                                   at most
    examples/contoso.toml                     1 s, 100 MB
    tests/targets/cases/all-scenarios.toml    3 s, 200 MB

    python bench/plan.py [ROUNDS]

A round is a new interpreter that imports the package, reads the catalog and the profile, makes the plan and renders all
targets like `render all`; a case has the options that tests/targets/cases/styles.toml gives it. The time is the median of
the rounds (default 5), the memory the largest peak of resident memory. An extra first round compiles the modules, as an
installation by pip does. The start-up time of Python is also printed, as a measure of the speed and load of the machine; the
goals do not depend on it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "targets" / "cases"
GOALS = {
    ROOT / "examples" / "contoso.toml": (1.0, 100.0),
    CASES / "all-scenarios.toml": (3.0, 200.0),
}
"""Profile -> seconds, megabytes."""

ROUND = """
import json, resource, sys, time
given = json.loads(sys.argv[2])
start = time.perf_counter()
from perimeter365 import load_catalog, load_profile, make_plan
from perimeter365.targets import targets
from perimeter365.targets.many import Styles, render_many
plan = make_plan(load_catalog(), load_profile(sys.argv[1]))
needed = {name: {k: o.example.strip("'") for k, o in t.options.items() if o.default is None} for name, t in targets.items()}
options = {name: {**needed[name], **given.get(name, {})} for name in targets}
many = render_many(plan, targets, Styles(options=options))
assert not many.failures, many.failures
size = sum(len(artifact.content) for rendered in many.rendered for artifact in rendered.artifacts)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(targets), size)
"""


def main(rounds: int = 5) -> bool:
    """Measure and print the results; return True if the goals are reached."""
    with tempfile.TemporaryDirectory() as compiled:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled
        reached = [_measure(profile, *goal, rounds, environment) for profile, goal in GOALS.items()]
    return all(reached)


def _measure(profile: Path, seconds: float, megabytes: float, rounds: int, environment: dict[str, str]) -> bool:
    styles = tomllib.loads((CASES / "styles.toml").read_text("utf-8")).get(profile.stem, {})
    command = [sys.executable, "-c", ROUND, str(profile), json.dumps(styles)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    taken, memory, starts = [], [], []
    count = size = "0"
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        starts.append(time.perf_counter() - began)
        made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
        first, second, count, size = made.stdout.split()
        taken.append(float(first))
        memory.append(float(second))
    print(
        f"plan: {profile.name}, {count} targets, {int(size) / 1e6:.2f} MB of artifacts in {statistics.median(taken):.2f} s "
        f"(goal: at most {seconds:g} s), peak {max(memory):.0f} MB (goal: at most {megabytes:g} MB); "
        f"bare Python starts in {1000 * statistics.median(starts):.1f} ms"
    )
    return statistics.median(taken) <= seconds and max(memory) <= megabytes


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
