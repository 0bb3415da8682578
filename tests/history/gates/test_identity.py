"""Sets that get the entries of others, moves, and sources of inbound traffic."""

from dataclasses import replace

from perimeter365.history.gates import judge
from perimeter365.model.prefix import PrefixSet
from tests.history.lists import WITNESS, codes, held, made, state

A = made(1, [f"a{n}.example.com" for n in range(10)], ["198.51.100.0/24", "198.51.101.0/24"])
B = made(2, [f"b{n}.example.net" for n in range(10)], ["203.0.113.0/25", "203.0.113.128/25"])


def test_sets_that_exchange_their_ids_hold_the_step() -> None:
    old, new = state(A, B), state(replace(B, id=1), replace(A, id=2))
    verdict = judge(old, new, WITNESS)
    assert [(r.code, r.entries) for r in verdict.step] == [
        (
            "identity",
            (
                "worldwide/1: 12 of 12 entries are those of worldwide/2",
                "worldwide/2: 12 of 12 entries are those of worldwide/1",
            ),
        )
    ]


def test_a_set_that_takes_most_of_another_one_holds_the_step() -> None:
    took = made(1, [h.text for h in B.hosts], A.listed)
    assert "identity" in codes(state(A, B), state(took, made(2, ["c.example.net"])))


def test_a_set_that_another_one_joins_does_not() -> None:
    joined = made(1, [h.text for h in (*A.hosts, *B.hosts)], (*A.listed, *B.listed))
    assert codes(state(A, B), state(joined)) == []


def test_an_entry_that_moves_to_another_category_is_held_in_both_sets() -> None:
    other = replace(B, category="optimize")
    moved = made(1, [h.text for h in A.hosts[1:]], A.listed)
    to = replace(other, hosts=tuple(sorted((*B.hosts, A.hosts[0]))))
    assert held(state(A, other), state(moved, to)) == {"1:-a0.example.com": ("moved",), "2:a0.example.com": ("moved",)}
    assert held(state(A, B), state(moved, replace(to, category="default"))) == {}, "the same category and area"


def test_a_prefix_that_becomes_a_source_of_inbound_traffic_is_held() -> None:
    witness = replace(WITNESS, inbound={1: ("row 6",)})
    more = made(1, [h.text for h in A.hosts], (*A.listed, "198.51.102.0/24"))
    assert held(state(A, B), state(more, B), witness) == {"1:198.51.102.0/24": ("inbound",)}
    assert held(state(A, B), state(more, B)) == {}
    parts = made(1, [h.text for h in A.hosts], ("198.51.100.0/25", "198.51.100.128/25", "198.51.101.0/24"))
    assert held(state(A, B), state(parts, B), witness) == {}, "the same addresses"
    (reason,) = judge(state(A, B), state(more, B), witness).entries[0].reasons
    assert "row 6" in reason.message
    gone = replace(A, prefixes=PrefixSet.parse(["198.51.100.0/24"]), listed=("198.51.100.0/24",))
    assert held(state(A, B), state(gone, B), witness) == {}
