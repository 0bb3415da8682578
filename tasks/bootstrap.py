"""Create the virtual environment of the Makefile and install the project into it.

    python3 tasks/bootstrap.py                     .venv with the project, its requirements and all extras
    python3 tasks/bootstrap.py --group test        the same and the dependency group `test` of pyproject.toml
    python3 tasks/bootstrap.py --tools tools       also .venv/tools, with the programs of the group `tools`
    python3 tasks/bootstrap.py --unlocked          newest versions that pyproject.toml permits, without hashes
    python3 tasks/bootstrap.py --venv /tmp/v       somewhere else
    python3.9 tasks/bootstrap.py                   "bootstrap: Python 3.11 or newer is needed, …", exit code 2

Plain Python 3.11 is enough. On Debian, `ensurepip` is in the package python3-venv; if it is missing, the
environment is created without pip, and `tasks/pip_wheel.py` fetches pip from the package index.

Versions and hashes are those of `requirements/*.lock`, which `make lock` writes. An index that lacks a version, or has other
files under its name, is an error and never a reason to install without hashes: an index could turn them off in that way.
`--unlocked` is a person's decision. It needs a pip that supports dependency groups, and upgrades an older one (Debian 12 has
23.0) inside the environment.

Programs that are only run by tests, and never imported, have an environment of their own: some have a license that does not
allow to combine them with this project.

A working environment is kept; one whose Python no longer starts (the folder was moved, or the system's
Python was removed) is created again. Exit codes: 0 done, 2 a local problem, 3 the package index could
not be reached or gave an invalid answer, 130 interrupted.
"""

# Up to the check below, this file uses only syntax of old Python versions, so that they can print the message.
import sys

if sys.version_info < (3, 11):  # noqa: UP036  # it runs before pip could refuse
    sys.stderr.write(
        "bootstrap: Python 3.11 or newer is needed, and {} is {}.{}.\n"
        "  help: install one (Debian 12: apt-get install python3), say make PYTHON=/its/path\n".format(
            sys.executable, *sys.version_info[:2]
        )
    )
    sys.exit(2)

import argparse
import configparser
import hashlib
import json
import os
import re
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # for `from tasks.pip_wheel import …` when started as a file

from tasks.pip_wheel import Index, read_settings  # noqa: E402

ELSEWHERE = frozenset({"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"})
"""Settings that would make pip install to another location than the environment."""

OLDEST_PIP = (25, 1)
"""The first pip that supports dependency groups. https://pip.pypa.io/en/stable/news/#v25-1."""

NETWORK_HELP = "without internet, set a mirror (PIP_INDEX_URL=https://…); behind a proxy, set HTTPS_PROXY=http://…"
NO_PIP_HELP = (
    f"apt-get install python3-venv as root; {NETWORK_HELP}; if a certificate is not trusted, apt-get install "
    "ca-certificates or PIP_CERT=FILE; for an index without TLS, PIP_TRUSTED_HOST=HOST"
)

UNLOCKED_HELP = "`make UNLOCKED=yes …` installs what pyproject.toml permits, without hashes"

PAGE_ERRORS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, HTTPException)
"""Exceptions of the parsers for a page that is not a package index, such as a login page."""


