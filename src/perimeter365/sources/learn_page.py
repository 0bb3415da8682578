"""Reads the other-endpoints page of Microsoft Learn into tokens per row, and compares them with the catalog.

    page = extract(Path("page.md").read_text())
    page.rows[24].hosts
        ['www.msftconnecttest.com']
    compare(page, load_catalog())[23].removed[:2]
        ['2001:489a:3500::/50', '2406:e500:5500::/48']

The page exists in some thirty languages, machine-translated, as Markdown, as HTML, and as text copied from a browser.
Its date does not move when its content does: the version is a hash of what was extracted. It is read in a child process
with limits, and it never changes the catalog by itself.

What is compared: the tokens that the page states literally. The catalog knows more, from the documents that the page
points at; `ELSEWHERE` says row by row what that is, so that it is not taken for removed.
Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/additional-office365-ip-addresses-and-urls
"""

import codecs
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.catalog import Catalog
from perimeter365.model.host import fixed
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Flow, Requirement, Site
from perimeter365.sources._page_forms import FORMS, TEXT, Row, form_of, plain, rows_of
from perimeter365.sources._page_html import strip_tags, visible
from perimeter365.sources._page_rows import LAST, MOST_ROWS, anchored, arrange, cut, identify, sure, told
from perimeter365.sources._page_tokens import Tokens, find

URL = "https://learn.microsoft.com/en-us/microsoft-365/enterprise/additional-office365-ip-addresses-and-urls"

LARGEST = 4 * 1024 * 1024
"""Bytes of a page; real ones have 15,000 to 150,000."""

_KINDS = (
    "",
    "text/html",
    "text/plain",
    "text/markdown",
    "text/x-markdown",
    "application/xhtml+xml",
    "application/octet-stream",
)
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ENCODINGS = (
    "utf-8", "utf-16", "ascii", "iso8859", "cp125", "cp874", "cp93", "cp94", "cp95", "tis-620", "koi8", "shift_jis", "euc_",
    "iso2022_jp", "gb", "big5", "mac-",
)  # fmt: skip
"""How Python's names of encodings begin that pages are written in."""
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_PAGE = "additional-office365-ip-addresses-and-urls"
_SINCE = "2025-01-08"

ELSEWHERE: Mapping[int, tuple[str, ...]] = {
    1: ("*",),  # the page only points at the instructions
    2: ("tcp/*",),  # follows from https://
    4: ("/*",),
    5: ("tcp/*",),  # SIP over TLS, from the notes on session border controllers
    6: ("/*",),
    7: ("*",),  # a sentence without any token
    8: ("*",),
    9: (),
    10: ("/*",),
    11: ("*.servicebus.*", "*.msappproxy.us", "tcp/*"),
    15: ("*.us", "*.cn"),
    16: ("*",),  # the list stands in Microsoft's documentation of Teams
    17: ("<tenant>-*", "<tenant>.sharepoint.us", "<tenant>.sharepoint-mil.us", "<tenant>.dps.mil", "<tenant>.sharepoint.cn"),
    18: ("*",),
    19: ("*",),  # three links
    24: ("tcp/*", "/*"),
    25: ("*",),  # two links
}
"""What the catalog's flows have beside the page's own words: row -> patterns of tokens (`/*` is every path)."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page says."""

    form: str
    """`markdown`, `html` or `text`."""
    rows: Mapping[int, Tokens]
    """The catalog's rows that the page has, ascending."""
    strange: tuple[Tokens, ...] = ()
    """Rows that are none of the catalog's, and hold tokens."""
    hidden: tuple[str, ...] = ()
    """Tokens in text that the page hides from its readers. They count for nothing, but somebody put them there."""
    hash: str = field(default="")
    """SHA-256 over the tokens of all rows: the page's version. Language, form and order do not count."""


