"""Held states, notifications and notes of a store."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import StoreError, UnknownNameError
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.store.entries import Resolution
from perimeter365.store.reader import reader
from perimeter365.store.store import Store

REASON = Reason(code="shrink", message="too much went", entries=("a.example",))


def test_a_held_state_is_not_a_version(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    held = store.add_held(recorded[3], [REASON], extra={"records": [1]})
    assert (held.reasons, held.extra, held.at) == ((REASON,), {"records": [1]}, "2030-06-01T12:00:00+00:00")
    assert [v.version for v in store.versions()] == [recorded[0].version]
    assert store.history("*.files.example.com") == ()
    assert store.state_of(held).sets == recorded[3].sets
    assert store.problems() == ()


def test_the_same_state_is_held_once(store: Store, recorded: tuple[State, ...]) -> None:
    first = store.add_held(recorded[3], [REASON])
    assert store.add_held(recorded[3], [REASON, REASON]) == first
    assert store.add_held(recorded[4], [REASON]).id != first.id
    assert [held.id for held in store.held()] == [first.id, first.id + 1]


@pytest.mark.parametrize("how", ["accepted", "rejected", "healed"])
def test_a_resolved_state_is_no_longer_held(how: Resolution, store: Store, recorded: tuple[State, ...]) -> None:
    held = store.add_held(recorded[3], [REASON])
    assert store.resolve(held.id, how).resolved == how
    assert store.held() == ()
    (kept,) = store.held(resolved=True)
    assert (kept.resolved, kept.resolved_at) == (how, "2030-06-01T12:00:00+00:00")
    with pytest.raises(UnknownNameError, match="is not a held state"):
        store.resolve(held.id, how)
    assert store.add_held(recorded[3], [REASON]).id != held.id, "a rejected state can be held again"


def test_a_resolution_must_be_known(store: Store, recorded: tuple[State, ...]) -> None:
    held = store.add_held(recorded[3], [REASON])
    wrong: Any = "ignored"
    with pytest.raises(UnknownNameError, match="'ignored' is not a resolution"):
        store.resolve(held.id, wrong)
    with pytest.raises(UnknownNameError, match="'99' is not a held state"):
        store.resolve(99, "accepted")


def test_accepting_and_committing_are_one_transaction(store: Store, recorded: tuple[State, ...]) -> None:
    held = store.add_held(recorded[3], [REASON])
    with store.writing():
        store.commit(store.state_of(held))
        store.resolve(held.id, "accepted")
    assert [v.version for v in store.versions()] == [recorded[3].version]
    assert store.held() == ()


def test_notifications_are_pending_in_order_until_delivered(store: Store) -> None:
    for number in range(3):
        store.add_notification("committed", {"number": number})
    first, second, third = store.pending()
    assert [n.payload["number"] for n in (first, second, third)] == [0, 1, 2]
    store.mark_undelivered(first.id, "connection refused")
    store.mark_undelivered(first.id, "connection refused")
    store.mark_delivered(second.id)
    left = store.pending()
    assert [(n.id, n.attempts) for n in left] == [(first.id, 2), (third.id, 0)]
    assert left[0].problem == "connection refused"


def test_a_note_is_stored_until_it_is_deleted(store: Store) -> None:
    assert store.note("client") == ""
    store.set_note("client", "one")
    store.set_note("client", "two")
    assert store.note("client") == "two"
    store.set_note("client", "")
    assert store.note("client") == ""


@pytest.mark.parametrize("reasons", ["{", "[1]", '[{"code": 1}]', '[{"code": "shrink", "entries": "a"}]'])
def test_reasons_that_cannot_be_read_are_damage(tmp_path: Path, recorded: tuple[State, ...], reasons: str) -> None:
    path = tmp_path / "store.sqlite"
    with Store(str(path)) as store:
        store.add_held(recorded[3], [REASON])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE p365_held SET reasons = ?", [reasons])
        connection.execute("DELETE FROM p365_notes WHERE key = 'seal'")  # as somebody would who made the file
    with reader(str(path)) as found, pytest.raises(StoreError, match="the store is damaged"):
        found.held()
