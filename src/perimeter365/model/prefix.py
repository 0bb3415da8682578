"""Sets of IPv4 and IPv6 addresses, as exact algebra on integers.

    >>> s = PrefixSet.parse(["10.0.0.0/25", "10.0.0.128/25", "2001:db8::/32"])
    >>> [str(p) for p in s]
    ['10.0.0.0/24', '2001:db8::/32']
    >>> "10.0.0.7" in s
    True
    >>> PrefixSet.parse(["10.0.0.1/24"])
    Traceback (most recent call last):
    perimeter365.errors.PrefixError: '10.0.0.1/24' has host bits set

The addresses of a family are bounds of `model.intervals`. Sets of the same addresses are equal, whatever prefixes they
were made from. Long lists are parsed by columns, since each start and each merge parses them.
"""

from _socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import add, mod
from struct import unpack

from perimeter365.errors import PrefixError
from perimeter365.model import intervals
from perimeter365.model.immutable import Immutable
from perimeter365.model.intervals import Bounds, merge

# Importing `socket` costs 8 ms of each start; its C module has everything that is needed.

WIDTH = {4: 32, 6: 128}
"""The number of bits of an address, by family."""

_SIZES4 = {str(n): 1 << (32 - n) for n in range(33)}
_SIZES6 = {str(n): 1 << (128 - n) for n in range(129)}
"""The number of addresses of a prefix, by its length as text."""
_LONGEST = 100
_MAPPED = 0xFFFF  # ::ffff:0:0/96, the upper 96 bits


class Prefix(Immutable):
    """A prefix: family (4 or 6), first address as an integer, length in bits.

    Immutable, hashable, ordered with IPv4 first.
    """

    __slots__ = ("family", "first", "length")
    init_fields = __slots__

    family: int
    first: int
    length: int

    def __init__(self, family: int, first: int, length: int) -> None:
        width = WIDTH.get(family, -1)
        if width < 0 or not 0 <= length <= width or first >> width or first & ((1 << (width - length)) - 1):
            raise PrefixError(f"{first:#x}/{length} is not an IPv{family} prefix")
        object.__setattr__(self, "family", family)
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "length", length)

    @classmethod
    def parse(cls, text: str) -> "Prefix":
        """Parse an address or a prefix. Raises PrefixError (see `parse_prefix`)."""
        return cls(*parse_prefix(text))

    @property
    def last(self) -> int:
        """The last address, as an integer."""
        return self.first + self.size - 1

    @property
    def size(self) -> int:
        """The number of addresses."""
        return 1 << (WIDTH[self.family] - self.length)

    @property
    def address(self) -> str:
        """The first address as text, without the length."""
        return address_text(self.family, self.first)

    def __str__(self) -> str:
        return f"{address_text(self.family, self.first)}/{self.length}"

    def __repr__(self) -> str:
        return f"Prefix({str(self)!r})"

    def _key(self) -> tuple[int, int, int]:
        return (self.family, self.first, self.length)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prefix) and self._key() == other._key()

    def __lt__(self, other: "Prefix") -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __contains__(self, other: "Prefix") -> bool:
        return self.family == other.family and self.first <= other.first and other.last <= self.last


_new = object.__new__
_family, _first, _length = (vars(Prefix)[name].__set__ for name in ("family", "first", "length"))


