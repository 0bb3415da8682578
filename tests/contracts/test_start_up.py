"""Commands such as `--help` and `lookup` do not load libraries that they do not need."""

import json
import subprocess
import sys
from collections.abc import Collection

import pytest

HEAVY = (
    "apprise",
    "duckdb",
    "feedgenerator",
    "granian",
    "icalendar",
    "jinja2",
    "lxml",
    "markdown_it",
    "netaddr",
    "numpy",
    "pandas",
    "polars",
    "psycopg",
    "pyarrow",
    "requests",
    "rich",
    "starlette",
    "truststore",
    "urllib3",
    "uvicorn",
)
"""Libraries with a noticeable import time."""

PROGRAM = """
import json, sys
try:
    exec(sys.argv.pop(1))
except SystemExit as end:
    code = end.code
else:
    code = None
json.dump({"code": code or 0, "modules": sorted(sys.modules)}, sys.stderr)
"""


def loaded_by(code: str, *arguments: str, of: Collection[str] = HEAVY) -> set[str]:
    """Return those of some libraries that are loaded after `code` has run with a command line."""
    command = [sys.executable, "-c", PROGRAM, code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seen = json.loads(done.stderr.splitlines()[-1])
    assert seen["code"] == 0, done.stdout + done.stderr
    return set(of) & set(seen["modules"])


COMMAND = "from perimeter365.cli import main; main()"


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["lookup", "52.112.0.5"], ["lookup", "--help"]])
def test_a_quick_command_loads_no_heavy_library(words: list[str]) -> None:
    assert loaded_by(COMMAND, *words) == set()


METADATA = ("importlib.metadata",)
"""Modules that search the installed distributions for targets."""


@pytest.mark.parametrize("words", [["--help"], ["lookup", "1.2.3.4"], ["lookup", "--help"], ["render", "--help"], ["rows"]])
def test_other_commands_do_not_search_installed_distributions(words: list[str]) -> None:
    assert loaded_by(COMMAND, *words, of=METADATA) == set()


def test_targets_searches_installed_distributions() -> None:
    assert loaded_by("import perimeter365.targets", of=METADATA) == set()
    assert loaded_by(COMMAND, "targets", "csv", of=METADATA) == set()
    assert loaded_by(COMMAND, "targets", of=METADATA) == set(METADATA)


SLOW = ("dataclasses", "perimeter365.model.catalog", "perimeter365.sources.load", "tomllib", "typing")
"""Modules that a catalog needs and `lookup` does not: half of its start-up time."""


def test_a_plain_lookup_reads_the_index_and_no_catalog() -> None:
    assert loaded_by(COMMAND, "lookup", "52.112.0.5", of=SLOW) == set()


def test_the_package_itself_loads_none() -> None:
    assert loaded_by("import perimeter365") == set()


def test_a_heavy_library_is_detected() -> None:
    assert {"psycopg", "rich"} <= loaded_by("import psycopg, rich; raise SystemExit")
