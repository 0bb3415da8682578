"""From versions to stretches, and which of them a value asks for."""

import json

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.history._intervals import Entry, covering, entries, spellings, stretches
from perimeter365.history.entries import Interval
from perimeter365.model.cloud import Cloud
from perimeter365.model.query import parse_query

A: Entry = (1, "host", "a.example.com")
B: Entry = (2, "prefix", "192.0.2.0/24")


def test_what_comes_goes_and_comes_back_has_two_stretches() -> None:
    found = list(stretches([("v1", frozenset({A, B})), ("v2", frozenset({B})), ("v3", frozenset({A, B}))]))
    assert set(found) == {(*A, "v1", "v2"), (*A, "v3", None), (*B, "v1", None)}


@given(st.lists(st.frozensets(st.sampled_from("abcd")), max_size=12))
def test_an_entry_is_listed_exactly_inside_of_its_stretches(lists: list[frozenset[str]]) -> None:
    versions = [(f"{i:010}", frozenset((1, "host", name) for name in names)) for i, names in enumerate(lists)]
    found = list(stretches(versions))
    for version, listed in versions:
        inside = {s[:3] for s in found if s[3] <= version and (s[4] is None or version < s[4])}
        assert inside == listed
    # …and no stretch begins where another one of the same entry ends
    assert not {(*s[:3], s[4]) for s in found} & {(*s[:3], s[3]) for s in found}


def test_the_entries_of_a_state_are_its_hosts_and_prefixes() -> None:
    body = {"cloud": "china", "sets": [{"id": 1, "hosts": ["a.example.com"], "prefixes": []}]}
    body["sets"].append({"id": 2, "hosts": [], "prefixes": ["192.0.2.0/24"]})  # type: ignore[attr-defined]
    assert entries(json.dumps(body)) == {A, B}


def interval(kind: str, value: str) -> Interval:
    return Interval(value=value, kind=kind, cloud=Cloud.DOD, endpoint_set=1, since="2030010100", until=None)


ROWS = [
    interval("prefix", "192.0.2.0/24"),
    interval("prefix", "192.0.2.0/25"),
    interval("prefix", "2001:db8::/32"),
    interval("host", "*.example.com"),
    interval("host", "a.example.com"),
    interval("host", "*cdn.example.com"),
]


def covered(value: str) -> list[str]:
    return [row.value for row in covering(parse_query(value), ROWS)]


def test_an_address_is_held_by_prefixes_of_its_family() -> None:
    assert covered("192.0.2.200") == ["192.0.2.0/24"]
    assert covered("192.0.2.0/26") == ["192.0.2.0/24", "192.0.2.0/25"]
    assert covered("192.0.0.0/16") == []
    assert covered("2001:db8::7") == ["2001:db8::/32"]


def test_a_host_is_covered_by_patterns_not_by_other_names() -> None:
    assert covered("b.example.com") == ["*.example.com"]
    assert covered("xcdn.example.com") == ["*.example.com", "*cdn.example.com"]
    assert covered("https://b.example.com/path") == ["*.example.com"]
    assert covered("example.com") == []


def test_a_value_is_asked_for_as_lists_write_it() -> None:
    assert spellings(parse_query("2001:DB8:0::/32")) == ("2001:db8::/32",)
    assert spellings(parse_query("192.0.2.1")) == ("192.0.2.1/32",)
    assert spellings(parse_query("A.Example.com:443")) == ("a.example.com",)
