"""PAC: every engine sends each name the way that the published lists require.

The oracle reads the embedded facts as JSON and TOML and matches with fnmatch. It shares no code with the target.
"""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
from publicsuffixlist import PublicSuffixList

import perimeter365
from perimeter365 import load_catalog, make_plan
from perimeter365.errors import LimitError, OptionError
from perimeter365.model.area import AREAS
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.host import HostPattern, is_name
from perimeter365.plan.choices import Adjustment
from perimeter365.plan.observed import parse_observed
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.plan.profile import Profile
from perimeter365.targets import Style, render
from tests.consumers.browser import by_chromium
from tests.consumers.pac import Question, by_node, by_pacparser
from tests.consumers.wine import shared_wine
from tests.targets.netfilter import HOSTILE, by_hand, contoso, flow, party

Engine = Callable[[str, Sequence[Question]], list[str]]
FACTS = Path(perimeter365.__file__).parent / "facts"
PROXY = "PROXY proxy.contoso.com:8080"
MODES = {
    "optimize": {"optimize"},
    "optimize-allow": {"optimize", "allow"},
    "all": {"optimize", "allow", "default"},
}
SOVEREIGN = {"login.identity-sovcloud.fr", "login.identity-sovcloud.de"}
SIGN_IN = ["login.microsoftonline.com", "login.microsoft.com", "login.windows.net"]
"""https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions"""
INSIDE = (
    "intranet",
    "INTRANET.",
    "a-b_c",
    "10.0.0.1",
    "10.255.255.255",
    "127.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "172.31.255.254",
    "169.254.1.1",
    "100.64.0.1",
    "100.127.255.254",
    "::1",
    "0:0:0:0:0:0:0:1",
    "[::1]",
    "fc00::1",
    "fdab:cdef::",
    "FD12:3456:789a:1::1",
    "fe80::1",
    "febf::1",
    "[fe80::1%eth0]",
)
OUTSIDE = (
    "11.0.0.1",
    "9.255.255.255",
    "172.15.255.255",
    "172.32.0.1",
    "192.169.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "169.253.0.1",
    "8.8.8.8",
    "13.107.6.152",
    "10.0.0.1.example.com",
    "10.example.com",
    "x10.0.0.1",
    "2130706433",
    "0x7f000001",
    "2603:1006::1",
    "2001:db8::1",
    "fe00::1",
    "fec0::1",
    "fe8::1",
    "fc:1::1",
    "fb00::1",
    "::2",
    "1::1",
    "[2620:1ec:4::152]",
)


@cache
def plan(*clouds: Cloud, scenarios: tuple[str, ...] = ()) -> Plan:
    return make_plan(load_catalog(), Profile(clouds=clouds, service_areas=AREAS, scenarios=scenarios))


def text(of: Plan, **options: str) -> str:
    return render(of, "pac", Style(options={"proxy": PROXY, **options})).artifacts[0].content.decode("ascii")


@cache
def published(cloud: Cloud) -> dict[str, set[str]]:
    """The patterns in a cloud's file and in Intune's, with the categories of their sets."""
    found: dict[str, set[str]] = {}
    sets = json.loads((FACTS / "instances" / f"{cloud.value}.json").read_text("utf-8"))["sets"]
    intune = tomllib.loads((FACTS / "intune.toml").read_text("utf-8"))["set"]
    for item in (*sets, *(each for each in intune if each["cloud"] == cloud.value)):
        for host in item["hosts"]:
            found.setdefault(host, set()).add(item["category"])
    assert len(found) > 4
    return found


def expected(cloud: Cloud, mode: str, name: str) -> str:
    """The oracle."""
    patterns = [p for p, categories in published(cloud).items() if categories & MODES[mode] and not anyones(p)]
    return "DIRECT" if any(fnmatchcase(name.lower().removesuffix("."), p) for p in patterns) else PROXY


SUFFIXES = PublicSuffixList()
AZURE = ("chinacloudapi.cn", "webpubsub.azure.com")
"""Every customer of Azure in China, and of Web PubSub, gets names there."""


