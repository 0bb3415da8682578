"""What a room calls `_x` is used in that room alone, so that its door shows in its names."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"

pytestmark = pytest.mark.checkout


def violations(source: str, module: str) -> Iterator[str]:
    """Imports of private names of another package, in the source of a module with a dotted name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            private = next((i for i, part in enumerate(parts) if part.startswith("_") and not part.startswith("__")), None)
            if parts[0] == "perimeter365" and private and not f"{module}.".startswith(".".join(parts[:private]) + "."):
                yield f"{module}:{node.lineno} imports {name}"


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"), path


def test_no_private_name_is_imported_from_another_room() -> None:
    found = [line for module, path in modules() for line in violations(path.read_text("utf-8"), module)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "from perimeter365.targets._never import check_never",
        "from perimeter365.targets import _never",
        "def f():\n    import perimeter365.targets._never",
        "from perimeter365.targets._bases.acl import AclTarget",
        "from perimeter365.targets.write import _safe",
    ],
)
def test_the_search_finds(source: str) -> None:
    assert list(violations(source, "perimeter365.cli.render"))
    assert not list(violations(source, "perimeter365.targets.write"))
