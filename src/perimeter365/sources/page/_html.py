r"""Read the visible text and the tables of HTML.

    >>> text_of(parse("a<br>b<sup>1</sup> <tenant> c"))
    'a\nb <tenant> c'

Comments are left out, and after `hide` also the elements that a browser does not show. A tag that HTML does not have is
text: most likely a template such as `<tenant>`, in any language. The end of an element separates two adjacent complete
names, since the markup of a translator often replaces the space between them.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

from perimeter365.errors import UpstreamDataError

if TYPE_CHECKING:
    from lxml.etree import _Element

TARGET = "\x02"
"""Marks a host that was only the target of a link."""

_TAGS_TEXT = """
a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption center cite
code col colgroup data dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form
frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map
mark menu meta meter nav nobr noscript object ol optgroup option output p param path picture pre progress q rp rt ruby
s samp script search section select slot small source span strike strong style sub summary sup svg table tbody td
template textarea tfoot th thead time title tr track tt u ul var video wbr
"""
_BREAKS_TEXT = """
address article aside blockquote br caption dd details dialog div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_DROPPED_TEXT = "script style template title noscript head iframe object textarea select svg rp"
_TAGS, _BREAKS, _DROPPED = (frozenset(t.split()) for t in (_TAGS_TEXT, _BREAKS_TEXT, _DROPPED_TEXT))
_TABLE = frozenset(("table", "thead", "tbody", "tfoot", "tr"))
_DEEPEST = 8
"""The maximum depth of nested tables; deeper tables are text of the cell around them."""
MAX_TEXT = 1024 * 1024
"""The maximum size of all cells in characters, and 8 for each cell: twice what a page can have without repetition.

Nested tables repeat text, and a cell that spans rows can repeat all of a page a hundred times.
"""

# matches `<br>`, `< BR / >`, `<td class=x>`, `<tr hidden>`; not `<a bérlő>`, `< 5`, which are text
_TAG = re.compile(
    r"<(?!!--)(?:\s*+(/?)\s*+([a-z][a-z0-9]{0,11})(?=\s*+/?\s*+>|\s[^<>]{0,4000}="
    r"|\s+(?:hidden|open|nowrap|compact|reversed|disabled|checked|inert|border)[\s/>]))?",
    re.ASCII | re.IGNORECASE,
)
# matches `display : none`, `opacity:0.0`, `font-size: 0px`; not `opacity: 0.5`
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:font-size|opacity)\s*:\s*0(?:\.0*)?(?![.0-9])",
    re.IGNORECASE,
)
# matches `sr-only`, `x visually-hidden`; not `sr-only2`, `hidden`
_HIDING_CLASS = re.compile(r"\b(?:visually-hidden|sr-only|d-none|is-hidden)\b", re.IGNORECASE)
_BILINGUAL = "sxs-lookup"
"""The class of the English half of a bilingual page, which Learn's style sheet hides."""
# matches `https://a.example.com/`, `http://a.example.com:80`; not `https://a.example.com/b`
_BARE_TARGET = re.compile(r"https?://([A-Za-z0-9.-]{4,253})(?::[0-9]{1,5})?/?", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z0-9_-]\.\s?[A-Za-z]{2}|\d\.\d", re.ASCII)
_NOTE = re.compile(r"[\s\d*†‡a-z()\[\],.^-]{0,8}")
# matches the end of `at x.outlook.com`, `192.0.2.0/24`; not of `example`, `x.outlook.com `
_NAME_ENDS = re.compile(
    r"[a-z0-9-]\.(?:com|net|org|cn|us|ms)\Z|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?\Z", re.IGNORECASE
)
# matches the start of `*.outlook.com`, `192.0.2.1`; not of `Outlook`, `443`
_NAME_BEGINS = re.compile(r"(?:\*\.?)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2}|\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", re.IGNORECASE)


