"""Removed wildcards, sets, and what was required."""

from dataclasses import replace

from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from tests.history.lists import PREFIXES, base, held, made, state
from tests.history.recorded import flap

MANY = [f"x{n}.example.org" for n in range(40)]


def test_any_removed_wildcard_of_a_required_set_is_held() -> None:
    old = state(made(1, [*MANY, "*.one.example.net"]))
    assert held(old, state(made(1, MANY))) == {"1:-*.one.example.net": ("wildcard-gone",)}
    optional = state(made(1, [*MANY, "*.one.example.net"], required=False))
    assert held(optional, state(made(1, MANY, required=False))) == {}
    elsewhere = state(made(1, MANY), made(2, ["*.example.net"]))
    assert "1:-*.one.example.net" in held(old, elsewhere), "the wider wildcard is held itself"


def test_all_of_a_required_set_is_held_and_a_set_that_moved_is_reported_as_such() -> None:
    small = made(3, ["lone.example.net"], ["203.0.113.0/28"])
    old = state(*base().sets, small)
    assert held(old, base()) == {"3:set": ("set-gone",)}
    moved = held(old, state(*base().sets, replace(small, id=4)))
    assert set(moved) == {"3:-203.0.113.0/28", "3:-lone.example.net", "4:203.0.113.0/28", "4:lone.example.net"}
    assert set(moved.values()) == {("moved",)}, "nothing is gone, but rows and exclusions name the number"
    assert held(old, state(*base().sets, replace(small, prefixes=PrefixSet(), listed=()))) == {"3:set": ("set-gone",)}


def test_addresses_left_on_other_ports_only_count_as_removed() -> None:
    """Sets 11 and 12 list the same prefixes: media over UDP, and the rest over TCP."""
    media = replace(made(11, [], PREFIXES[:3], tcp=""), udp=PortSet.parse("3478-3481"))
    rest = made(12, ["*.calls.example.net"], PREFIXES[:3])
    old = state(*base().sets, media, rest)
    assert held(old, state(*base().sets, rest)) == {"11:set": ("set-gone",)}
    emptied = replace(media, hosts=(HostPattern("x.calls.example.net"),), prefixes=PrefixSet(), listed=())
    assert held(old, state(*base().sets, emptied, rest)) == {"11:set": ("set-gone",)}
    moved = replace(rest, udp=PortSet.parse("3478-3481"))
    assert held(old, state(*base().sets, moved)) == {"12:ports": ("new-ports",)}


def test_what_is_not_required_any_more_is_held() -> None:
    old = state(made(1, ["a.example.com"]), made(2, ["b.example.com"], ["198.51.100.0/24"]))
    demoted = state(old.sets[0], made(2, ["b.example.com"], ["198.51.100.0/24"], required=False))
    assert held(old, demoted) == {"2:required": ("demotion",)}
    joined = made(1, ["a.example.com", "b.example.com"], ["198.51.100.0/24"])
    assert held(old, state(joined)) == {}, "another set requires it"
    assert held(demoted, old) == {}, "a promotion is not a demotion"
    optional = made(3, ["b.example.com"], ["198.51.100.0/24"], required=False)
    left = state(old.sets[0], made(2, ["c.example.com"], ["198.51.101.0/24"]), optional)
    found = held(replace(old, sets=(old.sets[0], made(2, ["b.example.com", "c.example.com"], ["198.51.100.0/23"]))), left)
    assert found.pop("3:b.example.com") == ("moved",), "set 3 is new"
    assert found == {"2:-b.example.com": ("demotion", "moved"), "2:-198.51.100.0/23": ("demotion",)}


def test_the_flap_of_july_2026_is_held() -> None:
    before, during, after = flap()
    found = held(before, during)
    numbers = {s.id: {h.text for h in s.hosts} for s in before.sets}
    gone = {"*.cloud.microsoft", "*.static.microsoft", "*.usercontent.microsoft"}
    (number,) = {n for n, names in numbers.items() if names & gone}
    assert found == {f"{number}:set": ("set-gone",)} or set(found) == {f"{number}:-{name}" for name in gone}
    assert held(before, after) == {}
