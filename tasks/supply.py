"""Check what the project's environment brings: path files that start code, and known vulnerabilities.

    python3 -m tasks.supply           both; needs `.venv/supply` (`tasks/bootstrap.py --only-venv --tools supply`)

A line of a `.pth` file that begins with `import` runs at each start of Python, so each file of an installed library has to
be in `PATH_FILES`; a new one is an error until a person has read it.

pip-audit looks up the pinned versions. It also ends successfully if its database does not answer for a library, so its
report is only used if it finds the vulnerabilities of `CANARY`, a version that has some. Otherwise the output has a line
"pip-audit: not run: …". A vulnerability of a library that the wheel requires is an error; those of tools are printed.
Exit codes: 0 no error, 1 an error.
"""

import json
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tasks.bootstrap import LOCKS, ROOT
from tasks.lock import read_pins

PATH_FILES = {
    # a shim for distutils; does nothing unless a program imports distutils
    "distutils-precedence.pth": "setuptools",
}
"""Path files that may be in the environment, with the library that brings them."""

CANARY = ("django", "2.2.0")
"""A version with known vulnerabilities, which is only looked up: CVE-2019-12308 and others."""


def path_files(folder: Path) -> list[tuple[Path, str]]:
    """Return the path files of a folder that are not allowed, each with its first line of code.

    The project's own file, of an editable installation, may only name its folder `src`.
    """
    found = []
    for path in sorted(folder.glob("*.pth")):
        lines = [
            line for line in path.read_text("utf-8", "replace").splitlines() if line.strip() and not line.startswith("#")
        ]
        own = path.name.startswith("__editable__.perimeter365-") and lines == [str(ROOT / "src")]
        if path.name not in PATH_FILES and not own:
            found.append((path, lines[0] if lines else ""))
    return found


def run_audit(program: Path, lock: Path) -> tuple[list[Mapping[str, Any]], str]:
    """Return what pip-audit says of each library of a lock file, and the reason if it says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        report, canary = Path(folder, "report.json"), Path(folder, "canary.txt")
        # pip-audit wants a hash, and downloads nothing that it could compare with it
        canary.write_text(f"{'=='.join(CANARY)} --hash=sha256:{'0' * 64}\n")
        command = [
            str(program),
            "--disable-pip",
            f"--requirement={lock}",
            f"--requirement={canary}",
            "--require-hashes",
            "--progress-spinner=off",
            "--format=json",
            f"--output={report}",
        ]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
        except (OSError, subprocess.TimeoutExpired) as error:
            return [], str(error)
        if not report.is_file():
            return [], (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return list(json.loads(report.read_text("utf-8"))["dependencies"]), ""


def judge(libraries: Sequence[Mapping[str, Any]], reason: str, required: Iterable[str]) -> tuple[list[str], bool]:
    """Return the lines to print, and whether a library that the wheel requires has a known vulnerability."""
    canary = [each for each in libraries if each["name"].lower() == CANARY[0]]
    if not any(each.get("vulns") for each in canary):
        reason = reason or f"the database has no vulnerability of {'=='.join(CANARY)}, so it is not one"
        return [f"pip-audit: not run: {reason}"], False
    rest = [each for each in libraries if each not in canary]
    unknown = sorted(each["name"] for each in rest if "skip_reason" in each)
    bad = [each for each in rest if each.get("vulns")]
    lines = [f"pip-audit: {len(rest) - len(unknown)} libraries looked up, {len(bad)} with known vulnerabilities"]
    lines += [f"pip-audit: not looked up: {', '.join(unknown)}"] * bool(unknown)
    lines += [
        f"pip-audit: {each['name']} {each['version']}: {', '.join(one['id'] for one in each['vulns'])}" for each in bad
    ]
    return lines, bool({each["name"].lower() for each in bad} & set(required))


def main() -> int:
    """Run the command and return its exit code."""
    failed = False
    site = Path(sysconfig.get_path("purelib"))
    for path, line in path_files(site):
        print(f"supply: {path} is not in PATH_FILES of tasks/supply.py: {line}")
        failed = True
    print(f"supply: path files: {', '.join(sorted(path.name for path in site.glob('*.pth')))}")
    required = [pin.partition("==")[0] for pin in read_pins(LOCKS, "run")]
    lines, vulnerable = judge(*run_audit(Path(sys.prefix, "supply", "bin", "pip-audit"), LOCKS / "dev.lock"), required)
    print("\n".join(lines))
    return 1 if failed or vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
