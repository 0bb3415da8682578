"""The gates: suspicious and regular changes, and the recorded history."""

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.history.gates import CODES, WINDOW, YEAR, GateLimits, Witness, judge
from perimeter365.history.load import read_recorded_lists
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import Version
from tests.history.oracle import reference


def made(
    number: int, hosts: Iterable[str] = (), prefixes: Iterable[str] = (), tcp: str = "443", required: bool = True
) -> EndpointSet:
    listed = listing(prefixes)
    return EndpointSet(
        id=number,
        cloud=Cloud.WORLDWIDE,
        area="common",
        category="default",
        required=required,
        express_route=False,
        tcp=PortSet.parse(tcp),
        hosts=tuple(sorted(map(HostPattern, hosts))),
        prefixes=PrefixSet.parse(listed),
        listed=listed,
    )


NAMES = [f"h{n}.example.com" for n in range(40)]
PREFIXES = [f"198.51.{n}.0/24" for n in range(40)]
SIX = [f"2001:db8:{n:x}::/48" for n in range(16)]


def state(*sets: EndpointSet, version: str = "2030010100") -> State:
    return State(cloud=Cloud.WORLDWIDE, version=Version(version), origin="live", sets=sets)


def base(names: Iterable[str] = NAMES, prefixes: Iterable[str] = (*PREFIXES, *SIX), tcp: str = "443") -> State:
    return state(made(1, names, prefixes, tcp), made(2, ["*.wide.example.net", "*.other.example.net", "plain.example.net"]))


def codes(old: State, new: State, recent: tuple[State, ...] = (), days: float = 0) -> list[str]:
    return [reason.code for reason in check_gates(old, new, recent, away=timedelta(days=days))]


def test_the_same_list_and_a_small_change_pass() -> None:
    assert codes(base(), base()) == []
    assert codes(base(), base(NAMES[:-3])) == []
    assert codes(base(), base([*NAMES, "new.example.com"], [*PREFIXES, *SIX, "203.0.113.0/24"])) == []


def test_a_shrink_of_more_than_ten_percent_is_held() -> None:
    assert codes(base(), base(NAMES[:-5])) == ["shrink"]  # 5 of 43 names
    assert codes(base(), base(NAMES[:-4])) == []  # 4 of 43
    assert codes(base(), base(prefixes=[*PREFIXES[:-5], *SIX])) == ["shrink"]
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX[:-2]])) == ["shrink"]


def test_entries_that_others_cover_are_not_removed() -> None:
    names = [f"a{n}.wide.example.net" for n in range(40)]
    assert codes(base(names), base(names[:1])) == []
    assert codes(base(prefixes=["198.51.100.0/25", "198.51.100.128/25"]), base(prefixes=["198.51.100.0/24"])) == []


def test_any_removed_wildcard_of_a_required_set_is_held() -> None:
    many = [f"x{n}.example.org" for n in range(40)]
    old = state(made(1, [*many, "*.one.example.net"]))
    assert codes(old, state(made(1, many))) == ["wildcard-gone"]
    assert codes(old, state(made(1, [*many, "*.example.net"]))) == ["widening"], "a wider one covers it"
    optional = state(made(1, [*many, "*.one.example.net"], required=False))
    assert codes(optional, state(made(1, many, required=False))) == []


def test_all_of_a_set_is_held_and_a_set_that_moved_is_not() -> None:
    small = made(3, ["lone.example.net"], ["203.0.113.0/28"], required=False)
    old = state(*base().sets, small)
    found = check_gates(old, base())
    assert [r.code for r in found] == ["set-gone"]
    assert "names and addresses of set worldwide/3" in found[0].message
    assert codes(old, state(*base().sets, replace(small, id=4))) == []
    no_space = replace(small, prefixes=PrefixSet(), listed=())
    assert codes(old, state(*base().sets, no_space)) == ["set-gone"]