def anyones(pattern: str) -> bool:
    """Whether a wildcard is at a public suffix, or at a domain of Azure's customers that the list does not have."""
    domain = pattern.partition("*.")[2]
    return pattern.startswith("*.") and (SUFFIXES.publicsuffix(domain) == domain or domain in AZURE)


def near(pattern: str) -> set[str]:
    """Well-formed names that a pattern matches, and similar names."""
    parts = ("contoso", "a.b", "x", "a.b.c.d", "9", "-" if "*-" in pattern else "x-y", "")
    filled = {pattern.replace("*", part) for part in parts}
    bare = re.sub(r"^\*\.?", "", pattern).replace("*.", "")
    parent = bare.partition(".")[2]
    filled |= {bare, f"evil{bare}", f"x.{bare}", f"{bare}.evil.example", f"{bare}x", bare.replace(".", "-", 1), parent}
    filled |= {f"x.{parent}", f"x{pattern.replace('*', 'y')}", f"{pattern.replace('*', 'y')}.cn"}
    some = sorted(filled)[::3]
    filled |= {n.upper() for n in some} | {f"{n}." for n in some}
    return {n for n in filled if is_name(n.lower().removesuffix("."))}


@cache
def names(cloud: Cloud) -> list[str]:
    return sorted(
        {n for pattern in published(cloud) for n in near(pattern)} | {"www.example.com", "constructor.com"} | SOVEREIGN
    )


def questions(hosts: list[str] | tuple[str, ...]) -> list[tuple[str, str]]:
    return [(f"https://{host}/some/path?q=1", host) for host in hosts]


def ways(cloud: Cloud, mode: str) -> dict[str, str]:
    return {name: expected(cloud, mode, name) for name in names(cloud)}


