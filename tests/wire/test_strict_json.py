"""Strict JSON: ambiguous documents are rejected, and errors describe the document."""

from typing import Any

import pytest

from perimeter365.errors import NotJsonError, TruncatedError, UpstreamDataError, UpstreamError
from perimeter365.wire.strict_json import read_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, true, null, "x"]}', {"a": [1, True, None, "x"]}),
        (b' [ "caf\xc3\xa9" ] ', ["caf\u00e9"]),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ("999999999999", 999_999_999_999),
    ],
)
def test_json_is_read(text: str | bytes, value: Any) -> None:
    assert read_json(text, "it") == value


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("", TruncatedError, "it is empty"),
        (" \n", TruncatedError, "it is empty"),
        ('[{"a": 1}, {"b', TruncatedError, "it stops in the middle, after 14 characters"),
        ("[1, tru", TruncatedError, "it stops in the middle"),
        ("<html>", NotJsonError, "it is an HTML page: '<html>'"),
        ("Service\x1b unavailable", NotJsonError, "it is text that is not JSON: 'Service? unavailable'"),
        ("nothing", NotJsonError, "it is text that is not JSON"),
        ("[1 2, 3, 4, 5, 6]", UpstreamDataError, "it is damaged JSON"),
        ('{"id": 1, "id": 2}', UpstreamDataError, "it: duplicate key 'id' in one object"),
        ("[NaN]", UpstreamDataError, "it: 'NaN' is not a whole number"),
        ("[1.5]", UpstreamDataError, "it: '1.5' is not a whole number"),
        ("[1e9]", UpstreamDataError, "it: '1e9' is not a whole number"),
        ("[1234567890123]", UpstreamDataError, "it: a number has 13 digits, more than 12"),
        ('["\\ud800"]', UpstreamDataError, "it contains a lone surrogate"),
        ("\ufeff[]", UpstreamDataError, "it begins with a byte order mark"),
        ('["\0"]', UpstreamDataError, "it contains a NUL byte"),
        (b'["\xff"]', UpstreamDataError, "it is not UTF-8 at byte 2"),
        ("[" * 100_000, UpstreamDataError, "it is nested too deeply"),
        ("[" + "1," * 50 + "1]", UpstreamDataError, "it has more than 99 bytes"),
    ],
)
def test_invalid_json_is_rejected_with_its_cause(text: str | bytes, kind: type[UpstreamError], said: str) -> None:
    with pytest.raises(kind) as caught:
        read_json(text, "it", 99 if "99" in said else 200_000)
    assert type(caught.value) is kind
    assert caught.value.message.startswith(said)


def test_values_are_counted_before_the_text_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_json('[{"a": 1}, 2]', "the list", values=3) == [{"a": 1}, 2]
    monkeypatch.setattr("json.loads", None)
    with pytest.raises(UpstreamDataError, match=r"^the list has more than 2 values$"):
        read_json('[{"a": 1}, 2]', "the list", values=2)
