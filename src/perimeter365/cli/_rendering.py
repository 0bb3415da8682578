"""Writing and summary of rendered files, shared by `render` and `demo`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from perimeter365.cli._settings import Settings
from perimeter365.errors import (
    LimitError,
    LossError,
    MissingExtraError,
    Perimeter365Error,
    ValueNeededError,
    install_command,
)
from perimeter365.model.quantity import quantity
from perimeter365.plan.plan import PlanWarning
from perimeter365.show.tables import Table, to_text
from perimeter365.targets.many import RenderBatch
from perimeter365.targets.write import WriteReport, write


def write_many(
    settings: Settings, many: RenderBatch, folder: Path, *, dry_run: bool, allow_empty: bool = False, table: bool = True
) -> WriteReport:
    """Write all files and print a summary on stderr.

    Raises the first error if every target failed, and EmptyPlanError as `targets.write`.
    """
    if not many.rendered:
        fail_for(many)
    report = write(many.rendered, folder, dry_run=dry_run, allow_empty=allow_empty)
    shown = [to_text([summary(many)]).rstrip()] if table else []
    settings.log(*shown)
    settings.log(*left_out_lines(many), on_failure=True)
    settings.log(*report_lines(report, folder, dry_run=dry_run))
    return report


def left_out_lines(many: RenderBatch) -> list[str]:
    """Return a line for each target that was left out.

    A target that was left out for several organizations has one line.
    """
    lines: dict[str, list[str]] = {}
    for name, error in many.left_out.items():
        lines.setdefault(f"{error.message}; {error.help}", []).append(name.rpartition("/")[0])
    found = []
    for text, folders in lines.items():
        where = f" for {', '.join(folders)}" if any(folders) else ""
        found.append(f"warning: left out{where}: {text}")
    return found


def summary(many: RenderBatch) -> Table:
    """Return a table of files, entries, bytes and losses, or the failure, per target.

    The last column counts the requirements that the target is not for.
    """
    rows = []
    for each in many.rendered:
        decide = sum(loss.open for loss in each.losses)
        counts = {"to decide": decide, "known": len(each.losses) - decide}
        losses = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        entries, size = sum(a.entries for a in each.artifacts), sum(len(a.content) for a in each.artifacts)
        outside = sum(each.outside.values())
        rows.append((each.target, *map(str, (len(each.artifacts), entries, size)), losses or "none", str(outside)))
    rows += [(name, "0", "0", "0", f"failed: {error.code}", "") for name, error in many.failures.items()]
    return Table(title="Rendered", columns=("target", "files", "entries", "bytes", "losses", "outside"), rows=tuple(rows))


def report_lines(report: WriteReport, folder: Path, *, dry_run: bool) -> list[str]:
    """Describe what was written, removed and kept."""
    would = "would be " if dry_run else ""
    if not (report.written or report.removed):
        count = len(report.unchanged)
        what = f"the file in {folder} is" if count == 1 else f"all {count} files in {folder} are"
        made = [f"unchanged: {what} up to date"]
    else:
        parts = [f"{len(report.written)} {would}written", f"{len(report.unchanged)} unchanged"]
        parts += [f"{len(report.removed)} {would}removed"] if report.removed else []
        made = [f"files in {folder}: {', '.join(parts)}"]
    made += [
        f"warning: {folder} had the files of {name!r}, {would}replaced; give each organization a folder of its own with -o"
        for name in report.others
    ]
    made += [f"warning: {folder}/{name} was edited by hand; {would}replaced" for name in report.replaced]
    made += [f"warning: {folder}/{name} is no longer rendered, but was edited by hand; kept" for name in report.kept]
    return made


def fail_for(many: RenderBatch) -> None:
    """Raise the failure of the targets. No-op if no target failed.

    Of several failures, the most serious one is raised, and the others are printed on stderr, one line each. Each help is
    given once, by the error that is raised: limits are raised by one command line, and one command installs all extras.
    """
    failures = many.failures
    if not failures:
        return
    steps: dict[str, list[str]] = {}
    for error in failures.values():
        steps.setdefault(_step(error), []).append(error.option if isinstance(error, LimitError) else "")
    if extras := sorted({error.extra for error in failures.values() if isinstance(error, MissingExtraError)}):
        steps[install_command(",".join(extras))] = []
    raised = max(reversed([*failures.values()]), key=lambda error: error.exit_code)
    for name, error in failures.items():
        if error is not raised:
            print(f"error[{error.code}]: {name}: {error.message.removeprefix(f'{name}: ')}", file=sys.stderr)
    advice = (LimitError.advice(step, filter(None, options)) for step, options in steps.items())
    raised.help = "\n".join(filter(None, advice))
    raise raised


def _step(error: Perimeter365Error) -> str:
    """Return the help of a failure without what differs between targets."""
    if isinstance(error, MissingExtraError):
        return ""  # one command for all of them
    return error.proposal if isinstance(error, LimitError) else error.help


def fail_for_decisions(decisions: Sequence[PlanWarning], many: RenderBatch, where: str) -> None:
    """Raise LossError if something is to be decided, or if targets were skipped.

    Args:
        decisions: Those of the plan, or of all plans that were rendered.
        many: The result of rendering.
        where: What lists the losses, for the message.
    """
    parts, steps = [], []
    if decisions:
        codes = ", ".join(sorted({warning.code for warning in decisions}))
        parts.append(f"{quantity(len(decisions), 'decision')} of the plan: {codes}")
        steps.append("see `perimeter365 plan` for each")
    if many.decisions:
        names = [f"{target}/{loss.reason}" for target, loss in many.decisions]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        parts.append(f"{quantity(len(names), 'loss')} to decide: {', '.join(names[:3])}{more}")
        steps.append(f"see {where}; to acknowledge one, write [[accept]] into the profile")
    undecided = {each.id for each in many.warnings if each.open}
    if left_out := {name: error for name, error in many.left_out.items() if name in undecided}:
        parts.append(f"left out: {', '.join(left_out)}")
        extras = {error.extra for error in left_out.values() if isinstance(error, MissingExtraError)}
        steps += [install_command(",".join(sorted(extras)))] if extras else []
        steps += [error.help for error in left_out.values() if isinstance(error, ValueNeededError)]
    if parts:
        raise LossError("; ".join(parts), help="; ".join(steps))
