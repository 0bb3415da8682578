"""Numbers of policies, and the options of FortiGate."""

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.targets._bases.numbered import COUNT, Numbers, is_range, is_virtual, virtual_ips

FIRST = 365 * COUNT
NAMES = st.lists(st.text("abc", min_size=1, max_size=3), unique=True, max_size=12)


def test_a_number_is_derived_from_its_name() -> None:
    assert Numbers(FIRST, {}).of("m365-a") == FIRST + crc32(b"m365-a") % COUNT


@given(NAMES, st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(FIRST - 2, FIRST + 2), max_size=5))
def test_numbers_are_unique_kept_and_never_those_of_another(names: list[str], kept: dict[str, int]) -> None:
    numbers = Numbers(FIRST, kept)
    found = {name: numbers.of(name) for name in names}
    assert len(set(found.values())) == len(found)
    assert all(FIRST <= number < FIRST + COUNT for number in found.values())
    gone = {number for name, number in kept.items() if name not in names}
    for name, number in found.items():
        owners = [each for each, its in kept.items() if its == number]
        assert not owners or name in owners
        assert number not in gone or name in kept
    again = Numbers(FIRST, found)
    assert {name: again.of(name) for name in names} == found


def test_a_number_of_another_is_passed_over() -> None:
    first = Numbers(FIRST, {}).of("x")
    assert Numbers(FIRST, {"other": first}).of("x") == FIRST + (first - FIRST + 1) % COUNT


@pytest.mark.parametrize(
    ("text", "valid"),
    [("1000000", True), ("4293000000", True), ("4294000000", False), ("1500000", False), ("0", False), ("01000000", False)],
)
def test_a_range_is_a_whole_million(text: str, valid: bool) -> None:
    assert is_range(text) is valid


def test_virtual_ips_by_role() -> None:
    assert virtual_ips("mrs-proxy=A,adfs-proxy=B,mrs-proxy=C") == {"mrs-proxy": ["A", "C"], "adfs-proxy": ["B"]}
    assert virtual_ips("central") == virtual_ips("") == {}
    assert is_virtual("central")
    assert is_virtual("mrs-proxy=VIP_1.a-b")
    assert not is_virtual("mrs-proxy=VIP 1")
    assert not is_virtual("exchange-online=VIP"), "a role of the organization is expected"
