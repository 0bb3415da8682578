"""`perimeter365 demo`: render the example organization to every target."""

from pathlib import Path

import click

from perimeter365.cli._command import RENDER, declare, pass_settings
from perimeter365.cli._effective import plan_for
from perimeter365.cli._settings import Settings

HIGHLIGHTS = {
    "report/index.html": "the perimeter as a web page",
    "nftables/perimeter365.nft": "firewall rules, each with its reason",
    "pac/proxy.pac": "what goes direct and what goes through the proxy",
    "csv/flows.csv": "all flows, for a spreadsheet",
}
"""Files that the output points to, with a description."""


@declare("demo", RENDER)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default="out",
    show_default=True,
    help="Output folder.",
)
@pass_settings
def command(settings: Settings, output: Path) -> None:
    """Render an example organization to every target.

    No network access or profile is needed: the example is part of the package.

    Examples:
        perimeter365 demo
        perimeter365 demo -o example
    """
    from perimeter365.cli._losses import counts_line
    from perimeter365.cli._rendering import fail_for, write_many
    from perimeter365.plan.profile import parse_profile
    from perimeter365.targets.many import Styles, expand_names, implied_names, render_many
    from perimeter365.targets.target import ALL

    profile = parse_profile(example(), "contoso.toml")
    plan = plan_for(settings, profile)
    many = render_many(plan, expand_names([ALL]), Styles(), implied_names([ALL]), constraints=settings.workspace.constraints)
    write_many(settings, many, output, dry_run=False, table=False)
    counts = [f"{sum(f.direction == d for f in plan.flows)} {d}" for d in ("outbound", "inbound", "internal")]
    print(plan.title())
    print(
        f"  {len(plan.flows)} flows ({', '.join(counts)}), {len(plan.sites)} browser sites, {len(plan.records)} DNS records"
    )
    print(f"  {len(many.rendered)} targets; `perimeter365 losses {output}` lists what they cannot express")
    print("See:")
    width = max(len(str(output / name)) for name in HIGHLIGHTS)
    for name, what in HIGHLIGHTS.items():
        if (output / name).is_file():
            print(f"  {output / name!s:<{width}}  {what}")
    print(counts_line(plan.warnings, many))
    fail_for(many)


def example() -> str:
    """Return the text of examples/contoso.toml from the package."""
    from importlib.resources import files

    return files("perimeter365.cli").joinpath("contoso.toml").read_text(encoding="utf-8")
