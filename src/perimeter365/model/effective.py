"""Dated entries: kept for a grace time, or announced for a later day.

    kind            value                 of a requirement
    host, prefix    `*.example.com`, `192.0.2.0/24`    an entry of its external end
    tcp, udp        `tcp 443`, `udp 3478-3481`         a range of its ports
    category, area  `category optimize`                a former classification, by which targets still choose it

    state     the entry                                            its day
    kept      was removed from upstream's list and is still used   the first day on which it is not used any more
    ahead     is announced and already used                        the day on which Microsoft begins to use it
    waiting   is announced and not used yet                        the first day on which it is used

    >>> EntryDate(cloud=Cloud.DOD, id="ws/dod/72", value="old.example.com", state=KEPT, day=date(2030, 7, 1)).text
    'kept until 2030-07-01'
    >>> EntryDate(cloud=Cloud.DOD, id="ws/dod/72", value="tcp 25", state=KEPT, day=date(2030, 7, 1)).text
    'kept until 2030-07-01, for all entries of the set'
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

EntryDateKind = Literal["host", "prefix", "tcp", "udp", "category", "area"]
HOST: Final = "host"
PREFIX: Final = "prefix"
TCP: Final = "tcp"
UDP: Final = "udp"
CATEGORY: Final = "category"
AREA: Final = "area"
PORTS: tuple[EntryDateKind, ...] = (TCP, UDP)
ATTRIBUTES: tuple[EntryDateKind, ...] = (TCP, UDP, CATEGORY, AREA)
"""The kinds that are not entries of a list; their values have two words, the first of which is the kind."""

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
    """A host, prefix, port range or former attribute of a requirement, and its day."""

    day: date
    cloud: Cloud
    id: str
    """The id of the requirement: `ws/worldwide/11`, `row/6/mrs-proxy`."""
    value: str
    """A host pattern, or a prefix with its length, as listed; or the kind and the value of an attribute: `tcp 443`."""
    state: EntryState
    """One of `STATES`; the module's table states the meaning of `day`."""

    def __post_init__(self) -> None:
        check_word(self.state, STATES, "a state of an entry")
        if " " in self.value:
            check_word(self.kind, ATTRIBUTES, "a kind of a dated attribute")

    @property
    def kind(self) -> EntryDateKind:
        """What the day is about; the module's table lists the kinds."""
        word, space, _ = self.value.partition(" ")
        return word if space else PREFIX if "/" in self.value else HOST  # type: ignore[return-value]

    @property
    def attribute(self) -> str:
        """The value of an attribute without its kind: `443`; "" for a host or prefix."""
        return self.value.partition(" ")[2]

    @property
    def text(self) -> str:
        """The state and day as text."""
        if self.state == KEPT:
            return f"kept until {self.day}" + (", for all entries of the set" if self.kind in PORTS else "")
        return f"in use from {self.day}, {'opened already' if self.state == AHEAD else 'not opened yet'}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SetDates:
    """The dated entries and former classifications of an endpoint set."""

    entries: tuple[EntryDate, ...] = ()
    """Hosts, prefixes and ports, sorted by day; `id` is the id of the set's own flow."""
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
