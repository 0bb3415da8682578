"""The change records of served versions: upstream's own where they describe what is served, computed ones elsewhere."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from perimeter365.web import past
from perimeter365.web.edition import Edition, load_edition
from perimeter365.wire import read
from perimeter365.workspace import Workspace
from tests.history.lists import made, state
from tests.history.oracle import reference

W = Cloud.WORLDWIDE
A, B, C = "2026100100", "2026110100", "2026120100"
ONE, TWO, THREE = (state(made(1, [f"{name}.example.com"]), version=A) for name in ("one", "two", "three"))


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "_pairs", {})


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "store.sqlite")


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with Store(place) as opened:
        yield opened


def at(content: State, version: str) -> State:
    return replace(content, version=Version(version))


def own(version: str, number: int = 4711, **rest: Any) -> ChangeRecord:
    """Return a record of upstream that no comparison would give."""
    found: dict[str, Any] = {"impact": "AddedSubstituteUrl", "previous": {"notes": "x"}, **rest}
    return ChangeRecord(id=number, endpoint_set=1, disposition="Change", version=Version(version), **found)


def loaded(place: str) -> Edition:
    return load_edition(Workspace(store=place))


def since(place: str, version: str = A) -> tuple[ChangeRecord, ...]:
    return tuple(record for record in loaded(place).clouds[W].records if record.version > version)


def test_upstreams_records_are_passed_through_unchanged(store: Store, place: str) -> None:
    record = own(B, effective=date(2026, 12, 1), added_hosts=("two.example.com",))
    store.commit(at(ONE, A))
    store.commit(at(TWO, B), records=[record])
    assert since(place) == (record,)


def test_a_record_of_a_list_that_is_not_served_as_upstream_published_it_is_computed(store: Store, place: str) -> None:
    store.commit(at(ONE, A))
    store.commit(at(TWO, B), records=[own(B)], published=at(THREE, B))  # an entry is held
    store.commit(at(THREE, B), records=[own(B)], replace_content=True)  # and admitted
    store.commit(at(ONE, C), records=[own(C, 4712)])
    found = since(place)
    assert [(r.version, r.added_hosts, r.removed_hosts) for r in found] == [
        (B, ("two.example.com",), ("one.example.com",)),
        (f"{int(B) + 1}", ("three.example.com",), ("two.example.com",)),
        (C, ("one.example.com",), ("three.example.com",)),
    ]
    assert all(r.impact != "AddedSubstituteUrl" for r in found)


def test_a_rollback_and_a_jump_over_a_version_are_computed(store: Store, place: str) -> None:
    store.commit(at(ONE, A))
    store.pin(W, A)
    store.commit(at(TWO, B), records=[own(B)])
    store.commit(at(THREE, C), records=[own(C, 4712)])
    store.unpin(W)
    store.rollback(W)
    assert [(r.version, r.added_hosts) for r in since(place)] == [
        (C, ("three.example.com",)),
        (f"{int(C) + 1}", ("one.example.com",)),
    ]


def test_records_of_a_part_of_a_step_are_not_those_of_the_step(store: Store, place: str) -> None:
    """The service skipped B: its own records are missing, those of C describe only what followed."""
    store.commit(at(ONE, A))
    store.pin(W, A)
    store.commit(at(TWO, B))
    store.commit(at(THREE, C), records=[own(C)])
    store.unpin(W)
    assert [(r.version, r.added_hosts, r.removed_hosts) for r in since(place)] == [
        (C, ("three.example.com",), ("one.example.com",))
    ]


def test_a_version_that_was_never_fetched_has_no_record(store: Store, place: str) -> None:
    """Microsoft published B and C between two syncs; only C has a list here."""
    store.commit(at(ONE, A))
    store.commit(at(THREE, C), records=[own(B), own(C, 4712)])
    assert [(r.version, r.added_hosts) for r in since(place)] == [(C, ("three.example.com",))]


def test_numbers_are_unique_and_leave_out_those_of_upstream(store: Store, place: str) -> None:
    store.commit(at(ONE, A))
    store.commit(at(TWO, B), records=[own(B, 1), own(B, 2)])
    store.commit(at(THREE, C))
    assert [r.id for r in loaded(place).clouds[W].records if r.version > B] != [1]
    numbers = [r.id for r in loaded(place).clouds[W].records]
    assert len(numbers) == len(set(numbers))
    assert {1, 2} <= set(numbers)


def test_computed_records_have_the_announced_day(store: Store, place: str) -> None:
    store.commit(at(ONE, A))
    store.commit(at(TWO, B), effective={(1, "two.example.com"): date(2026, 12, 5)})
    assert [r.effective for r in since(place)] == [date(2026, 12, 5)]


def test_a_client_that_has_the_embedded_list_gets_what_the_first_sync_changed(store: Store, place: str) -> None:
    sets = tuple(s for s in embedded().endpoint_sets(W) if s.id < SYNTHETIC_ID)
    store.commit(State(cloud=W, version=Version(A), origin=RECORDED, sets=sets[:-1]))
    (record,) = since(place, embedded().versions[W].version)
    assert (record.version, record.disposition, record.endpoint_set) == (A, "Remove", sets[-1].id)


def test_recorded_lists_are_the_past_of_the_embedded_one(store: Store, place: str) -> None:
    store.add([at(ONE, "2018080200"), at(TWO, "2019010100")])
    served = loaded(place).clouds[W]
    assert [each.number for each in served.versions] == ["2018080200", "2019010100", embedded().versions[W].version]
    assert [r.added_hosts for r in served.records if r.version == "2019010100"] == [("two.example.com",)]


def test_two_processes_give_the_same_records(store: Store, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store.commit(at(ONE, A))
    store.commit(at(TWO, B))
    first = tuple(loaded(place).clouds[W].records)
    monkeypatch.setattr(past, "_pairs", {})
    assert tuple(loaded(place).clouds[W].records) == first


def test_records_outlive_the_store_if_they_were_asked_for(store: Store, place: str) -> None:
    store.commit(at(ONE, A))
    store.commit(at(TWO, B))
    asked, late = loaded(place), loaded(place)
    known = tuple(asked.clouds[W].records)
    store.close()
    Path(place).unlink()
    assert tuple(asked.clouds[W].records) == known
    assert tuple(late.clouds[W].records) == known, "the comparison is kept for other editions"


def test_without_the_earlier_lists_there_is_an_error_and_no_answer(store: Store, place: str) -> None:
    store.commit(at(ONE, A))
    store.commit(at(TWO, B))
    edition = loaded(place)
    store.close()
    Path(place).unlink()
    with pytest.raises(StoreError):
        len(edition.clouds[W].records)


def test_a_damaged_earlier_list_is_an_error(store: Store, place: str) -> None:
    store.commit(at(ONE, A))
    store.commit(at(TWO, B))
    edition = loaded(place)
    store.close()
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE p365_states SET body = replace(body, 'one.example', 'bad.example')")
    connection.close()
    with pytest.raises(StoreError):
        len(edition.clouds[W].records)


def test_the_records_lead_from_each_recorded_list_to_the_next(store: Store, place: str) -> None:
    """Replay: the entries of the first list, with every record applied, are those of the last one."""
    paths = sorted(reference("history").glob("*.json"))
    found = {f"{path.stem[-10:].replace('-', '')}00": read.parse_endpoints(path.read_bytes(), W) for path in paths}
    store.add([State(cloud=W, version=Version(v), origin=RECORDED, sets=sets) for v, sets in found.items()])
    served = loaded(place).clouds[W]
    versions = [each.number for each in served.versions]
    entries = _entries(found[versions[0]])
    for version in versions[1:]:
        for record in (r for r in served.records if r.version == version):
            now = entries.setdefault(record.endpoint_set, set())
            now -= {*record.removed_prefixes, *record.removed_hosts}
            now |= {*record.added_prefixes, *record.added_hosts}
        listed = found.get(version, served.sets)
        assert {number: each for number, each in entries.items() if each} == _entries(listed), version


def _entries(sets: Any) -> dict[int, set[str]]:
    found: Mapping[int, set[str]] = {s.id: {*s.listed, *(h.text for h in s.hosts)} for s in sets}
    return dict(found)
