"""Timelines: each added or removed entry is in exactly one lane of one step, and there are no other entries."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.history.draw.timeline import HELD, IN_FORCE, PINNED, UNRESOLVED, Step, Timeline, timeline
from perimeter365.history.load import read_recorded_lists
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.plan.profile import Profile
from perimeter365.store.store import Store
from tests.history import oracle

WORLDWIDE = Cloud.WORLDWIDE


@pytest.fixture
def small(tmp_path: Path, recorded: tuple[State, ...]) -> Store:
    store = Store(str(tmp_path / "store.sqlite"))
    store.add(recorded)
    return store


def drawn(store: Store, since: str = "", until: str = "", profile: Profile | None = None) -> Timeline:
    found = timeline(store, WORLDWIDE, since, until, profile=profile)
    assert found is not None
    return found


def step(found: Timeline, version: str, lane: str) -> Step:
    (one,) = [s for s in found.steps if (s.version, s.lane) == (version, lane)]
    return one


def holds(found: Timeline, lists: list[tuple[str, oracle.Listed]]) -> None:
    """Check that the steps equal the differences, counted directly from the files."""
    assert [version for version, _ in found.versions] == [version for version, _ in lists]
    for (_, old), (version, new) in pairwise(lists):
        before, after = ({*oracle.entries(each, "urls"), *oracle.entries(each, "ips")} for each in (old, new))
        came, went = after - before, before - after
        moved = {value for _, value in came} & {value for _, value in went}
        steps = [s for s in found.steps if s.version == version]
        added = [(int(e.id.rpartition("/")[2]), e.value) for s in steps for e in s.added]
        removed = [(int(e.id.rpartition("/")[2]), e.value) for s in steps for e in s.removed]
        assert sorted(added) == sorted(each for each in came if each[1] not in moved)
        assert sorted(removed) == sorted(each for each in went if each[1] not in moved)
        assert {e.value for s in steps for e in s.moved} == moved
        for each in steps:
            for kind, listed in (("added", new), ("removed", old)):
                for entry in getattr(each, kind):
                    item = listed[int(entry.id.rpartition("/")[2])]
                    area = {"Skype": "teams"}.get(item["serviceArea"], item["serviceArea"].lower())
                    assert each.lane == f"{area}/{item['category'].lower()}"


def test_the_steps_are_what_the_files_differ_by(small: Store) -> None:
    holds(drawn(small), oracle.series())


def test_the_steps_of_the_real_series_are_what_the_files_differ_by(tmp_path: Path) -> None:
    folder = oracle.reference("history")
    with Store(str(tmp_path / "store.sqlite")) as store:
        store.add(read_recorded_lists(folder)[0])
        found = drawn(store)
    holds(found, oracle.series(folder))
    assert len(found.lanes) == 10


def test_another_order_is_no_step(small: Store) -> None:
    assert not [s for s in drawn(small).steps if s.version == "2030020300"]


def test_a_move_is_in_each_of_its_lanes_once(small: Store) -> None:
    found = drawn(small)
    (added,) = step(found, "2030030300", "exchange/optimize").moved
    (removed,) = step(found, "2030030300", "common/allow").moved
    assert (added.id, added.value, added.note) == ("ws/worldwide/1", "cdn.example.net", "moved from worldwide/56")
    assert (removed.id, removed.value, removed.note) == ("ws/worldwide/56", "cdn.example.net", "moved to worldwide/1")


def test_a_set_that_changes_lanes_takes_from_the_old_and_gives_to_the_new(small: Store) -> None:
    # Set 56 became Default in the version in which it lost its prefix.
    found = drawn(small)
    assert [e.value for e in step(found, "2030040700", "common/allow").removed] == ["131.107.2.0/28"]
    assert step(found, "2030040700", "common/default").changed == (
        "ws/worldwide/56: category: allow → default",
        "ws/worldwide/56: required: yes → no",
    )


def test_new_and_removed_sets_and_ports_are_marks(small: Store) -> None:
    found = drawn(small)
    assert step(found, "2030030300", "common/default").changed == ("ws/worldwide/72: removed",)
    assert step(found, "2030050500", "common/default").changed == ("ws/worldwide/72: new",)
    assert step(found, "2030040700", "teams/optimize").changed == ("ws/worldwide/11: udp: 3478-3481 → 3478-3481,50000",)


@pytest.mark.parametrize(
    ("since", "until", "versions"),
    [
        ("", "", ["2030010600", "2030020300", "2030030300", "2030040700", "2030050500"]),
        ("2030-03-03", "", ["2030030300", "2030040700", "2030050500"]),
        ("2030-03-02", "2030-04-08", ["2030020300", "2030030300", "2030040700"]),
        ("2030040700", "2030040700", ["2030040700"]),
        ("2030033000", "", ["2030030300", "2030040700", "2030050500"]),
        ("2001-01-01", "2030-01-06", ["2030010600"]),
    ],
)
def test_what_was_known_then_is_where_it_begins_and_ends(small: Store, since: str, until: str, versions: list[str]) -> None:
    found = drawn(small, since, until)
    assert [version for version, _ in found.versions] == versions
    assert {s.version for s in found.steps} <= set(versions[1:])


def test_before_all_versions_there_is_nothing(small: Store) -> None:
    assert timeline(small, WORLDWIDE, until="2030-01-05") is None
    assert timeline(small, Cloud.DOD) is None


@pytest.mark.parametrize("text", ["August", "2030", "2030-13-01", "20300101000", "２０３０"])
def test_what_is_neither_version_nor_day_is_refused(small: Store, text: str) -> None:
    with pytest.raises(InputError, match="neither a version"):
        timeline(small, WORLDWIDE, text)
    with pytest.raises(InputError, match="neither a version"):
        timeline(small, WORLDWIDE, until=text)


def test_the_wrong_way_round_is_refused(small: Store) -> None:
    with pytest.raises(InputError, match="2030-05-05 is later than 2030-02-03"):
        timeline(small, WORLDWIDE, "2030-05-05", "2030-02-03")


def test_held_states_and_what_is_in_force_are_marks(store: Store, recorded: tuple[State, ...]) -> None:
    # The clock of the fixture's store shows 1 June 2030.
    live = replace(recorded[0], origin=LIVE, recorded=date(2030, 5, 20))
    store.commit(live)
    held = store.add_held(
        replace(recorded[2], origin=LIVE), [Reason(code=code, message="") for code in ("shrink", "set-gone", "shrink")]
    )
    found = drawn(store)
    assert [(m.day, m.kind) for m in found.marks] == [(date(2030, 5, 20), IN_FORCE), (date(2030, 6, 1), HELD)]
    assert found.marks[1].text == "2030030300 was held: shrink, set-gone"
    assert (found.first, found.last) == (date(2030, 5, 20), date(2030, 6, 1))
    store.resolve(held.id, "healed")
    store.pin(WORLDWIDE, live.version)
    assert [m.kind for m in drawn(store).marks] == [PINNED, HELD, "healed"]
    assert [m.kind for m in drawn(store, until="2030-05-31").marks] == [PINNED], "a mark after the end is not shown"


def test_a_version_that_holds_no_day_has_that_of_the_one_before(store: Store, recorded: tuple[State, ...]) -> None:
    store.add([recorded[0], replace(recorded[2], version=Version("9999999999"), recorded=None)])
    assert [day for _, day in drawn(store).versions] == [date(2030, 1, 6)] * 2


# -- an organization's plan --------------------------------------------------------------------------------


def test_a_plan_has_only_its_own_lanes(small: Store) -> None:
    found = drawn(small, profile=Profile(clouds=(WORLDWIDE,), service_areas=("teams",), name="Contoso"))
    assert [lane.name for lane in found.lanes] == ["teams/optimize"]
    assert {s.lane for s in found.steps} == {"teams/optimize"}
    assert found.heading.startswith("Contoso, Worldwide and GCC: 5 versions")


def test_a_plan_counts_by_meaning(small: Store) -> None:
    # Two /25 were merged into one /24: three entries of the list changed, and none of the plan.
    listed = step(drawn(small), "2030030300", "exchange/optimize")
    assert len(listed.added) + len(listed.removed) == 3
    planned = step(drawn(small, profile=Profile(clouds=(WORLDWIDE,))), "2030030300", "exchange/optimize")
    assert [e.value for e in planned.added] == ["cdn.example.net"]
    assert planned.removed == ()


def test_a_plan_without_ipv6_has_no_ipv6_entries(store: Store, recorded: tuple[State, ...]) -> None:
    one = recorded[0].sets[1]
    more = replace(
        one,
        listed=("131.107.113.0/25", "2001:4898::/40"),
        prefixes=type(one.prefixes).parse(["131.107.113.0/25", "2001:4898::/40"]),
    )
    store.add([recorded[0], replace(recorded[1], sets=(recorded[0].sets[0], more, *recorded[0].sets[2:]))])
    assert drawn(store, profile=Profile(clouds=(WORLDWIDE,))).steps
    assert drawn(store, profile=Profile(clouds=(WORLDWIDE,), ipv6=False)).steps == ()


def test_rows_that_follow_the_list_have_lanes(small: Store) -> None:
    # The sources of row 6 are the addresses of set 1.
    found = drawn(small, profile=Profile(clouds=(WORLDWIDE,), scenarios=("mailbox-migration",)))
    names = [lane.name for lane in found.lanes]
    assert names[-1] == "row/6"
    assert found.lanes[-1].title == ("row 6", "mailbox-migration")


def test_a_row_that_loses_its_addresses_is_a_mark(store: Store, recorded: tuple[State, ...]) -> None:
    store.add([recorded[0], replace(recorded[1], sets=recorded[0].sets[1:])])
    found = drawn(store, profile=Profile(clouds=(WORLDWIDE,), scenarios=("mailbox-migration",)))
    assert [m.kind for m in found.marks] == [UNRESOLVED]
    assert "row/6" in found.marks[0].text
    assert step(found, recorded[1].version, "row/6").removed


def test_the_json_is_complete(small: Store) -> None:
    found = drawn(small)
    data = found.to_dict()
    assert list(data) == ["cloud", "organization", "versions", "lanes", "steps", "marks"]
    assert (data["cloud"], data["organization"]) == ("worldwide", None)
    assert len(data["steps"]) == len(found.steps)
    assert data["steps"][0].keys() == {"version", "day", "lane", "added", "removed", "moved", "changed"}
    assert {"id": "ws/worldwide/11", "value": "131.107.113.192/26"} in [e for s in data["steps"] for e in s["added"]]


def test_a_removed_entry_says_what_still_covers_it(small: Store) -> None:
    removed = step(drawn(small), "2030030300", "exchange/optimize").removed
    # two halves became 131.107.100.0/24 in the same set
    assert [(e.value, e.note) for e in removed] == [
        ("131.107.100.0/25", "still covered by 131.107.100.0/24 (worldwide/1)"),
        ("131.107.100.128/25", "still covered by 131.107.100.0/24 (worldwide/1)"),
    ]
    assert removed[0].to_dict()["still"]["by"] == [{"value": "131.107.100.0/24", "sets": ["worldwide/1"]}]
    (gone,) = step(drawn(small), "2030030300", "common/default").removed
    assert (gone.value, gone.note, gone.still) == ("*.old.example.net", "", None)


def test_a_plan_says_what_the_list_still_has(small: Store) -> None:
    found = drawn(small, profile=Profile(clouds=(WORLDWIDE,), name="Contoso"))
    (name,) = step(found, "2030030300", "common/allow").removed
    assert (name.value, name.note) == ("cdn.example.net", "still listed in worldwide/1")
