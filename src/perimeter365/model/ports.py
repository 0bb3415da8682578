"""Sets of TCP or UDP ports.

    >>> PortSet.parse("143, 587, 993-995")
    PortSet('143,587,993-995')
    >>> PortSet.parse("443,80") == PortSet.parse("80,443")
    True
    >>> PortSet.parse("0")
    Traceback (most recent call last):
    perimeter365.errors.PortError: '0' is not a port (1 to 65535)

The empty set means that no port is known, or that the protocol is not used; never "all ports".
"""

from collections.abc import Iterable, Iterator

from perimeter365.errors import PortError
from perimeter365.model import intervals
from perimeter365.model.immutable import Immutable
from perimeter365.model.intervals import Bounds

LAST = 65535
"""The highest port; the lowest is 1, since port 0 is reserved."""


class PortSet(Immutable):
    """A set of ports. Immutable, hashable, false if empty.

    Iteration yields inclusive (first, last) ranges.
    """

    __slots__ = ("bounds",)
    init_fields = ("ranges",)

    bounds: Bounds
    """Half-open bounds in the form of `model.intervals`: 80,443-445 is (80, 81, 443, 446)."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        starts, ends = [], []
        for first, last in ranges:
            if not 1 <= first <= last <= LAST:
                raise PortError(f"{first}-{last} is not a port range (1 to 65535, low to high)")
            starts.append(first)
            ends.append(last + 1)
        _set_bounds(self, intervals.merge(starts, ends))

    @classmethod
    def parse(cls, text: str) -> "PortSet":
        """Parse a port list: `80,443`, `143, 587` or `50000-59999`.

        "" is the empty set. Raises PortError.
        """
        ranges = []
        for part in text.split(",") if text.strip() else ():
            low, dash, high = part.strip().partition("-")
            ranges.append((_port(low), _port(high) if dash else _port(low)))
        return cls(ranges)

    @classmethod
    def everything(cls) -> "PortSet":
        """Return all ports, 1 to 65535."""
        return cls([(1, LAST)])

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Inclusive (first, last) ranges: sorted, disjoint, not adjacent."""
        return tuple(intervals.pairs(self.bounds))

    @property
    def size(self) -> int:
        """The number of ports."""
        return intervals.size(self.bounds)

    def complement(self) -> "PortSet":
        """Return all ports from 1 to 65535 that are not in this set."""
        return PortSet.everything() - self

    def __str__(self) -> str:
        return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in self.ranges)

    def __repr__(self) -> str:
        return f"PortSet({str(self)!r})"

    def __bool__(self) -> bool:
        return bool(self.bounds)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PortSet) and self.bounds == other.bounds

    def __hash__(self) -> int:
        return hash(self.bounds)

    def __contains__(self, port: int) -> bool:
        return intervals.contains(self.bounds, port, port)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(intervals.pairs(self.bounds))

    def __len__(self) -> int:
        """Return the number of ports."""
        return self.size

    def __or__(self, other: "PortSet") -> "PortSet":
        return _from_bounds(intervals.union(self.bounds, other.bounds))

    def __and__(self, other: "PortSet") -> "PortSet":
        return _from_bounds(intervals.intersection(self.bounds, other.bounds))

    def __sub__(self, other: "PortSet") -> "PortSet":
        return _from_bounds(intervals.difference(self.bounds, other.bounds))

    def __le__(self, other: "PortSet") -> bool:
        """Return True if every port of this set is in the other."""
        return intervals.is_subset(self.bounds, other.bounds)

    def overlaps(self, other: "PortSet") -> bool:
        """Return True if any port of this set is in the other."""
        return intervals.overlaps(self.bounds, other.bounds)


_set_bounds = vars(PortSet)["bounds"].__set__


def _from_bounds(bounds: Bounds) -> PortSet:
    """Return a set of bounds that are known to be valid, without a check."""
    made = object.__new__(PortSet)
    _set_bounds(made, bounds)
    return made


def _port(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise PortError(f"{text[:60]!r} is not a port (1 to 65535)")
    return int(text)
