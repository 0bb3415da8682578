"""Gates: what is suspicious in a new list, compared with the last good one.

The kind of a change is judged, not only its size (`verdict` has all kinds). A suspicious entry is held alone: its old value
stays in force, and the rest of the list comes into force. Sizes, the identity of sets, and versions hold a whole step.

    judge(before, after, witness).codes
        ('wildcard-gone',)

    module       judges
    sizes        how much a list loses and gains
    identity     sets that get the entries of others, and sources of inbound traffic
    removals     wildcards, sets, and what was required
    attributes   ports, categories, service areas
    additions    names and prefixes
    flips        entries that come and go
    compose      makes the list that comes into force

Only sizes depend on the time since the last look at upstream, because regular changes accumulate; kinds are judged whatever
the time. A failed attempt is a look, so that an attacker who blocks the connection does not raise the limits. The time is
measured by the local clock; dates of upstream have no influence. docs/reliability.md has the figures.
"""

from collections.abc import Sequence
from datetime import timedelta

from perimeter365.history.gates.additions import additions, fixed_additions
from perimeter365.history.gates.attributes import attributes
from perimeter365.history.gates.compose import applies, without_held
from perimeter365.history.gates.coverage import Coverage
from perimeter365.history.gates.flips import flips
from perimeter365.history.gates.identity import identities, inbound, moves
from perimeter365.history.gates.removals import removals
from perimeter365.history.gates.sizes import WINDOW, YEAR, GateLimits, sizes
from perimeter365.history.gates.verdict import (
    CODES,
    ENTRY_CODES,
    STEP_CODES,
    EntryReasons,
    Verdict,
    sorted_reasons,
    step_reason,
)
from perimeter365.history.gates.witness import Witness
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.state import State

__all__ = [
    "CODES",
    "ENTRY_CODES",
    "STEP_CODES",
    "WINDOW",
    "YEAR",
    "GateLimits",
    "Verdict",
    "Witness",
    "applies",
    "first_list",
    "judge",
    "sorted_reasons",
    "step_reason",
    "without_held",
]


def first_list(new: State) -> tuple[HeldEntry, ...]:
    """Return what is held of the first list of a cloud.

    It cannot be compared with another one.
    """
    found = EntryReasons()
    fixed_additions(Coverage(new), found)
    return found.entries()


def judge(
    old: State,
    new: State,
    witness: Witness,
    recent: Sequence[State] = (),
    *,
    year: State | None = None,
    away: timedelta = timedelta(0),
    limits: GateLimits | None = None,
) -> Verdict:
    """Return what the gates hold of a new state.

    Args:
        old: the last good state.
        new: the new state of the same cloud, as upstream published it.
        witness: what independent sources know.
        recent: the good states of the last 30 days, oldest first. Slow changes are measured from the first one.
        year: the good state of a year ago, or the oldest one since then.
        away: the time since the last look at upstream.
        limits: the limits of sizes; None for the defaults.
    """
    limits, away = limits or GateLimits(), max(away, timedelta(0))
    before, after = Coverage(old), Coverage(new)
    step = [*sizes(before, after, recent, year, away, limits), *identities(before, after)]
    found = EntryReasons()
    removals(before, after, found)
    attributes(before, after, witness.numbers, found)
    additions(before, after, witness, found)
    moves(before, after, witness.references, found)
    inbound(before, after, witness.inbound, found)
    flips([*recent, *(() if recent and recent[-1].hash == old.hash else (old,))], new, found)
    return Verdict(step=sorted_reasons(step), entries=found.entries())
