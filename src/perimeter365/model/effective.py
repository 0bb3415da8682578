"""Dated entries: kept for a grace time, or announced for a later day.

    state     the entry                                            its day
    kept      was removed from upstream's list and is still used   the first day on which it is not used any more
    ahead     is announced and already used                        the day on which Microsoft begins to use it
    waiting   is announced and not used yet                        the first day on which it is used

    >>> EntryDate(cloud=Cloud.DOD, id="ws/dod/72", value="old.example.com", state=KEPT, day=date(2030, 7, 1)).text
    'kept until 2030-07-01'
    >>> grace_days({"optimise": 30})
    Traceback (most recent call last):
    perimeter365.errors.UnknownNameError: 'optimise' is not a category

No value depends on the current day, so equal decisions of two days are equal values.
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

MAX_GRACE_DAYS = 3650
"""The longest grace time in days. More than ten years is a typing error."""

GRACE: Mapping[str, int] = MappingProxyType(dict.fromkeys(CATEGORIES, 30))
"""The default grace time in days, by category."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class EntryDate:
    """A host or prefix of a requirement, and its day."""

    day: date
    cloud: Cloud
    id: str
    """The id of the requirement: `ws/worldwide/11`, `row/6/mrs-proxy`."""
    value: str
    """A host pattern, or a prefix with its length, as listed."""
    state: EntryState
    """One of `STATES`; the module's table states the meaning of `day`."""

    def __post_init__(self) -> None:
        check_word(self.state, STATES, "a state of an entry")

    @property
    def is_host(self) -> bool:
        """True for a host, False for a prefix."""
        return "/" not in self.value

    @property
    def text(self) -> str:
        """The state and day as text."""
        if self.state == KEPT:
            return f"kept until {self.day}"
        return f"in use from {self.day}, {'opened already' if self.state == AHEAD else 'not opened yet'}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SetDates:
    """The dated entries and former classifications of an endpoint set."""

    entries: tuple[EntryDate, ...] = ()
    """Sorted by day; `id` is the id of the set's own flow."""
    former: tuple[tuple[EndpointSet, date], ...] = ()
    """The set under its earlier classifications (area, category, required), latest first, each with the day on which its
    grace time ends. A profile that selects such a classification keeps the set until that day."""
    announced_set: EndpointSet | None = None
    """The set itself if all its entries are waiting, so that no catalog lists it; else None."""

    def former_until(self, area: str, category: str | None, required: bool) -> date | None:
        """Return the day on which the grace time of a former classification ends.

        Returns None if the set did not have this classification.
        """
        days = [day for s, day in self.former if (s.area, s.category, s.required) == (area, category, required)]
        return days[0] if days else None


def grace_days(days: Mapping[str, int]) -> Mapping[str, int]:
    """Complete a table of days by category with the defaults of `GRACE`.

    Raises InputError for an unknown category or a number out of range.
    """
    for category, number in days.items():
        if category not in CATEGORIES:
            raise UnknownNameError("category", category, CATEGORIES)
        if type(number) is not int or not 0 <= number <= MAX_GRACE_DAYS:
            raise InputError(f"the grace time of {category} must be 0 to {MAX_GRACE_DAYS} days, as a whole number")
    return MappingProxyType({**GRACE, **days})
