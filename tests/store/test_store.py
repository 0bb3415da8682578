"""Commit, import, pin and rollback, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import date

import pytest

from perimeter365.errors import StoreError, UnknownNameError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import BEGINNING, Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.history import oracle

WORLDWIDE = Cloud.WORLDWIDE


def live(state: State, version: str = "") -> State:
    return replace(state, origin="live", version=Version(version or state.version), recorded=None)


def test_a_committed_state_is_in_force_and_reads_back_unchanged(store: Store, recorded: tuple[State, ...]) -> None:
    assert store.commit(recorded[0])
    head = store.head(WORLDWIDE)
    assert head is not None
    assert (head.version, head.origin, head.recorded) == ("2030010600", "live", date(2030, 1, 6))
    assert head.sets == recorded[0].sets
    assert head.hash == recorded[0].hash
    assert store.newest(WORLDWIDE) == head
    assert store.problems() == ()


def test_a_state_without_a_day_gets_the_day_of_its_commit(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(live(recorded[0]))
    assert store.versions()[0].recorded == date(2030, 6, 1)


def test_committing_again_changes_nothing(store: Store, recorded: tuple[State, ...]) -> None:
    assert store.commit(recorded[0])
    before = (store.versions(), store.history("outlook.example.com"))
    assert not store.commit(recorded[0])
    assert (store.versions(), store.history("outlook.example.com")) == before


def test_the_same_content_is_stored_once(store: Store, recorded: tuple[State, ...]) -> None:
    first, second = recorded[:2]  # the second state has the same entries in another order
    store.commit(first)
    store.commit(second)
    assert len({version.hash for version in store.versions()}) == 1
    assert [version.version for version in store.versions()] == [first.version, second.version]


def test_a_changed_published_version_needs_a_decision(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(live(recorded[0]))
    other = live(recorded[2], recorded[0].version)
    with pytest.raises(StoreError, match="stored with another content"):
        store.commit(other)
    head = store.head(WORLDWIDE)
    assert head is not None
    assert head.hash == recorded[0].hash
    assert store.commit(other, replace_content=True)
    head = store.head(WORLDWIDE)
    assert head is not None
    assert head.hash == recorded[2].hash
    assert store.problems() == ()


def test_a_recorded_state_does_not_come_into_force(store: Store, recorded: tuple[State, ...]) -> None:
    assert store.add(recorded) == 5
    assert store.head(WORLDWIDE) is None
    assert store.newest(WORLDWIDE) is None
    assert store.in_force() == ()
    assert store.catalog(embedded()) == embedded()


def test_a_live_version_supersedes_a_recorded_one_of_the_same_name(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded[:1])
    assert store.commit(live(recorded[2], recorded[0].version))
    (version,) = store.versions()
    assert (version.origin, version.hash) == ("live", recorded[2].hash)
    assert store.problems() == ()


def test_importing_twice_adds_nothing(store: Store, recorded: tuple[State, ...]) -> None:
    assert store.add(recorded) == 5
    assert store.add(recorded) == 0
    assert len(store.versions()) == 5


def test_importing_a_known_version_with_another_content_stores_nothing(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded[:2])
    wrong = replace(recorded[2], version=recorded[0].version)
    with pytest.raises(StoreError, match="2030010600 is stored with another content"):
        store.add([recorded[3], wrong])
    assert [v.version for v in store.versions()] == [s.version for s in recorded[:2]]


def test_the_order_of_imports_does_not_matter(place: str, recorded: tuple[State, ...]) -> None:
    lists = oracle.series()
    with Store(place) as store:
        for state in (recorded[3], recorded[0], recorded[4], recorded[2], recorded[1]):
            store.add([state])
        assert [v.version for v in store.versions()] == [version for version, _ in lists]
        for value in oracle.values(lists):
            found = {(i.endpoint_set, i.since, i.until) for i in store.history(value)}
            assert found == oracle.stretches(lists, value), value
        assert store.problems() == ()


def test_imports_are_inserted_before_later_syncs(store: Store, recorded: tuple[State, ...]) -> None:
    # The sync of 1 June 2030 returned a version with an older date than the recordings, but it is the newer information.
    store.commit(live(recorded[4], "2029123100"))
    store.add(recorded[:4])
    assert [v.version for v in store.versions()][-1] == "2029123100"
    came_back = [i for i in store.history("*.old.example.net") if i.until is None]
    assert [i.since for i in came_back] == ["2029123100"]
    head = store.head(WORLDWIDE)
    assert head is not None
    assert head.version == "2029123100"


def test_commits_give_the_intervals_of_the_oracle(store: Store, recorded: tuple[State, ...]) -> None:
    lists = oracle.series()
    for state in recorded:
        store.commit(state)
        assert store.problems() == ()
    for value in oracle.values(lists):
        found = {(i.endpoint_set, i.since, i.until) for i in store.history(value)}
        assert found == oracle.stretches(lists, value), value


def test_clouds_are_independent(store: Store, recorded: tuple[State, ...]) -> None:
    china = oracle_china(recorded[0])
    store.commit(recorded[0])
    store.commit(china)
    store.commit(recorded[2])
    head = store.head(Cloud.CHINA)
    assert head is not None
    assert head.version == china.version
    assert {i.cloud for i in store.history("cdn.example.net") if i.until is None} == {WORLDWIDE, Cloud.CHINA}


def oracle_china(state: State) -> State:
    return replace(state, cloud=Cloud.CHINA, sets=tuple(replace(s, cloud=Cloud.CHINA) for s in state.sets))


def test_dates_records_and_notifications_of_a_commit_are_stored(store: Store, recorded: tuple[State, ...]) -> None:
    day = date(2030, 4, 1)
    record = ChangeRecord(
        id=7,
        endpoint_set=11,
        disposition="Change",
        impact="AddedIp",
        version=Version("2030030300"),
        effective=day,
        added_prefixes=("131.107.113.192/26",),
    )
    store.commit(
        recorded[2],
        effective={(1, "cdn.example.net"): date(2030, 3, 20)},
        records=[record],
        outbox=[("committed", {"version": "2030030300"})],
    )
    assert store.records(WORLDWIDE) == (record,)
    assert store.effective(WORLDWIDE) == {
        (11, "131.107.113.192/26"): day,
        (1, "cdn.example.net"): date(2030, 3, 20),
    }
    (notification,) = store.pending()
    assert (notification.kind, notification.payload) == ("committed", {"version": "2030030300"})


def test_a_newer_record_with_the_same_number_replaces_the_older(store: Store, recorded: tuple[State, ...]) -> None:
    old = ChangeRecord(id=7, endpoint_set=11, disposition="Change", version=Version("2030030300"), impact="AddedIp")
    new = replace(old, impact="MovedIpOrUrl")
    store.commit(recorded[0], records=[old])
    store.commit(recorded[2], records=[new])
    assert store.records(WORLDWIDE) == (new,)


def test_a_failure_inside_writing_rolls_back_all_changes(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])

    def write() -> None:
        with store.writing():
            store.commit(recorded[2], outbox=[("committed", {})])
            store.set_note("key", "value")
            store.pin(WORLDWIDE, recorded[0].version)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert [v.version for v in store.versions()] == [recorded[0].version]
    assert store.pending() == ()
    assert store.note("key") == ""
    assert not store.in_force()[0].pinned


def test_a_pinned_version_stays_in_force_while_syncs_continue(store: Store, recorded: tuple[State, ...]) -> None:
    for state in recorded[:3]:
        store.commit(state)
    store.pin(WORLDWIDE, recorded[0].version)
    store.commit(recorded[3])
    head, newest = store.head(WORLDWIDE), store.newest(WORLDWIDE)
    assert head is not None
    assert newest is not None
    assert (head.version, newest.version) == (recorded[0].version, recorded[3].version)
    assert store.in_force()[0].pinned
    followed = store.unpin(WORLDWIDE)
    assert followed is not None
    assert (followed.version, followed.pinned) == (recorded[3].version, False)


def test_a_recorded_version_can_be_pinned_and_unpinned(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    store.pin(WORLDWIDE, recorded[2].version)
    head = store.head(WORLDWIDE)
    assert head is not None
    assert head.sets == recorded[2].sets
    assert store.catalog(embedded()).versions[WORLDWIDE].version == recorded[2].version
    assert store.unpin(WORLDWIDE) is None
    assert store.head(WORLDWIDE) is None


def test_the_return_of_the_embedded_list_is_an_entry_of_its_own(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    assert store.unpin(WORLDWIDE) is None
    assert store.forced(WORLDWIDE) == (), "nothing else was in force"
    store.pin(WORLDWIDE, recorded[2].version)
    for _ in range(2):
        store.unpin(WORLDWIDE)
    store.pin(WORLDWIDE, recorded[2].version)
    assert [each.version for each in store.forced(WORLDWIDE)] == [recorded[2].version, BEGINNING, recorded[2].version]
    assert store.problems() == ()
    store.unpin(WORLDWIDE)
    assert store.rollback(WORLDWIDE).version == recorded[2].version


def test_an_import_leaves_a_pinned_version_pinned(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded[1:3])
    store.pin(WORLDWIDE, recorded[2].version)
    store.add([recorded[0], *recorded[3:]])
    (force,) = store.in_force()
    assert (force.version, force.pinned) == (recorded[2].version, True)


def test_only_a_stored_version_can_be_pinned(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    with pytest.raises(UnknownNameError, match="2030030301") as caught:
        store.pin(WORLDWIDE, "2030030301")
    assert "2030030300" in caught.value.help


def test_a_rollback_pins_the_last_version_with_another_content(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[2])
    store.commit(replace(recorded[3], version=Version("2030040700")))
    store.commit(replace(recorded[3], version=Version("2030040701")))  # a new version without changes
    assert store.rollback(WORLDWIDE).version == recorded[2].version
    store.commit(recorded[4])
    head = store.head(WORLDWIDE)
    assert head is not None
    assert head.version == recorded[2].version, "the next sync must not undo a rollback"
    with pytest.raises(UnknownNameError, match="was in force earlier"):
        store.rollback(WORLDWIDE)


def test_a_rollback_goes_to_what_was_in_force_before_by_time(store: Store, recorded: tuple[State, ...]) -> None:
    """Not to a list that was imported and never in force; a second rollback goes further back."""
    store.commit(replace(recorded[0], version=Version("2030010100")))
    store.commit(replace(recorded[2], version=Version("2030030100")))
    store.add([replace(recorded[1], version=Version("2030033000"))])
    store.commit(replace(recorded[3], version=Version("2030040100")))
    assert store.rollback(WORLDWIDE).version == "2030030100"
    assert store.rollback(WORLDWIDE).version == "2030010100"
    with pytest.raises(UnknownNameError, match="was in force earlier"):
        store.rollback(WORLDWIDE)
    store.unpin(WORLDWIDE)
    assert store.rollback(WORLDWIDE).version == "2030010100", "the last one that was in force"


def test_a_rollback_reaches_a_recorded_list_only_if_it_was_in_force(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(replace(recorded[2], version=Version("2030030100")))
    store.add([replace(recorded[1], version=Version("2030022800"))])
    store.pin(WORLDWIDE, "2030022800")
    store.unpin(WORLDWIDE)
    assert store.rollback(WORLDWIDE).version == "2030022800"


def test_a_version_keeps_what_upstream_published(store: Store, recorded: tuple[State, ...]) -> None:
    published, used = recorded[3], replace(recorded[2], version=recorded[3].version)
    assert store.commit(used, published=published)
    newest, whole = store.newest(WORLDWIDE), store.published(WORLDWIDE)
    assert newest is not None
    assert whole is not None
    assert (newest.hash, whole.hash) == (used.hash, published.hash)
    assert store.versions(WORLDWIDE)[-1].published == published.hash
    assert store.problems() == ()
    store.commit(replace(published, origin="live"), replace_content=True, published=published)
    assert store.versions(WORLDWIDE)[-1].upstream == ""


def test_a_rollback_without_a_version_in_force_is_rejected(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    with pytest.raises(UnknownNameError):
        store.rollback(WORLDWIDE)


def test_two_stores_see_each_others_commits(place: str, recorded: tuple[State, ...]) -> None:
    with Store(place) as one, Store(place) as two:
        one.commit(recorded[0])
        two.commit(recorded[2])
        assert [v.version for v in one.versions()] == [recorded[0].version, recorded[2].version]
        assert one.problems() == ()


def test_the_forty_recorded_states_give_the_intervals_of_the_oracle(place: str) -> None:
    from perimeter365.history.load import read_recorded_lists

    lists = oracle.series(oracle.reference("history"))
    with Store(place) as store:
        assert store.add(read_recorded_lists(oracle.reference("history"))[0]) == len(lists)
        assert [v.version for v in store.versions()] == [version for version, _ in lists]
        with store.reading():  # the rows are checked once
            for value in sorted(oracle.values(lists)):
                found = {(i.endpoint_set, i.since, i.until) for i in store.history(value)}
                assert found == oracle.stretches(lists, value), value
        assert store.problems() == ()
