"""Names and prefixes that a list adds."""

from dataclasses import replace

import pytest

from perimeter365.history.gates import first_list
from perimeter365.history.gates.additions import resembling
from perimeter365.history.gates.witness import domains
from perimeter365.model.prefix import PrefixSet
from tests.history.lists import NAMES, PREFIXES, SIX, WITNESS, base, held, made, state

KNOWN = replace(WITNESS, domains=WITNESS.domains | domains(["www.microsoft.com", "a.office365.com"]))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("new.example.com", ()),
        ("*.new.example.com", ()),
        ("any.new.microsoft", ()),
        ("x.wide.example.net", ()),
        ("*.example.com", ("widening",)),
        ("cdn.test-domain.net", ("new-domain",)),
        ("*.office365.com.test-domain.net", ("new-domain",)),
        ("login.micros0ft.com", ("look-alike",)),
        ("login.rnicrosoft.com", ("look-alike",)),
        ("www.xn--mcrosoft-c2a.com", ("look-alike",)),
        ("www.office-365.com", ("look-alike",)),
        ("www.office365.us", ("new-domain",)),
        ("wpad.example.com", ("discovery-name",)),
        ("isatap.test-domain.net", ("new-domain", "discovery-name")),
        ("*.github.io", ("shared-domain",)),
        ("*.blob.core.windows.net", ("shared-domain",)),
        ("some-account.blob.core.windows.net", ("new-domain",)),
        ("*.windows.net", ("shared-domain",)),
        ("github.io", ("new-domain",)),
        ("evil.compute.amazonaws.com", ("new-domain",)),
        ("co.uk", ("new-domain",)),
    ],
)
def test_a_new_name_is_judged_by_its_domain(name: str, found: tuple[str, ...]) -> None:
    expected = {f"1:{name}": tuple(found)} if found else {}
    assert held(base(), base([*NAMES, name]), KNOWN) == expected


def test_a_prefix_outside_of_the_public_ranges_is_held() -> None:
    """Also the part of a prefix that is larger than a range."""
    witness = replace(WITNESS, space=PrefixSet.parse(["192.0.2.0/25", "198.51.0.0/16", "2001:4898::/32"]))
    more = base(prefixes=[*PREFIXES, *SIX, "192.0.2.0/26", "192.0.2.128/26", "2001:db9::/48"])
    assert held(base(), more, witness) == {"1:192.0.2.128/26": ("foreign-address",), "1:2001:db9::/48": ("foreign-address",)}
    assert held(base(), base(prefixes=[*PREFIXES, *SIX, "192.0.2.0/24"]), witness) == {
        "1:192.0.2.0/24": ("foreign-address",)
    }


def test_a_prefix_that_anyone_can_rent_is_held() -> None:
    witness = replace(WITNESS, rented=PrefixSet.parse(["192.0.2.0/25"]))
    more = base(prefixes=[*PREFIXES, *SIX, "192.0.2.0/26", "203.0.113.0/24"])
    assert held(base(), more, witness) == {"1:192.0.2.0/26": ("rented-address",)}
    assert held(base(), base(prefixes=[*PREFIXES, *SIX, "192.0.2.0/24"]), witness) == {}, "a part is Microsoft's own"


def test_listed_entries_that_a_held_wildcard_or_prefix_replaces_stay() -> None:
    found = held(base(), base(["*.example.com"]))
    assert found["1:*.example.com"] == ("widening",)
    assert set(found) == {"1:*.example.com", *(f"1:-{name}" for name in NAMES)}
    old = base(prefixes=["198.51.100.0/25", *SIX])
    found = held(old, base(prefixes=["198.51.100.0/24", *SIX]))
    assert found == {"1:198.51.100.0/24": ("widening",), "1:-198.51.100.0/25": ("widening",)}


def test_a_first_list_is_judged_by_what_no_list_may_bring() -> None:
    new = state(made(1, ["*.github.io", "cdn.test-domain.net", "wpad.example.com"]))
    assert [entry.id for entry in first_list(new)] == ["1:*.github.io", "1:wpad.example.com"]


@pytest.mark.parametrize(
    ("domain", "near"),
    [
        ("microsoft.com", ""),
        ("rnicrosoft.com", "microsoft.com"),
        ("micrsoft.com", "microsoft.com"),
        ("mircosoft.net", "microsoft.com"),
        ("micro-soft.org", "microsoft.com"),
        ("microsoft.us", ""),
        ("contoso.com", ""),
        ("live.org", ""),
        ("1ive.com", ""),
    ],
)
def test_resemblance(domain: str, near: str) -> None:
    assert resembling(domain, ["microsoft.com", "live.com"]) == near
