"""Warnings about a plan as a whole."""

from dataclasses import replace
from typing import Any

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.requirement import Party
from perimeter365.plan._consistency import shared_domains
from tests.model.samples import catalog, flow, hosts, inbound, record, site
from tests.plan.samples import messages, planned, role

TO_AUTODISCOVER = inbound(
    id="row/7/autodiscover",
    source=Party(role="internet"),
    destination=Party(role="exchange-server", hosts=hosts("autodiscover.<email_domain>")),
)
MRS = role("mrs.contoso.com", "203.0.113.10")


@pytest.mark.parametrize(
    ("roles", "scenarios", "shared"),
    [
        ({"mrs-proxy": MRS, "exchange-server": role("mail.contoso.com", "203.0.113.20")}, ("row/6", "row/7"), []),
        (
            {"mrs-proxy": MRS, "exchange-server": role("mrs.contoso.com", "203.0.113.20")},
            ("row/6",),
            ["exchange-server share mrs.contoso.com"],
        ),
        (
            {"mrs-proxy": MRS, "exchange-server": role("203.0.113.0/24")},
            ("row/6",),
            ["exchange-server share 203.0.113.10/32"],
        ),
        (
            {"mrs-proxy": MRS, "adfs-proxy": role("sts.contoso.com", "203.0.113.10")},
            ("row/6",),
            ["adfs-proxy share 203.0.113.10/32"],
        ),
        # a name in the plan that no role has
        (
            {"mrs-proxy": role("autodiscover.contoso.com")},
            ("row/6", "row/7"),
            ["exchange-server share autodiscover.contoso.com"],
        ),
        # roles that the internet does not reach
        ({"mrs-proxy": MRS, "client": role("203.0.113.0/24")}, ("row/6",), []),
        # no restriction of sources is planned
        ({"mrs-proxy": MRS, "exchange-server": role("203.0.113.10")}, ("row/7",), []),
    ],
)
def test_an_mrs_proxy_that_shares_its_name_or_address_is_reported(
    roles: dict[str, Any], scenarios: tuple[str, ...], shared: list[str]
) -> None:
    plan = planned(catalog(inbound(), TO_AUTODISCOVER), *scenarios, roles=roles, email_domains=("contoso.com",))
    found = messages(plan, "shared-name")
    assert len(found) == len(shared)
    for what, message in zip(shared, found, strict=True):
        assert f"mrs-proxy and {what}" in message
        assert "its own name and address" in message


def test_hosts_without_inbound_flows_are_not_reported() -> None:
    inside = inbound(
        id="row/6/inside", direction="internal", source=Party(role="client"), destination=Party(role="domain-controller")
    )
    plan = planned(
        catalog(inbound(), inside), "row/6", roles={"mrs-proxy": MRS, "domain-controller": role("203.0.113.0/24")}
    )
    assert messages(plan, "shared-name") == []


@pytest.mark.parametrize(
    ("host", "shared"),
    [
        ("*.blob.core.windows.net", True),
        ("*release.blob.core.windows.net", True),
        ("*.cloudapp.net", True),
        ("*.release.blob.core.windows.net", False),
        ("release.blob.core.windows.net", False),
        ("*.core.windows.net", True),  # it matches names under blob.core.windows.net
        ("*.windows.net", True),
        ("a.*.cloudapp.net", True),
        ("*.chinacloudapi.cn", True),
        ("*.sharepoint.com", False),
        ("*cdn.onenote.net", False),
        ("autodiscover.*.onmicrosoft.com", False),
    ],
)
def test_a_wildcard_over_other_customers_names_is_reported(host: str, shared: bool) -> None:
    warned: list[tuple[str, str, str]] = []
    shared_domains("row/1/upload", hosts(host), lambda *warning: warned.append(warning))
    assert [code for code, _, _ in warned] == ["shared-domain"] * shared


