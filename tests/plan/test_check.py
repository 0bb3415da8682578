"""Checks of the values of a profile."""

from collections.abc import Callable
from typing import Any

import pytest

from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.role import OUR_ROLES, ROLES
from perimeter365.plan import _check
from perimeter365.plan._check import InvalidValueError
from perimeter365.plan._problem import PROBLEMS


def refused(check: Callable[[str], Any], text: str) -> InvalidValueError:
    with pytest.raises(InvalidValueError) as caught:
        check(text)
    assert caught.value.code in PROBLEMS
    assert caught.value.message
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "Contoso",
        "Contoso Ltd. & Sons (EMEA) 100%",
        "株式会社コントソ",
        "קונטוסו",
        "شرکت\u200cها",
        "Ünïcödé",
        "😀 Inc",
        "x" * 100,
    ],
)
def test_names_of_any_script_are_unchanged(text: str) -> None:
    assert _check.name(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "x" * 101,
        "a\nb",
        "a\rb",
        "a\tb",
        "a\x00b",
        "a\x1bb",
        "a\x7fb",
        "a\x85b",
        "a\x9bb",
        "a\u2028b",
        "a\u2029b",
        "a\u202eb",
        "a\u2066b",
        "a\u200fb",
        "a\u061cb",
        "\ufeffa",
        "a\xadb",
        "a\u200bb",
        "a\xa0b",
        "a\ue000b",
        "\ud800",
    ],
)
def test_names_that_break_a_line_or_hide_text_are_rejected(text: str) -> None:
    refused(_check.name, text)


@pytest.mark.parametrize("text", ["contoso", "Contoso", "c", "contoso2", "1and1", "con-toso", "x" * 50])
def test_a_tenant_is_one_label(text: str) -> None:
    assert _check.tenant(text) == text.lower()


@pytest.mark.parametrize(
    "text",
    ["", "-a", "a-", "a.b", "a_b", "a b", "bücher", "*", "<tenant>", "a;b", "x" * 51, "a\n", "contoso.sharepoint.com"],
)
def test_other_tenants_are_rejected(text: str) -> None:
    refused(_check.tenant, text)


@pytest.mark.parametrize(
    "text", ["contoso.onmicrosoft.com", "Contoso.OnMicrosoft.com", "contoso.onmicrosoft.us", "contoso.partner.onmschina.cn"]
)
def test_for_the_initial_domain_the_help_is_the_tenant(text: str) -> None:
    assert refused(_check.tenant, text).help == "write 'contoso'"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("contoso.com", "contoso.com"),
        ("Mail.Contoso.COM.", "mail.contoso.com"),
        ("xn--bcher-kva.example",) * 2,
        ("me.de",) * 2,
    ],
)
def test_mail_domains_are_exact_names(text: str, normal: str) -> None:
    assert _check.email_domain(text) == normal


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("@contoso.com", "write 'contoso.com'"),
        ("info@contoso.com", "write 'contoso.com'"),
        ("*.contoso.com", "in full"),
        ("<tenant>.com", "in full"),
        ("https://contoso.com", "scheme"),
        ("co.uk", "your name under it"),
        ("com.cn", "your name under it"),
        ("com", "labels"),
        ("contoso", "labels"),
        ("contoso.com\n", "white space"),
        ("192.0.2.1", ""),
        ("", "labels"),
    ],
)
def test_other_mail_domains_are_rejected_with_help(text: str, help: str) -> None:
    assert help in refused(_check.email_domain, text).help


@pytest.mark.parametrize("cloud", CLOUDS)
def test_clouds_are_named(cloud: Cloud) -> None:
    assert _check.cloud(cloud.value) is cloud
    assert refused(_check.cloud, cloud.instance).help == f"write {cloud.value!r}"


def test_an_unknown_cloud_comes_with_the_nearest_and_all() -> None:
    error = refused(_check.cloud, "gchigh")
    assert error.help == "did you mean 'gcchigh'?"
    assert error.allowed == tuple(cloud.value for cloud in CLOUDS)


def test_a_newer_cloud_is_known_only_from_further_clouds() -> None:
    newland = Cloud.named("newland")
    assert _check.cloud("newland", lambda: [newland]) is newland
    error = refused(lambda text: _check.cloud(text, lambda: [newland]), "newlamd")
    assert (error.help, error.allowed[-1]) == ("did you mean 'newland'?", "newland")
    assert refused(_check.cloud, "newland").code == "unknown-name"


