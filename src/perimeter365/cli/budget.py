"""`perimeter365 budget`: cover the plan's outbound addresses with few prefixes."""

from pathlib import Path

import click

from perimeter365.cli._command import RENDER, declare, json_option, pass_settings, per_cent
from perimeter365.cli._effective import Days, effective_options, plan_for, print_dates
from perimeter365.cli._settings import Settings, print_json
from perimeter365.model.quantity import quantity


@declare("budget", RENDER)
@click.argument("profile", metavar="PROFILE", type=click.Path(path_type=Path))
@click.option("--max-prefixes", metavar="N", type=click.IntRange(1), help="Use at most N prefixes.")
@click.option(
    "--extra-space",
    metavar="P%",
    callback=per_cent,
    help="Use the fewest prefixes with at most P percent extra addresses.",
)
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
    family: str,
    svg: Path | None,
    json: bool,
    days: Days,
) -> None:
    """Cover the plan's addresses with few prefixes.

    The plan of PROFILE determines the destination addresses. The prefixes cover all of them and as few extra addresses
    as possible. Without --max-prefixes and --extra-space, plot the number of extra addresses for each number of prefixes.
    """
    from perimeter365.model.special import SHORTEST_PREFIX
    from perimeter365.plan.aggregate import destinations
    from perimeter365.plan.budget import cover

    if max_prefixes is not None and extra_space is not None:
        raise click.UsageError("--max-prefixes and --extra-space exclude each other")
    own = settings.load_profile(profile)
    plan = plan_for(settings, own, days)
    print_dates(settings, plan)
    needed = destinations(plan)
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
        return
    if max_prefixes is None and extra_space is None:
        from perimeter365.plan.curve import curve_lines

        count = f"{quantity(found.needed, f'IPv{family} address')} {'is' if found.needed == 1 else 'are'} needed"
        print(f"{count}; fewer prefixes cover extra addresses:")
        print(*curve_lines(whole, full="█" if settings.can_print("█") else "#"), sep="\n")
        return
    print("".join(f"{p}\n" for p in found.prefixes), end="")
    settings.log(
        f"{quantity(len(found.prefixes), 'prefix')} for {quantity(found.needed, 'address')}; "
        f"{quantity(found.extra, 'extra address')} "
        f"({found.per_cent:.3g} % of the addresses needed)"
    )
    if wide := [str(p) for p in found.prefixes if p.length < SHORTEST_PREFIX[p.family]]:
        settings.log(f"warning: no target writes a prefix as wide as {', '.join(wide)}; allow more prefixes")