def test_addresses_left_on_other_ports_only_count_as_removed() -> None:
    """Sets 11 and 12 list the same prefixes: media over UDP, and the rest over TCP."""
    media = replace(made(11, [], PREFIXES[:3], tcp=""), udp=PortSet.parse("3478-3481"))
    rest = made(12, ["*.calls.example.net"], PREFIXES[:3])
    old = state(*base().sets, media, rest)
    assert codes(old, state(*base().sets, rest)) == ["set-gone"]
    emptied = replace(media, hosts=(HostPattern("x.calls.example.net"),), prefixes=PrefixSet(), listed=())
    assert codes(old, state(*base().sets, emptied, rest)) == ["set-gone"]
    moved = replace(rest, udp=PortSet.parse("3478-3481"))
    assert "set-gone" not in codes(old, state(*base().sets, moved))
    unknown = replace(media, udp=PortSet())
    assert codes(state(*base().sets, unknown, rest), state(*base().sets, rest)) == [], "its ports were not known"


def test_growth_of_more_than_a_quarter_is_held() -> None:
    more = [f"n{n}.example.org" for n in range(25)]  # to 99 entries
    assert codes(base(), base([*NAMES, *more])) == ["growth"]
    assert codes(base(), base([*NAMES, *more[:24]])) == []
    wide = ["100.0.0.0/16"]  # 65,536 to 40 × 256
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX, *wide])) == ["growth"]


def test_growth_of_ipv6_counts_allocations() -> None:
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX, "2001:db8:8000::/33"])) == []
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX, "2a00::/32"])) == ["growth"]
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX, "2a00::/12"])) == ["growth"]


def test_slow_growth_is_held_against_thirty_days_ago() -> None:
    """0.4 % in each of a thousand cycles: no step exceeds the limit, but 30 days do."""
    first = base()
    names, states = list(NAMES), [first]
    for cycle in range(1000):
        names.append(f"slow{cycle}.example.org")
        new = base(names)
        if reasons := check_gates(states[-1], new, states):
            assert [r.code for r in reasons] == ["growth"]
            assert "30 days ago" in reasons[0].message
            assert len(names) - len(NAMES) == 25  # of 99 entries: the first that is more than a quarter
            return
        states.append(new)
    pytest.fail("never held")


@pytest.mark.parametrize(
    "new",
    [
        base([*NAMES, "*.example.com"]),
        base(prefixes=[*SIX, *PREFIXES[1:], "198.51.0.0/23"]),
        base(tcp="443,8443"),
        base(tcp="1-65535"),
    ],
    ids=["wildcard", "prefix", "port", "ports"],
)
def test_widening_is_held(new: State) -> None:
    assert codes(base(prefixes=[*PREFIXES[2:], *SIX, "198.51.0.0/24"]), new)[0] in {"widening", "growth"}
    assert "widening" in codes(base(prefixes=[*PREFIXES[2:], *SIX, "198.51.0.0/24"]), new)


def test_a_flip_flop_is_held_after_two_turns() -> None:
    a, b = base(), base([*NAMES, "blink.example.org"])
    assert codes(a, b, (a,)) == []
    assert codes(b, a, (a, b)) == []
    assert codes(a, b, (a, b, a)) == ["flip-flop"]
    assert check_gates(a, b, (a, b, a))[0].entries == ("blink.example.org",)


