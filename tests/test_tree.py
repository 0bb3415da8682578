"""The test tree mirrors the source tree, both ways.

`src/perimeter365/model/host.py` is tested by `tests/model/test_host.py`, `plan/_toml.py` by
`tests/plan/test_toml.py`, and `tasks/system.py` by `tests/tasks/test_system.py`. A package as a whole may
be tested by a file with its name, in its folder or next to it. The tables below list exceptions with a reason; an
exception that is no longer needed is an error.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
HOMES = {"": ROOT / "src" / "perimeter365", "tasks": ROOT / "tasks"}
"""Folder below tests/ -> folder of the modules that it mirrors."""

pytestmark = pytest.mark.checkout

TESTED_TOGETHER = {
    # Each target is a small module; all tests run on all targets of the registry, so a new target is tested
    # without a new file. The base classes (_bases/) have their own tests.
    "targets/[!_]*.py": "tests/targets",
}
"""Modules tested as a family: pattern below src/perimeter365 -> folder of the tests."""

WITHOUT_OWN_TEST = {
    "__main__.py": "three lines; run by the tests of cli/",
    "model/area.py": "one list of words, which the tests of the catalog use",
    "model/probe.py": "values without code; sources/test_probe_facts.py reads them",
    "targets/_bases/azure_rules.py": "tests/life/test_azure.py, with a model of Azure; tests/targets/_bases/test_iac.py",
    "targets/_bases/lines.py": "tests/life: the manuals of name servers, proxies and BIRD, pasted into one shell",
    "targets/_bases/parts.py": "tests/life/test_aws_prefix_list.py, test_azure.py; tests/targets/_bases/test_iac.py",
    "targets/_bases/ports.py": "tests/life/test_aws_prefix_list.py; tests/targets/_bases/test_iac.py",
    "targets/_bases/proxies.py": "options of PAC files and proxies; tests/targets/test_pac.py, test_proxies.py",
    "targets/_bases/report_lines.py": "tests/targets/test_report.py reads the page",
    "targets/_bases/zone_files.py": "tests/life/test_dns_zone.py, with named",
    "targets/_cover.py": "tests/targets/test_losses.py, with all targets",
    "targets/_judge.py": "tests/targets/test_losses.py, with all targets",
    "plan/_reader.py": "what _read and _read_choices share; their tests run it",
}
"""Modules without a test file: path below src/perimeter365 -> reason."""

FREE_FOLDERS = {
    "clients": "programs of the web service's clients",
    "consumers": "detection of the real programs",
    "contracts": "rules for the whole package",
    "facts": "the embedded data, which has no module",
    "fuzz": "fuzzers of the parsers",
    "life": "the life of each artifact on its device, step by step",
    "lab": "the namespace laboratory",
    "properties": "properties of several packages",
    "reliability": "the promises of docs/reliability.md, case by case",
    "torture": "a store under faults",
    "upstream": "the faulty upstream, a test server",
}
"""Folders of tests/ without a mirrored package: name -> what they test."""

FREE_FILES = {
    "test_docs.py": "docs/",
    "test_doctest.py": "the examples in docstrings",
    "test_readme.py": "README.md",
    "test_forge.py": ".github/, .pre-commit-config.yaml, SECURITY.md",
    "test_conftest.py": "tests/conftest.py",
    "test_sweep.py": "tests/sweep.py",
    "test_times.py": "tests/times.py",
    "test_tree.py": "this file",
    "web/test_hostile_requests.py": "requests and connections that are meant to harm the service",
    "cli/test_modes.py": "the modes of everything that commands write",
    "web/test_swaps.py": "versions that are announced while lists change, with real replicas behind nginx",
    "store/test_damage.py": "a damaged byte anywhere in a store",
    "store/test_foreign.py": "stores that somebody else may have made",
    "test_hostile_files.py": "every reader of files that others may have made",
    "web/test_firewalls.py": "models of firewalls over every failure of serving",
    "web/test_polling.py": "real programs fed by their own polling",
    "cli/test_newer_cloud.py": "a cloud newer than the release, through several commands",
}
"""Files of tests/ without a module: path -> what they test."""


READS = {
    *("open", "fdopen", "read_text", "read_bytes", "stdin", "create_default_context", "load_verify_locations"),
    *("iterdir", "glob", "rglob", "walk", "scandir", "listdir"),
}
"""Names of functions and attributes that read a file, a folder or standard input."""

READERS = {
    "atomic.py": ("open", "writes; opens a folder to sync it"),
    "cli/__init__.py": ("open", "replaces closed streams by the null device"),
    "cli/demo.py": ("read_text", "a resource of the package"),
    "cli/init.py": ("open read_text", "writes; resources of the package"),
    "follow/carry.py": ("iterdir", "removes empty folders of its own"),
    "intake.py": ("fdopen open read_bytes read_text scandir stdin", "the reader"),
    "model/suffixes.py": ("read_text", "a resource of another package"),
    "net/dial.py": ("create_default_context", "a file of authorities that intake has read"),
    "show/page.py": ("read_text", "resources of the package"),
    "sources/embedded.py": ("iterdir", "the package in a zip file"),
    "sources/web_service.py": ("open", "writes"),
    "store/sqlite.py": ("open", "creates a new store"),
    "store/migrations/__init__.py": ("read_text", "resources of the package"),
    "targets/mmdb.py": ("read_bytes", "its own temporary file"),
    "targets/pac.py": ("read_text", "a resource of the package"),
    "targets/srx_feed.py": ("open", "writes an archive in memory"),
    "targets/write.py": ("open", "writes; opens a folder to lock it"),
    "web/generations.py": ("open iterdir", "writes; lists and locks a folder that has its mark"),
}
"""Modules that use names of `READS` otherwise: path below src/perimeter365 -> the names, and the reason."""


def reads(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of each use of a name of `READS`, unless it is imported from `intake` or is a definition."""
    tree = ast.parse(source)
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "perimeter365.intake"
        for alias in node.names
    }
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in READS - ours and node in called:
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and node.attr in READS and (node in called or node.attr == "stdin"):
            yield node.lineno, node.attr


