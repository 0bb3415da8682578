"""The algebra of prefix sets, against brute force, `ipaddress` and netaddr.

The small space is the top bits of each family, so that its addresses can be enumerated. `ipaddress` and netaddr are
compared with prefixes of any length.
"""

import ipaddress
from collections.abc import Iterable
from itertools import pairwise

import netaddr
from hypothesis import given, settings
from hypothesis import strategies as st

from perimeter365.errors import PrefixError
from perimeter365.model.prefix import WIDTH, Prefix, PrefixSet, address_text

BITS = 6
SPACE = frozenset(range(1 << BITS))
families = st.sampled_from([4, 6])
small_prefixes = st.integers(0, BITS).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, (1 << n) - 1)))
small_lists = st.lists(small_prefixes, max_size=8)


def cells(prefixes: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Return the cells of the small space that (length, index) prefixes contain."""
    return frozenset(c for n, i in prefixes for c in range(i << (BITS - n), (i + 1) << (BITS - n)))


def placed(family: int, prefixes: Iterable[tuple[int, int]]) -> PrefixSet:
    """Return the prefixes in the top bits of the family."""
    return PrefixSet.of(Prefix(family, i << (WIDTH[family] - n), n) for n, i in prefixes)


def cells_of(family: int, found: PrefixSet) -> frozenset[int]:
    """Return the cells of a prefix set, from its ranges."""
    cell = 1 << (WIDTH[family] - BITS)
    found_cells: set[int] = set()
    for first, last in found.ranges(family):
        assert first % cell == 0
        assert (last + 1) % cell == 0
        found_cells.update(range(first // cell, (last + 1) // cell))
    return frozenset(found_cells)


@given(families, small_lists, small_lists)
def test_union_intersection_difference_and_complement_are_those_of_sets(
    family: int, a: list[tuple[int, int]], b: list[tuple[int, int]]
) -> None:
    left, right = placed(family, a), placed(family, b)
    assert cells_of(family, left | right) == cells(a) | cells(b)
    assert cells_of(family, left & right) == cells(a) & cells(b)
    assert cells_of(family, left - right) == cells(a) - cells(b)
    assert cells_of(family, left.complement()) == SPACE - cells(a)
    assert left.complement().size(10 - family) == 1 << WIDTH[10 - family]


@given(families, small_lists, small_lists)
def test_equality_order_and_truth_are_those_of_sets(family: int, a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    left, right = placed(family, a), placed(family, b)
    assert (left == right) == (cells(a) == cells(b))
    assert (left <= right) == (cells(a) <= cells(b))
    assert bool(left) == bool(cells(a))
    if cells(a) == cells(b):
        assert hash(left) == hash(right)


@given(families, small_lists, small_prefixes)
def test_membership_and_covering_are_those_of_sets(family: int, a: list[tuple[int, int]], one: tuple[int, int]) -> None:
    some = placed(family, a)
    prefix = Prefix(family, one[1] << (WIDTH[family] - one[0]), one[0])
    contained = cells([one]) <= cells(a)
    assert (prefix in some) == contained
    assert some.overlaps(prefix) == bool(cells([one]) & cells(a))
    own = [p for p in some if prefix in p]
    assert some.covering(prefix) == (own[0] if contained else None)
    assert len(own) == contained


@given(families, small_lists)
def test_size_counts_every_address(family: int, a: list[tuple[int, int]]) -> None:
    some = placed(family, a)
    assert some.size(family) == len(cells(a)) << (WIDTH[family] - BITS)
    assert some.size(10 - family) == 0
    assert sum(p.size for p in some) == some.size(family)


@given(families, small_lists)
def test_iterating_gives_the_fewest_prefixes_in_order(family: int, a: list[tuple[int, int]]) -> None:
    found = list(placed(family, a))
    assert found == sorted(found)
    assert PrefixSet.of(found) == placed(family, a)
    # no prefix contains another, and no two are halves of a larger one
    for x, y in pairwise(found):
        assert x.last < y.first
        halves = x.length == y.length and x.last + 1 == y.first
        assert not (halves and x.first % (2 * x.size) == 0)


addresses = st.one_of(
    st.builds(lambda n: (4, n), st.integers(0, (1 << 32) - 1)), st.builds(lambda n: (6, n), st.integers(0, (1 << 128) - 1))
)


@st.composite
def networks(draw: st.DrawFn) -> str:
    """Generate the text of a prefix or address in various notations."""
    family, value = draw(addresses)
    length = draw(st.integers(0, WIDTH[family]))
    shift = WIDTH[family] - length
    address = (ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address)(value >> shift << shift)
    text = draw(st.sampled_from([str(address), address.exploded, str(address).upper()]))
    return text if length == WIDTH[family] and draw(st.booleans()) else f"{text}/{length}"


lists = st.lists(networks(), max_size=12)


def mapped(text: str) -> bool:
    """Return True for a prefix in ::ffff:0:0/96, which is rejected."""
    network = ipaddress.ip_network(text)
    return network.version == 6 and int(network.network_address) >> 32 == 0xFFFF


def by_ipaddress(texts: Iterable[str]) -> list[str]:
    """Collapse prefixes with the standard library, IPv4 first."""
    read = [ipaddress.ip_network(t) for t in texts]
    four = ipaddress.collapse_addresses(n for n in read if isinstance(n, ipaddress.IPv4Network))
    six = ipaddress.collapse_addresses(n for n in read if isinstance(n, ipaddress.IPv6Network))
    return [*map(str, four), *map(str, six)]


@given(lists)
def test_parsing_collapses_as_ipaddress_does(texts: list[str]) -> None:
    texts = [t for t in texts if not mapped(t)]
    ours = [ipaddress.ip_network(str(p)) for p in PrefixSet.parse(texts)]
    assert [str(n) for n in ours] == by_ipaddress(texts)


@given(networks())
def test_one_prefix_is_written_as_ipaddress_writes_it(text: str) -> None:
    if mapped(text):
        return
    network = ipaddress.ip_network(text)
    # Python 3.13 and later also write ::102:304 in dotted form; RFC 5952 5 recommends that only for mapped addresses.
    if network.version == 4 or int(network.network_address) >> 32:
        assert str(Prefix.parse(text)) == str(network)
    assert ipaddress.ip_network(str(Prefix.parse(text))) == network


@given(addresses)
def test_the_text_of_an_address_gives_the_same_address(address: tuple[int, int]) -> None:
    family, value = address
    assert int(ipaddress.ip_address(address_text(family, value))) == value


def as_netaddr(texts: Iterable[str]) -> netaddr.IPSet:
    return netaddr.IPSet([netaddr.IPNetwork(t) for t in texts])


def cidrs(found: netaddr.IPSet) -> list[str]:
    ordered = sorted(found.iter_cidrs(), key=lambda n: (n.version, n.first))
    return [str(ipaddress.ip_network(str(n))) for n in ordered]


@settings(max_examples=60)
@given(lists, lists)
def test_netaddr_agrees_on_the_algebra(a: list[str], b: list[str]) -> None:
    a, b = [t for t in a if not mapped(t)], [t for t in b if not mapped(t)]
    ours, theirs = (PrefixSet.parse(a), PrefixSet.parse(b)), (as_netaddr(a), as_netaddr(b))
    for mine, other in (
        (ours[0] | ours[1], theirs[0] | theirs[1]),
        (ours[0] & ours[1], theirs[0] & theirs[1]),
        (ours[0] - ours[1], theirs[0] - theirs[1]),
    ):
        assert [str(ipaddress.ip_network(str(p))) for p in mine] == cidrs(other)
        assert mine.size(4) + mine.size(6) == other.size
    assert (ours[0] <= ours[1]) == theirs[0].issubset(theirs[1])


@given(lists, addresses)
def test_membership_agrees_with_ipaddress(texts: list[str], address: tuple[int, int]) -> None:
    texts = [t for t in texts if not mapped(t)]
    one = Prefix(address[0], address[1], WIDTH[address[0]])
    expected = any(
        (n := ipaddress.ip_network(t)).version == address[0]
        and int(n.network_address) <= address[1] <= int(n.broadcast_address)
        for t in texts
    )
    assert (one in PrefixSet.parse(texts)) == expected


@given(lists)
def test_order_and_duplicates_are_ignored(texts: list[str]) -> None:
    texts = [t for t in texts if not mapped(t)]
    assert PrefixSet.parse(texts) == PrefixSet.parse([*reversed(texts), *texts])


@given(st.text(alphabet="0123456789abcdefABCDEF.:/% x", max_size=24))
def test_accepted_text_has_the_same_meaning_for_ipaddress(text: str) -> None:
    """The parser is stricter than the standard library."""
    try:
        ours = Prefix.parse(text)
    except PrefixError:
        return
    assert ipaddress.ip_network(text) == ipaddress.ip_network(str(ours))
