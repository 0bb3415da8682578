"""Warnings about a plan as a whole."""

from typing import Any

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.requirement import Party
from perimeter365.plan._consistency import SHARED_DOMAINS, shared_domains
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
        ("*.core.windows.net", False),
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


def test_shared_domains_are_domains_in_which_customers_have_names() -> None:
    assert list(SHARED_DOMAINS) == sorted(SHARED_DOMAINS)
    assert all(hosts(f"*.{domain}") for domain in SHARED_DOMAINS)


GOV = {"cloud": Cloud.GCCHIGH}


@pytest.mark.parametrize(
    ("records", "conflicts"),
    [
        ([record(), record(id="dns/mx", owner="@", type="MX", value="0 a.example")], []),
        ([record(), record(**GOV)], []),  # the same in both clouds
        ([record(), record(value="autodiscover.office365.us", **GOV)], ["autodiscover.contoso.com"]),
        ([record(), record(id="dns/a", type="A", value="192.0.2.1")], ["autodiscover.contoso.com"]),
        ([record(), record(id="dns/a", type="A", value="192.0.2.1", duty="resolve")], []),
        ([record(type="MX", value="0 a.example"), record(type="MX", value="0 b.example", **GOV)], []),
        (
            [record(type="TXT", value="v=spf1 -all"), record(type="TXT", value="v=spf1 ~all", **GOV)],
            ["autodiscover.contoso.com"],
        ),
        ([record(type="TXT", value="v=spf1 -all"), record(type="TXT", value="MS=1", **GOV)], []),
    ],
)
def test_records_that_exclude_each_other_are_reported(records: list[Any], conflicts: list[str]) -> None:
    plan = planned(
        catalog(*records, row_0={"clouds": (Cloud.WORLDWIDE, Cloud.GCCHIGH)}),
        "dns",
        clouds=(Cloud.WORLDWIDE, Cloud.GCCHIGH),
        email_domains=("contoso.com",),
    )
    assert [w.id for w in plan.warnings if w.code == "record-conflict"] == conflicts
