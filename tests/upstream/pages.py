"""The page of other endpoints, generated from the catalog, and its faulty variants."""

from collections.abc import Callable, Mapping
from functools import cache

from perimeter365.model.requirement import Flow
from perimeter365.sources.embedded import embedded

PATH = "/additional-office365-ip-addresses-and-urls"
"""End of the path of the page."""

ATTACKER = "131.107.113.0/24"
"""A documentation prefix (RFC 5737) that the correct page does not contain."""

_ANCHORS = {1: "PST", 3: "WinRM", 5: "SBC", 6: "MRS", 7: "Free/Busy", 14: "PSTN", 18: "Yammer", 22: "MFA", 25: "FCM"}
"""Words that identify a row without hosts of its own; every edition and language has them."""


@cache
def page() -> str:
    """An HTML page with the 25 rows, whose cells contain the hosts, prefixes and ports of the catalog."""
    rows = [f"<tr><td>{number}</td><td>{_cell(number)}</td></tr>" for number in sorted(embedded().rows)]
    return (
        '<!DOCTYPE html><html lang="en"><head><title>Other endpoints</title></head><body><h1>Other endpoints</h1>'
        f"<table><thead><tr><th>Row</th><th>Needs</th></tr></thead><tbody>{''.join(rows)}</tbody></table></body></html>"
    )


def _cell(number: int) -> str:
    flows = [r for r in embedded().rows[number].requirements if isinstance(r, Flow) and r.retired is None]
    words = [_ANCHORS.get(number, "Needs")]
    for flow in flows:
        for party in (flow.source, flow.destination):
            words += [f"<code>{h.text}</code>".replace("<tenant>", "&lt;tenant&gt;") for h in party.hosts]
            words += [f"<code>{p}</code>" for p in party.prefixes]
        words += [f"TCP {flow.tcp}"] if flow.tcp else []
        words += [f"UDP {flow.udp}"] if flow.udp else []
    return "<br>".join(dict.fromkeys(words))


def _with_row(opening: str) -> Callable[[str], bytes]:
    row = f"{opening}<td>23</td><td>Microsoft Graph<br><code>{ATTACKER}</code><br>TCP 443</td></tr>"
    return lambda text: text.replace("</tbody>", f"{row}</tbody>").encode()


_PAGES: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "page-hidden-row": ("a hidden row with an attacker's prefix", _with_row("<tr hidden>")),
    "page-invisible-row": ("the same, hidden by a style", _with_row('<tr style="display: none">')),
    "page-row-for-machines": ("the same, hidden by aria-hidden", _with_row('<tr aria-hidden="true">')),
    "page-commented-row": (
        "the same row in a comment",
        lambda text: text.replace("</tbody>", f"<!-- <tr><td>23</td><td>{ATTACKER}</td></tr> --></tbody>").encode(),
    ),
    "page-quadratic": ("unclosed tags, which take some parsers 40 seconds", lambda text: b"<a " * 20_000),
    "page-nested": ("10,000 nested tables", lambda text: b"<table><tr><td>" * 10_000),
    "page-huge": ("a page of 6 MB", lambda text: text.encode() + b" " * 6_000_000),
    "page-nul": ("a page with NUL bytes", lambda text: text.replace("TCP", "T\0CP").encode()),
    "page-not-utf-8": (
        "a page that is not valid UTF-8",
        lambda text: text.replace("Needs", "N\udcffds").encode("utf-8", "surrogateescape"),
    ),
    "page-without-rows": ("a page without its table", lambda text: b"<!DOCTYPE html><html><body>Moved</body></html>"),
    "page-of-a-portal": ("a sign-in page instead", lambda text: b"<!DOCTYPE html><title>Sign in</title><form></form>"),
    "page-empty": ("an empty page", lambda text: b""),
}

PAGES: Mapping[str, Callable[[str], bytes]] = {name: make for name, (_, make) in _PAGES.items()}
"""Case -> function that turns a correct page into the faulty one."""

MEANING: Mapping[str, str] = {name: meaning for name, (meaning, _) in _PAGES.items()}
"""Case -> its meaning in one line."""
