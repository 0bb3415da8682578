"""The effective-date options of planning commands, and the plan for them.

Precedence: flag, environment variable, [effective] in the profile, default.
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
    """The values of the effective-date options."""

    at: date | None = None
    """The date to plan for; None for today in UTC."""
    ahead: bool | None = None
    """True if announced additions are opened before their date; None for the profile's setting."""
    grace: Mapping[str, int] | None = None
    """Grace time in days by category; the profile's setting applies to categories without a value."""


def _grace(ctx: click.Context, option: click.Parameter, words: tuple[str, ...]) -> Mapping[str, int] | None:
    """Parse grace times for an option: `30` or `optimize=60`.

    A value for one category takes precedence over a value for all, in any order.
    """
    found: dict[str, int] = {}
    names = [word.rpartition("=")[0] for word in words]
    for name in names:
        if names.count(name) > 1:
            what = f"category {name}" if name else "all categories"
            raise click.BadParameter(f"{what} was given more than once; it takes one value", ctx=ctx, param=option)
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
    """Parse a date for an option."""
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
        help="Open announced additions before their date, or only on it. Default: as in the profile, else --ahead.",
    ),
    click.option(
        "--grace",
        metavar="[CATEGORY=]DAYS",
        multiple=True,
        callback=_grace,
        help="Grace time of removed entries, ports and categories in days; repeatable. Default: the profile's, else 30.",
    ),
    click.option("--at", metavar="DATE", callback=_day, help="Date to plan for, YYYY-MM-DD. Default: today in UTC."),
)


def effective_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the effective-date options to a command, which receives them as `days`."""

    @wraps(function)
    def with_days(*args: Any, ahead: bool | None, grace: Mapping[str, int] | None, at: date | None, **options: Any) -> Any:
        return function(*args, days=Days(at=at, ahead=ahead, grace=grace), **options)

    made: Callable[..., Any] = with_days
    for option in reversed(_OPTIONS):
        made = option(made)
    return made


def plan_for(settings: Settings, profile: "Profile", days: Days = Days(), *, quiet: bool = False) -> "Plan":
    """Make the plan of a profile for the requested date.

    Prints a note on stderr for each cloud of the profile whose list is old or stale.
    """
    from perimeter365.cli._age import note_age

    workspace = settings.workspace
    plan = workspace.plan(profile, at=days.at, grace=days.grace, ahead=days.ahead)
    note_age(workspace.ages(plan.versions, at=days.at), quiet=quiet or settings.quiet, chosen=True, stale=profile.stale)
    return plan


def print_dates(settings: Settings, plan: "Plan") -> None:
    """Print on stderr how effective dates make the plan differ from Microsoft's list."""
    if plan.differs:
        settings.log(f"entries: {plan.differs}; `perimeter365 plan --full` lists them")
