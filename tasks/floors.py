"""Create an environment with the oldest libraries that pyproject.toml permits, and run some of the tests in it.

    python3 tasks/floors.py            the tests of TESTS
    python3 tasks/floors.py -x         arguments are passed to pytest

An untested lower bound is a guess. `name>=1.2` of the dependencies and of every extra becomes the constraint
`name==1.2`; the requirements of those libraries are as new as they permit. The environment and its constraints are in
out/floors. Exit codes: those of `tasks/bootstrap.py`, else of pytest.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # for `from tasks.pip_wheel import …` when started as a file

from tasks.bootstrap import BootstrapError, make_environment, say, upgrade_pip  # noqa: E402
from tasks.resolve import requirements  # noqa: E402

FOLDER = ROOT / "out" / "floors"
TESTS = (
    *("tests/model", "tests/plan", "tests/store", "tests/history/tell", "tests/history/test_sync.py"),
    *("tests/sources/page/test_reader.py", "tests/sources/page/test_html.py", "tests/sources/page/test_markdown.py"),
    *("tests/net/test_dial.py", "tests/net/test_failure.py", "tests/net/test_fetch.py"),
    *("tests/targets/test_registry.py", "tests/targets/_bases/test_table.py", "tests/cli/test_demo.py"),
    *("tests/cli/test_app.py", "tests/cli/test_notify.py", "tests/cli/test_settings.py", "tests/cli/test_sync.py"),
)
"""Each library is used by at least one of these tests."""


def constraints(pyproject: Mapping[str, Any]) -> Iterator[str]:
    """Yield `name==floor` for each library of the dependencies and extras.

    Raises:
        ValueError: a library has no lower bound, or one of another form.
    """
    for text in requirements(pyproject):
        found = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?>=([0-9.]+)", text)
        if found is None:
            raise ValueError(f"{text!r} is not NAME>=VERSION")
        yield f"{found[1]}=={found[2]}"


def main(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / "constraints.txt"
    file.write_text("".join(f"{line}\n" for line in constraints(tomllib.loads((ROOT / "pyproject.toml").read_text()))))
    try:
        python = make_environment(FOLDER / "venv")
        upgrade_pip(python)
    except BootstrapError as error:
        say(f"{error}\n  help: {error.help}")
        return error.exit_code
    install = ("install", "--quiet", "-c", str(file), "-e", ".[all]", "--group", "test-tools")
    if subprocess.run([python, "-m", "pip", *install], check=False, cwd=ROOT).returncode != 0:
        return 3
    return subprocess.run([python, "-m", "pytest", *TESTS, *words], check=False, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
