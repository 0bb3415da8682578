"""Compare the rows of the other-endpoints page with the rows of the catalog.

    compare_page(page, load_catalog())[23].removed[:2]
        ['2001:489a:3500::/50', '2406:e500:5500::/48']

Only the tokens that the page states literally are compared; the catalog is never changed. It also has tokens from the
documents that the page links to: `ELSEWHERE` lists them by row, so that they are not reported as removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from perimeter365.model.catalog import Catalog
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Flow, Requirement, Site
from perimeter365.sources.page._rows import LAST
from perimeter365.sources.page._tokens import Tokens
from perimeter365.sources.page.reader import Page

_PAGE = "additional-office365-ip-addresses-and-urls"
_SINCE = "2025-01-08"

ELSEWHERE: Mapping[int, tuple[str, ...]] = {
    1: ("*",),  # the page only links to the instructions
    2: ("tcp/*",),  # follows from https://
    4: ("/*",),
    5: ("tcp/*",),  # SIP over TLS, from the notes on session border controllers
    6: ("/*",),
    7: ("*",),  # a sentence without any token
    8: ("*",),
    10: ("/*",),
    11: ("*.servicebus.*", "*.msappproxy.us", "tcp/*"),
    15: ("*.us", "*.cn"),
    16: ("*",),  # the list is in Microsoft's documentation of Teams
    17: ("<tenant>-*", "<tenant>.sharepoint.us", "<tenant>.sharepoint-mil.us", "<tenant>.dps.mil", "<tenant>.sharepoint.cn"),
    18: ("*",),
    19: ("*",),  # three links
    24: ("tcp/*", "/*"),
    25: ("*",),  # two links
}
"""Tokens of the catalog that the page does not state: row -> patterns of tokens (`/*` is any path)."""


@dataclass(frozen=True, kw_only=True)
class RowComparison:
    """The differences between a row of the page and the row of the catalog."""

    row: int
    tokens: Tokens
    present: bool
    """True if the page has the row."""
    same: tuple[str, ...]
    added: tuple[str, ...]
    """Tokens of the page that are not in the catalog."""
    removed: tuple[str, ...]
    """Tokens that the page of January 2025 or later states, by the catalog, and this page does not."""
    unreadable: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """True if there is a difference that a person has to review."""
        return bool(self.added or self.removed or self.unreadable or not self.present)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison for the JSON of `import page`."""
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


def compare_page(page: Page, catalog: Catalog) -> dict[int, RowComparison]:
    """Compare each row of the catalog, 1 to 25, with the page."""
    made = {}
    for row in range(1, LAST + 1):
        tokens = page.rows.get(row, Tokens())
        have, want, all_known = set(tokens.flat()), literal_tokens(catalog, row), known_tokens(catalog, row)
        # compare addresses, not prefixes: the catalog may have two neighbors as one prefix
        listed, space = PrefixSet.parse(tokens.prefixes), PrefixSet.parse(filter(_is_prefix, all_known))
        all_known |= {p for p in tokens.prefixes if p in space}
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


def literal_tokens(catalog: Catalog, row: int) -> set[str]:
    """Return the tokens of a row that the page states literally, by the catalog."""
    found: set[str] = set()
    for req in catalog.rows[row].requirements:
        if any(_PAGE in e.document and (e.date >= _SINCE or e.date.startswith("after")) for e in req.evidence):
            found |= _tokens(req)
    patterns = ELSEWHERE.get(row, ())
    return {t for t in found if not any(fnmatchcase(t, p) or (p == "/*" and _is_path(t)) for p in patterns)}


def known_tokens(catalog: Catalog, row: int) -> set[str]:
    """Return all tokens of a row of the catalog."""
    return set().union(*(_tokens(req) for req in catalog.rows[row].requirements))


def _is_path(token: str) -> bool:
    return "/" in token and not token.startswith(("tcp/", "udp/")) and not _is_prefix(token)


def _is_prefix(token: str) -> bool:
    return token.rpartition("/")[2].isdigit() and not token.startswith(("tcp/", "udp/"))


def _tokens(req: Requirement) -> set[str]:
    if isinstance(req, Site):
        return {h.text for h in req.hosts}
    if not isinstance(req, Flow):
        return set()
    hosts = [h.text for party in (req.source, req.destination) for h in party.hosts]
    made = {str(p) for party in (req.source, req.destination) for p in party.prefixes}
    made |= {f"{name}/{part}" for name in ("tcp", "udp") for part in str(getattr(req, name)).split(",") if part}
    return made | set(hosts) | {host + path for host in hosts for path in req.path}
