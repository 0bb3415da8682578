"""Conditions of facts are data: evaluated terms, or a comment that says why not.

The files are read as text for the comments, and the plans of small profiles show what the terms do.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.scenario import FURTHER_SCENARIOS
from perimeter365.plan.choices import DnsSettings
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.sources.embedded import FACTS, embedded
from tests.plan.samples import codes, every_role, profile, role

FILES = [*sorted(Path(str(FACTS), "rows").glob("*.toml")), Path(str(FACTS), "dns.toml")]
CONDITIONAL = re.compile(
    r"\b(unless|only|hybrid|instead|not needed|takes the place|one of the two|where there is)\b", re.IGNORECASE
)  # matches "In a hybrid with"; not "Hybrids", "lonely"


def blocks(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (comment lines directly above, requirement) for each requirement of a file."""
    for found in re.finditer(r"(?m)((?:^#.*\n)*)^\[\[(flow|site|record)\]\]\n((?:(?!^\[\[|^#).*\n)*)", text):
        comment, _, body = found.groups()
        yield comment, tomllib.loads(body)


def test_every_requirement_is_read_from_the_text() -> None:
    for path in FILES:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
        wanted = [item["name"] for kind in ("flow", "site", "record") for item in data.get(kind, ())]
        assert sorted(item["name"] for _, item in blocks(text)) == sorted(wanted), path.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sentence_with_a_condition_is_data_or_says_why_not(path: Path) -> None:
    missing = [
        item["name"]
        for comment, item in blocks(path.read_text("utf-8"))
        if CONDITIONAL.search(item.get("condition", ""))
        if not (item.get("needs") or item.get("unless") or "# not data: " in comment)
    ]
    assert missing == []


def test_every_scenario_of_the_contract_exists() -> None:
    """CONTRACT names Direct Routing; the supplement the others."""
    assert set(FURTHER_SCENARIOS) == {
        "teams-direct-routing", "cloud-sync", "hybrid-join", "private-network-connector", "seamless-sso",
    }  # fmt: skip
    assert FURTHER_SCENARIOS["teams-direct-routing"].row == 14


def dns(*scenarios: str, cloud: Cloud = Cloud.WORLDWIDE, **settings: Any) -> Plan:
    """Plan the records of contoso.com."""
    return make_plan(
        embedded(),
        profile(
            "dns",
            *scenarios,
            clouds=(cloud,),
            tenant="contoso",
            email_domains=("contoso.com",),
            dns={"": DnsSettings(**settings)},
            roles={"adfs-proxy": role("203.0.113.40", "sts.contoso.com")} if "federation-sts" in scenarios else {},
        ),
    )


def names(plan: Plan) -> dict[str, str]:
    return {r.id: f"{r.type} {r.value}" for r in plan.records}


AUTODISCOVER = {
    Cloud.WORLDWIDE: "autodiscover.outlook.com",
    Cloud.GCCHIGH: "autodiscover.office365.us",
    Cloud.DOD: "autodiscover-dod.office365.us",
    Cloud.CHINA: "autodiscover.partner.outlook.cn",
}


@pytest.mark.parametrize(("cloud", "target"), AUTODISCOVER.items())
def test_autodiscover_stays_with_exchange_on_premises_in_a_hybrid(cloud: Cloud, target: str) -> None:
    assert names(dns(cloud=cloud))["dns/autodiscover"] == f"CNAME {target}"
    hybrid = dns("exchange-hybrid-coexistence", cloud=cloud)
    assert "dns/autodiscover" not in names(hybrid)
    assert ("not-needed", "dns/autodiscover") in codes(hybrid)
    moved = dns("exchange-hybrid-coexistence", cloud=cloud, autodiscover="cloud")
    assert names(moved)["dns/autodiscover"] == f"CNAME {target}"


@pytest.mark.parametrize("cloud", AUTODISCOVER)
def test_the_sip_names_stay_with_skype_on_premises(cloud: Cloud) -> None:
    sip = {"dns/sip", "dns/lyncdiscover", "dns/sip-tls", "dns/sip-federation"}
    wanted = {"dns/sip-federation"} if cloud is Cloud.WORLDWIDE else sip  # the others are on request in Worldwide
    assert sip & set(names(dns(cloud=cloud))) == wanted
    assert sip & set(names(dns(cloud=cloud, sip="on-premises"))) == set()


def test_a_domain_has_one_registration_of_devices() -> None:
    assert names(dns())["dns/device-registration"] == "CNAME enterpriseregistration.windows.net"
    assert "dns/adfs-device-registration" not in names(dns())
    adfs = names(dns("federation-sts", device_registration="ad-fs"))
    assert adfs["dns/adfs-device-registration"] == "A 203.0.113.40"
    assert "dns/device-registration" not in adfs
    undecided = dns("federation-sts")  # a flow of AD FS serves the name, and the profile does not say who answers for it
    assert [w.remedy for w in undecided.decisions if w.code == "record-conflict"] == ["[dns] device_registration"]
    entra = dns("federation-sts", device_registration="entra-id")
    assert names(entra)["dns/device-registration"] == "CNAME enterpriseregistration.windows.net"
    assert not any(w.code == "record-conflict" for w in entra.warnings)


