"""Effective lists: additions before their effective date, and removed entries in their grace time."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perimeter365.errors import InputError, NeverListError, StoreError
from perimeter365.history.effective import Effective, effective, effective_catalog
from perimeter365.history.load import read_recorded_list
from perimeter365.model.catalog import Catalog
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, KEPT, WAITING
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ports import PortSet
from perimeter365.model.requirement import CATEGORIES, Category
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.plan.constraints import Constraints, parse_constraints
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import PlanFlow
from perimeter365.plan.profile import Profile
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from perimeter365.targets._never import check_never
from tests.history.lists import made, state
from tests.history.oracle import reference

W = Cloud.WORLDWIDE
TODAY = date(2030, 6, 15)


def on(day: date, *sets: object) -> State:
    found = state(*sets, version=f"{day:%Y%m%d}00")  # type: ignore[arg-type]
    return replace(found, recorded=day)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A set without a prefix since 1 May and a name since 1 June, a set removed on 10 June, and an announced name."""
    with Store(str(tmp_path / "s.sqlite"), clock=lambda: datetime(2030, 6, 15, tzinfo=UTC)) as opened:
        lone = made(2, ["lone.example.com"])
        opened.commit(on(date(2030, 4, 1), made(1, ["a.example.com", "b.example.com"], ["131.107.2.0/24"]), lone))
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
    assert found.state.by_id[1].listed == (), "the prefix was removed 45 days ago"
    assert [(e.value, e.day) for e in found.kept] == [
        ("b.example.com", date(2030, 7, 1)),
        ("lone.example.com", date(2030, 7, 10)),
    ]


@pytest.mark.parametrize(("day", "kept"), [(date(2030, 6, 30), 2), (date(2030, 7, 1), 1), (date(2030, 7, 10), 0)])
def test_grace_ends_on_its_day(day: date, kept: int, store: Store) -> None:
    assert len(used(store, day).kept) == kept


def test_grace_times_are_by_category_and_zero_disables_them(store: Store) -> None:
    assert used(store, grace={"optimize": 90}).kept == ()
    assert hosts(used(store, grace={})) == {1: ["a.example.com", "new.example.com"]}
    assert len(used(store, grace={"default": 60}).kept) == 3


def test_an_entry_that_came_back_is_not_kept(store: Store) -> None:
    store.commit(on(date(2030, 6, 12), made(1, ["a.example.com", "b.example.com"])))
    assert "b.example.com" not in [e.value for e in used(store).kept]


def test_additions_are_early_unless_ahead_is_off(store: Store) -> None:
    assert [(e.value, e.day) for e in used(store).announced] == [("new.example.com", date(2030, 7, 1))]
    assert hosts(used(store, ahead=False))[1] == ["a.example.com", "b.example.com"]
    assert hosts(used(store, date(2030, 7, 1), ahead=False, grace={}))[1] == ["a.example.com", "new.example.com"]


def test_a_pinned_version_does_not_know_what_came_after(store: Store) -> None:
    store.pin(W, "2030050100")
    assert hosts(used(store)) == {1: ["a.example.com", "b.example.com"], 2: ["lone.example.com"]}


def test_without_a_list_the_result_is_none_and_an_invalid_grace_is_refused(store: Store) -> None:
    assert effective(store, Cloud.CHINA, TODAY) is None
    for wrong in ({"default": -1}, {"defualt": 1}):
        with pytest.raises(InputError):
            effective(store, W, TODAY, grace=wrong)


def test_an_addition_that_is_withdrawn_before_its_day_is_not_kept(store: Store) -> None:
    store.commit(on(date(2030, 6, 12), made(1, ["a.example.com"])))
    assert "new.example.com" not in [e.value for e in used(store).kept], "it was never in use"
    assert "b.example.com" in [e.value for e in used(store).kept]


def test_a_removed_set_keeps_its_last_ports_and_category(tmp_path: Path) -> None:
    with Store(str(tmp_path / "s.sqlite")) as store:
        gone = replace(made(2, ["lone.example.com"], ["131.107.2.0/24"], tcp="25,587"), category="allow", area="exchange")
        store.commit(on(date(2030, 6, 1), made(1, ["a.example.com"]), gone))
        store.commit(on(date(2030, 6, 10), made(1, ["a.example.com"])))
        assert used(store).state.by_id[2] == gone
        assert used(store, grace={"allow": 10}).state.by_id[2] == gone
        assert 2 not in used(store, grace={"allow": 5, "default": 90}).state.by_id


