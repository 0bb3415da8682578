"""The compiled catalog: the embedded file is up to date and has all names and addresses of the catalog."""

import json

from perimeter365.model.compiled import compile_catalog, to_json
from perimeter365.model.lookup import Index
from perimeter365.sources.embedded import FACTS
from perimeter365.sources.load import read_catalog

INDEX = Index.embedded()


def test_the_embedded_index_is_the_compiled_catalog() -> None:
    data = compile_catalog(read_catalog("embedded"))
    assert (FACTS / "index.json").read_text("utf-8") == to_json(data), "stale: python tasks/index.py"
    assert json.loads(to_json(data)) == data


def test_every_address_and_name_of_the_catalog_is_in_the_index() -> None:
    catalog = read_catalog("embedded")
    listed = {host for entry in INDEX.entries for host in entry.hosts}
    for sets in catalog.sets.values():
        assert {h.text for s in sets for h in s.hosts} <= listed
    for row in catalog.rows.values():
        for flow in row.flows:
            for party in (flow.source, flow.destination):
                assert party.ours or {h.text for h in party.hosts} <= listed
        for site in row.sites:
            assert {h.text for h in site.hosts} <= listed


def test_own_ends_have_no_entry() -> None:
    for entry in compile_catalog(read_catalog("embedded"))["entries"]:
        assert not any(entry.get(key) == "" or entry.get(key) == [] for key in entry)
        assert entry.get("hosts") or entry.get("prefixes") or entry.get("sets")
    assert not [h for e in INDEX.entries for h in e.hosts if h == "autodiscover.<email_domain>"]
