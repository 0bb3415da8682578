"""Parse the other-endpoints page of Microsoft Learn into the tokens of each row.

    page = extract(Path("page.md").read_text())
    page.rows[24].hosts
        ['www.msftconnecttest.com']

The page exists in some thirty machine-translated languages, as Markdown, as HTML, and as text copied from a browser. Its
date does not always change with its content, so its version is a hash of the tokens.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.host import fixed
from perimeter365.model.quantity import quantity
from perimeter365.sources.page import _html
from perimeter365.sources.page._forms import (
    FORMS,
    HTML,
    MARKDOWN,
    TEXT,
    TextRow,
    cell_text,
    columns,
    copied_text,
    form_of,
    plain,
    root_of,
    rows_of,
)
from perimeter365.sources.page._markdown import MAX_ROWS
from perimeter365.sources.page._rows import anchored_rows, arrange, cut, distinctive_rows, identify, known_rows
from perimeter365.sources.page._tokens import Tokens, find_tokens
from perimeter365.sources.page.copy import LARGEST, decode_page

MAX_LINES = 20_000
"""The maximum number of lines of a page; as Markdown or text, the page has fewer than 200."""
SECONDS = 10.0
"""The maximum time to parse the rows of a page, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """The tokens of a page."""

    form: str
    """`markdown`, `html` or `text`. Markdown is read as Markdown also if HTML was requested."""
    rows: Mapping[int, Tokens]
    """The tokens of each known row of the page, by number, ascending."""
    unknown_rows: tuple[Tokens, ...] = ()
    """The tokens of rows that the catalog does not have, if there are any."""
    hidden: tuple[str, ...] = ()
    """Tokens in text that a browser does not show. They are ignored, but worth a review."""
    hash: str = ""
    """SHA-256 of the tokens of all rows: the version of the page. Language, form and order make no difference."""


def extract(text: str | bytes, form: str | None = None, charset: str = "") -> Page:
    """Parse a page of limited size.

    Args:
        text: the page; bytes are decoded by `copy.decode_page`.
        form: `markdown`, `html` or `text`; None to detect the form.
        charset: the encoding that the page's server reports.

    Raises:
        UpstreamDataError: it is too large, not text, has no row of the page, or took too long to read.
    """
    if len(text) > LARGEST:
        raise UpstreamDataError(f"the page has more than {LARGEST} bytes")
    if form is not None and form not in FORMS:
        raise InputError(f"{form!r} is not a form of the page ({', '.join(FORMS)})")
    return parse(decode_page(text, charset) if isinstance(text, bytes) else text, form)


def parse(text: str, form: str | None = None) -> Page:
    """Parse a page as `extract`, without the limit of its size in bytes."""
    text = text.replace("\0", "")
    if len(text.splitlines()) > MAX_LINES:
        raise UpstreamDataError(f"the page has more than {MAX_LINES} lines")
    form = form or form_of(text)
    root = root_of(text, form)
    hidden, bilingual = _html.hide(root)
    table, below = columns(text) if form == TEXT else (rows_of(root, form, known_rows), "")
    # as HTML, the targets of Markdown's links would be text
    if form == HTML and not known_rows(table) and form_of(text) == MARKDOWN:
        return parse(text, MARKDOWN)
    if known_rows(table):
        whole = "\n".join("\n".join(row) for row in table)
        found, unknown = _of_table(table)
        unknown.append(find_tokens([below]))
    else:  # copied text, and pages of some readers and translators, have no table
        whole = copied_text(text) if form == MARKDOWN else cell_text(_html.text_of(root), form)
        found, unknown = _of_text(whole)
    if not found or not _is_page(whole, table):
        raise UpstreamDataError("this is not the page: it has too few of the page's distinctive names and addresses")
    rows = {number: _without_suffixes(found[number]) for number in sorted(found)}
    shown = {token for tokens in rows.values() for token in tokens.flat()}
    unseen = find_tokens([plain(piece) for piece in hidden]).flat()
    unseen += [token for token in find_tokens([plain(piece) for piece in bilingual]).flat() if token not in shown]
    return Page(
        form=form,
        rows=rows,
        unknown_rows=tuple(_without_suffixes(tokens) for tokens in unknown if tokens.flat() or tokens.unreadable),
        hidden=tuple(unseen[:100]),
        hash=hashlib.sha256(json.dumps({str(n): t.flat() for n, t in rows.items()}).encode()).hexdigest(),
    )


def _is_page(whole: str, table: Sequence[TextRow]) -> bool:
    """Return True for the page, False for another document about the same products.

    Two names that only the page lists are enough. In a table with one such name, most rows have to have an anchor.
    """
    certain = len(distinctive_rows(whole))
    if certain != 1:
        return certain > 1
    return sum(1 for row in table if anchored_rows("\n".join(row))) >= max(2, 0.6 * len(table))


def _of_text(text: str) -> tuple[dict[int, Tokens], list[Tokens]]:
    bodies: dict[int, list[str]] = {}
    unknown = []
    for number, body in cut(text):
        if number:
            bodies.setdefault(int(number), []).append(body)
        else:
            unknown.append(find_tokens([body]))
    return {number: find_tokens(cells) for number, cells in bodies.items()}, unknown


def _of_table(table: Sequence[TextRow]) -> tuple[dict[int, Tokens], list[Tokens]]:
    if len(table) > MAX_ROWS:
        raise UpstreamDataError(f"this is not the page: a table of {quantity(len(table), 'row')}")
    end = time.monotonic() + SECONDS
    arranged = arrange(table)
    found: dict[int, Tokens] = {}
    unknown = []
    for number, row in zip(identify([(each.number, *each.cells) for each in arranged]), arranged, strict=True):
        if time.monotonic() > end:
            raise UpstreamDataError(f"the page took more than {SECONDS:g} seconds to read")
        tokens = find_tokens(row.cells, row.purpose)
        if number is None:
            unknown.append(tokens)
        else:
            found[number] = tokens
    return found, unknown


def _without_suffixes(tokens: Tokens) -> Tokens:
    """Move patterns that match every name under a public suffix to `unreadable`."""
    wide = {host for host in tokens.hosts if "*" in host and _is_suffix(fixed(host))}
    if wide:
        tokens.hosts = [host for host in tokens.hosts if host not in wide]
        tokens.paths = [path for path in tokens.paths if path.partition("/")[0] not in wide]
        tokens.unreadable = [*tokens.unreadable, *sorted(wide)][:100]
    return tokens


def _is_suffix(name: str) -> bool:
    """Return True for a public suffix.

    Loading the list takes 40 ms, so only names that could be a public suffix are looked up.
    """
    labels = name.split(".")
    if len(labels[-1]) != 2 or (labels[-1] in ("cn", "ms", "us") and min(map(len, labels[:-1]), default=0) > 4):
        return False
    from perimeter365.model.suffixes import is_public_suffix

    return is_public_suffix(name)