def test_a_set_that_went_in_two_steps_is_kept_as_it_was_last(tmp_path: Path) -> None:
    with Store(str(tmp_path / "s.sqlite")) as store:
        other = made(1, ["a.example.com"])
        store.commit(on(date(2030, 6, 1), other, made(2, ["x.example.com", "y.example.com"], tcp="25")))
        last = replace(made(2, ["x.example.com"], tcp="443"), category="allow")
        store.commit(on(date(2030, 6, 5), other, last))
        store.commit(on(date(2030, 6, 10), other))
        for grace in ({"default": 30, "allow": 30}, {"default": 60, "allow": 30}, {"default": 30, "allow": 60}):
            kept = used(store, grace=grace).state.by_id[2]
            assert [h.text for h in kept.hosts] == ["x.example.com", "y.example.com"]
            assert (str(kept.tcp), kept.category) == ("25,443", "allow"), "port 25 was lost on 5 June"


@pytest.fixture
def flapped(tmp_path: Path) -> Iterator[Store]:
    """A name that was removed on 10 June and added on 11 June, announced for 1 August like a new one."""
    with Store(str(tmp_path / "s.sqlite")) as opened:
        whole, less = made(1, ["a.example.com", "b.example.com"]), made(1, ["a.example.com"])
        opened.commit(on(date(2029, 1, 1), whole))
        opened.commit(on(date(2030, 6, 10), less))
        opened.commit(on(date(2030, 6, 11), whole), effective={(1, "b.example.com"): date(2030, 8, 1)})
        yield opened


@pytest.mark.parametrize("day", [date(2030, 6, 12), date(2030, 7, 20), date(2030, 8, 2)])
def test_without_ahead_an_entry_that_was_missing_for_a_day_stays(day: date, flapped: Store) -> None:
    found = used(flapped, day, ahead=False)
    assert hosts(found) == {1: ["a.example.com", "b.example.com"]}
    assert (found.kept, found.announced) == ((), ())


def test_an_entry_that_was_missing_for_a_day_is_kept_when_it_is_removed(flapped: Store) -> None:
    flapped.commit(on(date(2030, 6, 20), made(1, ["a.example.com"])))
    assert [(e.value, e.day) for e in used(flapped, date(2030, 6, 21)).kept] == [("b.example.com", date(2030, 7, 20))]


def announcement(version: str, day: date) -> ChangeRecord:
    return ChangeRecord(
        id=int(version[-4:]),
        endpoint_set=1,
        disposition="Change",
        version=Version(version),
        effective=day,
        added_hosts=("b.example.com",),
    )


def test_upstreams_records_show_which_addition_was_announced(tmp_path: Path) -> None:
    """The day of an entry is that of its last announcement. It was listed and used earlier without an announcement."""
    with Store(str(tmp_path / "s.sqlite")) as store:
        whole, less = made(1, ["a.example.com", "b.example.com"]), made(1, ["a.example.com"])
        store.commit(on(date(2030, 5, 1), less))
        store.commit(on(date(2030, 6, 1), whole))
        store.commit(on(date(2030, 6, 10), less))
        store.commit(on(date(2030, 6, 11), whole), records=[announcement("2030061100", date(2030, 8, 1))])
        assert hosts(used(store, date(2030, 6, 12), ahead=False)) == {1: ["a.example.com", "b.example.com"]}


def test_the_last_possible_day_is_accepted(store: Store) -> None:
    store.commit(
        on(date(2030, 6, 12), made(1, ["a.example.com", "never.example.com"])),
        effective={(1, "never.example.com"): date.max},
    )
    assert [(e.value, e.day) for e in used(store).announced] == [("never.example.com", date.max)]
    assert "never.example.com" not in hosts(used(store, ahead=False))[1]
    assert used(store, date.max).announced == ()
    assert used(store, date.min).kept != ()


def test_an_entry_listed_again_after_its_grace_time_is_an_addition(flapped: Store) -> None:
    found = used(flapped, date(2030, 6, 12), ahead=False, grace={"default": 1})
    assert hosts(found) == {1: ["a.example.com"]}
    assert [(e.value, e.day) for e in found.announced] == [("b.example.com", date(2030, 8, 1))]


