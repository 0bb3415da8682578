"""Entries that come and go."""

from perimeter365.history.gates import judge
from tests.history.lists import NAMES, WITNESS, base, codes

A, B = base(), base([*NAMES, "blink.example.org"])


def test_a_flip_flop_is_held_after_two_turns() -> None:
    assert codes(A, B, (A,)) == []
    assert codes(B, A, (A, B)) == []
    (entry,) = judge(A, B, WITNESS, (A, B, A)).entries
    assert (entry.id, [r.code for r in entry.reasons]) == ("1:blink.example.org", ["flip-flop"])
    (entry,) = judge(B, A, WITNESS, (A, B, A, B)).entries
    assert entry.id == "1:-blink.example.org"


def test_another_entry_than_the_one_that_changed_before_is_not_a_flip_flop() -> None:
    assert codes(A, base([*NAMES, "steady.example.org"]), (A, B, A)) == []