def modules(home: Path) -> list[Path]:
    """Return the modules below a folder, relative to it, without `__init__.py` files."""
    found = (path.relative_to(home) for path in home.rglob("*.py") if "__pycache__" not in path.parts)
    return sorted(path for path in found if path.name != "__init__.py")


def its_test(module: Path) -> Path:
    """Return the path of the test file of a module, below the folder that mirrors it."""
    return module.with_name(f"test_{module.stem.strip('_')}.py")


def together(module: Path) -> bool:
    return any(fnmatchcase(module.as_posix(), pattern) for pattern in TESTED_TOGETHER)


def all_tests() -> list[Path]:
    return sorted(path.relative_to(TESTS) for path in TESTS.rglob("test_*.py"))


def lines(items: Iterable[object]) -> str:
    return "\n  ".join(["", *(str(item) for item in items)])


def test_each_module_has_its_test() -> None:
    untested = [
        f"{module} -> tests/{(Path(mirror) / its_test(module)).as_posix()}"
        for mirror, home in HOMES.items()
        for module in modules(home)
        if not (TESTS / mirror / its_test(module)).exists()
        and not (mirror == "" and (together(module) or module.as_posix() in WITHOUT_OWN_TEST))
    ]
    assert not untested, f"modules without a test:{lines(untested)}"


def test_each_test_has_its_module() -> None:
    expected = {Path(mirror) / its_test(module) for mirror, home in HOMES.items() for module in modules(home)}
    packages = [path.parent.relative_to(HOMES[""]) for path in HOMES[""].rglob("__init__.py")]
    for package in packages:
        name = f"test_{package.name or 'perimeter365'}.py"
        expected |= {package / name, package.parent / name}
    families = {Path(folder).relative_to("tests").as_posix() for folder in TESTED_TOGETHER.values()}
    stray = [
        f"tests/{test}"
        for test in all_tests()
        if test not in expected
        and test.parts[0] not in FREE_FOLDERS
        and test.as_posix() not in FREE_FILES
        and test.parent.as_posix() not in families
    ]
    assert not stray, f"tests without a module; move them, or add an exception in {Path(__file__).name}:{lines(stray)}"


def test_families_are_tested() -> None:
    for pattern, folder in TESTED_TOGETHER.items():
        if any(fnmatchcase(module.as_posix(), pattern) for module in modules(HOMES[""])):
            assert list((ROOT / folder).glob("test_*.py")), f"{pattern}: no test in {folder}"


def test_every_exception_is_needed() -> None:
    existing = {module.as_posix() for module in modules(HOMES[""])}
    unused = [name for name in WITHOUT_OWN_TEST if name in existing and (TESTS / its_test(Path(name))).exists()]
    unused += [name for name in FREE_FILES if not (TESTS / name).exists()]
    unused += [name for name in FREE_FOLDERS if not (TESTS / name).is_dir()]
    unused += [name for name in FREE_FOLDERS if (HOMES[""] / name / "__init__.py").exists()]
    assert not unused, f"exceptions that are not needed:{lines(unused)}"


def test_only_intake_reads_files_that_others_may_have_made() -> None:
    home = HOMES[""]
    found = {path.relative_to(home).as_posix(): list(reads(path.read_text("utf-8"))) for path in home.rglob("*.py")}
    allowed = {(name, use) for name, (uses, _) in READERS.items() for use in uses.split()}
    others = [f"{name}:{line}: {use}" for name, uses in found.items() for line, use in uses if (name, use) not in allowed]
    assert not others, f"use perimeter365.intake, or add an exception in {Path(__file__).name}:{lines(sorted(others))}"
    assert allowed == {(name, use) for name, uses in found.items() for _, use in uses}, "an exception is not needed"


@pytest.mark.parametrize(
    "line",
    [
        "open(path)",
        "path.open('rb')",
        "os.open(path, 0)",
        "Path(path).read_text()",
        "path.read_bytes()",
        "data = sys.stdin.buffer.read()",
        "sorted(folder.rglob('*'))",
        "for each in os.walk(folder): pass",
        "ssl.create_default_context(cafile=path)",
    ],
)
def test_another_reader_is_found(line: str) -> None:
    constraints = (HOMES[""] / "plan" / "constraints.py").read_text("utf-8")
    assert not list(reads(constraints))
    assert [name for _, name in reads(f"{constraints}\n{line}\n")]


def test_no_pattern_repeats_a_group_possessively() -> None:
    """`re` of Python 3.11.0 to 3.11.4 matches such a group too early or too late (gh-106052)."""
    group = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+|\(\?>")
    home = HOMES[""]
    found = [path.relative_to(home).as_posix() for path in home.rglob("*.py") if group.search(path.read_text("utf-8"))]
    assert not found, f"use a repeated group that cannot be left otherwise:{lines(sorted(found))}"
    assert group.search(r'"(?:[^"]++|\\.)*+"')
