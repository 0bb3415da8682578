r"""Find ports in a line of the page: numbers next to `TCP` or `UDP`.

This works in any language, since translations keep `TCP` and `UDP`.

    >>> ports("Ports UDP 50 000-59 999, 443 (TCP)")
    ([(443, 443)], [(50000, 59999)], [])
    >>> ports("80-as és 443-as TCP-port")[0]
    [(80, 80), (443, 443)]
    >>> ports("Office 2013 used RDP over TCP port 443. Windows 11 does not.")[0]
    [(443, 443)]

A line is split into sentences, in which lists of numbers and protocols alternate. A protocol belongs to the list after it
or, if a sentence begins with a list and ends with a protocol, to the list before it, at a distance of at most a few words.
Two numbers with a dash or a word for "to" between them are a range; so are 50000 and 59999 with any text between them.
Numbers after the name of a product (Office 2013, Windows 10), and years, are not ports.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

Ranges = list[tuple[int, int]]

_WELL_KNOWN = frozenset((20, 21, 22, 25, 53, 80, 88, 110, 135, 143, 389, 443, 445, 465, 587, 636, 853, 993, 995))
_YEARS = range(1990, 2040)
_TO_TEXT = """
to through thru bis à au al até ate do tot till til tom до по až az से 至 到 から إلى الى حتى עד ถึง đến
hingga sampai ile έως ως kuni līdz iki pana până 부터
"""
_TO = frozenset(_TO_TEXT.split())
_TO_OR_AND = frozenset(("a", "e", "y"))
"""`a` is Spanish for "to" and Czech for "and"."""
_PORT_TEXT = """
port ports puerto puertos porta portas porte porti porto poort poorten portar portarna portti portit
porty portów portu portul porturi porturile portok порт порта порту порты порти портов портів θύρα
θύρες ポート 端口 埠 連接埠 通訊埠 포트 منفذ منافذ المنفذ المنافذ والمنفذ יציאה יציאת יציאות พอร์ต cổng पोर्ट
"""
_PORT = frozenset(_PORT_TEXT.split())
"""The word for port begins a new list."""
_NAMES_TEXT = """
Office Windows Microsoft Exchange Server Outlook Skype iOS Android Azure Apps SharePoint Edge Explorer Entra Version SP
"""
_NAMES = frozenset(_NAMES_TEXT.split())

_NUMBER = r"[0-9]{1,2}[ ,.'][0-9]{3}(?![0-9])|[0-9]{1,5}(?![0-9])"
_DASH = r"\s?(?:[-~ー…]|\.{2,3})\s?"
# matches `TCP`, `443`, `50000-59999`, `50 000`, `。`; not `UDPv6`, `v443`
_PIECE = re.compile(
    rf"(?P<protocol>(?<![A-Za-z])(?:TCP|UDP)(?![A-Za-z])(?:/IP(?![A-Za-z]))?)"
    rf"|(?<![A-Za-z0-9_.])(?P<low>{_NUMBER})(?:{_DASH}(?P<high>{_NUMBER}))?(?![A-Za-z_%.:]*[0-9])(?![A-Za-z_%])"
    r"|(?P<stop>[。؟।॥!?\x01\x02]|\.(?=\s|$))",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_][^\s\d,;:()/&+.\[\]-]*")
# matches ` and `, ` (port `; not ` 5 `
_GAP = re.compile(r"(?:[^\W\d_]|[\s,;:&/+()、'\"«»“”„|#№º°n.=*\[\]-]|\u0300-\u036f)*")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,4}\Z")


@dataclass(slots=True)
class _Group:
    """A protocol (or two adjacent ones), or a list of numbers."""

    start: int
    end: int
    protocol: str = ""
    numbers: list[tuple[str, str, str]] = field(default_factory=list)
    """(text between it and the number before, low, high)."""


def ports(line: str) -> tuple[Ranges, Ranges, list[str]]:
    """Find the TCP ports, the UDP ports and the ambiguous pieces of a line.

    Args:
        line: plain text (`_forms.plain`) without other tokens.
    """
    found: dict[str, Ranges] = {"TCP": [], "UDP": []}
    unreadable: list[str] = []
    for items in _sentences(line):
        for protocols, numbers in _pairs(line, items) if any(item.protocol for item in items) else ():
            ranges = _ranges(numbers, unreadable)
            for name, kept in found.items():
                kept.extend(ranges if name in protocols else ())
    return found["TCP"], found["UDP"], unreadable


def _sentences(line: str) -> Iterator[list[_Group]]:
    items: list[_Group] = []
    for match in _PIECE.finditer(line):
        start, end = match.span()
        last = items[-1] if items else _Group(start, start)
        gap = line[last.end : start]
        low, high = match["low"], match["high"] or ""
        if match["stop"]:
            abbreviated = match["stop"] == "." and _ABBREVIATION.search(line, max(0, start - 5), start)
            if not abbreviated or not re.match(r"\.\s*[0-9]", line[start : start + 4]):  # port n. 443
                yield items
                items = []
        elif match["protocol"]:
            name = match["protocol"][:3].upper()
            if last.protocol and len(gap) <= 8 and len(_WORDS.findall(gap)) <= 1 and not re.search(r"[.;:0-9]", gap):
                last.protocol, last.end = last.protocol + name, end
            else:
                _split(items, gap)
                items.append(_Group(start, end, name))
        elif len(low) == 4 and not high and low.isdigit() and int(low) in _YEARS:
            continue
        elif last.numbers and _close(gap, 24, 3, _PORT):
            last.numbers.append((gap, low, high))
            last.end = end
        elif not _named(line[max(0, start - 20) : start]):
            items.append(_Group(start, end, "", [("", low, high)]))
    yield items


def _split(items: list[_Group], gap: str) -> None:
    """Split off the last number of a list, if a protocol in parentheses follows it.

    `UDP 3478, 443 (TCP)`
    """
    if len(items) >= 2 and len(items[-1].numbers) >= 2 and items[0].protocol and items[-2].protocol and gap.strip() == "(":
        _, low, high = items[-1].numbers.pop()
        items.append(_Group(items[-1].end, items[-1].end, "", [("", low, high)]))


def _named(before: str) -> bool:
    """Return True if the text before a number ends with the name of a product."""
    words = _WORDS.findall(before)
    return bool(words) and words[-1] in _NAMES and before.rstrip().endswith(words[-1])


def _close(gap: str, letters: int = 40, most: int = 4, other: Collection[str] = ()) -> bool:
    """Return True if a gap can separate numbers, or a protocol and its numbers."""
    words = _WORDS.findall(gap)
    if len(gap) > letters or len(words) > most or any(word in _NAMES or word.lower() in other for word in words):
        return False
    # vowel signs and other marks belong to the letter before
    return _GAP.fullmatch("".join(c for c in gap if c.isascii() or not unicodedata.category(c).startswith("M"))) is not None


def _pairs(line: str, items: list[_Group]) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Yield each protocol with its list of numbers."""

    def near(i: int, k: int) -> bool:
        return _close(line[items[min(i, k)].end : items[max(i, k)].start])

    while len(items) > 1 and not items[0].protocol and not (items[1].protocol and near(0, 1)):
        items = items[1:]
    before = not items[0].protocol and bool(items[-1].protocol)
    used: dict[int, str] = {}
    for i, item in enumerate(items):
        order = ((i - 1, i + 1) if before else (i + 1, i - 1)) if item.protocol else ()
        for k in order:
            if 0 <= k < len(items) and k not in used and not items[k].protocol and near(i, k):
                used[k] = item.protocol
                yield item.protocol, items[k].numbers
                break
    for k, item in enumerate(items):  # TCP port 80 and port 443
        if k - 1 in used and k not in used and not item.protocol and near(k - 1, k):
            used[k] = used[k - 1]
            yield used[k], item.numbers


