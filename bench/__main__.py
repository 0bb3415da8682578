"""Run the benchmarks of this folder, and list the goals that are missed.

    python -m bench [NAME...]

Each benchmark is a script that prints its results and goals, and exits 0 if the goals are reached.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """Run benchmarks; return 0 if every goal is reached."""
    names = names or sorted(p.stem for p in HERE.glob("[a-z]*.py") if p.stem != "__main__")
    missed = [name for name in names if subprocess.run([sys.executable, HERE / f"{name}.py"], check=False).returncode]
    print(f"missed: {', '.join(missed)}" if missed else "every goal is reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
