"""The output of `plan`: one plan, two plans compared, or a folder of profiles."""

import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perimeter365.cli._effective import Days, print_dates
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._streams import print_styled
from perimeter365.errors import LossError, UnknownNameError
from perimeter365.model.finding import printable
from perimeter365.model.quantity import quantity

if TYPE_CHECKING:
    from perimeter365.follow.tenants import Tenant
    from perimeter365.plan.plan import Plan, PlanWarning
    from perimeter365.plan.profile import Profile

FILES = {"csv": ("csv", "flows.csv"), "html": ("report", "index.html")}
"""Formats that are rendered by a target: target and file name."""

INVALID = 2
"""The exit code of a folder with a profile that is not valid."""

SHOWN = 20
"""The number of decisions in the message of `--strict`."""


def width() -> int:
    """Return the columns of the terminal; elsewhere the default of a plan."""
    from perimeter365.plan.summary import WIDTH

    return max(shutil.get_terminal_size().columns, WIDTH) if sys.stdout.isatty() else WIDTH


def check_names(scenarios: Iterable[str], directions: Iterable[str]) -> None:
    """Raise UnknownNameError for a scenario or direction that does not exist."""
    from perimeter365.model.requirement import DIRECTIONS
    from perimeter365.model.scenario import ALL, SCENARIOS, canonical

    names = [name for name in SCENARIOS if name != ALL]
    for kind, found, allowed in (
        ("scenario", [canonical(s) for s in scenarios], names),
        ("direction", directions, DIRECTIONS),
    ):
        for each in found:
            if each not in allowed:
                raise UnknownNameError(kind, each, allowed)


def print_lines(settings: Settings, lines: Iterable[str], *, pager: bool) -> None:
    """Print lines, in a pager if they are more than a terminal shows."""
    found = list(lines)
    if pager and sys.stdout.isatty() and len(found) >= shutil.get_terminal_size().lines:
        click.echo_via_pager("".join(f"{printable(line)}\n" for line in found), color=settings.colored)
    else:
        print(*found, sep="\n")


# -- one plan ----------------------------------------------------------------------------------------------------


def print_plan(settings: Settings, plan: "Plan", format: str, name: str, days: Days, *, full: bool, pager: bool) -> None:
    """Print a plan, or a part of one, in a format.

    Args:
        settings: the shared options.
        plan: the plan.
        format: one of the formats of the command.
        name: the name of the profile's file.
        days: the effective-date options.
        full: print the long form.
        pager: use a pager on a terminal.
    """
    if format == "table":
        from perimeter365.plan.listing import listing
        from perimeter365.plan.summary import summary

        ages = settings.workspace.ages(plan.versions, at=days.at)
        lines = listing(plan, ages, width=width()) if full else summary(plan, ages, width=width(), profile=name)
        print_lines(settings, lines, pager=pager)
        return
    if format == "json":
        print(plan.to_json(), end="")
    elif format == "markdown":
        from perimeter365.plan.tables import tables
        from perimeter365.show.tables import to_markdown

        print(to_markdown(tables(plan, full=full), plan.title()), end="")
    else:
        target, file = FILES[format]
        click.echo(next(a.content for a in settings.workspace.render(plan, target).artifacts if a.name == file), nl=False)
    if format not in ("markdown", "html"):
        print_dates(settings, plan)
    if plan.warnings:
        from perimeter365.plan.summary import counts
        from perimeter365.show.findings import counts_line

        settings.log(f"{counts_line(*counts(plan))}; `perimeter365 plan {name}` shows them")


