"""Asks pip whether each library, those of the extras included, has a wheel for other versions of Python.

    python -m tasks.resolve            3.11 3.12 3.13 3.14
    python -m tasks.resolve 3.15       that one

Nothing is installed and nothing runs: pip resolves for another interpreter with wheels alone (one for any platform, or for
this one). Exit codes: 0 every version resolves, 1 one does not; what pip says stands above. Two things pip does not see:
markers are read with the Python that runs this, and a wheel that is there may still fail.
"""

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")


def requirements(pyproject: Mapping[str, Any]) -> Iterator[str]:
    """Each requirement of the dependencies and of the extras, but for the extras that name others of the project."""
    project = pyproject["project"]
    for texts in (project["dependencies"], *project["optional-dependencies"].values()):
        yield from (text for text in texts if not text.startswith(f"{project['name']}["))


def command(version: str, wanted: Sequence[str], target: str) -> list[str]:
    """The pip command that resolves for a version of Python."""
    words = ("install", "--quiet", "--dry-run", "--ignore-installed", "--only-binary=:all:", "--target", target)
    return [sys.executable, "-m", "pip", *words, "--python-version", version, *wanted]


def main(versions: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    wanted = tuple(requirements(tomllib.loads((ROOT / "pyproject.toml").read_text())))
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for version in versions or VERSIONS:
            if subprocess.run(command(version, wanted, folder), check=False).returncode:
                failed.append(version)
            print(f"Python {version}: {'does not resolve' if version in failed else 'resolves'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
