"""`plan DIR` with 300 profiles, in a new process: at most 10 s.

    python bench/tenants.py [PROFILES]

The profiles are those of `init --from-scenario msp` and `hybrid`, two to one, with other names. Each gives a line with its
decisions. The time is that of the whole process, with the start of Python and of the processes that it forks.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROFILES = ROOT / "src" / "perimeter365" / "cli" / "profiles"
GOAL = 10.0
"""Seconds."""


def main(count: int = 300) -> bool:
    """Measure and print the result; return True if the goal is reached."""
    kinds = [(PROFILES / f"{name}.toml").read_text("utf-8") for name in ("msp", "msp", "hybrid")]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            text = kinds[number % len(kinds)]
            for tenant in ("alpha", "contoso"):
                text = text.replace(f'tenant = "{tenant}"', f'tenant = "tenant{number}"')
            (Path(folder) / f"tenant{number}.toml").write_text(text, "utf-8")
        start = time.perf_counter()
        command = [sys.executable, "-m", "perimeter365", "plan", folder, "--catalog", "embedded", "--quiet"]
        made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        taken = time.perf_counter() - start
    lines = len(made.stdout.splitlines()) - 1
    print(f"tenants: {lines} of {count} lines in {taken:.1f} s on {os.cpu_count()} processors (goal: at most {GOAL:g} s)")
    return lines == count and taken <= GOAL


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
