"""What the commands that make a plan share: the options of effective dates, and the plan that they lead to.

A flag wins over its environment variable, that over the profile's [effective], that over the defaults.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from perimeter365.cli._settings import Settings
from perimeter365.errors import Perimeter365Error
from perimeter365.model.day import parse_day
from perimeter365.model.effective import grace_days
from perimeter365.model.requirement import CATEGORIES

if TYPE_CHECKING:
    from perimeter365.plan.plan import Plan
    from perimeter365.plan.profile import Profile


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """What the options say."""

    at: date | None = None
    """The day; None for today in UTC."""
    ahead: bool | None = None
    """None: as the profile says."""
    grace: Mapping[str, int] | None = None
    """Days by category; one left out is as the profile says."""


def _grace(ctx: click.Context, option: click.Parameter, words: tuple[str, ...]) -> Mapping[str, int] | None:
    """A callback that reads `30` and `optimize=60`; what names a category wins, whatever the order."""
    found: dict[str, int] = {}
    for word in sorted(words, key=lambda w: "=" in w):
        name, equals, text = word.rpartition("=")
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise click.BadParameter(f"{word!r} is neither DAYS nor CATEGORY=DAYS", ctx=ctx, param=option)
        found.update({name: int(text)} if equals else dict.fromkeys(CATEGORIES, int(text)))
    try:
        grace_days(found)
    except Perimeter365Error as error:
        help = f" ({error.help})" if error.help else ""
        raise click.BadParameter(f"{error.message}{help}", ctx=ctx, param=option) from None
    return found or None


def _day(ctx: click.Context, option: click.Parameter, text: str | None) -> date | None:
    """A callback that reads a day."""
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx=ctx, param=option) from None


_OPTIONS = (
    click.option(
        "--ahead/--no-ahead",
        default=None,
        help="Take announced additions before their day, or on it. Default: the profile's, else ahead.",
    ),
    click.option(
        "--grace",
        metavar="[CATEGORY=]DAYS",
        multiple=True,
        callback=_grace,
        help="Days for which removed entries are kept. Default: the profile's, else 30.",
    ),
    click.option("--at", metavar="DATE", callback=_day, help="As of this day. Default: today in UTC."),
)


def effective_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options to a command, which gets them as `days`."""

    @wraps(function)
    def with_days(*args: Any, ahead: bool | None, grace: Mapping[str, int] | None, at: date | None, **options: Any) -> Any:
        return function(*args, days=Days(at=at, ahead=ahead, grace=grace), **options)

    made: Callable[..., Any] = with_days
    for option in reversed(_OPTIONS):
        made = option(made)
    return made


def plan_for(settings: Settings, profile: "Profile", days: Days = Days()) -> "Plan":
    """The workspace's plan of a profile on the day; notes on stderr when the lists are old."""
    from perimeter365.cli._age import note_age
    from perimeter365.plan.make import make_plan

    catalog = settings.workspace.catalog_for(profile, at=days.at, grace=days.grace, ahead=days.ahead)
    note_age({str(c): v.version for c, v in catalog.versions.items()}, quiet=settings.quiet)
    return make_plan(catalog, profile)


def say_dates(settings: Settings, plan: "Plan") -> None:
    """Say on stderr how the plan differs from Microsoft's list because of days; nothing when it does not."""
    if plan.differs:
        settings.say(f"entries: {plan.differs}; `perimeter365 plan` lists them")
