r"""Turns the forms of the other-endpoints page into rows of plain text: Markdown, HTML, or text copied from a browser.

    form        a row is                                    cells
    markdown    a line with three unescaped `|` or more     split at `|`, but not at `\|`
    html        a `<tr>` with two `<td>` or more            each `<td>`
    text        found later, by `_page_rows`: columns are gone, so the page is handed on as lines

Whatever the form, links keep their text and lose their target (which is a document, not an endpoint), comments and
elements that a browser would hide are dropped, line breaks become "\n", and typography is made plain: no-break spaces,
full-width forms, dashes, invisible characters. Everything runs in time linear in the page's length: the standard
library's HTML parser does not (CPython issue 135462), so it is not used.
"""

import re
from html import unescape

MARKDOWN, HTML, TEXT = "markdown", "html", "text"
FORMS = (MARKDOWN, HTML, TEXT)

_INVISIBLE = dict.fromkeys((173, *range(8203, 8208), *range(8234, 8239), *range(8288, 8304), 65279))
_SPACES = dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0x301C, 0xFE58, 0xFE63), "-")
_MARKS = {
    0x3001: ",", 0x3002: "。", 0x060C: ",", 0x061B: ";", 0x066B: ".", 0x066C: ",", 0x2019: "'", 0x2018: "'", 0x2044: "/",
    0x2215: "/", 0x2217: "*", 0xFF61: "。", 0x2039: "<", 0x203A: ">", 0x3008: "<", 0x3009: ">", 0x27E8: "<", 0x27E9: ">",
    0x2028: "\n", 0x2029: "\n", 0x85: "\n", 0x0D: "\n", 0x0B: "\n", 0x0C: "\n",
}  # fmt: skip
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN = {**_SPACES, **_DASHES, **_MARKS, **_WIDE, **_INVISIBLE}

