"""Findings as a table, as lines and as JSON."""

import json

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Finding, Reason
from perimeter365.show.findings import findings_table, reason_lines, to_dicts
from perimeter365.show.tables import Table
from perimeter365.sources.crosscheck import PrefixCheck

HOLDERS = [
    PrefixCheck(code="", id="ws/dod/1", cloud=Cloud.DOD, prefix="192.0.2.0/24", tags=("A", "B"), public=None),
    PrefixCheck(code="nowhere", id="ws/dod/2", cloud=Cloud.DOD, prefix="198.51.100.0/24", tags=(), public=False),
]
REASONS = [
    Reason(code="growth", message="2 added", entries=("a.example", "b.example")),
    Reason(code="shrink", message="1 removed"),
]


def test_a_table_has_a_row_for_each_finding_in_their_order() -> None:
    found = findings_table("Prefixes", HOLDERS, {"owner": "id", "cloud": "cloud", "tags": "tags"})
    rows = (("ws/dod/1", "dod", "A, B"), ("ws/dod/2", "dod", "none"))
    assert found == Table(title="Prefixes", columns=("owner", "cloud", "tags"), rows=rows)


def test_entries_are_below_their_reason() -> None:
    assert list(reason_lines(REASONS, "  ")) == [
        "  growth: 2 added",
        "     a.example",
        "     b.example",
        "  shrink: 1 removed",
    ]
    assert list(reason_lines(REASONS, entries=False)) == ["growth: 2 added", "shrink: 1 removed"]


@pytest.mark.parametrize("bad", ["\x1b[2J", "\n", "\r", "\u202e"])
def test_nothing_in_a_line_controls_the_terminal(bad: str) -> None:
    reason = Reason(code="capacity", message=f"{bad}: no room", entries=(f"a{bad}",))
    assert all(line.isprintable() for line in reason_lines([reason]))
    assert len(list(reason_lines([reason]))) == 2


def test_json_holds_every_finding() -> None:
    assert json.loads(json.dumps(to_dicts([*HOLDERS[1:], Finding(code="x", message="y")]))) == [
        {"owner": "ws/dod/2", "cloud": "dod", "prefix": "198.51.100.0/24", "tags": [], "public": False, "sources": []},
        {"code": "x", "id": "", "message": "y", "remedy": ""},
    ]
