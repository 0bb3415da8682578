"""Differences as plain text, and as Markdown for pull requests and messages.

Entries are host patterns, prefixes and port lists, which cannot contain a character that ends a code block. Text outside of
code blocks is escaped.
"""

from collections.abc import Iterator, Sequence

from perimeter365.history.diff import CHANGE, Diff, change_lines, summary
from perimeter365.history.words import PlanDiff
from perimeter365.model.quantity import quantity

LIMIT = 60_000
"""The maximum size of a Markdown report in bytes. The limit of a comment on GitHub is a little higher."""

SHOWN = 200
"""The maximum number of entries of one change in a Markdown report."""

REMOVALS = (
    "Nothing breaks while they stay open, but the addresses and names may belong to another organization later. Removed "
    "entries with a note are still in use."
)
"""The advice on entries that no set lists any more."""

_STOPPED = 6
"""The maximum number of such entries in a sentence."""


def report_text(diffs: Sequence[Diff], words: PlanDiff | None = None, *, brief: bool = False) -> str:
    """Return the differences of one or more clouds as text, one entry on each line.

    `brief` omits the changed sets with their entries.
    """
    out: list[str] = []
    for found in diffs:
        out.append(f"{found.cloud} {found.old} → {found.new}: {summary(found) if found else 'no difference'}")
        for change, entries in () if brief else change_lines(found):
            out.append(f"  {change.disposition} {_name(change.set.key, change.set.area, change.set.category)}")
            out += [f"    {entry}" for entry in entries]
    if stopped := list(_stopped(diffs)):
        out += ["", *stopped, REMOVALS]
    if words is not None:
        out += ["", f"For the plan of {words.organization}:"]
        out += [f"  {sentence}" for sentence in words.sentences or ("nothing changes",)]
    return "\n".join([*out, ""])


def report_markdown(diffs: Sequence[Diff], words: PlanDiff | None = None, limit: int = LIMIT) -> str:
    """Return the differences as Markdown of at most `limit` bytes.

    If sections are omitted, the last line has their number.
    """
    blocks = list(_blocks(diffs, words))
    cut = f"\n*{len(blocks)} of {len(blocks)} sections were cut to stay within {limit} bytes.*\n"
    room = limit - len(cut.encode())
    out: list[str] = []
    for at, block in enumerate(blocks):
        size = len(block.encode())
        if size > room:
            rest = len(blocks) - at
            count = f"{rest} of {quantity(len(blocks), 'section')} {'was' if rest == 1 else 'were'}"
            out.append(f"\n*{count} cut to stay within {limit} bytes.*\n")
            break
        out.append(block)
        room -= size
    return "".join(out)


def _blocks(diffs: Sequence[Diff], words: PlanDiff | None) -> Iterator[str]:
    """Yield the sections of the report, the plan's first.

    Only whole sections are omitted, from the end.
    """
    if words is not None:
        yield from plan_markdown(words)
    for found in diffs:
        yield f"### {found.cloud.title}: `{found.old}` → `{found.new}`\n\n"
        yield f"{summary(found) if found else 'No difference.'}\n\n"
        for change, entries in change_lines(found):
            heading = f"#### {_name(change.set.key, change.set.area, change.set.category)}"
            note = "" if change.disposition == CHANGE else f": {change.disposition}"
            more = [f"… and {len(entries) - SHOWN} more"] if len(entries) > SHOWN else []
            yield "\n".join([f"{heading}{note}", "", "```diff", *entries[:SHOWN], *more, "```", "", ""])
    if stopped := list(_stopped(diffs)):
        yield "\n".join([*map(escape_markdown, stopped), REMOVALS, ""])


def plan_markdown(words: PlanDiff) -> tuple[str, str]:
    """Return the heading and the list of a plan's changes as Markdown.

    Each ends with an empty line.
    """
    items = [f"- {escape_markdown(sentence)}" for sentence in words.sentences or ("nothing changes",)]
    return f"### For the plan of {escape_markdown(words.organization)}\n\n", "\n".join([*items, "", ""])


def _stopped(diffs: Sequence[Diff]) -> Iterator[str]:
    """Yield a sentence for each cloud with entries that are not in use any more."""
    for found in diffs:
        if values := [value for _, value in found.stopped]:
            more = f" and {len(values) - _STOPPED} more" if len(values) > _STOPPED else ""
            count = quantity(len(values), "entry")
            yield f"Microsoft has stopped using {count} of {found.cloud}: {', '.join(values[:_STOPPED])}{more}."


def _name(key: str, area: str, category: str) -> str:
    return f"{key} ({area}, {category})"


def escape_markdown(text: str) -> str:
    """Escape text so that Markdown shows it literally, on one line."""
    return "".join(f"\\{c}" if c in "\\`*_<>[]#|" else " " if not c.isprintable() else c for c in text)
