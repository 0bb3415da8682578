"""Notes on values without a match."""

import pytest

from perimeter365.model.lookup import Index
from perimeter365.model.near import MICROSOFT

INDEX = Index.embedded()


def notes(value: str, *clouds: str) -> str:
    answer = INDEX.lookup(value, clouds)
    assert not answer.matches
    return "\n".join(answer.notes)


@pytest.mark.parametrize(
    ("value", "note"),
    [
        ("10.1.2.3", "private space (RFC 1918)"),
        ("fd00::1", "unique local space"),
        ("127.0.0.1", "loopback"),
        ("100.64.1.1", "shared space"),
        ("169.254.1.1", "link-local"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved space"),
        ("::1", "loopback"),
        ("2001:db8::1", "documentation space"),
    ],
)
def test_special_space_is_named(value: str, note: str) -> None:
    assert note in notes(value)


def test_the_apex_of_a_wildcard_is_explained() -> None:
    assert "*.sharepoint.com (ws/worldwide/31" in notes("sharepoint.com")
    assert "not sharepoint.com itself" in notes("sharepoint.com")


def test_another_path_or_port_is_explained() -> None:
    # row 24: ipv6.msftconnecttest.com:80 /connecttest.txt
    text = notes("http://ipv6.msftconnecttest.com/other", "worldwide")
    assert "for the path /connecttest.txt, not for /other" in text
    assert "on tcp 80, not on 443" in notes("https://ipv6.msftconnecttest.com/connecttest.txt", "worldwide")
    assert "on tcp 80,443, udp 443, not on 8443" in notes("outlook.office365.com:8443", "worldwide")


def test_another_cloud_is_named() -> None:
    assert "other clouds have it: ws/gcchigh/" in notes("login.microsoftonline.us", "china")


def test_a_nearby_listed_prefix_is_reported() -> None:
    # 52.112.0.0/14 ends at 52.115.255.255; 52.116.0.0 is not listed
    text = notes("52.116.0.0", "worldwide")
    assert "nearest listed prefix, 52." in text
    assert "nearest" not in notes("8.8.8.8", "worldwide")


def test_names_under_the_same_domain_are_reported() -> None:
    assert "under bing.com the catalog lists other names: " in notes("images.bing.com")


def test_an_unlisted_domain_of_microsoft_is_reported() -> None:
    assert "xbox.com is a domain of Microsoft, but the catalog lists no name under it" in notes("www.xbox.com")


def test_a_similar_name_is_reported() -> None:
    assert "most similar spelling: login.microsoftonline.com" in notes("login.microsoftonlin.com")


def test_a_pattern_that_is_too_wide_is_reported() -> None:
    assert "wider than the names listed under it" in notes("*.bing.com", "worldwide")


def test_a_name_with_nothing_near_has_no_notes() -> None:
    assert notes("www.example.org") == ""
    assert notes("portal.example.co.uk") == ""


def test_the_table_of_domains_is_sorted() -> None:
    assert list(MICROSOFT) == sorted(set(MICROSOFT))
