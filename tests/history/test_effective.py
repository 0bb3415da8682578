"""Additions before their day, removals for a while after they went."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.history.effective import Effective, effective
from perimeter365.history.store import Store
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from tests.history.test_gates import made, state

W = Cloud.WORLDWIDE
TODAY = date(2030, 6, 15)


def on(day: date, *sets: object) -> State:
    found = state(*sets, version=f"{day:%Y%m%d}00")  # type: ignore[arg-type]
    return replace(found, recorded=day)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A set that lost a name on 1 June and a prefix on 1 May, and another that went on 10 June; one announced name."""
    with Store(str(tmp_path / "s.sqlite"), clock=lambda: datetime(2030, 6, 15, tzinfo=UTC)) as opened:
        lone = made(2, ["lone.example.com"])
        opened.commit(on(date(2030, 4, 1), made(1, ["a.example.com", "b.example.com"], ["192.0.2.0/24"]), lone))
        opened.commit(on(date(2030, 5, 1), made(1, ["a.example.com", "b.example.com"]), lone))
        opened.commit(on(date(2030, 6, 1), made(1, ["a.example.com"]), lone))
        last = on(date(2030, 6, 10), made(1, ["a.example.com", "new.example.com"]))
        opened.commit(last, effective={(1, "new.example.com"): date(2030, 7, 1)})
        yield opened


def used(store: Store, today: date = TODAY, **options: object) -> Effective:
    found = effective(store, W, today, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def hosts(found: Effective) -> dict[int, list[str]]:
    return {s.id: [h.text for h in s.hosts] for s in found.state.sets}


def test_removals_stay_for_thirty_days(store: Store) -> None:
    found = used(store)
    assert hosts(found) == {1: ["a.example.com", "b.example.com", "new.example.com"], 2: ["lone.example.com"]}
    assert found.state.by_id[1].listed == (), "the prefix went 45 days ago"
    assert [(e.value, e.day) for e in found.kept] == [
        ("b.example.com", date(2030, 7, 1)),
        ("lone.example.com", date(2030, 7, 10)),
    ]


@pytest.mark.parametrize(("day", "kept"), [(date(2030, 6, 30), 2), (date(2030, 7, 1), 1), (date(2030, 7, 10), 0)])
def test_grace_ends_on_its_day(day: date, kept: int, store: Store) -> None:
    assert len(used(store, day).kept) == kept


def test_grace_is_by_category_and_zero_is_none(store: Store) -> None:
    assert used(store, grace={"optimize": 90}).kept == ()
    assert hosts(used(store, grace={})) == {1: ["a.example.com", "new.example.com"]}
    assert len(used(store, grace={"default": 60}).kept) == 3


def test_an_entry_that_came_back_is_not_kept(store: Store) -> None:
    store.commit(on(date(2030, 6, 12), made(1, ["a.example.com", "b.example.com"])))
    assert "b.example.com" not in [e.value for e in used(store).kept]


def test_additions_come_ahead_unless_that_is_off(store: Store) -> None:
    assert [(e.value, e.day) for e in used(store).announced] == [("new.example.com", date(2030, 7, 1))]
    assert hosts(used(store, ahead=False))[1] == ["a.example.com", "b.example.com"]
    assert hosts(used(store, date(2030, 7, 1), ahead=False, grace={}))[1] == ["a.example.com", "new.example.com"]


def test_a_pinned_version_does_not_know_what_came_after(store: Store) -> None:
    store.pin(W, "2030050100")
    assert hosts(used(store)) == {1: ["a.example.com", "b.example.com"], 2: ["lone.example.com"]}


def test_nothing_in_force_is_none_and_a_wrong_grace_is_refused(store: Store) -> None:
    assert effective(store, Cloud.CHINA, TODAY) is None
    for wrong in ({"default": -1}, {"defualt": 1}):
        with pytest.raises(InputError, match="grace times"):
            effective(store, W, TODAY, grace=wrong)
