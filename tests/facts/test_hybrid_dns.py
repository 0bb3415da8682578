"""Hybrid organizations with the embedded catalog: no record gives away a name, and each decision has its key."""

import pytest

from perimeter365 import load_catalog, make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile

HYBRID = """
[organization]
tenant = "fabrikam"
email_domains = ["mail.fabrikam.example"]
clouds = ["worldwide"]
[select]
service_areas = ["exchange"]
scenarios = ["exchange-hybrid-coexistence", %s]
[roles]
client = ["10.0.0.0/8"]
exchange-server = ["192.0.2.20", "mail.fabrikam.example"]
"""
FEDERATED = """
[organization]
tenant = "fabrikam"
email_domains = ["fabrikam.example"]
clouds = ["worldwide"]
[select]
service_areas = []
scenarios = ["federation-sts", "dns"]
[roles]
adfs-proxy = ["192.0.2.40", "login.fabrikam.example"]
adfs-server = ["10.0.0.41"]
load-balancer = ["10.0.0.9"]
resolver = ["10.0.0.53"]
"""


def plan(text: str) -> Plan:
    return make_plan(load_catalog("embedded"), parse_profile(text))


def names(found: Plan) -> set[tuple[str, str]]:
    """Return the first labels and types, without those of the federation trust's own subdomain."""
    return {(r.name.partition(".")[0], r.type) for r in found.records if r.complete and ".service." not in r.name}


def keys(found: Plan) -> list[str]:
    return sorted({w.remedy for w in found.decisions})


def test_autodiscover_stays_on_premises_in_a_hybrid() -> None:
    found = plan(HYBRID % '"dns"')
    assert ("autodiscover", "CNAME") not in names(found)
    assert [w.id for w in found.warnings if w.code == "not-needed" and w.id == "dns/autodiscover"] == ["dns/autodiscover"]


def test_a_record_that_is_asked_for_by_its_id_is_a_decision_in_a_hybrid() -> None:
    found = plan(HYBRID % '"dns/autodiscover", "dns/spf"')
    assert names(found) == set()
    assert keys(found) == [
        "[dns] spf_senders",
        "[select] scenarios without 'dns/autodiscover', or change what the reason names",
    ]


def test_the_keys_of_dns_settle_a_hybrid() -> None:
    more = '\n[dns]\nautodiscover = "cloud"\nspf_senders = ["ip4:192.0.2.20"]\n'
    found = plan(HYBRID % '"dns/autodiscover", "dns/spf"' + more)
    assert {r.value for r in found.records if r.type == "TXT"} == {
        "v=spf1 ip4:192.0.2.20 include:spf.protection.outlook.com -all"
    }
    assert names(found) >= {("autodiscover", "CNAME")}
    assert keys(found) == []


@pytest.mark.parametrize(
    ("owner", "kind", "settled"),
    [("ad-fs", "A", True), ("entra-id", "CNAME", True), (None, "", False)],
)
def test_enterpriseregistration_has_one_owner(owner: str | None, kind: str, settled: bool) -> None:
    found = plan(FEDERATED + (f'\n[dns]\ndevice_registration = "{owner}"\n' if owner else ""))
    assert {k for name, k in names(found) if name == "enterpriseregistration"} == ({kind} if kind else set())
    assert ("[dns] device_registration" not in keys(found)) is settled
    flows = {f.id for f in found.flows}
    assert ("row/4/device-registration" in flows) is (owner != "entra-id")


@pytest.mark.parametrize(("owner", "count"), [("", 0), ('\n[organization.domains]\n"fabrikam.example" = "china"\n', 1)])
def test_a_domain_has_the_records_of_one_cloud(owner: str, count: int) -> None:
    text = (
        '[organization]\ntenant = "x"\nemail_domains = ["fabrikam.example"]\nclouds = ["worldwide", "china"]\n'
        f'{owner}[select]\nservice_areas = []\nscenarios = ["dns"]\n[roles]\nresolver = ["10.0.0.53"]\n'
    )
    found = plan(text)
    assert len({r.cloud for r in found.records if r.duty == "publish"}) == count
    assert ('[organization.domains] "fabrikam.example"' in keys(found)) is (count == 0)


def test_a_federation_service_without_a_public_address_is_one_decision() -> None:
    found = plan(FEDERATED.replace('"192.0.2.40"', '"2001:db8::40"') + '\n[dns]\ndevice_registration = "entra-id"\n')
    assert [w.id for w in found.decisions if w.code == "record-conflict"] == []
    assert "[roles] adfs-proxy" in keys(found)
