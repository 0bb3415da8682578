"""Trusted sites, imported by Wine, whose MapUrlToZone agrees with the plan."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import pytest

from perimeter365 import load_catalog, make_plan
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import RequirementId
from perimeter365.model.requirement import Scheme
from perimeter365.model.requirement import Zone as BrowserZone
from perimeter365.plan.plan import Plan, PlanSite
from perimeter365.plan.profile import Profile
from perimeter365.targets import RenderResult, Style, render
from tests.consumers.wine import Value, Wine, Zone, shared_wine
from tests.targets.netfilter import HOSTILE, by_hand

SETTINGS = r"Microsoft\Windows\CurrentVersion\Internet Settings"
USER, MACHINE = "HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"
SCENARIOS = ("authentication-sites", "teams-sites", "sharepoint-sites", "yammer-sites")
ON_REQUEST = ("row/15/seamless-single-sign-on", "row/16/teams-newer-hosts", "row/17/other-tenant-hosts")

pytestmark = pytest.mark.timeout(300)

Registry = dict[str, dict[str, Value]]


@cache
def plan(*clouds: Cloud, scenarios: tuple[str, ...] = SCENARIOS + ON_REQUEST) -> Plan:
    profile = Profile(clouds=clouds, tenant="contoso", service_areas=(), scenarios=scenarios)
    return make_plan(load_catalog(), profile)


def site(
    host: str, zone: BrowserZone = "trusted", scheme: Scheme = "https", *, cookies: bool = False, n: int = 1
) -> PlanSite:
    return PlanSite(
        id=RequirementId(f"row/16/site-{n}"),
        cloud=Cloud.WORLDWIDE,
        scenario="teams-sites",
        host=HostPattern(host),
        scheme=scheme,
        zone=zone,
        cookies=cookies,
        condition="",
        evidence=(Evidence(document="https://example.com/", date=""),),
    )


def of(*sites: PlanSite) -> Plan:
    return replace(by_hand(), sites=sites)


def made(of: Plan, options: Mapping[str, str] = MappingProxyType({}), *, allow_widen: bool = False) -> RenderResult:
    return render(of, "trusted-sites-reg", Style(options=options, allow_widen=allow_widen))


def files(of: Plan, **options: str) -> dict[str, bytes]:
    found = {each.name: each.content for each in made(of, options).artifacts}
    assert list(found) == ["trusted-sites.reg", "trusted-sites-left.cmd", "trusted-sites-remove.cmd"]
    return found


def setting(of: Plan, **options: str) -> bytes:
    return files(of, **options)["trusted-sites.reg"]


def read(content: bytes) -> Registry:
    """The values of a .reg file, read independently of the target."""
    assert content.startswith(b"\xff\xfe")
    text = content[2:].decode("utf-16-le")
    lines = text.split("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert lines[0] == "Windows Registry Editor Version 5.00"
    found: Registry = {}
    values: dict[str, Value] = {}
    for line in lines[1:]:
        if key := re.fullmatch(r"\[(HKEY_[A-Z_]+\\[^\[\]]+)\]", line):
            values = found.setdefault(key[1], {})
        elif number := re.fullmatch(r'"([^"]+)"=dword:([0-9a-f]{8})', line):
            values[number[1]] = Value("REG_DWORD", hex(int(number[2], 16)))
        elif words := re.fullmatch(r'"([^"]+)"="([^"\\]*)"', line):
            values[words[1]] = Value("REG_SZ", words[2])
        else:
            assert not line or line.startswith(";"), line
    return found


def domains(of: Plan, **options: str) -> dict[str, dict[str, str]]:
    r"""The preference entries, by their keys below ZoneMap\Domains."""
    start = rf"{USER}\Software\{SETTINGS}\ZoneMap\Domains" + "\\"
    found = read(setting(of, **options))
    return {k.removeprefix(start): {n: v.data for n, v in values.items()} for k, values in found.items() if start in k}


def losses(of: Plan, *, allow_widen: bool = False) -> list[tuple[str, str]]:
    return [(x.kind, str(x.host or x.subject)) for x in made(of, allow_widen=allow_widen).details]


def held(wine: Wine, hive: str) -> Registry:
    """All registry values of zones."""
    places = [rf"{hive}\Software\{SETTINGS}\ZoneMap", rf"{hive}\Software\Policies\{SETTINGS}"]
    return {k: v for place in places for k, v in wine.reg_query(place).items() if v}


# -- the file and the registry -------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"scope": "machine", "esc": "on"}, {"form": "policy"}, {"form": "both"}])
def test_wine_returns_every_value(options: dict[str, str]) -> None:
    hive = MACHINE if "scope" in options else USER
    want = read(setting(plan(*CLOUDS), **options))
    assert len(want) > 1
    wine = shared_wine()
    before = held(wine, hive)
    wine.reg_import(setting(plan(*CLOUDS), **options))
    assert held(wine, hive) == before | want


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_an_organization_becomes_an_entry(name: str) -> None:
    good, bad = setting(plan(Cloud.CHINA)), setting(replace(plan(Cloud.CHINA), organization=name))
    assert read(bad) == read(good)
    assert bad.decode("utf-16").isascii()
    wine = shared_wine()
    before = held(wine, USER)
    wine.reg_import(bad)
    assert held(wine, USER) == before | read(good)


def test_list_and_preference_have_the_same_zones() -> None:
    found = read(setting(plan(*CLOUDS), form="both"))
    root = rf"{USER}\Software\Policies\{SETTINGS}"
    assert found[root] == {"ListBox_Support_ZoneMapKey": Value("REG_DWORD", "0x1")}
    listed = {name: int(value.data) for name, value in found[rf"{root}\ZoneMapKey"].items()}
    kept = {}
    for key, values in domains(plan(*CLOUDS)).items():
        domain, _, below = key.partition("\\")
        kept.update({f"{scheme}://{below or '*'}.{domain}": int(zone, 16) for scheme, zone in values.items()})
    assert listed == kept
    assert listed["https://contoso-my.sharepoint.com"] == 2
    assert listed["https://autologon.microsoftazuread-sso.com"] == 1


def test_a_name_in_two_labels_below_its_domain_has_them_in_one_key() -> None:
    # The keys of Microsoft's own pages: how-to-connect-sso-quick-start, and KB 182569 for the asterisk.
    found = domains(plan(Cloud.WORLDWIDE))
    assert found[r"microsoftazuread-sso.com\autologon"] == {"https": "0x1"}
    assert found[r"microsoftonline-p.com\secure.aadcdn"] == {"https": "0x2"}
    assert found[r"skype.com\*.teams"] == {"https": "0x2"}
    assert "microsoft.com\\*" not in found


def test_options_select_hive_and_keys() -> None:
    assert {k.split("\\")[0] for k in read(setting(plan(Cloud.CHINA), scope="machine"))} == {MACHINE}
    keys = set(read(setting(plan(Cloud.CHINA), esc="on")))
    assert {k.replace("EscDomains", "Domains") for k in keys if "EscDomains" in k} == {k for k in keys if "Esc" not in k}
    assert all("Policies" not in k for k in keys)
    assert all("Policies" in k for k in read(setting(plan(Cloud.CHINA), form="policy")))


def test_a_plan_without_sites_enables_no_policy() -> None:
    assert read(setting(of(), form="both")) == {}


# -- zones ---------------------------------------------------------------------------------------------------

OPEN = {
    "contoso.sharepoint.com": Zone.TRUSTED,
    "contoso-my.sharepoint.com": Zone.TRUSTED,
    "contoso-files.sharepoint.com": Zone.TRUSTED,
    "contoso-myfiles.sharepoint.com": Zone.TRUSTED,
    "contoso.sharepoint.us": Zone.TRUSTED,
    "contoso-my.sharepoint-mil.us": Zone.TRUSTED,
    "contoso.sharepoint.cn": Zone.TRUSTED,
    "contoso.dps.mil": Zone.TRUSTED,
    "contoso-my.dps.mil": Zone.TRUSTED,
    "secure.aadcdn.microsoftonline-p.com": Zone.TRUSTED,
    "autologon.microsoftazuread-sso.com": Zone.INTRANET,
    "autologon.microsoft.us": Zone.INTRANET,
    "www.microsoft.com": Zone.TRUSTED,
    "a.b.teams.microsoft.com": Zone.TRUSTED,
    "login.microsoftonline.com": Zone.TRUSTED,
    "device.login.microsoftonline.com": Zone.TRUSTED,
    "statics.sfbassets.com": Zone.TRUSTED,
    "web.skypeforbusiness.com": Zone.TRUSTED,
    "web.teams.skype.com": Zone.TRUSTED,
    "www.yammer.com": Zone.TRUSTED,
    "files.yammerusercontent.com": Zone.TRUSTED,
    "teams.cloud.microsoft": Zone.TRUSTED,
    "eu.teams.cloud.microsoft": Zone.TRUSTED,
    # the losses
    "microsoft.com": Zone.TRUSTED,
    "yammer.com": Zone.TRUSTED,
    "a.web.teams.skype.com": Zone.INTERNET,
    "a.eu.teams.cloud.microsoft": Zone.INTERNET,
    # unneeded values
    "sharepoint.com": Zone.INTERNET,
    "fabrikam.sharepoint.com": Zone.INTERNET,
    "dps.mil": Zone.INTERNET,
    "fabrikam.dps.mil": Zone.INTERNET,
    "www.contoso.sharepoint.com": Zone.INTERNET,
    "contoso.sharepoint.com.example.org": Zone.INTERNET,
    "evilmicrosoft.com": Zone.INTERNET,
    "microsoft.com.evil.example": Zone.INTERNET,
    "skype.com": Zone.INTERNET,
    "teams.skype.com": Zone.INTERNET,
    "evilteams.skype.com": Zone.INTERNET,
    "aadcdn.microsoftonline-p.com": Zone.INTERNET,
    "outlook.cloud.microsoft": Zone.INTERNET,
    "cloud.microsoft": Zone.INTERNET,
    "microsoft.us": Zone.INTERNET,
    "www.example.com": Zone.INTERNET,
}


@pytest.mark.parametrize("scope", ["user", "machine"])
def test_each_name_is_in_the_zone_of_the_plan_and_names_near_it_are_not(scope: str) -> None:
    wine = shared_wine()
    urls = {f"https://{host}/": zone for host, zone in OPEN.items()}
    assert set(wine.zones(list(urls)).values()) == {Zone.INTERNET}
    wine.reg_import(setting(plan(*CLOUDS), scope=scope))
    assert wine.zones(list(urls)) == urls
    assert set(wine.zones([url.replace("https:", "http:") for url in urls]).values()) == {Zone.INTERNET}


def test_every_host_of_the_plan_is_in_its_zone() -> None:
    want = {}
    for each in plan(*CLOUDS).to_dict()["sites"]:
        want[f"{each['scheme']}://{each['host'].replace('*', 'host')}/"] = Zone[each["zone"].upper()]
    assert len(want) > 25
    wine = shared_wine()
    wine.reg_import(setting(plan(*CLOUDS)))
    assert wine.zones(list(want)) == want


def test_zones_follow_where_two_schemes_and_two_zones_share_a_domain() -> None:
    mixed = of(
        site("*.contoso.com"),
        site("contoso.com"),
        site("sso.contoso.com", "intranet"),
        site("www.contoso.com"),
        site("*.fabrikam.co.uk", scheme="*"),
        site("old.example.org", scheme="http"),
        site("*.example.net", scheme="http"),
        site("www.example.net"),
    )
    want: Mapping[str, Zone] = {
        "https://contoso.com/": Zone.TRUSTED,
        "https://a.b.contoso.com/": Zone.TRUSTED,
        "https://www.contoso.com/": Zone.TRUSTED,
        "https://sso.contoso.com/": Zone.INTRANET,
        "http://sso.contoso.com/": Zone.INTERNET,
        "http://www.fabrikam.co.uk/": Zone.TRUSTED,
        "https://fabrikam.co.uk/": Zone.TRUSTED,
        "https://contoso.co.uk/": Zone.INTERNET,
        "http://old.example.org/": Zone.TRUSTED,
        "https://old.example.org/": Zone.INTERNET,
        "https://www.example.net/": Zone.TRUSTED,
        "http://www.example.net/": Zone.TRUSTED,
        "http://www2.example.net/": Zone.TRUSTED,
        "https://www2.example.net/": Zone.INTERNET,
    }
    wine = shared_wine()
    wine.reg_import(setting(mixed))
    assert wine.zones(list(want)) == want
    assert losses(mixed) == [("widened", "*.example.net"), ("widened", "*.fabrikam.co.uk")]


# -- what is lost --------------------------------------------------------------------------------------------


def test_a_wildcard_at_a_registered_domain_is_widened_unless_the_plan_has_the_domain() -> None:
    assert losses(of(site("*.contoso.com"))) == [("widened", "*.contoso.com")]
    assert losses(of(site("*.contoso.com"), site("contoso.com"))) == []
    assert losses(of(site("*.contoso.com"), site("contoso.com", "intranet"))) == [
        ("dropped", "contoso.com"),
        ("widened", "*.contoso.com"),
    ]


def test_a_registered_domain_is_written_only_if_widening_is_allowed() -> None:
    assert losses(of(site("contoso.com"))) == [("dropped", "contoso.com")]
    assert domains(of(site("contoso.com"))) == {}
    assert losses(of(site("contoso.com")), allow_widen=True) == [("widened", "contoso.com")]
    (file, *_) = made(of(site("contoso.com")), allow_widen=True).artifacts
    assert rf"{USER}\Software\{SETTINGS}\ZoneMap\Domains\contoso.com" in read(file.content)


@pytest.mark.parametrize("host", ["*cdn.contoso.com", "autodiscover.*.contoso.com", "*-my.sharepoint.com"])
def test_other_wildcards_are_dropped(host: str) -> None:
    assert losses(of(site(host), site("www.example.org"))) == [("dropped", host)]
    assert domains(of(site(host), site("www.example.org"))) == {r"example.org\www": {"https": "0x2"}}


def test_other_wildcards_are_widened_if_allowed() -> None:
    (file, *_) = made(of(site("*cdn.contoso.com")), allow_widen=True).artifacts
    assert rf"{USER}\Software\{SETTINGS}\ZoneMap\Domains\contoso.com" in read(file.content)
    assert set(losses(of(site("*cdn.contoso.com")), allow_widen=True)) == {
        ("widened", "*cdn.contoso.com"),
        ("widened", "*.contoso.com"),
    }


def test_a_wildcard_below_a_host_is_narrowed() -> None:
    assert losses(of(site("*.teams.contoso.com"))) == [("narrowed", "*.teams.contoso.com")]


def test_cookies_are_narrowed_and_the_other_target_is_named() -> None:
    (loss,) = made(of(site("www.contoso.com", cookies=True))).details
    assert (loss.kind, loss.subject) == ("narrowed", "cookies of www.contoso.com")
    assert "browser-policy" in loss.remedy


@pytest.mark.parametrize("host", ["www.contoso.com", "*.a.contoso.com", "*cdn.contoso.com"])
def test_a_site_within_a_wider_entry_has_no_entry(host: str) -> None:
    both = of(site("*.contoso.com"), site("contoso.com"), site(host))
    assert domains(both) == {"contoso.com": {"https": "0x2"}}
    assert losses(both) == []


def test_it_has_an_entry_if_another_zone_is_between() -> None:
    three = of(site("*.contoso.com"), site("contoso.com"), site("*.a.contoso.com", "intranet"), site("b.a.contoso.com"))
    assert domains(three)["contoso.com\\b.a"] == {"https": "0x2"}
    assert domains(three)["contoso.com\\*.a"] == {"https": "0x1"}


def test_a_name_in_two_zones_is_trusted_and_the_other_is_dropped() -> None:
    for sites in ((site("a.contoso.com"), site("a.contoso.com", "intranet", n=2)),):
        for order in (sites, sites[::-1]):
            assert domains(of(*order)) == {r"contoso.com\a": {"https": "0x2"}}
            (loss,) = made(of(*order)).details
            assert (loss.id, loss.kind, loss.subject) == ("row/16/site-2", "dropped", "a.contoso.com")


def test_a_site_of_two_requirements_is_one_entry_with_both_ids() -> None:
    twice = of(site("a.contoso.com"), site("a.contoso.com", n=2))
    assert domains(twice) == {r"contoso.com\a": {"https": "0x2"}}
    assert "; row/16/site-1, row/16/site-2\r\n" in setting(twice).decode("utf-16")
