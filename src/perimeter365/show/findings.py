"""Findings for people and programs: as a table, as lines of text, as JSON.

>>> from perimeter365.model.finding import Reason
>>> found = [Reason(code="growth", message="2 entries came", entries=("a.example", "b.example"))]
>>> for line in lines(found): print(line)
growth: 2 entries came
   a.example
   b.example
>>> table("Reasons", found, {"code": "code", "what": "message"}).rows
(('growth', '2 entries came'),)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from perimeter365.model.finding import Finding, Reason, harmless
from perimeter365.show.tables import Table


def table(title: str, findings: Iterable[Finding], columns: Mapping[str, str]) -> Table:
    """Make a table with a row for each finding.

    Args:
        title: of the table.
        findings: in the order of the rows.
        columns: heading to attribute, from left to right.
    """
    rows = tuple(tuple(_cell(getattr(finding, name)) for name in columns.values()) for finding in findings)
    return Table(title=title, columns=tuple(columns), rows=rows)


def lines(reasons: Iterable[Reason], indent: str = "", *, entries: bool = True) -> Iterator[str]:
    """Yield `code: message`, and the entries below it, without a character that controls a terminal."""
    for reason in reasons:
        yield f"{indent}{harmless(f'{reason.code}: {reason.message}')}"
        yield from (f"{indent}   {harmless(entry)}" for entry in reason.entries if entries)


def to_dicts(findings: Iterable[Finding]) -> Sequence[dict[str, Any]]:
    """For JSON, in their order."""
    return [finding.to_dict() for finding in findings]


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value)
