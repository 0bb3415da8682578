"""Which catalog a program works on."""

import shutil
from pathlib import Path

import pytest

from perimeter365 import load_catalog
from perimeter365.errors import CatalogError, StoreError
from perimeter365.history.storage.store import Store
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.sources.embedded import FACTS, embedded
from perimeter365.sources.load import store_of

WORLDWIDE = Cloud.WORLDWIDE


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("PERIMETER365_STORE", "PERIMETER365_CATALOG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def synced(store: Store, recorded: tuple[State, ...]) -> str:
    store.commit(recorded[0])
    return store.place


def test_without_a_store_it_is_the_embedded_one() -> None:
    assert load_catalog() is embedded()


def test_a_synced_list_wins_over_the_embedded_one(synced: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_STORE", synced)
    version = load_catalog().versions[WORLDWIDE]
    assert (version.version, version.origin) == ("2030010600", "live")
    assert load_catalog(store=synced).versions[WORLDWIDE] == version
    assert load_catalog(synced).versions[WORLDWIDE] == version


def test_the_store_that_would_be_asked_is_told(synced: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert store_of() is None, "there is none in the data folder"
    assert store_of(store=synced) == store_of(synced) == synced
    assert store_of(store=str(tmp_path / "none.sqlite")) is None
    assert store_of("embedded", store=synced) is None
    assert store_of(tmp_path, store=synced) is None, "a folder of facts"
    monkeypatch.setenv("PERIMETER365_STORE", synced)
    assert store_of() == synced
    monkeypatch.setenv("PERIMETER365_CATALOG", "embedded")
    assert store_of() is None


def test_an_older_live_version_supersedes_a_newer_recorded_one(store: Store, recorded: tuple[State, ...]) -> None:
    from dataclasses import replace

    store.commit(replace(recorded[0], version="2018063000"))
    assert load_catalog(store=store.place).versions[WORLDWIDE].version == "2018063000"


def test_the_store_of_the_data_folder_is_found(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    with Store() as store:
        assert Path(store.place).is_relative_to(tmp_path / "data")
        store.commit(recorded[0])
    assert load_catalog().versions[WORLDWIDE].version == "2030010600"


def test_a_folder_of_facts_is_read_as_it_is(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FACTS, tmp_path / "facts"))
    path = folder / "instances" / "china.json"
    path.write_text(path.read_text("utf-8").replace('"2024032900"', '"2031010100"'), "utf-8")
    for where in (folder, str(folder)):
        assert load_catalog(where).versions[Cloud.CHINA].version == "2031010100"


def test_a_catalog_that_is_named_wins_over_a_store(synced: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_STORE", synced)
    assert load_catalog("embedded") is embedded()
    assert load_catalog(FACTS) == embedded()
    monkeypatch.setenv("PERIMETER365_CATALOG", str(FACTS))
    assert load_catalog() == embedded()


def test_a_store_that_was_only_imported_into_changes_nothing(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    assert load_catalog(store=store.place) == embedded()


def test_a_store_that_is_named_but_not_there_yet_leaves_the_embedded_list(tmp_path: Path) -> None:
    assert load_catalog(store=str(tmp_path / "store.sqlite")) is embedded()


def test_a_store_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("no database" * 100)
    with pytest.raises(StoreError, match="not a SQLite database"):
        load_catalog(store=str(path))
    with pytest.raises(StoreError, match="not a SQLite database"):
        load_catalog(path)


def test_what_is_no_catalog_is_said(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="not a folder of facts") as caught:
        load_catalog(tmp_path / "nowhere")
    assert "instances/" in caught.value.help


def test_a_library_without_a_store_never_loads_a_database() -> None:
    import os
    import subprocess
    import sys

    code = (
        "import sys; from perimeter365 import load_catalog; load_catalog(); "
        "print([m for m in ('sqlite3', 'sqlalchemy', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"
