"""The store with the 40 recorded Worldwide lists.

Goals: import 5 s, diff 50 ms, history 20 ms.

    python bench/history.py [ROUNDS]

Import is the time of the whole process `perimeter365 import history` with a new store. `diff` and `history` exclude
start-up: each round is a new interpreter that imports the modules of the command, and then measures `main`, including
opening the store. Results are medians of the rounds (default 7). The time of the whole process is also printed. Needs the
reference data folder; without it, nothing is measured.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "web-service" / "history"
PROGRAM = str(Path(sys.executable).with_name("perimeter365"))

GOALS = {
    ("import", "history", str(DATA)): 5.0,
    ("diff", "2023080600", "2023090300"): 0.050,
    ("diff", "2020080100", "2026080200"): 0.050,
    ("history", "2603:1063::/38"): 0.020,
    ("history", "52.112.0.5"): 0.020,
    ("history", "www.sharepoint.com"): 0.020,
}

ROUND = """
import contextlib, io, sys, time
import perimeter365.cli._app, perimeter365.cli.diff, perimeter365.cli.history
import perimeter365.history.diff, perimeter365.history.reference, perimeter365.history.report
import perimeter365.history.draw.strips
import perimeter365.show.tables
import perimeter365.store.reader, perimeter365.store.sqlite
from perimeter365.cli import main
out = io.StringIO()
start = time.perf_counter()
with contextlib.redirect_stdout(out):
    code = main(sys.argv[1:])
print(time.perf_counter() - start, code, len(out.getvalue()))
"""


def whole(words: tuple[str, ...]) -> float:
    """Measure the whole process, in seconds."""
    start = time.perf_counter()
    subprocess.run([PROGRAM, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def beyond(words: tuple[str, ...]) -> float:
    """Measure the command after its imports, in seconds."""
    done = subprocess.run([sys.executable, "-c", ROUND, *words], capture_output=True, text=True, check=True)
    seconds, code, size = done.stdout.split()
    if code != "0" or int(size) < 100:
        raise SystemExit(f"history: {' '.join(words)} failed: {done.stderr}")
    return float(seconds)


def main(rounds: int = 7) -> bool:
    """Measure and print the results; return True if every goal is reached."""
    if not DATA.is_dir():
        print(f"history: nothing to measure without {DATA}")
        return True
    reached = True
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = folder
        store = Path(folder, "perimeter365", "store.sqlite")
        for words, goal in GOALS.items():
            name = " ".join(words[:2]) if words[0] == "import" else " ".join(words)
            runs = []
            for _ in range(rounds):
                if words[0] == "import":
                    store.unlink(missing_ok=True)
                runs.append(whole(words))
            total = statistics.median(runs)
            own = total if words[0] == "import" else statistics.median(beyond(words) for _ in range(rounds))
            of = "whole process" if words[0] == "import" else f"without start-up, {1000 * total:.0f} ms in total"
            print(f"history: {name}: {1000 * own:.1f} ms {of} (goal: at most {1000 * goal:.0f} ms)")
            reached = reached and own <= goal
    return reached


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
