"""Sets of IPv4 and IPv6 addresses: exact algebra on integers, text only at the edges.

    >>> s = PrefixSet.parse(["10.0.0.0/25", "10.0.0.128/25", "2001:db8::/32"])
    >>> [str(p) for p in s]
    ['10.0.0.0/24', '2001:db8::/32']
    >>> "10.0.0.7" in s
    True
    >>> PrefixSet.parse(["10.0.0.1/24"])
    Traceback (most recent call last):
    perimeter365.errors.PrefixError: '10.0.0.1/24' has host bits set

A family's addresses are the bounds of `model.intervals`, whose algebra this is: what is equal as a set of addresses
is equal as a value, whatever prefixes it came from. Long lists are read column by column, since every start and every
merge goes through that.
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

# `socket` itself costs 8 ms of every start; the C module under it has all that is needed.

WIDTH = {4: 32, 6: 128}
"""Bits of an address by family."""

_SIZES4 = {str(n): 1 << (32 - n) for n in range(33)}
_SIZES6 = {str(n): 1 << (128 - n) for n in range(129)}
"""How many addresses a prefix of this length has, by the length as text."""
_LONGEST = 100
_MAPPED = 0xFFFF  # ::ffff:0:0/96, the upper 96 bits


class Prefix(Immutable):
    """One prefix: family (4 or 6), first address as an integer, length in bits. Immutable, ordered IPv4 first."""

    __slots__ = ("family", "first", "length")
    made_of = __slots__

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
        """Read an address or a prefix. Raises PrefixError (see `parse_prefix`)."""
        return cls(*parse_prefix(text))

    @property
    def last(self) -> int:
        """The last address, as an integer."""
        return self.first + self.size - 1

    @property
    def size(self) -> int:
        """How many addresses."""
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
    """A set of addresses of both families. Immutable, hashable, false when empty.

    Iterating gives the fewest `Prefix`es that hold exactly these addresses, IPv4 first, ascending.
    """

    __slots__ = ("v4", "v6")
    made_of = __slots__

    v4: Bounds
    """Half-open bounds of the IPv4 addresses: (start, end, start, end, …), ascending."""
    v6: Bounds
    """The same for IPv6."""

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
        """Read addresses and prefixes, in any order, overlapping or not. Raises PrefixError."""
        texts = list(texts)
        # Real lists repeat themselves: in Azure's service tags every second prefix is one again.
        unique = dict.fromkeys(texts)
        six = [text for text in unique if ":" in text]
        four = [text for text in unique if ":" not in text] if six else list(unique)
        try:
            return _made(merge(*_read4(four)), merge(*_read6(six)))
        except (KeyError, OSError, ValueError):
            return cls.of(map(Prefix.parse, texts))  # raises, with the reason

    @classmethod
    def of(cls, prefixes: Iterable[Prefix]) -> "PrefixSet":
        """The addresses of these prefixes."""
        both: dict[int, tuple[list[int], list[int]]] = {4: ([], []), 6: ([], [])}
        for p in prefixes:
            both[p.family][0].append(p.first)
            both[p.family][1].append(p.last + 1)
        return _made(merge(*both[4]), merge(*both[6]))

    @classmethod
    def everything(cls) -> "PrefixSet":
        """All of IPv4 and all of IPv6."""
        return cls((0, 1 << 32), (0, 1 << 128))

    def bounds(self, family: int) -> Bounds:
        """The bounds of one family, 4 or 6."""
        return self.v4 if family == 4 else self.v6

    def family(self, family: int) -> "PrefixSet":
        """Only the addresses of one family, 4 or 6."""
        return _made(self.v4, ()) if family == 4 else _made((), self.v6)

    def prefixes(self, family: int | None = None) -> Iterator[Prefix]:
        """The fewest prefixes that hold exactly these addresses, of one family or of both (IPv4 first)."""
        for fam in (4, 6) if family is None else (family,):
            bounds, width = self.bounds(fam), WIDTH[fam]
            for first, stop in zip(bounds[::2], bounds[1::2], strict=True):
                at = first
                while at < stop:
                    aligned = (at & -at).bit_length() - 1 if at else width
                    bits = min(aligned, (stop - at).bit_length() - 1)
                    prefix = _new(Prefix)  # right by construction: nothing to check
                    _family(prefix, fam)
                    _first(prefix, at)
                    _length(prefix, width - bits)
                    yield prefix
                    at += 1 << bits

    def wider(self, family: int, length: int) -> Prefix | None:
        """The first of the set's own prefixes of a family that is shorter than `length`; None if none is.

        >>> print(PrefixSet.parse(["10.0.0.0/9", "10.128.0.0/9", "192.0.2.1"]).wider(4, 9))
        10.0.0.0/8
        """
        least = 1 << (WIDTH[family] - length + 1)  # a run of fewer addresses has no such prefix
        for first, last in self.ranges(family):
            if last - first + 1 >= least:
                run = (first, last + 1)
                for prefix in _made(run, ()) if family == 4 else _made((), run):
                    if prefix.length < length:
                        return prefix
        return None

    def ranges(self, family: int) -> Iterator[tuple[int, int]]:
        """Inclusive (first, last) integers of each run of addresses."""
        return iter(intervals.pairs(self.bounds(family)))

    def size(self, family: int) -> int:
        """How many addresses of one family, 4 or 6; exact."""
        return intervals.size(self.bounds(family))

    def covering(self, prefix: Prefix) -> Prefix | None:
        """The one of the set's own prefixes (as iterating gives them) that holds all of `prefix`; None if none does."""
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

    def meets(self, prefix: Prefix) -> bool:
        """Is any address of a prefix in the set?"""
        return intervals.meets(self.bounds(prefix.family), prefix.first, prefix.last)

    def complement(self) -> "PrefixSet":
        """Every address that is not in this set, in both families."""
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
        """Does the set hold this address or the whole of this prefix? Text is parsed (PrefixError if it is neither)."""
        prefix = Prefix.parse(item) if isinstance(item, str) else item
        return intervals.contains(self.bounds(prefix.family), prefix.first, prefix.last)

    def __or__(self, other: "PrefixSet") -> "PrefixSet":
        if not (self and other):
            return self or other
        return _made(intervals.union(self.v4, other.v4), intervals.union(self.v6, other.v6))

    def __and__(self, other: "PrefixSet") -> "PrefixSet":
        return _made(intervals.intersection(self.v4, other.v4), intervals.intersection(self.v6, other.v6))

    def __sub__(self, other: "PrefixSet") -> "PrefixSet":
        return _made(intervals.difference(self.v4, other.v4), intervals.difference(self.v6, other.v6))

    def __le__(self, other: "PrefixSet") -> bool:
        """Is every address of this set in the other?"""
        return intervals.is_subset(self.v4, other.v4) and intervals.is_subset(self.v6, other.v6)


