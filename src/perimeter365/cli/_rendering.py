"""Writing and summary of rendered files, shared by `render` and `demo`."""

import sys
from pathlib import Path

from perimeter365.cli._settings import Settings
from perimeter365.errors import LossError, MissingExtraError, ValueNeededError, install_command
from perimeter365.show.tables import Table, to_text
from perimeter365.targets.many import RenderBatch
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED
from perimeter365.targets.write import WriteReport, write


def write_many(settings: Settings, many: RenderBatch, folder: Path, *, dry_run: bool, table: bool = True) -> WriteReport:
    """Write all files and print a summary on stderr.

    Raises the first error if every target failed.
    """
    if not many.rendered:
        fail_for(many)
    report = write(many.rendered, folder, dry_run=dry_run)
    shown = [to_text([summary(many)]).rstrip()] if table else []
    settings.log(*shown, *left_out_lines(many), *report_lines(report, folder, dry_run=dry_run))
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
    """Return a table of files, entries, bytes and losses, or the failure, per target."""
    rows = []
    for each in many.rendered:
        kinds = [loss.kind for loss in each.losses]
        losses = ", ".join(f"{kinds.count(k)} {k}" for k in (DROPPED, NARROWED, WIDENED) if k in kinds)
        entries, size = sum(a.entries for a in each.artifacts), sum(len(a.content) for a in each.artifacts)
        rows.append((each.target, str(len(each.artifacts)), str(entries), str(size), losses or "none"))
    rows += [(name, "0", "0", "0", f"failed: {error.code}") for name, error in many.failures.items()]
    return Table(title="Rendered", columns=("target", "files", "entries", "bytes", "losses"), rows=tuple(rows))


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
    made += [f"warning: {folder}/{name} was edited by hand; {would}replaced" for name in report.replaced]
    made += [f"warning: {folder}/{name} is no longer rendered, but was edited by hand; kept" for name in report.kept]
    return made


def fail_for(many: RenderBatch) -> None:
    """Print the failures on stderr and raise the first one. No-op if no target failed.

    The help of targets that need a missing extra is one command that installs all missing extras.
    """
    failures = dict(many.failures)
    if not failures:
        return
    extras = sorted({error.extra for error in failures.values() if isinstance(error, MissingExtraError)})
    steps = {name: error.help for name, error in failures.items()}
    for name, error in failures.items():
        if isinstance(error, MissingExtraError):
            steps[name] = install_command(",".join(extras))
    name = next(iter(failures))
    first, step = failures.pop(name), steps.pop(name)
    for name, error in failures.items():
        print(f"error[{error.code}]: {name}: {error.message}", file=sys.stderr)
    for other in dict.fromkeys(filter(None, steps.values())):
        if other != step:
            print(f"  help: {other}", file=sys.stderr)
    first.help = step
    raise first


def fail_for_losses(many: RenderBatch, where: str) -> None:
    """Raise LossError if there are losses or skipped targets.

    Args:
        many: The result of rendering.
        where: The files that list the losses, for the message.
    """
    parts, steps = [], []
    if many.losses:
        counts = ", ".join(f"{n} {kind}" for kind, n in sorted(many.losses.items()))
        parts.append(f"the targets cannot express the whole plan: {counts}")
        steps.append(f"see {where} for each loss and its reason")
    undecided = {each.id for each in many.warnings if each.open}
    if left_out := {name: error for name, error in many.left_out.items() if name in undecided}:
        parts.append(f"left out: {', '.join(left_out)}")
        extras = {error.extra for error in left_out.values() if isinstance(error, MissingExtraError)}
        steps += [install_command(",".join(sorted(extras)))] if extras else []
        steps += [error.help for error in left_out.values() if isinstance(error, ValueNeededError)]
    if parts:
        raise LossError("; ".join(parts), help="; ".join(steps))
