r"""Finds ports in a line of the other-endpoints page, in any language: numbers beside `TCP` or `UDP`, which none translates.

    >>> ports("Ports UDP 50 000-59 999, 443 (TCP)")
    ([(443, 443)], [(50000, 59999)], [])
    >>> ports("80-as és 443-as TCP-port")[0]
    [(80, 80), (443, 443)]
    >>> ports("Office 2013 used RDP over TCP port 443. Windows 11 does not.")[0]
    [(443, 443)]

A line is cut into sentences; in each, lists of numbers and protocols take turns. A protocol takes the list behind it,
or, where a sentence begins with a list and ends with a protocol, the list before it; at most a few words apart. Two
numbers with a dash or a word for "to" between them are a range, and so are 50000 and 59999 whatever stands between.
What is written as a number but is none of a port (Office 2013, Windows 10) is told by the name before it, or is a year.
"""

import re
from collections.abc import Iterator

Ranges = list[tuple[int, int]]

_WELL_KNOWN = frozenset((20, 21, 22, 25, 53, 80, 88, 110, 135, 143, 389, 443, 445, 465, 587, 636, 853, 993, 995))
_YEARS = range(1990, 2040)
_TO_TEXT = """
to through thru bis à au al até ate do tot till til tom до по až az से 至 到 から إلى الى حتى עד ถึง đến
hingga sampai ile έως ως kuni līdz iki pana până 부터
"""
_TO = frozenset(_TO_TEXT.split())
_TO_OR_AND = frozenset(("a", "e", "y"))
"""Spanish says `a` for "to", Czech for "and"."""
_PORT_TEXT = """
port ports puerto puertos porta portas porte porti porto poort poorten portar portarna portti portit
porty portów portu portul porturi porturile portok порт порта порту порты порти портов портів θύρα
θύρες ポート 端口 埠 連接埠 通訊埠 포트 منفذ منافذ المنفذ المنافذ والمنفذ יציאה יציאת יציאות พอร์ต cổng पोर्ट
"""
_PORT = frozenset(_PORT_TEXT.split())
"""A list that begins with the word for port is a new one."""
_NAMES_TEXT = """
Office Windows Microsoft Exchange Server Outlook Skype iOS Android Azure Apps SharePoint Edge Explorer Entra Version SP
"""
_NAMES = frozenset(_NAMES_TEXT.split())
_MOST_WORDS, _MOST_LETTERS, _MOST_BETWEEN = 4, 40, 24

_NUMBER = r"[0-9]{1,2}[ ,.'][0-9]{3}(?![0-9])|[0-9]{1,5}(?![0-9])"
_DASH = r"\s?(?:[-~ー…]|\.{2,3})\s?"
_PIECE = re.compile(
    rf"(?P<protocol>(?<![A-Za-z])(?:TCP|UDP)(?![A-Za-z])(?:/IP(?![A-Za-z]))?)"
    rf"|(?<![A-Za-z0-9_.])(?P<low>{_NUMBER})(?:{_DASH}(?P<high>{_NUMBER}))?(?![A-Za-z_%.:]*[0-9])(?![A-Za-z_%])"
    r"|(?P<stop>[。؟।॥!?\x01\x02]|\.(?=\s|$))",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_][^\s\d,;:()/&+.\[\]-]*")
_GAP = re.compile(r"(?:[^\W\d_]|[\s,;:&/+()、'\"«»“”„|#№º°n.=*\[\]-]|\u0300-\u036f)*")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,4}\Z")


def ports(line: str) -> tuple[Ranges, Ranges, list[str]]:
    """The ports of a line: of TCP, of UDP, and pieces that cannot be told.

    Args:
        line: plain text (`_forms.plain`), other tokens taken out of it.
    """
    tcp: Ranges = []
    udp: Ranges = []
    unreadable: list[str] = []
    for sentence in _sentences(line):
        if not any(item.protocol for item in sentence):
            continue
        for protocols, numbers in _pairs(sentence):
            found = _ranges(numbers, unreadable)
            for name, kept in (("TCP", tcp), ("UDP", udp)):
                if name in protocols:
                    kept.extend(found)
    return tcp, udp, unreadable


class _Item:
    """A protocol (or two that stand together), or a list of numbers."""

    __slots__ = ("end", "line", "numbers", "protocol", "start")

    def __init__(self, line: str, start: int, end: int, protocol: str = "") -> None:
        self.line = line
        self.start = start
        self.end = end
        self.protocol = protocol
        self.numbers: list[tuple[str, str, str]] = []
        """What stands before it (behind the number before), low, high."""

    def gap(self, other: "_Item") -> str:
        """What stands between this one and a later one."""
        return self.line[self.end : other.start]


def _sentences(line: str) -> Iterator[list[_Item]]:
    items: list[_Item] = []
    for match in _PIECE.finditer(line):
        start, end = match.span()
        if match["stop"]:
            before = _ABBREVIATION.search(line, max(0, start - 5), start)
            if match["stop"] == "." and before and re.match(r"\.\s*[0-9]", line[start : start + 4]):
                continue  # port n. 443
            yield items
            items = []
        elif match["protocol"]:
            name = match["protocol"][:3].upper()
            if items and items[-1].protocol and _joins(items[-1].line[items[-1].end : start]):
                items[-1].protocol += name
                items[-1].end = end
            else:
                _split(items, line, start)
                items.append(_Item(line, start, end, name))
        else:
            _number(line, items, match)
    yield items


