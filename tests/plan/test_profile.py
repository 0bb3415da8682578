"""Profiles as values: normal form, hash, and the same checks as for files."""

import hashlib
from typing import Any

import pytest

from perimeter365.errors import ProfileError
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.profile import Profile, RoleHosts, parse_profile

FULL = """\
[organization]
name = "Contoso"
tenant = "contoso"
email_domains = ["contoso.com", "fabrikam.example"]
clouds = ["worldwide", "china"]

[select]
service_areas = ["exchange", "teams"]
categories = ["optimize", "allow"]
required_only = true
ipv6 = false
scenarios = ["mailbox-migration", "row/23", "ws/worldwide/11"]
graph_sources = "newest"

[roles]
client = ["10.0.0.0/8", "2001:db8::/32"]
mrs-proxy = ["203.0.113.10", "203.0.113.11", "mrs.contoso.com"]
"""


def test_a_profile_has_the_values_of_its_file() -> None:
    profile = parse_profile(FULL)
    assert profile.name == "Contoso"
    assert profile.tenant == "contoso"
    assert profile.email_domains == ("contoso.com", "fabrikam.example")
    assert profile.clouds == (Cloud.WORLDWIDE, Cloud.CHINA)
    assert profile.service_areas == ("exchange", "teams")
    assert profile.categories == ("optimize", "allow")
    assert profile.required_only is True
    assert profile.ipv6 is False
    assert profile.scenarios == ("mailbox-migration", "row/23", "ws/worldwide/11")
    assert profile.graph_sources == "newest"
    assert profile.roles["client"].prefixes == PrefixSet.parse(["10.0.0.0/8", "2001:db8::/32"])
    assert profile.roles["mrs-proxy"].hosts == (HostPattern("mrs.contoso.com"),)


def test_neighboring_addresses_stay_two_for_dns() -> None:
    own = parse_profile(FULL).roles["mrs-proxy"]
    assert [str(p) for p in own.prefixes] == ["203.0.113.10/31"]
    assert [p.address for p in own.addresses] == ["203.0.113.10", "203.0.113.11"]


def test_the_defaults_are_as_specified() -> None:
    profile = parse_profile('[organization]\nclouds = ["worldwide"]')
    assert profile == Profile(clouds=(Cloud.WORLDWIDE,))
    assert profile.service_areas == ("common", "exchange", "sharepoint", "teams")
    assert profile.categories == ("optimize", "allow", "default")
    assert (profile.required_only, profile.ipv6, profile.scenarios, profile.graph_sources) == (False, True, (), "union")
    assert (profile.tenant, profile.email_domains, dict(profile.roles)) == ("", (), {})


def same(before: str, after: str) -> tuple[Profile, Profile]:
    assert before in FULL
    return parse_profile(FULL), parse_profile(FULL.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('name = "Contoso"', "name = 'Contoso'  # the group"),
        ('["contoso.com", "fabrikam.example"]', '["fabrikam.example", "Contoso.com."]'),
        ('clouds = ["worldwide", "china"]', 'clouds = ["china", "worldwide"]'),
        ('["exchange", "teams"]', '["teams", "exchange"]'),
        ('"mailbox-migration", "row/23"', '"graph-change-notifications", "row/6"'),
        ('"10.0.0.0/8"', '"10.128.0.0/9", "10.0.0.0/9"'),
        ("[roles]\n", "[roles]\nsbc = []\n"),
        ('"203.0.113.10", "203.0.113.11"', '"203.0.113.11/32", "203.0.113.10"'),
    ],
)
def test_the_hash_is_of_the_meaning(before: str, after: str) -> None:
    a, b = same(before, after)
    assert a.hash == b.hash
    assert len(a.hash) == 12
    assert set(a.hash) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"Contoso"', '"Fabrikam"'),
        ('tenant = "contoso"', 'tenant = "fabrikam"'),
        (', "fabrikam.example"', ""),
        (', "china"', ""),
        ('["exchange", "teams"]', '["exchange"]'),
        ('["optimize", "allow"]', '["optimize"]'),
        ("required_only = true", ""),
        ("ipv6 = false", ""),
        (', "row/23"', ""),
        (', "ws/worldwide/11"', ""),
        ('"newest"', '"union"'),
        ('"10.0.0.0/8"', '"10.0.0.0/9"'),
        (', "mrs.contoso.com"', ""),
        ("mrs-proxy", "sbc"),
        ('"203.0.113.10", "203.0.113.11"', '"203.0.113.10/31"'),
    ],
)
def test_every_other_meaning_has_another_hash(before: str, after: str) -> None:
    a, b = same(before, after)
    assert a.hash != b.hash


def test_a_service_area_means_the_same_among_the_scenarios() -> None:
    moved = FULL.replace('["exchange", "teams"]', '["exchange"]').replace(
        '["mailbox-migration"', '["teams", "mailbox-migration"'
    )
    assert parse_profile(moved).hash == parse_profile(FULL).hash


def test_all_includes_every_scenario() -> None:
    def of(scenarios: str) -> str:
        return parse_profile(f'[organization]\nclouds = ["dod"]\n[select]\nscenarios = [{scenarios}]').hash

    assert of('"all"') == of('"all", "mailbox-migration", "row/23"')
    assert of('"all"') != of('"all", "row/6/mrs-proxy"')
    assert of('"all"') != of('"all", "intune"')


