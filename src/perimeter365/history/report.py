"""Differences for people: plain text for a terminal, and Markdown that fits into a pull request or a message.

Entries are host patterns, prefixes and port lists: none of them can hold a character that would end the code block
they stand in. What stands outside of one is escaped.
"""

from collections.abc import Iterator, Sequence

from perimeter365.history.diff import CHANGE, Diff, lines, summary
from perimeter365.history.words import PlanDiff

LIMIT = 60_000
"""Bytes of a Markdown report: what GitHub takes as a comment is a little more."""

SHOWN = 200
"""Entries of one change in a Markdown report."""

REMOVALS = (
    "A removed entry is one that Microsoft has stopped using: nothing breaks while it stays open, but what stands "
    "there next may belong to somebody else."
)


def to_text(diffs: Sequence[Diff], words: PlanDiff | None = None) -> str:
    """The differences of one or more clouds, ending in a newline; concise, entries one a line."""
    out: list[str] = []
    for found in diffs:
        out.append(f"{found.cloud} {found.old} → {found.new}: {summary(found) if found else 'no difference'}")
        for change, entries in lines(found):
            out.append(f"  {change.disposition} {_name(change.set.key, change.set.area, change.set.category)}")
            out += [f"    {entry}" for entry in entries]
    if _removes(diffs):
        out += ["", REMOVALS]
    if words is not None:
        out += ["", f"For the plan of {words.organization}:"]
        out += [f"  {sentence}" for sentence in words.sentences or ("nothing changes",)]
    return "\n".join([*out, ""])


def to_markdown(diffs: Sequence[Diff], words: PlanDiff | None = None, limit: int = LIMIT) -> str:
    """The same as Markdown of at most `limit` bytes; what had to be cut is counted at the end."""
    blocks = list(_blocks(diffs, words))
    cut = f"\n*{len(blocks)} of {len(blocks)} sections were cut to stay within {limit} bytes.*\n"
    room = limit - len(cut.encode())
    out: list[str] = []
    for at, block in enumerate(blocks):
        size = len(block.encode())
        if size > room:
            rest = len(blocks) - at
            out.append(f"\n*{rest} of {len(blocks)} sections were cut to stay within {limit} bytes.*\n")
            break
        out.append(block)
        room -= size
    return "".join(out)


def _blocks(diffs: Sequence[Diff], words: PlanDiff | None) -> Iterator[str]:
    """Pieces of the report that stand or go as a whole: what the plan says first, since it is read first."""
    if words is not None:
        yield from plan_markdown(words)
    for found in diffs:
        yield f"### {found.cloud.title}: `{found.old}` → `{found.new}`\n\n"
        yield f"{summary(found) if found else 'No difference.'}\n\n"
        for change, entries in lines(found):
            heading = f"#### {_name(change.set.key, change.set.area, change.set.category)}"
            note = "" if change.disposition == CHANGE else f": {change.disposition}"
            more = [f"… and {len(entries) - SHOWN} more"] if len(entries) > SHOWN else []
            yield "\n".join([f"{heading}{note}", "", "```diff", *entries[:SHOWN], *more, "```", "", ""])
    if _removes(diffs):
        yield f"{REMOVALS}\n"


def plan_markdown(words: PlanDiff) -> tuple[str, str]:
    """What a difference means for a plan, as Markdown: heading and list, each ending in an empty line."""
    said = [f"- {escaped(sentence)}" for sentence in words.sentences or ("nothing changes",)]
    return f"### For the plan of {escaped(words.organization)}\n\n", "\n".join([*said, "", ""])


def _removes(diffs: Sequence[Diff]) -> bool:
    return any(change.closes for found in diffs for change in found.changes)


def _name(key: str, area: str, category: str) -> str:
    return f"{key} ({area}, {category})"


def escaped(text: str) -> str:
    """Free text and the stars of host patterns, so that Markdown shows them as they are, on one line."""
    return "".join(f"\\{c}" if c in "\\`*_<>[]#|" else " " if not c.isprintable() else c for c in text)