# -- pinned and rolled back versions -----------------------------------------------------------------------


def test_a_rollback_takes_back_at_once_what_the_version_brought(store: Store) -> None:
    store.rollback(W)
    found = used(store)
    assert found.state.version == "2030060100"
    assert hosts(found) == {1: ["a.example.com", "b.example.com"], 2: ["lone.example.com"]}
    assert [e.value for e in found.kept] == ["b.example.com"], "lone.example.com is in the list that is in force"


def test_unpinning_does_not_start_grace_times_anew(store: Store) -> None:
    before = used(store)
    store.pin(W, "2030040100")
    assert used(store).kept == ()
    store.unpin(W)
    assert used(store) == before


def test_a_pinned_recording_has_no_removals(tmp_path: Path) -> None:
    with Store(str(tmp_path / "s.sqlite")) as store:
        first, second = (
            on(date(2030, 6, 1), made(1, ["a.example.com", "b.example.com"])),
            on(date(2030, 6, 2), made(1, ["a.example.com"])),
        )
        store.add([replace(s, origin="recorded") for s in (first, second)])
        store.pin(W, "2030060200")
        assert used(store).kept == ()


# -- sets that are classified otherwise --------------------------------------------------------------------


@pytest.fixture
def demoted(tmp_path: Path) -> Iterator[Store]:
    """A set that was required until 10 June, and another with a name removed on that day."""
    with Store(str(tmp_path / "s.sqlite")) as opened:
        other = made(2, ["lone.example.com", "old.example.com"])
        opened.commit(on(date(2030, 6, 1), made(1, ["a.example.com"], ["131.107.2.0/24"], required=True), other))
        opened.commit(
            on(
                date(2030, 6, 10),
                made(1, ["a.example.com"], ["131.107.2.0/24"], required=False),
                made(2, ["lone.example.com"]),
            )
        )
        yield opened


def test_a_set_that_is_not_required_any_more_keeps_its_entries(demoted: Store) -> None:
    found = used(demoted)
    assert [e.value for e in found.kept] == ["old.example.com"], "no entry of the set was removed"
    assert found.state.by_id[1].required is False
    assert found.former == {1: ((replace(found.state.by_id[1], required=True), date(2030, 7, 10)),)}


@pytest.mark.parametrize(("day", "planned"), [(date(2030, 7, 9), [1, 2]), (date(2030, 7, 10), [2])])
def test_a_plan_of_required_sets_keeps_a_former_one_for_the_grace_time(
    day: date, planned: list[int], demoted: Store
) -> None:
    profile = Profile(clouds=(W,), required_only=True, service_areas=("common",))
    plan = make_plan(effective_catalog(demoted.place, profile, at=day), profile)
    assert [f.id for f in plan.flows if f.sets[0] in ("worldwide/1", "worldwide/2")] == [
        f"ws/worldwide/{n}" for n in planned
    ]
    of_it = {(d.value, d.state, d.day) for d in plan.dates if d.id == "ws/worldwide/1"}
    last = date(2030, 7, 10)
    assert of_it == ({("a.example.com", KEPT, last), ("131.107.2.0/24", KEPT, last)} if 1 in planned else set())


def test_a_set_that_is_required_again_was_never_away(demoted: Store) -> None:
    required = made(1, ["a.example.com"], ["131.107.2.0/24"], required=True)
    demoted.commit(on(date(2030, 6, 12), required, made(2, ["lone.example.com"])))
    assert [s.required for s, _ in used(demoted).former.get(1, ())] == [False], "only the attributes in between"


# -- ports -------------------------------------------------------------------------------------------------


def with_udp(ports: str, endpoint_set: EndpointSet) -> EndpointSet:
    return replace(endpoint_set, udp=PortSet.parse(ports))


@pytest.fixture
def narrowed(tmp_path: Path) -> Iterator[Store]:
    """A set that lost TCP 443 and a part of its UDP ports on 10 June, and has a new name since then."""
    with Store(str(tmp_path / "s.sqlite")) as opened:
        opened.commit(on(date(2030, 6, 1), with_udp("50000-50009", made(1, ["a.example.com"], tcp="80,443"))))
        last = with_udp("50004-50005", made(1, ["a.example.com", "b.example.com"], tcp="80"))
        opened.commit(on(date(2030, 6, 10), last))
        yield opened