_v4, _v6 = (vars(PrefixSet)[name].__set__ for name in ("v4", "v6"))


def _made(v4: Bounds, v6: Bounds) -> PrefixSet:
    """A set of bounds that are right by construction: nothing to check."""
    made = _new(PrefixSet)
    _v4(made, v4)
    _v6(made, v6)
    return made


def parse_prefix(text: str) -> tuple[int, int, int]:
    """Read one address or prefix into (family, first address, length).

    Refused with PrefixError, each with its own reason: host bits behind the mask, dotted net masks, leading
    zeros, zone ids, IPv4-mapped IPv6 (RFC 4291 2.5.5.2) and everything that is not ASCII.
    """
    if len(text) > _LONGEST:
        raise PrefixError(f"{text[:60]!r}, of {len(text)} characters, is longer than any address")
    address, slash, length = text.partition("/")
    family, codes, table = (6, AF_INET6, _SIZES6) if ":" in address else (4, AF_INET, _SIZES4)
    if "%" in address:
        raise PrefixError(f"{text!r} carries a zone id, which means nothing outside of one machine")
    try:
        first = int.from_bytes(inet_pton(codes, address), "big")
    except (OSError, ValueError):
        raise PrefixError(f"{text!r} is not an IPv{family} address or prefix") from None
    if family == 6 and first >> 32 == _MAPPED:
        raise PrefixError(f"{text!r} is an IPv4-mapped address; write the IPv4 address itself")
    if slash and length not in table:
        raise PrefixError(f"{text!r} has no length from 0 to {WIDTH[family]} behind the slash")
    size = table[length] if slash else 1
    if rest := first & (size - 1):
        whole = f"{address_text(family, first - rest)}/{length}"
        raise PrefixError(f"{text!r} has host bits set", help=f"did you mean {whole}?")
    return family, first, WIDTH[family] - size.bit_length() + 1


def address_text(family: int, value: int) -> str:
    """An address as text: dotted, or RFC 5952 compressed lower case."""
    if family == 4:
        return inet_ntop(AF_INET, value.to_bytes(4, "big"))
    text = inet_ntop(AF_INET6, value.to_bytes(16, "big"))
    if "." in text:  # the C library writes the last 32 bits of ::a.b.c.d dotted; RFC 5952 5 wants that only for mapped
        head, _, dotted = text.rpartition(":")
        a, b, c, d = (int(x) for x in dotted.split("."))
        text = f"{head}:{a << 8 | b:x}:{c << 8 | d:x}"
    return text


def _read4(texts: list[str]) -> tuple[list[int], list[int]]:
    """First addresses and the ones behind the last, of IPv4 texts. Raises KeyError, OSError or ValueError for any other.

    Whole columns go through C functions at once: five times as fast as a loop over the texts.
    """
    addresses, sizes = _columns(texts, "/32", _SIZES4)
    return _spans(unpack(f">{len(addresses)}I", b"".join(map(inet_pton, repeat(AF_INET), addresses))), sizes)


def _read6(texts: list[str]) -> tuple[list[int], list[int]]:
    """The same for IPv6."""
    addresses, sizes = _columns(texts, "/128", _SIZES6)
    firsts = [int.from_bytes(inet_pton(AF_INET6, address), "big") for address in addresses]
    if any(first >> 32 == _MAPPED for first in firsts):
        raise ValueError("IPv4-mapped")
    return _spans(firsts, sizes)


def _columns(texts: list[str], whole: str, table: dict[str, int]) -> tuple[list[str], list[int]]:
    """Addresses and sizes. With a slash in each text, there are twice as many parts exactly when none has two."""
    parts = "/".join([text if "/" in text else text + whole for text in texts]).split("/") if texts else []
    if len(parts) != 2 * len(texts):
        raise ValueError("two slashes")
    return parts[::2], list(map(table.__getitem__, parts[1::2]))


def _spans(firsts: Sequence[int], sizes: list[int]) -> tuple[list[int], list[int]]:
    if any(map(mod, firsts, sizes)):
        raise ValueError("host bits")
    return list(firsts), list(map(add, firsts, sizes))
