"""Identify rows by position and anchors, never by their number alone.

An anchor is a word or token that is the same in every language and edition (`msappproxy`, `52.112.0.0/14`, `WinRM`). Rows
with anchors are found first, in ascending order; rows between two of them are counted.
Text copied from a browser has no columns: its rows begin where the numbers 1, 2, 3 … begin lines, or, if a number was
translated into a word, at the line with the anchor of the next row.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from perimeter365.sources.page._forms import TextRow
from perimeter365.sources.page._markdown import MAX_ROWS

LAST = 25
"""The number of the last row of the catalog."""

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
_BEGINS = {
    4: re.compile(r"\W*STS\b"),
    8: re.compile(r"(?:\w\S{0,15}\s+)?\W*Exchange Hybrid\b"),  # also after a number that became a word, or "8:00"
    19: re.compile(r"(?:\w\S{0,15}\s+)?\W*(?:Microsoft Entra|Azure AD) Connect\b"),
}
"""The beginning of rows without an anchor, or with an anchor far from their beginning."""
DISTINCTIVE: dict[int, str] = {
    1: r"use-network-upload",
    2: r"sara\.api\.support|apibasic\.diagnostics|outlookdiagnostics",
    4: r"ClientTLS",
    5: r"\bum\.outlook\.com",
    9: r"hybridwizard|domains\.live\.com|shcwreleaseprod|asl\.configure\.office",
    10: r"52\.125\.128\.0|52\.127\.96\.0|[>»}\]]\s?\.\s?outlookmobile",
    11: r"msappproxy\.",
    13: r"13\.107\.64\.0",
    20: r"(?:digicert\.com|entrust\.net|chinacloudapi\.cn)\s?:\s?[48]",
    21: r"notification\.api\.microsoftstream|vortex\.data\.microsoft|s0\.assets-yammer",
    24: r"msftconnecttest\.",
}
"""Anchors that other documents of Microsoft do not have: a text with two of them is the page."""
_DISTINCTIVE = {number: re.compile(pattern) for number, pattern in DISTINCTIVE.items()}
_PLACED = re.compile(r"[^0-9]{0,12}([0-9]{1,2})[^0-9]{0,12}")
# matches in `outlook.com`, `10.0.0.1`, `TCP`; not in `Outlook. Next`
_LOOKS = re.compile(r"[A-Za-z0-9*]\.[a-z]{2,}|[0-9]{1,3}(?:\.[0-9]{1,3}){3}|TCP|UDP")


def anchored_rows(text: str) -> set[int]:
    """Return the rows whose anchors are in a text."""
    found = {number for number, pattern in _STRONG.items() if pattern.search(text)}
    for strong, weak in ((20, 15), (20, 19), (13, 12), (21, 18), (6, 7), (6, 9)):
        if strong in found:
            found.discard(weak)
    return found


def distinctive_rows(text: str) -> set[int]:
    """Return the rows whose distinctive anchors are in a text."""
    return {number for number, pattern in _DISTINCTIVE.items() if pattern.search(text)}


def known_rows(rows: Sequence[TextRow]) -> int:
    """Return how many rows of a table are certainly rows of the page."""
    return sum(1 for row in rows[:MAX_ROWS] if len(distinctive_rows("\n".join(row))) == 1)


class ArrangedRow(NamedTuple):
    """A row with its columns identified."""

    number: str
    """The text of the number's cell; "" if there is no such column."""
    cells: TextRow
    purpose: int | None
    """The index in `cells` of the row's purpose; None if unknown."""


def arrange(rows: Sequence[TextRow]) -> list[ArrangedRow]:
    """Identify columns by their content, since a translation may reorder them.

    The column of numbers has numbers, or at least short cells; the destination has most names and addresses, and the purpose
    is the longest of the others. If most rows have a number, a row without one belongs to the row before it.
    """
    columns = [[row[i] for row in rows if i < len(row)] for i in range(min(max(map(len, rows), default=0), 12))]
    number = _numbers(columns, len(rows))
    others = [i for i in range(len(columns)) if i != number]
    looks = {i: sum(len(_LOOKS.findall(cell)) for cell in columns[i]) for i in others}
    target = max(others, key=lambda i: looks[i], default=None)
    rest = [i for i in others if i != target and target is not None and looks[target]]
    purpose = max(rest, key=lambda i: sum(map(len, columns[i])), default=None)
    made: list[ArrangedRow] = []
    filled = number is not None and sum(1 for cell in columns[number] if cell.strip()) > len(rows) / 2
    for row in rows:
        own = row[number] if number is not None and number < len(row) else ""
        broken = _LOOKS.search(own) is not None  # broken over lines, so that its first cell is not a number
        kept = [i for i in range(len(row)) if i != number or broken]
        cells = tuple(row[i] for i in kept)
        if filled and (broken or not own.strip()) and made:
            made[-1] = made[-1]._replace(cells=(*made[-1].cells, *cells))
        else:
            made.append(ArrangedRow(own, cells, kept.index(purpose) if purpose in kept else None))
    return made


def _numbers(columns: list[list[str]], count: int) -> int | None:
    """Return the index of the column with the numbers; None if there is none."""
    for i, cells in enumerate(columns):
        found = [number for cell in cells if (number := _number(cell)) is not None]
        if len(found) > 0.6 * len(cells) and sum(a < b for a, b in pairwise(found)) >= 0.6 * (len(found) - 1):
            return i
    first = columns[0] if columns else []
    short = sum(1 for cell in first if len(cell.strip()) <= 16 and not _LOOKS.search(cell) and not anchored_rows(cell))
    return 0 if short >= 0.7 * count and len(columns) > 2 else None