def by_names(*hosts: str, role: str = "client", id: str = "row/6/by-names") -> PlanFlow:
    return replace(
        flow(id, party(role, "10.0.0.0/8"), PlanParty(role="azure"), tcp="443"),
        destination=PlanParty(role="azure", hosts=tuple(sorted(HostPattern(h) for h in hosts))),
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("cloud", CLOUDS, ids=str)
def test_every_name_of_a_cloud_and_names_near_it_go_the_published_way(cloud: Cloud, mode: str) -> None:
    want = ways(cloud, mode)
    assert set(want.values()) == {"DIRECT", PROXY}
    got = by_pacparser(text(plan(cloud), mode=mode), questions(names(cloud)))
    assert dict(zip(names(cloud), got, strict=True)) == want


def test_v8_gives_the_same_results_without_dns_queries() -> None:
    want = ways(Cloud.WORLDWIDE, "all")
    got = by_node(text(plan(Cloud.WORLDWIDE), mode="all"), questions(names(Cloud.WORLDWIDE)))
    assert dict(zip(want, got, strict=True)) == want


@pytest.mark.timeout(300)
@pytest.mark.parametrize("cloud", [Cloud.WORLDWIDE, Cloud.GCCHIGH], ids=str)
def test_windows_engine_which_only_supports_es3_gives_the_same_results(cloud: Cloud) -> None:
    some = names(cloud)[::4]  # Wine's engine takes 5 ms per name
    got = shared_wine().pac(text(plan(cloud), mode="all"), questions(some))
    assert dict(zip(some, got, strict=True)) == {name: expected(cloud, "all", name) for name in some}


@pytest.mark.timeout(300)
def test_windows_engine_handles_internal_addresses_and_names_on_the_proxy() -> None:
    pac = text(plan(Cloud.WORLDWIDE), mode="all", tenant_restrictions="on")
    asked = [*INSIDE, *OUTSIDE, *SIGN_IN]
    got = shared_wine().pac(pac, [("https://host/", name) for name in asked])
    assert dict(zip(asked, got, strict=True)) == {n: "DIRECT" if n in INSIDE else PROXY for n in asked}


def test_chromium_follows_the_file() -> None:
    want = {
        "https://outlook.office.com/": "DIRECT",
        "https://contoso-my.sharepoint.com/personal": "DIRECT",
        "http://contoso.sharepoint.com./": "DIRECT",
        "https://LOGIN.microsoft.com/": PROXY,
        "https://device.login.microsoftonline.com/": "DIRECT",
        "https://sharepoint.com/": PROXY,
        "https://contoso.sharepoint.com.example/": PROXY,
        "http://www.msftconnecttest.com/connecttest.txt": PROXY,
    }
    pac = text(plan(Cloud.WORLDWIDE), tenant_restrictions="on")
    assert by_chromium(pac, list(want), [PROXY.removeprefix("PROXY ")]) == want


@pytest.mark.parametrize("engine", [by_pacparser, by_node])
def test_only_plain_names_and_internal_addresses_go_direct(engine: Engine) -> None:
    pac = text(plan(Cloud.WORLDWIDE), mode="all")
    got = engine(pac, [("https://host/", host) for host in (*INSIDE, *OUTSIDE)])
    assert got == ["DIRECT"] * len(INSIDE) + [PROXY] * len(OUTSIDE)


def test_a_url_without_a_host_goes_direct() -> None:
    assert by_node(text(plan(Cloud.WORLDWIDE)), [("file:///C:/x", "")]) == ["DIRECT"]


MALFORMED = (
    ".sharepoint.com",
    "a..sharepoint.com",
    "*.sharepoint.com",
    "a b.sharepoint.com",
    "contoso.sharepoint.com..",
    "contoso.sharepoint.com:443",
    "a@contoso.sharepoint.com",
    "*.auth.microsoft.com",
    "login graph.microsoft.com",
    "@.office.live.com",
    "\u212aontoso.sharepoint.com",
    "__proto__.com",
    "constructor.constructor",
    "sharepoint.com\n",
)


@pytest.mark.parametrize("mode", MODES)
def test_an_invalid_host_name_stays_on_the_proxy(mode: str) -> None:
    assert set(by_node(text(plan(Cloud.WORLDWIDE), mode=mode), [("https://x/", n) for n in MALFORMED])) == {PROXY}


@pytest.mark.parametrize("mode", ["optimize-allow", "all"])
@pytest.mark.parametrize("cloud", CLOUDS, ids=str)
def test_tenant_restrictions_keep_only_the_sign_in_names_on_the_proxy(cloud: Cloud, mode: str) -> None:
    own = {
        Cloud.WORLDWIDE: [*SIGN_IN, "login.live.com"],
        Cloud.GCCHIGH: ["login.microsoftonline.us"],
        Cloud.DOD: ["login.microsoftonline.us"],
        Cloud.CHINA: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        Cloud.FRANCE: ["login.identity-sovcloud.fr"],
        Cloud.GERMANY: ["login.identity-sovcloud.de"],
        Cloud.GERMANY_2021: ["login.microsoftonline.de"],
    }[cloud]
    want = {n: PROXY if n.lower().removesuffix(".") in own + SIGN_IN else way for n, way in ways(cloud, mode).items()}
    got = by_pacparser(text(plan(cloud), mode=mode, tenant_restrictions="on"), questions(names(cloud)))
    assert dict(zip(names(cloud), got, strict=True)) == want
    moved = {n for n in want if want[n] != expected(cloud, mode, n)}
    if mode == "all" or cloud not in (Cloud.FRANCE, Cloud.GERMANY):  # whose sign-in names are of the category Default
        assert moved, "the option has an effect in every cloud"
    assert "device.login.microsoftonline.com" not in moved


SHARED = {
    "*.cloudapp.net": "x.cloudapp.net",
    "*.github.io": "evil.github.io",
    "*-x.blob.core.windows.net": "evil-x.blob.core.windows.net",
    "a.*.cloudfront.net": "a.evil.cloudfront.net",
    "*.windows.net": "evil.blob.core.windows.net",  # above private suffixes
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("id", ["row/21/x", "ws/worldwide/1"])
def test_a_wildcard_under_which_anyone_can_have_a_name_is_never_direct(mode: str, id: str) -> None:
    of_row, planned = id.startswith("row"), by_names(*SHARED, "own.cloudapp.net", "*.contoso.github.io", id=id)
    made = by_hand(planned if of_row else replace(planned, category="optimize"))
    asked = [*SHARED.values(), "own.cloudapp.net", "x.contoso.github.io"]
    direct = mode == "all" or not of_row
    want = [*[PROXY] * len(SHARED), *["DIRECT" if direct else PROXY] * 2]
    assert by_pacparser(text(made, mode=mode), questions(asked)) == want
    found = render(made, "pac", Style(options={"proxy": PROXY, "mode": mode})).details
    assert {str(x.host) for x in found if x.code == "shared-domain"} == (set(SHARED) if direct else set())


def test_stream_is_on_the_proxy_until_the_names_in_use_are_known() -> None:
    """Row 21 names *.cloudapp.net with a document."""
    profile = Profile(clouds=(Cloud.WORLDWIDE,), service_areas=(), scenarios=("row/21/client-to-cloudapp",))
    made = make_plan(load_catalog(), profile)
    asked = questions(["stream7.cloudapp.net", "evil.cloudapp.net"])
    result = render(made, "pac", Style(options={"proxy": PROXY, "mode": "all"}))
    assert by_pacparser(result.artifacts[0].content.decode(), asked) == [PROXY, PROXY]
    assert [(x.code, x.open) for x in result.losses] == [("shared-domain", False)], "the plan has the warning"
    named = replace(profile, adjust=(Adjustment(id="row/21/*", hosts=(HostPattern("stream7.cloudapp.net"),)),))
    assert by_pacparser(text(make_plan(load_catalog(), named), mode="all"), asked) == ["DIRECT", PROXY]
    seen = parse_observed("stream7.cloudapp.net 7\nevil.example 3\n")
    result = render(made, "pac", Style(options={"proxy": PROXY, "mode": "all"}, observed=seen))
    assert by_pacparser(result.artifacts[0].content.decode(), asked) == ["DIRECT", PROXY]
    assert [(x.code, str(x.host), x.kind) for x in result.details] == [("observed-only", "*.cloudapp.net", "narrowed")]


def test_an_own_name_is_not_the_names_of_all_customers() -> None:
    with pytest.raises(OptionError):
        text(plan(Cloud.WORLDWIDE), direct="*.azurewebsites.net")


def test_a_sign_in_name_below_a_wildcard_stays_on_the_proxy_too() -> None:
    made = by_hand(by_names("*.microsoftonline.com"))
    asked = questions(["login.microsoftonline.com", "LOGIN.microsoftonline.com.", "x.microsoftonline.com"])
    assert by_pacparser(text(made, mode="all"), asked) == ["DIRECT"] * 3
    kept = by_pacparser(text(made, mode="all", tenant_restrictions="on"), asked)
    assert kept == [PROXY, PROXY, "DIRECT"]


def test_a_name_of_default_below_a_wildcard_of_allow_counts_as_allow() -> None:
    name = "cdn.odc.officeapps.live.com"
    assert published(Cloud.WORLDWIDE)[name] == {"default"}
    assert by_pacparser(text(plan(Cloud.WORLDWIDE)), questions([name])) == ["DIRECT"]
    assert by_pacparser(text(plan(Cloud.WORLDWIDE), mode="optimize"), questions([name])) == [PROXY]


def test_rows_of_clients_and_phones_go_direct_only_in_mode_all() -> None:
    made = plan(Cloud.WORLDWIDE, scenarios=("teams-mobile-push", "ncsi"))
    asked = questions(["mtalk.google.com", "api.push.apple.com", "www.msftconnecttest.com"])
    sources = {f.source.role for f in made.flows if f.row}
    assert {"client", "mobile-device"} <= sources
    rows = [h.text for f in made.flows if f.row and f.direction == "outbound" for h in f.destination.hosts]
    assert "www.msftconnecttest.com" in rows
    assert by_pacparser(text(made), asked[-1:]) == [PROXY]
    assert by_pacparser(text(made, mode="all"), asked[-1:]) == ["DIRECT"]


# -- the file itself -----------------------------------------------------------------------------------------


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert text(plan(Cloud.WORLDWIDE), mode="all") == text(plan(Cloud.WORLDWIDE), mode="all")


def test_each_name_that_goes_direct_has_its_reason() -> None:
    reasons = render(plan(Cloud.DOD), "pac", Style(options={"mode": "all", "proxy": PROXY})).artifacts[1].content.decode()
    found = dict(line.split(": ", 1) for line in reasons.splitlines() if not line.startswith("//"))
    assert set(found) == set(published(Cloud.DOD))
    assert found["outlook-dod.office365.us"] == "ws/dod/1 dod optimize, ws/dod/4 dod default; in *.office365.us"


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_an_organization_becomes_part_of_the_script(name: str) -> None:
    made = replace(plan(Cloud.CHINA), organization=name)
    got = by_pacparser(text(made, mode="all"), questions(names(Cloud.CHINA)))
    assert got == list(ways(Cloud.CHINA, "all").values())


@pytest.mark.parametrize(
    "proxy",
    [
        "PROXY proxy:8080",
        "PROXY 192.0.2.1:1; DIRECT",
        "HTTPS proxy.contoso.com:443; SOCKS5 [2001:db8::1]:65535; DIRECT",
        "SOCKS a.b:9; SOCKS4 a.b:10; HTTP a.b:11",
    ],
)
def test_a_proxy_string_is_returned_as_it_is(proxy: str) -> None:
    for engine in (by_pacparser, by_node):
        assert engine(text(plan(Cloud.CHINA), proxy=proxy), questions(["www.example.com"])) == [proxy]


@pytest.mark.parametrize(
    "proxy",
    [
        "",
        "DIRECT",
        "proxy:8080",
        "PROXY proxy",
        "PROXY proxy:0",
        "PROXY proxy:65536",
        "PROXY proxy:8080;DIRECT",
        "PROXY a:1; DIRECT; PROXY b:2",
        'PROXY a:1"; alert(1); "',
        "PROXY a:1\n",
        "PROXY a b:1",
        "PROXY a:1 DIRECT",
        "PROXY a:1;",
        "PROXY \u00e4:1",
        "PROXY a:\u0661",
        "proxy a:1",
    ],
)
def test_an_invalid_proxy_string_is_rejected(proxy: str) -> None:
    with pytest.raises(OptionError):
        text(plan(Cloud.CHINA), proxy=proxy)


def test_the_limits_of_zscaler_and_chromium_apply_to_the_file() -> None:
    size = len(text(plan(Cloud.WORLDWIDE)))
    for limit in ("bytes", "zscaler_bytes"):
        render(plan(Cloud.WORLDWIDE), "pac", Style(options={"proxy": PROXY}, limits={limit: size}))
        with pytest.raises(LimitError, match=rf"proxy\.pac needs {size} {limit}"):
            render(plan(Cloud.WORLDWIDE), "pac", Style(options={"proxy": PROXY}, limits={limit: size - 1}))


def test_a_plan_without_names_gives_a_file_that_sends_all_to_the_proxy() -> None:
    assert by_node(text(by_hand()), questions(["outlook.office.com"])) == [PROXY]


# -- what is lost --------------------------------------------------------------------------------------------


def lost(of: Plan, mode: str) -> dict[tuple[str, str], str]:
    return {(x.id, x.subject): x.kind for x in render(of, "pac", Style(options={"mode": mode, "proxy": PROXY})).details}


def test_flows_without_names_are_dropped_if_their_category_is_selected() -> None:
    addresses_only = {f.id for f in plan(Cloud.WORLDWIDE).flows if not f.destination.hosts}
    assert addresses_only == {"ws/worldwide/11"}
    assert lost(plan(Cloud.WORLDWIDE), "optimize") == {("ws/worldwide/11", "all"): "dropped"}


def test_other_flows_than_those_of_users_programs_are_dropped() -> None:
    made = contoso()
    report = render(made, "pac", Style(options={"mode": "all"})).report
    dropped = {id for id, subject in lost(made, "all") if subject == "all"}
    dropped |= {flow.id for flow in made.flows if not report.includes(flow)}
    for each in made.flows:
        steered = each.direction == "outbound" and each.source.role in ("client", "mobile-device")
        assert (each.id in dropped) == (not steered or not each.destination.hosts), each.id
    assert {f.direction for f in made.flows if f.id in dropped} >= {"inbound", "outbound"}


def test_a_category_that_stays_on_the_proxy_is_not_a_loss() -> None:
    fewer = replace(plan(Cloud.WORLDWIDE), flows=tuple(f for f in plan(Cloud.WORLDWIDE).flows if f.destination.hosts))
    assert lost(fewer, "optimize") == {}
