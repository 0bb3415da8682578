"""Sizes of a change: limits, slow changes, and the time since the last look."""

from dataclasses import replace

import pytest

from perimeter365.history.gates import GateLimits, judge
from perimeter365.model.state import State
from tests.history.lists import NAMES, PREFIXES, SIX, WITNESS, base, codes, made, state


def test_the_same_list_and_a_small_change_pass() -> None:
    assert codes(base(), base()) == []
    assert codes(base(), base(NAMES[:-3])) == []
    assert codes(base(), base([*NAMES, "new.example.com"], [*PREFIXES, *SIX, "203.0.113.0/24"])) == []


def test_a_shrink_of_more_than_fifteen_percent_is_held() -> None:
    assert codes(base(), base(NAMES[:-7])) == ["shrink"]  # 7 of 43 names
    assert codes(base(), base(NAMES[:-6])) == []  # 6 of 43
    assert codes(base(), base(prefixes=[*PREFIXES[:-7], *SIX])) == ["shrink"]
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX[:-3]])) == ["shrink"]


def test_entries_that_others_cover_are_not_removed() -> None:
    names = [f"a{n}.wide.example.net" for n in range(40)]
    assert codes(base(names), base(names[:1])) == []
    assert codes(base(prefixes=["198.51.100.0/25", "198.51.100.128/25"]), base(prefixes=["198.51.100.0/24"])) == []


def test_growth_of_more_than_a_quarter_is_held() -> None:
    more = [f"n{n}.example.org" for n in range(25)]  # to 99 entries
    assert codes(base(), base([*NAMES, *more])) == ["growth"]
    assert codes(base(), base([*NAMES, *more[:24]])) == []
    wide = ["100.0.0.0/16"]  # 65,536 to 40 × 256
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX, *wide])) == ["growth"]


def test_growth_of_ipv6_counts_allocations() -> None:
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX, "2001:4898:8000::/33"])) == []
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX, "2a00::/32"])) == ["growth"]
    assert codes(base(), base(prefixes=[*PREFIXES, *SIX, "2a00::/12"])) == ["growth"]


def _slow(step: list[State]) -> tuple[int, str]:
    """Return the number of the first step that is held, and its message."""
    for number in range(1, len(step)):
        if found := judge(step[number - 1], step[number], WITNESS, step[:number]):
            (reason,) = found.step
            return number, f"{reason.code}: {reason.message}"
    return 0, "never held"


def test_slow_growth_is_held_against_thirty_days_ago() -> None:
    """One of 99 entries in each cycle: no step exceeds the limit, but 30 days do."""
    number, what = _slow([base([*NAMES, *(f"slow{n}.example.org" for n in range(cycle))]) for cycle in range(60)])
    assert number == 25  # of 99 entries: the first that is more than a quarter
    assert what.startswith("growth")
    assert "30 days ago" in what


def test_slow_shrinking_is_held_against_thirty_days_ago() -> None:
    """One of 43 names in each cycle."""
    number, what = _slow([base(NAMES[: 40 - cycle]) for cycle in range(20)])
    assert number == 13  # of 43 names: the first that is more than 30 %
    assert what.startswith("shrink")
    assert "30 days ago" in what


def test_slow_growth_is_held_against_a_year_ago() -> None:
    """0.4 % a day is less than a quarter in 30 days, but more than doubles the list within a year."""
    first = base()
    grown = [*NAMES, *(f"slow{n}.example.org" for n in range(124))]  # of 99 entries: 125 %
    before, after = base([*grown, "one.example.org"]), base([*grown, "one.example.org", "two.example.org"])
    assert not judge(base(grown), before, WITNESS, (base(grown),), year=first)
    (reason,) = judge(before, after, WITNESS, (before,), year=first).step
    assert (reason.code, "a year ago" in reason.message) == ("growth", True)


def test_limits_grow_with_time_up_to_a_maximum() -> None:
    fifth = base(NAMES[:30])  # 10 of 43 names removed: 23 %
    assert codes(base(), fifth) == ["shrink"]
    assert codes(base(), fifth, days=7) == ["shrink"]
    assert codes(base(), fifth, days=8) == []
    assert codes(base(), base(NAMES[:10]), days=10_000) == ["shrink"]
    assert codes(base(), fifth, days=-5) == ["shrink"], "a clock that was set back does not raise the limit"


def test_the_limit_of_growth_grows_with_each_quarter() -> None:
    more = [f"n{n}.example.org" for n in range(50)]  # to 99 entries
    assert codes(base(), base([*NAMES, *more[:49]]), days=90) == []
    assert codes(base(), base([*NAMES, *more]), days=90) == ["growth"]
    assert codes(base(), base([*NAMES, *(f"n{n}.example.org" for n in range(500))]), days=10_000) == ["growth"]


@pytest.mark.parametrize("days", [0, 15, 400, 10_000])
def test_time_changes_no_kind(days: float) -> None:
    """What holds an entry after an hour holds it after years."""
    new = replace(
        base(),
        sets=(
            made(1, [*NAMES, "*.example.com"], (*PREFIXES, *SIX), tcp="80,8443"),
            made(2, ["*.wide.example.net", "plain.example.net"]),
        ),
    )
    assert codes(base(), new, days=days) == ["wildcard-gone", "widening", "new-ports", "ports-gone"]


def test_limits_can_be_set() -> None:
    assert not judge(base(), base(NAMES[:-8]), WITNESS, limits=GateLimits(shrink=0.3))


def test_a_reason_names_some_entries_and_is_json() -> None:
    (reason,) = judge(base(), base(NAMES[:-30]), WITNESS).step
    assert reason.to_dict()["code"] == "shrink"
    assert len(reason.to_dict()["entries"]) == 20


def test_a_list_without_ipv6_has_no_share_of_it() -> None:
    assert codes(state(made(1, NAMES)), state(made(1, [*NAMES, "x.example.com"]))) == []
