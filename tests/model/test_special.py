"""Special addresses and names, compared with the registries."""

import ipaddress

import pytest

from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.special import NOT_PUBLIC, PRIVATE, UNROUTABLE, is_public_suffix

# RFC 6890 and the RFCs in brackets.
UNROUTABLE_SPACE = [
    "0.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",  # RFC 6890, RFC 5771
    "::1/128",
    "::/128",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "fe80::/10",
    "ff00::/8",  # RFC 4291, RFC 6052
]
PRIVATE_SPACE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fd00::/8"]
ROUTABLE = ["1.1.1.1", "13.107.6.152/31", "203.0.113.0/24", "2603:1006::/40", "2001:db8::/32", "2000::/3"]


def prefix(text: str) -> PrefixSet:
    """Return a prefix as a set, also a mapped prefix, which parsing rejects."""
    network = ipaddress.ip_network(text)
    return PrefixSet.of([Prefix(network.version, int(network.network_address), network.prefixlen)])


@pytest.mark.parametrize("text", UNROUTABLE_SPACE)
def test_unroutable_space_is_unroutable(text: str) -> None:
    assert prefix(text) <= UNROUTABLE


@pytest.mark.parametrize("text", PRIVATE_SPACE)
def test_private_space_is_private_and_not_unroutable(text: str) -> None:
    assert prefix(text) <= PRIVATE
    assert not prefix(text) & UNROUTABLE


@pytest.mark.parametrize("text", ROUTABLE)
def test_other_space_is_neither(text: str) -> None:
    assert not PrefixSet.parse([text]) & (UNROUTABLE | PRIVATE)


@pytest.mark.parametrize("text", [*UNROUTABLE_SPACE, *PRIVATE_SPACE, "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"])
def test_all_special_space_has_a_name(text: str) -> None:
    assert any(prefix(text) <= space for space in NOT_PUBLIC.values())


def test_other_space_has_no_name() -> None:
    documentation = PrefixSet.parse(
        ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]
    )  # RFC 5737, RFC 3849
    named = PrefixSet.of(p for space in NOT_PUBLIC.values() for p in space)
    assert named == UNROUTABLE | PRIVATE | documentation


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("com", True),
        ("co.uk", True),
        ("com.cn", True),
        ("asso.fr", True),
        ("contoso.com", False),
        ("contoso.co.uk", False),
        # private section of the list: names of Microsoft, not of a registry
        ("blob.core.windows.net", False),
        ("azurewebsites.net", False),
    ],
)
def test_public_suffixes_are_the_registries(name: str, public: bool) -> None:
    assert is_public_suffix(name) is public