def ports(found: Effective, number: int = 1) -> tuple[str, str]:
    one = found.state.by_id[number]
    return str(one.tcp), str(one.udp)


def test_lost_ports_stay_for_the_grace_time_of_the_category(narrowed: Store) -> None:
    assert ports(used(narrowed)) == ("80,443", "50000-50009")
    assert [(e.kind, e.value, e.day) for e in used(narrowed).kept] == [
        ("tcp", "tcp 443", date(2030, 7, 10)),
        ("udp", "udp 50000-50003", date(2030, 7, 10)),
        ("udp", "udp 50006-50009", date(2030, 7, 10)),
    ]
    assert ports(used(narrowed, date(2030, 7, 9))) == ("80,443", "50000-50009")
    for ended in (used(narrowed, date(2030, 7, 10)), used(narrowed, grace={"default": 0, "optimize": 90})):
        assert ports(ended) == ("80", "50004-50005")
        assert ended.kept == ()


def test_ports_that_are_listed_again_are_ordinary_and_new_ones_apply_at_once(narrowed: Store) -> None:
    again = with_udp("50004-50005", made(1, ["a.example.com", "b.example.com"], tcp="443,8443"))
    narrowed.commit(on(date(2030, 6, 12), again))
    found = used(narrowed)
    assert ports(found) == ("80,443,8443", "50000-50009")
    assert [(e.value, e.day) for e in found.kept if e.kind == "tcp"] == [("tcp 80", date(2030, 7, 12))]


def test_a_part_of_a_range_that_was_listed_again_has_its_own_day(narrowed: Store) -> None:
    for day, udp in ((date(2030, 6, 12), "50002"), (date(2030, 6, 14), "50004")):
        again = with_udp(udp, made(1, ["a.example.com", "b.example.com"], tcp="80"))
        narrowed.commit(on(day, again))
    assert [(e.value, e.day.day) for e in used(narrowed).kept if e.kind == "udp"] == [
        ("udp 50000-50001", 10),
        ("udp 50003", 10),
        ("udp 50006-50009", 10),
        ("udp 50005", 12),
        ("udp 50002", 14),
    ]


def test_a_removed_set_has_the_ports_that_it_lost_lately(narrowed: Store) -> None:
    narrowed.commit(on(date(2030, 6, 20), made(2, ["other.example.com"])))
    assert ports(used(narrowed, date(2030, 7, 9))) == ("80,443", "50000-50009")
    found = used(narrowed, date(2030, 7, 10))
    assert ports(found) == ("80", "50004-50005"), "its last ports are not dated: they go with its entries"
    assert [e.value for e in found.kept] == ["a.example.com", "b.example.com"]


def test_a_set_that_returns_with_other_ports_keeps_the_old_ones_until_the_day_of_its_removal(narrowed: Store) -> None:
    other = made(2, ["other.example.com"])
    narrowed.commit(on(date(2030, 6, 20), other))
    narrowed.commit(on(date(2030, 6, 25), made(1, ["a.example.com"], tcp="8443"), other))
    for day, tcp in ((date(2030, 7, 9), "80,443,8443"), (date(2030, 7, 19), "80,8443"), (date(2030, 7, 20), "8443")):
        assert ports(used(narrowed, day))[0] == tcp


def test_a_plan_says_that_kept_ports_are_open_for_all_entries_of_the_set(narrowed: Store) -> None:
    plan = make_plan(effective_catalog(narrowed.place, OURS, at=TODAY), OURS)
    (flow,) = [f for f in plan.flows if f.sets[0] == "worldwide/1"]
    assert str(flow.tcp) == "80,443"
    texts = [(d.value, d.text) for d in plan.dates_of(flow)]
    assert texts[0] == ("tcp 443", "kept until 2030-07-10, for all entries of the set")
    assert plan.differs == "3 removed by Microsoft and kept, the first until 2030-07-10"
    after = make_plan(effective_catalog(narrowed.place, OURS, at=date(2030, 7, 10)), OURS)
    assert (after.dates, [str(f.tcp) for f in after.flows if f.id == flow.id]) == ((), ["80"])


# -- the operator's bound ----------------------------------------------------------------------------------


