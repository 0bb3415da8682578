"""Change records: checks, and the days of additions."""

from datetime import date

import pytest

from perimeter365.errors import InputError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.version import Version


def test_each_addition_has_the_records_day() -> None:
    record = ChangeRecord(
        id=426,
        endpoint_set=31,
        disposition="Change",
        version=Version("2018062700"),
        effective=date(2018, 6, 9),
        added_prefixes=("51.140.203.190/32",),
        added_hosts=("a.example.com",),
        removed_hosts=("b.example.com",),
    )
    day = date(2018, 6, 9)
    assert record.effective_dates == {(31, "51.140.203.190/32"): day, (31, "a.example.com"): day}


def test_without_a_day_no_addition_has_one() -> None:
    record = ChangeRecord(
        id=1, endpoint_set=2, disposition="Add", version=Version("2030010600"), added_hosts=("a.example.com",)
    )
    assert record.effective_dates == {}


@pytest.mark.parametrize(("key", "value"), [("disposition", "Swap"), ("version", "2030")])
def test_invalid_records_are_rejected(key: str, value: str) -> None:
    made = {"id": 1, "endpoint_set": 2, "disposition": "Add", "version": "2030010600", key: value}
    with pytest.raises(InputError, match=value):
        ChangeRecord(**made)  # type: ignore[arg-type]