class PrefixSet(Immutable):
    """A set of addresses of both families. Immutable, hashable, false if empty.

    Iteration yields the fewest prefixes that contain exactly these addresses, IPv4 first, ascending.
    """

    __slots__ = ("v4", "v6")
    init_fields = __slots__

    v4: Bounds
    """Half-open bounds of the IPv4 addresses, ascending: (start, end, start, end, …)."""
    v6: Bounds
    """Half-open bounds of the IPv6 addresses."""

    def __init__(self, v4: Bounds = (), v6: Bounds = ()) -> None:
        for bounds, width in ((v4, 32), (v6, 128)):
            try:
                intervals.check(bounds, 0, 1 << width)
            except ValueError as error:
                raise PrefixError(f"not a set of addresses of {width} bits: {error}") from None
        object.__setattr__(self, "v4", tuple(v4))
        object.__setattr__(self, "v6", tuple(v6))

    @classmethod
    def parse(cls, texts: Iterable[str]) -> "PrefixSet":
        """Parse addresses and prefixes in any order. Raises PrefixError."""
        texts = list(texts)
        # Real lists have duplicates: every second prefix of Azure's service tags is one.
        unique = dict.fromkeys(texts)
        six = [text for text in unique if ":" in text]
        four = [text for text in unique if ":" not in text] if six else list(unique)
        try:
            return _from_bounds(merge(*_read4(four)), merge(*_read6(six)))
        except (KeyError, OSError, ValueError):
            return cls.of(map(Prefix.parse, texts))  # raises, with the reason

    @classmethod
    def of(cls, prefixes: Iterable[Prefix]) -> "PrefixSet":
        """Return the addresses of some prefixes."""
        both: dict[int, tuple[list[int], list[int]]] = {4: ([], []), 6: ([], [])}
        for p in prefixes:
            both[p.family][0].append(p.first)
            both[p.family][1].append(p.last + 1)
        return _from_bounds(merge(*both[4]), merge(*both[6]))

    @classmethod
    def everything(cls) -> "PrefixSet":
        """Return all IPv4 and IPv6 addresses."""
        return cls((0, 1 << 32), (0, 1 << 128))

    def bounds(self, family: int) -> Bounds:
        """Return the bounds of one family, 4 or 6."""
        return self.v4 if family == 4 else self.v6

    def family(self, family: int) -> "PrefixSet":
        """Return the addresses of one family, 4 or 6."""
        return _from_bounds(self.v4, ()) if family == 4 else _from_bounds((), self.v6)

    def prefixes(self, family: int | None = None) -> Iterator[Prefix]:
        """Yield the fewest prefixes that contain exactly these addresses.

        Without `family`, of both families, IPv4 first.
        """
        for fam in (4, 6) if family is None else (family,):
            bounds, width = self.bounds(fam), WIDTH[fam]
            for first, stop in zip(bounds[::2], bounds[1::2], strict=True):
                at = first
                while at < stop:
                    aligned = (at & -at).bit_length() - 1 if at else width
                    bits = min(aligned, (stop - at).bit_length() - 1)
                    prefix = _new(Prefix)  # valid by construction: no check needed
                    _family(prefix, fam)
                    _first(prefix, at)
                    _length(prefix, width - bits)
                    yield prefix
                    at += 1 << bits

    def first_wider(self, family: int, length: int) -> Prefix | None:
        """Return the first prefix of a family that is wider than /`length`, or None.

        The prefixes are those of `prefixes`.

        >>> print(PrefixSet.parse(["10.0.0.0/9", "10.128.0.0/9", "192.0.2.1"]).first_wider(4, 9))
        10.0.0.0/8
        """
        least = 1 << (WIDTH[family] - length + 1)  # a run of fewer addresses has no such prefix
        for first, last in self.ranges(family):
            if last - first + 1 >= least:
                run = (first, last + 1)
                for prefix in _from_bounds(run, ()) if family == 4 else _from_bounds((), run):
                    if prefix.length < length:
                        return prefix
        return None

    def ranges(self, family: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last address of each contiguous range, as integers."""
        return iter(intervals.pairs(self.bounds(family)))

    def size(self, family: int) -> int:
        """Return the number of addresses of one family, 4 or 6."""
        return intervals.size(self.bounds(family))

    def covering(self, prefix: Prefix) -> Prefix | None:
        """Return the prefix of the iteration that contains `prefix`, or None."""
        bounds = self.bounds(prefix.family)
        i = bisect_right(bounds, prefix.first)
        if not i & 1 or prefix.last >= bounds[i]:
            return None
        first, length = prefix.first, prefix.length
        while length:
            size = 1 << (WIDTH[prefix.family] - length + 1)
            wider = first & -size
            if wider < bounds[i - 1] or wider + size > bounds[i]:
                break
            first, length = wider, length - 1
        return Prefix(prefix.family, first, length)

    def gap(self, prefix: Prefix) -> tuple[int, int]:
        """Return the half-open bounds of the gap in the set around a prefix.

        They are equal if the first address of the prefix is in the set.
        """
        bounds = self.bounds(prefix.family)
        i = bisect_right(bounds, prefix.first)
        if i & 1:
            return prefix.first, prefix.first
        return bounds[i - 1] if i else 0, bounds[i] if i < len(bounds) else 1 << WIDTH[prefix.family]

    def overlaps(self, prefix: Prefix) -> bool:
        """Return True if any address of a prefix is in the set."""
        return intervals.overlaps_range(self.bounds(prefix.family), prefix.first, prefix.last)

    def complement(self) -> "PrefixSet":
        """Return all addresses of both families that are not in this set."""
        return PrefixSet.everything() - self

    def __iter__(self) -> Iterator[Prefix]:
        return self.prefixes()

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PrefixSet) and self.v4 == other.v4 and self.v6 == other.v6

    def __hash__(self) -> int:
        return hash((self.v4, self.v6))

    def __repr__(self) -> str:
        return f"PrefixSet.parse({[str(p) for p in self]!r})"

    def __contains__(self, item: "str | Prefix") -> bool:
        """Return True if the set contains an address or all of a prefix.

        Raises PrefixError for text that is neither.
        """
        prefix = Prefix.parse(item) if isinstance(item, str) else item
        return intervals.contains(self.bounds(prefix.family), prefix.first, prefix.last)

    def __or__(self, other: "PrefixSet") -> "PrefixSet":
        if not (self and other):
            return self or other
        return _from_bounds(intervals.union(self.v4, other.v4), intervals.union(self.v6, other.v6))

    def __and__(self, other: "PrefixSet") -> "PrefixSet":
        return _from_bounds(intervals.intersection(self.v4, other.v4), intervals.intersection(self.v6, other.v6))

    def __sub__(self, other: "PrefixSet") -> "PrefixSet":
        return _from_bounds(intervals.difference(self.v4, other.v4), intervals.difference(self.v6, other.v6))

    def __le__(self, other: "PrefixSet") -> bool:
        """Return True if every address of this set is in the other."""
        return intervals.is_subset(self.v4, other.v4) and intervals.is_subset(self.v6, other.v6)


_v4, _v6 = (vars(PrefixSet)[name].__set__ for name in ("v4", "v6"))


def _from_bounds(v4: Bounds, v6: Bounds) -> PrefixSet:
    """Return a set of bounds that are known to be valid, without a check."""
    made = _new(PrefixSet)
    _v4(made, v4)
    _v6(made, v6)
    return made


def parse_prefix(text: str) -> tuple[int, int, int]:
    """Parse an address or prefix into (family, first address, length).

    Raises PrefixError for host bits after the mask, dotted netmasks, leading zeros, zone ids, IPv4-mapped IPv6 addresses
    (RFC 4291 2.5.5.2) and other text.
    """
    if len(text) > _LONGEST:
        raise PrefixError(f"{text[:60]!r}, of {len(text)} characters, is longer than any address")
    address, slash, length = text.partition("/")
    family, codes, table = (6, AF_INET6, _SIZES6) if ":" in address else (4, AF_INET, _SIZES4)
    if "%" in address:
        raise PrefixError(f"{text!r} has a zone id, which is valid on one machine only")
    try:
        first = int.from_bytes(inet_pton(codes, address), "big")
    except (OSError, ValueError):
        raise PrefixError(f"{text!r} is not an IPv{family} address or prefix") from None
    if family == 6 and first >> 32 == _MAPPED:
        raise PrefixError(f"{text!r} is an IPv4-mapped address; write the IPv4 address itself")
    if slash and length not in table:
        raise PrefixError(f"{text!r} has no length from 0 to {WIDTH[family]} after the slash")
    size = table[length] if slash else 1
    if rest := first & (size - 1):
        whole = f"{address_text(family, first - rest)}/{length}"
        raise PrefixError(f"{text!r} has host bits set", help=f"did you mean {whole}?")
    return family, first, WIDTH[family] - size.bit_length() + 1


def address_text(family: int, value: int) -> str:
    """Return an address as text: dotted decimal, or the compressed form of RFC 5952."""
    if family == 4:
        return inet_ntop(AF_INET, value.to_bytes(4, "big"))
    text = inet_ntop(AF_INET6, value.to_bytes(16, "big"))
    if "." in text:  # the C library writes ::a.b.c.d; RFC 5952 5 allows that for mapped addresses only
        head, _, dotted = text.rpartition(":")
        a, b, c, d = (int(x) for x in dotted.split("."))
        text = f"{head}:{a << 8 | b:x}:{c << 8 | d:x}"
    return text


def _read4(texts: list[str]) -> tuple[list[int], list[int]]:
    """Parse IPv4 prefixes into their first addresses and ends (exclusive).

    Raises KeyError, OSError or ValueError for other text. C functions process whole columns, which is five times as fast as
    a loop over the prefixes.
    """
    addresses, sizes = _columns(texts, "/32", _SIZES4)
    return _spans(unpack(f">{len(addresses)}I", b"".join(map(inet_pton, repeat(AF_INET), addresses))), sizes)


def _read6(texts: list[str]) -> tuple[list[int], list[int]]:
    """Parse IPv6 prefixes, as `_read4`."""
    addresses, sizes = _columns(texts, "/128", _SIZES6)
    firsts = [int.from_bytes(inet_pton(AF_INET6, address), "big") for address in addresses]
    if any(first >> 32 == _MAPPED for first in firsts):
        raise ValueError("IPv4-mapped")
    return _spans(firsts, sizes)


def _columns(texts: list[str], whole: str, table: dict[str, int]) -> tuple[list[str], list[int]]:
    """Return addresses and sizes. Raises ValueError if a text has more than one slash."""
    # with a slash added to texts without one, splitting gives two parts per text unless one has two slashes
    parts = "/".join([text if "/" in text else text + whole for text in texts]).split("/") if texts else []
    if len(parts) != 2 * len(texts):
        raise ValueError("two slashes")
    return parts[::2], list(map(table.__getitem__, parts[1::2]))


def _spans(firsts: Sequence[int], sizes: list[int]) -> tuple[list[int], list[int]]:
    if any(map(mod, firsts, sizes)):
        raise ValueError("host bits")
    return list(firsts), list(map(add, firsts, sizes))
