"""`perimeter365 render`: write the files of targets, all or none."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import RENDER, declare, pass_settings, per_cent
from perimeter365.cli._complete import complete_limit, complete_option, complete_targets
from perimeter365.cli._effective import Days, effective_options, plan_for, print_dates
from perimeter365.cli._settings import Settings
from perimeter365.errors import LossError

if TYPE_CHECKING:
    from perimeter365.plan.plan import Plan
    from perimeter365.targets.many import RenderBatch, Styles


@declare("render", RENDER)
@click.argument("target", metavar="TARGET...", nargs=-1, required=True, shell_complete=complete_targets)
@click.option(
    "--profile",
    required=True,
    multiple=True,
    metavar="FILE|DIR",
    type=click.Path(path_type=Path),
    help="Profile of the organization; for several, repeat it or name a folder of them.",
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default="out",
    show_default=True,
    help="Output folder.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit 5 if a person has to decide something, or a target was skipped; the files are still written.",
)
@click.option("--dry-run", is_flag=True, help="List files, entries, bytes and limits without writing.")
@click.option("--stdout", is_flag=True, help="Print the only file of a target on stdout instead of writing it.")
@click.option(
    "-O",
    "--option",
    metavar="TARGET.KEY=VALUE",
    multiple=True,
    shell_complete=complete_option,
    help="Set an option of a target; repeatable.",
)
@click.option(
    "--limit",
    metavar="TARGET.KEY=N",
    multiple=True,
    shell_complete=complete_limit,
    help="Change a device limit of a target; repeatable.",
)
@click.option(
    "--allow-widen", is_flag=True, help="Widen hosts that a device cannot express exactly; each is reported as a loss."
)
@click.option(
    "--allow-empty",
    is_flag=True,
    help="Also write files that would refuse everything, or everything of one IP version, and a plan whose outbound flows "
    "are all gone since the last render.",
)
@click.option(
    "--observed",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File of host names observed on this network, for devices without wildcards.",
)
@click.option(
    "--max-prefixes", metavar="N", type=click.IntRange(1), help="Fit outbound addresses into N prefixes per IP version."
)
@click.option(
    "--extra-space", metavar="P%", callback=per_cent, help="Merge prefixes with at most P percent extra addresses."
)
@click.option("--jointly", is_flag=True, help="With --max-prefixes: N is the total for both IP versions.")
@click.option(
    "--since",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Firewalls: also write the commands that change the files in DIR to these, additions first.",
)
@effective_options
@pass_settings
def command(
    settings: Settings,
    target: tuple[str, ...],
    profile: tuple[Path, ...],
    output: Path,
    strict: bool,
    dry_run: bool,
    stdout: bool,
    option: tuple[str, ...],
    limit: tuple[str, ...],
    allow_widen: bool,
    allow_empty: bool,
    observed: Path | None,
    max_prefixes: int | None,
    extra_space: float | None,
    jointly: bool,
    since: Path | None,
    days: Days,
) -> None:
    """Write the files of TARGETs; `all` means every one.

    With several profiles, or a folder of them, each organization has a folder named after its file, and all are written
    or none.

    `perimeter365 targets` lists them. Each target has its own folder in DIR. All files are written, or none; unchanged
    files are not rewritten. With `all`, a target whose extra is not installed is skipped with a warning. What a format
    cannot express is a loss: the summary lists first what a person has to decide; `perimeter365 losses DIR` lists all.
    With synced lists, removed entries are kept for their grace time and announced entries are opened before their date:
    render daily, so that no entry is kept longer.

    Examples:
        perimeter365 render nftables pac --profile contoso.toml
        perimeter365 render all --profile contoso.toml -o out --strict
        perimeter365 render csv --profile contoso.toml --dry-run
    """
    from perimeter365.cli._losses import batch_lines
    from perimeter365.cli._organizations import are_several, render_organizations
    from perimeter365.cli._rendering import fail_for, fail_for_decisions, write_many
    from perimeter365.plan.aggregate import Budget
    from perimeter365.plan.observed import load_observed
    from perimeter365.targets import Style, targets
    from perimeter365.targets.many import Styles, expand_names, implied_names, render_many
    from perimeter365.targets.since import load_render, supports_since

    names = expand_names(target)
    limits = {t: {k: _number(v, f"{t}.{k}") for k, v in pairs.items()} for t, pairs in _pairs("--limit", limit).items()}
    bounded = max_prefixes is not None or extra_space is not None
    seen = load_observed(observed) if observed else None
    if seen and seen.unreadable:
        print(f"warning: {observed}: {seen.unreadable_text}", file=sys.stderr)
    common = Style(
        allow_widen=allow_widen,
        allow_empty=allow_empty,
        observed=seen,
        budget=Budget(most=max_prefixes, extra_space=extra_space, jointly=jointly) if bounded else None,
    )
    changing = [name for name in names if supports_since(targets[name])] if since else []
    if since and not changing:
        raise click.UsageError(
            "--since needs a target with files of changes; `perimeter365 targets NAME` says which have them"
        )
    if not (stdout or dry_run):
        _check_since(since, output, changing)
    keeping = [name for name in names if targets[name].keeps]

    def styles_of(folder: str) -> Styles:
        earlier = {name: load_render(since / folder, targets[name]) for name in changing} if since else {}
        kept = _kept(keeping, since / folder if since else None, output / folder)
        return Styles(common=common, options=_pairs("--option", option), limits=limits, kept=kept, since=earlier)

    if are_several(profile):
        if stdout:
            raise click.UsageError("--stdout prints the file of one organization")
        optional = implied_names(target)
        render_organizations(
            settings,
            profile,
            names,
            styles_of,
            optional,
            output,
            days,
            dry_run=dry_run,
            allow_empty=allow_empty,
            strict=strict,
        )
        return
    styles = styles_of("")
    own = settings.load_profile(profile[0])
    plan = plan_for(settings, own, days)
    many = render_many(plan, names, styles, implied_names(target), constraints=settings.workspace.constraints)
    print_dates(settings, plan)
    if stdout:
        _print_one(many)
    else:
        if many.rendered:
            write_many(settings, many, output, dry_run=dry_run, allow_empty=allow_empty)
        if dry_run:
            _list(settings, plan, many, styles)
    settings.log(*[""] * bool(many.rendered), *batch_lines(plan, many))
    fail_for(many)
    if strict:
        where = "the summary" if stdout or dry_run else f"`perimeter365 losses {output}`"
        fail_for_decisions(plan.decisions, many, where)
        if seen and seen.unreadable:
            raise LossError(f"{observed}: {seen.unreadable_text}", help="remove or correct these lines")


def _check_since(since: Path | None, output: Path, names: list[str]) -> None:
    """Raise UsageError if --since names the folder that is written to.

    Or if that is so of the folder of a target.
    """
    if since and any((since / name).resolve() == (output / name).resolve() for name in ("", *names)):
        raise click.UsageError(
            "--since names the folder that this command writes to, so a second run would lose changes that were not loaded "
            f"yet; write to another folder with -o, load it, and then replace {since} by it"
        )


def _kept(names: list[str], device: Path | None, output: Path) -> dict[str, Mapping[str, int]]:
    """Return the numbers that targets keep.

    They are those of the output folder, and of the folder of --since.
    """
    from perimeter365.targets import targets
    from perimeter365.targets.since import load_kept, merge_kept

    kept = {name: load_kept(output, targets[name]) for name in names}
    if device:
        kept = {name: merge_kept(targets[name], load_kept(device, targets[name]), kept[name]) for name in names}
    return kept


def _pairs(flag: str, words: Iterable[str]) -> dict[str, dict[str, str]]:
    """Parse TARGET.KEY=VALUE words as target -> key -> value."""
    made: dict[str, dict[str, str]] = {}
    for word in words:
        place, equals, value = word.partition("=")
        target, dot, key = place.partition(".")
        if not (equals and dot and target and key):
            raise click.BadParameter(f"{word!r} is not TARGET.KEY=VALUE", param_hint=flag)
        if key in made.setdefault(target, {}):
            raise click.BadParameter(f"{target}.{key} was given more than once; it takes one value", param_hint=flag)
        made[target][key] = value
    return made


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise click.BadParameter(f"{text!r} is not a number for {what}", param_hint="--limit")
    return int(text)


def _print_one(many: "RenderBatch") -> None:
    files = [(each.target, artifact) for each in many.rendered for artifact in each.artifacts]
    if len(files) != 1 and not many.failures:
        names = ", ".join(f"{target}/{artifact.name}" for target, artifact in files[:5])
        raise click.UsageError(f"--stdout prints one file, but there are {len(files)}: {names}{', …' * (len(files) > 5)}")
    for _, artifact in files[:1]:
        click.echo(artifact.content, nl=False)


def _list(settings: Settings, plan: "Plan", many: "RenderBatch", styles: "Styles") -> None:
    """Print the files of a dry run with the limits of their devices."""
    from perimeter365.show.tables import Table
    from perimeter365.targets import PlanRenderer

    rows, renderer = [], PlanRenderer(plan)
    for each in many.rendered:
        maker = renderer.prepare(each.target, styles.of(each.target))
        for artifact in each.artifacts:
            bounds = [f"{key} {maker.limit(key)}" for key in maker.limits]
            rows.append(
                (f"{each.target}/{artifact.name}", str(artifact.entries), str(len(artifact.content)), ", ".join(bounds))
            )
    columns = ("file", "entries", "bytes", "limits")
    settings.print_tables([Table(title=f"Files ({len(rows)})", columns=columns, rows=tuple(rows))])
