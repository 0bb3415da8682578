"""The results of the gates: reasons to hold a whole step, and held entries.

scope  code             what a list does
step   shrink           it loses more names or addresses than usual
       growth           it gains more entries or addresses than usual
       identity         an endpoint set has mostly the entries of another one
       capacity         it does not fit on a device of the operator
       empty-plan       it leaves an organization's plan without outbound flows
       version          its version is in the future, older than the last one, or changes alone
       rewritten        its content changes, and its version does not
entry  wildcard-gone    a wildcard of a required set is removed
       set-gone         all names or addresses of a set are removed, or are left on other ports only
       demotion         something required is not required any more
       widening         a wildcard or prefix contains listed ones
       new-ports        a set has other ports, or a listed entry is listed with other ports
       ports-gone       a set loses ports
       no-ports         a set is without ports
       reused-id        a new set has the number of a set of an earlier list
       category, area   a set changes its category or service area
       moved            another set gets an entry with another category or area, or a set of a row loses one
       new-domain       a name is under a domain of which no list has had a name
       look-alike       the same, and the domain resembles a listed one
       discovery-name   browsers look for their proxy under a name (wpad, isatap)
       shared-domain    a wildcard covers names that anyone can register
       foreign-address  a prefix is outside of Microsoft's public ranges
       rented-address   customers of Azure rent addresses in the whole prefix, and no list has had it
       inbound          a prefix becomes a source of traffic to the organization
       flip-flop        an entry is added or removed for the third time within 30 days
       unknown-word     a set has a service area or category that this release does not know
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry, sorted_entries

StepCode = Literal["shrink", "growth", "identity", "capacity", "empty-plan", "version", "rewritten"]
EntryCode = Literal[
    "wildcard-gone",
    "set-gone",
    "demotion",
    "widening",
    "new-ports",
    "ports-gone",
    "no-ports",
    "reused-id",
    "category",
    "area",
    "moved",
    "new-domain",
    "look-alike",
    "discovery-name",
    "shared-domain",
    "foreign-address",
    "rented-address",
    "inbound",
    "flip-flop",
    "unknown-word",
]
STEP_CODES: tuple[StepCode, ...] = get_args(StepCode)
ENTRY_CODES: tuple[EntryCode, ...] = get_args(EntryCode)
CODES: tuple[str, ...] = (*STEP_CODES, *ENTRY_CODES)
"""All codes, in the order of the module's table."""

SHOWN = 20
"""The maximum number of entries of a reason."""

_ORDER = {code: number for number, code in enumerate(CODES)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the gates hold of a list."""

    step: tuple[Reason, ...] = ()
    """Reasons to hold the whole step; () if at most entries are held."""
    entries: tuple[HeldEntry, ...] = ()
    """Single entries that are held, by set."""

    def __bool__(self) -> bool:
        """Return True if anything is held."""
        return bool(self.step or self.entries)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all reasons, each once, in the order of the module's table."""
        found = {r.code for r in self.step} | {r.code for e in self.entries for r in e.reasons}
        return tuple(sorted(found, key=_order))


@dataclass
class EntryReasons:
    """The reasons to hold entries, collected from several checks."""

    found: dict[tuple[int, str, str], HeldEntry] = field(default_factory=dict)

    def add(self, entry: HeldEntry) -> None:
        """Add an entry; reasons for the same change are combined, each code once."""
        key = (entry.number, entry.part, entry.id)
        known = self.found[key].reasons if key in self.found else ()
        codes = {reason.code for reason in known}
        more = (reason for reason in entry.reasons if reason.code not in codes)
        self.found[key] = replace(entry, reasons=sorted_reasons([*known, *more]))

    def entries(self) -> tuple[HeldEntry, ...]:
        """Return the entries. If a whole set is held, its other changes are part of it."""
        sets = {e.number for e in self.found.values() if e.part == "set"}
        return sorted_entries(e for e in self.found.values() if e.part == "set" or e.number not in sets)


def step_reason(code: StepCode, message: str, entries: Iterable[object] = ()) -> Reason:
    """Return a reason to hold the whole step."""
    return Reason(code=code, message=message, entries=tuple(str(entry) for entry in [*entries][:SHOWN]))


def entry_reason(code: EntryCode, message: str) -> Reason:
    """Return a reason to hold an entry."""
    return Reason(code=code, message=message)


def sorted_reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Sort reasons in the order of the module's table."""
    return tuple(sorted(reasons, key=lambda reason: _order(reason.code)))


def _order(code: str) -> int:
    return _ORDER.get(code, len(_ORDER))
