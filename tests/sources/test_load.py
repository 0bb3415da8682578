"""Catalogs from the package, a folder or a store."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.errors import CatalogError, StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import FACTS, embedded
from perimeter365.sources.load import is_store, read_catalog
from perimeter365.store.store import Store

WORLDWIDE = Cloud.WORLDWIDE


@pytest.mark.parametrize("where", [None, "", "embedded"])
def test_without_a_place_it_is_the_embedded_one(where: str | None) -> None:
    assert read_catalog(where) is embedded()


def test_a_synced_list_wins_over_the_embedded_one(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    version = read_catalog(store.place).versions[WORLDWIDE]
    assert (version.version, version.origin) == ("2030010600", "live")


def test_an_older_live_version_supersedes_a_newer_recorded_one(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(replace(recorded[0], version=Version("2018063000")))
    assert read_catalog(store.place).versions[WORLDWIDE].version == "2018063000"


def test_a_folder_of_facts_is_read_as_it_is(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(str(FACTS), tmp_path / "facts"))
    path = folder / "instances" / "china.json"
    path.write_text(path.read_text("utf-8").replace('"2026022700"', '"2031010100"'), "utf-8")
    for where in (folder, str(folder)):
        assert read_catalog(where).versions[Cloud.CHINA].version == "2031010100"


def test_a_store_differs_from_a_folder_and_from_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite").touch()
    for place in (str(tmp_path / "s.sqlite"), tmp_path / "s.sqlite", "sqlite:///x", "postgresql://u@h/d", "postgres://h/d"):
        assert is_store(place)
    for place in (str(tmp_path), tmp_path, str(tmp_path / "none"), "embedded"):
        assert not is_store(place)


def test_a_store_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("no database" * 100)
    with pytest.raises(StoreError, match="not a SQLite database"):
        read_catalog(path)
    with pytest.raises(StoreError, match="there is no store"):
        read_catalog(f"sqlite:///{tmp_path}/none.sqlite")


def test_a_location_without_a_catalog_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="not a folder of facts") as caught:
        read_catalog(tmp_path / "nowhere")
    assert "instances/" in caught.value.help
