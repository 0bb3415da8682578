"""Flip-flops: entries that are added and removed again and again.

flip-flop   an entry is added or removed for the third time within 30 days
"""

from collections.abc import Sequence
from itertools import pairwise

from perimeter365.history.gates.sizes import WINDOW
from perimeter365.history.gates.verdict import EntryReasons, entry_reason
from perimeter365.model.held_entry import HOST, PREFIX, EntryPart, HeldEntry
from perimeter365.model.state import State
from perimeter365.store.intervals import ListEntry, list_entries


def flips(past: Sequence[State], new: State, found: EntryReasons) -> None:
    """Add the entries that change for the third time.

    Args:
        past: the states of the last 30 days, oldest first, up to the one in force.
        new: upstream's state.
        found: receives the entries.
    """
    listed = [list_entries(state.sets) for state in past]
    turns: dict[ListEntry, int] = {}
    for a, b in pairwise(listed):
        for entry in a ^ b:
            turns[entry] = turns.get(entry, 0) + 1
    if not listed or not turns:
        return
    now = list_entries(new.sets)
    reason = entry_reason("flip-flop", f"it is added or removed for the third time within {WINDOW.days} days")
    for entry in now ^ listed[-1]:
        if turns.get(entry, 0) >= 2:
            number, kind, value = entry
            part: EntryPart = HOST if kind == HOST else PREFIX
            old, text = ("", value) if entry in now else (value, "")
            found.add(HeldEntry(number=number, part=part, old=old, new=text, reasons=(reason,)))
