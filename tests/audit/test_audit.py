"""The audit package: its examples run, and its modules document their errors."""

import ast
import doctest
from importlib import import_module
from pathlib import Path

import pytest

import perimeter365.audit

FOLDER = Path(perimeter365.audit.__file__).parent
MODULES = sorted(path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.py"))
EVERY = pytest.mark.parametrize("module", MODULES, ids=str)


@EVERY
def test_the_examples_of_each_module_run_by_themselves(module: Path) -> None:
    name = ".".join(("perimeter365.audit", *(part for part in module.parts if part != "__init__")))
    done = doctest.testmod(import_module(name), optionflags=doctest.FAIL_FAST)
    assert done.failed == 0
    public = module.parts[0] == "readers" and not module.name.startswith("_")
    assert done.attempted >= (3 if public else 0), "a reader has an import and two examples, one with an unread line"


@EVERY
def test_no_module_has_assertions_or_bare_excepts(module: Path) -> None:
    tree = ast.parse((FOLDER / module.with_suffix(".py")).read_text("utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is None]
