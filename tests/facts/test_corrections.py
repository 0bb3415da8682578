"""What the documents of 2025 and 2026 say, against older facts. Expected values are those of the documents."""

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.requirement import Flow
from perimeter365.plan.choices import Adjustment
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.sources.embedded import embedded
from tests.plan.samples import codes, every_role, planned, profile, role

CATALOG = embedded()
W, G, D, C = Cloud.WORLDWIDE, Cloud.GCCHIGH, Cloud.DOD, Cloud.CHINA


def scenario(name: str, cloud: Cloud, *more: str) -> Plan:
    """Plan a scenario for an organization with addresses for every role."""
    return make_plan(CATALOG, profile(name, *more, clouds=(cloud,), tenant="contoso", roles=every_role()))


def flow(plan: Plan, identity: str) -> PlanFlow:
    return next(f for f in plan.flows if f.id == identity)


def hosts(found: PlanFlow | None) -> list[str]:
    return [h.text for h in found.theirs.hosts] if found and found.theirs else []


# -- rows 7, 9, 11, 17, 19 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cloud", "ews", "autodiscover", "oauth", "mail"),
    [
        (W, "outlook.office365.com", "autodiscover-s.outlook.com", "login.windows.net", "worldwide/10"),
        (G, "outlook.office365.us", "autodiscover-s.office365.us", "login.microsoftonline.us", "gcchigh/6"),
        (D, "outlook-dod.office365.us", "autodiscover-s-dod.office365.us", "login.microsoftonline.us", "dod/6"),
        (C, "partner.outlook.cn", "autodiscover-s.partner.outlook.cn", "login.partner.microsoftonline.cn", ""),
    ],
    ids=str,
)
def test_a_hybrid_connects_out_in_each_cloud(cloud: Cloud, ews: str, autodiscover: str, oauth: str, mail: str) -> None:
    plan = scenario("exchange-hybrid-coexistence", cloud)
    assert ews in hosts(flow(plan, "row/7/ews-of-exchange-online"))
    assert autodiscover in hosts(flow(plan, "row/7/autodiscover-of-exchange-online"))
    assert hosts(flow(plan, "row/7/oauth-tokens")) == [oauth]
    smtp = flow(plan, "row/7/mail-to-exchange-online-protection")
    assert (smtp.direction, str(smtp.tcp), smtp.source.role) == ("outbound", "25", "exchange-server")
    assert mail in smtp.sets or (cloud is C and "*.mail.protection.partner.outlook.cn" in hosts(smtp))


def test_what_is_known_for_the_worldwide_hybrid_only_is_reported() -> None:
    ids = {"row/7/federation-tokens", "row/7/federation-delegation", "row/7/oauth-access-control"}
    for cloud in (G, D, C):
        plan = scenario("exchange-hybrid-coexistence", cloud)
        assert {about for code, about in codes(plan) if code == "unknown-in-cloud"} == ids
        assert not ids & {f.id for f in plan.flows}
    assert not any(code == "unknown-in-cloud" for code, _ in codes(scenario("exchange-hybrid-coexistence", W)))
    assert ids <= {f.id for f in scenario("exchange-hybrid-coexistence", W).flows}


def test_unknown_needs_exist_elsewhere() -> None:
    known = {(r.id, r.cloud) for r in CATALOG.row_requirements()}
    for row in CATALOG.rows.values():
        for each in row.unknown:
            assert all((about, cloud) not in known for about in each.ids for cloud in each.clouds)
            assert all(about in {i for i, _ in known} for about in each.ids)


def test_domains_live_com_stands_before_the_split_by_cloud() -> None:
    for cloud in (W, G, D):
        found = flow(scenario("hybrid-configuration-wizard", cloud), "row/9/wizard-for-exchange-2010")
        assert (hosts(found), str(found.tcp)) == (["domains.live.com"], "80,443")


def test_the_hybrid_agent_of_the_government_clouds_is_not_confirmed() -> None:
    for cloud in (G, D):
        plan = scenario("exchange-hybrid-agent", cloud)
        assert "*.msappproxy.us" in hosts(flow(plan, "row/11/agent-to-service"))
        assert ("low-confidence", "row/11/agent-to-service") in codes(plan)


def test_connectors_without_the_agent_are_a_scenario() -> None:
    alone = {f.id for f in scenario("private-network-connector", W).flows}
    assert alone == {
        "row/11/connector-to-service",
        "row/11/connector-certificate-checks",
        "row/11/connector-certificates",
        "row/11/connector-registration",
    }
    assert alone < {f.id for f in scenario("exchange-hybrid-agent", W).flows}


