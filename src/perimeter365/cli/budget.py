"""`perimeter365 budget`: cover the plan's outbound addresses with few prefixes."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import RENDER, declare, json_option, pass_settings, per_cent
from perimeter365.cli._effective import Days, effective_options, plan_for, print_dates
from perimeter365.cli._settings import Settings, print_json
from perimeter365.errors import UnknownNameError
from perimeter365.model.quantity import quantity
from perimeter365.model.scenario import ALL, canonical

if TYPE_CHECKING:
    from perimeter365.plan.budget import Cover
    from perimeter365.plan.plan import Plan

DEFAULT_ROLE = "client"
"""The role whose destinations are covered without --role and --scenario."""


@declare("budget", RENDER)
@click.argument("profile", metavar="PROFILE", type=click.Path(path_type=Path))
@click.option("--max-prefixes", metavar="N", type=click.IntRange(1), help="Use at most N prefixes.")
@click.option(
    "--extra-space",
    metavar="P%",
    callback=per_cent,
    help="Use the fewest prefixes with at most P percent extra addresses.",
)
@click.option("--role", metavar="R", multiple=True, help="Destinations of this own role, or `all`; default: client.")
@click.option("--scenario", metavar="S", multiple=True, help="Destinations of this scenario; default: all of the role.")
@click.option("--family", type=click.Choice(["4", "6"]), default="4", show_default=True, help="IP version.")
@click.option("--svg", metavar="FILE", type=click.Path(path_type=Path), help="Also write the curve as SVG.")
@json_option
@effective_options
@pass_settings
def command(
    settings: Settings,
    profile: Path,
    max_prefixes: int | None,
    extra_space: float | None,
    role: tuple[str, ...],
    scenario: tuple[str, ...],
    family: str,
    svg: Path | None,
    json: bool,
    days: Days,
) -> None:
    """Cover the plan's addresses with few prefixes.

    The plan of PROFILE determines the destination addresses: those of Microsoft that the role `client` connects to, or
    those of --role and --scenario. The prefixes cover all of them and as few extra addresses as possible. Without
    --max-prefixes and --extra-space, plot the number of extra addresses for each number of prefixes.

    Examples:
        perimeter365 budget contoso.toml    # the curve
        perimeter365 budget contoso.toml --max-prefixes 50
        perimeter365 budget contoso.toml --family 6 --extra-space 5%
    """
    from perimeter365.plan.aggregate import destinations
    from perimeter365.plan.budget import cover

    if max_prefixes is not None and extra_space is not None:
        raise click.UsageError("--max-prefixes and --extra-space exclude each other")
    own = settings.load_profile(profile)
    plan = plan_for(settings, own, days)
    print_dates(settings, plan)
    part = _part(plan, role, scenario)
    needed = destinations(part, microsoft=True)
    found = cover(needed, int(family), max_prefixes, extra_space=extra_space)
    whole = cover(needed, int(family))
    if svg:
        from perimeter365.atomic import write
        from perimeter365.plan.curve import curve_svg

        write(svg, curve_svg(whole, f"{plan.organization}: outbound IPv{family} addresses").encode())
        settings.log(f"wrote {svg}")
    if json:
        print_json(
            {
                "family": found.family,
                "needed": found.needed,
                "prefixes": [str(p) for p in found.prefixes],
                "extra": found.extra,
                "curve": [list(point) for point in whole.curve],
            }
        )
    elif max_prefixes is None and extra_space is None:
        from perimeter365.plan.curve import curve_lines

        count = f"{quantity(found.needed, f'IPv{family} address')} {'is' if found.needed == 1 else 'are'} needed"
        print(f"{count}; fewer prefixes cover extra addresses:")
        print(*curve_lines(whole, full="█" if settings.can_print("█") else "#"), sep="\n")
    else:
        print("".join(f"{p}\n" for p in found.prefixes), end="")
        settings.log(f"{quantity(len(found.prefixes), 'prefix')} for {quantity(found.needed, 'address')}")
    _report_extra(settings, found)
    _report_rest(settings, plan, part, int(family), default=not (role or scenario))


def _part(plan: "Plan", roles: tuple[str, ...], scenarios: tuple[str, ...]) -> "Plan":
    """Return the plan with the outbound flows of some roles and scenarios.

    Raises UnknownNameError for a role or scenario without outbound flows.
    """
    outbound = [f for f in plan.flows if f.direction == "outbound"]
    own = {f.source.role for f in outbound}
    names = {canonical(s) for s in scenarios}
    wanted = set(roles) or (own if names else {DEFAULT_ROLE})
    for kind, given, allowed in (
        ("role with outbound flows", set(roles) - {ALL}, own),
        ("scenario with outbound flows", names, {f.scenario for f in outbound}),
    ):
        for name in sorted(given - allowed):
            raise UnknownNameError(kind, name, allowed)
    flows = (f for f in outbound if (ALL in wanted or f.source.role in wanted) and (not names or f.scenario in names))
    return replace(plan, flows=tuple(flows))


def _report_extra(settings: Settings, found: "Cover") -> None:
    """Print what the prefixes open without need."""
    from perimeter365.model.special import SHORTEST_PREFIX

    if found.extra:
        more = ", more than are needed" if found.extra > found.needed else ""
        settings.log(
            f"warning: the prefixes open {quantity(found.extra, 'address')} without need{more} "
            f"({found.per_cent:.3g} % of the addresses needed)"
        )
    if wide := [str(p) for p in found.prefixes if p.length < SHORTEST_PREFIX[p.family]]:
        settings.log(f"warning: no target writes a prefix as wide as {', '.join(wide)}; allow more prefixes")


def _report_rest(settings: Settings, plan: "Plan", part: "Plan", family: int, *, default: bool) -> None:
    """Print which third parties, and by default which roles, are left out."""
    from perimeter365.plan.aggregate import destinations

    others = (destinations(part) - destinations(part, microsoft=True)).size(family)
    if others:
        names = sorted({f.destination.role for f in part.flows if f.destination.third_party and f.destination.prefixes})
        settings.log(f"left out: {quantity(others, 'address')} of third parties ({', '.join(names)})")
    rest = sorted({f.source.role for f in plan.flows if f.direction == "outbound"} - {DEFAULT_ROLE})
    if rest and default:
        settings.log(f"other roles with outbound flows: {', '.join(rest)}; use --role, `all` for all")