def test_records_of_federation_come_with_federation_alone() -> None:
    assert "dns/single-sign-on" not in names(dns())
    assert names(dns("federation-sts"))["dns/single-sign-on"] == "A 203.0.113.40"
    proof = {"dns/federation-proof", "dns/federation-proof-delegation", "dns/federation-autodiscover"}
    assert not proof & set(names(dns()))
    assert proof <= set(names(dns("exchange-hybrid-coexistence")))


SPF = {
    Cloud.WORLDWIDE: "spf.protection.outlook.com",
    Cloud.GCCHIGH: "spf.protection.office365.us",
    Cloud.DOD: "spf.protection.office365.us",
    Cloud.CHINA: "spf.protection.partner.outlook.cn",
}


@pytest.mark.parametrize(("cloud", "include"), SPF.items())
def test_spf_names_the_other_senders_or_is_a_decision(cloud: Cloud, include: str) -> None:
    own = names(dns(cloud=cloud, spf_senders=("ip4:203.0.113.20",)))
    assert own["dns/spf"] == f"TXT v=spf1 ip4:203.0.113.20 include:{include} -all"
    assert names(dns(cloud=cloud, spf_senders=()))["dns/spf"] == f"TXT v=spf1 include:{include} -all"
    assert any(w.code == "value-needed" and "spf" in w.remedy for w in dns(cloud=cloud).decisions)


def test_the_mx_of_china_has_a_token_of_its_own() -> None:
    """The portal gives it; the name of the tenant is not it."""
    plan = dns(cloud=Cloud.CHINA, mx_token="contoso-cn")
    assert names(plan)["dns/mx"] == "MX 0 contoso-cn.mail.protection.partner.outlook.cn"
    assert any("mx_token" in w.remedy for w in dns(cloud=Cloud.CHINA).decisions)


def test_optional_equipment_is_not_missed() -> None:
    """Load balancers and pass-through agents: without the role there are none."""
    roles = every_role()
    for name, wanted in (("load-balancer", {"federation-sts"}), ("pass-through-agent", {"entra-connect"})):
        chosen = profile(*wanted, roles={k: v for k, v in roles.items() if k != name})
        plan = make_plan(embedded(), chosen)
        assert ("role-unset", name) not in codes(plan)
        assert not any(name in (f.source.role, f.destination.role) for f in plan.flows)
        full = make_plan(embedded(), profile(*wanted, roles=roles))
        assert any(name in (f.source.role, f.destination.role) for f in full.flows)


def test_entra_connect_without_ad_fs_asks_for_no_ad_fs() -> None:
    plain = make_plan(embedded(), profile("entra-connect", roles={"entra-connect": role("10.0.0.9")}))
    assert not any("adfs" in f.source.role + f.destination.role for f in plain.flows)
    assert not any("adfs" in w.id for w in plain.warnings if w.code == "role-unset")
    # a missing address is an omission where federation is selected
    federated = make_plan(embedded(), profile("entra-connect", "federation-sts", roles={"entra-connect": role("10.0.0.9")}))
    assert {"adfs-server", "adfs-proxy"} <= {w.id for w in federated.warnings if w.code == "role-unset"}


def test_a_domain_that_has_moved_does_not_take_the_others_along() -> None:
    """One domain has its Autodiscover in the cloud, the other one on premises; both flows and one record are planned."""
    plan = make_plan(
        embedded(),
        profile(
            "exchange-hybrid-coexistence", "federation-sts", "dns/autodiscover", "dns/device-registration",
            email_domains=("moved.example", "stays.example"),
            dns={"moved.example": DnsSettings(autodiscover="cloud", device_registration="entra-id")},
            roles={
                "exchange-server": role("203.0.113.20", "mail.stays.example"),
                "adfs-proxy": role("203.0.113.40", "sts.stays.example"),
            },
        ),
    )  # fmt: skip
    hosts = {str(f.id): {h.text for h in f.destination.hosts} for f in plan.flows if f.direction == "inbound"}
    assert hosts["row/7/exchange-online-to-autodiscover"] == {"autodiscover.stays.example"}
    assert hosts["row/7/exchange-online-to-autodiscover-by-server-name"] == {"mail.stays.example"}
    assert hosts["row/4/device-registration"] == {"enterpriseregistration.stays.example"}
    assert {r.name for r in plan.records} == {"autodiscover.moved.example", "enterpriseregistration.moved.example"}