def _split(items: list[_Item], line: str, start: int) -> None:
    """`UDP 3478, 443 (TCP)`: the last number of a list belongs to the protocol in parentheses behind it."""
    if len(items) < 2 or len(items[-1].numbers) < 2 or not items[0].protocol or not items[-2].protocol:
        return
    if line[items[-1].end : start].strip() == "(":
        _, low, high = items[-1].numbers.pop()
        made = _Item(line, items[-1].end, items[-1].end)
        made.numbers.append(("", low, high))
        items.append(made)


def _joins(gap: str) -> bool:
    return len(gap) <= 8 and len(_WORDS.findall(gap)) <= 1 and not re.search(r"[.;:0-9]", gap)


def _number(line: str, items: list[_Item], match: re.Match[str]) -> None:
    low, high = match["low"], match["high"] or ""
    start, end = match.span()
    if _is_year(low) and not high:
        return
    last = items[-1] if items and not items[-1].protocol else None
    gap = line[last.end : start] if last else ""
    if last and _lists(gap):
        last.numbers.append((gap, low, high))
        last.end = end
        return
    if _named(line[max(0, start - 20) : start]):
        return
    made = _Item(line, start, end)
    made.numbers.append(("", low, high))
    items.append(made)


def _is_year(text: str) -> bool:
    return text.isdigit() and len(text) == 4 and int(text) in _YEARS


def _named(before: str) -> bool:
    """Does a number belong to the name of a product before it?"""
    words = _WORDS.findall(before)
    return bool(words) and words[-1] in _NAMES and before.rstrip().endswith(words[-1])


def _lists(gap: str) -> bool:
    """Can this stand between two numbers of one list?"""
    words = _WORDS.findall(gap)
    return (
        len(gap) <= _MOST_BETWEEN
        and len(words) <= 3
        and not any(word in _NAMES or word.lower() in _PORT for word in words)
        and _GAP.fullmatch(_unmarked(gap)) is not None
    )


def _unmarked(text: str) -> str:
    """Without vowel signs and other marks that belong to the letter before."""
    return text if text.isascii() else "".join(c for c in text if c.isalnum() or c.isascii() or not _is_mark(c))


def _is_mark(char: str) -> bool:
    import unicodedata

    return unicodedata.category(char).startswith("M")


def _near(gap: str) -> bool:
    """Can this stand between a protocol and its numbers?"""
    words = _WORDS.findall(gap)
    return (
        len(gap) <= _MOST_LETTERS
        and len(words) <= _MOST_WORDS
        and not any(word in _NAMES for word in words)
        and _GAP.fullmatch(_unmarked(gap)) is not None
    )


def _pairs(items: list[_Item]) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Protocols with their lists."""
    while items and not items[0].protocol and len(items) > 1 and not (items[1].protocol and _near(items[0].gap(items[1]))):
        items = items[1:]
    before = bool(items) and not items[0].protocol and bool(items[-1].protocol)
    used: dict[int, str] = {}
    for i, item in enumerate(items):
        if not item.protocol:
            continue
        order = (i - 1, i + 1) if before else (i + 1, i - 1)
        for k in order:
            if 0 <= k < len(items) and k not in used and not items[k].protocol:
                gap = item.gap(items[k]) if k > i else items[k].gap(item)
                if _near(gap):
                    used[k] = item.protocol
                    yield item.protocol, items[k].numbers
                    break
    for k, item in enumerate(items):  # TCP port 80 and port 443
        if k - 1 in used and k not in used and not item.protocol and _near(items[k - 1].gap(item)):
            used[k] = used[k - 1]
            yield used[k], item.numbers


def _ranges(numbers: list[tuple[str, str, str]], unreadable: list[str]) -> Ranges:
    made: Ranges = []
    last = ""
    for gap, low, high in numbers:
        word = gap.strip(" -(),'").lower()
        if last and not high and _is_range(word, last, low):
            made.pop()
            made.append((_whole(last), _whole(low)))
            last = ""
            continue
        if last and not high and word in _TO_OR_AND and min(_whole(last), _whole(low)) > 1023:
            unreadable.append(f"{last}{gap}{low}")
            made.pop()
            last = ""
            continue
        made += [(_whole(low), _whole(high))] if high else _singles(low)
        last = "" if high else low
    for low_, high_ in made:
        if not 1 <= low_ <= high_ <= 65535:
            unreadable.append(f"{low_}-{high_}" if low_ != high_ else str(low_))
    return [(a, b) for a, b in made if 1 <= a <= b <= 65535]


def _is_range(word: str, low: str, high: str) -> bool:
    if _whole(low) >= _whole(high):
        return False
    if _whole(low) % 1000 == 0 and _whole(high) % 1000 == 999:
        return True
    return word in _TO


def _whole(text: str) -> int:
    return int(re.sub(r"[^0-9]", "", text))


def _singles(text: str) -> Ranges:
    """A number, thousands separators of any locale understood; two where they can only be two."""
    parts = [int(part) for part in re.findall(r"[0-9]+", text)]
    whole = _whole(text)
    if len(parts) == 2 and (whole > 65535 or set(parts) <= _WELL_KNOWN):
        return [(part, part) for part in parts]
    return [(whole, whole)]
