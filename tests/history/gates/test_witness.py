"""What the package and a store know for the gates."""

from dataclasses import replace
from pathlib import Path

from perimeter365.history.gates.witness import inbound_sources, references, witness_for
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.history.lists import base, made

W = Cloud.WORLDWIDE


def test_a_store_adds_names_numbers_and_addresses_of_its_lists(tmp_path: Path) -> None:
    with Store(str(tmp_path / "store.sqlite")) as store:
        before = witness_for(store, embedded(), W)
        assert "example.com" not in before.domains
        assert "office.com" in before.domains
        assert "198.51.1.0/24" not in before.space
        store.commit(replace(base(), sets=(*base().sets, made(777, ["a.example.org"]))))
        store.commit(replace(base(), version=Version("2030010200")))
        after = witness_for(store, embedded(), W)
    assert after.domains - before.domains == {"example.com", "example.net", "example.org"}
    assert "198.51.1.0/24" in after.space
    assert 777 in after.numbers - before.numbers, "also of a list that is not in force any more"


def test_rows_refer_to_sets() -> None:
    """Row 6: mailbox migration from the addresses of Exchange Online; row 19: Entra Connect."""
    assert inbound_sources(embedded(), W)[1][0] == "row 6"
    assert "row 19" in references(embedded(), W)[56]
    assert set(inbound_sources(embedded(), W)) < set(references(embedded(), W))
