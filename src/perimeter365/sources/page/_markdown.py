r"""Convert Markdown to HTML, also with table rows that a translator has broken.

    >>> to_html("|Row|Need|\n|---|---|\n|9|`a.com`\nTCP 443|").partition("<tbody>")[2].split("\n")[2:4]
    ['<td>9</td>', '<td><code>a.com</code><br>TCP 443</td>']

In Markdown as Learn renders it, a blank line ends a table, a broken line is a separate row, and cells without a column in
the head are dropped. So each row is first joined into one line, below a head with many columns. A page in a code block (a
fence, `<pre>`, CDATA, the file that a browser saves of plain text) is read as the page itself.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from perimeter365.errors import UpstreamDataError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_COLUMNS = 12
"""The maximum number of columns of a table; more bars are text of the last column."""
MAX_ROWS = 1000
"""The maximum number of rows of a page's tables; the page has 25."""
_SEPARATOR = re.compile(r"[\s|:-]*-[\s|:-]*")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# matches `] (https://` of `[a] (https://b)`; not `](https://`, `] (see b)`
_BROKEN_LINK = re.compile(r"\][ \u00a0]\((?=\s?<?(?:https?:|[/.#]))")
# matches `<td>`, `</tr>`, `<table />`; not `<th scope=x>`, `<br>`
_TABLE_TAG = re.compile(r"</?(?:table|tbody|tfoot|thead|t[dhr])\s*/?>", re.IGNORECASE)
# matches `<pre>`, `<pre class=x><code>` at the beginning of a line; not `|<pre>`
_PRE = re.compile(r"^[ \t]*<pre\b([^<>]*)>(?:[ \t]*<code\b[^<>]*>)?", re.IGNORECASE | re.MULTILINE)
# matches `</pre>`, `</code></pre></body></html>` at the end of a line; not `</pre>|`
_PRE_END = re.compile(r"(?:</code>[ \t]*)?</pre>((?:[ \t]*</[a-z]+>){0,4})[ \t]*$", re.IGNORECASE | re.MULTILINE)
# matches `<![CDATA[`, `<page><![CDATA[`; not `|<![CDATA[`
_CDATA = re.compile(r"^([^|\n]*?)<!\[CDATA\[", re.MULTILINE)
_CDATA_END = re.compile(r"\]\]>((?:[ \t]*</[a-z]+>){0,4})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_BEGINS = re.compile(r"\s*\|?\s*[0-9]{1,2}\s*\|")


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # emphasis would match the stars of two wildcards in one line; the time for brackets grows with maxNesting
    return MarkdownIt("commonmark", {"maxNesting": 5}).enable("table").disable(["emphasis", "fence", "code"])


def inline(text: str) -> str:
    """Convert text without tables to HTML, line by line."""
    render = _markdown().renderInline
    return "\n".join(str(render(line)) for line in _BROKEN_LINK.sub("](", text).split("\n"))


def bars(line: str) -> int:
    """Return the number of unescaped bars in a line."""
    return line.count("|") - line.count("\\|")


def to_html(text: str) -> str:
    """Convert a page in Markdown to HTML.

    Raises:
        UpstreamDataError: it has more than `MAX_ROWS` rows.
    """
    made: list[str] = []
    in_table = False
    lines = _lines(_BROKEN_LINK.sub("](", _unwrapped(_COMMENT.sub("", text))))
    if (count := sum(is_row for _, is_row in lines)) > MAX_ROWS:
        raise UpstreamDataError(f"this is not the page: a table of {count} rows")
    width = min(_COLUMNS, max((bars(line) + 1 for line, is_row in lines if is_row), default=0))
    for line, is_row in lines:
        if is_row and not in_table:
            made += ["", "| " * width + "|", "|-" * width + "|"]
        elif in_table and not is_row:
            made.append("")
        made.append(_closed(line) if is_row else line)
        in_table = is_row
    return str(_markdown().render("\n".join(made)))


def _unwrapped(text: str) -> str:
    """Return a page without the code block around it.

    `<pre>` becomes `<div>` with the same attributes, since they can hide it. In a `<div>`, Markdown begins after a blank
    line.
    """
    text = _CDATA_END.sub(r"\n\n\1", _CDATA.sub(r"\1\n\n", text))
    return _PRE_END.sub(r"\n\n</div>\1\n\n", _PRE.sub(r"<div\1>\n\n", text))


def _closed(row: str) -> str:
    """Return a row with outer bars, and at most as many cells as the head."""
    row = _TABLE_TAG.sub("<br>", row).strip().removeprefix("|")
    *cells, last = (row[:-1] if row.endswith("|") and not row.endswith("\\|") else row).split("|", _COLUMNS - 1)
    return f"|{'|'.join([*cells, last.replace('|', chr(92) + '|') if len(cells) == _COLUMNS - 1 else last])}|"


def _lines(text: str) -> list[tuple[str, bool]]:
    """Return (line, True for a row of a table), with broken cells joined."""
    made: list[tuple[list[str], bool]] = []
    wanted = row_bars = 0
    head = whole = True
    blank = False
    for line in text.split("\n"):
        count = bars(line)
        row = made[-1][0] if made and made[-1][1] else []
        if count >= 2 and _SEPARATOR.fullmatch(line):
            wanted = min(count, row_bars) if head and row else count
            if head and row:
                made.pop()
            head = False
        elif (count >= 2 and whole) or (count and not head and _BEGINS.match(line)):
            made.append(([line], True))
            row_bars = count
            whole = count >= wanted
        elif row and not head and not (whole and (count or blank or not line.strip() or _is_below(row[-1], line))):
            row.append(line)
            row_bars += count
            whole = row_bars >= wanted or line.startswith("#")
        else:
            made.append(([line], False))
        blank = line.startswith("#")
    return [("<br>".join(parts), is_row) for parts, is_row in made]


def _is_below(row: str, line: str) -> bool:
    """Return True if a line without bars is below the table.

    The row before it is then closed by a bar.
    """
    return row.rstrip().endswith("|") and not line.rstrip().endswith("|")
