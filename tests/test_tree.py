"""The tests lie as the source lies, both ways: no module without its test, no test without its module.

`src/perimeter365/model/host.py` is tested by `tests/model/test_host.py`, `plan/_toml.py` by
`tests/plan/test_toml.py`, and `tasks/system.py` by `tests/tasks/test_system.py`. A package as a whole may
be tested by a file of its own name, in it or beside it. What differs stands in the tables below with its
reason, and an entry that nothing needs any more is an error too.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
HOMES = {"": ROOT / "src" / "perimeter365", "tasks": ROOT / "tasks"}
"""Where modules lie, by the folder of tests/ that mirrors it."""

pytestmark = pytest.mark.checkout

TESTED_TOGETHER = {
    # One file a target, each a short class of differences: every test of a target runs on all of them, from
    # the Mapping of targets, so a new one is tested without a new file. The families (_bases/) have tests of
    # its own.
    "targets/[!_]*.py": "tests/targets",
}
"""Modules that a folder's tests cover as a family: pattern below src/perimeter365 -> that folder."""

WITHOUT_OWN_TEST = {
    "__main__.py": "three lines; the tests of cli/ start it",
}
"""Modules that need no test of their own name: path below src/perimeter365 -> why."""

FREE_FOLDERS = {
    "consumers": "finding the real programs",
    "contracts": "rules about the whole package",
    "facts": "the embedded data, of which there is no module",
    "fuzz": "fuzzers of the parsers",
    "lab": "the namespace laboratory",
    "properties": "properties over several rooms",
    "reliability": "the promises of docs/reliability.md, case by case",
    "torture": "a store under faults",
    "upstream": "the lying upstream, a program",
}
"""Folders of tests/ that mirror nothing: name -> what they test."""

FREE_FILES = {
    "test_docs.py": "docs/",
    "test_doctest.py": "the examples in docstrings",
    "test_readme.py": "README.md",
    "test_forge.py": ".github/, .pre-commit-config.yaml, SECURITY.md",
    "test_conftest.py": "tests/conftest.py",
    "test_tree.py": "this file",
}
"""Files of tests/ that mirror nothing: path -> what they test."""


def modules(home: Path) -> list[Path]:
    """The modules below a folder, relative to it, without the ones that are only a package's door."""
    found = (path.relative_to(home) for path in home.rglob("*.py") if "__pycache__" not in path.parts)
    return sorted(path for path in found if path.name != "__init__.py")


def its_test(module: Path) -> Path:
    """Where the test of a module belongs, below the folder that mirrors the module's home."""
    return module.with_name(f"test_{module.stem.strip('_')}.py")


def together(module: Path) -> bool:
    return any(fnmatchcase(module.as_posix(), pattern) for pattern in TESTED_TOGETHER)


def all_tests() -> list[Path]:
    return sorted(path.relative_to(TESTS) for path in TESTS.rglob("test_*.py"))


def lines(items: Iterable[object]) -> str:
    return "\n  ".join(["", *(str(item) for item in items)])


def test_each_module_has_its_test() -> None:
    lacking = [
        f"{module} -> tests/{(Path(mirror) / its_test(module)).as_posix()}"
        for mirror, home in HOMES.items()
        for module in modules(home)
        if not (TESTS / mirror / its_test(module)).exists()
        and not (mirror == "" and (together(module) or module.as_posix() in WITHOUT_OWN_TEST))
    ]
    assert not lacking, f"modules without a test:{lines(lacking)}"


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
    assert not stray, f"tests of no module; move them, or give the reason in {Path(__file__).name}:{lines(stray)}"


def test_families_are_tested() -> None:
    for pattern, folder in TESTED_TOGETHER.items():
        if any(fnmatchcase(module.as_posix(), pattern) for module in modules(HOMES[""])):
            assert list((ROOT / folder).glob("test_*.py")), f"{pattern}: no test in {folder}"


def test_no_exemption_is_left_over() -> None:
    existing = {module.as_posix() for module in modules(HOMES[""])}
    useless = [name for name in WITHOUT_OWN_TEST if name in existing and (TESTS / its_test(Path(name))).exists()]
    useless += [name for name in FREE_FILES if not (TESTS / name).exists()]
    useless += [name for name in FREE_FOLDERS if not (TESTS / name).is_dir()]
    useless += [name for name in FREE_FOLDERS if (HOMES[""] / name / "__init__.py").exists()]
    assert not useless, f"exemptions that nothing needs:{lines(useless)}"
