"""`perimeter365 plan`: the requirements for an organization's network."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from perimeter365.cli._command import RENDER, declare, json_option, pass_settings
from perimeter365.cli._effective import Days, effective_options, plan_for
from perimeter365.cli._settings import Settings

FORMATS = ("table", "json", "csv", "markdown", "html")


DIFFERENT = 1


def complete_scenario(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Complete the names of scenarios."""
    from perimeter365.model.scenario import ALL, SCENARIOS

    return [CompletionItem(name) for name in SCENARIOS if name != ALL and name.startswith(incomplete)]


@declare("plan", RENDER)
@click.argument("profile", metavar="PROFILE", type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="Output format.")
@json_option
@click.option("--full", is_flag=True, help="List every flow with all names and addresses, and every warning.")
@click.option(
    "--scenario", metavar="S", multiple=True, shell_complete=complete_scenario, help="Only this scenario; repeatable."
)
@click.option("--direction", metavar="D", multiple=True, help="Only outbound, inbound or internal flows; repeatable.")
@click.option("--against", metavar="OTHER", help="Print what another profile, version or date would change.")
@click.option("--exit-code", is_flag=True, help="With --against: exit 1 if there is a difference.")
@click.option("--strict", is_flag=True, help="Exit 5 if there is a decision that is not accepted.")
@click.option("--pager/--no-pager", default=True, help="Show a long plan in a pager; only on a terminal.")
@effective_options
@pass_settings
def command(
    settings: Settings,
    profile: Path,
    format: str,
    json: bool,
    full: bool,
    scenario: tuple[str, ...],
    direction: tuple[str, ...],
    against: str | None,
    exit_code: bool,
    strict: bool,
    pager: bool,
    days: Days,
) -> int:
    r"""Print the plan of an organization.

    PROFILE is a file (`perimeter365 init` writes one; `-` is stdin), or a folder of profiles: then each has one line,
    and those that need a person are first.

    The plan begins with what only you can decide, then lists the flows, browser sites and DNS records by scenario, and
    counts what to check. --full lists everything. With synced lists, the plan keeps removed entries for their grace time
    and contains announced entries before their date; both are marked. Format csv contains only the flows (the target
    `csv` also has sites, records and warnings); html is the page of the target `report`.

    Examples:
        perimeter365 plan contoso.toml
        perimeter365 plan contoso.toml --scenario exchange --direction inbound
        perimeter365 plan contoso.toml --against 2026-03-01
    """
    from perimeter365.cli import _plan
    from perimeter365.plan.part import part_of

    if json and format not in ("table", "json"):
        raise click.UsageError(f"--json and --format {format} exclude each other")
    format = "json" if json else format
    part = bool(scenario or direction)
    if part and format == "html":
        raise click.UsageError("--scenario and --direction do not apply to --format html")
    if exit_code and against is None:
        raise click.UsageError("--exit-code needs --against")
    if (against is not None or profile.is_dir()) and (part or format not in ("table", "json")):
        what = "--against" if against is not None else "a folder of profiles"
        raise click.UsageError(f"{what} prints a table or JSON of whole plans")
    if against is not None and (strict or profile.is_dir()):
        raise click.UsageError(f"--against and {'--strict' if strict else 'a folder'} exclude each other")
    _plan.check_names(scenario, direction)
    if profile.is_dir():
        return _plan.print_tenants(settings, profile, days, json=format == "json", strict=strict)
    own = settings.load_profile(profile)
    if against is not None:
        different = _plan.print_comparison(settings, own, against, days, json=format == "json")
        return DIFFERENT if exit_code and different else 0
    plan = plan_for(settings, own, days)
    shown = part_of(plan, scenarios=scenario, directions=direction)
    _plan.print_plan(settings, shown, format, str(profile), days, full=full, pager=pager)
    if others := len(plan.decisions) - len(shown.decisions):
        settings.log(f"of the rest of the plan: {others} to decide")
    if strict:
        _plan.fail_for_decisions(plan.decisions)
    return 0