def test_sites_of_dod_are_those_of_the_tenant() -> None:
    plan = planned(CATALOG, "sharepoint-sites", clouds=(D,), tenant="contoso")
    assert {s.host.text for s in plan.sites} == {
        "contoso.dps.mil", "contoso-my.dps.mil", "contoso.sharepoint-mil.us", "contoso-my.sharepoint-mil.us",
    }  # fmt: skip


def test_entra_connect_calls_graph() -> None:
    found = flow(scenario("entra-connect", W), "row/19/synchronization-by-graph")
    assert (hosts(found), str(found.tcp), found.required) == (["graph.microsoft.com"], "443", True)


@pytest.mark.parametrize("cloud", [W, G, D])
def test_health_agents_have_no_policy_key_service_since_2025_08_06(cloud: Cloud) -> None:
    plan = scenario("entra-connect", cloud)
    health = [f for f in plan.flows if f.source.role == "health-agent"]
    assert health
    assert not [h for f in health for h in hosts(f) if "policykeyservice" in h]


@pytest.mark.parametrize("cloud", [W, G, D])
def test_traffic_of_entra_connect_and_its_agents_is_not_inspected(cloud: Cloud) -> None:
    """Microsoft does not support it; the same for the agents of pass-through authentication."""
    plan = scenario("entra-connect", cloud)
    for name in ("synchronization", "synchronization-by-name", "pass-through-agent-to-service"):
        assert flow(plan, f"row/19/{name}").tls_inspection == "off"


# -- Direct Routing ----------------------------------------------------------------------------------------

NAMES = {
    W: ["sip.pstnhub.microsoft.com", "sip2.pstnhub.microsoft.com", "sip3.pstnhub.microsoft.com"],
    G: ["sip.pstnhub.gov.teams.microsoft.us"],
    D: ["sip.pstnhub.dod.teams.microsoft.us"],
}
PREFIXES = {W: {"52.112.0.0/14", "52.122.0.0/15"}, G: {"52.127.88.0/21"}, D: {"52.127.64.0/21"}}


@pytest.mark.parametrize("cloud", PREFIXES, ids=str)
def test_direct_routing_has_signaling_and_media_both_ways(cloud: Cloud) -> None:
    plan = scenario("teams-direct-routing", cloud)
    flows = {f.id.removeprefix("row/14/direct-routing-"): f for f in plan.flows}
    assert set(flows) == {"signaling-out", "signaling-in", "media-out", "media-in"}
    for name, found in flows.items():
        assert found.ours.role == "sbc"
        assert found.theirs
        assert {str(p) for p in found.theirs.prefixes} == PREFIXES[cloud]
        assert found.direction == ("outbound" if name.endswith("out") else "inbound")
        assert found.required
    assert hosts(flows["signaling-out"]) == NAMES[cloud]
    assert (str(flows["signaling-out"].tcp), str(flows["media-out"].udp)) == ("5061", "3478-3481,49152-53247")
    assert {(r.name, r.type) for r in plan.records} == {("sbc.contoso.com", "A"), ("sbc-2.contoso.com", "A")}


def test_the_ports_of_an_sbc_are_the_organizations_choice() -> None:
    """Only GCC High and DoD say 5061; everywhere the media ports are those of the SBC."""
    for cloud in PREFIXES:
        plan = scenario("teams-direct-routing", cloud)
        undecided = {w.id.removeprefix("row/14/direct-routing-") for w in plan.decisions if w.code == "no-ports"}
        assert undecided == ({"signaling-in", "media-in"} if cloud is W else {"media-in"})
    assert str(flow(scenario("teams-direct-routing", G), "row/14/direct-routing-signaling-in").tcp) == "5061"


def test_an_adjustment_gives_the_ports_of_the_sbc() -> None:
    own = (
        Adjustment(id="row/14/direct-routing-signaling-in", tcp=CATALOG.endpoint_set("worldwide/10").tcp),
        Adjustment(id="row/14/direct-routing-media-in", udp=CATALOG.endpoint_set("worldwide/11").udp),
    )
    plan = planned(CATALOG, "teams-direct-routing", roles={"sbc": role("203.0.113.50", "sbc.contoso.com")}, adjust=own)
    assert not plan.decisions


def test_media_bypass_is_on_request() -> None:
    left_out = {about for code, about in codes(scenario("teams-direct-routing", W)) if code == "left-out"}
    assert {f"row/14/direct-routing-{name}" for name in ("relay-out", "relay-in", "bypass-to-clients")} <= left_out
    plan = scenario("row/14/direct-routing-relay-out", W)
    assert str(plan.flows[0].udp) == "3478-3481,50000-59999"


