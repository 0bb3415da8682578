"""Runs every benchmark of this folder, one after the other, and says which goals are missed.

    python -m bench [NAME...]

A benchmark is a file here: run as a script it prints a line with its figures beside its goal, and exits 0 when the goal
is reached.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """Run them; returns 0 when every goal is reached."""
    names = names or sorted(p.stem for p in HERE.glob("[a-z]*.py") if p.stem != "__main__")
    missed = [name for name in names if subprocess.run([sys.executable, HERE / f"{name}.py"], check=False).returncode]
    print(f"missed: {', '.join(missed)}" if missed else "every goal is reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
