r"""Host names observed on the network, for devices that do not support wildcards.

A file has one name per line, as in DNS, proxy or TLS logs, optionally with a count and the last day:

    # host                          count   last seen
    contoso.sharepoint.com          1841    2026-11-20
    contoso-my.sharepoint.com,530,2026-11-19

Fields are separated by white space, commas, semicolons or tabs. A name without a count counts once; counts of a name on
several lines are added. Other lines are reported as unreadable.

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
from perimeter365.model.quantity import quantity

MAX_BYTES = 256 * 1024 * 1024
_FIELDS = re.compile(r"[\s,;]+")


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

    def under(self, pattern: HostPattern) -> tuple[ObservedHost, ...]:
        """Return the observed hosts that a pattern matches, sorted by name."""
        return tuple(seen for host, seen in sorted(self.names.items()) if pattern.matches(host.text))


def parse_observed(text: str) -> ObservedHosts:
    """Parse a file of names. Lines that cannot be parsed are in `unreadable`."""
    names: dict[HostPattern, ObservedHost] = {}
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
    return ObservedHosts(names=MappingProxyType(names), unreadable=tuple(unreadable))


def load_observed(path: Path) -> ObservedHosts:
    """Read a file of names.

    Raises InputError if the file cannot be read or is larger than 256 MiB.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is larger than {MAX_BYTES} bytes", help="count the names first: sort | uniq -c")
        return parse_observed(path.read_text("utf-8", errors="replace"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _seen(words: Iterable[str]) -> ObservedHost | None:
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
    return ObservedHost(host=host, count=count, last=last)


def _add(one: ObservedHost, two: ObservedHost) -> ObservedHost:
    days = [d for d in (one.last, two.last) if d]
    return ObservedHost(host=one.host, count=one.count + two.count, last=max(days) if days else None)