def test_the_row_does_not_select_direct_routing_and_former_ids_do() -> None:
    assert not any("direct-routing" in f.id for f in scenario("row/14", W).flows)
    plan = scenario("row/14/direct-routing-out", W)
    assert [f.id for f in plan.flows] == ["row/14/direct-routing-signaling-out"]
    assert ("renamed", "row/14/direct-routing-signaling-out") in codes(plan)


def test_no_single_address_or_name_that_ended_is_in_the_catalog() -> None:
    """Texts up to 2021 pin single addresses; the names sip-all ended on 2022-06-01."""
    flows = [r for r in CATALOG.find("teams-direct-routing") if isinstance(r, Flow)]
    assert all(p.size > 1 for f in flows for end in (f.source, f.destination) for p in end.prefixes)
    assert not any("sip-all" in h.text for f in flows for h in f.destination.hosts)


def test_xmpp_is_on_request() -> None:
    assert "row/14/xmpp-to-access-edge" not in {f.id for f in scenario("skype-cloud-pstn", W).flows}


# -- cloud sync, hybrid join, seamless single sign-on ------------------------------------------------------


def test_cloud_sync_has_its_agent_and_no_list_for_china() -> None:
    plan = scenario("cloud-sync", W)
    assert {f.source.role for f in plan.flows} == {"provisioning-agent"}
    assert "*.msappproxy.net" in hosts(flow(plan, "row/19/cloud-sync-service"))
    assert str(flow(plan, "row/19/cloud-sync-directory").tcp) == "389,3268"
    assert ("not-in-cloud", "cloud-sync") in codes(scenario("cloud-sync", C))


@pytest.mark.parametrize(("cloud", "name"), [(W, "autologon.microsoftazuread-sso.com"), (G, "autologon.microsoft.us")])
def test_devices_that_join_need_autologon_only_with_seamless_single_sign_on(cloud: Cloud, name: str) -> None:
    def all_hosts(plan: Plan) -> set[str]:
        return {h for f in plan.flows for h in hosts(f)}

    joined = scenario("hybrid-join", cloud)
    assert {f.source.role for f in joined.flows} == {"client"}
    assert "enterpriseregistration.windows.net" in all_hosts(joined)
    assert name not in all_hosts(joined)
    assert ("not-needed", "row/19/seamless-sso-clients") in codes(joined)
    seamless = scenario("seamless-sso", cloud)
    assert name in all_hosts(seamless)
    assert [(s.host.text, s.zone) for s in seamless.sites] == [(name, "intranet")]


# -- Intune ------------------------------------------------------------------------------------------------


def test_intune_has_ports_and_its_own_pages() -> None:
    pages = {
        W: ("endpoints", "2026-03-24"),
        G: ("endpoints-us-government", "2025-12-15"),
        C: ("endpoints-china", "2025-06-09"),
    }
    for cloud, (page, day) in {**pages, D: pages[G]}.items():
        flows = [f for f in CATALOG.find("intune") if f.cloud is cloud and isinstance(f, Flow)]
        assert flows
        for found in flows:
            assert found.tcp or found.udp
            assert [(e.document.rpartition("/")[2], e.date) for e in found.evidence] == [(page, day)]
    assert CATALOG.find("ws/worldwide/9000")[0].required


@pytest.mark.parametrize(
    ("cloud", "host", "port"),
    [
        (W, "fef.manage.microsoft.com", 80),
        (W, "login.microsoftonline.com", 443),
        (W, "displaycatalog.mp.microsoft.com", 80),
        (W, "go-eu.trouter.communications.svc.cloud.microsoft", 443),
        (G, "portal.manage.microsoft.us", 443),
        (D, "has.spserv.microsoft.com", 443),
        (C, "portal.manage.microsoftonline.cn", 80),
    ],
)
def test_names_of_intune_are_open_on_the_ports_of_the_page(cloud: Cloud, host: str, port: int) -> None:
    sets = [s for s in CATALOG.endpoint_sets(cloud) if s.area == "intune"]
    assert any(p.covers(HostPattern(host)) and port in s.tcp for s in sets for p in s.hosts)


def test_time_is_udp_and_a_misprint_is_not_opened() -> None:
    sets = {s.key: s for cloud in CATALOG.sets for s in CATALOG.endpoint_sets(cloud) if s.area == "intune"}
    time = [s for s in sets.values() if "time.windows.com" in {h.text for h in s.hosts}]
    assert [(str(s.tcp), str(s.udp)) for s in time] == [("", "123")]
    assert not any(h.text == "graph.chinacloudapi.us" for s in sets.values() for h in s.hosts)
