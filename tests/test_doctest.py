"""Check the docstrings of the package: their first lines and their examples.

Each docstring begins with a summary of at most 80 characters, followed by a blank line if there are details. Its examples
run with only the names of its module.

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
LONGEST_SUMMARY = 80

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


MODULES = {module_of(path): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
"""Name of each module -> its source text."""

SOURCES = {module: text for module, text in MODULES.items() if PROMPT.search(text)}
"""The modules with a prompt."""

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


def bad_summaries(text: str) -> list[str]:
    """Return "LINE: SUMMARY" for each docstring whose first line is too long or runs on."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Documented) and (docstring := ast.get_docstring(node)) is not None:
            first, *details = docstring.split("\n")
            if not 0 < len(first) <= LONGEST_SUMMARY or (details and details[0].strip()):
                found.append(f"{node.body[0].lineno}: {first}")
    return found


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


def test_every_docstring_begins_with_a_summary() -> None:
    assert {"perimeter365", "perimeter365.errors", "perimeter365.store.store"} <= MODULES.keys()
    assert {module: found for module, text in MODULES.items() if (found := bad_summaries(text))} == {}


@pytest.mark.parametrize(
    "form",
    [
        '"""{}"""\n',
        'class A:\n    """{}"""\n',
        'def f():\n    """{}"""\n',
        'class A:\n    async def f(self):\n        """{}"""\n',
        'def f():\n    if f:\n        class A:\n            """{}"""\n',
    ],
    ids=["module", "class", "function", "method", "nested"],
)
@pytest.mark.parametrize(
    ("docstring", "bad"),
    [
        ("x" * LONGEST_SUMMARY, False),
        ("x" * (LONGEST_SUMMARY + 1), True),
        ("Summary.\n\nDetails.", False),
        ("Summary that\nruns on.", True),
        ("Summary.\n", False),
        ("", True),
    ],
    ids=["longest", "too-long", "details", "runs-on", "line-end", "empty"],
)
def test_a_bad_summary_is_found(form: str, docstring: str, bad: bool) -> None:
    found = [each.partition(": ")[2] for each in bad_summaries(form.format(docstring))]
    assert found == ([docstring.partition("\n")[0]] if bad else [])
