"""An index of host patterns, for lists whose length a stranger decides.

    >>> index = HostIndex(map(HostPattern, ["*.example.com", "a.example.com", "b.example.net"]))
    >>> index.cover(HostPattern("x.y.example.com"))
    HostPattern('*.example.com')
    >>> index.under(HostPattern("*.example.net"))
    ['b.example.net']

A search takes time in the length of the pattern and in the number of patterns with the same ending, not in the length of the
list.
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

from perimeter365.model.host import EXACT, HostPattern

_LAST = "\U0010ffff"
"""A character that sorts after each of a host pattern."""


class HostIndex:
    """Host patterns, with fast searches of covering and covered ones.

    Tables are built on first use.
    """

    def __init__(self, patterns: Iterable[HostPattern]) -> None:
        self.patterns = {pattern.text: pattern for pattern in patterns}

    def __contains__(self, host: HostPattern) -> bool:
        """Return True if a pattern covers the host."""
        return host.text in self.patterns or self.cover(host) is not None

    def cover(self, host: HostPattern) -> HostPattern | None:
        """Return the narrowest other pattern that covers a host or pattern."""
        before, after = (host.text, host.text) if host.kind == EXACT else host.parts
        for end in range(len(after)):  # the longest end is that of the narrowest pattern
            patterns = self._wild.get(after[end:])
            if not patterns:
                continue
            starts = [s for s in patterns if before.startswith(s)] if len(patterns) < len(before) else _starts(before)
            for start in sorted(starts, key=len, reverse=True):
                pattern = patterns.get(start)
                if pattern and pattern.text != host.text and pattern.covers(host):
                    return pattern
        return None

    def under(self, host: HostPattern, most: int | None = None) -> list[str]:
        """Return the names and patterns that a pattern with a star covers.

        They are sorted; at most `most`.
        """
        if "*" not in host.text:
            return []
        before, after = host.parts
        ends, starts = _beginning(self._reversed, after[::-1]), _beginning(self._forward, before)
        reverse = len(ends) <= len(starts)
        names = (self._reversed[i][::-1] for i in ends) if reverse else (self._forward[i] for i in starts)
        found = []
        for name in names:
            if name != host.text and host.covers(self.patterns[name]):
                found.append(name)
                if len(found) == most:
                    break
        return sorted(found)

    @cached_property
    def _wild(self) -> dict[str, dict[str, HostPattern]]:
        """Text after the star -> text before it -> pattern."""
        found: dict[str, dict[str, HostPattern]] = {}
        for pattern in self.patterns.values():
            if "*" in pattern.text:
                before, after = pattern.parts
                found.setdefault(after, {})[before] = pattern
        return found

    @cached_property
    def _forward(self) -> list[str]:
        return sorted(self.patterns)

    @cached_property
    def _reversed(self) -> list[str]:
        return sorted(text[::-1] for text in self.patterns)


def _starts(text: str) -> list[str]:
    return [text[:length] for length in range(len(text) + 1)]


def _beginning(texts: list[str], start: str) -> range:
    """Return the places in a sorted list of the texts that begin with `start`."""
    return range(bisect_left(texts, start), bisect_left(texts, start + _LAST))
