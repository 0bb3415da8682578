"""The package works from a zip file: its modules and data need not be files in a folder.

The zip contains the package and its required libraries, as Python source only. It runs without site-packages, and
its output and files are compared with those of the installed package.
"""

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import zipapp
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

import perimeter365
from tests.cli.conftest import EXAMPLE, SERIES

PACKAGE = Path(perimeter365.__file__).resolve().parent
INSTALLED = (sys.executable, "-m", "perimeter365")
MAIN = "import sys\nfrom perimeter365.cli import main\nsys.exit(main())\n"

MAY_USE_FILE = {
    "model/lookup.py": "the loader's get_data takes a path below the package's",
}
"""Modules that use `__file__`: path below the package -> why it works from a zip."""


def requirements(name: str) -> Iterator[str]:
    """Return a distribution and its required distributions, itself last."""
    for requirement in distribution(name).requires or ():
        if ";" not in requirement:
            yield from requirements(re.split(r"[^\w.-]", requirement)[0])
    yield name


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip file with the package, its requirements, and a `__main__.py` that returns the exit code."""
    folder = tmp_path_factory.mktemp("zip")
    sources = {file.relative_to(PACKAGE.parent): file for file in PACKAGE.rglob("*")}
    for name in {*requirements("perimeter365")} - {"perimeter365"}:
        sources |= {Path(file): Path(str(file.locate())) for file in distribution(name).files or ()}
    for place, file in sources.items():
        if ".." not in place.parts and "__pycache__" not in place.parts and file.is_file() and file.suffix != ".so":
            (folder / "app" / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / "app" / place).write_bytes(file.read_bytes())
    (folder / "app" / "__main__.py").write_text(MAIN)
    zipapp.create_archive(folder / "app", folder / "perimeter365.pyz")
    return folder / "perimeter365.pyz"


def run(command: tuple[str | Path, ...], folder: Path) -> tuple[int, str]:
    """Run a process without a store. Return its exit code and stdout."""
    settings = {**os.environ, "XDG_DATA_HOME": str(folder / "data"), "COLUMNS": "200"}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, encoding="utf-8")
    assert done.returncode != 70, done.stderr
    return done.returncode, done.stdout


def in_zip(archive: Path, code: str, *path: str) -> str:
    """Run a program that imports the package from the zip and extras from `path`. Return its output."""
    begin = f"import sys; sys.path[:0] = [{str(archive)!r}]; sys.path += {list(path)!r}\n"
    command = [sys.executable, "-I", "-S", "-c", begin + code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_is_the_one_in_the_zip(archive: Path) -> None:
    found = in_zip(
        archive, "import perimeter365, rich, jinja2; print(perimeter365.__file__, rich.__file__, jinja2.__file__)"
    )
    assert found.split() == [str(archive / name / "__init__.py") for name in ("perimeter365", "rich", "jinja2")]


def test_all_targets_and_all_commands_are_found(archive: Path) -> None:
    code = """
import json
from perimeter365.cli._app import app
from perimeter365.targets import targets
print(json.dumps([list(targets), app.list_commands(None)]))
"""
    names, commands = json.loads(in_zip(archive, code))
    modules = {
        room: {path.stem for path in (PACKAGE / room).glob("*.py") if path.name[0] != "_"} for room in ("targets", "cli")
    }
    engine = {"life", "loss", "many", "organizations", "reasons", "settings", "since", "target", "write"}
    assert set(names) == {name.replace("_", "-") for name in modules["targets"] - engine}
    assert set(commands) == {name.rstrip("_") for name in modules["cli"]}
    assert len(names) >= 55


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["targets", "--json"],
        ["targets", "pac"],
        ["rows", "--json"],
        ["lookup", "52.112.0.5"],
        ["--quiet", "lookup", "52.112.0.5", "--json"],
        ["lookup", "192.0.2.1"],
        ["init", "-"],
        ["plan", str(EXAMPLE), "--format", "json"],
        ["no-such-command"],
    ],
    ids=lambda words: "-".join(Path(word).name.strip("-") for word in words),
)
def test_a_command_prints_what_the_installed_one_prints(archive: Path, words: list[str], tmp_path: Path) -> None:
    if str(EXAMPLE) in words and not EXAMPLE.exists():
        pytest.skip("the checkout's examples are not here")
    code, out = run((sys.executable, "-I", "-S", archive, *words), tmp_path)
    assert (code, out) == run((*INSTALLED, *words), tmp_path)
    assert out or code == 2


def test_the_version_names_the_lists_and_no_extras(archive: Path, tmp_path: Path) -> None:
    code, out = run((sys.executable, "-I", "-S", archive, "--version"), tmp_path)
    *lists, extras = out.splitlines()
    assert (code, lists) == (0, run((*INSTALLED, "--version"), tmp_path)[1].partition("\nextras")[0].splitlines())
    assert extras == "extras: not known, since perimeter365 is not installed as a distribution"
    assert run((sys.executable, "-I", "-S", archive, "doctor", "--offline"), tmp_path)[1]


def test_the_25_rows_are_in_it(archive: Path, tmp_path: Path) -> None:
    _, out = run((sys.executable, "-I", "-S", archive, "rows", "--json"), tmp_path)
    assert [row["row"] for row in json.loads(out) if row["row"]] == list(range(1, 26))


def test_rendered_files_are_the_ones_of_the_installed_package(archive: Path, tmp_path: Path) -> None:
    for place, command in (("zip", (sys.executable, "-I", "-S", archive)), ("installed", INSTALLED)):
        words = ("render", "nftables", "report", "pac", "--profile", EXAMPLE, "-o", place)
        assert run((*command, *words), tmp_path)[0] == 0
    found = [
        {path.relative_to(tmp_path / place): path.read_bytes() for path in (tmp_path / place).rglob("*") if path.is_file()}
        for place in ("zip", "installed")
    ]
    assert found[0] == found[1]
    assert {path.parts[0] for path in found[0]} == {"nftables", "report", "pac"}


def test_a_store_is_created_and_drawn(archive: Path, tmp_path: Path) -> None:
    """The migrations and the template of the page are read from the zip."""
    code = f"""
import os
from datetime import date
import perimeter365
from perimeter365.cli import main
from perimeter365.history import load
load.latest_day = lambda: date(2030, 12, 31)
assert perimeter365.__file__.startswith({str(archive)!r})
os.chdir({str(tmp_path)!r})
assert main(["--quiet", "--store", "store.sqlite", "import", "history", {str(SERIES)!r}]) == 0
main(["--store", "store.sqlite", "versions", "--json"])
assert main(["--quiet", "--store", "store.sqlite", "timeline", "--html", "page.html"]) == 0
"""
    out = in_zip(archive, code, *{sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    assert len([v for v in json.loads(out[out.index("[") : out.rindex("]") + 1]) if v["cloud"] == "worldwide"]) == 5
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_no_other_module_uses_its_file_path() -> None:
    using = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name) and node.id == "__file__"
    }
    assert using == set(MAY_USE_FILE)
