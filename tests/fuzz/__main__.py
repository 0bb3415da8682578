"""`python -m tests.fuzz [NAME...] [--seconds N | --count N --seed TEXT]`: run fuzzers, print a summary.

With --count, a fuzzer runs without atheris, on generated inputs that are the same for the same seed.

Exit 0: no findings. Exit 1: the inputs of the findings are in `out/fuzz/NAME/` (crash-…, timeout-…, oom-…);
`python -m tests.fuzz NAME --input FILE` runs one of them again.
"""

import argparse
import hashlib
import importlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.mutate import mutated

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "fuzz"
HELPERS = ("oracle", "mutate", "worker", "page", "findings", "memory", "answers")


def names() -> list[str]:
    """Return the names of all fuzzers."""
    found = (path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    return sorted(name for name in found if name not in HELPERS and not name.startswith("test_"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *names()])
    parser.add_argument("--seconds", type=int, default=60, help="seconds per fuzzer (default: 60)")
    parser.add_argument("--count", type=int, help="number of generated inputs, instead of seconds with atheris")
    parser.add_argument("--seed", default="1", help="seed of the generated inputs (default: 1)")
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
    if args.count:
        return counted(args.names or names(), args.count, args.seed)
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


def inputs(name: str, count: int, seed: str) -> Iterator[bytes]:
    """Yield the seeds of a fuzzer, then `count` inputs: from its own generator if it has one, else mutations."""
    target = importlib.import_module(f"tests.fuzz.{name}")
    if hasattr(target, "generated"):
        yield from target.generated(count, seed)
    else:
        yield from mutated(target.seeds()[:40], target.WORDS, count, seed)


def counted(chosen: list[str], count: int, seed: str) -> int:
    """Run fuzzers in this process, and write the inputs of findings as atheris does. Return the exit code."""
    total = 0
    sys.stdout.write(f"{'fuzzer':24} {'executions':>12} {'seconds':>9} {'processor':>9} {'findings':>9}\n")
    for name in chosen:
        target = importlib.import_module(f"tests.fuzz.{name}")
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        executions, findings, started, spent = 0, 0, time.monotonic(), time.process_time()
        for data in inputs(name, count, seed):
            executions += 1
            try:
                target.check(data)
            except Exception as error:  # noqa: BLE001 (each is a finding)
                findings += 1
                path = folder / f"crash-{hashlib.sha256(data).hexdigest()[:16]}"
                path.write_bytes(data)
                sys.stdout.write(f"  {path}: {type(error).__name__}: {ascii(str(error))[:200]}\n")
        wall, processor = time.monotonic() - started, time.process_time() - spent
        sys.stdout.write(f"{name:24} {executions:12,} {wall:9.0f} {processor:9.0f} {findings:9}\n")
        sys.stdout.flush()
        total += findings
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
