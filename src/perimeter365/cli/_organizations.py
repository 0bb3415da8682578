"""`render` for several organizations: a folder for each, all written or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perimeter365.cli._age import note_age
from perimeter365.cli._effective import Days, plan_for, print_dates
from perimeter365.cli._rendering import fail_for, fail_for_decisions, left_out_lines, report_lines
from perimeter365.cli._settings import Settings
from perimeter365.errors import ProfileError
from perimeter365.show.tables import Table, to_text
from perimeter365.targets.many import RenderBatch, Styles, render_many
from perimeter365.targets.organizations import organization_folders, profile_files
from perimeter365.targets.write import write_organizations

if TYPE_CHECKING:
    from perimeter365.plan.plan import Plan
    from perimeter365.plan.profile import Profile


def are_several(profiles: Sequence[Path]) -> bool:
    """Return whether each organization gets its own folder.

    That is so for several profiles, and for a folder of them.
    """
    return len(profiles) > 1 or profiles[0].is_dir()


def render_organizations(
    settings: Settings,
    profiles: Sequence[Path],
    names: Sequence[str],
    styles_of: Callable[[str], Styles],
    optional: frozenset[str],
    output: Path,
    days: Days,
    *,
    dry_run: bool,
    allow_empty: bool,
    strict: bool,
) -> None:
    """Render all organizations, write them together, and print a line for each.

    Nothing is written if a profile has problems, or a target fails for one of them.

    Args:
        settings: the shared options.
        profiles: files and folders of profiles.
        names: the targets.
        styles_of: the styles for the folder of an organization, "alpha".
        optional: targets that may be left out.
        output: the output folder.
        days: the effective-date options.
        dry_run: whether to write nothing.
        allow_empty: whether to write a plan without outbound flows over one that had some.
        strict: whether losses and skipped targets fail.
    """
    if any(str(profile) == "-" for profile in profiles):
        raise click.UsageError("stdin is one profile: give files or a folder for several organizations")
    files = organization_folders(profile_files(profiles))
    plans = {folder: plan_for(settings, own, days, quiet=True) for folder, own in _load(settings, files).items()}
    versions = {c: v for plan in plans.values() for c, v in plan.versions.items()}
    note_age(settings.workspace.ages(versions), quiet=settings.quiet, chosen=True)
    constraints = settings.workspace.constraints
    batches = {
        folder: render_many(plan, names, styles_of(folder), optional, constraints=constraints)
        for folder, plan in plans.items()
    }
    whole = _joined(batches)
    for name, error in whole.failures.items():
        error.message = f"{name}: {error.message}"
    fail_for(whole)
    rendered = {f: batch.rendered for f, batch in batches.items()}
    report = write_organizations(rendered, output, dry_run=dry_run, allow_empty=allow_empty)
    rows = [_row(folder, plans[folder], batch) for folder, batch in batches.items()]
    columns = ("folder", "organization", "targets", "files", "entries", "losses", "to decide")
    table = Table(title=f"Organizations ({len(rows)})", columns=columns, rows=tuple(rows))
    settings.log(to_text([table]).rstrip(), *left_out_lines(whole), *report_lines(report, output, dry_run=dry_run))
    for plan in plans.values():
        print_dates(settings, plan)
    if strict:
        decisions = [warning for plan in plans.values() for warning in plan.decisions]
        fail_for_decisions(decisions, whole, f"`perimeter365 losses {output}/ORGANIZATION`")


def _load(settings: Settings, files: Mapping[str, Path]) -> "dict[str, Profile]":
    """Load all profiles. Raises one ProfileError with the problems of all of them."""
    found: dict[str, Profile] = {}
    errors: list[ProfileError] = []
    for folder, path in files.items():
        try:
            found[folder] = settings.load_profile(path)
        except ProfileError as error:
            errors.append(error)
    if errors:
        problems = tuple(problem for error in errors for problem in error.problems)
        raise ProfileError("\n".join(error.message for error in errors), problems=problems)
    return found


def _joined(batches: Mapping[str, RenderBatch]) -> RenderBatch:
    """Return the batches of all organizations as one, with targets like `alpha/frr`."""
    return RenderBatch(
        rendered=tuple(each for batch in batches.values() for each in batch.rendered),
        failures={f"{folder}/{name}": e for folder, batch in batches.items() for name, e in batch.failures.items()},
        left_out={f"{folder}/{name}": e for folder, batch in batches.items() for name, e in batch.left_out.items()},
        warnings=tuple(
            replace(each, id=f"{folder}/{each.id}") for folder, batch in batches.items() for each in batch.warnings
        ),
    )


def _row(folder: str, plan: "Plan", batch: RenderBatch) -> tuple[str, ...]:
    """Return the line of an organization."""
    artifacts = [artifact for each in batch.rendered for artifact in each.artifacts]
    decisions = len(plan.decisions) + len(batch.decisions) + sum(each.open for each in batch.warnings)
    counts = (len(batch.rendered), len(artifacts), sum(a.entries for a in artifacts), len(batch.losses), decisions)
    return folder, plan.organization, *map(str, counts)
