"""What a query selects, in the words of a profile.

>>> selection = read_selection([("categories", "Allow,optimize"), ("cloud", "China"), ("direction", "outbound")])
>>> selection.query
'categories=optimize,allow&cloud=china&direction=outbound'
>>> selection == read_selection([("direction", "OUTBOUND"), ("categories", "optimize,allow"), ("cloud", "china")])
True

    cloud         worldwide, china …; several are separated by commas; worldwide if it is missing, as for a new profile
    areas         service areas; the four of a profile if it is missing
    categories    optimize, allow, default; all three if it is missing
    required      true: only what Microsoft marks as required; a bare `required` is true
    scenarios     names, `row/6` or ids; none if it is missing
    direction     outbound or inbound; both if it is missing
    family        4 or 6: addresses of one IP version; names stay. Both if it is missing
    max_prefixes  fit outbound addresses into so many prefixes for each IP version
    at            a day: the plan of that day, as `perimeter365 render --at`

The names of the profile, `clouds`, `service_areas` and `required_only`, are accepted too. A selection is a profile without
own addresses, and its text is the profile's name, so the comment lines of the files have it. Order, repetition and case do
not matter: equal selections have one spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from perimeter365.errors import ProfileError, nearest
from perimeter365.model.area import AREAS
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.day import parse_day
from perimeter365.model.ids import CLOUD_NAME
from perimeter365.model.requirement import CATEGORIES
from perimeter365.model.scenario import SCENARIOS, canonical
from perimeter365.plan.profile import Profile
from perimeter365.web.request import RefusedError

if TYPE_CHECKING:
    from perimeter365.model.area import Area
    from perimeter365.model.requirement import Category
    from perimeter365.plan.plan import Plan, PlanFlow, PlanParty

DEFAULT_AREAS: tuple[Area, ...] = ("common", "exchange", "sharepoint", "teams")
MAX_SCENARIOS = 32
MAX_CLOUDS = len(CLOUDS)
MAX_PREFIXES = 10_000
"""The largest `max_prefixes`; every list fits into fewer without it."""

BEFORE, AFTER = timedelta(days=366), timedelta(days=120)
"""How far `at` may be from today: the longest grace time, and the longest announcement."""

PARAMETERS = ("cloud", "areas", "categories", "required", "scenarios", "direction", "family", "max_prefixes", "at")
NARROWING = ("direction", "family", "max_prefixes", "at")
"""The parameters that also apply to a named profile, whose file has the others."""

_ALIASES = {"clouds": "cloud", "service_areas": "areas", "required_only": "required"}
_SEVERAL = ("cloud", "areas", "categories", "scenarios")
_DIRECTIONS = ("outbound", "inbound")
_YES, _NO = ("true", "yes", "1", ""), ("false", "no", "0")
_NAME = 100
_CLOUD = re.compile(CLOUD_NAME, re.ASCII)
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """A selection in its only spelling. `read_selection` makes it."""

    clouds: tuple[str, ...] = ("worldwide",)
    """Names of clouds, which need not exist: the lists in force may have one that is newer than this release."""
    areas: tuple[Area, ...] = DEFAULT_AREAS
    categories: tuple[Category, ...] = CATEGORIES
    required: bool = False
    scenarios: tuple[str, ...] = ()
    direction: str = ""
    """`outbound` or `inbound`; "" for both."""
    family: int = 0
    """4 or 6; 0 for both."""
    max_prefixes: int = 0
    """0 for no limit."""
    at: date | None = None
    """None for today."""

    @property
    def values(self) -> dict[str, str]:
        """The parameters that differ from the default, sorted by name."""
        found = {
            "areas": "" if self.areas == DEFAULT_AREAS else ",".join(self.areas),
            "at": self.at.isoformat() if self.at else "",
            "categories": "" if self.categories == CATEGORIES else ",".join(self.categories),
            "cloud": ",".join(self.clouds),
            "direction": self.direction,
            "family": str(self.family or ""),
            "max_prefixes": str(self.max_prefixes or ""),
            "required": "true" if self.required else "",
            "scenarios": ",".join(self.scenarios),
        }
        return {name: value for name, value in found.items() if value}

    @property
    def query(self) -> str:
        """The query of the selection. No character of it needs percent-encoding."""
        return "&".join(f"{name}={value}" for name, value in self.values.items())

    @property
    def title(self) -> str:
        """The selection as the name of a profile.

        It is without the day, and has at most 100 characters.
        """
        text = " ".join(f"{name}={value}" for name, value in self.values.items() if name != "at")
        return text if len(text) <= _NAME else f"{text[: _NAME - 4]} ..."

    def profile(self, known: Iterable[Cloud]) -> Profile:
        """Return the profile of the selection. Raises RefusedError.

        Args:
            known: the clouds that have a list.
        """
        clouds = {str(cloud): cloud for cloud in known}
        if missing := [name for name in self.clouds if name not in clouds]:
            raise RefusedError(400, unknown("cloud", missing[0], clouds))
        try:
            return Profile(
                clouds=tuple(clouds[name] for name in self.clouds),
                name=self.title,
                service_areas=self.areas,
                categories=self.categories,
                required_only=self.required,
                ipv6=self.family != 4,
                scenarios=self.scenarios,
            )
        except ProfileError as error:
            raise RefusedError(400, said(error.message, error.help)) from None

    def narrowed(self, profile: Profile) -> Profile:
        """Return a named profile for the IP version of the selection."""
        return replace(profile, ipv6=False) if self.family == 4 else profile

    def part_of(self, plan: Plan) -> Plan:
        """Return the part of a plan that a selection asks for.

        That is its direction and IP version.
        """
        from perimeter365.plan.part import part_of

        part = part_of(plan, directions=(self.direction,)) if self.direction else plan
        if self.family != 6:
            return part
        return replace(part, flows=tuple(each for flow in part.flows if (each := _of_ipv6(flow))))

    def check_day(self, day: date) -> None:
        """Raise RefusedError if `at` is too far from a day."""
        if self.at and not day - BEFORE <= self.at <= day + AFTER:
            raise RefusedError(400, f"at: {self.at} is not a day from {day - BEFORE} to {day + AFTER}.")


def read_selection(pairs: Iterable[tuple[str, str]], allowed: tuple[str, ...] = PARAMETERS) -> Selection:
    """Return the selection of the parameters of a query.

    Raises RefusedError for a parameter or value that does not exist, with the nearest one and what is allowed.
    """
    given: dict[str, str] = {}
    for key, value in pairs:
        name = key.strip().lower()
        name = _ALIASES.get(name, name)
        if name not in allowed:
            kind = "of a named profile, whose file has the others" if allowed != PARAMETERS else ""
            raise RefusedError(400, unknown("parameter", key, allowed, kind))
        if name in given and name not in _SEVERAL:
            raise RefusedError(400, f"{name} was given more than once; it takes one value.")
        given[name] = f"{given[name]},{value}" if name in given else value
    readers: dict[str, Callable[[str], object]] = {
        "cloud": _clouds,
        "areas": lambda text: _words("areas", text, AREAS),
        "categories": lambda text: _words("categories", text, CATEGORIES),
        "required": lambda text: _one("required", text, (*_YES, *_NO)) in _YES,
        "scenarios": _scenarios,
        "direction": lambda text: _one("direction", text, _DIRECTIONS),
        "family": lambda text: int(_one("family", text, ("4", "6"))),
        "max_prefixes": _prefixes,
        "at": _day,
    }
    return Selection(**{_FIELDS.get(name, name): readers[name](text) for name, text in given.items()})  # type: ignore[arg-type]


_FIELDS = {"cloud": "clouds"}


def unknown(kind: str, text: str, allowed: Iterable[str], of: str = "") -> str:
    """Return the text for a name that does not exist.

    It has the nearest one and all that are allowed.
    """
    names = tuple(allowed)
    near = nearest(text[:60], names)
    hint = f" Did you mean {near!r}?" if near else ""
    return f"There is no {kind} {shown(text)}{f' {of}' if of else ''}.{hint} Allowed: {', '.join(filter(None, names))}."


def shown(text: str) -> str:
    """Return a text of a request as one line for an answer.

    It has at most 60 characters of printable ASCII.
    """
    return ascii(text if len(text) <= 60 else f"{text[:57]}...")


def said(message: str, help: str = "") -> str:
    """Return a message and its help as one line of text."""
    return f"{' '.join(message.split())}.{f' {help}.' if help else ''}"


def _words(name: str, text: str, allowed: tuple[_T, ...]) -> tuple[_T, ...]:
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    if not words:
        raise RefusedError(400, f"{name} has no value. Allowed: {', '.join(map(str, allowed))}.")
    for word in words:
        if word not in allowed:
            raise RefusedError(400, unknown(f"value of {name},", word, map(str, allowed)))
    return tuple(each for each in allowed if each in words)


def _one(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if (word := text.strip().lower()) not in allowed:
        raise RefusedError(400, unknown(f"value of {name},", text, allowed))
    return word


def _clouds(text: str) -> tuple[str, ...]:
    names = {each.instance.lower(): each.value for each in CLOUDS if each.instance and not each.closed}
    found = {names.get(word, word) for each in text.split(",") if (word := each.strip().lower())}
    if not found:
        raise RefusedError(400, f"cloud has no value. Allowed: {', '.join(map(str, CLOUDS))}.")
    if wrong := [word for word in sorted(found) if not _CLOUD.fullmatch(word)]:
        raise RefusedError(400, unknown("cloud", wrong[0], map(str, CLOUDS)))
    if len(found) > MAX_CLOUDS:
        raise RefusedError(400, f"There are more than {MAX_CLOUDS} clouds.")
    return tuple(sorted(found))


def _scenarios(text: str) -> tuple[str, ...]:
    words = {word.strip().lower() for word in text.split(",") if word.strip()}
    if len(words) > MAX_SCENARIOS:
        raise RefusedError(400, f"There are more than {MAX_SCENARIOS} scenarios; use `all`, or a profile.")
    for word in words:
        try:
            Profile(clouds=(Cloud.WORLDWIDE,), scenarios=(word,))
        except ProfileError as error:
            text = unknown("scenario", word, (*SCENARIOS, "row/1 to row/25", "an id such as row/6/mrs-proxy"))
            raise RefusedError(400, f"{text} {error.help}".strip()) from None
    return tuple(sorted({canonical(word) for word in words}))


def _prefixes(text: str) -> int:
    word = text.strip()
    if not (word.isascii() and word.isdigit() and len(word) <= 6 and 1 <= int(word) <= MAX_PREFIXES):
        raise RefusedError(400, f"max_prefixes: {shown(text)} is not a number from 1 to {MAX_PREFIXES}.")
    return int(word)


def _day(text: str) -> date:
    try:
        return parse_day(text.strip())
    except ValueError:
        raise RefusedError(400, f"at: {shown(text)} is not a day (YYYY-MM-DD).") from None


def _of_ipv6(flow: PlanFlow) -> PlanFlow | None:
    """Return a flow without the other end's IPv4 addresses.

    None if that end has nothing else.
    """
    end = flow.theirs
    if end is None or not end.prefixes:
        return flow
    six: PlanParty = replace(end, prefixes=end.prefixes.family(6))
    if not (six.prefixes or six.hosts):
        return None
    return replace(flow, source=six) if flow.source is end else replace(flow, destination=six)