@pytest.mark.parametrize(
    ("check", "text", "near"),
    [
        (_check.area, "sharepont", "sharepoint"),
        (_check.area, "Teams", "teams"),
        (_check.category, "optimise", "optimize"),
        (_check.graph_sources, "newer", "newest"),
        (_check.scenario, "mailbox-migraton", "mailbox-migration"),
        (_check.role, "exchange-servers", "exchange-server"),
    ],
)
def test_a_name_that_does_not_exist_comes_with_the_nearest(check: Callable[[str], Any], text: str, near: str) -> None:
    error = refused(check, text)
    assert error.code == "unknown-name"
    assert error.help == f"did you mean {near!r}?"
    assert near in error.allowed
    assert check(near) == near


def test_an_unknown_name_without_a_near_one_comes_with_all_names() -> None:
    error = refused(_check.area, "zzz")
    assert error.help == ""
    assert error.allowed == ("common", "exchange", "sharepoint", "teams", "intune")


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("6", "write 'row/6'"),
        ("25", "write 'row/25'"),
        ("row/26", "rows are"),
        ("row/0", "rows are"),
        ("row/6/X", "rows are"),
    ],
)
def test_scenarios_by_number_are_explained(text: str, help: str) -> None:
    assert help in refused(_check.scenario, text).help


def test_only_roles_of_own_hosts_are_accepted() -> None:
    assert [_check.role(name) for name in OUR_ROLES] == list(OUR_ROLES)
    for name in set(ROLES) - set(OUR_ROLES):
        assert "come from the catalog" in refused(_check.role, name).help


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("192.0.2.1", Prefix.parse("192.0.2.1/32")),
        ("10.0.0.0/8", Prefix.parse("10.0.0.0/8")),
        ("2001:DB8::/32", Prefix.parse("2001:db8::/32")),
        ("fd00::/8", Prefix.parse("fd00::/8")),
        ("MRS.contoso.com", HostPattern("mrs.contoso.com")),
        ("1und1.de", HostPattern("1und1.de")),
        ("a.co.uk", HostPattern("a.co.uk")),
    ],
)
def test_role_entries_are_addresses_or_exact_names(text: str, entry: HostPattern | Prefix) -> None:
    assert _check.role_entry(text) == entry


@pytest.mark.parametrize(
    ("text", "code", "help"),
    [
        ("10.0.0.1/8", "bad-value", "did you mean 10.0.0.0/8?"),
        ("10.0.0.0/255.0.0.0", "bad-value", ""),
        ("10.0.0.256", "bad-value", ""),
        ("10.0.0", "bad-value", ""),
        ("::ffff:192.0.2.1", "bad-value", ""),
        ("fe80::1%eth0", "bad-value", ""),
        ("0.0.0.0/0", "never", "your own"),
        ("128.0.0.0/1", "never", "your own"),
        ("::/0", "never", "your own"),
        ("8000::/1", "never", "your own"),
        ("127.0.0.1", "never", "network sees"),
        ("::1", "never", "network sees"),
        ("169.254.1.1", "never", "network sees"),
        ("fe80::1", "never", "network sees"),
        ("224.0.0.1", "never", "network sees"),
        ("ff02::1", "never", "network sees"),
        ("0.0.0.0", "never", "network sees"),
        ("255.255.255.255", "never", "network sees"),
        ("96.0.0.0/3", "never", "network sees"),
        ("*.contoso.com", "bad-value", "in full"),
        ("*", "bad-value", ""),
        ("<tenant>.contoso.com", "bad-value", "in full"),
        ("https://mrs.contoso.com/EWS", "bad-value", "host name alone"),
        ("mrs.contoso.com:443", "bad-value", ""),
        ("bücher.example", "bad-value", "xn--"),
        ("co.uk", "bad-value", "your name"),
        ("mrs", "bad-value", "two labels"),
        ("", "bad-value", ""),
        ('a"; accept #.contoso.com', "bad-value", ""),
    ],
)
def test_other_role_entries_are_rejected(text: str, code: str, help: str) -> None:
    error = refused(_check.role_entry, text)
    assert error.code == code
    assert help in error.help


@pytest.mark.parametrize(
    "parts", [["1.0.0.0/8", "0.0.0.0/1"], ["64.0.0.0/3", "96.0.0.0/3", "0.0.0.0/2"], ["2000::/3", "::/3", "4000::/2"]]
)
def test_parts_that_sum_to_half_of_a_family_are_rejected(parts: list[str]) -> None:
    with pytest.raises(InvalidValueError) as caught:
        _check.role_space(PrefixSet.parse(parts), "role client")
    assert caught.value.code == "never"
    assert "all or half of" in caught.value.message
