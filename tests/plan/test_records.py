"""Records: owners, values, and values that only the admin center shows."""

from dataclasses import replace
from typing import Any

import pytest

from perimeter365.model.condition import Condition
from perimeter365.model.prefix import Prefix
from perimeter365.plan._conditions import Conditions
from perimeter365.plan._fill import TemplateFiller
from perimeter365.plan._records import records
from perimeter365.plan.profile import Profile, RoleHosts
from tests.model.samples import record
from tests.plan.samples import profile, role

TWO = ("contoso.com", "fabrikam.example")


def made(wanted: Profile, **changes: Any) -> tuple[list[tuple[str, str]], set[tuple[str, str]]]:
    """Return (name, value) of the records, and (code, id) of the warnings."""
    warned: set[tuple[str, str]] = set()
    filler = TemplateFiller(wanted, lambda code, about, *_: warned.add((code, about)))
    found = list(records(record(**changes), filler, Conditions(wanted, lambda *_: True), by_id=False))
    assert {(r.id, r.type, r.duty) for r in found} <= {
        ("dns/autodiscover", changes.get("type", "CNAME"), changes.get("duty", "publish"))
    }
    return [(r.name, r.value) for r in found], warned


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        ("@", ["contoso.com", "fabrikam.example"]),
        ("autodiscover", ["autodiscover.contoso.com", "autodiscover.fabrikam.example"]),
        ("_sip._tls", ["_sip._tls.contoso.com", "_sip._tls.fabrikam.example"]),
        ("dns.msftncsi.com.", ["dns.msftncsi.com"]),
        ("<adfs-proxy>", ["sts.contoso.com", "sts2.contoso.com"]),
        ("certauth.<adfs-proxy>.", ["certauth.sts.contoso.com", "certauth.sts2.contoso.com"]),
        ("x.<tenant>.example.", ["x.contoso.example"]),
    ],
)
def test_an_owner_is_relative_to_each_mail_domain_or_absolute(owner: str, names: list[str]) -> None:
    wanted = profile(tenant="contoso", email_domains=TWO, roles={"adfs-proxy": role("sts.contoso.com", "sts2.contoso.com")})
    found, warned = made(wanted, owner=owner)
    assert found == [(name, "autodiscover.example.com") for name in names]
    assert warned == set()


@pytest.mark.parametrize(
    ("owner", "warning"),
    [
        ("@", ("template-unfilled", "dns/autodiscover")),
        ("certauth.<adfs-proxy>.", ("role-name-unset", "adfs-proxy")),
        ("<tenant>.example.", ("template-unfilled", "dns/autodiscover")),
        ("<mx-token>.example.", ("value-needed", "dns/autodiscover")),
    ],
)
def test_without_a_zone_there_is_no_record_but_a_warning(owner: str, warning: tuple[str, str]) -> None:
    assert made(profile(), owner=owner) == ([], {warning})


def test_values_are_filled_inside_of_their_zone() -> None:
    found, warned = made(
        profile(tenant="contoso", email_domains=TWO), owner="@", type="MX", value="0 <tenant>.mail.<email_domain>"
    )
    assert found == [("contoso.com", "0 contoso.mail.contoso.com"), ("fabrikam.example", "0 contoso.mail.fabrikam.example")]
    assert warned == set()


@pytest.mark.parametrize(
    ("value", "warnings"),
    [
        ("0 <mx-token>.mail.protection.outlook.com", {("value-needed", "contoso.com/mx_token")}),
        ("0 <tenant>.mail.protection.office365.us", {("template-unfilled", "dns/autodiscover")}),
        ("0 <sfb-edge>", {("role-name-unset", "sfb-edge")}),
        (
            "0 <mx-token>.<tenant>.example",
            {("value-needed", "contoso.com/mx_token"), ("template-unfilled", "dns/autodiscover")},
        ),
    ],
)
def test_an_unknown_value_stays_unfilled_and_is_reported(value: str, warnings: set[tuple[str, str]]) -> None:
    assert made(profile(email_domains=("contoso.com",)), owner="@", type="MX", value=value) == (
        [("contoso.com", value)],
        warnings,
    )


ADFS = {"adfs-proxy": role("203.0.113.10", "203.0.113.11", "198.51.100.0/24", "2001:db8::7", "sts.contoso.com")}


@pytest.mark.parametrize(
    ("kind", "values"),
    [("A", ["203.0.113.10", "203.0.113.11"]), ("AAAA", ["2001:db8::7"])],
)
def test_a_role_is_its_single_addresses_including_neighbors(kind: str, values: list[str]) -> None:
    entries = ["203.0.113.10", "203.0.113.11", "2001:db8::7"]
    own = RoleHosts(
        hosts=ADFS["adfs-proxy"].hosts,
        prefixes=ADFS["adfs-proxy"].prefixes,
        addresses=tuple(Prefix.parse(e) for e in entries),
    )
    wanted = profile(email_domains=("contoso.com",), roles={"adfs-proxy": own})
    found, warned = made(wanted, owner="sts", type=kind, value="<adfs-proxy>")
    assert found == [("sts.contoso.com", value) for value in values]
    assert warned == set()


def test_a_role_without_a_single_address_is_reported() -> None:
    for roles in ({}, {"adfs-proxy": role("198.51.100.0/24", "sts.contoso.com")}):
        wanted = profile(email_domains=("contoso.com",), roles=roles)
        found = made(wanted, owner="sts", type="A", value="<adfs-proxy>")
        assert found == ([("sts.contoso.com", "<adfs-proxy>")], {("role-unset", "adfs-proxy")})
        assert made(wanted, owner="sts", type="AAAA", value="<adfs-proxy>") == ([], set())


def test_without_ipv6_there_is_no_aaaa() -> None:
    wanted = profile(email_domains=("contoso.com",), roles=ADFS, ipv6=False)
    assert made(wanted, owner="sts", type="AAAA", value="<adfs-proxy>") == ([], set())


def test_records_to_resolve_keep_their_duty() -> None:
    found, _ = made(profile(), owner="dns.msftncsi.com.", type="A", value="131.107.255.255", duty="resolve")
    assert found == [("dns.msftncsi.com", "131.107.255.255")]


def test_an_absolute_owner_is_not_asked_for_while_the_record_is_not_needed() -> None:
    needs = (Condition.parse("role:mfa-server"),)
    assert made(profile(), owner="<adfs-proxy>.", needs=needs) == ([], {("not-needed", "dns/autodiscover")})


def test_the_addresses_inside_of_a_nat_are_not_published() -> None:
    own = replace(role("10.1.1.1", "sts.contoso.com"), only_side="inside")
    found, warned = made(profile(roles={"adfs-proxy": own}), owner="<adfs-proxy>.", type="A", value="<adfs-proxy>")
    assert (found, warned) == ([("sts.contoso.com", "<adfs-proxy>")], {("role-unset", "adfs-proxy")})


def test_each_key_of_a_domain_is_a_decision_of_its_own() -> None:
    wanted = profile(email_domains=TWO)
    _, warned = made(wanted, owner="@", type="TXT", value="<mx-token> <federation-hash>")
    assert warned == {("value-needed", f"{domain}/{key}") for domain in TWO for key in ("mx_token", "federation_proof")}
