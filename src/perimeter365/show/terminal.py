"""Text for a terminal: its width in columns, and folding between words.

>>> columns("Zürich"), columns("東京"), columns("e\N{COMBINING ACUTE ACCENT}")
(6, 4, 1)
>>> for line in fold("row/7/exchange-online-to-ews  tcp 443 from anyone", width=30, indent=2, hanging=6): print(line)
  row/7/exchange-online-to-ews
      tcp 443 from anyone
"""

import unicodedata
from collections.abc import Iterator, Sequence

from perimeter365.model.finding import printable


def columns(text: str) -> int:
    """Return the width of a text in columns.

    A wide East Asian character has two, a combining one none.
    """
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, width: int) -> str:
    """Return a text with spaces up to a width in columns."""
    return text + " " * (width - columns(text))


def fold(text: str | Sequence[str], *, width: int, indent: int = 0, hanging: int | None = None) -> Iterator[str]:
    """Yield the lines of a text.

    A word is never broken, so a line with one long word can be wider. Control characters are replaced. Leading spaces, and
    double spaces within a line, are kept.

    Args:
        text: the text; or its parts, none of which is broken.
        width: the number of columns.
        indent: spaces before the first line.
        hanging: spaces before the other lines; None for those of the first.
    """
    after = indent if hanging is None else hanging
    line, used, room = "", 0, width - indent
    first, gap = True, ""
    for word in printable(text).split(" ") if isinstance(text, str) else map(printable, text):
        if not word:
            gap += " "
            continue
        wide = columns(word)
        if line and used + len(gap) + wide > room:
            yield " " * (indent if first else after) + line
            first, room, line, used, gap = False, width - after, "", 0, ""
        line, used, gap = line + gap + word, used + len(gap) + wide, " "
    yield (" " * (indent if first else after) + line).rstrip()
