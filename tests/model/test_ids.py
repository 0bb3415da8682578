"""Ids of requirements, sets and rows, compared with the catalog."""

import json
import pickle
from copy import copy

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model import ids
from perimeter365.model.cloud import CLOUDS
from perimeter365.model.ids import RequirementId, SetKey
from perimeter365.sources.embedded import embedded


def test_every_id_of_the_catalog_is_one_and_its_parts_are_the_catalogs() -> None:
    catalog = embedded()
    for cloud, sets in catalog.sets.items():
        for each in sets:
            assert (each.key.cloud, each.key.number) == (cloud.value, each.id)
            assert each.requirement_id.set_key == each.key
            assert (each.requirement_id.row, each.requirement_id.scope) == (None, f"ws/{cloud}")
    for row in (*catalog.rows.values(), catalog.dns):
        for req in row.requirements:
            assert (req.id.scope, req.row, req.id.set_key) == (row.id, row.number or None, None)


@pytest.mark.parametrize(
    "text",
    [
        "", "ws", "ws/", "ws/worldwide", "ws/worldwide/", "ws/worldwide/0", "ws/worldwide/01", "ws/worldwide/1234567",
        "ws/worldwide/x", "ws/worldwide/1/2", "ws/Mars/1", "ws/row/1", "WS/worldwide/1", "row/6", "row/6/", "row/0/x",
        "row/06/x", "row/26/x", "row/6/X", "row/6/x/y", "row/6/x\n", "row/\u0666/x", "row/6/../../etc", "dns", "dns/",
        "dns/a b", "worldwide/11", " row/6/x",
    ],
)  # fmt: skip
def test_other_text_is_not_an_id(text: str) -> None:
    assert not ids.is_requirement_id(text)
    with pytest.raises(CatalogError, match="is not the id of a requirement"):
        RequirementId(text)


@pytest.mark.parametrize(
    "text", ["", "11", "worldwide", "worldwide/", "worldwide/0", "Mars/1", "row/1", "dns/1", "ws/worldwide/1", "dod/1\n"]
)
def test_other_text_is_not_a_key(text: str) -> None:
    with pytest.raises(CatalogError, match="is not the key of an endpoint set"):
        SetKey(text)


def test_the_grammar_has_every_cloud() -> None:
    for cloud in CLOUDS:
        assert SetKey.of(cloud, 11).requirement_id == ids.set_id(cloud, 11) == f"ws/{cloud.value}/11"


@pytest.mark.parametrize("number", [1, ids.SYNTHETIC_ID, ids.MAX_SET_NUMBER])
def test_a_set_has_a_number_from_one_to_the_largest(number: int) -> None:
    assert SetKey.of("dod", number).number == ids.set_number(ids.set_id("dod", number)) == number
    with pytest.raises(CatalogError):
        SetKey.of("dod", ids.MAX_SET_NUMBER + number)


def test_rows_are_numbered_to_25() -> None:
    assert [ids.row_number(ids.row_id(n)) for n in (0, 1, 6, 25, 26)] == [None, 1, 6, 25, None]
    assert ids.row_number("row/6/mrs-proxy") is None


def test_what_an_id_begins_with() -> None:
    assert (ids.in_set("ws/dod/1"), ids.in_set("row/1"), ids.in_row("row/1"), ids.in_row("ws/dod/1")) == (
        True, False, True, False,
    )  # fmt: skip
    assert ids.set_part("ws/dod/1") == "dod/1"


@pytest.mark.parametrize("value", [RequirementId("row/6/mrs-proxy"), SetKey("worldwide/11")])
def test_they_are_strings(value: str) -> None:
    text = str.__str__(value)
    assert (value, hash(value), f"{value}", repr(value), json.dumps(value)) == (
        text, hash(text), text, repr(text), json.dumps(text),
    )  # fmt: skip
    for again in (pickle.loads(pickle.dumps(value)), copy(value)):
        assert (again, type(again)) == (value, type(value))


def test_they_sort_as_strings_and_by_number_for_display() -> None:
    some = [RequirementId(text) for text in ("row/10/a", "row/2/b", "ws/dod/9", "dns/mx", "row/2/a")]
    assert sorted(some) == ["dns/mx", "row/10/a", "row/2/a", "row/2/b", "ws/dod/9"]
    assert sorted(some, key=ids.natural) == ["dns/mx", "row/2/a", "row/2/b", "row/10/a", "ws/dod/9"]
