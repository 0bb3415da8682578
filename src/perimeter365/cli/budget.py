"""`perimeter365 budget`: the plan's outbound addresses in few prefixes, and what each prefix less would open besides."""

from pathlib import Path

import click

from perimeter365.cli._command import MAKE, declare, json_option, pass_settings, per_cent
from perimeter365.cli._effective import Days, effective_options, plan_for, say_dates
from perimeter365.cli._settings import Settings, print_json


@declare("budget", MAKE)
@click.argument("profile", metavar="PROFILE", type=click.Path(path_type=Path))
@click.option("--max-prefixes", metavar="N", type=click.IntRange(1), help="The device takes N prefixes.")
@click.option(
    "--extra-space",
    metavar="P%",
    callback=per_cent,
    help="At most P per cent of extra addresses; the fewest prefixes that do.",
)
@click.option("--family", type=click.Choice(["4", "6"]), default="4", show_default=True, help="IPv4 or IPv6.")
@click.option("--svg", metavar="FILE", type=click.Path(path_type=Path), help="Also draw the curve as SVG.")
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

    The addresses are those that the plan of PROFILE connects to; the prefixes open the least possible besides. Without
    a bound, plot the curve: how many addresses that nobody needs each number of prefixes opens.
    """
    from perimeter365.model.special import BOUND
    from perimeter365.plan.aggregate import destinations
    from perimeter365.plan.budget import cover

    if max_prefixes is not None and extra_space is not None:
        raise click.UsageError("--max-prefixes and --extra-space exclude each other")
    own = settings.load_profile(profile)
    plan = plan_for(settings, own, days)
    say_dates(settings, plan)
    needed = destinations(plan)
    found = cover(needed, int(family), max_prefixes, extra_space=extra_space)
    whole = cover(needed, int(family))
    if svg:
        from perimeter365.atomic import write
        from perimeter365.plan.curve import svg as draw

        write(svg, draw(whole, f"{plan.organization}: outbound IPv{family} addresses").encode())
        settings.say(f"the curve is in {svg}")
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
        from perimeter365.plan.curve import terminal

        print(f"{found.needed} IPv{family} addresses are needed; with fewer prefixes, more are opened besides:")
        print(*terminal(whole, full="█" if settings.draws("█") else "#"), sep="\n")
        return
    print("".join(f"{p}\n" for p in found.prefixes), end="")
    settings.say(
        f"{len(found.prefixes)} prefixes for {found.needed} addresses; {found.extra} more are opened "
        f"({found.per_cent:.3g} % of what is needed)"
    )
    if wide := [str(p) for p in found.prefixes if p.length < BOUND[p.family]]:
        settings.say(f"warning: no target writes a prefix as wide as {', '.join(wide)}; take more prefixes")
