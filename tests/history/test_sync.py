"""Sync: committed, held and refused lists, and failures that change nothing (P1, P7, P9)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from perimeter365.errors import UnknownNameError, UpstreamError
from perimeter365.history.sync import Outcome, accept, exit_code, last_success, reject, sync
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.finding import Reason
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from perimeter365.wire.read import UnknownSet
from tests.history.lists import NAMES, base, made
from tests.history.upstream import MemoryUpstream

W = Cloud.WORLDWIDE


def _listed(sets: Iterable[EndpointSet]) -> tuple[EndpointSet, ...]:
    return tuple(s for s in sets if s.id < SYNTHETIC_ID)


START = datetime(2030, 6, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(place: str, clock: Clock) -> Iterator[Store]:
    with Store(place, clock=clock) as opened:
        yield opened


@pytest.fixture
def source() -> MemoryUpstream:
    return MemoryUpstream()


@pytest.fixture
def run(store: Store, source: MemoryUpstream, clock: Clock) -> Callable[..., Outcome]:
    """A function that syncs an hour after the last sync, and publishes a list before."""

    def once(state: State | None = None, **changes: str) -> Outcome:
        if state:
            source.publish(replace(state, **changes))  # type: ignore[arg-type]
        clock.tick(hours=1)
        (outcome,) = sync(store, source, [W], base=embedded())
        return outcome

    return once


Run = Callable[..., Outcome]


def started(run: Run, store: Store) -> State:
    """The first state, which a person accepted: it differs completely from the embedded list."""
    outcome = run(base(), version="2030053100")
    assert outcome.held is not None
    accept(store, outcome.held.id, base=embedded())
    head = store.head(W)
    assert head is not None
    return head


def kinds(store: Store) -> list[str]:
    return [n.kind for n in store.pending()]


def test_the_first_sync_is_judged_against_the_embedded_list(run: Run, store: Store) -> None:
    held = run(base(), version="2030053100")
    assert (held.status, held.exit_code) == ("held", 4)
    assert store.head(W) is None
    fresh = embedded()
    known = State(
        cloud=W, version=Version("2030053101"), origin="live", sets=tuple(s for s in fresh.endpoint_sets(W) if s.id < 9000)
    )
    outcome = run(known)
    assert (outcome.status, outcome.healed) == ("committed", (1,))


def test_a_new_version_is_committed_with_its_notification_and_days(run: Run, store: Store, source: MemoryUpstream) -> None:
    started(run, store)
    record = ChangeRecord(
        id=7,
        endpoint_set=1,
        disposition="Change",
        impact="AddedUrl",
        version=Version("2030060100"),
        effective=date(2030, 7, 1),
        added_hosts=("new.example.com",),
    )
    source.records = {W: [record]}
    before = len(store.pending())
    outcome = run(base([*NAMES, "new.example.com"]), version="2030060100")
    assert (outcome.status, outcome.exit_code) == ("committed", 0)
    assert store.effective(W) == {(1, "new.example.com"): date(2030, 7, 1)}
    assert store.records(W) == (record,)
    (notification,) = store.pending()[before:]
    assert notification.kind == "committed"
    assert "new.example.com" in notification.payload["markdown"]
    assert "2030-07-01" in notification.payload["markdown"]
    assert store.problems() == ()


def test_a_notification_names_what_is_not_in_use_any_more(run: Run, store: Store) -> None:
    started(run, store)
    run(base([*NAMES, "new.example.com"]), version="2030060100")
    before = len(store.pending())
    assert run(base(NAMES), version="2030060200").status == "committed"
    (notification,) = store.pending()[before:]
    assert "Microsoft has stopped using 1 entry of worldwide: new.example.com." in notification.payload["markdown"]


def test_an_unchanged_version_is_not_fetched_again(run: Run, store: Store, source: MemoryUpstream) -> None:
    started(run, store)
    source.requests.clear()
    assert run().status == "unchanged"
    assert source.requests == ["version"]


def test_a_held_state_stays_out_until_it_is_accepted(run: Run, store: Store, source: MemoryUpstream) -> None:
    good = started(run, store)
    short = base(NAMES[:-10])
    outcome = run(short, version="2030060100")
    assert outcome.status == "held"
    assert outcome.held is not None
    assert [r.code for r in outcome.held.reasons] == ["shrink"]
    assert store.head(W) == good
    assert run().held == outcome.held, "a second sync does not hold it again"
    assert kinds(store).count("held") == 2  # the very first state, and this one
    accepted = accept(store, outcome.held.id, base=embedded())
    assert (accepted.status, store.held()) == ("committed", ())
    head = store.head(W)
    assert head is not None
    assert head.hash == short.hash
    assert run().status == "unchanged"
    with pytest.raises(UnknownNameError):
        accept(store, outcome.held.id, base=embedded())


def test_a_held_state_does_not_pass_by_waiting(run: Run, store: Store, clock: Clock) -> None:
    """P7: no amount of time admits it without a person."""
    good = started(run, store)
    for _ in range(60):
        assert run(base(NAMES[:-10]), version="2030060100").status == "held"
        clock.tick(days=1)
    clock.tick(days=400)
    assert run().status == "held"
    assert store.head(W) == good


def test_what_was_rejected_is_not_held_again(run: Run, store: Store) -> None:
    good = started(run, store)
    held = run(base(NAMES[:-10]), version="2030060100").held
    assert held is not None
    assert reject(store, held.id).resolved == "rejected"
    outcome = run()
    assert (outcome.status, outcome.exit_code, store.held()) == ("rejected", 0, ())
    assert store.head(W) == good
    assert run(base([*NAMES, "new.example.com"]), version="2030060101").status == "committed", "each version counts alone"


def test_the_flap_of_july_2026_is_held_and_heals(store: Store, source: MemoryUpstream, clock: Clock) -> None:
    from tests.history.recorded import flap

    before, during, after = flap()
    clock.now = datetime(2026, 7, 31, 8, 55, tzinfo=UTC)
    versions = ["2026073000", "2026073100", "2026080100"]
    seen = []
    for state, version, hours in zip((before, during, after), versions, (0, 5, 13), strict=True):
        clock.tick(hours=hours)
        source.publish(replace(state, version=Version(version)))
        (outcome,) = sync(store, source, [W], base=embedded())
        head = store.head(W)
        seen.append((outcome.status, outcome.healed, head.hash if head else None))
    good = before.hash
    assert seen == [("committed", (), good), ("committed", (), good), ("committed", (1,), good)]
    first = store.held(resolved=True)[0]
    gone = {"*.cloud.microsoft", "*.static.microsoft", "*.usercontent.microsoft"}
    (number,) = {s.id for s in before.sets if gone <= {h.text for h in s.hosts}}
    assert [e.id for e in first.entries] == [f"{number}:set"]
    assert kinds(store)[-1] == "healed"


def test_a_flap_back_to_the_old_version_heals_too(run: Run, store: Store) -> None:
    started(run, store)
    assert run(base(NAMES[:-10]), version="2030060100").status == "held"
    outcome = run(base(), version="2030053100")
    assert (outcome.status, outcome.healed) == ("unchanged", (2,))


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("9999999999", "is not YYYYMMDDNN"),
        ("2030070100", "is in the future"),
        ("2030053000", "went back from version 2030053100"),
        ("٢٠٣٠٠٦٠١٠٠", "is not YYYYMMDDNN"),
        ("", "no answer"),
    ],
)
def test_p1_a_version_that_cannot_be_leaves_all_as_it_was(
    version: str, says: str, run: Run, store: Store, source: MemoryUpstream
) -> None:
    good = started(run, store)
    before = (store.versions(), store.pending(), last_success(store, W))
    source.states[W] = UpstreamError("worldwide: no answer")
    source.versions[W] = version
    outcome = run()
    assert (outcome.status, outcome.exit_code) == ("failed", 3)
    assert outcome.error is not None
    assert says in outcome.error.message
    assert (store.versions(), store.pending(), last_success(store, W)) == before
    assert store.head(W) == good


def test_a_new_version_with_the_old_list_is_mixed(run: Run, store: Store, source: MemoryUpstream) -> None:
    started(run, store)
    added = ChangeRecord(
        id=1, endpoint_set=1, disposition="Change", version=Version("2030060100"), added_hosts=("new.example.com",)
    )
    source.records = {W: [added]}
    outcome = run(base(), version="2030060100")
    assert outcome.error is not None
    assert "between two versions" in outcome.error.message
    source.records = {W: UpstreamError("429")}
    outcome = run(base(), version="2030060100")
    assert outcome.error is not None
    assert "has the same list as 2030053100, and no change records: 429" in outcome.error.message
    source.records = {W: [added]}
    assert run(base([*NAMES, "new.example.com"]), version="2030060100").status == "committed"


def test_a_list_without_records_is_still_committed(run: Run, store: Store, source: MemoryUpstream) -> None:
    started(run, store)
    source.records = {W: UpstreamError("429: wait an hour")}
    outcome = run(base([*NAMES, "new.example.com"]), version="2030060100")
    assert (outcome.status, outcome.notes) == ("committed", ("no change records: 429: wait an hour",))


def test_p9_one_bad_cloud_does_not_stop_the_others(store: Store, source: MemoryUpstream) -> None:
    catalog = embedded()
    dod, china = (
        State(cloud=c, version=Version("2030053100"), origin="live", sets=_listed(catalog.endpoint_sets(c)))
        for c in (Cloud.DOD, Cloud.CHINA)
    )
    source.publish(china, dod)
    source.states[W] = ZeroDivisionError("a defect")
    source.states[Cloud.GCCHIGH] = ConnectionResetError(104, "Connection reset by peer")
    outcomes = sync(store, source, [W, Cloud.GCCHIGH, Cloud.DOD, Cloud.CHINA], base=catalog)
    assert [o.status for o in outcomes] == ["failed", "failed", "committed", "committed"]
    assert [o.exit_code for o in outcomes] == [70, 3, 0, 0]
    assert exit_code(outcomes[1:]) == 3
    assert exit_code(outcomes[2:]) == 0


def test_a_pinned_version_stays_in_force_while_syncs_continue(run: Run, store: Store) -> None:
    good = started(run, store)
    store.pin(W, good.version)
    assert run(base([*NAMES, "new.example.com"]), version="2030060100").status == "committed"
    assert store.head(W) == good
    newest = store.newest(W)
    assert newest is not None
    assert newest.version == "2030060100"


def test_slow_growth_is_held_within_a_month(run: Run, store: Store, clock: Clock) -> None:
    """One name, about 1 %, in each cycle: no step exceeds the limit, but 25 % in 30 days do."""
    started(run, store)
    names = list(NAMES)
    for cycle in range(60):
        names.append(f"slow{cycle}.example.org")
        clock.tick(hours=7)
        version = f"{clock.now:%Y%m%d}{cycle % 100:02}"
        if run(base(names), version=version).status == "held":
            assert cycle == 24  # the 25th of 99 entries
            return
    pytest.fail("never held")


def test_after_growth_was_accepted_the_month_counts_from_there(run: Run, store: Store) -> None:
    started(run, store)
    names = [*NAMES, *(f"n{n}.example.org" for n in range(30))]
    held = run(base(names), version="2030060100").held
    assert held is not None
    accept(store, held.id, base=embedded())
    assert run(base([*names, "one.example.org"]), version="2030060101").status == "committed"


def test_a_newer_held_state_replaces_the_one_that_waits(run: Run, store: Store) -> None:
    """A state that upstream replaced cannot be accepted, and one that returns is notified once."""
    good = started(run, store)
    first, second = base(NAMES[:-10]), base(NAMES[:-12])
    a = run(first, version="2030060100").held
    b = run(second, version="2030060101").held
    assert a is not None
    assert b is not None
    assert [held.id for held in store.held()] == [b.id]
    assert {held.id: held.resolved for held in store.held(resolved=True)}[a.id] == "replaced"
    with pytest.raises(UnknownNameError):
        accept(store, a.id, base=embedded())
    before = kinds(store).count("held")
    again = run(first, version="2030060102").held
    assert again is not None
    assert kinds(store).count("held") == before + 1, "another version is notified separately"
    back = run(second, version="2030060102").held
    assert back is not None
    for _ in range(4):  # two nodes that disagree do not cause a notification each hour
        run(first, version="2030060102")
        run(second, version="2030060102")
    assert kinds(store).count("held") == before + 2
    assert len(store.held()) == 1
    assert store.head(W) == good


def test_a_state_that_returns_after_it_healed_is_notified_again(run: Run, store: Store) -> None:
    started(run, store)
    before = len(store.pending())
    for _ in range(2):
        run(base(NAMES[:-10]), version="2030060100")
        run(base(NAMES[:-10]), version="2030060100")
        assert run(base(), version="2030053100").healed != ()
    assert [each.kind for each in store.pending()[before:]] == ["held", "healed"] * 2


def test_an_outdated_state_cannot_be_accepted(run: Run, store: Store) -> None:
    started(run, store)
    held = run(base(NAMES[:-10]), version="2030060100").held
    assert held is not None
    assert run(base([*NAMES, "new.example.com"]), version="2030060101").healed == (held.id,)
    before = (store.head(W), store.pending())
    for decide in (lambda: accept(store, held.id, base=embedded()), lambda: reject(store, held.id)):
        with pytest.raises(UnknownNameError):
            decide()
    assert (store.head(W), store.pending()) == before


def test_accepting_while_upstream_is_down_takes_what_was_seen(run: Run, store: Store, source: MemoryUpstream) -> None:
    started(run, store)
    held = run(base(NAMES[:-10]), version="2030060100").held
    assert held is not None
    source.states[W] = UpstreamError("worldwide: no answer")
    assert run().status == "failed"
    assert accept(store, held.id, base=embedded()).version == "2030060100"
    assert (store.held(), store.problems()) == ((), ())
    assert kinds(store)[-1] == "committed"


def test_accepting_a_held_state_does_not_change_the_pinned_one(run: Run, store: Store) -> None:
    good = started(run, store)
    store.pin(W, good.version)
    held = run(base(NAMES[:-10]), version="2030060100").held
    assert held is not None
    accept(store, held.id, base=embedded())
    assert store.head(W) == good
    assert store.unpin(W) is not None
    head = store.head(W)
    assert head is not None
    assert head.version == "2030060100"


def test_a_version_that_was_rewritten_is_seen_within_a_day_and_held(
    run: Run, store: Store, source: MemoryUpstream, clock: Clock
) -> None:
    good = started(run, store)
    source.publish(replace(base([*NAMES, "new.example.com"]), version=good.version))
    assert run().status == "unchanged"
    clock.tick(days=1)
    outcome = run()
    assert outcome.held is not None
    assert [r.code for r in outcome.held.reasons] == ["rewritten"]
    assert store.head(W) == good
    accept(store, outcome.held.id, base=embedded())
    head = store.head(W)
    assert head is not None
    assert (head.version, head.hash != good.hash, store.problems()) == (good.version, True, ())
    clock.tick(days=1)
    assert run().status == "unchanged"


def test_each_change_is_notified_exactly_once(run: Run, store: Store) -> None:
    started(run, store)
    before = len(store.pending())
    for _ in range(3):
        run(base([*NAMES, "new.example.com"]), version="2030060100")
    assert [n.kind for n in store.pending()[before:]] == ["committed"]
    run(base([*NAMES, "new.example.com"]), version="2030060200")
    assert len(store.pending()) == before + 1, "a version without a difference is not notified"


def test_blocking_upstream_for_weeks_does_not_raise_the_limits(
    run: Run, store: Store, source: MemoryUpstream, clock: Clock
) -> None:
    """Failed syncs count as looks: a list that lost a fifth is held as it would be without them."""
    good = started(run, store)
    short = base(NAMES[:-20])
    source.states[W] = UpstreamError("worldwide: no answer")
    for _ in range(60):
        assert run().status == "failed"
        clock.tick(days=1)
    outcome = run(short, version="2030073100")
    assert outcome.held is not None
    assert [r.code for r in outcome.held.reasons] == ["shrink"]
    assert store.head(W) == good


def test_kinds_are_judged_whatever_the_time_away(run: Run, store: Store, clock: Clock) -> None:
    started(run, store)
    clock.tick(days=400)
    without = replace(base(), sets=(base().sets[0], made(2, ["*.other.example.net", "plain.example.net"])))
    outcome = run(without, version="2031063000")
    assert outcome.held is not None
    assert [entry.id for entry in outcome.held.entries] == ["2:-*.wide.example.net"]


# -- held entries ---------------------------------------------------------------------------------------------------

LATER = "2030060100"


def foreign(*names: str, more: str = "new.example.com") -> State:
    """The base with an ordinary new name, and names of domains that no list has had."""
    return base([*NAMES, more, *names])


def names(state: State | None) -> set[str]:
    assert state is not None
    return {host.text for s in state.sets for host in s.hosts}


def test_an_entry_waits_alone_and_the_rest_comes_into_force(run: Run, store: Store) -> None:
    started(run, store)
    before = len(store.pending())
    outcome = run(foreign("*.attacker.test-domain.net"), version=LATER)
    assert (outcome.status, outcome.exit_code) == ("committed", 4)
    assert names(store.head(W)) == names(base()) | {"new.example.com"}
    assert outcome.held is not None
    assert not outcome.held.whole
    assert [entry.id for entry in outcome.held.entries] == ["1:*.attacker.test-domain.net"]
    assert [n.kind for n in store.pending()[before:]] == ["committed", "held"]
    again = run()
    assert (again.status, again.held, again.exit_code) == ("unchanged", outcome.held, 4)
    assert len(store.pending()) == before + 2, "it is notified once"
    assert store.problems() == ()


def test_admitting_entries_puts_them_into_force_except_those_that_are_left(run: Run, store: Store) -> None:
    started(run, store)
    held = run(foreign("a.one-domain.net", "b.other-domain.net"), version=LATER).held
    assert held is not None
    with pytest.raises(UnknownNameError, match=r"1:a\.one-domain\.ne"):
        accept(store, held.id, base=embedded(), leave=["1:a.one-domain.ne"])
    outcome = accept(store, held.id, base=embedded(), leave=["1:b.other-domain.net"])
    assert (outcome.status, outcome.exit_code) == ("committed", 4)
    assert outcome.held is not None
    assert [entry.id for entry in outcome.held.entries] == ["1:b.other-domain.net"]
    assert names(store.head(W)) == names(base()) | {"new.example.com", "a.one-domain.net"}
    assert run().status == "unchanged"
    assert accept(store, outcome.held.id, base=embedded()).exit_code == 0
    assert names(store.head(W)) == names(base()) | {"new.example.com", "a.one-domain.net", "b.other-domain.net"}
    assert (store.versions(W)[-1].upstream, store.problems(), run().held) == ("", (), None)


def test_a_rejected_entry_stays_out_of_later_lists_and_can_be_admitted_later(run: Run, store: Store) -> None:
    started(run, store)
    held = run(foreign("a.one-domain.net"), version=LATER).held
    assert held is not None
    reject(store, held.id)
    assert run().exit_code == 0
    outcome = run(foreign("a.one-domain.net", more="newer.example.com"), version="2030060200")
    assert (outcome.status, outcome.held) == ("committed", None)
    assert "a.one-domain.net" not in names(store.head(W))
    assert accept(store, held.id, base=embedded()).version == "2030060200"
    assert names(store.head(W)) == names(base()) | {"newer.example.com", "a.one-domain.net"}
    assert run().status == "unchanged"


def test_a_rejected_entry_is_admitted_while_another_one_waits(run: Run, store: Store) -> None:
    started(run, store)
    first = run(foreign("a.one-domain.net"), version=LATER).held
    assert first is not None
    reject(store, first.id)
    second = run(foreign("a.one-domain.net", "b.other-domain.net"), version="2030060200").held
    assert second is not None
    rest = accept(store, first.id, base=embedded()).held
    assert rest is not None
    assert [entry.id for entry in rest.entries] == ["1:b.other-domain.net"]
    assert names(store.head(W)) == names(base()) | {"new.example.com", "a.one-domain.net"}
    assert store.held() == (rest,)


def test_a_rejected_set_with_other_content_is_held_again(run: Run, store: Store) -> None:
    started(run, store)
    one = replace(base(), sets=(*base().sets, made(3, ["a.example.com"], tcp="9999")))
    held = run(one, version=LATER).held
    assert held is not None
    assert [entry.id for entry in held.entries] == ["3:set"]
    reject(store, held.id)
    other = replace(base(), sets=(*base().sets, made(3, ["b.example.com"], tcp="9999")))
    again = run(other, version="2030060200").held
    assert again is not None
    assert [entry.id for entry in again.entries] == ["3:set"]


def test_a_rejected_entry_of_the_newest_list_can_be_admitted(run: Run, store: Store) -> None:
    started(run, store)
    held = run(foreign("a.one-domain.net"), version=LATER).held
    assert held is not None
    reject(store, held.id)
    accept(store, held.id, base=embedded())
    assert "a.one-domain.net" in names(store.head(W))


def test_a_rejected_entry_that_returns_later_is_held_again(run: Run, store: Store, clock: Clock) -> None:
    started(run, store)
    held = run(foreign("a.one-domain.net"), version=LATER).held
    assert held is not None
    reject(store, held.id)
    assert run(foreign(), version="2030060200").exit_code == 0
    clock.tick(days=60)
    again = run(foreign("a.one-domain.net"), version="2030080100").held
    assert again is not None
    assert [entry.id for entry in again.entries] == ["1:a.one-domain.net"]


def test_entries_of_an_older_list_do_not_settle_a_newer_one(run: Run, store: Store) -> None:
    started(run, store)
    first = run(foreign("a.one-domain.net"), version=LATER).held
    second = run(base(NAMES[:-10]), version="2030060200").held
    assert first is not None
    assert second is not None
    assert second.whole
    outcome = accept(store, first.id, base=embedded())
    assert (outcome.healed, store.held()) == ((), (second,))
    assert run().held == second


def test_a_rejected_list_leaves_the_entries_of_the_former_one_waiting(run: Run, store: Store) -> None:
    started(run, store)
    first = run(foreign("a.one-domain.net"), version=LATER).held
    second = run(base(NAMES[:-10]), version="2030060200").held
    assert second is not None
    reject(store, second.id)
    outcome = run()
    assert (outcome.status, outcome.held, outcome.exit_code) == ("rejected", first, 4)


def test_a_list_held_for_its_version_leaves_its_entries_held_on_its_day(run: Run, store: Store, clock: Clock) -> None:
    started(run, store)
    early = run(foreign("a.one-domain.net"), version="2030060500").held
    assert early is not None
    assert early.whole
    clock.tick(days=4)
    outcome = run()
    assert outcome.status == "committed"
    assert outcome.held is not None
    assert not outcome.held.whole
    assert [entry.id for entry in outcome.held.entries] == ["1:a.one-domain.net"]
    assert (run().held, store.held()) == (outcome.held, (outcome.held,))


def test_entries_heal_when_upstream_withdraws_them(run: Run, store: Store) -> None:
    started(run, store)
    held = run(foreign("a.one-domain.net"), version=LATER).held
    assert held is not None
    outcome = run(foreign(), version="2030060200")
    assert (outcome.held, outcome.healed, outcome.exit_code) == (None, (held.id,), 0)


def test_entries_of_several_lists_wait_together(run: Run, store: Store) -> None:
    """The newest held state has all of them, and only new ones are notified."""
    started(run, store)
    run(foreign("a.one-domain.net"), version=LATER)
    before = kinds(store).count("held")
    outcome = run(foreign("a.one-domain.net", more="newer.example.com"), version="2030060200")
    assert kinds(store).count("held") == before
    assert outcome.held is not None
    assert store.held() == (outcome.held,)
    outcome = run(foreign("a.one-domain.net", "b.other-domain.net", more="newer.example.com"), version="2030060300")
    assert kinds(store).count("held") == before + 1
    assert outcome.held is not None
    assert [entry.id for entry in outcome.held.entries] == ["1:a.one-domain.net", "1:b.other-domain.net"]


def test_admitting_a_whole_step_can_leave_an_entry(run: Run, store: Store) -> None:
    started(run, store)
    many = [f"n{n}.example.com" for n in range(40)]
    held = run(base([*NAMES, *many, "a.one-domain.net"]), version=LATER).held
    assert held is not None
    assert held.whole
    outcome = accept(store, held.id, base=embedded(), leave=["1:a.one-domain.net"])
    assert names(store.head(W)) == names(base()) | set(many)
    assert outcome.held is not None
    assert not outcome.held.whole


def test_a_set_with_an_unknown_word_keeps_its_content_and_cannot_be_admitted(
    run: Run, store: Store, source: MemoryUpstream
) -> None:
    good = started(run, store)
    source.unknown = (UnknownSet(id=2, key="serviceArea", word="Mesh"), UnknownSet(id=7, key="category", word="Urgent"))
    without = replace(base([*NAMES, "new.example.com"]), sets=base([*NAMES, "new.example.com"]).sets[:1])
    outcome = run(without, version=LATER)
    assert outcome.held is not None
    assert [(e.id, e.reasons[0].message) for e in outcome.held.entries] == [
        ("2:set", "this release does not know the serviceArea 'Mesh'"),
        ("7:set", "this release does not know the category 'Urgent'"),
    ]
    head = store.head(W)
    assert head is not None
    assert head.by_id[2] == good.by_id[2]
    assert names(head) == names(good) | {"new.example.com"}
    again = accept(store, outcome.held.id, base=embedded()).held
    assert again is not None
    assert [e.id for e in again.entries] == ["2:set", "7:set"]


# -- versions -------------------------------------------------------------------------------------------------------


def test_a_version_of_the_next_week_is_held(run: Run, store: Store) -> None:
    good = started(run, store)
    outcome = run(base([*NAMES, "new.example.com"]), version="2030060500")
    assert outcome.held is not None
    assert [r.code for r in outcome.held.reasons] == ["version"]
    assert "4 days in the future (2030-06-01 here)" in outcome.held.reasons[0].message
    assert store.head(W) == good
    assert run(base([*NAMES, "new.example.com"]), version="2030060200").status == "committed", "time zones differ by a day"


def test_a_version_that_changes_alone_waits_for_a_day(run: Run, store: Store, source: MemoryUpstream, clock: Clock) -> None:
    """Neither list nor records changed: it is read again at each sync, and held after a day."""
    good = started(run, store)
    for _ in range(3):
        source.requests.clear()
        outcome = run(base(), version=LATER)
        assert (outcome.status, outcome.exit_code) == ("unchanged", 0)
        assert "read again" in outcome.notes[0]
        assert "state" in source.requests
    assert store.head(W) == good
    clock.tick(days=1)
    held = run().held
    assert held is not None
    assert [r.code for r in held.reasons] == ["version"]
    assert run(base([*NAMES, "new.example.com"]), version=LATER).healed == (held.id,)


def test_a_version_that_changes_alone_is_committed_if_a_record_names_it(
    run: Run, store: Store, source: MemoryUpstream
) -> None:
    started(run, store)
    record = ChangeRecord(id=7, endpoint_set=1, disposition="Change", impact="OtherNonEndpoint", version=Version(LATER))
    source.records = {W: [record]}
    assert run(base(), version=LATER).status == "committed"


def test_an_older_version_that_lasts_is_held_and_can_be_admitted(
    run: Run, store: Store, source: MemoryUpstream, clock: Clock
) -> None:
    """The way out after a version that was published by mistake."""
    good = started(run, store)
    assert run(base([*NAMES, "new.example.com"]), version=LATER).status == "committed"
    back = run(base(), version=good.version)
    assert back.error is not None
    assert "went back from version 2030060100 to 2030053100" in back.error.message
    assert "perimeter365 held" in back.error.help
    assert run(base([*NAMES, "new.example.com"]), version=LATER).status == "unchanged"
    for _ in range(24):
        assert run(base(), version=good.version).status == "failed", "the day begins again after the newer version was seen"
    held = run().held
    assert held is not None
    assert [r.code for r in held.reasons] == ["version"]
    accept(store, held.id, base=embedded())
    assert names(store.head(W)) == names(base())
    assert (run().status, store.problems()) == ("unchanged", ())
    assert run(base([*NAMES, "newer.example.com"]), version="2030060200").status == "committed"


# -- looks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError("Port out of range"), KeyboardInterrupt(), MemoryError()])
def test_every_attempt_is_a_look_whatever_ends_it(
    error: BaseException, run: Run, store: Store, source: MemoryUpstream, clock: Clock
) -> None:
    """Also a kill: the attempt is recorded before it starts, so the limits of sizes do not grow."""
    good = started(run, store)

    class Ending(MemoryUpstream):
        def version(self, cloud: Cloud) -> str:
            raise error

    clock.tick(days=300)
    with suppress(KeyboardInterrupt, MemoryError):
        sync(store, Ending(), [W], base=embedded())
    assert run(base(NAMES[:-20]), version="2031030100").status == "held"
    assert store.head(W) == good


def test_failures_before_the_first_success_are_no_contact(store: Store, source: MemoryUpstream, clock: Clock) -> None:
    """A new installation without a proxy at first is checked by the age of the embedded list."""
    fresh = embedded()
    sets = tuple(s for s in fresh.endpoint_sets(W) if s.id < 9000)
    wild = next(h for s in sets if s.required for h in s.hosts if h.text == "*.cloud.microsoft")
    left = tuple(replace(s, hosts=tuple(h for h in s.hosts if h != wild)) for s in sets)
    source.states[W] = UpstreamError("worldwide: no answer")
    assert sync(store, source, [W], base=fresh)[0].status == "failed"
    clock.tick(hours=1)
    source.publish(State(cloud=W, version=Version("2030053100"), origin="live", sets=left))
    assert sync(store, source, [W], base=fresh)[0].status == "committed"


def test_a_list_of_long_ago_is_refused_by_the_first_sync_too(store: Store, source: MemoryUpstream, clock: Clock) -> None:
    """A version rollback before the first sync: the embedded list limits the age of upstream's version."""
    fresh = embedded()
    day = date.fromisoformat(f"{fresh.versions[W].version[:4]}-{fresh.versions[W].version[4:6]}-01")
    sets = tuple(s for s in fresh.endpoint_sets(W) if s.id < 9000)
    for years, want in ((2, "failed"), (0, "committed")):
        version = f"{day.year - years}{day.month:02}0100"
        source.publish(State(cloud=W, version=Version(version), origin="live", sets=sets))
        clock.tick(hours=1)
        assert sync(store, source, [W], base=fresh)[0].status == want


