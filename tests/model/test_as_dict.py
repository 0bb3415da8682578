"""Rows and requirements as JSON: every field is there, and nothing is lost."""

import json
from dataclasses import fields

import pytest

from perimeter365.model.as_dict import requirement_dict, row_dict
from perimeter365.model.requirement import Requirement
from perimeter365.model.row import Row
from perimeter365.sources.load import read_catalog

CATALOG = read_catalog("embedded")
REQUIREMENTS = list(CATALOG.requirements())


@pytest.mark.parametrize("kind", ["Flow", "Site", "Record"])
def test_every_field_of_a_kind_is_in_its_dictionary(kind: str) -> None:
    requirement = next(r for r in REQUIREMENTS if type(r).__name__ == kind)
    made = requirement_dict(requirement)
    assert {f.name for f in fields(requirement)} | {"kind"} == set(made)
    assert made["kind"] == kind.lower()


def test_every_requirement_is_plain_json() -> None:
    for requirement in REQUIREMENTS:
        made = requirement_dict(requirement)
        assert json.loads(json.dumps(made)) == made
        assert made["evidence"]


def test_different_requirements_make_different_dictionaries() -> None:
    made: dict[str, Requirement] = {}
    for requirement in REQUIREMENTS:
        text = json.dumps(requirement_dict(requirement), sort_keys=True)
        assert made.setdefault(text, requirement) is requirement


def test_a_row_has_its_own_facts_and_the_dns_scope_no_number() -> None:
    own = {f.name for f in fields(Row)} - {"number", "flows", "sites", "records"}
    for row in (*CATALOG.rows.values(), CATALOG.dns):
        made = row_dict(row)
        assert set(made) == own | {"row", "kinds", "directions"}
        assert made["row"] == (row.number or None)
        assert json.loads(json.dumps(made)) == made
