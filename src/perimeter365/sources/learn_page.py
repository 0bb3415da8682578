"""Reads the other-endpoints page of Microsoft Learn into tokens per row, and compares them with the catalog.

    >>> page = extract(Path("page.md").read_text())
    >>> page.rows[24].hosts
    ['www.msftconnecttest.com']
    >>> compare(page, load_catalog())[23].removed[:2]
    ['2001:489a:3500::/50', '2406:e500:5500::/48']

The page exists in some thirty languages, machine-translated, as Markdown, as HTML, and as text copied from a browser.
Its date does not move when its content does: the version is a hash of what was extracted. It is read in a child process
with limits, and it never changes the catalog by itself.

What is compared: the tokens that the page states literally. The catalog knows more, from the documents that the page
points at; `ELSEWHERE` says row by row what that is, so that it is not taken for removed.
Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/additional-office365-ip-addresses-and-urls
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.catalog import Catalog
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Flow, Requirement, Site
from perimeter365.sources._page_forms import FORMS, TEXT, form_of, plain, rows_of
from perimeter365.sources._page_rows import LAST, cut, identify
from perimeter365.sources._page_tokens import Tokens, find

URL = "https://learn.microsoft.com/en-us/microsoft-365/enterprise/additional-office365-ip-addresses-and-urls"

LARGEST = 4 * 1024 * 1024
"""Bytes of a page; real ones have 15,000 to 150,000."""

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


def extract(text: str | bytes, form: str | None = None) -> Page:
    """Read a page, in a child process with limits on CPU, memory and time.

    Args:
        text: the page; bytes are UTF-8.
        form: `markdown`, `html` or `text`; None to find out.

    Raises:
        UpstreamDataError: it is too large, not text, has no row of the page, or took too long to read.
    """
    from perimeter365.sources._child import run

    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(data) > LARGEST:
        raise UpstreamDataError(f"the page has more than {LARGEST} bytes")
    if form is not None and form not in FORMS:
        raise InputError(f"{form!r} is not a form of the page ({', '.join(FORMS)})")
    answer = json.loads(run(__name__, "read", (form or "-").encode() + b"\n" + data, what="the page"))
    return _page(answer)


def read(data: bytes) -> bytes:
    """What the child runs: a line with the form or `-`, then the page; gives JSON."""
    form, _, body = data.partition(b"\n")
    page = parse(body.decode("utf-8", "replace"), None if form == b"-" else form.decode())
    rows = {str(number): asdict(tokens) for number, tokens in page.rows.items()}
    return json.dumps({"form": page.form, "rows": rows, "strange": [asdict(t) for t in page.strange]}).encode()


def parse(text: str, form: str | None = None) -> Page:
    """As `extract`, in this process and without limits: for tests and measurements."""
    text = text.replace("\0", "")
    form = form or form_of(text)
    table = rows_of(text, form)
    rows: dict[int, list[str]] = {}
    purposes: dict[int, int | None] = {}
    strange: list[Tokens] = []
    if form == TEXT:
        for number, body in cut(plain(table[0][0])):
            rows.setdefault(int(number), []).append(body)
    else:
        for number_, cells in zip(identify(table), table, strict=True):
            if number_ is None:
                strange.append(find(cells[1:], 0))
            else:
                rows.setdefault(number_, []).extend(cells[1:])
                purposes[number_] = 0
    found = {number: find(rows[number], purposes.get(number)) for number in sorted(rows)}
    return _page(
        {
            "form": form,
            "rows": {str(n): asdict(t) for n, t in found.items()},
            "strange": [asdict(t) for t in strange if t.flat() or t.unreadable],
        }
    )


def _page(answer: Mapping[str, Any]) -> Page:
    rows = {int(number): Tokens(**tokens) for number, tokens in answer["rows"].items()}
    if not rows:
        raise UpstreamDataError("this is not the page: none of its rows was found")
    said = json.dumps({str(n): t.flat() for n, t in sorted(rows.items())})
    return Page(
        form=answer["form"],
        rows=rows,
        strange=tuple(Tokens(**tokens) for tokens in answer["strange"]),
        hash=hashlib.sha256(said.encode()).hexdigest(),
    )


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


def fetch(source: str) -> bytes:
    """The bytes of a page: a file, `-` for stdin, or an address (see `_fetch` for its limits).

    Raises InputError for a file that cannot be read, UpstreamError for an address.
    """
    if "://" in source:
        from perimeter365.sources._fetch import Fetcher, Limits

        return Fetcher(source, limits=Limits(largest=LARGEST)).get("").body
    if source == "-":
        import sys

        return sys.stdin.buffer.read(LARGEST + 1)
    from pathlib import Path

    try:
        with Path(source).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror}") from error
