"""An edition: what is served between two changes, loaded cheaply."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from perimeter365.web import past
from perimeter365.web.edition import OutdatedError, load_edition, modified
from perimeter365.workspace import Workspace
from tests.history.lists import made, state

W = Cloud.WORLDWIDE
A, B = "2026100100", "2026110100"


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A store with two lists of Worldwide."""
    place = str(tmp_path / "store.sqlite")
    with Store(place) as store:
        store.commit(state(made(1, ["one.example.com"]), version=A))
        store.commit(state(made(1, ["two.example.com"]), version=B))
    return place


def test_the_lists_are_those_in_force_without_synthetic_sets(place: str) -> None:
    edition = load_edition(Workspace(store=place))
    assert [host.text for s in edition.clouds[W].sets for host in s.hosts] == ["two.example.com"]
    assert edition.clouds[Cloud.CHINA].number == embedded().versions[Cloud.CHINA].version
    assert all(s.id < SYNTHETIC_ID for served in edition.clouds.values() for s in served.sets)


def test_what_is_announced_ends_with_the_announced_version(place: str) -> None:
    served = load_edition(Workspace(store=place)).clouds[W]
    before = served.until(Version(A))
    assert before.number == A
    assert before.modified < served.modified
    assert {record.version for record in before.records} <= {A}
    assert before.sets == served.sets
    assert served.until(Version(B)) is served


def test_the_time_of_several_clouds_grows_with_each_of_them(place: str) -> None:
    china = embedded().endpoint_sets(Cloud.CHINA)[:2]
    listed = State(cloud=Cloud.CHINA, version=Version("2026110100"), origin=RECORDED, sets=tuple(china))
    before = load_edition(Workspace(store=place))
    with Store(place, clock=lambda: before.clouds[W].modified - timedelta(hours=1)) as store:
        store.commit(listed)  # by a clock that is late
    after = load_edition(Workspace(store=place))
    assert after.modified() > before.modified()
    assert after.modified((W,)) == before.modified((W,)) == after.clouds[W].modified
    late = after.announcing({W: Version(A)})
    assert modified([late.clouds[W].until(Version(A)), late.clouds[Cloud.CHINA]]) < after.modified((W, Cloud.CHINA))


def test_the_store_of_a_catalog_is_read(place: str, tmp_path: Path) -> None:
    edition = load_edition(Workspace(catalog=place, store=str(tmp_path / "none.sqlite")))
    assert edition.clouds[W].number == B
    assert len(edition.clouds[W].records) >= 1


def test_a_plan_of_an_edition_that_is_outdated_is_an_error(place: str) -> None:
    edition = load_edition(Workspace(store=place))
    with Store(place) as store:
        store.commit(state(made(1, ["three.example.com"]), version="2026120100"))
    with pytest.raises(OutdatedError):
        edition.check()


@pytest.mark.alone
def test_loading_reads_one_list_of_a_cloud_however_long_its_past_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(tmp_path / "store.sqlite")
    sets = tuple(s for s in embedded().endpoint_sets(W) if s.id < SYNTHETIC_ID)
    first = State(cloud=W, version=Version("2018080200"), origin=RECORDED, sets=sets)
    days = [f"{2019 + n // 12}{n % 12 + 1:02}0100" for n in range(80)]
    with Store(place) as store:
        store.add([replace(first, version=Version(day), sets=sets[: n % 50 + 2]) for n, day in enumerate(days)])
        for version in (A, B):
            store.commit(replace(first, version=Version(version), sets=sets[: int(version[4:6])]))
    monkeypatch.setattr(past, "_pairs", {})
    load_edition(Workspace(store=place))  # the embedded catalog is read once in a process
    start = time.process_time()
    edition = load_edition(Workspace(store=place))
    assert time.process_time() - start < 0.3
    assert len(edition.clouds[W].versions) == len(days) + 3
    assert not past._pairs
    assert len(edition.clouds[W].records) > 100
    assert len(past._pairs) >= 49


@pytest.mark.alone
def test_the_embedded_lists_are_loaded_within_a_fifth_of_a_second() -> None:
    embedded.cache_clear()
    start = time.process_time()
    load_edition(Workspace(catalog="embedded"))
    assert time.process_time() - start < 0.2
