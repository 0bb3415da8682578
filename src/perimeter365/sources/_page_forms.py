r"""Turns the forms of the other-endpoints page into rows of plain text: Markdown, HTML, or text copied from a browser.

    form        a row is                                        cells
    markdown    lines of a table, up to the head's number of    split at `|`, but not at `\|`
                unescaped `|`
    html        a `<tr>` with two cells or more, of the level   each `<td>`; one that spans rows stands in each of them
                of nested tables that has most rows
    text        found later, by `_page_rows`: columns are gone, so the page is handed on as lines

Whatever the form, links keep their text and lose their target (which is a document, not an endpoint), comments and
elements that a browser would hide are dropped, line breaks become "\n", and typography is made plain: no-break spaces,
full-width forms, digits of other scripts, dashes, invisible characters. A link whose text is no address, but whose target
is a bare host, leaves `TARGET` and that host behind: what it means, a person has to say.
"""

import re
from collections.abc import Callable, Sequence
from html import unescape

from perimeter365.sources._page_html import strip_tags, tables, target, visible

MARKDOWN, HTML, TEXT = "markdown", "html", "text"
FORMS = (MARKDOWN, HTML, TEXT)

_INVISIBLE = dict.fromkeys(
    (173, 0x34F, 0x61C, 0x180E, *range(8203, 8208), *range(8234, 8239), *range(8288, 8304), *range(0xFE00, 0xFE10), 65279)
)
_SPACES = dict.fromkeys((9, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0x301C, 0xFE58, 0xFE63), "-")
_STARS = dict.fromkeys((0x66D, 0x204E, 0x2217, 0x22C6, 0x2731, 0xFE61), "*")
_MARKS = {
    0x3001: ",", 0x3002: "。", 0x060C: ",", 0x061B: ";", 0x066B: ".", 0x066C: ",", 0x2019: "'", 0x2018: "'", 0x2044: "/",
    0x2215: "/", 0xFF61: "。", 0x2024: ".", 0xFE52: ".", 0x2236: ":", 0x2039: "<", 0x203A: ">", 0x3008: "<", 0x3009: ">",
    0x300A: "<", 0x300B: ">", 0x27E8: "<", 0x27E9: ">",
    0x2028: "\n", 0x2029: "\n", 0x85: "\n", 0x0D: "\n", 0x0B: "\n", 0x0C: "\n",
}  # fmt: skip
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN = {**_SPACES, **_DASHES, **_STARS, **_MARKS, **_WIDE, **_INVISIBLE}

_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,400})\][ ]?\(\s?<?([^()\s\n]{0,1500}(?:\([^()\n]{0,200}\)[^()\s\n]{0,500})?)([^()\n]{0,300})\)"
)
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,400})\]\[[^\[\]\n]{0,100}\]")
_AUTOLINK = re.compile(r"<\s*(https?://[^<>\s]{1,500})\s*>", re.IGNORECASE)
_EMPHASIS = (
    re.compile(r"(?<![\w*\\.])\*(?![*.\s])([^*\n|]{1,200}?)(?<![\s\\*./])\*(?![\w*.])"),
    re.compile(r"(?<![\w\\])_{1,2}(?![_\s])([^\n|]{1,200}?)(?<![\s\\_])_{1,2}(?!\w)"),
)
_CODE_BESIDE_CODE = re.compile(r"(?<=[^\s`|>])``(?=[^\s`|<])")
_TAB = re.compile(r"(?<=\S) *\t")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SEPARATOR = re.compile(r"[\s|:-]*-[\s|:-]*")
_OTHER_DIGITS = re.compile(r"\d+")
_WIDE_STOP = re.compile(r"(?<=[a-z0-9-])。(?=[a-z0-9])", re.ASCII)
_LABEL_BEFORE = re.compile(r"[A-Za-z0-9-]{1,63}\Z", re.ASCII)
_ENDS_NAMES = frozenset(("com", "net", "org", "cn", "us", "ms"))
_PERCENT = re.compile(r"%(2[AaDdEeFf]|3[AaCcEe]|20)")

Row = tuple[str, ...]


def form_of(text: str) -> str:
    """Which form a page has."""
    head = text[:200_000].lower()
    if "<tr" in head and "<td" in head:
        return HTML
    if sum(1 for line in plain(text).split("\n") if _bars(line) >= 2) >= 3:
        return MARKDOWN
    return HTML if head.lstrip("\ufeff \r\n\t").startswith(("<!doctype html", "<html")) else TEXT


