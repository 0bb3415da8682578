"""The sets of rows, compared with the facts' files (`row_facts`), which are read without the package."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from ipaddress import ip_network
from typing import Any

import pytest

from perimeter365 import load_catalog
from perimeter365.errors import UnknownNameError
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.condition import Condition
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.suffixes import private_suffix
from perimeter365.plan.profile import Profile, parse_profile
from perimeter365.web.row_sets import ROW_KEYS, RowSets, asked_profile, row_sets, unasked_flows
from perimeter365.wire.names import ENDPOINT_SET
from tests.web.row_facts import CLOUDS, Fact, beyond, bounds, collapsed, facts, item_of, listed, opened

CASES = [(cloud, fact) for cloud in CLOUDS for fact in facts(cloud)]
IDS = [f"{cloud}-{fact.id}" for cloud, fact in CASES]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog("embedded")


def asked(catalog: Catalog, cloud: str, *scenarios: str, without: bool = False, **values: Any) -> RowSets:
    """Return the sets of some scenarios; `without` as if no endpoint set were in the answer."""
    name = Cloud.parse(cloud)
    profile = asked_profile(catalog, name, scenarios, **values)
    return row_sets(catalog, profile, name, () if without else answered(catalog, name))


def answered(catalog: Catalog, cloud: Cloud) -> list[EndpointSet]:
    """Return the endpoint sets that the web service has, without Intune's."""
    return [each for each in catalog.endpoint_sets(cloud) if each.id < SYNTHETIC_ID]


def networks(texts: Iterable[str]) -> tuple[Any, ...]:
    return collapsed(map(ip_network, texts))


# -- by hand -------------------------------------------------------------------------------------------------------


def test_mailbox_migration_is_one_inbound_set_with_the_addresses_of_exchange_online(catalog: Catalog) -> None:
    (item,) = asked(catalog, "worldwide", "row/6").items
    assert item == {
        "id": 10060,
        "serviceArea": "Exchange",
        "serviceAreaDisplayName": "Exchange Online",
        "tcpPorts": "443",
        "expressRoute": False,
        "category": "Default",
        "required": False,
        "notes": item["notes"],
        "direction": "inbound",
        "scenario": "mailbox-migration",
        "row": 6,
        "flow": "row/6/mrs-proxy",
        "sourceIps": item["sourceIps"],
    }
    known = """
        13.107.6.152/31 13.107.18.10/31 13.107.128.0/22 23.103.160.0/20 40.96.0.0/13 40.104.0.0/15 52.96.0.0/14
        131.253.33.215 132.245.0.0/16 150.171.32.0/22 204.79.197.215 2603:1006::/40 2603:1016::/36 2603:1026::/36
        2603:1036::/36 2603:1046::/36 2603:1056::/36 2620:1ec:4::152 2620:1ec:4::153 2620:1ec:c::10 2620:1ec:c::11
        2620:1ec:d::10 2620:1ec:d::11 2620:1ec:8f0::/46 2620:1ec:900::/46 2620:1ec:a92::152 2620:1ec:a92::153
    """
    assert networks(item["sourceIps"]) == networks(known.split())
    assert "/EWS/mrsproxy.svc" in item["notes"]


def test_entra_connect_has_its_own_names_and_refers_to_the_sets_that_it_needs(catalog: Catalog) -> None:
    found = {item["flow"]: item for item in asked(catalog, "worldwide", "entra-connect").items}
    table = found["row/19/synchronization"]  # table 2 of the ports document: 443 to the sets of Entra ID
    assert (table["id"], table["tcpPorts"], table["sets"]) == (10191, "443", [56, 59])
    assert not {"urls", "ips", "udpPorts"} & table.keys()
    graph = found["row/19/synchronization-by-graph"]  # required since 2026-03-20
    assert (graph["urls"], graph["tcpPorts"], graph["required"]) == (["graph.microsoft.com"], "443", True)
    single = found["row/19/pass-through-with-single-sign-on"]  # table 6a
    assert (single["tcpPorts"], single["sets"]) == ("80,443", [56, 59])
    health = found["row/19/health-agent-to-service-bus"]  # table 7b
    assert (health["id"], health["urls"], health["tcpPorts"]) == (11195, ["*.servicebus.windows.net"], "5671")
    assert "Also names of other customers: *.servicebus.windows.net." in health["notes"]
    assert not any("directory" in flow for flow in found), "flows to domain controllers are internal"
    assert all(item["row"] == 19 and item["direction"] == "outbound" for item in found.values())


