r"""Host names observed on the network, for devices that do not support wildcards.

A file has one name per line, as in DNS, proxy or TLS logs, optionally with a count and the last day. A name may also be a
URL or have a port; fields may be quoted:

    # host                          count   last seen
    contoso.sharepoint.com          1841    2026-11-20
    "contoso-my.sharepoint.com","530","2026-11-19"
    https://contoso.sharepoint.com:443/sites/x

A table (CSV) begins with a line of column titles, of which one is a name such as `host`, `domain` or `url`. Columns titled
`count`, `hits` or `last seen` are read too, others are ignored:

    client,host,hits
    10.0.0.7,contoso.sharepoint.com,12

Fields are separated by white space, commas, semicolons or tabs. A name without a count counts once; counts of a name on
several lines are added. Other lines are reported as unreadable. The text is UTF-8, or has a byte order mark.

    >>> seen = parse_observed("contoso.sharepoint.com 12 2026-11-20\n")
    >>> [s.host.text for s in seen.under(HostPattern("*.sharepoint.com"))]
    ['contoso.sharepoint.com']
    >>> parse_observed("contoso.sharepoint.com\n10.0.0.1\n=1+1\n").unreadable
    (2, 3)
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from perimeter365.errors import InputError
from perimeter365.intake import read_bytes, shown_path
from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.quantity import quantity
from perimeter365.model.query import parse_query

MAX_BYTES = 256 * 1024 * 1024
"""The maximum size of a file."""

MAX_NAMES = 1_000_000
"""The maximum number of different names in a file."""

_MAX_LINE = 10_000
"""The maximum length of a line in characters."""

_SHOWN = 10
"""The maximum number of line numbers in a message."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r"(?:^|\s)#.*")
# A field in quotes, in which "" stands for a quote, or one without quotes and separators.
# Matches `a.com`, `"a.com"`, `"a ""b"""`; not `"a.com`, `a"b`.
_FIELD = re.compile(r'"((?:[^"]|"")*)"|([^\s,;"]+)')
_SEPARATOR = re.compile(r"[\s,;]+|$")

_NAMES = frozenset(
    ("name", "host", "hostname", "domain", "fqdn", "url", "uri", "query", "qname", "sni", "server", "destination", "site",
     "host name", "server name", "domain name", "dns name", "dest host", "cs host", "destination host")
)  # fmt: skip
_COUNTS = frozenset(("count", "counts", "hits", "requests", "queries", "times", "total", "connections"))
_DAYS = frozenset(("last", "last seen", "lastseen", "last day", "date", "day", "time", "timestamp"))

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks and their encodings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ObservedHost:
    """An observed host name, with its count and last day."""

    host: HostPattern
    """An exact name."""
    count: int
    last: date | None
    """None if the file has no day for it."""

    def __str__(self) -> str:
        day = f", last on {self.last}" if self.last else ""
        return f"{self.host} (seen {quantity(self.count, 'time')}{day})"


@dataclass(frozen=True, kw_only=True, slots=True)
class ObservedHosts:
    """The observed host names of a file, and its unreadable lines."""

    names: Mapping[HostPattern, ObservedHost] = field(default_factory=lambda: MappingProxyType({}))
    unreadable: tuple[int, ...] = ()
    """Line numbers, from 1."""

    @property
    def unreadable_text(self) -> str:
        """The number of unreadable lines and the first of them, as text; else ""."""
        if not self.unreadable:
            return ""
        rest = len(self.unreadable) - _SHOWN
        numbers = ", ".join(map(str, self.unreadable[:_SHOWN])) + (f" and {rest} more" if rest > 0 else "")
        return f"{quantity(len(self.unreadable), 'line')} without a host name: {numbers}"

    def under(self, pattern: HostPattern) -> tuple[ObservedHost, ...]:
        """Return the observed hosts that a pattern matches, sorted by name."""
        return tuple(seen for host, seen in sorted(self.names.items()) if pattern.matches(host.text))


def parse_observed(text: str) -> ObservedHosts:
    """Parse a file of names. Lines that cannot be parsed are in `unreadable`.

    Raises InputError if there are more than a million different names.
    """
    names: dict[HostPattern, ObservedHost] = {}
    unreadable = []
    read: Callable[[str], ObservedHost | None] | None = None
    for number, line in enumerate(_LINE_END.split(text), 1):
        content = _COMMENT.sub("", line).strip() if len(line) <= _MAX_LINE else line
        if not content:
            continue
        if read is None:  # the first line may be that of the titles
            read = _table(content) or _line
            if read is not _line:
                continue
        seen = read(content) if len(line) <= _MAX_LINE else None
        if seen is None:
            unreadable.append(number)
            continue
        before = names.get(seen.host)
        names[seen.host] = _add(before, seen) if before else seen
        if len(names) > MAX_NAMES:
            raise InputError(f"more than {MAX_NAMES} different names", help="leave out names that are not Microsoft's")
    return ObservedHosts(names=MappingProxyType(names), unreadable=tuple(unreadable))


