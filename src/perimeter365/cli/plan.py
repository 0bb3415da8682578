"""`perimeter365 plan`: what one organization's network has to provide, with reasons and warnings."""

from pathlib import Path

import click

from perimeter365.cli._command import MAKE, declare, pass_settings
from perimeter365.cli._effective import Days, effective_options, plan_for, say_dates
from perimeter365.cli._settings import Settings

FORMATS = ("table", "json", "csv", "markdown", "html")

FILES = {"csv": ("csv", "flows.csv"), "html": ("report", "index.html")}
"""Formats that are a file of a target."""


@declare("plan", MAKE)
@click.argument("profile", metavar="PROFILE", type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print it.")
@click.option("--strict", is_flag=True, help="Exit 5 when a warning means that something asked for is missing.")
@effective_options
@pass_settings
def command(settings: Settings, profile: Path, format: str, strict: bool, days: Days) -> None:
    """Print the plan of PROFILE.

    It tells who may connect to whom, the browser sites, the DNS records, and warnings. `perimeter365 init` writes a
    profile; `-` reads one from stdin. Where lists are synced, what Microsoft has removed is kept for its grace time, and
    what it has announced is taken ahead; the plan says which entries these are. Format csv is the flows alone (the
    target `csv` has sites, records and warnings too), and html is the page of the target `report`.
    """
    from perimeter365.errors import LossError
    from perimeter365.plan.plan import UNRESOLVED
    from perimeter365.plan.tables import tables
    from perimeter365.show.tables import to_markdown

    own = settings.load_profile(profile)
    plan = plan_for(settings, own, days)
    if format == "json":
        print(plan.to_json(), end="")
    elif format == "markdown":
        print(to_markdown(tables(plan), plan.title()), end="")
    elif format == "table":
        settings.tables(tables(plan))
    else:
        target, name = FILES[format]
        click.echo(next(a.content for a in settings.workspace.render(plan, target).artifacts if a.name == name), nl=False)
    if format not in ("table", "markdown", "html"):
        say_dates(settings, plan)
    missing = [w for w in plan.warnings if w.code in UNRESOLVED]
    if strict and missing:
        codes = sorted({w.code for w in missing})
        raise LossError(
            f"{len(missing)} warnings mean that something asked for is missing: {', '.join(codes)}",
            help=f"`perimeter365 explain {codes[0]}` says what to do",
        )
    if plan.warnings and format != "table":
        settings.say(f"{len(plan.warnings)} warnings; they are part of the plan (--format table shows them)")
