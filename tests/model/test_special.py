"""Special addresses and names, compared with the registries."""

import ipaddress
import re
from importlib.resources import files

import pytest

from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.special import (
    INTERNAL_DOMAINS,
    NOT_PUBLIC,
    NOT_PUBLIC_SPACE,
    PRIVATE,
    UNROUTABLE,
    is_autodiscovery_name,
    is_internal_name,
)
from perimeter365.model.suffixes import is_public_suffix

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
# https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry, …/ipv6-address-space
SPECIAL_SPACE = {
    "documentation": ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"],
    "benchmarking": ["198.18.0.0/15", "2001:2::/48"],
    "Teredo": ["2001::/32"],
    "ORCHID": ["2001:10::/28", "2001:20::/28"],
    "IETF protocols": ["192.0.0.0/24", "2001:1::1/128", "2001:3::/32", "2001:30::/28", "2001:1ff::/32"],
    "6to4": ["192.88.99.0/24", "2002::/16"],
    "AS112": ["192.31.196.0/24", "192.175.48.0/24", "2620:4f:8000::/48"],
    "tunnels": ["192.52.193.0/24"],
    "discard": ["100::/64"],
    "site-local": ["fec0::/10"],
    "SRv6": ["5f00::/16"],
    "6bone": ["3ffe::/16"],
    "never allocated": [
        "100:0:0:1::/64", "200::/7", "400::/6", "1000::/4", "4000::/4", "6000::/3", "8000::/3", "a000::/3", "c000::/3",
        "e000::/4", "f000::/5", "f800::/6", "fe00::/9", "2000::/16", "2001:1000::/23", "2001:c000::/18",
        "2003:4000::/18", "2004::/14", "2420::/11", "2610:200::/23", "2620:200::/23", "2d00::/8", "2e00::/7", "3000::/5",
        "5f01::/16",
    ],
}  # fmt: skip
ROUTABLE = ["1.1.1.1", "13.107.6.152/31", "2603:1006::/40", "2400:cb00::/32", "2410::/12", "2a10::/12", "2001:200::/23"]


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
    assert not PrefixSet.parse([text]) & NOT_PUBLIC_SPACE


@pytest.mark.parametrize("text", [*UNROUTABLE_SPACE, *PRIVATE_SPACE])
def test_all_special_space_has_a_name(text: str) -> None:
    assert any(prefix(text) <= space for space in NOT_PUBLIC.values())


@pytest.mark.parametrize(("word", "texts"), SPECIAL_SPACE.items())
def test_special_space_has_its_own_name_and_may_be_the_organizations(word: str, texts: list[str]) -> None:
    for text in texts:
        name = next(name for name, space in NOT_PUBLIC.items() if prefix(text) & space)
        assert word in name, text
        assert prefix(text) <= NOT_PUBLIC[name]
        assert not prefix(text) & UNROUTABLE


def test_allocated_space_is_that_of_iana() -> None:
    """The copy of the registry in netaddr is of 2019-11-06; IANA allocated one prefix since, on 2024-11-01."""
    registry = files("netaddr.ip").joinpath("ipv6-unicast-address-assignments.xml").read_text()
    assert "<updated>2019-11-06</updated>" in registry
    records = re.findall(r"<prefix>(.*?)</prefix>.*?<status>(.*?)</status>", registry, re.DOTALL)
    allocated = PrefixSet.parse([text for text, status in records if status == "ALLOCATED"] + ["2410::/12"])
    never = next(space for name, space in NOT_PUBLIC.items() if "never allocated" in name)
    assert not never & allocated
    assert PrefixSet.parse(["::/0"]) - NOT_PUBLIC_SPACE <= allocated


@pytest.mark.parametrize("domain", INTERNAL_DOMAINS)
def test_names_of_internal_domains_are_internal(domain: str) -> None:
    assert all(is_internal_name(name) for name in (f"x.{domain}", f"A.b.{domain.upper()}.", f"*.x.{domain}", domain))
    assert not any(is_internal_name(name) for name in (f"{domain}.contoso.com", f"x{domain}.contoso.com"))
    # a registry that sells names under it would contradict this list
    assert domain in {"onion", "arpa"} or not is_public_suffix(f"x.{domain}")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("wpad.contoso.com", True),
        ("WPAD.x.contoso.com", True),
        ("isatap.contoso.com", True),
        ("wpad*.contoso.com", True),
        ("wpad", True),
        ("wpadx.contoso.com", False),
        ("x.wpad.contoso.com", False),
        ("*.contoso.com", False),
    ],
)
def test_names_that_programs_look_for(name: str, found: bool) -> None:
    assert is_autodiscovery_name(name) is found
