"""Plain values are read strictly, and what is wrong is reported with its place."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.errors import CatalogError, HostPatternError, InputError, UpstreamDataError
from perimeter365.model import decode as module
from perimeter365.model.decode import (
    MOST_BYTES,
    Read,
    at,
    decode,
    fields,
    flag,
    instant,
    many,
    mapping,
    natural,
    one_of,
    optional,
    or_none,
    parse_json,
    parse_toml,
    parsed,
    real,
    sequence,
    shown,
    string,
    table,
    text,
    whole,
)
from perimeter365.model.host import HostPattern


def party(value: object) -> dict[str, Any]:
    return fields(value, name=text("[a-z]+"), hosts=many(HostPattern), weight=optional(or_none(natural), 7))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"name": "a", "hosts": []}, {"name": "a", "hosts": (), "weight": 7}),
        ({"name": "a", "hosts": ["*.example.com"], "weight": None}, {"name": "a", "weight": None}),
        ({"weight": 0, "hosts": [], "name": "b"}, {"name": "b", "hosts": (), "weight": 0}),
    ],
)
def test_an_object_is_read_key_by_key(value: object, found: dict[str, Any]) -> None:
    assert {**decode("it", party, value), **found} == decode("it", party, value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "it: expected an object, got null"),
        ([], "it: expected an object, got a list"),
        ({"name": "a"}, "it: 'hosts' is missing"),
        ({"name": "a", "hosts": [], "host": []}, "it: unknown key 'host'; known keys are hosts, name, weight"),
        ({"name": "A", "hosts": []}, "it.name: 'A' is not a string of the expected form"),
        ({"name": 5, "hosts": []}, "it.name: 5 is not a string of the expected form"),
        ({"name": "a", "hosts": {}}, "it.hosts: expected a list, got an object"),
        ({"name": "a", "hosts": "a.example.com"}, "it.hosts: expected a list, got 'a.example.com'"),
        ({"name": "a", "hosts": ["a.example.com", "*.com"]}, "it.hosts[1]: '*.com' covers every name"),
        ({"name": "a", "hosts": [], "weight": True}, "it.weight: expected a whole number, got true"),
        ({"name": "a", "hosts": [], "weight": 1.0}, "it.weight: expected a whole number, got 1.0"),
        ({"name": "a", "hosts": [], "weight": -1}, "it.weight: expected a whole number from 0 to 1000000000, got -1"),
    ],
)
def test_what_is_wrong_is_reported_with_its_place(value: object, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decode("it", party, value)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("read", "right", "wrong"),
    [
        (string, ["", "\0"], [None, 1, b"a", ["a"]]),
        (text(), ["", "é"], ["\0", "\ud800", 1]),
        (flag, [True, False], [0, 1, None, "true"]),
        (whole, [0, -5, 10**30], [True, 1.0, "1", None]),
        (natural, [0, 10**9], [-1, 10**9 + 1, False]),
        (one_of("a", "b"), ["a", "b"], ["c", "", None, ["a"], {}]),
        (real, [0.5, -1.0], [True, "1", None, float("inf"), float("nan"), 10**400]),
        (module.day, [date(2030, 6, 1)], ["2030-06-01", None, 20300601]),
        (table, [{}, {"a": 1}], [[], None, "{}"]),
        (sequence, [[], [1]], [(), {}, "[]", None]),
        (parsed(str.strip), [""], [b"", None, 1, []]),
        (or_none(flag), [None, True], [0]),
    ],
)
def test_a_reader_takes_its_kind_and_converts_nothing(read: Read[Any], right: list[Any], wrong: list[Any]) -> None:
    for value in right:
        assert decode("it", read, value) == value
    for value in wrong:
        with pytest.raises(InputError, match=r"^it: "):
            decode("it", read, value)


def test_an_instant_has_a_time_zone() -> None:
    assert decode("it", instant, "2030-06-01T12:00:00+00:00") == datetime(2030, 6, 1, 12, tzinfo=UTC)
    for wrong in ("2030-06-01T12:00:00", "noon", "", 0, None):
        with pytest.raises(InputError, match=r"^it: "):
            decode("it", instant, wrong)


def test_a_mapping_has_names_as_keys() -> None:
    assert decode("it", mapping(flag), {"a-b_1": True}) == {"a-b_1": True}
    with pytest.raises(InputError, match=r"^it\.a: expected true or false, got 1$"):
        decode("it", mapping(flag), {"a": 1})
    with pytest.raises(InputError, match=r"^it: 'A b' is not a string of the expected form$"):
        decode("it", mapping(flag), {"A b": True})


def test_a_list_can_have_a_largest_length() -> None:
    assert decode("it", many(whole, 2), [1, 2]) == (1, 2)
    with pytest.raises(InputError, match=r"^it: 3 entries, more than 2$"):
        decode("it", many(whole, 2), [1, 2, "3"])


def test_the_nearest_known_key_is_proposed() -> None:
    with pytest.raises(InputError) as caught:
        decode("it", party, {"nane": "a", "hosts": []})
    assert caught.value.help == "did you mean 'name'?"


def test_without_a_place_the_way_to_a_part_is_the_place() -> None:
    with pytest.raises(InputError, match=r"^hosts\[0\]: "):
        decode("", party, {"name": "a", "hosts": [""]})
    with pytest.raises(InputError, match=r"^expected an object, got null$"):
        decode("", party, None)


def test_a_step_can_say_more_than_a_key() -> None:
    def read(value: object) -> object:
        return at(" (the first)", flag, value)

    with pytest.raises(InputError, match=r"^it\[0\] \(the first\): expected true or false, got 1$"):
        decode("it", many(read), [1])


def fails(error: Exception) -> Callable[[object], object]:
    def read(value: object) -> object:
        raise error

    return read


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyError("tcp"), "it.a[0]: 'tcp' is missing"),
        (ValueError("no such day"), "it.a[0]: no such day"),
        (TypeError("no"), "it.a[0]: no"),
        (AttributeError("no"), "it.a[0]: no"),
        (RecursionError("too deep"), "it.a[0]: too deep"),
        (CatalogError("no"), "it.a[0]: no"),
    ],
)
def test_errors_of_values_are_reported_as_input(error: Exception, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decode("it", lambda value: fields(value, a=many(fails(error))), {"a": [1]})
    assert caught.value.message == message


def test_an_error_of_the_expected_kind_stays_what_it_is() -> None:
    read = many(HostPattern)
    with pytest.raises(HostPatternError) as caught:
        decode("it", read, ["https://example.com"])
    advice = caught.value.help
    assert advice
    with pytest.raises(CatalogError) as other:
        decode("it", read, ["https://example.com"], CatalogError)
    assert (other.value.message, other.value.help) == (caught.value.message, advice)
    with pytest.raises(UpstreamDataError) as upstream:
        decode("it", read, ["https://example.com"], UpstreamDataError)
    assert (upstream.value.message, upstream.value.help) == (caught.value.message, ""), "nobody edits what upstream sends"


def test_an_error_that_nobody_expects_is_not_taken_for_wrong_input() -> None:
    with pytest.raises(ZeroDivisionError):
        decode("it", many(lambda value: 1 // value), [0])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (0, "0"),
        (1.0, "1.0"),
        ({"a": [1]}, "an object"),
        ([None], "a list"),
        ("a\n\x1b[31m\u202e", r"'a\n\x1b[31m\u202e'"),
        ("\ud800", r"'\ud800'"),
        ("x" * 100, f"'{'x' * 55}'..."),
        (date(2030, 6, 1), "2030-06-01"),
    ],
)
def test_a_value_is_shown_in_one_short_line(value: object, words: str) -> None:
    assert shown(value) == words


def test_a_deep_value_is_shown_too() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(InputError, match=r"^it: expected true or false, got a list$"):
        decode("it", flag, value)
    while value:
        value = value.pop()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"null x", "it is not JSON"),
        (b'{"a": 1, "b": 2, "a": 2}', "it is not JSON: duplicate key 'a' in one object"),
        (b'{"a": NaN}', "it is not JSON: NaN is not a number"),
        (b'{"a": -Infinity}', "it is not JSON: -Infinity is not a number"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"1" * 10_000, "it is not JSON: Exceeds the limit"),
        (b"\xff\xfe{", "it is not JSON: 'utf-8' codec"),
        (b'"\xed\xa0\x80"', "it is not JSON: 'utf-8' codec"),
        ("\ufeff{}", "it is not JSON: Unexpected UTF-8 BOM"),
        (b" " * (MOST_BYTES + 1), "it has more than 67108864 bytes"),
    ],
    ids=["empty", "cut", "more", "twice", "NaN", "infinite", "deep", "digits", "UTF-16", "surrogate", "mark", "large"],
)
def test_what_is_no_plain_json_is_refused(content: bytes | str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_json(content)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a = ", "it is not TOML: "),
        ("a = 1\na = 2", "it is not TOML: Cannot overwrite a value"),
        ("a = " + "[" * 100_000, "it is nested too deeply"),
        ("a = " + "1" * 10_000, "it is not TOML: Exceeds the limit"),
    ],
    ids=["cut", "key twice", "deep", "huge number"],
)
def test_what_is_no_toml_is_refused(source: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_toml(source)
    assert caught.value.message.startswith(message)


def test_json_and_toml_are_read() -> None:
    assert parse_json(b'{"a": [1, 2.5, null]}') == parse_json('{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}
    assert parse_toml("a = 2030-06-01") == {"a": date(2030, 6, 1)}


def refusal(read: Read[Any], value: object) -> str:
    """Why a value is refused; "" if it is not."""
    try:
        decode("it", read, value)
    except InputError as error:
        return error.message
    return ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_no_value_does_more_than_be_refused_in_one_short_line(value: object) -> None:
    for read in (party, many(party), mapping(party), string, natural, one_of("a"), text("b")):
        if said := refusal(read, value):
            assert said.startswith("it")
            assert said.isprintable()
            assert len(said) < 1000
