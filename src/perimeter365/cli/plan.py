"""`perimeter365 plan`: the requirements for an organization's network."""

from pathlib import Path

import click

from perimeter365.cli._command import RENDER, declare, pass_settings
from perimeter365.cli._effective import Days, effective_options, plan_for, print_dates
from perimeter365.cli._settings import Settings
from perimeter365.model.quantity import quantity

FORMATS = ("table", "json", "csv", "markdown", "html")

FILES = {"csv": ("csv", "flows.csv"), "html": ("report", "index.html")}
"""Formats that are rendered by a target: target and file name."""


@declare("plan", RENDER)
@click.argument("profile", metavar="PROFILE", type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="Output format.")
@click.option("--strict", is_flag=True, help="Exit 5 if a warning means that a requested item is missing.")
@effective_options
@pass_settings
def command(settings: Settings, profile: Path, format: str, strict: bool, days: Days) -> None:
    """Print the plan of PROFILE.

    The plan lists flows, browser sites, DNS records and warnings. `perimeter365 init` writes a profile template; `-`
    reads a profile from stdin. With synced lists, the plan keeps removed entries for their grace time and contains
    announced entries before their date; both are marked. Format csv contains only the flows (the target `csv` also has
    sites, records and warnings); html is the page of the target `report`.
    """
    from perimeter365.errors import LossError
    from perimeter365.plan.plan import DECIDE
    from perimeter365.plan.tables import tables
    from perimeter365.show.tables import to_markdown

    own = settings.load_profile(profile)
    plan = plan_for(settings, own, days)
    if format == "json":
        print(plan.to_json(), end="")
    elif format == "markdown":
        print(to_markdown(tables(plan), plan.title()), end="")
    elif format == "table":
        settings.print_tables(tables(plan))
    else:
        target, name = FILES[format]
        click.echo(next(a.content for a in settings.workspace.render(plan, target).artifacts if a.name == name), nl=False)
    if format not in ("table", "markdown", "html"):
        print_dates(settings, plan)
    missing = [w for w in plan.warnings if w.code in DECIDE]
    if strict and missing:
        codes = sorted({w.code for w in missing})
        count = quantity(len(missing), "warning")
        raise LossError(
            f"{count} {'means' if len(missing) == 1 else 'mean'} that requested items are missing: {', '.join(codes)}",
            help=f"see `perimeter365 explain {codes[0]}`",
        )
    if plan.warnings and format != "table":
        them = "it" if len(plan.warnings) == 1 else "them"
        settings.log(f"the plan has {quantity(len(plan.warnings), 'warning')}; --format table shows {them}")
