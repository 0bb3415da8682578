"""Position of a version among the others of its cloud."""

from dataclasses import replace
from datetime import date

from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.store._writes import new_states
from perimeter365.store.store import Store


def order(store: Store) -> list[str]:
    with store.selecting() as select:
        return [str(row["version"]) for row in select("SELECT version FROM p365_versions ORDER BY seq")]


def test_a_recorded_version_is_inserted_by_its_day(store: Store, recorded: tuple[State, ...]) -> None:
    store.add([recorded[0], recorded[2]])
    store.add([recorded[1]])
    assert order(store) == [s.version for s in recorded[:3]]


def test_a_version_without_a_recording_day_is_inserted_by_its_number(store: Store, recorded: tuple[State, ...]) -> None:
    store.add([recorded[0], recorded[2]])
    store.add([replace(recorded[1], version=Version("2030022800"), recorded=None)])
    assert order(store) == ["2030010600", "2030022800", "2030030300"]


def test_versions_of_one_day_keep_the_order_of_their_numbers(store: Store, recorded: tuple[State, ...]) -> None:
    one, two, three = (replace(recorded[0], version=Version(f"203001060{n}")) for n in (0, 1, 2))
    store.add([one, three, two])
    assert order(store) == ["2030010600", "2030010601", "2030010602"]


def test_a_synced_version_goes_after_all_others_whatever_its_number(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    store.commit(replace(recorded[2], version=Version("2029010100"), recorded=None))
    assert order(store)[-1] == "2029010100"


def test_a_history_goes_before_a_sync_of_a_later_day(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(replace(recorded[4], recorded=date(2030, 6, 1)))
    store.add(recorded[:4])
    assert order(store) == [s.version for s in recorded]


def test_a_version_that_is_passed_twice_counts_once(recorded: tuple[State, ...]) -> None:
    assert new_states([], [recorded[0], recorded[0]]) == [recorded[0]]