def test_graph_notifications_have_the_sources_of_both_texts_and_one_destination(catalog: Catalog) -> None:
    newest, single, earlier, calls = asked(catalog, "china", "GRAPH-change-notifications".lower()).items
    ranges = ["40.72.70.0/23", "52.130.2.32/27", "52.130.3.64/27", "52.130.17.192/27", "52.130.18.32/27"]
    addresses = ["42.159.72.35", "42.159.72.47", "42.159.180.55", "42.159.180.56"]
    addresses += ["40.125.138.23", "40.125.136.69", "40.72.155.199", "40.72.155.216"]
    assert networks(newest["sourceIps"]) == networks(ranges)
    assert networks(single["sourceIps"]) == networks(addresses)
    assert networks(earlier["sourceIps"]) == networks([*ranges, "2406:e500:5500::/48"])
    assert [item["id"] for item in (newest, single, earlier, calls)] == [10230, 10231, 10232, 10233]
    assert (calls["urls"], calls["direction"]) == (["microsoftgraph.chinacloudapi.cn"], "outbound")
    assert not any({"urls", "ips"} & item.keys() for item in (newest, single, earlier))


def as_item(listed_set: Mapping[str, Any]) -> dict[str, Any]:
    """Return a set of the list's file as an item of /endpoints."""
    names = {"hosts": "urls", "prefixes": "ips", "tcp": "tcpPorts", "udp": "udpPorts"}
    return {key: listed_set[name] for name, key in names.items()}


# -- all rows -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cloud", "fact"), CASES, ids=IDS)
def test_each_flow_is_the_set_that_its_fact_says(catalog: Catalog, cloud: str, fact: Fact) -> None:
    found = asked(catalog, cloud, fact.id)
    if fact.anyone or not (fact.tcp or fact.udp) or fact.conditional is None:
        assert found == RowSets(left_out=(fact.id,))
        return
    (item,) = found.items
    expected = item_of(fact, cloud)
    ports = bounds(fact.tcp, fact.udp)
    assert (item["flow"], item["row"], item["direction"]) == (fact.id, fact.row, fact.direction)
    assert item["category"] == "Default"
    assert item["serviceArea"] in ("Common", "Exchange", "SharePoint", "Skype")
    assert list(item) == [key for key in (*ENDPOINT_SET, *ROW_KEYS) if key in item]
    if fact.direction == "inbound":
        own = {h.replace("<email_domain>", "*") for h in fact.hosts}
        assert not {"urls", "ips", "sets"} & item.keys()
        assert set(item.get("sourceUrls", ())) == own, "the names of a set are destinations, never sources"
        assert networks(item.get("sourceIps", ())) == networks(expected["ips"])
        return
    assert not {"sourceUrls", "sourceIps"} & item.keys()
    space = opened([expected], ports)
    assert beyond(opened([item], ports), space) == []
    used = [as_item(listed(cloud)[number]) for number in item.get("sets", ())]
    assert beyond(space, opened([item, *used], ports)) == []
    (whole,) = asked(catalog, cloud, fact.id, without=True).items
    assert "sets" not in whole
    assert beyond(space, opened([whole], ports)) == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_nothing_retired_conditional_on_request_or_shared_comes_unasked(catalog: Catalog, cloud: str) -> None:
    expected = {
        fact.id
        for fact in facts(cloud)
        if not (fact.retired or fact.on_request or fact.conditional or fact.conditions)
        and not any(private_suffix(HostPattern(host)) for host in item_of(fact, cloud)["urls"])
    }
    assert set(unasked_flows(catalog, Cloud.parse(cloud))) == expected
    name = Cloud.parse(cloud)
    found = row_sets(catalog, asked_profile(catalog, name, None), name, answered(catalog, name))
    assert {item["flow"] for item in found.items} == expected
    if cloud == "china":
        assert expected == {"row/20/certificate-checks"}, "*.chinacloudapi.cn is a domain of Azure's customers"


@pytest.mark.parametrize(
    "change",
    [
        {"retired": date(2026, 1, 1)},
        {"on_request": "Only where it is used."},
        {"condition": "While it is used."},
        {"needs": (Condition.parse("role:entra-connect"),)},
        {"unless": (Condition.parse("role:entra-connect"),)},
    ],
)
def test_each_reason_alone_keeps_a_flow_from_coming_unasked(catalog: Catalog, change: dict[str, Any]) -> None:
    row = catalog.rows[20]
    flows = tuple(replace(flow, **change) if flow.id == "row/20/certificate-checks" else flow for flow in row.flows)
    assert unasked_flows(replace(catalog, rows={**catalog.rows, 20: replace(row, flows=flows)}), Cloud.CHINA) == ()
    retired = replace(catalog, rows={**catalog.rows, 20: replace(row, retired=date(2026, 1, 1))})
    assert unasked_flows(retired, Cloud.CHINA) == ()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_scenario_brings_neither_what_is_on_request_nor_what_has_ended_within_it(catalog: Catalog, cloud: str) -> None:
    known = {fact.id: fact for fact in facts(cloud)}
    for scenario in sorted({fact.scenario for fact in known.values()}):
        for item in asked(catalog, cloud, scenario).items:
            fact = known[item["flow"]]
            assert fact.scenario == scenario or scenario in fact.also
            assert not (fact.on_request or fact.ended) or scenario in fact.also


