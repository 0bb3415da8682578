"""The names that profiles select, compared with the catalog."""

import pytest

from perimeter365.model.area import AREAS
from perimeter365.model.ids import is_requirement_id
from perimeter365.model.scenario import (
    ALL,
    DNS,
    FURTHER_SCENARIOS,
    RENAMED_IDS,
    ROW_SCENARIOS,
    SCENARIOS,
    canonical,
    is_selector,
)
from perimeter365.sources.embedded import embedded


def test_the_names_are_the_catalogs() -> None:
    catalog = embedded()
    assert {n + 1: name for n, name in enumerate(ROW_SCENARIOS)} == {n: row.scenario for n, row in catalog.rows.items()}
    assert catalog.dns.scenario == DNS
    assert set(SCENARIOS) - {ALL} == set(catalog.scenarios)


def test_names_are_unique() -> None:
    assert len(set(SCENARIOS)) == len(SCENARIOS) == 25 + len(FURTHER_SCENARIOS) + 1 + len(AREAS) + 1


def test_further_scenarios_have_requirements_next_to_their_row() -> None:
    for name, each in FURTHER_SCENARIOS.items():
        found = embedded().find(name)
        assert any(r.scenario == name or name in r.also for r in found), name
        assert {r.row for r in found if r.scenario == name} <= {each.row}, name
        assert each.title


def test_former_ids_select_the_present_ones() -> None:
    ids = {r.id for r in embedded().row_requirements()}
    for former, present in RENAMED_IDS.items():
        assert former not in ids
        assert present in ids
        assert canonical(former) == present
        assert canonical(f"gcchigh:{former}") == f"gcchigh:{present}"
        assert embedded().find(former) == embedded().find(present)


def test_every_id_of_the_catalog_is_a_selector() -> None:
    for req in embedded().requirements():
        assert is_selector(req.id), req.id
        assert is_requirement_id(req.id), req.id
    for row in embedded().rows.values():
        assert is_selector(row.id)
        assert not is_requirement_id(row.id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "row",
        "row/",
        "row/0",
        "row/26",
        "row/06",
        "row/6/",
        "row/26/x",
        "row/6/X",
        "row/6/x/y",
        "dns/",
        "ws/worldwide",
        "ws/worldwide/0",
        "ws/Mars/1",
        "ws/worldwide/x",
        "ws/worldwide/1234567",
        "Exchange",
        "mailbox-migration ",
        "row/6\n",
        "row/٦",
        "6",
    ],
)
def test_other_text_is_not_a_selector(text: str) -> None:
    assert not is_selector(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("row/6", "mailbox-migration"),
        ("row/25", "teams-mobile-push"),
        ("dns", "dns"),
        ("row/6/mrs-proxy", "row/6/mrs-proxy"),
        ("all", "all"),
    ],
)
def test_a_row_and_its_scenario_are_one_selection(text: str, name: str) -> None:
    assert canonical(text) == name