def test_shared_domains_are_reported_once_for_flows_and_sites() -> None:
    wide = hosts("*.cloudapp.net")
    both = catalog(
        flow(destination=Party(role="azure", hosts=wide)),
        flow(destination=Party(role="azure", hosts=wide), cloud=Cloud.DOD),
        site(hosts=wide),
    )
    plan = planned(both, "row/1", "row/16", clouds=(Cloud.WORLDWIDE, Cloud.DOD))
    assert [w.id for w in plan.warnings if w.code == "shared-domain"] == ["row/1/upload", "row/16/teams"]


NAME = "autodiscover.contoso.com"
A = record(id="dns/a", type="A", value="192.0.2.1")
SPF = (record(type="TXT", value="v=spf1 -all"), record(id="dns/b", type="TXT", value="v=spf1 ~all"))


@pytest.mark.parametrize(
    ("records", "left", "conflicts"),
    [
        ([record(), record(id="dns/mx", owner="@", type="MX", value="0 a.example")], 2, []),
        ([record(), record(id="dns/b")], 2, []),  # the same twice
        ([record(), record(id="dns/b", value="autodiscover.office365.us")], 0, [NAME]),
        ([record(), A], 0, [NAME]),
        ([record(), replace(A, duty="resolve")], 2, []),
        ([record(type="MX", value="0 a.example"), record(id="dns/b", type="MX", value="0 b.example")], 2, []),
        ([*SPF], 0, [NAME]),
        ([SPF[0], record(id="dns/b", type="TXT", value="MS=1")], 2, []),
    ],
)
def test_of_records_that_exclude_each_other_none_is_planned(records: list[Any], left: int, conflicts: list[str]) -> None:
    plan = planned(catalog(*records), "dns", email_domains=("contoso.com",))
    assert [w.id for w in plan.warnings if w.code == "record-conflict"] == conflicts
    assert len(plan.records) == left


@pytest.mark.parametrize(
    ("made", "conflicts"),
    [
        (record(), [NAME]),  # a CNAME to Microsoft
        (A, [NAME]),
        (record(type="A", value="<exchange-server>"), []),  # our own address
        (record(value="mail.contoso.com"), []),  # our own name
        (record(type="TXT", value="x"), []),  # says nothing about who serves the name
        (record(duty="resolve"), []),
    ],
)
@pytest.mark.parametrize("served", ["role", "flow"])
def test_a_name_that_our_hosts_serve_is_not_given_away(made: Any, conflicts: list[str], served: str) -> None:
    names, flows = ["mail.contoso.com"], []
    if served == "role":
        names.append(NAME)
    else:
        flows = [inbound(destination=Party(role="exchange-server", hosts=hosts("autodiscover.<email_domain>")))]
    plan = planned(
        catalog(made, *flows), "all", email_domains=("contoso.com",), roles={"exchange-server": role("192.0.2.9", *names)}
    )
    found = [w for w in plan.warnings if w.code == "record-conflict"]
    assert [w.id for w in found] == conflicts
    assert len(plan.records) == 1 - len(conflicts)
    assert all(w.open for w in found)


def test_a_domain_of_two_clouds_has_no_record_until_the_profile_says_whose_it_is() -> None:
    two = (Cloud.WORLDWIDE, Cloud.GCCHIGH)
    both = catalog(record(), record(cloud=Cloud.GCCHIGH, value="autodiscover.office365.us"), row_0={"clouds": two})
    plan = planned(both, "dns", clouds=two, email_domains=("contoso.com",))
    (conflict,) = [w for w in plan.decisions if w.code == "record-conflict"]
    assert (plan.records, conflict.id, conflict.remedy) == ((), "contoso.com", '[organization.domains] "contoso.com"')
    settled = planned(both, "dns", clouds=two, email_domains=("contoso.com",), domains={"contoso.com": Cloud.GCCHIGH})
    assert [r.value for r in settled.records] == ["autodiscover.office365.us"]
    assert settled.decisions == ()
