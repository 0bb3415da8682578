"""Reasons of several checks for one entry, and their order."""

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