@dataclass(frozen=True, kw_only=True)
class RowComparison:
    """A row of the page against the catalog's."""

    row: int
    tokens: Tokens
    present: bool
    """Does the page have the row?"""
    same: tuple[str, ...]
    added: tuple[str, ...]
    """On the page, not in the catalog."""
    removed: tuple[str, ...]
    """Literally on the page of January 2025 or later by the catalog, and not on this one."""
    unreadable: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Is there anything for a person to look at?"""
        return bool(self.added or self.removed or self.unreadable or not self.present)

    def to_dict(self) -> dict[str, Any]:
        """JSON of `import page` (CONTRACT)."""
        ports = [{"protocol": p, "ports": v} for p, v in (("tcp", self.tokens.tcp), ("udp", self.tokens.udp)) if v]
        return {
            "row": self.row,
            "present": self.present,
            "hosts": self.tokens.hosts,
            "paths": self.tokens.paths,
            "prefixes": self.tokens.prefixes,
            "ports": ports,
            "same": len(self.same),
            "added": list(self.added),
            "removed": list(self.removed),
            "unreadable": list(self.unreadable),
        }


def extract(text: str | bytes, form: str | None = None, charset: str = "") -> Page:
    """Read a page, in a child process with limits on CPU, memory and time.

    Args:
        text: the page; of bytes the encoding is found out (`decoded`).
        form: `markdown`, `html` or `text`; None to find out.
        charset: what the page's server says its encoding is.

    Raises:
        UpstreamDataError: it is too large, not text, has no row of the page, or took too long to read.
    """
    from perimeter365.sources._child import run

    if len(text) > LARGEST:
        raise UpstreamDataError(f"the page has more than {LARGEST} bytes")
    if form is not None and form not in FORMS:
        raise InputError(f"{form!r} is not a form of the page ({', '.join(FORMS)})")
    data = (decoded(text, charset) if isinstance(text, bytes) else text).encode("utf-8", "replace")
    answer = json.loads(run(__name__, "read", (form or "-").encode() + b"\n" + data, what="the page"))
    return _page(answer)


def read(data: bytes) -> bytes:
    """What the child runs: a line with the form or `-`, then the page; gives JSON."""
    form, _, body = data.partition(b"\n")
    page = parse(body.decode("utf-8", "replace"), None if form == b"-" else form.decode())
    rows = {str(number): asdict(tokens) for number, tokens in page.rows.items()}
    return json.dumps(
        {"form": page.form, "rows": rows, "strange": [asdict(t) for t in page.strange], "hidden": page.hidden}
    ).encode()


def parse(text: str, form: str | None = None) -> Page:
    """As `extract`, in this process and without limits: for tests and measurements."""
    text = text.replace("\0", "")
    form = form or form_of(text)
    table = rows_of(text, form, told)
    if form != TEXT and not told(table):  # a page without a table, as some readers and translators leave it
        table = rows_of(text, TEXT)
        found, strange = _of_text(table[0][0])
    elif form == TEXT:
        found, strange = _of_text(table[0][0])
    else:
        found, strange = _of_table(table)
    dropped: list[str] = []
    visible(text, dropped)
    if not found or not _is_page(table, form):
        raise UpstreamDataError("this is not the page: too few of the names and addresses that make it were found")
    return _page(
        {
            "form": form,
            "rows": {str(n): asdict(t) for n, t in sorted(found.items())},
            "strange": [asdict(t) for t in strange if t.flat() or t.unreadable],
            "hidden": find([plain(strip_tags(piece)) for piece in dropped]).flat()[:100],
        }
    )


def _is_page(table: Sequence[Row], form: str) -> bool:
    """Is it the page and no other document that names the same products?

    Two names that only the page lists say so; of a table, a part of the page, one does if most rows have an anchor.
    """
    certain = len(sure("\n".join("\n".join(row) for row in table)))
    known_rows = sum(1 for row in table if anchored("\n".join(row))) if form != TEXT else 0
    return certain > 1 or (certain == 1 and known_rows >= max(2, 0.6 * len(table)))


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
    arranged = arrange(table)
    found: dict[int, Tokens] = {}
    strange = []
    for number, row in zip(identify([(each.number, *each.cells) for each in arranged]), arranged, strict=True):
        if number is None:
            strange.append(find(row.cells, row.purpose))
        else:
            found[number] = find(row.cells, row.purpose)
    return found, strange


def _page(answer: Mapping[str, Any]) -> Page:
    rows = {int(number): _without_suffixes(Tokens(**tokens)) for number, tokens in answer["rows"].items()}
    said = json.dumps({str(n): t.flat() for n, t in sorted(rows.items())})
    return Page(
        form=answer["form"],
        rows=rows,
        strange=tuple(_without_suffixes(Tokens(**tokens)) for tokens in answer["strange"]),
        hidden=tuple(answer["hidden"]),
        hash=hashlib.sha256(said.encode()).hexdigest(),
    )


def _without_suffixes(tokens: Tokens) -> Tokens:
    """What stands for every name under a public suffix is never a need: it becomes unreadable."""
    wide = {host for host in tokens.hosts if "*" in host and _is_suffix(fixed(host))}
    if wide:
        tokens.hosts = [host for host in tokens.hosts if host not in wide]
        tokens.paths = [path for path in tokens.paths if path.partition("/")[0] not in wide]
        tokens.unreadable = [*tokens.unreadable, *sorted(wide)][:100]
    return tokens


def _is_suffix(name: str) -> bool:
    """Is it a public suffix? The list of them takes 40 ms to load, so only what could be one by its looks is asked for."""
    labels = name.split(".")
    if len(labels[-1]) != 2 or (labels[-1] in ("cn", "ms", "us") and min(map(len, labels[:-1]), default=0) > 4):
        return False
    from perimeter365.model.special import is_public_suffix

    return is_public_suffix(name)


def literal(catalog: Catalog, row: int) -> set[str]:
    """The tokens of a row that its page states literally, by the catalog."""
    found: set[str] = set()
    for req in catalog.rows[row].requirements:
        if any(_PAGE in e.document and (e.date >= _SINCE or e.date.startswith("after")) for e in req.evidence):
            found |= _tokens(req)
    patterns = ELSEWHERE.get(row, ())
    return {t for t in found if not any(fnmatchcase(t, p) or (p == "/*" and _is_path(t)) for p in patterns)}


def known(catalog: Catalog, row: int) -> set[str]:
    """All tokens of a row, by the catalog."""
    return set().union(*(_tokens(req) for req in catalog.rows[row].requirements))


def _is_path(token: str) -> bool:
    return "/" in token and not token.startswith(("tcp/", "udp/")) and not token.rpartition("/")[2].isdigit()


def _tokens(req: Requirement) -> set[str]:
    if isinstance(req, Site):
        return {h.text for h in req.hosts}
    if not isinstance(req, Flow):
        return set()
    hosts = [h.text for party in (req.source, req.destination) for h in party.hosts]
    made = {str(p) for party in (req.source, req.destination) for p in party.prefixes}
    made |= {f"tcp/{part}" for part in str(req.tcp).split(",") if part}
    made |= {f"udp/{part}" for part in str(req.udp).split(",") if part}
    return made | set(hosts) | {host + path for host in hosts for path in req.path}


def _is_prefix(token: str) -> bool:
    return token.rpartition("/")[2].isdigit() and not token.startswith(("tcp/", "udp/"))


def _space(tokens: set[str]) -> PrefixSet:
    return PrefixSet.parse(token for token in tokens if _is_prefix(token))


def compare(page: Page, catalog: Catalog) -> dict[int, RowComparison]:
    """Each row of the catalog against the page, 1 to 25."""
    made = {}
    for row in range(1, LAST + 1):
        tokens = page.rows.get(row, Tokens())
        have, want, all_known = set(tokens.flat()), literal(catalog, row), known(catalog, row)
        listed, known_space = PrefixSet.parse(tokens.prefixes), _space(all_known)
        # addresses count as addresses: the catalog may hold two neighbors as one prefix
        all_known |= {p for p in tokens.prefixes if p in known_space}
        want -= {p for p in want if _is_prefix(p) and p in listed}
        made[row] = RowComparison(
            row=row,
            tokens=tokens,
            present=row in page.rows,
            same=tuple(sorted(have & all_known)),
            added=tuple(sorted(have - all_known)),
            removed=tuple(sorted(want - have)),
            unreadable=tuple(tokens.unreadable),
        )
    return made


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy of the page, as it came."""

    body: bytes = field(repr=False)
    charset: str = ""
    """As its server said; "" when nobody did."""


