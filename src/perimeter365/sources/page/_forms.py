r"""Convert Markdown, HTML or text copied from a browser to rows of plain text.

    form        a row is                                                     cells
    markdown    a line of a table, with the lines that a translator broke    split at `|`, but not at `\|`
    html        a `<tr>` with two cells or more, of the level of nested      each `<td>`; a cell that spans rows is
                tables with most rows of the page                            in each of them
    text        with tabs: lines that begin with a cell and a tab            split at tabs
                without: found by `_rows.cut`, since columns are lost        -

Links keep their text and lose their target, which is a document, not an endpoint. Typography is normalized: no-break spaces,
full-width forms, digits of other scripts, dashes, invisible characters. A link whose text is not an address, but whose
target is a bare host, leaves `TARGET` and that host, for a person to decide.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING

from perimeter365.sources.page import _html
from perimeter365.sources.page._markdown import bars, inline, to_html

if TYPE_CHECKING:
    from lxml.etree import _Element

MARKDOWN, HTML, TEXT = "markdown", "html", "text"
FORMS = (MARKDOWN, HTML, TEXT)

_MARKS = {
    0x3001: ",", 0x3002: "。", 0x060C: ",", 0x061B: ";", 0x066B: ".", 0x066C: ",", 0x2019: "'", 0x2018: "'", 0x2044: "/",
    0x2215: "/", 0xFF61: "。", 0x2024: ".", 0xFE52: ".", 0x2236: ":", 0x2039: "<", 0x203A: ">", 0x3008: "<", 0x3009: ">",
    0x300A: "<", 0x300B: ">", 0x27E8: "<", 0x27E9: ">",
    0x2028: "\n", 0x2029: "\n", 0x85: "\n", 0x0D: "\n", 0x0B: "\n", 0x0C: "\n",
}  # fmt: skip
_INVISIBLE = (173, 0x34F, 0x61C, 0x180E, *range(8203, 8208), *range(8234, 8239), *range(8288, 8304), *range(0xFE00, 0xFE10))
_PLAIN = {
    **dict.fromkeys((9, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    **dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0x301C, 0xFE58, 0xFE63), "-"),
    **dict.fromkeys((0x66D, 0x204E, 0x2217, 0x22C6, 0x2731, 0xFE61), "*"),
    **_MARKS,
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((*_INVISIBLE, 65279)),
}
# matches `*word*` and `_word_`; not the stars of `*.a.com *.b.com`, nor `a_b_c`
_EMPHASIS = (
    re.compile(r"(?<![\w*\\.])\*(?![*.\s])([^*\n|]{1,200}?)(?<![\s\\*./])\*(?![\w*.])"),
    re.compile(r"(?<![\w\\])_{1,2}(?![_\s])([^\n|]{1,200}?)(?<![\s\\_])_{1,2}(?!\w)"),
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_OTHER_DIGITS = re.compile(r"\d+")
_WIDE_STOP = re.compile(r"(?<=[a-z0-9-])。(?=[a-z0-9])", re.ASCII)
_LABEL_BEFORE = re.compile(r"[A-Za-z0-9-]{1,63}\Z", re.ASCII)
_ENDS_NAMES = frozenset(("com", "net", "org", "cn", "us", "ms"))
_PERCENT = re.compile(r"%(2[AaDdEeFf]|3[AaCcEe]|20)")
_NUMBER = re.compile(r"\s*([0-9]{1,2})\s*")
_PORT = re.compile(r"\s*[4-9][0-9]\s*")
"""A number that is not the number of a row, so it begins a line of a cell."""
_MOST_TABBED = 16
"""The largest number of lines with tabs in text that is not a table."""

TextRow = tuple[str, ...]


def form_of(text: str) -> str:
    """Return the form of a page."""
    head = text[:200_000].lower()
    if "<tr" in head and "<td" in head:
        return HTML
    if sum(1 for line in plain(text).split("\n") if bars(line) >= 2) >= 3:
        return MARKDOWN
    return HTML if head.lstrip("\ufeff \r\n\t").startswith(("<!doctype html", "<html")) else TEXT


def plain(text: str) -> str:
    """Normalize the typography and line ends of text."""
    text = text.replace("\r\n", "\n").translate(_PLAIN)
    if not text.isascii():
        text = _OTHER_DIGITS.sub(_digits, _WIDE_STOP.sub(_stop, text))
    return _PERCENT.sub(lambda m: chr(int(m[1], 16)), text) if "%" in text else text


def _stop(match: re.Match[str]) -> str:
    """Replace an ideographic full stop between Latin letters by a dot.

    It stays if a complete name or a number precedes it.
    """
    label = _LABEL_BEFORE.search(match.string, max(0, match.start() - 63), match.start())
    return "。" if label is None or label[0].isdigit() or label[0] in _ENDS_NAMES else "."


def _digits(match: re.Match[str]) -> str:
    """Convert digits of other scripts to ASCII, except next to Latin letters.

    There they could become part of a name.
    """
    text, start, end = match.string, match.start(), match.end()
    near = text[max(0, start - 2) : start][::-1], text[end : end + 2]
    if match[0].isascii() or any(c.isascii() and c.isalpha() for c in (side.lstrip(".-_")[:1] for side in near)):
        return match[0]
    return "".join(str(int(c)) for c in match[0])


def cell_text(text: str, form: str) -> str:
    """Return the text of a cell without markup.

    Entities and tags that were escaped twice are also removed.
    """
    if form != HTML:
        text = text.replace("``", " ").replace("**", "").replace("`", "")
        for pattern in _EMPHASIS:
            text = pattern.sub(r"\1", text)
    text = unescape(_ESCAPE.sub(r"\1", text))
    return plain(_html.text_of(_html.parse(text)) if "<" in text else text).strip()


def root_of(text: str, form: str) -> "_Element":
    """Parse a page into a tree of HTML."""
    return _html.parse(text if form == HTML else to_html(plain(text)) if form == MARKDOWN else inline(text))


def rows_of(root: "_Element", form: str, score: Callable[[Sequence[TextRow]], int] = len) -> list[TextRow]:
    """Return the rows of the page's table as tuples of plain text, without the head.

    `score` finds the page's table among the tables around it and inside of it: the level of nesting with the highest score
    is used.
    """
    levels = [[_row(cells, form) for cells in rows] for rows in _html.tables(root).values()]
    return max(levels, key=score, default=[])


def _row(cells: list[str], form: str) -> TextRow:
    made = [cell_text(cell, form) for cell in cells]
    while len(made) > 2 and not made[-1]:
        made.pop()
    return tuple(made)


def copied_text(text: str) -> str:
    """Return copied text, which may contain Markdown and tags, as plain text."""
    root = root_of(text, TEXT)
    _html.hide(root)
    return cell_text(_html.text_of(root), TEXT)


def columns(text: str) -> tuple[list[TextRow], str]:
    """Return the rows of text with tabs between columns, and the text below them.

    Without such columns, there are no rows. The clipboard puts a tab between two cells. A cell with paragraphs ends with its
    line, so that the next cell begins its line with the tab, and a first cell with a paragraph leaves its number on its own
    line.
    """
    # remove spaces around tabs, in time linear in the spaces
    lines = [re.sub(r"(?<! ) *+\t *+", "\t", line).strip(" ") for line in text.splitlines()]
    if sum("\t" in line for line in lines) <= _MOST_TABBED:
        return [], ""
    width = _width(lines)
    rows: list[list[str]] = []
    for line in lines:
        first, *rest = line.split("\t")
        row = rows[-1] if rows else None
        full = row is not None and len(row) >= width
        if rest and (row is None or (full and (width > 2 or not _PORT.fullmatch(first))) or _next(row[0], first)):
            if row and not first.strip():
                row[-1], _, first = row[-1].rstrip().rpartition("\n")
            rows.append([first, *rest])
        elif row:
            row[-1] += "\n" + (" ".join((first, *rest)) if full else first)
            row.extend(rest if not full else ())
    last, _, below = rows[-1][-1].partition("\n\n") if len(rows[-1]) >= width else (rows[-1][-1], "", "")
    rows[-1][-1] = last
    headed = len(rows) > 1 and not re.search(r"\d", rows[0][0]) and re.search(r"\d", rows[1][0])
    return [tuple(map(copied_text, row)) for row in rows[bool(headed) :]], copied_text(below)


def _width(lines: list[str]) -> int:
    """Return the number of columns.

    It is derived from the tabs between two rows, or else from those of most lines.
    """
    starts = [i for i, line in enumerate(lines) if _NUMBER.fullmatch(line.partition("\t")[0])]
    rows = [lines[i:j] for i, j in pairwise(starts) if _next(lines[i].partition("\t")[0], lines[j].partition("\t")[0])]
    tabs = Counter(count for row in rows or [[line] for line in lines] if (count := sum(line.count("\t") for line in row)))
    return tabs.most_common(1)[0][0] + 1 if tabs else 2


def _next(number: str, first: str) -> bool:
    """Return True if `first` is the number of the row after the row with `number`."""
    here, there = _NUMBER.fullmatch(number), _NUMBER.fullmatch(first)
    return here is not None and there is not None and int(there[1]) == int(here[1]) + 1