class BootstrapError(Exception):
    """An error with a next step.

    Attributes:
        help: the next step, one line.
        exit_code: 2 for a local problem, 3 for the package index.
    """

    def __init__(self, message: str, *, help: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.help = help
        self.exit_code = exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description="Make the virtual environment, install the project into it.")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv", help="where (default: .venv in the project)")
    parser.add_argument("--group", default="run", help="a dependency group of pyproject.toml that has a lock file")
    parser.add_argument("--tools", metavar="GROUP", help="a dependency group to install into an environment of its own")
    parser.add_argument("--unlocked", action="store_true", help="versions that pyproject.toml permits, without hashes")
    parser.add_argument("--only-venv", action="store_true", help="only create the environment with pip")
    options = parser.parse_args(arguments)
    try:
        python = make_environment(options.venv.absolute())
        if options.unlocked:
            upgrade_pip(python)
        if not options.only_venv:
            install(python, options.group, locked=not options.unlocked)
        if options.tools:
            install_tools(python, options.tools, locked=not options.unlocked)
    except BootstrapError as error:
        print(f"bootstrap: {error}\n  help: {error.help}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("bootstrap: interrupted", file=sys.stderr)
        return 130
    return 0


def make_environment(venv: Path) -> Path:
    """Create the environment at `venv`, or keep a working one. Return its Python, which has pip.

    Raises:
        BootstrapError: the folder cannot be written, the `venv` module is missing, or pip is not available.
    """
    python = venv / "bin" / "python"
    if not _works(python, "import sys; sys.exit(sys.version_info < (3, 11))"):
        if venv.exists() and not (venv.is_dir() and ((venv / "pyvenv.cfg").exists() or not any(venv.iterdir()))):
            raise BootstrapError(
                f"{venv} exists and is not a virtual environment",
                help="move it aside, or name another folder: --venv DIR",
            )
        if not _create(venv, with_pip=True):
            say("this Python has no ensurepip: fetching pip from the package index")
            _create(venv, with_pip=False)
    if not _works(python, "import pip"):
        _install_pip(python)
    return python


def upgrade_pip(python: Path) -> None:
    """Upgrade the environment's pip if it is older than `OLDEST_PIP`.

    Raises:
        BootstrapError: pip failed; its output is above.
    """
    # a pre-release such as 25.1b1 is not a pair of numbers, so it counts as older
    code = f"import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < {OLDEST_PIP})"
    if not _works(python, code):
        wanted = f"pip>={'.'.join(map(str, OLDEST_PIP))}"
        say(f"upgrading to {wanted} in {python.parent.parent}")
        if not _run_pip(python, ["-m", "pip"], "--upgrade", wanted):
            raise BootstrapError("pip could not upgrade itself; the reason is printed above", help=NETWORK_HELP, exit_code=3)


def install(python: Path, group: str = "run", *, locked: bool = True) -> None:
    """Install the project in editable mode, with all extras and a dependency group; `run` has no group.

    Raises:
        BootstrapError: the lock is stale, or pip failed; its output is above.
    """
    started = time.monotonic()
    say(f"installing perimeter365, {group}, into {python.parent.parent}")
    if locked:
        install_lock(python, group)
        # setuptools is in the lock
        done = _run_pip(python, ["-m", "pip"], "--no-index", "--no-deps", "--no-build-isolation", "-e", ".")
    else:
        done = _run_pip(python, ["-m", "pip"], "-e", ".[all]", *([] if group == "run" else ["--group", group]))
    if not done:
        raise BootstrapError(
            "pip could not install the project; the reason is printed above", help=NETWORK_HELP, exit_code=3
        )
    say(f"done in {time.monotonic() - started:.0f} seconds")


def install_tools(python: Path, group: str, *, locked: bool = True) -> None:
    """Install a dependency group, without the project, into an environment of its own in the one of `python`.

    Raises:
        BootstrapError: the folder cannot be written, the lock is stale, or pip failed; its output is above.
    """
    venv = python.parent.parent / group
    tools = venv / "bin" / "python"
    if not _works(tools, "import sys; sys.exit(sys.version_info < (3, 11))"):
        _create(venv, with_pip=False)
    say(f"installing {group} into {venv}")
    pip = ["-m", "pip", "--python", str(tools)]
    if locked:
        install_lock(python, group, pip)
        return
    upgrade_pip(python)
    if not _run_pip(python, pip, "--group", group):
        raise BootstrapError(
            f"pip could not install the group {group}; the reason is printed above", help=NETWORK_HELP, exit_code=3
        )


def install_lock(python: Path, name: str, pip: Sequence[str] = ("-m", "pip")) -> None:
    """Install the versions of a lock file, with their hashes.

    Raises:
        BootstrapError: the lock is stale, the index lacks a version or has other files, or pip failed; its output is above.
    """
    lock = f"{LOCKS.name}/{name}.lock"
    if stale_locks([name]):
        raise BootstrapError(f"{lock} was not made from this pyproject.toml", help="run `make lock`")
    errors: list[str] = []
    if _run_pip(python, pip, "--require-hashes", "-r", str(LOCKS / f"{name}.lock"), errors=errors):
        return
    said = "".join(errors)
    if missing := re.search(r"No matching distribution found for (\S+)", said):
        raise BootstrapError(
            f"the package index has no {missing[1]} for this system, which {lock} pins",
            help=f"use another index (PIP_INDEX_URL=https://…), or pin what it has: `make lock`; {UNLOCKED_HELP}",
            exit_code=3,
        )
    if "DO NOT MATCH THE HASHES" in said:
        raise BootstrapError(
            f"the package index has other files than {lock} pins; they are listed above, and were not installed",
            help=f"use another index (PIP_INDEX_URL=https://…); if you trust these files: `make lock`; {UNLOCKED_HELP}",
            exit_code=3,
        )
    raise BootstrapError(f"pip could not install {lock}; the reason is printed above", help=NETWORK_HELP, exit_code=3)


def first_line() -> str:
    """Return the first line of a lock file: a hash of what pyproject.toml says about requirements."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = {key: pyproject["project"].get(key) for key in ("requires-python", "dependencies", "optional-dependencies")}
    build = pyproject["build-system"]["requires"]
    stated = json.dumps([project, build, pyproject.get("dependency-groups")], sort_keys=True)
    return f"# made by `make lock` from requirements {hashlib.sha256(stated.encode()).hexdigest()[:32]}\n"


def stale_locks(names: Sequence[str]) -> list[str]:
    """Return the names whose lock file was not made from this pyproject.toml, or does not exist."""
    files = {name: LOCKS / f"{name}.lock" for name in names}
    wanted = first_line()
    return [name for name, file in files.items() if not (file.is_file() and file.read_text("utf-8").startswith(wanted))]


def _run_pip(python: Path, pip: Sequence[str], *arguments: str, errors: list[str] | None = None) -> bool:
    """Run `pip install` in the project's folder for the environment of `python`. Return True on success.

    `errors` gets the lines that pip writes to stderr, which are also printed.
    """
    command = [str(python), *pip, "install", "--quiet", "--disable-pip-version-check", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    if errors is None:
        return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode == 0
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as running:
        for line in running.stderr or ():
            errors.append(line)
            sys.stderr.write(line)
    return running.returncode == 0


def _create(venv: Path, *, with_pip: bool) -> bool:
    """Run `python -m venv`. Return False if possibly only the step that adds pip has failed.

    Raises:
        BootstrapError: the command failed for another reason.
    """
    command = [sys.executable, "-m", "venv", "--clear", *([] if with_pip else ["--without-pip"]), str(venv)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode == 0:
        return True
    said = (done.stderr + done.stdout).strip()
    if "No module named venv" in said:
        raise BootstrapError(
            f"{sys.executable} has no venv module",
            help="apt-get install python3-venv as root, or name another Python: make PYTHON=/path/to/python3",
        )
    if not with_pip:
        raise BootstrapError(
            f"{venv} could not be created: {said.splitlines()[-1] if said else 'no reason given'}",
            help="use a copy of the project in a writable folder with 500 MB of free space",
        )
    return False


def _works(python: Path, code: str) -> bool:
    """Return True if `python` starts and runs `code` successfully."""
    try:
        return subprocess.run([str(python), "-c", code], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _install_pip(python: Path) -> None:
    """Fetch pip's wheel and make it install itself for `python`.

    Raises:
        BootstrapError: pip is not available or fails; its output is above.
    """
    name, wheel = fetch_pip()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(wheel)
        # a wheel is a zip file, and Python can run a package in one
        if not _run_pip(python, [f"{path}/pip"], "--no-index", "--no-cache-dir", str(path)):
            raise BootstrapError(f"{name} could not install itself; the reason is printed above", help=NO_PIP_HELP)


def fetch_pip() -> tuple[str, bytes]:
    """Return name and bytes of pip's wheel, from the first configured index that has one.

    Raises:
        BootstrapError: no index has one; the message contains the answer of each index, without logins.
    """
    try:
        settings = read_settings()
    except (configparser.Error, UnicodeDecodeError) as error:
        raise BootstrapError(f"pip's configuration: {error}", help="correct that file or move it aside") from error
    if (cert := settings.get("cert")) and not Path(cert).is_file():
        raise BootstrapError(f"pip's setting cert: {cert} is not a file", help="correct PIP_CERT or pip's configuration")
    indexes = [settings.get("index-url", "https://pypi.org/simple"), *settings.get("extra-index-url", "").split()]
    if settings.get("no-index", "0").lower() not in {"0", "false", "no", "off", "f", "n"}:
        indexes = []
    problems = []
    code = 2
    for index in indexes:
        try:
            return Index(index, settings).fetch_pip()
        except (OSError, *PAGE_ERRORS) as error:
            no_page = f"not a page that lists a final pip with a SHA-256 for this Python ({type(error).__name__})"
            problems.append(re.sub("(?s)//.*@", "//", f"{index}: {error if isinstance(error, OSError) else no_page}"))
            code = max(code, 2 if isinstance(error, PermissionError) else 3)
    problem = "; ".join(problems) or "pip's configuration disables all indexes (PIP_NO_INDEX)"
    raise BootstrapError(f"no pip: {problem}", help=NO_PIP_HELP, exit_code=code)


def say(text: str) -> None:
    """Print a progress message to stderr."""
    print(f"bootstrap: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
