"""Tables of text, as plain text or Markdown: for terminals, tickets and wikis.

>>> print(to_text([Table(title="Ports", columns=("name", "tcp"), rows=(("web", "80,443"),))]), end="")
Ports
  name  tcp
  web   80,443
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows of text under a title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: {row!r} does not have {len(self.columns)} cells")


def to_text(tables: Iterable[Table]) -> str:
    """Aligned columns, one line a row, an empty line between tables. Control characters become `?`."""
    blocks = []
    for table in tables:
        rows = [table.columns, *([_plain(cell) for cell in row] for row in table.rows)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
        lines = ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
        blocks.append("\n".join([table.title, *lines]) + "\n")
    return "\n".join(blocks)


def to_markdown(tables: Iterable[Table], title: str = "") -> str:
    """GitHub's tables under headings. Whatever a cell holds, it shows as it is."""
    blocks = [f"# {_escape(title)}\n"] if title else []
    for table in tables:
        rows = [table.columns, tuple("---" for _ in table.columns), *(map(_escape, row) for row in table.rows)]
        lines = [f"| {' | '.join(row)} |" for row in rows]
        blocks.append("\n".join([f"## {table.title}", "", *lines]) + "\n")
    return "\n".join(blocks)


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _escape(text: str) -> str:
    text = _plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|~#" else c for c in text)
