"""Losses and decisions as text, shared by `render`, `demo` and `losses`."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from perimeter365.errors import EmptyArtifactError
from perimeter365.model.quantity import quantity
from perimeter365.plan.plan import Plan, PlanWarning
from perimeter365.targets.loss import Loss, RecordedLosses
from perimeter365.targets.many import RenderBatch

WIDTH = 80
MOST = 6
"""Ids and subjects that are printed of a loss; losses.json has all."""


def batch_lines(plan: Plan, batch: RenderBatch) -> Iterator[str]:
    """Yield the decisions, then what is known, then the counts.

    A decision has a line of its own; what is known has a line for each reason.
    """
    for warning in plan.decisions:
        about = "" if warning.message.startswith(f"{warning.id}: ") else f"{warning.id}: "
        yield from _folded(f"decide  {warning.code}  {about}{warning.message}")
    for name, error in _refused(batch):
        yield from _folded(f"decide  {error.message}; {error.help}".replace(f"{name}: ", f"{name}  ", 1))
    for target, loss in batch.decisions:
        yield from _folded(f"decide  {target}/{loss.reason}  {_what(loss)}: {_some(loss.ids, 2)}")
    for warning in batch.warnings:
        word = "decide" if warning.open else "check"
        if warning.open or warning.level == "check":
            # The line about a target that was left out has the remedy already (`_rendering.left_out_lines`).
            step = f"; {warning.remedy}" if warning.remedy and warning.id not in batch.left_out else ""
            yield from _folded(f"{word:<6}  {warning.code}  {warning.message}{step}")
    known = [(target, loss) for target, loss in batch.losses if not loss.open]
    by_reason: dict[str, list[tuple[str, Loss]]] = {}
    for target, loss in known:
        by_reason.setdefault("accepted" if loss.accepted else loss.reason, []).append((target, loss))
    width = max(map(len, by_reason), default=0)
    for reason, some in sorted(by_reason.items()):
        ids = {identity for _, loss in some for identity in loss.ids}
        targets = len({target for target, _ in some})
        yield f"known   {reason:<{width}}  {quantity(targets, 'target')}, {quantity(len(ids), 'requirement')}"
    yield counts_line(plan.warnings, batch)


def counts_line(warnings: Iterable[PlanWarning], batch: RenderBatch) -> str:
    """Return `N to decide, N to check, N noted` for a plan and a batch."""
    warnings = tuple(warnings)
    warnings += batch.warnings
    decide = sum(w.open for w in warnings) + len(batch.decisions) + len(tuple(_refused(batch)))
    check = sum(w.level == "check" for w in warnings)
    notes = sum(not w.open and w.level != "check" for w in warnings) + sum(not loss.open for _, loss in batch.losses)
    return f"{decide} to decide, {check} to check, {notes} noted"


def folder_lines(found: Sequence[RecordedLosses]) -> Iterator[str]:
    """Yield the losses of a folder, decisions first, in lines of 80 characters."""
    losses = [(each.target, loss) for each in found for loss in each.losses]
    decide = [(target, loss) for target, loss in losses if loss.open]
    known = [(target, loss) for target, loss in losses if not loss.open]
    if decide:
        yield "Decide"
        for target, loss in decide:
            yield from _loss_lines(f"{target}/{loss.reason}", loss, MOST)
        yield ""
    for target, some in groupby(known, key=lambda pair: pair[0]):
        yield f"Known of {target}"
        for _, loss in some:
            yield from _known_lines(loss)
        yield from _outside_lines(found, target)
        yield ""
    without = [each for each in found if each.outside and all(target != each.target for target, _ in known)]
    for each in without:
        yield f"Known of {each.target}"
        yield from _outside_lines(found, each.target)
        yield ""
    yield f"{len(decide)} to decide, {len(known)} noted"


def _refused(batch: RenderBatch) -> Iterator[tuple[str, EmptyArtifactError]]:
    for name, error in batch.failures.items():
        if isinstance(error, EmptyArtifactError):
            yield name, error


def _loss_lines(name: str, loss: Loss, most: int) -> Iterator[str]:
    yield from _folded(f"  {name}: {_what(loss)}", "    ")
    yield from _folded(f"    {loss.message}", "    ")
    yield from _folded(f"    {_some(loss.ids, most)}", "    ")
    if loss.subjects != ("all",):
        yield from _folded(f"    {_some(loss.subjects, most)}", "    ")
    if loss.remedy:
        yield from _folded(f"    help: {loss.remedy}", "          ")


def _known_lines(loss: Loss) -> Iterator[str]:
    said = f"; in {_some(loss.said_by, 3)}" if loss.said_by else ""
    accepted = f"; accepted: {loss.accepted}" if loss.accepted else ""
    yield from _folded(f"  {loss.reason}: {_what(loss)}{said}{accepted}", "    ")


def _outside_lines(found: Sequence[RecordedLosses], target: str) -> Iterator[str]:
    outside = next(each.outside for each in found if each.target == target)
    if outside:
        yield from _folded(f"  not for: {', '.join(f'{count} {kind}' for kind, count in outside.items())}", "    ")


def _what(loss: Loss) -> str:
    required = f", {loss.required} required" if loss.required else ""
    return f"{quantity(len(loss.ids), 'requirement')} {loss.kind}{required}"


def _some(values: Sequence[str], most: int) -> str:
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(values[:most]) + more


def _folded(line: str, indent: str = "        ") -> list[str]:
    """Fold a line at 80 characters. Ids and names are not broken."""
    return wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
