"""Requests are limited before they are read, and read in one way."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.web.request import MAX_PAIRS, RefusedError, Request


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/", categories=["L", "N", "P"]), min_size=1)))
def test_the_segments_of_a_path_are_read_back(parts: list[str]) -> None:
    path = "/" + "/".join(quote(part, safe="") for part in parts)
    if len(path) <= 1_024 and not {".", ".."} & set(parts):
        assert Request(path=path).parts == tuple(parts)


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=MAX_PAIRS - 1))
def test_the_parameters_are_read_back(pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs, errors="replace")
    if len(query) <= 4_096:
        expected = tuple((k.encode(errors="replace").decode(), v.encode(errors="replace").decode()) for k, v in pairs)
        assert Request(path="/", query=query).pairs == expected


def read(path: str, query: str) -> tuple[object, ...]:
    request = Request(path=path, query=query)
    return request.parts + request.pairs


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/" + "a" * 1_024, "", 414),
        ("/", "a" * 4_097, 414),
        ("/a/../b", "", 400),
        ("/a/%2e%2e/b", "", 400),
        ("/a%2fb", "", 400),
        ("/a%00", "", 400),
        ("/a%0d%0ab", "", 400),
        ("/%E2%80%AE", "", 400),
        ("/", "a&" * (MAX_PAIRS + 1), 400),
    ],
)
def test_what_is_too_large_or_ambiguous_is_refused(path: str, query: str, status: int) -> None:
    with pytest.raises(RefusedError) as caught:
        read(path, query)
    assert caught.value.status == status


def test_the_last_value_of_a_name_counts_whatever_its_case() -> None:
    request = Request(path="/", query="a=1&A=2&+a+=%203%20&b")
    assert (request.value("a"), request.value("b"), request.value("c")) == ("3", "", None)