def bound(text: str) -> Constraints:
    return parse_constraints(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", {"b.example.com", "lone.example.com", "131.107.2.0/24"}),
        ('hosts_never = ["lone.example.com"]', {"b.example.com", "131.107.2.0/24"}),
        ('hosts_within = ["a.example.com", "b.example.com"]', {"b.example.com", "131.107.2.0/24"}),
        ('never = ["131.107.2.128/25"]', {"b.example.com", "lone.example.com"}),
        ("shortest4 = 25", {"b.example.com", "lone.example.com"}),
    ],
)
def test_entries_that_the_operator_forbids_are_not_kept(text: str, left: set[str], store: Store) -> None:
    found = used(store, grace={"default": 60}, constraints=bound(text))
    assert {e.value for e in found.kept} == left
    assert {h for each in hosts(found).values() for h in each} >= left - {"131.107.2.0/24"}


def test_kept_entries_do_not_widen_the_list_beyond_the_bound(tmp_path: Path) -> None:
    with Store(str(tmp_path / "s.sqlite")) as store:
        store.commit(on(date(2030, 6, 1), made(1, prefixes=["131.107.2.0/25"])))
        store.commit(on(date(2030, 6, 10), made(1, prefixes=["131.107.2.128/25"])))
        assert [e.value for e in used(store).kept] == ["131.107.2.0/25"]
        # Together they are a /24, which the bound forbids. The listed half must stay renderable.
        assert used(store, constraints=bound("shortest4 = 25")).kept == ()


def test_a_forbidden_addition_is_refused_at_any_time(store: Store) -> None:
    never = bound('hosts_never = ["new.example.com"]')
    profile = Profile(clouds=(W,), service_areas=("common",))
    for today, ahead, refused in ((TODAY, True, True), (TODAY, False, False), (date(2030, 7, 1), False, True)):
        plan = make_plan(effective_catalog(store.place, profile, at=today, ahead=ahead), profile)
        if refused:
            with pytest.raises(NeverListError, match=r"new\.example\.com"):
                check_never(plan, never)
        else:
            check_never(plan, never)


# -- as a catalog ------------------------------------------------------------------------------------------

OURS = Profile(clouds=(W,), service_areas=("common",))


def values(catalog: Catalog) -> dict[str, list[tuple[str, str]]]:
    return {key: [(d.value, d.state) for d in found.entries] for key, found in catalog.dates.items()}


def test_the_catalog_of_a_day_has_the_entries_and_their_days(store: Store) -> None:
    catalog = effective_catalog(store.place, OURS, at=TODAY)
    assert [h.text for h in catalog.endpoint_set("worldwide/1").hosts] == [
        "a.example.com",
        "b.example.com",
        "new.example.com",
    ]
    assert catalog.versions[W].version == "2030061000"
    assert values(catalog) == {
        "worldwide/1": [("b.example.com", KEPT), ("new.example.com", AHEAD)],
        "worldwide/2": [("lone.example.com", KEPT)],
    }
    assert catalog.rows == embedded().rows


def test_the_profile_is_asked_and_the_arguments_win(store: Store) -> None:
    careful = replace(OURS, ahead=False, grace={"default": 0})
    assert values(effective_catalog(store.place, careful, at=TODAY)) == {"worldwide/1": [("new.example.com", WAITING)]}
    asked = effective_catalog(store.place, careful, at=TODAY, ahead=True, grace={"optimize": 90})
    assert values(asked) == {"worldwide/1": [("new.example.com", AHEAD)]}, "the profile's 0 applies to other categories"
    longer = effective_catalog(store.place, careful, at=TODAY, grace={"default": 60})
    assert ("131.107.2.0/24", KEPT) in values(longer)["worldwide/1"]


def test_it_is_the_same_on_either_database(place: str) -> None:
    with Store(place) as opened:
        assert effective_catalog(place, OURS) == embedded(), "nothing was synced yet"
        opened.commit(on(date(2030, 6, 1), made(1, ["a.example.com", "b.example.com"])))
        opened.commit(on(date(2030, 6, 10), made(1, ["a.example.com"])))
    assert values(effective_catalog(place, OURS, at=TODAY)) == {"worldwide/1": [("b.example.com", KEPT)]}


