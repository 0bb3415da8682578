"""Every case has a family, every family has cases and tests, and the documentation contains them."""

from pathlib import Path

from perimeter365.history.gates import CODES
from tests.reliability import registry
from tests.reliability.registry import GATES, HELD, REJECTED, STORE, UPSTREAM, Family

ROOT = Path(__file__).resolve().parents[2]


def test_every_case_of_upstream_belongs_to_a_family_with_its_outcome() -> None:
    refuses = {case: registry.family_of(case).outcome in (REJECTED, HELD) for case in registry.upstream_cases()}
    assert [c for c, refused in refuses.items() if registry.tolerated(c) is refused and not c.startswith("page-")] == []


def test_every_family_of_upstream_has_cases() -> None:
    used = {registry.family_of(case).what for case in registry.upstream_cases()}
    assert [family.what for family in UPSTREAM if family.what not in used] == []


def test_every_gate_has_a_family() -> None:
    assert tuple(GATES) == CODES


def test_every_case_of_gates_and_store_is_named_in_its_tests() -> None:
    """Each family is checked separately."""

    def text(family: Family) -> str:
        return "".join((ROOT / place.partition(":")[0]).read_text("utf-8") for place in family.tried)

    families = [*GATES.values(), *STORE]
    assert [name for family in families for name in family.names if name not in text(family)] == []


def test_every_named_test_file_exists() -> None:
    places = sorted({place for family in UPSTREAM for place in family.tried})
    parts = [place.partition(": ") for place in places]
    assert [word for path, _, word in parts if word not in (ROOT / path).read_text("utf-8")] == []


def test_the_documented_tables_match_the_registry() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    for table in registry.tables().split("\n\n"):
        assert table.strip() in page, registry.tables()
