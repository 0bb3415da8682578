"""Findings as a table, as lines of text, or for JSON.

>>> from perimeter365.model.finding import Reason
>>> found = [Reason(code="growth", message="2 entries were added", entries=("a.example", "b.example"))]
>>> for line in reason_lines(found): print(line)
growth: 2 entries were added
   a.example
   b.example
>>> findings_table("Reasons", found, {"code": "code", "what": "message"}).rows
(('growth', '2 entries were added'),)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from perimeter365.model.finding import Finding, Reason, printable
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.quantity import quantity
from perimeter365.show.tables import Table


def findings_table(title: str, findings: Iterable[Finding], columns: Mapping[str, str]) -> Table:
    """Return a table with one row for each finding.

    Args:
        title: the title of the table.
        findings: the findings, in the order of the rows.
        columns: heading -> attribute, from left to right.
    """
    rows = tuple(tuple(_cell(getattr(finding, name)) for name in columns.values()) for finding in findings)
    return Table(title=title, columns=tuple(columns), rows=rows)


def reason_lines(reasons: Iterable[Reason], indent: str = "", *, entries: bool = True) -> Iterator[str]:
    """Yield a line `code: message` and a line for each entry.

    Control characters are replaced.
    """
    for reason in reasons:
        yield f"{indent}{printable(f'{reason.code}: {reason.message}')}"
        yield from (f"{indent}   {printable(entry)}" for entry in reason.entries if entries)


def held_entry_lines(entries: Iterable[HeldEntry], indent: str = "", most: int | None = None) -> Iterator[str]:
    """Yield the lines of held entries.

    Each has a line `id  change`, and a line for each of its reasons.

    With `most`, a last line counts the entries that were left out.

    >>> entry = HeldEntry(number=11, part="host", new="a.example", reasons=(Reason(code="new-domain", message="why"),))
    >>> for line in held_entry_lines([entry, entry], most=1): print(line)
    11:a.example  set 11: + a.example
       new-domain: why
    … and 1 more entry
    """
    entries = tuple(entries)
    for entry in entries[:most]:
        yield f"{indent}{printable(f'{entry.id}  {entry.text}')}"
        yield from reason_lines(entry.reasons, f"{indent}   ", entries=False)
    if most is not None and len(entries) > most:
        yield f"{indent}… and {quantity(len(entries) - most, 'more entry')}"


def counts_line(decide: int, check: int, note: int) -> str:
    """Return how many findings there are of each level.

    >>> counts_line(0, 3, 41)
    '0 to decide, 3 to check, 41 noted'
    """
    return f"{decide} to decide, {check} to check, {note} noted"


def to_dicts(findings: Iterable[Finding]) -> Sequence[dict[str, Any]]:
    """Return the findings for JSON, in their order."""
    return [finding.to_dict() for finding in findings]


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value)