def parse(text: str) -> "_Element":
    """Parse HTML leniently.

    Raises:
        UpstreamDataError: elements are nested too deeply.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.fromstring(b"<body>" + _TAG.sub(_known, text).encode("utf-8", "replace"), parser)
    # libxml2 stops at 256 levels and drops the rest
    if parser.error_log.filter_from_fatals():
        raise UpstreamDataError("the page cannot be read: its elements are nested too deeply")
    return root


def _known(match: re.Match[str]) -> str:
    return f"<{match[1]}{match[2]}" if match[2] and match[2].lower() in _TAGS else f"&lt;{match[0][1:]}"


def hide(root: "_Element") -> tuple[list[str], list[str]]:
    """Remove the elements that a browser does not show.

    Returns the texts that an attribute hides, and the texts in the other language of a bilingual page.
    """
    from lxml.etree import iterwalk

    found: list[tuple[Any, bool]] = []
    walker = iterwalk(root, events=("start",))
    for _, element in walker:
        hidden = _is_hidden(element)
        if hidden or element.tag in _DROPPED:
            walker.skip_subtree()
            found.append((element, hidden))
    texts: tuple[list[str], list[str]] = ([], [])
    for element, hidden in found:
        if hidden:
            texts[_BILINGUAL in element.get("class", "")].append(text_of(element))
        element.clear(keep_tail=True)
        element.tag = "span"
    return texts


def _is_hidden(element: "_Element") -> bool:
    attributes = element.attrib
    if not attributes or element.tag in _DROPPED:
        return False
    classes = attributes.get("class", "")
    return bool(
        "hidden" in attributes
        or attributes.get("aria-hidden", "").strip().lower() == "true"
        or _HIDING_STYLE.search(attributes.get("style", ""))
        or _HIDING_CLASS.search(classes)
        or _BILINGUAL in classes.split()
    )


def text_of(root: "_Element") -> str:
    """Return the text of an element, without footnote marks.

    Block elements become line breaks.
    """
    from lxml.etree import iterwalk

    parts: list[str] = []
    begun: list[int] = []
    for event, element in iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            begun.append(len(parts))
            if tag in _BREAKS and element is not root:
                parts.append("\n")
            elif tag == "code" and _follows_code(element):
                parts.append(" ")
            _add(parts, element.text)
            continue
        start = begun.pop()
        if tag == "sup" and _NOTE.fullmatch("".join(parts[start:])):
            del parts[start:]
        elif tag == "a":
            parts.append(target(element.get("href", ""), "".join(parts[start:])))
        elif tag in _BREAKS and tag != "br":
            parts.append("\n")
        if element is not root:
            _add(parts, element.tail, wbr=tag == "wbr")
    return "".join(parts)


def _follows_code(element: "_Element") -> bool:
    before = element.getprevious()
    return before is not None and before.tag == "code" and not before.tail


def _add(parts: list[str], text: str | None, *, wbr: bool = False) -> None:
    """Append text after a tag, with a space between two complete names."""
    if not text:
        return
    if parts and not wbr and _NAME_BEGINS.match(text) and _NAME_ENDS.search("".join(parts[-4:])[-80:]):
        parts.append(" ")
    parts.append(text)


def target(address: str, text: str) -> str:
    """Return the marked host of a link's target, if the text has no address; else ""."""
    bare = _BARE_TARGET.fullmatch(unescape(address.strip()))
    return f" {TARGET}{bare[1]} " if bare and not _ADDRESS.search(text) else ""


def tables(root: "_Element") -> dict[int, list[list[str]]]:
    """Return the rows of all tables by level of nesting, without heads.

    Raises:
        UpstreamDataError: the cells repeat too much text (`MAX_TEXT`).
    """
    found: dict[Any, dict[Any, None]] = {}
    for cell in root.iter("td", "th"):
        row = cell.getparent()  # not a `<tr>` if that tag is damaged: its cells count as one row nevertheless
        if row is not None and next(cell.iterancestors("table", "td", "th"), row).tag not in ("td", "th"):
            found.setdefault(next(row.iterancestors("table"), None) if row.tag != "table" else row, {})[row] = None
    levels: dict[int, list[list[str]]] = {}
    size = 0
    for table, rows in found.items():
        depth = 0 if table is None else sum(1 for _ in table.iterancestors("table"))
        if depth < _DEEPEST:
            grid = []
            for cells in _grid(rows):
                size += sum(len(cell) + 8 for cell in cells)
                if size > MAX_TEXT:
                    raise UpstreamDataError(
                        "this is not the page: cells that span rows, or nested tables, repeat too much text"
                    )
                if len(cells) >= 2 or _ADDRESS.search(cells[0]):
                    grid.append(cells)
            headed = (
                sum(1 for cell in next(iter(rows)) if cell.tag == "th") > 1
                and grid
                and not any(map(str.isdigit, grid[0][0]))
            )
            levels.setdefault(depth, []).extend(grid[1:] if headed else grid)
    return levels


def _grid(rows: Iterable[Any]) -> Iterator[list[str]]:
    """Yield the cells of rows.

    A cell that spans rows is in each of them; rows that share the first cell are one row.
    """
    below: dict[int, tuple[int, str]] = {}
    last: list[str] = []
    for tr in rows:
        row: list[str] = []
        spans, below = below, {}
        joined = 0 in spans
        for cell in (*tr, None):
            if cell is not None and cell.tag not in ("td", "th"):
                if cell.tag not in _TABLE:  # between two cells: a browser shows it above the table
                    row[-1:] = ["".join((*row[-1:], "\n" * (cell.tag in _BREAKS), text_of(cell), cell.tail or ""))]
                continue
            while len(row) in spans:
                count, text = spans[len(row)]
                if count > 1:
                    below[len(row)] = (count - 1, text)
                row.append(text if row else "")
            if cell is None:
                break
            text = text_of(cell) + (cell.tail or "")
            span = cell.get("rowspan", "1").strip()
            if span.isascii() and span.isdigit() and len(span) < 6 and int(span) > 1:
                below[len(row)] = (min(int(span), 100) - 1, text)
            row.append(text)
        if joined and last:
            last.append("\n".join(row))
        else:
            if last:
                yield last
            last = row
    if last:
        yield last
