"""Oracle and seeds of the three fuzzers of the page of other endpoints."""

import html
import re
import unicodedata
import urllib.parse
from dataclasses import replace

from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.sources.page.reader import parse
from tests.fuzz.oracle import attempt, opened_names, opened_space
from tests.sources.hazards import HAZARDS, written

WORDS = (
    "<td>", "</td>", "<tr hidden>", "<!--", "-->", "<table>", "rowspan=9", "&amp;lt;", "\\*", "**", "|", "\n|",
    "<sup>1</sup>", "TCP", "UDP ", "443", "50,000-59,999", "www.msftconnecttest.com", "*.msappproxy.net", "20.20.32.0/19",
    "2001:489a::/50", "<tenant>.sharepoint.com", "https://", "](http", "\u200b", "\u0435", "\u3002", "%2A", "0.0.0.0/0",
    "*.com", "\u0664",
)  # fmt: skip


KEPT = frozenset((4, 5, 9, 11, 13, 17, 24))
"""Rows of the seeds; with all 25, each execution would take four times as long."""


def seeds(form: str) -> list[bytes]:
    """Return short pages, one for every fourth hazard."""
    names = [name for name in sorted(HAZARDS) if form in HAZARDS[name].forms][::4]
    styles = [replace(HAZARDS[name], drop=frozenset(range(1, 26)) - KEPT) for name in ("none", *names)]
    languages = ["en", "ja", "ar", "de"]
    return [written(style, form, languages[i % 4]).text.encode() for i, style in enumerate(styles)]


def check(data: bytes, form: str) -> None:
    text = data.decode("utf-8", "replace")
    page = attempt(lambda: parse(text, form))
    if page is None:
        return
    content = "" if "<" in text else _letters(text)  # tags can be in the middle of a name
    for tokens in (*page.rows.values(), *page.unknown_rows):
        opened_space(tokens.prefixes)
        hosts = [HostPattern(host) for host in tokens.hosts]
        opened_names(hosts, templates=True)
        assert str(PortSet.parse(tokens.tcp)) == tokens.tcp
        assert str(PortSet.parse(tokens.udp)) == tokens.udp
        assert all(path.partition("/")[0] in tokens.hosts for path in tokens.paths)
        assert all(path.isascii() and path.isprintable() and " " not in path for path in tokens.paths)
        assert all(len(piece) <= 100 and piece.isprintable() for piece in tokens.unreadable)
        for host in hosts if content else ():
            part = re.sub(r"<.*?>|[*_-]", "", host.text)
            assert part in content, f"{host} is not in the page"


def _letters(text: str) -> str:
    """Return the letters, digits and dots of a page after Unicode normalization."""
    for _ in range(3):
        text = urllib.parse.unquote(html.unescape(text))
    text = unicodedata.normalize("NFKC", text).lower().replace("\u3002", ".").replace("\u066b", ".")
    return "".join(c for c in text if c.isalnum() or c == ".")