def plain(text: str) -> str:
    """Typography made plain, one kind of line end."""
    text = text.replace("\r\n", "\n").translate(_PLAIN)
    if not text.isascii():
        text = _WIDE_STOP.sub(_stop, text)
        text = _OTHER_DIGITS.sub(_digits, text)
    return _PERCENT.sub(lambda m: chr(int(m[1], 16)), text) if "%" in text else text


def _stop(match: re.Match[str]) -> str:
    """An ideographic full stop between Latin letters is the dot of a name, unless a name or number ends before it."""
    label = _LABEL_BEFORE.search(match.string, max(0, match.start() - 63), match.start())
    return "。" if label is None or label[0].isdigit() or label[0] in _ENDS_NAMES else "."


def _digits(match: re.Match[str]) -> str:
    """Digits of other scripts as ASCII ones, but not beside Latin letters: what looks like a name must not become one."""
    found = match[0]
    if found.isascii():
        return found
    text, start, end = match.string, match.start(), match.end()
    near = text[max(0, start - 2) : start][::-1], text[end : end + 2]
    if any(c.isascii() and c.isalpha() for c in (side.lstrip(".-_")[:1] for side in near)):
        return found
    return "".join(str(int(c)) for c in found)


def rows_of(text: str, form: str, score: Callable[[Sequence[Row]], int] = len) -> list[Row]:
    """The rows of the page's table, each a tuple of cells as plain text; without a head. For TEXT the one row ("…",).

    `score` tells the page's table from those around it and in it: the level with the highest one is taken.
    """
    if form == HTML:
        levels = [
            [tuple(_unescaped(strip_tags(c)).replace("\\", "") for c in row) for row in rows]
            for rows in tables(visible(text)).values()
        ]
        return max(levels, key=score, default=[])
    if form == MARKDOWN:
        return _markdown_rows(visible(text))
    return [(_inline(_columns(visible(text))),)]


def _columns(text: str) -> str:
    """Text with tabs between columns: they become bars, and what stands below the last of them is no part of the table."""
    lines = text.splitlines()
    tabbed = [i for i, line in enumerate(lines) if _TAB.search(line)]
    return _TAB.sub(" | ", "\n".join(lines[: tabbed[-1] + 1])) if len(tabbed) > 16 else text


def _bars(line: str) -> int:
    return line.count("|") - line.count("\\|")


def _markdown_rows(text: str) -> list[Row]:
    rows: list[str] = []
    wanted = 0
    head = whole = True
    blank = False
    for line in plain(text).split("\n"):
        bars = _bars(line)
        if bars >= 2 and _SEPARATOR.fullmatch(line):
            wanted = min(bars, _bars(rows[-1])) if head and rows else bars
            rows = rows[:-1] if head else rows
            head = False
        elif (bars >= 2 and whole) or (bars and not head and _begins(line)):
            rows.append(line)
            whole = bars >= wanted
        elif rows and not head and (not whole or not (bars or blank or _is_below(rows[-1], line))):
            rows[-1] += "\n" + line  # a cell that a translator broke over lines
            whole = _bars(rows[-1]) >= wanted
        blank = not line.strip() or line.startswith("#")
        whole = whole or line.startswith("#")
    return [_split(row) for row in rows]


def _is_below(row: str, line: str) -> bool:
    """Does a line without bars belong to the page below the table, since the row before it is closed?"""
    return row.rstrip().endswith("|") and not line.rstrip().endswith("|")


def _begins(line: str) -> bool:
    return re.match(r"\s*\|?\s*[0-9]{1,2}\s*\|", line) is not None


def _split(row: str) -> Row:
    row = row.strip().removeprefix("|")
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    cells = re.split(r"(?<!\\)\|", row)
    return tuple(_inline(cell) for cell in cells)


def _inline(cell: str) -> str:
    """Markdown, or text, as plain text."""
    cell = _AUTOLINK.sub(r" \1 ", cell)
    cell = _LINK.sub(_link, cell)
    cell = _LINK.sub(_link, cell)  # an image in a link
    cell = _REFERENCE.sub(r"\1", cell)
    cell = strip_tags(cell)
    cell = _CODE_BESIDE_CODE.sub(" ", cell).replace("**", "").replace("`", "")
    for pattern in _EMPHASIS:
        cell = pattern.sub(r"\1", cell)
    return _unescaped(_ESCAPE.sub(r"\1", cell))


def _link(match: re.Match[str]) -> str:
    return match[1] + target(match[2], match[1])


def _unescaped(cell: str) -> str:
    """A cell without entities (also those that were escaped twice), and without the tags that they spelled."""
    if "&" in cell:
        cell = unescape(unescape(cell))
    return plain(strip_tags(cell)).strip()