def test_ids_are_unique_and_ascending_with_more_than_ten_sets_in_a_row(catalog: Catalog) -> None:
    ids = [item["id"] for item in asked(catalog, "worldwide", "all").items]
    assert ids == sorted(set(ids))
    assert sum(1 for each in ids if each % 1000 // 10 == 7) > 10
    assert 11070 in ids, "the eleventh flow of row 7"


def test_a_flow_has_the_same_id_in_all_clouds(catalog: Catalog) -> None:
    ids: dict[str, set[int]] = {}
    for cloud, fact in CASES:
        for item in asked(catalog, cloud, fact.id).items:
            ids.setdefault(fact.id, set()).add(item["id"])
    assert all(len(found) == 1 for found in ids.values())


def test_without_ipv6_no_ipv6_address_is_left(catalog: Catalog) -> None:
    found = asked(catalog, "worldwide", "all", ipv6=False, without=True).items
    texts = [ip for item in found for ip in (*item.get("ips", ()), *item.get("sourceIps", ()))]
    assert texts
    assert not any(":" in ip for ip in texts)


# -- what cannot be said -----------------------------------------------------------------------------------------------


def test_a_flow_without_ports_is_left_out_and_said_until_a_profile_has_its_port(catalog: Catalog) -> None:
    flow = "row/9/wizard-to-government-services"
    assert asked(catalog, "dod", "row/9").left_out == (flow,)
    adjusted = f'[organization]\nclouds = ["dod"]\n[select]\nscenarios = ["row/9"]\n[[adjust]]\nid = "{flow}"\ntcp = "443"'
    found = row_sets(catalog, parse_profile(adjusted), Cloud.DOD, ())
    (item,) = [item for item in found.items if item["flow"] == flow]
    assert (item["ips"], item["tcpPorts"], found.left_out) == (["40.118.209.192/32", "168.62.190.41/32"], "443", ())


def test_a_flow_from_or_to_anyone_opens_nothing(catalog: Catalog) -> None:
    found = asked(catalog, "worldwide", "skype-cloud-pstn")
    assert found.items == ()
    assert {"row/14/av-edge-media", "row/14/users-to-access-edge"} <= set(found.left_out)


def test_an_unknown_id_is_an_error_with_the_nearest_one(catalog: Catalog) -> None:
    with pytest.raises(UnknownNameError, match="row/6/mrs-prox") as raised:
        asked(catalog, "worldwide", "row/6/mrs-prox")
    assert "row/6/mrs-proxy" in raised.value.help


# -- templates -----------------------------------------------------------------------------------------------------


def with_hosts(catalog: Catalog, *hosts: str) -> Catalog:
    """Return the catalog with other destinations of row/23/receiver-to-graph."""
    row = catalog.rows[23]
    flows = tuple(
        replace(f, destination=replace(f.destination, hosts=tuple(map(HostPattern, hosts))))
        if f.id == "row/23/receiver-to-graph" else f
        for f in row.flows
    )  # fmt: skip
    return replace(catalog, rows={**catalog.rows, 23: replace(row, flows=flows)})


def urls(catalog: Catalog, profile: Profile) -> list[str]:
    (item,) = row_sets(catalog, profile, Cloud.WORLDWIDE, ()).items or ({},)
    return list(item.get("urls", []))


def test_a_template_has_a_star_without_a_tenant_but_never_over_names_that_anyone_can_register(catalog: Catalog) -> None:
    made = with_hosts(
        catalog,
        "<tenant>.sharepoint.com",
        "<tenant>.blob.core.windows.net",
        "<tenant>.com",
        "<tenant>-<email_domain>.ms.net",
    )
    flow = ("row/23/receiver-to-graph",)
    assert urls(made, asked_profile(made, Cloud.WORLDWIDE, flow)) == ["*.sharepoint.com"]
    filled = urls(made, asked_profile(made, Cloud.WORLDWIDE, flow, tenant="contoso"))
    assert filled == ["contoso.blob.core.windows.net", "contoso.com", "contoso.sharepoint.com"]


def test_a_mail_domain_of_the_profile_fills_the_sources(catalog: Catalog) -> None:
    text = '[organization]\nclouds = ["worldwide"]\nemail_domains = ["contoso.com"]\n[select]\nscenarios = ["row/10"]'
    (item,) = row_sets(catalog, parse_profile(text), Cloud.WORLDWIDE, ()).items
    (star,) = asked(catalog, "worldwide", "row/10").items
    assert star["sourceUrls"] == ["*.outlookmobile.com"]
    assert "In *.outlookmobile.com, * stands for the mail domain." in star["notes"]
    assert item["sourceUrls"] == ["contoso.com.outlookmobile.com"]
    assert "stands for" not in item["notes"]
