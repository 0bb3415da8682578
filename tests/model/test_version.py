"""Versions of the web service: ten digits with a day, in the order of time, and texts in every other respect."""

import csv
import io
import json
import pickle
import sqlite3
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.errors import InputError
from perimeter365.model.version import BEGINNING, Version


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018070100", date(2018, 7, 1)),
        ("2024022903", date(2024, 2, 29)),
        ("2023022900", None),  # no leap year
        ("0000000000", None),
        ("9999999999", None),
    ],
)
def test_a_version_begins_with_a_day_or_with_none(text: str, day: date | None) -> None:
    assert Version(text).day == day
    assert Version(text).iso == f"{text[:4]}-{text[4:6]}-{text[6:8]}"


@pytest.mark.parametrize(
    "text", ["", "202608020", "20260802000", "2026-08-02", "２０２６０８０２００", " 026080200", "+026080200"]
)
def test_a_version_has_ten_digits(text: str) -> None:
    assert not Version.fits(text)
    with pytest.raises(InputError, match="is not a version of ten digits"):
        Version(text)


@pytest.mark.parametrize("text", ["2018062000", "2026080299"])
def test_what_a_service_can_have_published_begins_with_a_day(text: str) -> None:
    assert Version.published(text) == text
    assert type(Version.published(text)) is Version


@pytest.mark.parametrize(
    "text", ["", "2017123199", "0000000000", "9999999999", "2026023000", "20260802", "now\n", "x" * 1000]
)
def test_what_no_service_can_have_published_is_refused_in_one_short_line(text: str) -> None:
    with pytest.raises(InputError, match="is not a version") as caught:
        Version.published(text)
    assert len(caught.value.message) < 100
    assert caught.value.message.isprintable()


def test_a_version_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Version("2026080200").note = "x"  # type: ignore[attr-defined]


@given(st.lists(st.from_regex(r"[0-9]{10}", fullmatch=True)))
def test_versions_are_texts_wherever_they_are_written(texts: list[str]) -> None:
    versions = [Version(text) for text in texts]
    assert sorted(versions) == sorted(texts)
    assert json.dumps({v: [v] for v in versions}) == json.dumps({t: [t] for t in texts})
    assert f"{versions}" == f"{texts}"
    assert dict.fromkeys(versions) == dict.fromkeys(texts)
    written = [io.StringIO(), io.StringIO()]
    csv.writer(written[0]).writerow(versions)
    csv.writer(written[1]).writerow(texts)
    assert written[0].getvalue() == written[1].getvalue()
    again = pickle.loads(pickle.dumps(versions))
    assert again == versions
    assert all(type(version) is Version for version in again)
    assert all(version >= BEGINNING for version in versions)


def test_a_version_is_stored_as_text() -> None:
    connection = sqlite3.connect(":memory:")
    ((value, kind),) = connection.execute("SELECT :v, typeof(:v)", {"v": Version("2026080200")})
    assert (value, kind) == ("2026080200", "text")
