"""Sets of TCP or UDP ports.

    >>> PortSet.parse("143, 587, 993-995")
    PortSet('143,587,993-995')
    >>> PortSet.parse("443,80") == PortSet.parse("80,443")
    True
    >>> PortSet.parse("0")
    Traceback (most recent call last):
    perimeter365.errors.PortError: '0' is not a port (1 to 65535)

The empty set means that no port is known (or none of this protocol is used), never "all ports".
"""

from collections.abc import Iterable, Iterator

from perimeter365.errors import PortError


class PortSet:
    """Ports as sorted, merged, inclusive ranges. Immutable, hashable, false when empty."""

    __slots__ = ("ranges",)

    ranges: tuple[tuple[int, int], ...]
    """Sorted, disjoint, not adjacent (first, last), 1 to 65535."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if not 1 <= first <= last <= 65535:
                raise PortError(f"{first}-{last} is not a port range (1 to 65535, low to high)")
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        object.__setattr__(self, "ranges", tuple(merged))

    @classmethod
    def parse(cls, text: str) -> "PortSet":
        """Read `80,443`, `143, 587` or `50000-59999`; "" is the empty set. Raises PortError."""
        ranges = []
        for part in text.split(",") if text.strip() else ():
            low, dash, high = part.strip().partition("-")
            ranges.append((_port(low), _port(high) if dash else _port(low)))
        return cls(ranges)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("PortSet is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("PortSet is immutable")

    def __reduce__(self) -> tuple[object, ...]:
        return (PortSet, (self.ranges,))

    def __str__(self) -> str:
        return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in self.ranges)

    def __repr__(self) -> str:
        return f"PortSet({str(self)!r})"

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PortSet) and self.ranges == other.ranges

    def __hash__(self) -> int:
        return hash(self.ranges)

    def __contains__(self, port: int) -> bool:
        return any(a <= port <= b for a, b in self.ranges)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.ranges)

    def __len__(self) -> int:
        """How many ports."""
        return sum(b - a + 1 for a, b in self.ranges)

    def __or__(self, other: "PortSet") -> "PortSet":
        return PortSet(self.ranges + other.ranges)

    def __le__(self, other: "PortSet") -> bool:
        """Is every port of this set in the other?"""
        return all(any(c <= a and b <= d for c, d in other.ranges) for a, b in self.ranges)

    def meets(self, other: "PortSet") -> bool:
        """Is any port of this set in the other?"""
        return any(c <= b and a <= d for a, b in self.ranges for c, d in other.ranges)


def _port(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise PortError(f"{text[:60]!r} is not a port (1 to 65535)")
    return int(text)
