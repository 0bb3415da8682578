"""Pin the tested set: write `requirements/*.lock` from pyproject.toml, with the hashes of all files of each version.

    make lock                                        newest versions that pyproject.toml permits
    make lock ARGS="--upgrade-package urllib3"       only that one is moved, or added; the others stay
    python3 tasks/lock.py --check                    write nothing; exit 1 if pyproject.toml has changed since

One file for each set of `SETS`, in the format of pip's requirements files. A file begins with the name of the smaller set
that it extends, so each version stands in one place. Versions are resolved by uv for all systems and for each Python from
3.11 on, with environment markers; the index is the one of pip's configuration, and its address is not written. The first
line has a hash of what pyproject.toml says about requirements: `tasks/bootstrap.py` refuses to install a lock made from
another one.

Exit codes: 0 written, 1 a lock is not of this pyproject.toml (`--check`), 3 uv or the index failed; its output is above.
"""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # for `from tasks.bootstrap import …` when started as a file

from tasks.bootstrap import LOCKS, BootstrapError, first_line, install_tools, make_environment, say, stale_locks  # noqa: E402
from tasks.pip_wheel import read_settings  # noqa: E402


@dataclass(frozen=True, kw_only=True, slots=True)
class LockSet:
    """What one lock file pins."""

    name: str
    """Name of the file without `.lock`."""

    extends: str = ""
    """The smaller set, which the file includes; empty for a set of its own environment."""

    project: bool = True
    """Whether it contains the dependencies, all extras, and what builds the project."""

    groups: tuple[str, ...] = ()
    """Dependency groups."""


SETS = (
    LockSet(name="run"),
    LockSet(name="test", extends="run", groups=("test",)),
    LockSet(name="dev", extends="test", groups=("dev",)),
    LockSet(name="fuzz", extends="test", groups=("fuzz",)),
    LockSet(name="tools", project=False, groups=("tools",)),
    LockSet(name="supply", project=False, groups=("supply",)),
)
"""All lock files. A set comes after the one that it extends."""


def compile_pins(uv: Path, sources: Sequence[LockSet], *options: str, environment: Mapping[str, str]) -> str:
    """Return the pins of the union of some sets, as uv writes them.

    Raises:
        BootstrapError: uv failed; its output is above.
    """
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    command = [str(uv), "pip", "compile", "--quiet", "--no-config", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", *options]
    command += [word for each in sources for group in each.groups for word in ("--group", group)]
    with tempfile.TemporaryDirectory() as folder:
        if any(each.project for each in sources):
            build = Path(folder, "build.in")
            build.write_text("".join(f"{text}\n" for text in pyproject["build-system"]["requires"]))
            command += ["--all-extras", "pyproject.toml", str(build)]
        done = subprocess.run(command, check=False, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise BootstrapError(
            "uv could not resolve pyproject.toml; the reason is printed above",
            help="correct the bounds in pyproject.toml, or set a package index: PIP_INDEX_URL=https://…",
            exit_code=3,
        )
    return done.stdout


def pins(text: str) -> list[str]:
    """Split a lock file into its pins: a version with its marker, and its hashes."""
    return [part for part in re.split(r"\n(?=\S)", text.rstrip("\n")) if part and not part.startswith(("#", "-"))]


def read_pins(folder: Path, name: str) -> list[str]:
    """Return the pins of a lock file and of the files that it includes."""
    text = (folder / f"{name}.lock").read_text("utf-8")
    included = [line.removeprefix("-r ").removesuffix(".lock") for line in text.splitlines() if line.startswith("-r ")]
    return [pin for each in included for pin in read_pins(folder, each)] + pins(text)


def uv_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv: the index, proxy and certificates of pip's configuration."""
    environment = dict(os.environ)
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "cert": "SSL_CERT_FILE",
        "proxy": "HTTPS_PROXY",
        "trusted-host": "UV_INSECURE_HOST",
    }
    environment.update({name: settings[key] for key, name in names.items() if key in settings})
    return environment


def write_locks(uv: Path, words: Sequence[str]) -> None:
    """Resolve everything together, then write the part of each set that the smaller one does not have.

    Raises:
        BootstrapError: uv failed; its output is above.
    """
    environment = uv_environment(read_settings())
    LOCKS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for together in ([each for each in SETS if each.project], *([each] for each in SETS if not each.project)):
            union = Path(folder, "union.txt")
            known = [
                pin for each in together if (LOCKS / f"{each.name}.lock").exists() for pin in read_pins(LOCKS, each.name)
            ]
            union.write_text("\n".join(dict.fromkeys(known)) if words else "", "utf-8")
            compile_pins(uv, together, *words, "--output-file", str(union), environment=environment)
            for each in together:
                text = compile_pins(uv, [each], "--constraints", str(union), environment=environment)
                path = LOCKS / f"{each.name}.lock"
                head = first_line() + (f"-r {each.extends}.lock\n" if each.extends else "")
                smaller = set(read_pins(LOCKS, each.extends)) if each.extends else set()
                new = [pin for pin in pins(text) if pin not in smaller]
                path.write_text(head + "".join(f"{pin}\n" for pin in new), "utf-8", newline="\n")
                say(f"wrote {path.relative_to(ROOT)}: {len(new)} pins")


def main(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    if list(words) == ["--check"]:
        for name in (stale := stale_locks([each.name for each in SETS])):
            say(f"requirements/{name}.lock was not made from this pyproject.toml; run `make lock`")
        return 1 if stale else 0
    try:
        python = make_environment(ROOT / ".venv")
        install_tools(python, "supply", locked=not stale_locks(["supply"]))
        write_locks(python.parent.parent / "supply" / "bin" / "uv", words)
    except BootstrapError as error:
        say(f"{error}\n  help: {error.help}")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
