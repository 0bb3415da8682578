"""Dated entries and grace times."""

from datetime import date
from typing import Any

import pytest

from perimeter365.errors import CatalogError, InputError, UnknownNameError
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import (
    AHEAD,
    GRACE,
    KEPT,
    MAX_GRACE_DAYS,
    WAITING,
    EntryDate,
    EntryState,
    SetDates,
    grace_days,
)
from perimeter365.model.requirement import CATEGORIES
from tests.model.samples import endpoint_set

JULY = date(2030, 7, 1)


def entry(state: EntryState, value: str = "a.example.com") -> EntryDate:
    return EntryDate(day=JULY, cloud=Cloud.WORLDWIDE, id="ws/worldwide/1", value=value, state=state)


def test_each_state_has_a_text() -> None:
    assert entry(KEPT).text == "kept until 2030-07-01"
    assert entry(AHEAD).text == "in use from 2030-07-01, opened already"
    assert entry(WAITING).text == "in use from 2030-07-01, not opened yet"
    wrong: Any = "gone"
    with pytest.raises(CatalogError, match=r"'gone' is not a state of an entry \(kept, ahead, waiting\)"):
        entry(wrong)


@pytest.mark.parametrize(
    ("value", "kind", "attribute"),
    [
        ("*.example.com", "host", ""),
        ("192.0.2.1/32", "prefix", ""),
        ("2001:db8::/32", "prefix", ""),
        ("udp 3478-3481", "udp", "3478-3481"),
        ("category optimize", "category", "optimize"),
    ],
)
def test_the_kind_of_an_entry_follows_from_its_value(value: str, kind: str, attribute: str) -> None:
    assert (entry(KEPT, value).kind, entry(KEPT, value).attribute) == (kind, attribute)


def test_an_attribute_of_another_kind_is_refused() -> None:
    with pytest.raises(CatalogError, match="sctp"):
        entry(KEPT, "sctp 443")


def test_grace_is_thirty_days_in_every_category() -> None:
    assert dict(GRACE) == dict.fromkeys(CATEGORIES, 30)
    assert dict(grace_days({"optimize": 60, "default": 0})) == {"optimize": 60, "allow": 30, "default": 0}


def test_invalid_grace_times_are_rejected() -> None:
    with pytest.raises(UnknownNameError, match="optimise") as caught:
        grace_days({"optimise": 1})
    assert "optimize" in str(caught.value.help)
    for wrong in (-1, MAX_GRACE_DAYS + 1, 1.5, True, "30"):
        with pytest.raises(InputError, match="the grace time of allow"):
            grace_days({"allow": wrong})  # type: ignore[dict-item]


def test_a_former_classification_has_its_day() -> None:
    was = endpoint_set(required=True)
    dates = SetDates(former=((was, JULY),))
    assert dates.former_until(was.area, was.category, True) == JULY
    assert dates.former_until(was.area, was.category, False) is None
