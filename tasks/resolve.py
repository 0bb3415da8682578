"""Check with pip that each library, including those of extras, has a wheel for other Python versions.

    python -m tasks.resolve            3.11 3.12 3.13 3.14
    python -m tasks.resolve 3.15       that one

Nothing is installed or run: pip resolves for another interpreter, using only wheels (for any platform, or for
this one). Exit codes: 0 every version resolves, 1 one does not; pip's output is above. Two limits of the check:
markers are evaluated with the Python that runs this, and an existing wheel may still fail.
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
    """Yield the requirements of the dependencies and extras, except extras that refer to other extras of the project."""
    project = pyproject["project"]
    for texts in (project["dependencies"], *project["optional-dependencies"].values()):
        yield from (text for text in texts if not text.startswith(f"{project['name']}["))


def command(version: str, wanted: Sequence[str], target: str) -> list[str]:
    """Return the pip command that resolves for a Python version."""
    words = ("install", "--quiet", "--dry-run", "--ignore-installed", "--only-binary=:all:", "--target", target)
    return [sys.executable, "-m", "pip", *words, "--python-version", version, *wanted]


def main(versions: Sequence[str]) -> int:
    """Run the command and return its exit code."""
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
