r"""Reads HTML as far as the other-endpoints page needs it: what is visible, what a table's cells hold, where lines break.

    >>> strip_tags("a<br>b<sup>1</sup> <tenant>")
    'a\nb <tenant>'
    >>> visible("a<tr hidden><td>b</td></tr>c")
    'ac'

Everything runs in time linear in the text's length: the standard library's HTML parser does not (CPython issue 135462), so
it is not used. What looks like a tag and is none of HTML's stays: a template, most likely.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

TARGET = "\x02"
"""Stands before a host that was only the target of a link."""

_TAGS_TEXT = """
a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption center cite
code col colgroup data dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form
frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map
mark menu meta meter nav nobr noscript object ol optgroup option output p param path picture pre progress q rp rt ruby
s samp script search section select slot small source span strike strong style sub summary sup svg table tbody td
template textarea tfoot th thead time title tr track tt u ul var video wbr
"""
_TAGS = frozenset(_TAGS_TEXT.split())
_DROPPED = frozenset(
    ("script", "style", "template", "noscript", "head", "iframe", "object", "textarea", "select", "svg", "rp")
)
_VOID_TEXT = "area base br col embed frame hr img input link meta param path source track wbr"
_VOID = frozenset(_VOID_TEXT.split())
_BREAKS_TEXT = """
address article aside blockquote br caption dd details dialog div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BREAKS = frozenset(_BREAKS_TEXT.split())
_ENDED_BY = {
    "tr": ("tr", "tbody", "thead", "tfoot"), "td": ("td", "th", "tr", "tbody"), "th": ("td", "th", "tr", "tbody"),
    "li": ("li",), "p": ("p", "div", "ul", "ol", "table"), "tbody": ("tbody", "tfoot"),
}  # fmt: skip
"""Elements whose end tag may be left out, and what begins where they end. A parent's end ends them too."""
_PARENTS = frozenset(("table", "tbody", "tr", "ul", "ol"))
_BARE_ATTRIBUTES = frozenset(("hidden", "open", "nowrap", "compact", "reversed", "disabled", "checked", "inert", "border"))

