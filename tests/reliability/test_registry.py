"""Every case has a family, every family has cases and tests that name them, and the documentation says what they are."""

from pathlib import Path

import pytest

from perimeter365.history.gates import CODES
from tests.reliability import registry
from tests.reliability.registry import GATES, STORE, UPSTREAM, Family

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("case", registry.upstream_cases())
def test_every_case_of_upstream_belongs_to_a_family_of_its_outcome(case: str) -> None:
    family = registry.family_of(case)
    if not case.startswith("page-"):
        refused = family.comes_of_it in (registry.REFUSED, registry.WAITS)
        assert registry.borne(case) is not refused


def test_every_family_of_upstream_has_cases() -> None:
    used = {registry.family_of(case).what for case in registry.upstream_cases()}
    assert [family.what for family in UPSTREAM if family.what not in used] == []


def test_every_gate_has_a_family() -> None:
    assert tuple(GATES) == CODES


@pytest.mark.parametrize("family", [*GATES.values(), *STORE], ids=lambda family: family.names[0])
def test_every_case_of_gates_and_store_is_named_where_it_is_tried(family: Family) -> None:
    text = "".join((ROOT / place.partition(":")[0]).read_text("utf-8") for place in family.tried)
    assert [name for name in family.names if name not in text] == []


@pytest.mark.parametrize("place", sorted({place for family in UPSTREAM for place in family.tried}))
def test_every_place_of_upstream_is_there(place: str) -> None:
    path, _, word = place.partition(": ")
    assert word in (ROOT / path).read_text("utf-8")


def test_the_tables_of_the_documentation_are_those_of_the_registry() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    for table in registry.tables().split("\n\n"):
        assert table.strip() in page, registry.tables()
