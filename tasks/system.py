"""Install the Debian packages of the real consumers, for `make system` and `make system ARGS=system-wine`.

    python3 tasks/system.py system               the packages under [system] in tasks/system-packages.txt
    python3 tasks/system.py system-wine --list   print their names, one per line, and change nothing
    python3 tasks/system.py no-such              "system: no heading [no-such] …", exit code 2

If packages are missing, `apt-get update` and `apt-get install` are run for them, without
questions and recommended packages. Each is retried once, since mirrors fail temporarily. Exit codes:
0 done, 2 wrong usage, or not root, or not a Debian; 3 apt-get failed twice.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

PACKAGES = Path(__file__).with_name("system-packages.txt")
APT = (
    "apt-get",
    "--option=DPkg::Lock::Timeout=300",
    "--option=Acquire::Retries=3",
    "--option=Dpkg::Use-Pty=0",
    "--quiet",
)
PAUSE = 15.0
"""Seconds before apt-get is retried."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description="Install the Debian packages of the real consumers.")
    parser.add_argument("tier", help="a heading of tasks/system-packages.txt")
    parser.add_argument("--list", action="store_true", help="print the packages, change nothing")
    options = parser.parse_args(arguments)
    tiers = read_packages(PACKAGES.read_text(encoding="utf-8"))
    if options.tier not in tiers:
        return _fail(f"no heading [{options.tier}] in {PACKAGES.name}", f"one of: {', '.join(tiers)}")
    wanted = tiers[options.tier]
    if options.list:
        print("\n".join(wanted))
        return 0
    if shutil.which("apt-get") is None or shutil.which("dpkg-query") is None:
        return _fail("this is not a Debian or Ubuntu", f"install the packages under [{options.tier}] by hand")
    lacking = [name for name in wanted if not is_installed(name)]
    if not lacking:
        print(f"system: all {len(wanted)} packages of [{options.tier}] are installed")
        return 0
    if os.geteuid() != 0:
        return _fail(
            f"{len(lacking)} packages are missing, and only root can install them: {' '.join(lacking)}",
            f"sudo make system ARGS={options.tier}; without them, `make test` skips the tests that need them",
        )
    print(f"system: installing {' '.join(lacking)}", flush=True)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *lacking]):
        if not twice(partial(_apt, command)):
            return _fail(
                f"apt-get {command[0]} failed twice; the reason is printed above", "correct it, then run this again", 3
            )
    return 0


def read_packages(text: str) -> dict[str, list[str]]:
    """Parse the packages of each heading, in order.

    Raises:
        ValueError: a line is not a heading or a package with a remark, is before the first
            heading, or names a package a second time.
    """
    tiers: dict[str, list[str]] = {}
    seen: set[str] = set()
    packages: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[([a-z-]+)\]", line):
            packages = tiers.setdefault(heading[1], [])
            continue
        entry = re.fullmatch(r"([a-z0-9][a-z0-9.+-]+) +# \S.*", line)
        if entry is None or packages is None or entry[1] in seen:
            raise ValueError(f"{PACKAGES.name}:{number}: {line!r} is not a new package, spaces, # and its purpose")
        seen.add(entry[1])
        packages.append(entry[1])
    return tiers


def is_installed(package: str) -> bool:
    """Return True if dpkg has installed and configured a package."""
    command = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout == "installed"


def twice(action: Callable[[], bool]) -> bool:
    """Run `action`, and once more after a pause if it fails. Return True on success."""
    if action():
        return True
    print(f"system: failed; retrying in {PAUSE:g} seconds", file=sys.stderr, flush=True)
    time.sleep(PAUSE)
    return action()


def _apt(words: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([*APT, *words], check=False, env=environment, stdin=subprocess.DEVNULL)
    return done.returncode == 0


def _fail(message: str, help: str, exit_code: int = 2) -> int:
    print(f"system: {message}\n  help: {help}", file=sys.stderr)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
