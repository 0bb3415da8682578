"""`python -m tests.fuzz [NAME...] [--seconds N]`: run fuzzers, print a summary.

Exit 0: no findings. Exit 1: the inputs of the findings are in `out/fuzz/NAME/` (crash-…, timeout-…, oom-…);
`python -m tests.fuzz NAME --input FILE` runs one of them again.
"""

import argparse
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "fuzz"
HELPERS = ("oracle", "mutate", "worker", "page", "findings")


def names() -> list[str]:
    """Return the names of all fuzzers."""
    found = (path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    return sorted(name for name in found if name not in HELPERS and not name.startswith("test_"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *names()])
    parser.add_argument("--seconds", type=int, default=60, help="seconds per fuzzer (default: 60)")
    parser.add_argument("--input", type=Path, help="run this input only")
    parser.add_argument("--list", action="store_true", help="list the fuzzers and exit")
    args = parser.parse_args()
    if args.list:
        sys.stdout.write("\n".join([*names(), ""]))
        return 0
    if args.input:
        for name in args.names:
            importlib.import_module(f"tests.fuzz.{name}").check(args.input.read_bytes())
        return 0
    total = 0
    sys.stdout.write(f"{'fuzzer':24} {'executions':>12} {'coverage':>9} {'findings':>9}\n")
    for name in args.names or names():
        executions, coverage, findings = run(name, args.seconds)
        total += len(findings)
        sys.stdout.write(f"{name:24} {executions:12,} {coverage:9,} {len(findings):9}\n")
        for finding in findings:
            sys.stdout.write(f"  {finding}\n")
        sys.stdout.flush()
    return int(total > 0)


def run(name: str, seconds: int) -> tuple[int, int, list[Path]]:
    """Run a fuzzer.

    Returns the number of executions, the number of covered edges, and the files of findings.
    """
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    old = set(_findings(folder))
    command = [sys.executable, "-m", "tests.fuzz.worker", name, str(folder), f"-max_total_time={seconds}"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, errors="replace")
    (folder / "log").write_text(done.stdout + done.stderr, "utf-8")
    executed = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    if not executed:
        raise SystemExit(f"{name} did not run:\n{done.stderr[-2000:]}")
    return int(executed[1]), int(covered[-1]) if covered else 0, sorted(set(_findings(folder)) - old)


def _findings(folder: Path) -> list[Path]:
    return [path for kind in ("crash", "timeout", "oom") for path in folder.glob(f"{kind}-*")]


if __name__ == "__main__":
    sys.exit(main())
