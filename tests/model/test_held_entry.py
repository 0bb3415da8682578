"""Held entries: ids, texts and their JSON."""

from typing import Any

import pytest

from perimeter365.errors import InputError
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import PARTS, HeldEntry, sorted_entries

WHY = (Reason(code="x", message="y"),)


@pytest.mark.parametrize(
    ("values", "id", "text"),
    [
        ({"part": "host", "new": "*.a.net"}, "11:*.a.net", "set 11: + *.a.net"),
        ({"part": "host", "old": "*.a.net"}, "11:-*.a.net", "set 11: - *.a.net"),
        ({"part": "prefix", "old": "8.8.8.0/24"}, "11:-8.8.8.0/24", "set 11: - 8.8.8.0/24"),
        ({"part": "ports", "old": "tcp 80", "new": ""}, "11:ports", "set 11: ports tcp 80 → none"),
        ({"part": "set", "new": "1 name"}, "11:set", "set 11: new, 1 name"),
        ({"part": "set", "old": "1 name"}, "11:set", "set 11: removed, 1 name"),
        ({"part": "set", "old": "1 name", "new": "2 names"}, "11:set", "set 11: 1 name → 2 names"),
    ],
)
def test_each_change_has_an_id_and_a_text(values: dict[str, Any], id: str, text: str) -> None:
    entry = HeldEntry(number=11, reasons=WHY, **values)
    assert (entry.id, entry.text) == (id, text)
    assert HeldEntry.from_dict(entry.to_dict()) == entry


@pytest.mark.parametrize("change", [{"part": "port"}, {"set": "11"}, {"reasons": [1]}, {"more": 1}], ids=str)
def test_other_json_is_rejected(change: dict[str, Any]) -> None:
    made = HeldEntry(number=11, part="host", new="a.net", reasons=WHY).to_dict()
    with pytest.raises(InputError):
        HeldEntry.from_dict({**made, **change})


def test_entries_are_sorted_by_set_part_and_value() -> None:
    entries = [HeldEntry(number=n, part=part, new="a", reasons=WHY) for n in (12, 2) for part in reversed(PARTS)]
    assert [(e.number, e.part) for e in sorted_entries(entries)] == [(n, part) for n in (2, 12) for part in PARTS]