def test_a_set_that_is_all_announced_waits_and_is_in_no_list(tmp_path: Path) -> None:
    with Store(str(tmp_path / "s.sqlite")) as store:
        new = made(9, ["new.example.com"])
        store.commit(
            on(date(2030, 6, 1), made(1, ["a.example.com"]), new), effective={(9, "new.example.com"): date(2030, 7, 1)}
        )
        late = effective_catalog(store.place, OURS, at=TODAY, ahead=False)
        assert [s.id for s in late.endpoint_sets(W) if s.area == "common"] == [1]
        plan = make_plan(late, OURS)
        assert [(d.id, d.value, d.state) for d in plan.dates] == [("ws/worldwide/9", "new.example.com", WAITING)]
        assert "ws/worldwide/9" not in [f.id for f in plan.flows]
        on_the_day = make_plan(effective_catalog(store.place, OURS, at=date(2030, 7, 1), ahead=False), OURS)
        assert on_the_day.flows == make_plan(effective_catalog(store.place, OURS, at=TODAY), OURS).flows
        assert on_the_day.dates == ()


def test_without_a_synced_list_nothing_is_a_matter_of_days(tmp_path: Path) -> None:
    place = str(tmp_path / "s.sqlite")
    (tmp_path / "foreign").write_text("a foreign file, and long enough to be one " * 10)
    for missing in (place, str(tmp_path / "foreign")):
        with pytest.raises(StoreError):
            effective_catalog(missing, OURS)
    with Store(place) as opened:
        opened.add(
            [
                replace(on(date(2030, 6, n), made(1, names)), origin="recorded")
                for n, names in ((1, ["a.example.com", "b.example.com"]), (2, ["a.example.com"]))
            ]
        )
    assert effective_catalog(place, OURS) == embedded(), "recorded lists are never in force"


def test_two_days_have_one_plan_unless_the_day_of_an_entry_is_between_them(store: Store) -> None:
    """Entries are kept until 1 and 10 July, and announced for 1 July."""

    def plan(day: date) -> str:
        return make_plan(effective_catalog(store.place, OURS, at=day), OURS).to_json()

    days = [date(2030, 6, 11) + timedelta(days=n) for n in range(40)]
    changes = [later for earlier, later in pairwise(days) if plan(earlier) != plan(later)]
    assert changes == [date(2030, 7, 1), date(2030, 7, 10)]


# -- laws --------------------------------------------------------------------------------------------------

NAMES = [f"n{n}.example.com" for n in range(5)]
NETS = [f"198.51.{n}.0/24" for n in range(4)]
PORTS = (25, 80, 81, 443)
a_set = st.tuples(
    st.sets(st.sampled_from(NAMES)),
    st.sets(st.sampled_from(NETS)),
    st.sampled_from(CATEGORIES),
    st.booleans(),
    st.sets(st.sampled_from(PORTS)),
)
a_list = st.dictionaries(st.integers(1, 3), a_set, min_size=1).filter(
    lambda d: any(names | nets for names, nets, *_ in d.values())
)
histories = st.lists(st.tuples(st.integers(0, 20), a_list), min_size=1, max_size=6)
announcements = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from([*NAMES, *NETS])), st.dates(date(2030, 5, 1), date(2030, 9, 1)), max_size=4
)


Listed = dict[int, tuple[set[str], set[str], Category, bool, set[int]]]


def as_state(day: date, number: int, listed: Listed) -> State:
    sets = [
        replace(made(key, names, nets, required=required), category=category, tcp=PortSet((p, p) for p in tcp))
        for key, (names, nets, category, required, tcp) in sorted(listed.items())
        if names or nets
    ]
    return replace(state(*sets, version=f"2030{number:06d}"), recorded=day)


def pairs(state: State) -> set[tuple[int, str]]:
    return {(s.id, v) for s in state.sets for v in (*(h.text for h in s.hosts), *s.listed)}


def open_ports(state: State) -> set[tuple[int, int]]:
    return {(s.id, port) for s in state.sets for port in PORTS if port in s.tcp}


def ports_of(value: str) -> set[int]:
    low, _, high = value.removeprefix("tcp ").partition("-")
    return set(range(int(low), int(high or low) + 1))


