"""Upstream's version: form, day and order. `test_sync.py` has what a sync does with them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from perimeter365.errors import UpstreamError
from perimeter365.history.look import Basis
from perimeter365.history.version_checks import check_order, checked_version, version_reasons
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import RECORDED
from perimeter365.model.version import Version
from tests.history.lists import base

W = Cloud.WORLDWIDE
NOW = datetime(2030, 1, 2, 23, 30, tzinfo=UTC)
OLD = base()
BASIS = Basis(old=OLD, published=OLD.hash, waiting=(), rejected=())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("abc", "is not YYYYMMDDNN"),
        ("9999999999", "is not YYYYMMDDNN"),
        ("2030011000", "is in the future; check the clock of this machine (2030-01-02)"),
    ],
)
def test_what_cannot_be_a_version_is_refused(text: str, says: str) -> None:
    with pytest.raises(UpstreamError) as caught:
        checked_version(W, text, OLD, NOW)
    assert says in caught.value.message


def test_a_version_up_to_a_week_ahead_is_not_refused() -> None:
    assert checked_version(W, "2030010900", OLD, NOW) == "2030010900"


def test_a_much_older_version_than_the_embedded_list_is_refused() -> None:
    embedded = replace(OLD, origin=RECORDED)
    assert checked_version(W, "2029010100", embedded, NOW) == "2029010100"
    with pytest.raises(UpstreamError, match="much older than the embedded list"):
        checked_version(W, "2028123100", embedded, NOW)


def test_an_older_version_than_that_of_the_last_sync_is_refused() -> None:
    with pytest.raises(UpstreamError, match="went back from version 2030010100 to 2029123100"):
        check_order(BASIS, Version("2029123100"))
    check_order(BASIS, Version("2030010100"))


@pytest.mark.parametrize(
    ("version", "codes"),
    [
        ("2030010200", []),
        ("2030010300", []),
        ("2030010400", ["version"]),
        ("2030010100", ["rewritten"]),
        ("2029123100", ["version"]),
    ],
)
def test_reasons_to_hold_a_list_for_its_version(version: str, codes: list[str]) -> None:
    """Tomorrow's version is a usual one: time zones differ by a day."""
    new = replace(OLD, version=Version(version))
    assert [reason.code for reason in version_reasons(BASIS, new, NOW)] == codes