def fetch(source: str) -> Copy:
    """A copy of the page: a file, `-` for stdin, or an https address (see `net.fetch` for its limits).

    Raises InputError for a file that cannot be read, UpstreamError for an address.
    """
    if "://" in source:
        from urllib.parse import parse_qsl, urlsplit

        from perimeter365.net.fetch import Fetcher, Limits

        parts = urlsplit(source)
        base = parts._replace(query="", fragment="").geturl()
        fetcher = Fetcher(base, limits=Limits(largest=LARGEST))
        answer = fetcher.get("", dict(parse_qsl(parts.query, keep_blank_values=True)))
        if answer.kind not in _KINDS:
            raise UpstreamDataError(f"{fetcher.shown} is {answer.kind[:60]!r}, which is no text")
        return Copy(body=answer.body, charset=answer.charset)
    if source == "-":
        import sys

        return Copy(body=sys.stdin.buffer.read(LARGEST + 1))
    from pathlib import Path

    try:
        with Path(source).open("rb") as file:
            return Copy(body=file.read(LARGEST + 1))
    except (OSError, ValueError) as error:
        raise InputError(f"{source}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def decoded(data: bytes, charset: str = "") -> str:
    """The text of a page: by its byte order mark, what its server said, what its `<meta>` says, or else UTF-8.

    What does not fit the encoding becomes U+FFFD, beside which no token is read. Raises UpstreamDataError for an encoding
    that no page has.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    found = _META.search(data[:4096]) if b"<" in data[:200] else None
    name = charset or (found[1].decode("ascii") if found else "utf-8")
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = ""
    if not codec.startswith(_ENCODINGS):
        raise UpstreamDataError(f"the page is in {name[:40]!r}, which is no encoding of pages", help="save it as UTF-8")
    return data.decode(codec, "replace")