_LONGEST_TAG = 4096
_DEEPEST = 8
_TAG = re.compile(r"<\s*+(/?)\s*+([A-Za-z][A-Za-z0-9]{0,11})(?=[\s/>])((?:[^\"'<>]|\"[^\"]*\"|'[^']*')*+)>", re.ASCII)
_LOOSE_TAG = re.compile(r"<\s*+(/?)\s*+([A-Za-z][A-Za-z0-9]{0,11})(?=[\s/>])([^<>]*+)>", re.ASCII)
_ATTRIBUTE = re.compile(r"([A-Za-z:-]{1,30})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.ASCII)
_HIDDEN = re.compile(
    r"(?:^|\s)hidden(?:\s|=|/|$)|display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|(?:font-size|opacity)\s*:\s*0(?:\.0{0,9})?(?![.0-9])"
    r"|aria-hidden\s*=\s*[\"']?true"
    r"|class\s*=\s*[\"']?[^\"']{0,200}?\b(?:visually-hidden|sr-only|d-none|is-hidden)\b",
    re.IGNORECASE,
)
_BARE_TARGET = re.compile(r"https?://([A-Za-z0-9.-]{4,253})(?::[0-9]{1,5})?/?", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z0-9_-]\.\s?[A-Za-z]{2}|\d\.\d", re.ASCII)
_NOTE = re.compile(r"[\s\d*†‡a-z()\[\],.^-]{0,8}")


def target(address: str, text: str) -> str:
    """What is left of a link's target: nothing, unless it is a bare host and the text says none."""
    bare = _BARE_TARGET.fullmatch(unescape(address.strip()))
    return f" {TARGET}{bare[1]} " if bare and not _ADDRESS.search(text) else ""


class _Tag(NamedTuple):
    """One tag of HTML, and where it stands."""

    start: int
    end: int
    closing: bool
    name: str
    rest: str
    """Its attributes as they are written."""


def _tags(text: str) -> Iterator[_Tag]:
    """The tags of a text. What looks like a tag and is none of HTML's is text: a template, most likely."""
    at = 0
    last = text.rfind(">")  # behind it no tag ends, so none is looked for
    while (start := text.find("<", at, last + 1)) >= 0:
        end = min(start + _LONGEST_TAG, last + 1)
        match = _TAG.match(text, start, end) or _LOOSE_TAG.match(text, start, end)
        if match is None or not _is_tag(match[2].lower(), match[3]):
            at = start + 1
            continue
        yield _Tag(start, match.end(), bool(match[1]), match[2].lower(), match[3].strip())
        at = match.end()


def _is_tag(name: str, rest: str) -> bool:
    words = rest.strip().strip("/").strip()
    return name in _TAGS and (not words or "=" in words or words.split()[0].lower() in _BARE_ATTRIBUTES)


def visible(text: str, dropped: list[str] | None = None) -> str:
    """The text without comments and without elements that a browser does not show; all else as it was.

    `dropped` takes in what was hidden by an attribute: a page that hides text from its readers has a reason.
    """
    if "<" not in text:
        return text
    text = _without_comments(text)
    parts: list[str] = []
    at = 0
    for start, end, name in _hidden(text):
        parts.append(text[at:start])
        at = end
        if dropped is not None and name not in _DROPPED:
            dropped.append(text[start:end])
    parts.append(text[at:])
    return "".join(parts)


def _hidden(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of the elements that a browser does not show."""
    hidden, depth, tables, begun = "", 0, 0, 0
    for tag in _tags(text):
        if hidden:
            inner = tables > 0
            if tag.name == "table":
                tables += -1 if tag.closing else 1
            if hidden in _ENDED_BY and inner:
                continue  # a table in the hidden element: only its own end counts
            if _ends(hidden, tag):
                yield begun, tag.start, hidden
                hidden = ""
            elif tag.name == hidden and not tag.rest.endswith("/"):
                depth += -1 if tag.closing else 1
                if not depth:
                    yield begun, tag.end, hidden
                    hidden = ""
                continue
            if hidden:
                continue
        if not tag.closing and tag.name not in _VOID and (tag.name in _DROPPED or _HIDDEN.search(tag.rest)):
            hidden, depth, tables, begun = tag.name, 1, 0, tag.start
    if hidden:
        yield begun, len(text), hidden


def _ends(hidden: str, tag: _Tag) -> bool:
    """Does a tag end a hidden element whose own end tag may be left out?"""
    if hidden not in _ENDED_BY:
        return False
    return tag.name in _ENDED_BY[hidden] if not tag.closing else tag.name != hidden and tag.name in _PARENTS


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


class _Link:
    """Follows the links of HTML: what stands in one, and where it leads."""

    def __init__(self) -> None:
        self.address = ""
        self.text = ""

    def tag(self, tag: _Tag) -> str:
        """What a tag adds to the text."""
        if tag.name != "a":
            return ""
        address, text = self.address, self.text
        self.address, self.text = "", ""
        if not tag.closing:
            self.address = next(
                (m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(tag.rest) if m[1].lower() == "href"), ""
            )
        return target(address, text) if address else ""

    def read(self, piece: str) -> None:
        if self.address:
            self.text += piece


def strip_tags(text: str) -> str:
    """A text without the tags of HTML, with line breaks for those that break lines, and without marks of footnotes."""
    if "<" not in text:
        return text
    parts: list[str] = []
    at, note, code = 0, -1, -1
    link = _Link()
    for tag in _tags(text):
        link.read(text[at : tag.start])
        parts.append(text[at : tag.start])
        parts.append("\n" if tag.name in _BREAKS else link.tag(tag))
        at = tag.end
        if tag.name == "code":  # two names in code beside each other are two names
            parts.append(" " * (not tag.closing and tag.start == code))
            code = tag.end if tag.closing else -1
        if tag.name == "sup":
            if tag.closing and note >= 0 and _NOTE.fullmatch(unescape("".join(parts[note:]))):
                del parts[note:]
            note = -1 if tag.closing else len(parts)
    parts.append(text[at:])
    return "".join(parts)


class _Table:
    """A table that is being read: its rows, and the cells that reach into later ones."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.rows: list[list[str]] = []
        self.heads = 0
        self.spans: dict[int, tuple[int, str]] = {}
        """Column -> (rows to come, text), of the rows above."""
        self.later: dict[int, tuple[int, str]] = {}
        """The same for the next row."""
        self.cell: list[str] | None = None
        self.span = 1
        self.joined = False
        """Does the row belong to the one before, whose number reaches into it?"""

    def open_row(self) -> None:
        self.close_row()
        self.rows.append([])
        self.joined = bool(self.spans.get(0))

    def open_cell(self, rest: str, head: bool) -> None:
        self.close_cell()
        if not self.rows:
            self.open_row()
        self.fill()
        found = {m[1].lower(): (m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(rest)}
        span = found.get("rowspan", "1")
        self.span = min(int(span), 100) if span.isascii() and span.isdigit() and len(span) < 6 else 1
        self.heads += head and len(self.rows) == 1
        self.cell = []

    def fill(self) -> None:
        """Put the cells that reach down into this row before the next cell of its own."""
        row = self.rows[-1]
        while left := self.spans.pop(len(row), None):
            count, text = left
            self.later[len(row)] = (count - 1, text)
            row.append("" if not row else text)

    def close_cell(self) -> None:
        if self.cell is None:
            return
        text = "".join(self.cell)
        if self.span > 1:
            self.later[len(self.rows[-1])] = (self.span - 1, text)
        self.rows[-1].append(text)
        self.cell = None

    def close_row(self) -> None:
        self.close_cell()
        if not self.rows:
            return
        self.fill()
        self.spans = {column: left for column, left in self.later.items() if left[0] > 0}
        self.later = {}
        if self.joined and len(self.rows) > 1:
            more = self.rows.pop()
            self.rows[-1].append("\n".join(more))
        self.joined = False


class _Tables:
    """Reads the tables of a text, one in the other."""

    def __init__(self) -> None:
        self.found: list[_Table] = []
        self.stack: list[_Table] = []
        self.deeper = 0
        """Tables that are open beyond `_DEEPEST`: their rows count as rows of the last one."""

    def put(self, piece: str) -> None:
        if self.stack and self.stack[-1].cell is not None:
            self.stack[-1].cell.append(piece)

    def open(self) -> None:
        if len(self.stack) < _DEEPEST:
            self.stack.append(_Table(len(self.stack)))
            self.found.append(self.stack[-1])
        else:
            self.deeper += 1

    def close(self) -> None:
        if self.deeper:
            self.deeper -= 1
        elif self.stack:
            table = self.stack.pop()
            table.close_row()
            self.put("\n" + "\n".join("\n".join(row) for row in table.rows) + "\n")

    def tag(self, tag: _Tag) -> None:
        """A tag of a table, a row or a cell."""
        if tag.name == "table":
            (self.close if tag.closing else self.open)()
            return
        if not self.stack:
            self.open()  # rows without a table, as they stand in a part of a page
        table = self.stack[-1]
        if tag.closing:
            table.close_cell()
        elif tag.name == "tr":
            table.open_row()
        else:
            table.open_cell(tag.rest, tag.name == "th")


def tables(text: str) -> dict[int, list[list[str]]]:
    """The rows of the tables of an HTML text, by the level of nesting; cells are HTML, without the head."""
    reader = _Tables()
    link = _Link()
    at = 0
    for tag in _tags(text):
        link.read(text[at : tag.start])
        reader.put(text[at : tag.start])
        at = tag.end
        if tag.name in ("table", "tr", "td", "th"):
            reader.tag(tag)
        else:
            reader.put(link.tag(tag) if tag.name == "a" else text[tag.start : tag.end])
    while reader.stack:
        reader.close()
    levels: dict[int, list[list[str]]] = {}
    for table in reader.found:
        rows = [row for row in table.rows if len(row) >= 2]
        headed = table.heads > 1 and rows and not any(c.isdigit() for c in strip_tags(rows[0][0]))
        levels.setdefault(table.depth, []).extend(rows[1:] if headed else rows)
    return levels
