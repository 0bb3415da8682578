"""Reasons of several checks for one entry, and their order."""

import re
from pathlib import Path

from perimeter365.history.gates import verdict as module
from perimeter365.history.gates.verdict import (
    CODES,
    ENTRY_CODES,
    STEP_CODES,
    EntryReasons,
    Verdict,
    entry_reason,
    step_reason,
)
from perimeter365.model.held_entry import HeldEntry

ROOT = Path(__file__).resolve().parents[3]


def entry(part: str, *codes: str, new: str = "x") -> HeldEntry:
    reasons = tuple(entry_reason(code, "why") for code in codes)  # type: ignore[arg-type]
    return HeldEntry(number=1, part=part, new=new, reasons=reasons)  # type: ignore[arg-type]


def test_reasons_for_one_change_are_combined_in_order() -> None:
    found = EntryReasons()
    found.add(entry("host", "inbound"))
    found.add(entry("host", "widening", "inbound"))
    (one,) = found.entries()
    assert [reason.code for reason in one.reasons] == ["widening", "inbound"]


def test_a_held_set_includes_its_other_changes() -> None:
    found = EntryReasons()
    for part in ("host", "set", "ports"):
        found.add(entry(part, "moved"))
    assert [each.part for each in found.entries()] == ["set"]


def test_codes_are_those_of_both_scopes_once() -> None:
    assert len(set(CODES)) == len(STEP_CODES) + len(ENTRY_CODES)
    verdict = Verdict(step=(step_reason("growth", "why"),), entries=(entry("host", "inbound", "widening"),))
    assert verdict.codes == ("growth", "widening", "inbound")
    assert verdict
    assert not Verdict()


def test_the_table_of_the_module_and_the_page_of_syncs_have_all_codes_in_their_scope() -> None:
    step, entry = str(module.__doc__).split("\nentry ")
    page = (ROOT / "docs" / "sync.md").read_text("utf-8").partition("These reasons hold a single entry")[2]
    alone, whole = page.partition("\n## ")[0].split("These hold the whole list")
    for codes, table, rows in ((STEP_CODES, step, whole), (ENTRY_CODES, entry, alone)):
        assert [code for code in codes if not re.search(rf"\b{code}(,|  )", table)] == []
        assert set(re.findall(r"^\| `([a-z-]+)` \|", rows, re.MULTILINE)) == set(codes)