def _ranges(numbers: list[tuple[str, str, str]], unreadable: list[str]) -> Ranges:
    made: Ranges = []
    last = ""
    for gap, low, high in numbers:
        word = gap.strip(" -(),'").lower()
        if last and not high and _is_range(word, last, low):
            made[-1:] = [(_whole(last), _whole(low))]
            last = ""
        elif last and not high and word in _TO_OR_AND and min(_whole(last), _whole(low)) > 1023:
            unreadable.append(f"{last}{gap}{low}")
            made.pop()
            last = ""
        else:
            made += [(_whole(low), _whole(high))] if high else _singles(low)
            last = "" if high else low
    unreadable += [f"{a}-{b}" if a != b else str(a) for a, b in made if not 1 <= a <= b <= 65535]
    return [(a, b) for a, b in made if 1 <= a <= b <= 65535]


def _is_range(word: str, low: str, high: str) -> bool:
    first, last = _whole(low), _whole(high)
    return first < last and (word in _TO or (first % 1000 == 0 and last % 1000 == 999))


def _whole(text: str) -> int:
    return int(re.sub(r"[^0-9]", "", text))


def _singles(text: str) -> Ranges:
    """Parse a number with the thousands separators of any locale.

    It is two numbers if it is not a port as one, or if both parts are well-known ports.
    """
    parts = [int(part) for part in re.findall(r"[0-9]+", text)]
    if len(parts) == 2 and (_whole(text) > 65535 or set(parts) <= _WELL_KNOWN):
        return [(part, part) for part in parts]
    return [(_whole(text), _whole(text))]
