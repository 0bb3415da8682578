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
from tests.model.spaces import INTERNAL, PRIVATE_SPACE, SPECIAL_SPACE, UNROUTABLE_SPACE

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


def test_internal_domains_are_those_of_the_registries() -> None:
    assert set(INTERNAL_DOMAINS) == set(INTERNAL)


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
