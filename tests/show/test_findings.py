"""Findings as a table, as lines and as JSON."""

import json

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Finding, Reason
from perimeter365.show.findings import lines, table, to_dicts
from perimeter365.show.tables import Table
from perimeter365.sources.crosscheck import Holders

HOLDERS = [
    Holders(code="", id="ws/dod/1", cloud=Cloud.DOD, prefix="192.0.2.0/24", tags=("A", "B"), public=None),
    Holders(code="nowhere", id="ws/dod/2", cloud=Cloud.DOD, prefix="198.51.100.0/24", tags=(), public=False),
]
REASONS = [
    Reason(code="growth", message="2 came", entries=("a.example", "b.example")),
    Reason(code="shrink", message="1 went"),
]


def test_a_table_has_a_row_for_each_finding_in_their_order() -> None:
    found = table("Holders", HOLDERS, {"owner": "id", "cloud": "cloud", "tags": "tags"})
    rows = (("ws/dod/1", "dod", "A, B"), ("ws/dod/2", "dod", "none"))
    assert found == Table(title="Holders", columns=("owner", "cloud", "tags"), rows=rows)


def test_entries_stand_below_their_reason() -> None:
    assert list(lines(REASONS, "  ")) == ["  growth: 2 came", "     a.example", "     b.example", "  shrink: 1 went"]
    assert list(lines(REASONS, entries=False)) == ["growth: 2 came", "shrink: 1 went"]


@pytest.mark.parametrize("bad", ["\x1b[2J", "\n", "\r", "\u202e"])
def test_nothing_in_a_line_controls_the_terminal(bad: str) -> None:
    reason = Reason(code="capacity", message=f"{bad}: no room", entries=(f"a{bad}",))
    assert all(line.isprintable() for line in lines([reason]))
    assert len(list(lines([reason]))) == 2


def test_json_holds_every_finding() -> None:
    assert json.loads(json.dumps(to_dicts([*HOLDERS[1:], Finding(code="x", message="y")]))) == [
        {"owner": "ws/dod/2", "cloud": "dod", "prefix": "198.51.100.0/24", "tags": [], "public": False},
        {"code": "x", "id": "", "message": "y", "remedy": ""},
    ]
