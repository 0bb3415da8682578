"""Rows and requirements as JSON: no field is lost."""

import json
from dataclasses import fields
from datetime import date

import pytest

from perimeter365.model.as_dict import plain, requirement_dict, row_dict
from perimeter365.model.cloud import Cloud
from perimeter365.model.ports import PortSet
from perimeter365.model.requirement import Party, Requirement
from perimeter365.model.row import Row
from perimeter365.sources.load import read_catalog
from tests.model.samples import EVIDENCE, hosts, inbound, prefixes, site

CATALOG = read_catalog("embedded")
REQUIREMENTS = list(CATALOG.requirements())


@pytest.mark.parametrize("kind", ["Flow", "Site", "Record"])
def test_every_field_of_a_kind_is_in_its_dictionary(kind: str) -> None:
    requirement = next(r for r in REQUIREMENTS if type(r).__name__ == kind)
    made = requirement_dict(requirement)
    assert {f.name for f in fields(requirement)} | {"kind", "row"} == set(made)
    assert made["kind"] == kind.lower()


def test_keys_have_a_fixed_order() -> None:
    start = [
        "id",
        "kind",
        "cloud",
        "scenario",
        "row",
        "required",
        "condition",
        "needs",
        "unless",
        "on_request",
        "also",
        "retired",
    ]
    of_flow = ["direction", "source", "destination", "tcp", "udp", "path", "category", "tls_inspection", "edition"]
    own = {"Flow": [*of_flow, "express_route"], "Site": ["hosts", "sets", "scheme", "zone", "cookies"]}
    own |= {"Record": ["owner", "type", "value", "ttl", "duty"]}
    for requirement in REQUIREMENTS:
        assert list(requirement_dict(requirement)) == [*start, *own[type(requirement).__name__], "evidence"]


def test_sets_are_named_by_their_keys() -> None:
    source = Party(role="exchange-online", sets=(1, 2))
    made = requirement_dict(inbound(source=source, cloud=Cloud.CHINA))
    assert made["source"] == {"role": "exchange-online", "hosts": [], "prefixes": [], "sets": ["china/1", "china/2"]}
    assert requirement_dict(site(hosts=(), sets=(12,)))["sets"] == ["worldwide/12"]


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (EVIDENCE, [{"document": "https://learn.microsoft.com/x", "date": "2025-01-08", "confidence": "high"}]),
        (Party(role="client"), {"role": "client", "hosts": [], "prefixes": []}),
        (PortSet.parse("443,80"), "80,443"),
        (prefixes("192.0.2.1"), ["192.0.2.1/32"]),
        (hosts("*.example.com"), ["*.example.com"]),
        (Cloud.DOD, "dod"),
        (date(2030, 7, 1), "2030-07-01"),
        (None, None),
        (True, True),
        (6, 6),
        ("outbound", "outbound"),
    ],
    ids=str,
)
def test_values_become_json_types(value: object, json: object) -> None:
    assert plain(value) == json


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