def test_a_list_that_exceeds_a_device_limit_is_held(run: Run, store: Store, source: MemoryUpstream, clock: Clock) -> None:
    """The caller passes the check of the operator's devices; history does not know devices."""
    good = started(run, store)
    most = 43 + 56

    def capacity(state: State) -> list[Reason]:
        entries = sum(len(s.hosts) + len(s.listed) for s in state.sets)
        return [Reason(code="capacity", message=f"edge: {entries} entries, {most} fit")] if entries > most else []

    source.publish(replace(base([*NAMES, "new.example.com"]), version=Version("2030060100")))
    clock.tick(hours=1)
    (outcome,) = sync(store, source, [W], base=embedded(), capacity=capacity)
    assert outcome.held is not None
    assert outcome.held.reasons == (Reason(code="capacity", message="edge: 100 entries, 99 fit"),)
    assert store.head(W) == good
    most = 100
    clock.tick(hours=1)
    (outcome,) = sync(store, source, [W], base=embedded(), capacity=capacity)
    assert (outcome.status, outcome.healed) == ("committed", (2,))
    most = 50  # the last good list did not fit either, so holding this one does not help
    source.publish(replace(base(), version=Version("2030060200")))
    clock.tick(hours=1)
    (outcome,) = sync(store, source, [W], base=embedded(), capacity=capacity)
    assert (outcome.status, outcome.notes) == (
        "committed",
        ("the last good list did not fit either: edge: 100 entries, 50 fit",),
    )


def test_nothing_of_upstream_gets_into_messages_unescaped(run: Run, store: Store, source: MemoryUpstream) -> None:
    started(run, store)
    source.states[W] = RuntimeError("\x1b[31m red\r\nforged line")
    (outcome,) = (run(),)
    assert outcome.error is not None
    assert outcome.error.message.isprintable()
    assert outcome.exit_code == 70


def test_the_clouds_share_the_time(store: Store) -> None:
    """Each cloud has an equal share of the remaining time, one minute in total."""
    given: list[float] = []

    class Slow(MemoryUpstream):
        def set_remaining_time(self, seconds: float) -> None:
            given.append(seconds)

    sync(store, Slow(), [W, Cloud.DOD, Cloud.GCCHIGH, Cloud.CHINA], base=embedded())
    assert len(given) == 4
    assert given[0] == pytest.approx(15, abs=1)
    assert max(given) <= 60


def test_an_outcome_is_json(run: Run, store: Store) -> None:
    said = run(base(), version="2030053100").to_dict()
    assert (said["cloud"], said["status"], said["held"]) == ("worldwide", "held", 1)
    assert said["reasons"][0]["code"] == "shrink"