_TAGS_TEXT = """
a abbr article b blockquote body br code col colgroup del details div dl dt dd em h1 h2 h3 h4 h5 h6
head header footer hr html i img input ins kbd li link main mark meta nav ol p picture pre s section
small span strong sub summary sup svg path table tbody td tfoot th thead title tr tt u ul var button
form label aside caption font center
"""
_TAGS = frozenset(_TAGS_TEXT.split())
_DROPPED = frozenset(("script", "style", "template", "noscript", "head", "iframe", "object", "textarea", "select"))
_VOID = frozenset(("br", "hr", "img", "input", "meta", "link", "col", "path"))
_BREAKS = frozenset(("br", "p", "div", "li", "ul", "ol", "hr", "table", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre"))
_LONGEST_TAG = 4096
_NAME = re.compile(r"\s*(/?)\s*([A-Za-z][A-Za-z0-9]{0,11})(?=[\s/>]|$)", re.ASCII)
_HIDDEN = re.compile(
    r"(?:^|\s)hidden(?:\s|=|/|$)|display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.0-9])"
    r"|aria-hidden\s*=\s*[\"']?true|class\s*=\s*[\"'][^\"']{0,200}?\b(?:visually-hidden|sr-only|d-none|is-hidden)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\[\]\n]{0,400})\][ ]?\([^()\n]{0,1500}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?\)")
_AUTOLINK = re.compile(r"<\s*(https?://[^<>\s]{1,500})\s*>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SEPARATOR = re.compile(r"[\s|:-]+")

Row = tuple[str, ...]


def form_of(text: str) -> str:
    """Which form a page has."""
    head = text[:200_000].lower()
    if "<tr" in head and "<td" in head:
        return HTML
    if sum(1 for line in text.splitlines() if _bars(line) >= 3) >= 3:
        return MARKDOWN
    return HTML if head.lstrip().startswith(("<!doctype html", "<html")) else TEXT


def plain(text: str) -> str:
    """Typography made plain, one kind of line end."""
    return text.replace("\r\n", "\n").translate(_PLAIN)


def rows_of(text: str, form: str) -> list[Row]:
    """The rows of the page's table, each a tuple of cells as plain text; without a head. For TEXT the one row ("…",)."""
    if form == HTML:
        return _html_rows(text)
    if form == MARKDOWN:
        return _markdown_rows(text)
    return [(plain(_ESCAPE.sub(r"\1", text)),)]


def _bars(line: str) -> int:
    return line.count("|") - line.count("\\|")


def _markdown_rows(text: str) -> list[Row]:
    text = _without_comments(text)
    rows: list[str] = []
    inside = False
    for line in plain(text).split("\n"):
        if _bars(line) >= 3:
            rows.append(line)
            inside = True
        elif not line.strip() or line.startswith("#"):
            inside = False
        elif inside:  # a cell that a translator broke over two lines
            rows[-1] += "\n" + line
    cells = [_split(row) for row in rows if not _SEPARATOR.fullmatch(row)]
    return cells[1:] if cells and len(rows) != len(cells) else cells


def _split(row: str) -> Row:
    row = row.strip().removeprefix("|")
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    cells = re.split(r"(?<!\\)\|", row)
    return tuple(_inline(cell) for cell in cells)


def _inline(cell: str) -> str:
    """One Markdown cell as plain text."""
    cell = _AUTOLINK.sub(r" \1 ", cell)
    cell = _LINK.sub(r"\1", cell)
    cell = _LINK.sub(r"\1", cell)  # an image in a link
    cell = _strip_tags(cell)
    cell = _ESCAPE.sub(r"\1", cell)
    return plain(unescape(cell)).replace("**", "").replace("`", "").strip()


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        parts.append(text[at:start])
        end = text.find("-->", start)
        if end < 0:
            return "".join(parts)
        at = end + 3
    parts.append(text[at:])
    return "".join(parts)


class _Scanner:
    """One pass over HTML: text outside of hidden elements, with the cells of the table that it stands in."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.rows: list[list[str]] = []
        self.hidden = ""
        self.depth = 0
        self.in_cell = False

    def text(self, piece: str) -> None:
        if not self.hidden and piece:
            self.out.append(piece)

    def tag(self, closing: bool, name: str, rest: str) -> None:
        if self.hidden:
            if name == self.hidden and not rest.endswith("/"):
                self.depth += -1 if closing else 1
                if not self.depth:
                    self.hidden = ""
            return
        if not closing and name not in _VOID and (name in _DROPPED or _HIDDEN.search(rest)):
            self.hidden, self.depth = name, 1
            return
        if name in ("tr", "td", "th"):
            self.cell(closing, name)
        elif name in _BREAKS:
            self.out.append("\n")

    def cell(self, closing: bool, name: str) -> None:
        self.flush()
        if name == "tr":
            if not closing:
                self.rows.append([])
            self.in_cell = False
        else:
            if not self.rows:
                self.rows.append([])
            self.in_cell = not closing

    def flush(self) -> None:
        if self.in_cell:
            self.rows[-1].append("".join(self.out))
        self.out = []


def _scan(text: str) -> _Scanner:
    scanner = _Scanner()
    at, size = 0, len(text)
    last = text.rfind(">")  # behind it no tag ends, so none is looked for
    while at < size:
        start = text.find("<", at, last + 1)
        if start < 0:
            scanner.text(text[at:])
            break
        scanner.text(text[at:start])
        end = text.find(">", start, start + _LONGEST_TAG)
        name = _NAME.match(text, start + 1, end) if end > 0 else None
        if name is None or (name[2].lower() not in _TAGS | _DROPPED):
            scanner.text("<")
            at = start + 1
            continue
        scanner.tag(bool(name[1]), name[2].lower(), text[name.end() : end].rstrip())
        at = end + 1
    if scanner.rows:
        scanner.flush()
    return scanner


def _strip_tags(text: str) -> str:
    """A cell without the tags of HTML that Markdown may hold; unknown tags are templates and stay."""
    return "".join(_scan(text).out) if "<" in text else text


def _html_rows(text: str) -> list[Row]:
    found = _scan(_without_comments(text)).rows
    rows = [tuple(plain(unescape(cell)).replace("\\", "").strip() for cell in row) for row in found]
    full = [row for row in rows if len(row) >= 2]
    heads = len(re.findall(r"<th[\s>]", text[:200_000], re.IGNORECASE))
    return full[1:] if heads and full and not any(c.isdigit() for c in full[0][0]) else full
