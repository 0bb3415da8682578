"""The page compared with the catalog."""

import json

import pytest

from perimeter365.model.requirement import Flow
from perimeter365.sources.embedded import embedded
from perimeter365.sources.page.compare import compare_page, literal_tokens
from perimeter365.sources.page.reader import extract, parse
from tests.sources.pages import FRENCH, JANUARY, NEWEST, recorded


@pytest.mark.parametrize("name", [NEWEST, JANUARY, FRENCH])
def test_each_recorded_page_equals_the_catalog_and_the_newest_lacks_row_23s_earlier_text(name: str) -> None:
    catalog = embedded()
    rows = compare_page(extract(recorded(name)), catalog)
    for row, found in rows.items():
        assert found.present, row
        assert found.added == (), row
        assert found.unreadable == (), row
        if row != 23 or name != NEWEST:
            assert found.removed == (), row
    if name == NEWEST:
        flows = [r for r in catalog.rows[23].requirements if isinstance(r, Flow)]
        newest = {str(p) for r in flows if r.edition == "newest" for p in r.source.prefixes}
        earlier = {str(p) for r in flows if r.edition == "earlier" for p in r.source.prefixes}
        assert set(rows[23].removed) == earlier - newest


def test_a_new_host_is_added_and_a_missing_one_is_removed() -> None:
    page = recorded(NEWEST).replace("amp.azure.net", "new.azure.net")
    found = compare_page(parse(page), embedded())[21]
    assert (found.added, found.removed) == (("new.azure.net",), ("amp.azure.net",))


def test_the_comparison_has_fixed_keys() -> None:
    made = compare_page(parse(recorded(NEWEST)), embedded())[13].to_dict()
    assert json.loads(json.dumps(made)) == made
    assert made["ports"] == [{"protocol": "tcp", "ports": "5061,50000-59999"}, {"protocol": "udp", "ports": "50000-59999"}]
    assert {"row", "hosts", "paths", "prefixes", "ports", "same", "added", "removed", "unreadable"} <= set(made)


def test_tokens_of_other_documents_are_not_literal() -> None:
    assert literal_tokens(embedded(), 17) == {"<tenant>.sharepoint.com"}
    assert literal_tokens(embedded(), 24) == {"www.msftconnecttest.com"}
    assert literal_tokens(embedded(), 25) == set()