def load_observed(path: Path) -> ObservedHosts:
    """Read a file of names.

    Raises InputError if the file cannot be read, is larger than 256 MiB, is in an unknown encoding, or has lines but no
    name.
    """
    content = read_bytes(path, most=MAX_BYTES, pipes=True, help="write one name in each line, counted: sort | uniq -c")
    try:
        found = parse_observed(_decode(content))
    except InputError as error:
        raise error.inside(shown_path(path)) from None
    if found.unreadable and not found.names:
        raise InputError(f"{shown_path(path)} has no host name: {found.unreadable_text}", help="write one name in each line")
    return found


def _decode(content: bytes) -> str:
    """Decode a file by its byte order mark, else as UTF-8.

    Without a mark, invalid bytes make only their lines unreadable. Raises InputError for text that must be in another
    encoding.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise InputError(
                    f"the byte order mark is that of {encoding.upper()}, but byte {error.start} is not"
                ) from None
    start = content[:4096]
    for encoding, zeros in (("UTF-16LE", start[1::2]), ("UTF-16BE", start[::2])):
        if zeros and 2 * zeros.count(0) > len(zeros):
            raise InputError(
                f"the text looks like {encoding}, but has no byte order mark",
                help=f"convert it: iconv -f {encoding} -t UTF-8",
            )
    return content.decode("utf-8", errors="replace")


def _table(titles: str) -> Callable[[str], ObservedHost | None] | None:
    """Return the reader of a table, or None if its first line has no titles."""
    separator = next((c for c in "\t;," if c in titles), "")
    cells = [re.sub(r"[\s_()-]+", " ", cell).strip().lower() for cell in _split(titles, separator) or ()]
    place = next((cells.index(cell) for cell in cells if cell in _NAMES), None)
    if place is None:
        return None
    counts = [i for i, cell in enumerate(cells) if cell in _COUNTS][:1]
    days = [i for i, cell in enumerate(cells) if cell in _DAYS][:1]

    def read(line: str) -> ObservedHost | None:
        values = [value.strip() for value in _split(line, separator) or ()]
        while len(values) > len(cells) and not values[-1]:
            values.pop()
        if len(values) > len(cells) or len(values) <= place:
            return None
        values += [""] * (len(cells) - len(values))
        count = next((values[i] for i in counts), "") or "1"
        # other forms of a day are not read, since 1/2/2026 has two meanings
        day = next((values[i] for i in days if _day(values[i])), "")
        return _seen([values[place], count, day]) if _number(count) else None

    return read


def _split(line: str, separator: str) -> list[str] | None:
    """Split a line of a table; None if its quotes are not closed."""
    if not separator:
        return line.split()
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except (csv.Error, StopIteration):
        return None


def _line(line: str) -> ObservedHost | None:
    """Read a line of a file without titles."""
    words, at = [], 0
    while at < len(line):
        word = _FIELD.match(line, at)
        end = word and _SEPARATOR.match(line, word.end())
        if word is None or end is None:
            return None
        words.append(word[1].replace('""', '"').strip() if word[1] is not None else word[2])
        at = max(end.end(), word.end())
    return _seen(words)


def _seen(words: Iterable[str]) -> ObservedHost | None:
    name, *rest = words
    try:
        host = parse_query(name).host
    except InputError:
        return None
    if host is None or host.kind != EXACT or len(rest) > 2:
        return None
    count, last = 1, None
    for word in filter(None, rest):
        if _number(word):
            count = int(word)
        elif found := _day(word):
            last = found
        else:
            return None
    return ObservedHost(host=host, count=count, last=last)


def _number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 18


def _day(word: str) -> date | None:
    """Return the day of an ISO date or time (2026-11-20T08:00:00Z), or None."""
    try:
        return date.fromisoformat(word[:10]) if "-" in word else None
    except ValueError:
        return None


def _add(one: ObservedHost, two: ObservedHost) -> ObservedHost:
    days = [d for d in (one.last, two.last) if d]
    return ObservedHost(host=one.host, count=one.count + two.count, last=max(days) if days else None)
