"""A rehearsed sync returns the outcome of a real one and changes nothing."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perimeter365.errors import StoreError
from perimeter365.history.sync import sync
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.rehearsal import Rehearsal
from perimeter365.store.store import Store
from tests.history.lists import base
from tests.history.upstream import MemoryUpstream

W = Cloud.WORLDWIDE
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def known(version: str, without: int = 0) -> MemoryUpstream:
    sets = tuple(s for s in embedded().endpoint_sets(W) if s.id < 9000)[without:]
    source = MemoryUpstream()
    source.publish(replace(base(), version=Version(version), sets=sets))
    return source


def test_a_rehearsal_predicts_the_sync(place: str) -> None:
    good, bad = known("2026080200"), known("2026083000", without=15)
    expected = ["committed", "unchanged", "held", "held"]
    for source, status in zip((good, good, bad, bad), expected, strict=True):
        with Rehearsal(place, clock=lambda: NOW) as rehearsal:
            said = sync(rehearsal, source, [W], base=embedded())[0]
        with Store(place, clock=lambda: NOW) as store:
            done = sync(store, source, [W], base=embedded())[0]
        assert said.status == done.status == status
        assert said.diff == done.diff
        assert (said.held and said.held.reasons) == (done.held and done.held.reasons)


def test_a_rehearsal_writes_and_creates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with Rehearsal(str(path)) as rehearsal:
        assert sync(rehearsal, known("2026080200"), [W], base=embedded())[0].status == "committed"
    assert list(tmp_path.iterdir()) == []
    with Store(str(path), clock=lambda: NOW) as store:
        sync(store, known("2026080200"), [W], base=embedded())
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    with Rehearsal(str(path), clock=lambda: NOW) as rehearsal:
        held = sync(rehearsal, known("2026083000", without=15), [W], base=embedded())[0].held
        assert held
        assert held.id == 0
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before
    assert [p.name for p in tmp_path.iterdir()] == ["store.sqlite"]


def test_a_held_state_stays_held_after_a_rehearsal(tmp_path: Path) -> None:
    path = str(tmp_path / "store.sqlite")
    good = known("2026080200")
    with Store(path, clock=lambda: NOW) as store:
        sync(store, good, [W], base=embedded())
        held = sync(store, known("2026083000", without=15), [W], base=embedded())[0].held
    assert held
    with Rehearsal(path, clock=lambda: NOW) as rehearsal:
        assert sync(rehearsal, good, [W], base=embedded())[0].healed == (held.id,)
        assert [h.id for h in rehearsal.held()] == [held.id]


def test_a_rehearsal_has_no_other_changes(tmp_path: Path) -> None:
    with Rehearsal(str(tmp_path / "store.sqlite")) as rehearsal, pytest.raises(AttributeError):
        rehearsal.pin(W, "2026080200")  # type: ignore[attr-defined]


def test_a_damaged_store_does_not_count_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("not a database")
    with Rehearsal(str(path)) as rehearsal, pytest.raises(StoreError, match="not a SQLite database"):
        rehearsal.versions()
