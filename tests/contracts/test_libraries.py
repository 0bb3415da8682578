"""Third-party libraries that each package may import, and imports of an installation without extras.

`make contracts` checks our own rooms against each other; this checks them against what is not ours, which import-linter
cannot do before somebody imports it.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import metadata, packages_distributions, requires
from pathlib import Path

import pytest

import perimeter365
from perimeter365.follow.doctor import _EXTRAS as EXTRAS
from perimeter365.targets import targets

PACKAGE = Path(perimeter365.__file__).resolve().parent

ONLY_IN: Mapping[str, frozenset[str]] = {
    # only the command line writes to a terminal
    "click": frozenset({"cli"}),
    "rich": frozenset({"cli"}),
    # only the store uses a database server
    "psycopg": frozenset({"store"}),
    "apprise": frozenset({"history"}),
    "feedgenerator": frozenset({"history"}),
    "icalendar": frozenset({"history"}),
    # formats of single targets
    "mmdb_writer": frozenset({"targets"}),
    "netaddr": frozenset({"targets"}),
    "pyarrow": frozenset({"targets"}),
    # only the reader of the other-endpoints page reads HTML and Markdown
    "lxml": frozenset({"sources"}),
    "markdown_it": frozenset({"sources"}),
    # only these packages use the network
    "urllib3": frozenset({"net"}),
    "truststore": frozenset({"net"}),
}
"""Restricted library -> packages that may import it."""


STANDARD = sys.stdlib_module_names | {"_sha2", "_sha256"}
"""Modules of the standard library, including those of other Python versions."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """Return the first folder below the package; "" for a top-level module."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the top-level name and line of each import from other packages below a node."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            if top not in STANDARD and top != "perimeter365":
                yield top, getattr(node, "lineno", 0)


def at_import(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """As `imported`, but only imports that run when the module is imported and are not optional."""
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield from imported(statement)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def declared() -> dict[str, set[str]]:
    """Return distribution -> extras that require it; "" for the plain installation."""
    found: dict[str, set[str]] = {}
    for requirement in requires("perimeter365") or []:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        extra = re.search(r"extra == ['\"]([^'\"]+)['\"]", requirement)
        assert name is not None
        found.setdefault(normal(name[0]), set()).add(extra[1] if extra else "")
    return found


@cache
def distributions() -> Mapping[str, list[str]]:
    """Return importable name -> distributions, from the file lists of the whole environment."""
    return packages_distributions()


def extras_of(library: str) -> set[str]:
    """Return the extras that install an importable library; empty if none is declared."""
    known = declared()
    return set().union(*(known.get(normal(name), set()) for name in distributions().get(library, [])))


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in modules()}


def test_restricted_libraries_are_imported_only_by_their_packages(trees: dict[Path, ast.Module]) -> None:
    strays = [
        f"{path.relative_to(PACKAGE)}:{line} imports {name}, which is for {', '.join(sorted(ONLY_IN[name]))}"
        for path, tree in trees.items()
        for name, line in imported(tree)
        if name in ONLY_IN and room(path) not in ONLY_IN[name]
    ]
    assert not strays, "\n".join(strays)


def test_each_library_is_declared(trees: dict[Path, ast.Module]) -> None:
    users = {name: f"{path.relative_to(PACKAGE)}:{line}" for path, tree in trees.items() for name, line in imported(tree)}
    undeclared = [f"{where} imports {name}" for name, where in users.items() if not extras_of(name)]
    assert not undeclared, "neither a dependency nor in an extra of pyproject.toml:\n" + "\n".join(undeclared)


def test_each_package_can_be_imported_without_extras(trees: dict[Path, ast.Module]) -> None:
    early = [
        f"{path.relative_to(PACKAGE)}:{line} imports {name} of the extra {', '.join(sorted(extras))} at once"
        for path, tree in trees.items()
        for name, line in at_import(tree)
        if (extras := extras_of(name)) and "" not in extras
    ]
    assert not early, "import it in the function that needs it:\n" + "\n".join(early)


def test_a_target_names_the_extra_that_it_imports_from(trees: dict[Path, ast.Module]) -> None:
    for name in targets:
        module = PACKAGE / "targets" / f"{name.replace('-', '_')}.py"
        needed = {
            extra for library, _ in imported(trees[module]) if "" not in (extras := extras_of(library)) for extra in extras
        }
        assert needed == {targets[name].extra} - {""}, name


def test_all_is_every_other_extra() -> None:
    extras = set(metadata("perimeter365").get_all("Provides-Extra") or ())
    (line,) = (line for line in requires("perimeter365") or [] if line.startswith("perimeter365["))
    assert "extra == " in line
    assert set(line[line.index("[") + 1 : line.index("]")].split(",")) == extras - {"all"} == set(EXTRAS)


def test_imports_are_found_in_all_forms() -> None:
    tree = ast.parse("import os, yaml\nfrom rich.table import Table\nfrom . import x\ndef f():\n    import requests as r\n")
    assert list(imported(tree)) == [("yaml", 1), ("rich", 2), ("requests", 5)]
    assert list(at_import(tree)) == [("yaml", 1), ("rich", 2)]
    assert extras_of("rich") == {""}
    assert extras_of("pyarrow") == {"parquet"}
    assert extras_of("no_such_library") == set()
