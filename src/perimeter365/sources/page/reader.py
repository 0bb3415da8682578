"""Read the other-endpoints page of Microsoft Learn into tokens per row.

    page = extract(Path("page.md").read_text())
    page.rows[24].hosts
        ['www.msftconnecttest.com']

The page exists in some thirty languages, machine-translated, as Markdown, as HTML, and as text copied from a browser.
Its date does not move when its content does: the version is a hash of what was extracted.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.host import fixed
from perimeter365.sources.page import _html
from perimeter365.sources.page._forms import (
    FORMS,
    MARKDOWN,
    TEXT,
    Row,
    cell_text,
    columns,
    copied,
    form_of,
    plain,
    root_of,
    rows_of,
)
from perimeter365.sources.page._rows import MOST_ROWS, anchored, arrange, cut, identify, known_rows, sure
from perimeter365.sources.page._tokens import Tokens, find
from perimeter365.sources.page.copy import LARGEST, decoded

SECONDS = 10.0
"""Time for reading the rows of a page."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """The tokens of a page."""

    form: str
    """`markdown`, `html` or `text`."""
    rows: Mapping[int, Tokens]
    """The catalog's rows that the page has, ascending."""
    strange: tuple[Tokens, ...] = ()
    """Rows that the catalog does not have, where they have tokens."""
    hidden: tuple[str, ...] = ()
    """Tokens in text that the page hides from its readers. They count for nothing, but have a reason."""
    hash: str = ""
    """SHA-256 over the tokens of all rows: the page's version. Language, form and order do not count."""


def extract(text: str | bytes, form: str | None = None, charset: str = "") -> Page:
    """Read a page of limited size.

    Args:
        text: the page; the encoding of bytes is detected (`copy.decoded`).
        form: `markdown`, `html` or `text`; None to detect it.
        charset: the encoding that the page's server reports.

    Raises:
        UpstreamDataError: it is too large, not text, has no row of the page, or took too long to read.
    """
    if len(text) > LARGEST:
        raise UpstreamDataError(f"the page has more than {LARGEST} bytes")
    if form is not None and form not in FORMS:
        raise InputError(f"{form!r} is not a form of the page ({', '.join(FORMS)})")
    return parse(decoded(text, charset) if isinstance(text, bytes) else text, form)


def parse(text: str, form: str | None = None) -> Page:
    """Read a page of any size: see `extract`."""
    text = text.replace("\0", "")
    form = form or form_of(text)
    root = root_of(text, form)
    hidden, bilingual = _html.hide(root)
    table, below = columns(text) if form == TEXT else (rows_of(root, form, known_rows), "")
    if known_rows(table):
        whole = "\n".join("\n".join(row) for row in table)
        found, strange = _of_table(table)
        strange.append(find([below]))
    else:  # without a table, as copied text is, and as some readers and translators leave the page
        whole = copied(text) if form == MARKDOWN else cell_text(_html.text_of(root), form)
        found, strange = _of_text(whole)
    if not found or not _is_page(whole, table):
        raise UpstreamDataError("this is not the page: too few of the names and addresses that make it were found")
    rows = {number: _without_suffixes(found[number]) for number in sorted(found)}
    shown = {token for tokens in rows.values() for token in tokens.flat()}
    unseen = find([plain(piece) for piece in hidden]).flat()
    unseen += [token for token in find([plain(piece) for piece in bilingual]).flat() if token not in shown]
    return Page(
        form=form,
        rows=rows,
        strange=tuple(_without_suffixes(tokens) for tokens in strange if tokens.flat() or tokens.unreadable),
        hidden=tuple(unseen[:100]),
        hash=hashlib.sha256(json.dumps({str(n): t.flat() for n, t in rows.items()}).encode()).hexdigest(),
    )


def _is_page(whole: str, table: Sequence[Row]) -> bool:
    """Is it the page and no other document that names the same products?

    Two names that only the page lists are enough; of a table, a part of the page, one is if most rows have an anchor.
    """
    certain = len(sure(whole))
    if certain != 1:
        return certain > 1
    return sum(1 for row in table if anchored("\n".join(row))) >= max(2, 0.6 * len(table))


def _of_text(text: str) -> tuple[dict[int, Tokens], list[Tokens]]:
    bodies: dict[int, list[str]] = {}
    strange = []
    for number, body in cut(text):
        if number:
            bodies.setdefault(int(number), []).append(body)
        else:
            strange.append(find([body]))
    return {number: find(cells) for number, cells in bodies.items()}, strange


def _of_table(table: Sequence[Row]) -> tuple[dict[int, Tokens], list[Tokens]]:
    if len(table) > MOST_ROWS:
        raise UpstreamDataError(f"this is not the page: a table of {len(table)} rows")
    end = time.monotonic() + SECONDS
    arranged = arrange(table)
    found: dict[int, Tokens] = {}
    strange = []
    for number, row in zip(identify([(each.number, *each.cells) for each in arranged]), arranged, strict=True):
        if time.monotonic() > end:
            raise UpstreamDataError(f"the page took more than {SECONDS:g} seconds to read")
        tokens = find(row.cells, row.purpose)
        if number is None:
            strange.append(tokens)
        else:
            found[number] = tokens
    return found, strange


def _without_suffixes(tokens: Tokens) -> Tokens:
    """Make what stands for every name under a public suffix unreadable: it is never a need."""
    wide = {host for host in tokens.hosts if "*" in host and _is_suffix(fixed(host))}
    if wide:
        tokens.hosts = [host for host in tokens.hosts if host not in wide]
        tokens.paths = [path for path in tokens.paths if path.partition("/")[0] not in wide]
        tokens.unreadable = [*tokens.unreadable, *sorted(wide)][:100]
    return tokens


def _is_suffix(name: str) -> bool:
    """Is it a public suffix? The list of them takes 40 ms to load, so only what could be one by its looks is looked up."""
    labels = name.split(".")
    if len(labels[-1]) != 2 or (labels[-1] in ("cn", "ms", "us") and min(map(len, labels[:-1]), default=0) > 4):
        return False
    from perimeter365.model.special import is_public_suffix

    return is_public_suffix(name)
