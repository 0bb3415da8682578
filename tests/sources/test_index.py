"""The index of `lookup` with a synced list gives the answers of a catalog with that list."""

from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.compiled import compile_catalog
from perimeter365.model.lookup import Index
from perimeter365.model.state import State
from perimeter365.sources.embedded import embedded
from perimeter365.sources.index import load_index
from perimeter365.store.store import Store


def answers(index: Index, value: str) -> list[tuple[str, str, str]]:
    return sorted((m.entry.id, m.entry.cloud, m.matched) for m in index.lookup(value).matches)


def test_without_a_store_it_is_the_embedded_one() -> None:
    index = load_index()
    assert answers(index, "52.112.0.5") == answers(Index.embedded(), "52.112.0.5")


@pytest.mark.parametrize(
    "value",
    ["131.107.100.200", "131.107.113.7", "2001:4898:11::5", "www.login.example.com", "id.example.org", "52.112.0.5"],
)
def test_with_one_it_answers_as_the_catalog_does(value: str, store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    whole = Index(compile_catalog(store.catalog(embedded())))
    assert answers(load_index(store.place), value) == answers(whole, value)


def test_a_new_address_is_known_and_a_dropped_one_is_not(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    index = load_index(store.place)
    assert ("ws/worldwide/11", "worldwide", "131.107.113.0/25") in answers(index, "131.107.113.7")
    assert not [a for a in answers(index, "52.112.0.5") if a[0].startswith("ws/worldwide/")]


def test_a_store_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="is empty"):
        load_index(str(path))
