"""The constraints are the lower bounds, all of them."""

import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest

from tasks import floors

ROOT = Path(__file__).resolve().parents[2]
MADE_UP = {
    "project": {
        "name": "x",
        "dependencies": ["click>=8.5", "SQLAlchemy>=2.0.3"],
        "optional-dependencies": {"a": ["psycopg[binary,pool]>=3"], "b": ["mmdb-writer>=0.2"], "all": ["x[a,b]"]},
    }
}


def test_each_bound_is_a_constraint_and_extras_of_a_library_are_left_away() -> None:
    assert list(floors.constraints(MADE_UP)) == ["click==8.5", "SQLAlchemy==2.0.3", "psycopg==3", "mmdb-writer==0.2"]


@pytest.mark.parametrize("text", ["click", "click>8.5", "click>=8.5,<9", "click==8.5"])
def test_a_library_without_a_floor_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="is not NAME>=VERSION"):
        list(floors.constraints({"project": {"name": "x", "dependencies": [text], "optional-dependencies": {}}}))


def test_every_library_of_the_metadata_has_a_constraint() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = [text for text in requires("perimeter365") or [] if not text.startswith("perimeter365[")]
    assert len(list(floors.constraints(pyproject))) == len(declared) == len(set(declared))


def test_the_tests_that_run_are_there() -> None:
    assert [name for name in floors.TESTS if not (ROOT / name).exists()] == []
