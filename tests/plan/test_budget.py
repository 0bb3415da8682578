"""The prefix budget: cases computed by hand, and errors. Brute force is in tests/properties."""

import pytest

from perimeter365.errors import LimitError
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.budget import cover

THREE = PrefixSet.parse(["192.0.2.0/26", "192.0.2.128/26", "198.51.100.0/24"])


def test_enough_prefixes_cost_nothing() -> None:
    found = cover(THREE, 4, 3)
    assert (found.extra, [str(p) for p in found.prefixes]) == (0, [str(p) for p in THREE])


def test_the_cheapest_neighbors_are_joined() -> None:
    found = cover(THREE, 4, 2)
    # 192.0.2.0/24 has 256 addresses, of which 2 × 64 are needed.
    assert [str(p) for p in found.prefixes] == ["192.0.2.0/24", "198.51.100.0/24"]
    assert found.extra == 256 - 2 * 64


def test_the_curve_falls_to_zero() -> None:
    curve = cover(THREE, 4).curve
    assert curve[-1] == (3, 0)
    assert [extra for _, extra in curve] == sorted((extra for _, extra in curve), reverse=True)


def test_extra_space_uses_the_fewest_prefixes_within_it() -> None:
    # 128 extra of 384 needed is 33.3 %
    assert len(cover(THREE, 4, extra_space=34).prefixes) == 2
    assert len(cover(THREE, 4, extra_space=33).prefixes) == 3


def test_a_bound_forbids_wide_joins_and_the_error_has_the_number_needed() -> None:
    with pytest.raises(LimitError) as raised:
        cover(THREE, 4, 1, bound=8)
    # 192.0.2.0 is 11000000…, 198.51.100.0 is 11000110…: they share five bits, so one prefix would be a /5.
    assert raised.value.message == "1 prefix cannot cover the needed addresses within /8"
    assert "at least 2 are needed" in raised.value.help


@pytest.mark.parametrize(("most", "subject"), [(1, "1 prefix needs"), (2, "2 prefixes need")])
def test_too_few_prefixes_for_the_extra_space_are_an_error(most: int, subject: str) -> None:
    with pytest.raises(LimitError, match=f"^{subject} more than 1 % extra space$"):
        cover(THREE, 4, most, extra_space=1)


def test_avoided_space_is_never_joined_over() -> None:
    needed = PrefixSet.parse(["9.255.255.0/24", "11.0.0.0/24"])
    private = PrefixSet.parse(["10.0.0.0/8"])
    with pytest.raises(LimitError):
        cover(needed, 4, 1, avoid=private)
    assert cover(needed, 4, 2, avoid=private).extra == 0


def test_ipv6_counts_are_exact_integers() -> None:
    needed = PrefixSet.parse(["2603:1006::/40", "2603:1016::/36"])
    found = cover(needed, 6, 1)
    # 0x1006 and 0x1016 differ first in bit 28 of the address: the join is a /27
    assert [str(p) for p in found.prefixes] == ["2603:1000::/27"]
    assert found.extra == 2**101 - 2**88 - 2**92


def test_without_needed_addresses_there_is_no_cover() -> None:
    assert cover(PrefixSet(), 4, 5).prefixes == ()


def test_a_budget_of_zero_is_rejected() -> None:
    with pytest.raises(LimitError):
        cover(THREE, 4, 0)