def fail_for_decisions(decisions: "Sequence[PlanWarning]") -> None:
    """Raise LossError if there is a decision."""
    if not decisions:
        return
    lines = [f"  {w.code}  {w.id}{f' -> {w.remedy}' if w.remedy else ''}" for w in decisions[:SHOWN]]
    if len(decisions) > SHOWN:
        lines.append(f"  and {len(decisions) - SHOWN} more")
    codes = list(dict.fromkeys(w.code for w in decisions))
    raise LossError(
        "\n".join([f"{quantity(len(decisions), 'decision')} of the plan {_are(len(decisions))} open:", *lines]),
        help="settle them in the profile, or accept them there with [[accept]]; see "
        + ", ".join(f"`perimeter365 explain {code}`" for code in codes),
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


# -- two plans ---------------------------------------------------------------------------------------------------


def print_comparison(settings: Settings, profile: "Profile", other: str, days: Days, *, json: bool) -> bool:
    """Print what another profile or version would change; return True if anything.

    Raises EmptyPlanError, after the output, if no outbound flow would be left.
    """
    from perimeter365.follow.against import plan_against
    from perimeter365.plan.outbound import READING, check_emptied
    from perimeter365.plan.summary import header
    from perimeter365.show.terminal import fold

    found = plan_against(settings.workspace, profile, other, at=days.at, grace=days.grace, ahead=days.ahead)
    if json:
        print_json(found.to_dict())
        check_emptied(found.emptied, READING)
        return bool(found.diff)
    for title, plan in (("From", found.old), ("To", found.new)):
        first, *rest = header(plan, settings.workspace.ages(plan.versions, at=days.at), width=width())
        print(f"{title:<5} {first}", *(f"      {line}" for line in rest), sep="\n")
    print()
    for sentence in found.diff.sentences or ("nothing changes",):
        print(*fold(sentence, width=width(), hanging=4), sep="\n")
    check_emptied(found.emptied, READING)
    return bool(found.diff)


# -- a folder of profiles ----------------------------------------------------------------------------------------


def print_tenants(settings: Settings, folder: Path, days: Days, *, json: bool, strict: bool) -> int:
    """Print one line for each profile of a folder; return the exit code.

    Raises EmptyPlanError, after the output, if a newer list would leave a profile without outbound flows.
    """
    from perimeter365.follow.tenants import tenants
    from perimeter365.plan.outbound import READING, check_emptied

    def progress(done: int, of: int) -> None:
        if sys.stderr.isatty() and not settings.quiet:
            print_styled(f"\r{done} of {of} profiles" if done < of else "\r\033[K", sys.stderr, end="")

    found = tenants(settings.workspace, folder, at=days.at, grace=days.grace, ahead=days.ahead, progress=progress)
    if json:
        print_json([tenant.to_dict() for tenant in found])
    else:
        print(*_tenant_lines(found), sep="\n")
    invalid = sum(bool(tenant.error) for tenant in found)
    waiting = sum(bool(tenant.decisions) for tenant in found)
    settings.log(
        f"{quantity(len(found), 'profile')}: {invalid} not valid, {waiting} with decisions, "
        f"{sum(bool(tenant.changes) for tenant in found)} that a newer list would change"
    )
    check_emptied((f"{tenant.file}: {text}" for tenant in found for text in tenant.emptied), READING)
    if strict and waiting and not invalid:
        raise LossError(
            f"{quantity(waiting, 'profile')} {'has' if waiting == 1 else 'have'} open decisions",
            help=f"see `perimeter365 plan {folder / next(t.file for t in found if t.decisions)}`",
        )
    return INVALID if invalid else 0


def _tenant_lines(found: "Sequence[Tenant]") -> Iterable[str]:
    """Yield aligned lines; an error takes the place of the numbers of a profile."""
    from perimeter365.show.terminal import columns, fold, pad

    wide = max(columns(t.file) for t in found)
    yield f"{pad('profile', wide)}  decide  check  oldest list            changes"
    for tenant in found:
        if tenant.error:
            message = tenant.error.splitlines()[0]
            more = len(tenant.error.splitlines()) > 1
            yield from fold(f"{pad(tenant.file, wide)}  not valid: {message}{' …' if more else ''}", width=10_000)
            continue
        oldest = tenant.oldest
        age = f"{oldest.cloud} {quantity(oldest.days or 0, 'day')}" if oldest else "not known"
        yield (
            f"{pad(tenant.file, wide)}  {len(tenant.decisions):>6}  {tenant.check:>5}  {age:<21}  {_changes(tenant)}"
        ).rstrip()


def _changes(tenant: "Tenant") -> str:
    """Format what a newer list and announced entries change."""
    words = []
    if tenant.coming:
        lists = ", ".join(f"{cloud} {text}" for cloud, text in tenant.coming.items())
        words.append(f"{len(tenant.changes) or 'none'}: {lists}")
    if tenant.first:
        words.append(f"{quantity(tenant.announced, 'entry')} from {tenant.first}")
    return "; ".join(words)
