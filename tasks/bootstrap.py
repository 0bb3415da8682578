"""Makes the virtual environment that everything in the Makefile runs in, and installs the project into it.

    python3 tasks/bootstrap.py                     .venv with the project and what it needs to run
    python3 tasks/bootstrap.py --extra mmdb        the same and the extra `mmdb` of pyproject.toml
    python3 tasks/bootstrap.py --group test        the same and the dependency group `test` (PEP 735)
    python3 tasks/bootstrap.py --venv /tmp/v       somewhere else
    python3.9 tasks/bootstrap.py                   "bootstrap: Python 3.11 or newer is needed, …", exit code 2

Plain Python 3.11 is enough. Debian splits `ensurepip` off into python3-venv; where it is missing, the
environment is made without pip, and `tasks/pip_wheel.py` fetches pip from the package index. A pip that does
not know dependency groups (Debian 12 has 23.0) is upgraded inside of the environment.

An environment that works is kept; one whose Python no longer starts (the folder was moved, or the system's
Python went) is made again. Exit codes: 0 done, 2 something here has to be changed, 3 the package index could
not be reached or answered wrongly, 130 interrupted.
"""

# Up to the check below, this file keeps to what an old Python can parse, so that it is told what is wrong.
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
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # started as a file, it finds its neighbor all the same

from tasks.pip_wheel import BootstrapError, Settings, fetch_wheel, find_wheel  # noqa: E402

ELSEWHERE = frozenset({"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"})
"""Settings that would make pip install elsewhere than into the environment that calls it."""

OLDEST_PIP = (25, 1)
"""The first pip that knows dependency groups. https://pip.pypa.io/en/stable/news/#v25-1."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Make the virtual environment, install the project into it.")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv", help="where (default: .venv in the project)")
    parser.add_argument("--extra", action="append", default=[], help="an extra of pyproject.toml; repeatable")
    parser.add_argument("--group", action="append", default=[], help="a dependency group of it; repeatable")
    parser.add_argument("--only-venv", action="store_true", help="make the environment with pip, no more")
    options = parser.parse_args(arguments)
    try:
        python = make_environment(options.venv.absolute())
        upgrade_pip(python)
        if not options.only_venv:
            install(python, options.extra, options.group)
    except BootstrapError as error:
        print(f"bootstrap: {error}\n  help: {error.help}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("bootstrap: interrupted", file=sys.stderr)
        return 130
    return 0


def make_environment(venv: Path) -> Path:
    """Make the environment at `venv`, or keep the one that is there; returns its Python, which has pip.

    Raises:
        BootstrapError: the folder cannot be written, there is no `venv` module, or pip cannot be had.
    """
    python = venv / "bin" / "python"
    if not _works(python, "import sys; sys.exit(sys.version_info < (3, 11))"):
        if venv.exists() and not (venv.is_dir() and ((venv / "pyvenv.cfg").exists() or not any(venv.iterdir()))):
            raise BootstrapError(
                f"{venv} is there and is not a virtual environment",
                help="move it away, or name another folder: --venv DIR",
            )
        if not _create(venv, with_pip=True):
            say("this Python has no ensurepip to put pip in: asking the package index for pip")
            _create(venv, with_pip=False)
    if not _works(python, "import pip"):
        _install_pip(python)
    return python


def upgrade_pip(python: Path) -> None:
    """Upgrade the environment's pip if it is older than `OLDEST_PIP`.

    Raises:
        BootstrapError: pip ended with an error; what it said stands above.
    """
    # a pre-release such as 25.1b1 is no pair of numbers, so that it counts as older
    code = f"import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < {OLDEST_PIP})"
    if not _works(python, code):
        wanted = f"pip>={'.'.join(map(str, OLDEST_PIP))}"
        say(f"upgrading to {wanted} in {python.parent.parent}")
        _run_pip(python, "upgrade itself", "--upgrade", wanted)


def install(python: Path, extras: Sequence[str], groups: Sequence[str] = ()) -> None:
    """Install the project, editable, with `extras` and dependency `groups`.

    Raises:
        BootstrapError: pip ended with an error; what it said stands above.
    """
    wanted = f".[{','.join(extras)}]" if extras else "."
    group_options = [word for group in groups for word in ("--group", group)]
    say(" ".join([f"installing perimeter365{wanted[1:]}", *group_options, f"into {python.parent.parent}"]))
    _run_pip(python, "install the project", "-e", wanted, *group_options)


def _run_pip(python: Path, purpose: str, *arguments: str) -> None:
    """Run `pip install` in the project's folder, for the environment of `python`.

    Raises:
        BootstrapError: it ended with an error; what it said stands above.
    """
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    if subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode != 0:
        raise BootstrapError(
            f"pip could not {purpose}; its reason stands above",
            help="without internet, name a mirror (PIP_INDEX_URL=https://…); behind a proxy, HTTPS_PROXY=http://…",
            exit_code=3,
        )


def _create(venv: Path, *, with_pip: bool) -> bool:
    """Run `python -m venv`; returns False where only the step that adds pip may have failed.

    Raises:
        BootstrapError: it failed for another reason.
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
            f"{venv} could not be made: {said.splitlines()[-1] if said else 'no reason given'}",
            help="work on a copy of the project in a folder that you may write to, with 500 MB to spare",
        )
    return False


def _works(python: Path, code: str) -> bool:
    """Whether `python` starts and runs `code` to its end."""
    try:
        return subprocess.run([str(python), "-c", code], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _install_pip(python: Path) -> None:
    """Fetch pip's wheel and let it install itself for `python`.

    Raises:
        BootstrapError: it cannot be had, or does not run.
    """
    settings = Settings.read(os.environ)
    wheel = find_wheel(settings)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / wheel.filename
        path.write_bytes(fetch_wheel(wheel, settings))
        # a wheel is a zip file, and Python runs what lies in one
        command = [
            str(python),
            f"{path}/pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-cache-dir",
            str(path),
        ]
        environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise BootstrapError(
            f"{wheel.filename} could not install itself: {done.stderr.strip()}",
            help="apt-get install python3-venv as root, and run this again",
        )


def say(text: str) -> None:
    """Tell what goes on, on stderr."""
    print(f"bootstrap: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
