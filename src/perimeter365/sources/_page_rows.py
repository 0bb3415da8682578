"""Tells which row of the catalog each row of the page is: by position and by anchors, never by its number alone.

An anchor is a word or token that stays as it is in every language and every edition (`msappproxy`, `52.112.0.0/14`,
`WinRM`). Rows with anchors are found first, and they keep their order; what lies between two of them is counted in.
Text that was copied from a browser has no columns: its rows begin where the numbers 1, 2, 3 … begin lines, and where a
number was translated into a word, at the line with the next row's anchor.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from perimeter365.sources._page_forms import Row

LAST = 25
"""Rows of the catalog."""

ANCHORS: dict[int, str] = {
    1: r"use-network-upload|\bPST\b",
    2: r"autodiscover(?:-s)?\.outlook\.com|diagnostics\.office\.com|sara\.api|outlookdiagnostics|officecdn\.microsoft",
    3: r"WinRM",
    4: r"ClientTLS|49[ ,.]?443",
    5: r"um\.outlook\.com|\bSBC\b|session-border",
    6: r"\bMRS\b",
    7: r"Free/Busy",
    9: r"hybridwizard|domains\.live\.com|shcwrelease|asl\.configure|exchange-hybrid-configuration-wizard",
    10: r"outlookmobile|AutoDetect|52\.125\.128",
    11: r"msappproxy",
    12: r"\bRDP\b|Skype[^\n]{0,40}Office 2016",
    13: r"13\.107\.64|50[ ,.]?000",
    14: r"\bPSTN\b|plan-hybrid-connectivity",
    15: r"aadcdn\.microsoftonline-p\.com",
    16: r"known-issues|Microsoft Teams[^\n]{0,60}(?:FQDN|Internet Explorer)|FQDN[^\n]{0,20}Microsoft Teams",
    17: r"\.\s?sharepoint\.com",
    18: r"Yammer\b(?!\.com)",
    19: r"reference-connect-ports|tshoot-connect-connectivity\)?, ",
    20: r"digicert|21 ?Via ?Net[^\n]{0,60}(?:Entra|Azure|China|\bAD\b)|chinacloudapi",
    21: r"microsoftstream|Microsoft Stream|\bStream\b",
    22: r"\bMFA\b|howto-mfaserver",
    23: r"Microsoft Graph|20\.20\.32\.0|graph/webhooks",
    24: r"msftconnecttest|NCSI|manage-windows-11-endpoints",
    25: r"\bFCM\b|HT203609|Firebase",
}
_STRONG = {number: re.compile(pattern, re.IGNORECASE if number in (7, 20, 24) else 0) for number, pattern in ANCHORS.items()}
_NUMBERED = re.compile(r"\s*([0-9]{1,2})[\s|.)]\s*\S")


def anchored(text: str) -> set[int]:
    """The rows whose anchors stand in a text."""
    found = {number for number, pattern in _STRONG.items() if pattern.search(text)}
    for strong, weak in ((20, 15), (20, 19), (13, 12), (21, 18), (9, 6), (6, 7), (6, 9)):
        if strong in found and weak in found and strong in (20, 13, 21, 6):
            found.discard(weak)
    return found


def identify(rows: Sequence[Row]) -> list[int | None]:
    """The catalog's row of each row of a table; None for one that cannot be told.

    Args:
        rows: cells as text, the number in the first one, whatever it says.
    """
    count = len(rows)
    anchors = [anchored("\n".join(row)) for row in rows]
    numbers = [_number(row[0]) if row else None for row in rows]
    # best chain: strictly ascending rows, anchors first, then position and number as small hints
    best: list[dict[int, tuple[float, tuple[tuple[int, int], ...]]]] = [{0: (0.0, ())}]
    for i in range(count):
        here = dict(best[-1])
        for last, (value, chain) in best[-1].items():
            for number in range(last + 1, LAST + 1):
                gain = _gain(number, i, anchors[i], numbers[i], count)
                if gain > 0 and (number not in here or here[number][0] < value + gain):
                    here[number] = (value + gain, (*chain, (i, number)))
        best.append(here)
    _, chain = max(best[-1].values(), key=lambda item: item[0])
    found: list[int | None] = [None] * count
    for i, number in chain:
        found[i] = number
    _count_in(found)
    return found


def _gain(number: int, i: int, anchors: set[int], written: int | None, count: int) -> float:
    gain = 10.0 if number in anchors else -6.0 if anchors else 0.0
    gain += 2.0 if count == LAST and number == i + 1 else 0.0
    return gain + (1.0 if written == number else 0.0)


def _count_in(found: list[int | None]) -> None:
    """Fill gaps whose length leaves no choice."""
    fixed = [(-1, 0), *((i, n) for i, n in enumerate(found) if n is not None), (len(found), LAST + 1)]
    for (i, a), (j, b) in pairwise(fixed):
        if j - i == b - a:
            for k in range(i + 1, j):
                found[k] = a + k - i


def _number(cell: str) -> int | None:
    digits = cell.strip().rstrip(".)")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 2 else None


def cut(text: str) -> list[Row]:
    """The rows of text without columns, each ("number or empty", "text"), in the order of the page."""
    lines = text.split("\n")
    starts = _starts(lines)
    pieces: list[Row] = []
    for (n, begin), (m, end) in pairwise([(0, 0), *starts, (LAST + 1, len(lines))]):
        chunk = lines[begin:end]
        if n:
            chunk[0] = re.sub(r"^\s*[0-9]{1,2}[\s|.)]+", "", chunk[0])
        at, own = 0, n
        for i, line in enumerate(chunk):
            if i == 0 and n:
                continue
            newer = {k for k in anchored(line) if own < k < m}
            if newer and m - n > 1:
                pieces += [(str(own), "\n".join(chunk[at:i]))] if own else []
                own, at = min(newer), i
        if own:
            pieces.append((str(own), "\n".join(chunk[at:])))
    return pieces


def _starts(lines: list[str]) -> list[tuple[int, int]]:
    """(number, line) where rows begin: the longest run of ascending numbers at the beginnings of lines.

    `1.` and `1)` of a list before the table do not begin rows.
    """
    marks = [(int(m[1]), i) for i, line in enumerate(lines) if (m := re.match(r"\s*([0-9]{1,2})[ \t|]+[^\s\d.,]", line))]
    marks = [(n, i) for n, i in marks if 1 <= n <= LAST][:400]
    best: list[tuple[float, int]] = []
    for j, (n, i) in enumerate(marks):
        bonus = 1.0 + 2.0 * (n in anchored("\n".join(lines[i : i + 12])))
        back = [(best[k][0], k) for k in range(j) if marks[k][0] < n]
        value, before = max(back, default=(0.0, -1))
        best.append((value + bonus, before))
    if not best:
        return []
    at = max(range(len(best)), key=lambda j: best[j][0])
    chain = []
    while at >= 0:
        chain.append(marks[at])
        at = best[at][1]
    return chain[::-1]
