"""Tables as plain text or Markdown, for terminals, tickets and wikis.

>>> print(to_text([Table(title="Ports", columns=("name", "tcp"), rows=(("web", "80,443"),))]), end="")
Ports
  name  tcp
  web   80,443
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A title, column headings and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: expected {len(self.columns)} cells, got {row!r}")


def to_text(tables: Iterable[Table]) -> str:
    """Return tables with aligned columns, separated by an empty line.

    Control characters become `?`.
    """
    blocks = []
    for table in tables:
        rows = [table.columns, *([_plain(cell) for cell in row] for row in table.rows)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
        lines = ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
        blocks.append("\n".join([table.title, *lines]) + "\n")
    return "\n".join(blocks)


def to_markdown(tables: Iterable[Table], title: str = "") -> str:
    """Return tables of GitHub Flavored Markdown under headings. Cells are escaped."""
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