def test_limits_grow_with_time_up_to_a_maximum() -> None:
    fifth = base(NAMES[: len(NAMES) * 4 // 5])  # 8 of 43 names removed: 18.6 %
    assert codes(base(), fifth) == ["shrink"]
    assert codes(base(), fifth, days=10) == ["shrink"]
    assert codes(base(), fifth, days=14) == []
    assert codes(base(), base(NAMES[:10]), days=10_000) == ["shrink"]
    no_wildcard = state(base().sets[0], made(2, ["*.other.example.net", "*.more.example.net", "plain.example.net"]))
    four = [f"*.w{n}.example.net" for n in range(4)]
    old = state(base().sets[0], made(2, four))
    assert codes(old, state(base().sets[0], made(2, four[:3])), days=14) == ["wildcard-gone"]
    assert codes(old, state(base().sets[0], made(2, four[:3])), days=60) == [], "1 of 4 is not more than 30 %"
    assert codes(old, state(base().sets[0], made(2, four[:2])), days=10_000) == ["wildcard-gone"], "2 of 4 is"
    assert codes(base(), no_wildcard, days=-5) == ["wildcard-gone"], "a clock that was set back does not raise the limit"


def test_the_limit_of_growth_grows_with_each_quarter() -> None:
    more = [f"n{n}.example.org" for n in range(50)]  # to 99 entries
    assert codes(base(), base([*NAMES, *more[:49]]), days=90) == []
    assert codes(base(), base([*NAMES, *more]), days=90) == ["growth"]
    assert codes(base(), base([*NAMES, *(f"n{n}.example.org" for n in range(500))]), days=10_000) == ["growth"]


def test_a_set_that_is_no_longer_required_is_held() -> None:
    old = state(made(1, ["a.example.com"]), made(2, ["b.example.com"], ["198.51.100.0/24"]))
    demoted = state(old.sets[0], made(2, ["b.example.com"], ["198.51.100.0/24"], required=False))
    assert codes(old, demoted) == ["demotion"]
    assert check_gates(old, demoted)[0].entries == ("worldwide/2",)
    assert codes(old, state(old.sets[0], replace(old.sets[1], id=9))) == [], "another set requires it"
    assert codes(demoted, old) == [], "a promotion is not a demotion"
    moved = state(made(1, ["a.example.com", "*.example.com"]), replace(demoted.sets[1], prefixes=PrefixSet(), listed=()))
    assert "demotion" not in codes(replace(old, sets=(old.sets[0], made(2, ["b.example.com"]))), moved)


def test_slow_shrinking_is_held_against_thirty_days_ago() -> None:
    """One of forty names in each cycle: no step exceeds the limit, but 30 days do."""
    states, names = [base()], list(NAMES)
    while len(names) > 20:
        names.pop()
        new = base(names)
        if reasons := check_gates(states[-1], new, states):
            assert [r.code for r in reasons] == ["shrink"]
            assert "30 days ago" in reasons[0].message
            assert len(NAMES) - len(names) == 13  # of 43 names: the first that is more than 30 %
            return
        states.append(new)
    pytest.fail("never held")


def test_slow_growth_is_held_against_a_year_ago() -> None:
    """0.4 % a day is less than a quarter in 30 days, but more than doubles the list within a year."""
    first = base()
    grown = [*NAMES, *(f"slow{n}.example.org" for n in range(124))]  # of 99 entries: 125 %
    before, after = base([*grown, "one.example.org"]), base([*grown, "one.example.org", "two.example.org"])
    assert check_gates(base(grown), before, (base(grown),), year=first) == ()
    (reason,) = check_gates(before, after, (before,), year=first)
    assert (reason.code, "a year ago" in reason.message) == ("growth", True)


@pytest.mark.parametrize("days", [0, 15, 1000])
def test_ranges_of_new_ports_are_held_after_any_time(days: float) -> None:
    assert codes(base(tcp="443"), base(tcp="443-460"), days=days) == ["widening"]
    sets = [made(n, [f"s{n}.example.com"]) for n in range(1, 21)]
    few = [*sets[1:], made(21, ["s1.example.com"], tcp="443-460")]
    assert codes(state(*sets), state(*few), days=days) == ["widening"], "a new set has ports that no listed set had"


def test_a_new_set_may_have_ports_that_are_listed_and_no_others() -> None:
    old = state(made(1, NAMES, tcp="443"), made(2, ["b.example.com"], tcp="25"))
    assert codes(old, state(*old.sets, made(3, ["c.example.com"], tcp="25,443"))) == []
    assert codes(old, state(*old.sets, made(3, ["c.example.com"], tcp="22"))) == ["widening"]


def test_two_changes_are_not_a_flip_flop() -> None:
    a, b = base(), base([*NAMES, "blink.example.org"])
    c = base([*NAMES, "steady.example.org"])
    assert codes(a, c, (a, b, a)) == [], "another entry than the one that changed before"


LABELS = st.sampled_from(["a", "b", "c", "mail", "cdn"])
HOSTS = st.builds(lambda star, labels: star + ".".join(labels), st.sampled_from(["", "*."]), st.tuples(LABELS, LABELS))
SETS = st.builds(
    lambda number, hosts, prefixes, tcp, required: made(
        number, {f"{h}.example.com" for h in hosts}, {f"198.51.{p}.0/24" for p in prefixes}, tcp, required
    ),
    st.integers(1, 6),
    st.sets(HOSTS, min_size=1, max_size=6),
    st.sets(st.integers(0, 40), max_size=6),
    st.sampled_from(["443", "80,443", "1-65535"]),
    st.booleans(),
)
STATES = st.lists(SETS, min_size=1, max_size=5, unique_by=lambda s: s.id).map(
    lambda sets: state(*sorted(sets, key=lambda s: s.id))
)


@given(STATES, st.integers(0, 400))
def test_the_same_list_is_never_held(one: State, days: int) -> None:
    assert check_gates(one, one, away=timedelta(days=days)) == ()
    assert check_gates(one, one, (one, one, one), year=one) == ()


@given(STATES, STATES, st.randoms(use_true_random=False))
def test_the_order_of_a_list_does_not_count(old: State, new: State, random: Random) -> None:
    def shuffled(one: State) -> State:
        sets = []
        for s in one.sets:
            hosts, texts = [*s.hosts], [*s.listed]
            random.shuffle(hosts)
            random.shuffle(texts)
            sets.append(made(s.id, [h.text for h in hosts], texts, str(s.tcp), s.required))
        return state(*sets)

    assert check_gates(shuffled(old), shuffled(new)) == check_gates(old, new)


@given(STATES, STATES, st.integers(0, 14), st.integers(15, 400))
def test_a_longer_time_never_holds_more(old: State, new: State, soon: int, late: int) -> None:
    assert {r.code for r in check_gates(old, new, away=timedelta(days=late))} <= {
        r.code for r in check_gates(old, new, away=timedelta(days=soon))
    }


def test_limits_can_be_set() -> None:
    assert check_gates(base(), base(NAMES[:-5]), limits=GateLimits(shrink=0.2)) == ()


def test_a_reason_names_some_entries_and_is_json() -> None:
    (reason,) = check_gates(base(), base(NAMES[:-30]))
    assert reason.to_dict()["code"] in CODES
    assert len(reason.to_dict()["entries"]) == 20


@cache
def recorded() -> tuple[list[State], ...]:
    """The recorded states of each series of the reference data, oldest first."""
    series = []
    for folder in ("history", "docs-series"):
        found, _ = read_recorded_lists(reference(folder))
        for _, group in itertools.groupby(sorted(found, key=lambda s: (s.cloud, s.version)), key=lambda s: s.cloud):
            series.append(list(group))
    return tuple(series)


def test_replaying_the_recorded_history_holds_at_most_one_percent() -> None:
    """Each state is checked as if upstream was read only on the days of the recordings."""
    held, steps = [], 0
    for group in recorded():
        for at, (old, new) in enumerate(pairwise(group)):
            past = group[: at + 1]
            recent = [s for s in past if new.day - s.day <= WINDOW] or [old]
            year = next((s for s in past if new.day - s.day <= YEAR), old)
            steps += 1
            if check_gates(old, new, recent, year=year, away=new.day - old.day):
                held.append(f"{new.cloud} {new.version}")
    assert steps > 110
    assert len(held) <= steps * 0.01, held


def flap() -> list[State]:
    """The state before, during and after the flap of July 2026."""
    states, _ = read_recorded_lists(reference("history"))
    newest = max(states, key=lambda s: s.version)
    lists = [set(path.read_text("utf-8").split()) for path in sorted(reference("flap").glob("urls-*.txt"))]
    gone = {HostPattern(text) for text in lists[0] - lists[1]}
    assert len(gone) == 3
    left = [(s, tuple(h for h in s.hosts if h not in gone)) for s in newest.sets]
    during = [replace(s, hosts=hosts) for s, hosts in left if hosts or s.prefixes]
    return [newest, replace(newest, version=Version("2026073101"), sets=tuple(during), origin=RECORDED), newest]


def test_the_flap_of_july_2026_is_held() -> None:
    before, during, after = flap()
    reasons = check_gates(before, during)
    assert [r.code for r in reasons] == ["wildcard-gone", "set-gone"]
    assert all(r.entries == ("*.cloud.microsoft", "*.static.microsoft", "*.usercontent.microsoft") for r in reasons)
    assert check_gates(before, after) == ()