def _number(cell: str) -> int | None:
    found = _PLACED.fullmatch(cell.strip())
    return int(found[1]) if found else None


def identify(rows: Sequence[TextRow]) -> list[int | None]:
    """Return the number of the catalog's row for each row of a table; None if unknown.

    Args:
        rows: cells as text, beginning with the cell of the number.
    """
    gains = _gains(rows)
    # best chain: strictly ascending rows, anchors first, then position and number as small hints
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for i, gain in enumerate(gains):
        here = dict(best)
        for last, (value, chain) in best.items():
            for number, more in gain.items():
                if number > last and (number not in here or here[number][0] < value + more):
                    here[number] = (value + more, (*chain, (i, number)))
        best = here
    found: list[int | None] = [None] * len(rows)
    for i, number in max(best.values(), key=lambda item: item[0])[1]:
        found[i] = number
    _count_in(found, [_number(row[0]) if row else None for row in rows])
    return found


def _gains(rows: Sequence[TextRow]) -> list[dict[int, float]]:
    """Return the score of each possible number of each row."""
    made = []
    for i, row in enumerate(rows):
        anchors = anchored_rows("\n".join(row))
        values = {}
        for number in range(1, LAST + 1):
            value = 10.0 if number in anchors else -6.0 if anchors else 0.0
            value += 4.0 if number in _BEGINS and any(_BEGINS[number].match(cell) for cell in row[1:3]) else 0.0
            value += 2.0 if len(rows) == LAST and number == i + 1 else 0.0
            values[number] = value + (1.0 if row and _number(row[0]) == number else 0.0)
        made.append({number: value for number, value in values.items() if value > 0})
    return made


def _count_in(found: list[int | None], written: Sequence[int | None]) -> None:
    """Fill gaps of exactly the missing rows.

    A row is not filled if its number differs and the numbers of other rows are right.
    """
    fixed = [(-1, 0), *((i, n) for i, n in enumerate(found) if n is not None), (len(found), LAST + 1)]
    right = any(n is not None and written[i] == n for i, n in enumerate(found))
    for (i, a), (j, b) in pairwise(fixed):
        for k in range(i + 1, j if j - i == b - a else 0):
            if not right or written[k] in (None, a + k - i):
                found[k] = a + k - i


def cut(text: str) -> list[TextRow]:
    """Split text without columns into rows ("number or empty", "text")."""
    lines = text.split("\n")
    starts = _starts(lines)
    chunks = [lines[a:b] for a, b in pairwise([0, *(at for _, at in starts), len(lines)])]
    for chunk in chunks[1:]:
        chunk[0] = re.sub(r"^\s*[0-9]{1,2}(?:[\s|.)]+|$)", "", chunk[0])
    bodies = [(str(n), "\n".join(chunk)) for (n, _), chunk in zip(starts, chunks[1:], strict=True)]
    numbers = [0, *(found or 0 for found in identify(bodies)), LAST + 1]
    pieces: list[TextRow] = []
    for place, chunk in enumerate(chunks):
        if place and not numbers[place]:
            pieces.append(("", "\n".join(chunk)))
        else:
            after = next(n for n in numbers[place + 1 :] if n)
            pieces += _by_anchors(chunk, numbers[place], after, first=1 if place else 0)
    return pieces


def _by_anchors(chunk: list[str], own: int, after: int, first: int) -> list[TextRow]:
    """Split lines between two known rows at anchors, from line `first` on."""
    pieces: list[TextRow] = []
    at = 0
    for i, line in enumerate(chunk[first:] if after - own > 1 else (), first):
        newer = {k for k in anchored_rows(line) if own < k < after}
        if own + 1 < after and own + 1 in _BEGINS and _BEGINS[own + 1].match(line):
            newer.add(own + 1)
        if newer:
            pieces.append((str(own), "\n".join(chunk[at:i])))
            own, at = min(newer), i
    return [piece for piece in (*pieces, (str(own), "\n".join(chunk[at:]))) if piece[0] != "0"]


# matches `7 Exchange`, `7|x`, `7`; not `7.5`, `443 TCP`, `7 8`
_PLAIN_START = re.compile(r"\s*([0-9]{1,2})(?:[ \t|]+[^\s0-9.,]|\s*\Z)")
_LIST_START = re.compile(r"\s*([0-9]{1,2})[.)][ \t]+[^\s0-9]")


def _starts(lines: list[str]) -> list[tuple[int, int]]:
    """Return (number, line) of the beginnings of rows.

    They are the longest sequence of ascending numbers at the beginning of lines. `1.` and `1)` count only if there is hardly
    anything else, since a list can precede the table.
    """
    plain, listed = _chain(lines, _PLAIN_START), _chain(lines, _LIST_START)
    return listed if len(listed) > 2 * len(plain) and len(listed) > 6 else plain


def _chain(lines: list[str], start: re.Pattern[str]) -> list[tuple[int, int]]:
    marks = [(int(m[1]), i) for i, line in enumerate(lines) if (m := start.match(line))]
    best: list[tuple[float, list[tuple[int, int]]]] = []
    for n, i in [(n, i) for n, i in marks if 1 <= n <= LAST + 15][:400]:
        bonus = 3.0 if n in _STRONG and _STRONG[n].search("\n".join(lines[i : i + 12])) else 1.0
        value, before = max((b for b in best if b[1][-1][0] < n), key=lambda b: b[0], default=(0.0, []))
        best.append((value + bonus, [*before, (n, i)]))
    return max(best, key=lambda b: b[0], default=(0.0, []))[1]
