"""Address books, places of policies, and options about zones."""

import pytest

from perimeter365.targets._bases import junos
from perimeter365.targets._bases.objects import AddressBook
from perimeter365.targets.since import ConfigItem

POLICY = ConfigItem(kind=junos.POLICIES.format("trust", "untrust"), name="m365-p", parts=("match source-address m365-a",))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("", "", None),
        ("trust:untrust:deny", "m365-o", "before policy deny"),
        ("untrust:trust:deny", "m365-o", "after policy m365-o"),
        ("untrust:trust:deny", "", None),
    ],
)
def test_a_policy_is_placed_before_a_named_one_or_after_one_of_ours(before: str, after: str, line: str | None) -> None:
    expected = [f"insert {POLICY.kind} m365-p {line}"] if line else []
    assert list(junos.place(POLICY, before, after)) == expected


def test_only_policies_are_placed() -> None:
    item = ConfigItem(kind="applications application", name="m365-tcp-443")
    assert list(junos.place(item, "trust:untrust:deny", "m365-o")) == []


def test_lines_are_repeated_for_each_pair_of_zones_and_each_book() -> None:
    lines = ("{policies}", "{book_path}", "x")
    one = junos.spread(lines, ["trust", "untrust"], by_zone=False)
    assert [line.split()[3:6:2] for line in one[:3]] == [["trust", "trust"], ["trust", "untrust"], ["untrust", "trust"]]
    assert one[3:] == ("security address-book global", "x")
    assert len(junos.spread(lines, ["trust", "dmz", "untrust"], by_zone=True)) == 8 + 3 + 1


@pytest.mark.parametrize("value", ["client:dmz", "client:dmz,exchange-server:dmz-2", ""])
def test_zones_of_roles(value: str) -> None:
    assert junos.are_zones_of_roles(value)


@pytest.mark.parametrize("value", ["guest:dmz", "client", "client:dmz:x", "client:d m z", "client:dmz\n"])
def test_other_zones_of_roles_are_rejected(value: str) -> None:
    assert not junos.are_zones_of_roles(value)


def test_policies_are_named_with_their_zones() -> None:
    assert junos.are_policies("trust:untrust:deny-all,untrust:trust:x")
    for value in ("deny-all", "a:b", "a:b:c d", "a:b:c;delete", "a:b:c:d"):
        assert not junos.are_policies(value)


def test_without_rules_no_book_has_an_address() -> None:
    for by_zone in (False, True):
        assert list(junos.address_books(AddressBook([], 63), [], by_zone=by_zone)) == []
