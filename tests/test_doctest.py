"""Run the examples of each docstring, with only the names of its module.

An example that needs a store, the network or a file is an indented block without `>>>`. The tests also search the source
text of modules for prompts, to find examples that doctest ignores because they are not in a docstring.
"""

import ast
import doctest
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import perimeter365

PACKAGE = Path(perimeter365.__file__).resolve().parent
PROMPT = re.compile(r"^\s*>>>", re.MULTILINE)

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def module_of(path: Path) -> str:
    """Return the dotted name of a module, such as `perimeter365.model.host`."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def with_examples(node: Documented, name: str) -> Iterator[str]:
    """Yield the dotted names below a node whose docstrings have examples."""
    if PROMPT.search(ast.get_docstring(node) or ""):
        yield name
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from with_examples(child, f"{name}.{child.name}")


SOURCES = {module_of(path): text for path in sorted(PACKAGE.rglob("*.py")) if PROMPT.search(text := path.read_text("utf-8"))}
"""Name of each module with a prompt -> its source text."""

EACH = [(module, name) for module, text in SOURCES.items() for name in with_examples(ast.parse(text), module)]


def collected(module: ModuleType) -> dict[str, doctest.DocTest]:
    """Return the examples that doctest finds in a module, by dotted name."""
    return {test.name: test for test in doctest.DocTestFinder().find(module) if test.examples}


def uncollected(text: str, tests: dict[str, doctest.DocTest]) -> list[int]:
    """Return the lines with a prompt that are not in any example."""
    lines = {number for number, line in enumerate(text.splitlines(), 1) if PROMPT.match(line)}
    return sorted(
        lines
        - {test.lineno + each.lineno + 1 for test in tests.values() for each in test.examples if test.lineno is not None}
    )


@pytest.mark.parametrize(("module", "name"), EACH, ids=[name.removeprefix("perimeter365.") for _, name in EACH])
def test_an_example_gives_the_output_shown(module: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    output: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(collected(import_module(module))[name], out=output.append)
    assert not result.failed, "".join(output)
    assert result.attempted
    assert not list(tmp_path.iterdir()), "an example must not create files"


@pytest.mark.parametrize("module", SOURCES, ids=[name.removeprefix("perimeter365.") for name in SOURCES])
def test_every_prompt_is_in_a_tested_example(module: str) -> None:
    tests = collected(import_module(module))
    assert set(tests) == {name for where, name in EACH if where == module}
    assert uncollected(SOURCES[module], tests) == []


def test_a_prompt_outside_a_docstring_is_found() -> None:
    text = '"""A.\n\n    >>> 1\n    1\n"""\n\nLIMIT = 1\n"""B.\n\n>>> LIMIT\n1\n"""\n\n# >>> 2\nTEXT = """\n>>> 3\n"""\n'
    module = ModuleType("made_up", ast.get_docstring(ast.parse(text)))
    (test,) = collected(module).values()
    test.lineno = 0
    assert uncollected(text, {"made_up": test}) == [10, 16]
