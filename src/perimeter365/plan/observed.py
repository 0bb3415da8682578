r"""Host names that were really seen on this network, for devices that cannot say a wildcard.

A file of one name a line, as DNS, proxy or TLS logs give it, optionally with a count and the last day:

    # host                          count   last seen
    contoso.sharepoint.com          1841    2026-11-20
    contoso-my.sharepoint.com,530,2026-11-19

Fields are separated by white space, commas or tabs. A name that stands alone counts once; a name that stands on several
lines is added up. A line that is neither is reported, never guessed.

    >>> seen = parse_observed("contoso.sharepoint.com 12 2026-11-20\n")
    >>> [s.host.text for s in seen.under(HostPattern("*.sharepoint.com"))]
    ['contoso.sharepoint.com']
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from perimeter365.errors import HostPatternError, InputError
from perimeter365.model.host import EXACT, HostPattern

MOST_BYTES = 256 * 1024 * 1024
_FIELDS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One name, how often it was seen, and when last."""

    host: HostPattern
    """Exact."""
    count: int
    last: date | None
    """None when the log gave no day."""

    def __str__(self) -> str:
        day = f", last on {self.last}" if self.last else ""
        return f"{self.host} (seen {self.count} times{day})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """All names that were seen, and the lines that said nothing."""

    names: Mapping[HostPattern, Seen] = field(default_factory=lambda: MappingProxyType({}))
    unreadable: tuple[int, ...] = ()
    """Line numbers, from 1."""

    def under(self, pattern: HostPattern) -> tuple[Seen, ...]:
        """What was seen that the pattern matches, sorted by name."""
        return tuple(seen for host, seen in sorted(self.names.items()) if pattern.matches(host.text))


def parse_observed(text: str) -> Observed:
    """Read the lines of a file of names. Never raises: what cannot be read is in `unreadable`."""
    names: dict[HostPattern, Seen] = {}
    unreadable = []
    for number, line in enumerate(text.splitlines(), 1):
        words = [word for word in _FIELDS.split(line.partition("#")[0].strip()) if word]
        if not words:
            continue
        seen = _seen(words)
        if seen is None:
            unreadable.append(number)
            continue
        before = names.get(seen.host)
        names[seen.host] = _add(before, seen) if before else seen
    return Observed(names=MappingProxyType(names), unreadable=tuple(unreadable))


def load_observed(path: Path) -> Observed:
    """Read a file of names. Raises InputError when it cannot be read or is larger than 256 MiB."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is larger than {MOST_BYTES} bytes", help="count the names first: sort | uniq -c")
        return parse_observed(path.read_text("utf-8", errors="replace"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _seen(words: Iterable[str]) -> Seen | None:
    name, *rest = words
    try:
        host = HostPattern(name)
    except HostPatternError:
        return None
    if host.kind != EXACT or len(rest) > 2:
        return None
    count, last = 1, None
    for word in rest:
        if word.isascii() and word.isdigit() and len(word) <= 18:
            count = int(word)
        else:
            try:
                last = date.fromisoformat(word[:10])
            except ValueError:
                return None
    return Seen(host=host, count=count, last=last)


def _add(one: Seen, two: Seen) -> Seen:
    days = [d for d in (one.last, two.last) if d]
    return Seen(host=one.host, count=one.count + two.count, last=max(days) if days else None)
