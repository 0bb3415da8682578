"""Intervals of entries, and the values related to a query."""

import ipaddress
import json

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.model.query import parse_query
from perimeter365.model.state import State
from perimeter365.store.intervals import (
    ListEntry,
    body_entries,
    exact_spellings,
    interval_tuples,
    list_entries,
    wider_and_narrower,
)

A: ListEntry = (1, "host", "a.example.com")
B: ListEntry = (2, "prefix", "192.0.2.0/24")


def test_an_entry_that_is_removed_and_added_again_has_two_intervals() -> None:
    found = list(interval_tuples([("v1", frozenset({A, B})), ("v2", frozenset({B})), ("v3", frozenset({A, B}))]))
    assert set(found) == {(*A, "v1", "v2"), (*A, "v3", None), (*B, "v1", None)}


@given(st.lists(st.frozensets(st.sampled_from("abcd")), max_size=12))
def test_an_entry_is_listed_exactly_in_its_intervals(lists: list[frozenset[str]]) -> None:
    listed_in: list[frozenset[ListEntry]] = [frozenset((1, "host", name) for name in names) for names in lists]
    versions = [(f"{i:010}", each) for i, each in enumerate(listed_in)]
    found = list(interval_tuples(versions))
    for version, listed in versions:
        inside = {s[:3] for s in found if s[3] <= version and (s[4] is None or version < s[4])}
        assert inside == listed
    # …and no interval of an entry begins where another one ends
    assert not {(*s[:3], s[4]) for s in found} & {(*s[:3], s[3]) for s in found}


def test_the_entries_of_a_canonical_form_are_its_hosts_and_prefixes() -> None:
    body = {"cloud": "china", "sets": [{"id": 1, "hosts": ["a.example.com"], "prefixes": []}]}
    body["sets"].append({"id": 2, "hosts": [], "prefixes": ["192.0.2.0/24"]})  # type: ignore[attr-defined]
    assert body_entries(json.dumps(body)) == {A, B}


def test_the_entries_of_sets_are_those_of_their_canonical_form(recorded: tuple[State, ...]) -> None:
    assert len(recorded) > 1
    for state in recorded:
        assert list_entries(state.sets) == body_entries(state.body)


PREFIXES = ["192.0.2.0/24", "192.0.2.0/25", "192.0.2.200/32", "198.51.100.0/24", "2001:db8::/32", "2001:db8:1::/48"]
HOSTS = ["*.example.com", "a.example.com", "*cdn.example.com", "example.com"]


def test_an_address_is_contained_in_prefixes_of_its_family() -> None:
    assert wider_and_narrower(parse_query("192.0.2.201"), PREFIXES) == (["192.0.2.0/24"], [])
    assert wider_and_narrower(parse_query("192.0.2.0/26"), PREFIXES) == (["192.0.2.0/24", "192.0.2.0/25"], [])
    assert wider_and_narrower(parse_query("2001:db8::7"), PREFIXES) == (["2001:db8::/32"], [])


def test_a_prefix_contains_others_of_its_family_but_not_itself() -> None:
    assert wider_and_narrower(parse_query("192.0.2.0/24"), PREFIXES) == ([], ["192.0.2.0/25", "192.0.2.200/32"])
    assert wider_and_narrower(parse_query("192.0.0.0/16"), PREFIXES) == (
        [],
        ["192.0.2.0/24", "192.0.2.0/25", "192.0.2.200/32"],
    )
    assert wider_and_narrower(parse_query("2001:db8::/32"), PREFIXES) == ([], ["2001:db8:1::/48"])


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_containment_agrees_with_ipaddress(address: int, length: int) -> None:
    own = ipaddress.IPv4Network((address >> (32 - length) << (32 - length), length))
    others = [ipaddress.IPv4Network(text) for text in PREFIXES if "." in text]
    wider, narrower = wider_and_narrower(parse_query(str(own)), PREFIXES)
    assert wider == [str(n) for n in others if own != n and own.subnet_of(n)]
    assert narrower == [str(n) for n in others if own != n and n.subnet_of(own)]


def test_a_host_is_covered_by_patterns_not_by_other_names() -> None:
    assert wider_and_narrower(parse_query("b.example.com"), HOSTS) == (["*.example.com"], [])
    assert wider_and_narrower(parse_query("xcdn.example.com"), HOSTS) == (["*.example.com", "*cdn.example.com"], [])
    assert wider_and_narrower(parse_query("https://b.example.com/path"), HOSTS) == (["*.example.com"], [])
    assert wider_and_narrower(parse_query("example.com"), HOSTS) == ([], [])


def test_a_pattern_covers_names_and_other_patterns() -> None:
    assert wider_and_narrower(parse_query("*.example.com"), HOSTS) == ([], ["a.example.com", "*cdn.example.com"]), (
        "cdn, xcdn and a.cdn are under it"
    )
    assert wider_and_narrower(parse_query("*.cdn.example.com"), HOSTS) == (["*.example.com", "*cdn.example.com"], [])


def test_a_value_is_looked_up_in_the_spelling_of_lists() -> None:
    assert exact_spellings(parse_query("2001:DB8:0::/32")) == ("2001:db8::/32",)
    assert exact_spellings(parse_query("192.0.2.1")) == ("192.0.2.1/32",)
    assert exact_spellings(parse_query("A.Example.com:443")) == ("a.example.com",)
