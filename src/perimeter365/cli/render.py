"""`perimeter365 render`: the files of targets, written all or not at all."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from perimeter365.cli._command import MAKE, declare, pass_settings, per_cent
from perimeter365.cli._effective import Days, effective_options, plan_for, say_dates
from perimeter365.cli._settings import Settings

if TYPE_CHECKING:
    from perimeter365.targets.many import RenderBatch, Styles


def complete_target(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Names of targets, for a shell."""
    from perimeter365.targets import targets

    return [CompletionItem(name) for name in [*targets, "all"] if name.startswith(incomplete)]


@declare("render", MAKE)
@click.argument("target", metavar="TARGET...", nargs=-1, required=True, shell_complete=complete_target)
@click.option("--profile", required=True, type=click.Path(path_type=Path), help="The organization's profile.")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default="out",
    show_default=True,
    help="The folder to write below.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit 5 when something could not be said exactly, or a target was left out; the files are written.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; list files, entries, bytes and limits.")
@click.option("--stdout", is_flag=True, help="Print the file of a target that makes one, and write nothing.")
@click.option("-O", "--option", metavar="TARGET.KEY=VALUE", multiple=True, help="Set an option of a target.")
@click.option("--limit", metavar="TARGET.KEY=N", multiple=True, help="Change a limit of a target's device.")
@click.option("--allow-widen", is_flag=True, help="Open a host that a device cannot say exactly wider; a loss says so.")
@click.option(
    "--observed",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Names seen on this network, for devices without wildcards.",
)
@click.option("--max-prefixes", metavar="N", type=click.IntRange(1), help="Fit outbound addresses into N prefixes a family.")
@click.option("--extra-space", metavar="P%", callback=per_cent, help="Join prefixes, opening at most P per cent besides.")
@click.option("--jointly", is_flag=True, help="With --max-prefixes: N is for both families together.")
@click.option(
    "--since",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Firewalls: also the commands from the render in DIR to this one, additions first.",
)
@effective_options
@pass_settings
def command(
    settings: Settings,
    target: tuple[str, ...],
    profile: Path,
    output: Path,
    strict: bool,
    dry_run: bool,
    stdout: bool,
    option: tuple[str, ...],
    limit: tuple[str, ...],
    allow_widen: bool,
    observed: Path | None,
    max_prefixes: int | None,
    extra_space: float | None,
    jointly: bool,
    since: Path | None,
    days: Days,
) -> None:
    """Write the files of TARGETS; `all` is every one.

    `perimeter365 targets` lists them. Of `all`, a target whose extra is not installed is left out with a warning. Each
    gets a folder of its own below DIR. Files are written all or none; those that hold the same already are left alone.
    What a format cannot say is counted as a loss and told in losses.json beside the files. Where lists are synced,
    removed entries are kept for their grace time and announced ones taken ahead: render each day, so that nothing is
    kept for longer.
    """
    from perimeter365.cli._rendering import fail_for, fail_for_losses, write_many
    from perimeter365.plan.aggregate import Budget
    from perimeter365.plan.observed import load_observed
    from perimeter365.targets import Style, targets
    from perimeter365.targets.many import Styles, expand_names, implied_names, render_many
    from perimeter365.targets.since import load_render, supports_since

    names = expand_names(target)
    limits = {t: {k: _number(v, f"{t}.{k}") for k, v in pairs.items()} for t, pairs in _pairs("--limit", limit).items()}
    bounded = max_prefixes is not None or extra_space is not None
    common = Style(
        allow_widen=allow_widen,
        observed=load_observed(observed) if observed else None,
        budget=Budget(most=max_prefixes, extra_space=extra_space, jointly=jointly) if bounded else None,
    )
    earlier = {name: load_render(since, targets[name]) for name in names if supports_since(targets[name])} if since else {}
    if since and not earlier:
        raise click.UsageError("--since is for firewalls, and none is among the targets")
    styles = Styles(common=common, options=_pairs("--option", option), limits=limits, since=earlier)
    own = settings.load_profile(profile)
    plan = plan_for(settings, own, days)
    many = render_many(plan, names, styles, implied_names(target), constraints=settings.workspace.constraints)
    say_dates(settings, plan)
    if stdout:
        _print_one(many)
    else:
        write_many(settings, many, output, dry_run=dry_run)
        if dry_run:
            _list(settings, many, styles)
    fail_for(many)
    if strict:
        where = "losses.json of each target" if stdout or dry_run else f"{output}/TARGET/losses.json"
        fail_for_losses(many, where)


def _pairs(flag: str, words: Iterable[str]) -> dict[str, dict[str, str]]:
    """TARGET.KEY=VALUE words as target -> key -> value."""
    made: dict[str, dict[str, str]] = {}
    for word in words:
        place, equals, value = word.partition("=")
        target, dot, key = place.partition(".")
        if not (equals and dot and target and key):
            raise click.BadParameter(f"{word!r} is not TARGET.KEY=VALUE", param_hint=flag)
        made.setdefault(target, {})[key] = value
    return made


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise click.BadParameter(f"{text!r} is not a number for {what}", param_hint="--limit")
    return int(text)


def _print_one(many: "RenderBatch") -> None:
    files = [(each.target, artifact) for each in many.rendered for artifact in each.artifacts]
    if len(files) != 1 and not many.failures:
        names = ", ".join(f"{target}/{artifact.name}" for target, artifact in files[:5])
        raise click.UsageError(f"--stdout prints one file, and these are {len(files)}: {names}{', …' * (len(files) > 5)}")
    for _, artifact in files[:1]:
        click.echo(artifact.content, nl=False)


def _list(settings: Settings, many: "RenderBatch", styles: "Styles") -> None:
    """The files of a dry run, beside their device's limits."""
    from perimeter365.show.tables import Table
    from perimeter365.targets import targets

    rows = []
    for each in many.rendered:
        maker = targets[each.target](styles.of(each.target))
        for artifact in each.artifacts:
            bounds = [f"{key} {maker.limit(key)}" for key in maker.limits]
            rows.append(
                (f"{each.target}/{artifact.name}", str(artifact.entries), str(len(artifact.content)), ", ".join(bounds))
            )
    columns = ("file", "entries", "bytes", "limits")
    settings.tables([Table(title=f"Files ({len(rows)})", columns=columns, rows=tuple(rows))])
