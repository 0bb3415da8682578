"""Entries whose time is limited: what upstream has removed and we keep a while, what it has announced for a day to come.

    state     the entry                                                    its day
    kept      is not in upstream's list any more, but in use still         the first one on which it is gone
    ahead     is announced, and in use already                             the one on which Microsoft begins to use it
    waiting   is announced, and not in use yet                             the first one on which it is in use

    >>> EntryDate(cloud=Cloud.DOD, id="ws/dod/72", value="old.example.com", state=KEPT, day=date(2030, 7, 1)).text
    'kept until 2030-07-01'
    >>> grace_days({"optimise": 30})
    Traceback (most recent call last):
    perimeter365.errors.UnknownNameError: 'optimise' is not a category

There is no day of today in any of this: what was decided on two days is equal when the decision is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, get_args

from perimeter365.errors import InputError, UnknownNameError
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.requirement import CATEGORIES
from perimeter365.model.word import check_word

EntryState = Literal["kept", "ahead", "waiting"]
STATES: tuple[EntryState, ...] = get_args(EntryState)
KEPT: Final = "kept"
AHEAD: Final = "ahead"
WAITING: Final = "waiting"

MOST_GRACE = 3650
"""Days; more than these ten years are a typing mistake."""

GRACE: Mapping[str, int] = MappingProxyType(dict.fromkeys(CATEGORIES, 30))
"""The days that a removed entry is kept, by category, unless a profile says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class EntryDate:
    """One host or prefix of one requirement, and its day."""

    day: date
    cloud: Cloud
    id: str
    """Of the requirement: `ws/worldwide/11`, `row/6/mrs-proxy`."""
    value: str
    """A host pattern, or a prefix with its length, as the list has it."""
    state: EntryState
    """One of `STATES`; see the module's table for what `day` is."""

    def __post_init__(self) -> None:
        check_word(self.state, STATES, "a state of an entry")

    @property
    def is_host(self) -> bool:
        """Is it a name, not a prefix?"""
        return "/" not in self.value

    @property
    def text(self) -> str:
        """In words, for people."""
        if self.state == KEPT:
            return f"kept until {self.day}"
        return f"in use from {self.day}, {'opened already' if self.state == AHEAD else 'not opened yet'}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SetDates:
    """What is a matter of days in one endpoint set."""

    entries: tuple[EntryDate, ...] = ()
    """By day; `id` is that of the set's own flow."""
    former: tuple[tuple[EndpointSet, date], ...] = ()
    """The set as it was classified not long ago (area, category, required), with the first day on which that counts no
    more; the latest first. A profile that selected it so goes on to have it until then."""
    coming: EndpointSet | None = None
    """The set itself, when all of it is waiting, so that no catalog lists it."""

    def left(self, area: str, category: str | None, required: bool) -> date | None:
        """The first day on which a former classification counts no more; None when it is no former one."""
        days = [day for s, day in self.former if (s.area, s.category, s.required) == (area, category, required)]
        return days[0] if days else None


def grace_days(days: Mapping[str, int]) -> Mapping[str, int]:
    """Days by category, with `GRACE` for those that are not given. Raises InputError for what cannot be."""
    for category, number in days.items():
        if category not in CATEGORIES:
            raise UnknownNameError("category", category, CATEGORIES)
        if type(number) is not int or not 0 <= number <= MOST_GRACE:
            raise InputError(f"a grace time of {category} is 0 to {MOST_GRACE} days, whole ones")
    return MappingProxyType({**GRACE, **days})