def test_the_hash_is_stable() -> None:
    """The hash is in the headers of artifacts: with another canonical form, every artifact would change."""
    words = (
        '{"categories": ["optimize", "allow", "default"], "clouds": ["worldwide"], "email_domains": [], '
        '"graph_sources": "union", "ipv6": true, "name": "our organization", "required_only": false, '
        '"roles": {"sbc": [["sbc.contoso.com"], ["192.0.2.0/25"], ["192.0.2.7"]]}, "scenarios": [], '
        '"service_areas": ["common", "exchange", "sharepoint", "teams"], "tenant": ""}'
    )
    text = '[organization]\nclouds = ["worldwide"]\n[roles]\nsbc = ["192.0.2.0/25", "192.0.2.7", "sbc.contoso.com"]'
    assert parse_profile(text).hash == hashlib.sha256(words.encode()).hexdigest()[:12]


WRONG: list[dict[str, Any]] = [
    {"clouds": ()},
    {"name": "a\nb"},
    {"tenant": "a;b"},
    {"tenant": "a\n"},
    {"email_domains": ("*.contoso.com",)},
    {"email_domains": ('a"b.example',)},
    {"service_areas": ("Teams",)},
    {"categories": ("all",)},
    {"scenarios": ("mailbox",)},
    {"graph_sources": ""},
    {"roles": {"internet": RoleHosts()}},
    {"roles": {"exchange": RoleHosts()}},
]


@pytest.mark.parametrize("changes", WRONG, ids=str)
def test_a_profile_made_in_python_is_held_to_the_same_rules(changes: dict[str, Any]) -> None:
    with pytest.raises(ProfileError):
        Profile(**({"clouds": (Cloud.WORLDWIDE,)} | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"hosts": (HostPattern("*.contoso.com"),)},
        {"hosts": (HostPattern("<tenant>.contoso.com"),)},
        {"prefixes": PrefixSet.parse(["0.0.0.0/1"])},
        {"prefixes": PrefixSet.parse(["127.0.0.1"])},
        {"prefixes": PrefixSet.parse(["192.0.2.0/24"]), "addresses": (Prefix.parse("198.51.100.1"),)},
        {"prefixes": PrefixSet.parse(["192.0.2.0/24"]), "addresses": (Prefix.parse("192.0.2.0/25"),)},
    ],
    ids=str,
)
def test_the_hosts_of_a_role_are_held_to_the_same_rules(changes: dict[str, Any]) -> None:
    with pytest.raises(ProfileError):
        RoleHosts(**changes)


def test_a_profile_made_in_python_takes_the_same_normal_form() -> None:
    made = Profile(
        clouds=(Cloud.CHINA, Cloud.WORLDWIDE, Cloud.CHINA),
        name="Contoso",
        tenant="CONTOSO",
        email_domains=("fabrikam.example", "Contoso.com"),
        service_areas=("teams", "exchange"),
        categories=("allow", "optimize"),
        required_only=True,
        ipv6=False,
        scenarios=("ws/worldwide/11", "row/23", "mailbox-migration"),
        graph_sources="newest",
        roles={
            "mrs-proxy": RoleHosts(
                hosts=(HostPattern("mrs.contoso.com"),),
                prefixes=PrefixSet.parse(["203.0.113.10/31"]),
                addresses=(Prefix.parse("203.0.113.11"), Prefix.parse("203.0.113.10")),
            ),
            "client": RoleHosts(prefixes=PrefixSet.parse(["10.0.0.0/8", "2001:db8::/32"])),
        },
    )
    assert made == parse_profile(FULL)
    assert made.hash == parse_profile(FULL).hash


def test_single_addresses_default_to_those_of_the_prefixes() -> None:
    own = RoleHosts(prefixes=PrefixSet.parse(["192.0.2.7", "198.51.100.0/24"]))
    assert [p.address for p in own.addresses] == ["192.0.2.7"]


def test_a_profile_cannot_be_changed() -> None:
    profile = parse_profile(FULL)
    with pytest.raises(AttributeError):
        profile.tenant = "evil"  # type: ignore[misc]
    with pytest.raises(TypeError):
        profile.roles["client"] = RoleHosts()  # type: ignore[index]


# -- [effective] -------------------------------------------------------------------------------------------

PLAIN = '[organization]\nclouds = ["worldwide"]\n'


@pytest.mark.parametrize(
    ("lines", "ahead", "grace"),
    [
        ("", True, (30, 30, 30)),
        ("ahead = false", False, (30, 30, 30)),
        ("grace = 0", True, (0, 0, 0)),
        ("grace = { optimize = 60, default = 0 }", True, (60, 30, 0)),
        ("ahead = true\n[effective.grace]\nallow = 3650", True, (30, 3650, 30)),
    ],
)
def test_grace_is_thirty_days_and_ahead_by_default(lines: str, ahead: bool, grace: tuple[int, int, int]) -> None:
    profile = parse_profile(f"{PLAIN}[effective]\n{lines}\n")
    assert profile.ahead is ahead
    assert dict(profile.grace) == dict(zip(("optimize", "allow", "default"), grace, strict=True))


def test_only_other_dates_than_the_default_change_the_hash() -> None:
    plain = parse_profile(PLAIN).hash
    for same_meaning in ("grace = 30", "ahead = true", "grace = { allow = 30 }"):
        assert parse_profile(f"{PLAIN}[effective]\n{same_meaning}\n").hash == plain
    others = {parse_profile(f"{PLAIN}[effective]\n{line}\n").hash for line in ("grace = 0", "grace = 60", "ahead = false")}
    assert len(others | {plain}) == 4


@pytest.mark.parametrize("wrong", [{"allow": -1}, {"allow": True}, {"optimise": 1}])
def test_an_invalid_grace_time_is_rejected_in_python_too(wrong: dict[str, int]) -> None:
    with pytest.raises(ProfileError):
        Profile(clouds=(Cloud.WORLDWIDE,), grace=wrong)