def last_seen(history: list[tuple[int, Listed]], today: date, grace: int) -> set[tuple[int, int]]:
    """Return (set, port) that a list had which was replaced less than the grace time ago, of sets that are used."""
    found, day = set(), date(2030, 6, 1)
    for number, (days, _) in enumerate(history):
        day += timedelta(days=days)
        if number and day + timedelta(days=grace) > today:
            found |= {
                (key, port) for key, (names, nets, *_, tcp) in history[number - 1][1].items() if names | nets for port in tcp
            }
    return found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store to copy, because creating its tables takes most of the time."""
    path = tmp_path_factory.mktemp("empty") / "s.sqlite"
    Store(str(path)).close()
    return path


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    history=histories,
    announced=announcements,
    shorter=st.integers(0, 60),
    more=st.integers(0, 60),
    later=st.integers(0, 120),
)
def test_laws(
    empty: Path,
    history: list[tuple[int, Listed]],
    announced: dict[tuple[int, str], date],
    shorter: int,
    more: int,
    later: int,
) -> None:
    with TemporaryDirectory() as folder, Store(shutil.copy(empty, f"{folder}/s.sqlite")) as store:
        day = date(2030, 6, 1)
        for number, (days, listed) in enumerate(history, 101):
            day += timedelta(days=days)
            store.commit(as_state(day, number, listed), effective=announced if number == 101 else None)
        head, today = store.head(W), day + timedelta(days=later)
        assert head
        waiting = {(n, v) for (n, v), when in announced.items() if when > today} & pairs(head)

        def at(grace: int, ahead: bool = True) -> Effective:
            return used(store, today, grace=dict.fromkeys(CATEGORIES, grace), ahead=ahead)

        plain = at(0)
        assert plain.state == head
        assert plain.kept == ()
        assert not plain.former
        if pairs(head) - waiting:
            assert pairs(at(0, ahead=False).state) == pairs(head) - waiting
            assert pairs(at(shorter, ahead=False).state) >= pairs(head) - waiting
        longer = at(shorter + more)
        assert pairs(at(shorter).state) <= pairs(longer.state)
        assert pairs(at(shorter).state) >= pairs(head)
        assert {(e.endpoint_set, e.value) for e in longer.kept if "." in e.value} == pairs(longer.state) - pairs(head)
        assert open_ports(longer.state) == open_ports(head) | last_seen(history, today, shorter + more)
        dated = {
            (e.endpoint_set, p)
            for e in longer.kept
            if e.kind == "tcp" and e.endpoint_set in head.by_id
            for p in ports_of(e.value)
        }
        assert dated == {(n, p) for n, p in open_ports(longer.state) - open_ports(head) if n in head.by_id}
        assert all(today < e.day <= day + timedelta(days=shorter + more) for e in longer.kept)


# -- what Microsoft really removed ---------------------------------------------------------------------------


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Store]:
    """A store in which the lists of 2 June and 4 August 2024 were synced on these days."""
    with Store(str(tmp_path / "s.sqlite")) as opened:
        for day in ("2024-06-02", "2024-08-04"):
            (path,) = reference("history").glob(f"*-{day}.json")
            opened.commit(replace(read_recorded_list(path, W), origin=LIVE, recorded=date.fromisoformat(day)))
        yield opened


def test_the_teams_range_of_2024_stays_for_thirty_days(real: Store) -> None:
    """Between the two lists, 13.107.64.0/18 of set 11 and the sets 41, 43, 44 and 45 were removed."""
    profile = Profile(clouds=(W,))
    before, after = (make_plan(effective_catalog(real.place, profile, at=date(2024, 9, day)), profile) for day in (2, 3))
    flows: dict[str, PlanFlow] = {f.id: f for f in before.flows}
    assert "13.107.64.0/18" in [str(p) for p in flows["ws/worldwide/11"].destination.prefixes]
    assert {f"ws/worldwide/{n}" for n in (41, 43, 44, 45)} <= flows.keys()
    kept = {(d.id, d.value): d.day for d in before.dates}
    assert kept["ws/worldwide/11", "13.107.64.0/18"] == date(2024, 9, 3)
    later: dict[str, PlanFlow] = {f.id: f for f in after.flows}
    assert "13.107.64.0/18" not in [str(p) for p in later["ws/worldwide/11"].destination.prefixes]
    assert flows.keys() - later.keys() == {f"ws/worldwide/{n}" for n in (41, 43, 44, 45)}
    assert after.dates == ()
    at_once = effective_catalog(real.place, profile, at=date(2024, 9, 2), grace=dict.fromkeys(CATEGORIES, 0))
    assert make_plan(at_once, profile) == after
