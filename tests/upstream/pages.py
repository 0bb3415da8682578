"""The page of other endpoints as the lying upstream serves it: made of the catalog, and everything done to it."""

from collections.abc import Callable, Mapping
from functools import cache

from perimeter365.model.requirement import Flow
from perimeter365.sources.embedded import embedded

PATH = "/additional-office365-ip-addresses-and-urls"
"""How the path of the page ends."""

ATTACKER = "203.0.113.0/24"
"""A documentation prefix (RFC 5737) that is on no honest page."""

_ANCHORS = {1: "PST", 3: "WinRM", 5: "SBC", 6: "MRS", 7: "Free/Busy", 14: "PSTN", 18: "Yammer", 22: "MFA", 25: "FCM"}
"""Words by which a row is known that has no host of its own: they stand in every edition and language."""


@cache
def page() -> str:
    """A page in HTML with the 25 rows, whose cells hold the literal hosts, prefixes and ports of the catalog."""
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
    "page-hidden-row": ("a row with an attacker's prefix that no reader sees", _with_row("<tr hidden>")),
    "page-invisible-row": ("the same by a style", _with_row('<tr style="display: none">')),
    "page-row-for-machines": ("the same by aria-hidden", _with_row('<tr aria-hidden="true">')),
    "page-commented-row": (
        "the same in a comment",
        lambda text: text.replace("</tbody>", f"<!-- <tr><td>23</td><td>{ATTACKER}</td></tr> --></tbody>").encode(),
    ),
    "page-quadratic": ("tags without an end, which cost some parsers 40 seconds", lambda text: b"<a " * 20_000),
    "page-nested": ("10,000 tables, one in the other", lambda text: b"<table><tr><td>" * 10_000),
    "page-huge": ("a page of 6 MB", lambda text: text.encode() + b" " * 6_000_000),
    "page-nul": ("a page with NUL bytes", lambda text: text.replace("TCP", "T\0CP").encode()),
    "page-not-utf-8": (
        "a page in no encoding",
        lambda text: text.replace("Needs", "N\udcffds").encode("utf-8", "surrogateescape"),
    ),
    "page-without-rows": ("a page that lost its table", lambda text: b"<!DOCTYPE html><html><body>Moved</body></html>"),
    "page-of-a-portal": ("a sign-in page in its place", lambda text: b"<!DOCTYPE html><title>Sign in</title><form></form>"),
    "page-empty": ("nothing in its place", lambda text: b""),
}

PAGES: Mapping[str, Callable[[str], bytes]] = {name: make for name, (_, make) in _PAGES.items()}
"""Name of a case -> the page that commits it, made of an honest one."""

MEANING: Mapping[str, str] = {name: meaning for name, (meaning, _) in _PAGES.items()}
"""Name of a case -> what it is, in a line."""
