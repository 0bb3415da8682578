"""Names to classes, from the modules of a package."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from perimeter365.errors import Perimeter365Error, UnknownNameError
from perimeter365.model.registry import ModuleRegistry

GREETING = """
from tests.model.test_registry import Greeting

class Polite(Greeting):
    name = "dummy"
"""


class Greeting:
    """The base class of the entries."""

    name: str


def registry() -> ModuleRegistry[Greeting]:
    return ModuleRegistry(import_module("others"), Greeting, kind="greeting", other_modules=("tools",))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty package `others`, whose modules are removed at the end."""
    package = tmp_path / "others"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for module in [m for m in sys.modules if m.split(".")[0] == "others"]:
        del sys.modules[module]


def test_each_public_module_is_an_entry(folder: Path) -> None:
    (folder / "dummy.py").write_text(GREETING)
    (folder / "second_one.py").touch()
    (folder / "tools.py").write_text("raise RuntimeError")
    (folder / "_helper.py").write_text("raise RuntimeError")
    found = registry()
    assert list(found) == ["dummy", "second-one"]
    assert len(found) == 2
    assert "dummy" in found
    assert "all" not in found
    assert found["dummy"].__name__ == "Polite"


def test_the_error_for_an_unknown_name_proposes_the_nearest_one(folder: Path) -> None:
    (folder / "dummy.py").write_text(GREETING)
    with pytest.raises(UnknownNameError, match="'dumy' is not a greeting") as caught:
        registry()["dumy"]
    assert caught.value.help == "did you mean 'dummy'?"


@pytest.mark.parametrize(
    ("file", "text", "error"),
    [
        ("dummy.py", "import there_is_no_such_module", ModuleNotFoundError),
        ("dummy.py", "def", SyntaxError),
        ("dummy.py", "1 / 0", ZeroDivisionError),
        ("dummy.py", "", ImportError),
        ("other.py", GREETING, ImportError),
        ("dummy.py", f"{GREETING}\n\nclass Again(Polite):\n    pass\n", ImportError),
        ("dummy.py", "from others._elsewhere import Polite", ImportError),
    ],
    ids=["lacks-an-import", "broken", "fails", "empty", "other-name", "two-of-one-name", "not-its-own"],
)
def test_a_module_that_is_not_an_entry_is_an_error_not_a_warning(
    folder: Path, file: str, text: str, error: type[Exception]
) -> None:
    (folder / "_elsewhere.py").write_text(GREETING)
    (folder / file).write_text(text)
    found = registry()
    (name,) = found
    with pytest.raises(error):
        found[name]


def test_a_package_without_an_entry_is_an_error(folder: Path) -> None:
    (folder / "_helper.py").touch()
    (folder / "tools.py").touch()
    with pytest.raises(Perimeter365Error, match="others contains no greetings"):
        registry()


def test_a_broken_module_does_not_affect_another_one(folder: Path) -> None:
    (folder / "dummy.py").write_text(GREETING)
    (folder / "broken.py").write_text("1 / 0")
    assert registry()["dummy"].name == "dummy"
