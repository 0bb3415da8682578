"""The embedded facts are consistent, and each can be planned.

test_completeness.py compares the facts with the vendor's pages; these tests compare them with each other, with the files
of the endpoint sets, and with the plans made from them.
"""

import json
import tomllib
from collections import Counter
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from pathlib import Path
from typing import Any

import pytest

from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.scenario import FURTHER_SCENARIOS
from perimeter365.plan.constraints import DEFAULTS
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.sources.embedded import FACTS, embedded
from perimeter365.targets._never import check_never
from tests.plan.samples import codes, full_profile, messages, planned, profile, role

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "facts" / "other-endpoints.json"
IN_ROWS = [c for c in CLOUDS if any(c in row.clouds for row in embedded().rows.values())]
each_cloud = pytest.mark.parametrize("cloud", IN_ROWS, ids=str)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return embedded()


@pytest.fixture(scope="module", params=IN_ROWS, ids=str)
def everything(request: pytest.FixtureRequest, catalog: Catalog) -> Plan:
    """Plan everything in one cloud, for an organization with addresses for every role."""
    return make_plan(catalog, full_profile(request.param))


def instance(cloud: Cloud) -> dict[int, dict[str, Any]]:
    """Read the sets of a cloud from its file and from Intune's."""
    data = json.loads((FACTS / "instances" / f"{cloud}.json").read_text("utf-8"))
    intune = tomllib.loads((FACTS / "intune.toml").read_text("utf-8"))["set"]
    return {item["id"]: item for item in (*data["sets"], *(each for each in intune if each["cloud"] == str(cloud)))}


# -- rows --------------------------------------------------------------------------------------------------


def test_there_are_25_rows_with_requirements(catalog: Catalog) -> None:
    assert list(catalog.rows) == list(range(1, 26))
    for row in (*catalog.rows.values(), catalog.dns):
        assert row.requirements, row.id
        assert row.title, row.id
        assert row.purpose, row.id
        assert row.defect, row.id


@each_cloud
def test_a_scenario_has_a_plan_or_a_warning_in_each_of_its_clouds(catalog: Catalog, cloud: Cloud) -> None:
    for row in (*catalog.rows.values(), catalog.dns):
        if cloud in row.clouds:
            plan = planned(catalog, row.scenario, clouds=(cloud,), email_domains=("contoso.com",), tenant="contoso")
            left_out = [w.id for w in plan.warnings if w.code == "left-out" and w.id.startswith(f"{row.id}/")]
            assert plan.flows or plan.sites or plan.records or left_out, row.id


def test_every_scenario_has_requirements_by_default(catalog: Catalog) -> None:
    for row in (*catalog.rows.values(), catalog.dns):
        assert any(not r.on_request and (not r.retired or row.retired) for r in row.requirements), row.id


def test_the_requirements_of_a_row_have_its_id_and_scenario(catalog: Catalog) -> None:
    for row in (*catalog.rows.values(), catalog.dns):
        for req in row.requirements:
            further = FURTHER_SCENARIOS.get(req.scenario)
            assert further.row == row.number if further else req.scenario == row.scenario
            assert req.id.startswith(f"{row.id}/")
            assert req.cloud in row.clouds


def test_every_reference_exists(catalog: Catalog) -> None:
    for row in (*catalog.rows.values(), catalog.dns):
        for req in row.requirements:
            ends = [getattr(req, name) for name in ("source", "destination") if hasattr(req, name)] or [req]
            for end in ends:
                assert set(getattr(end, "sets", ())) <= set(instance(req.cloud)), req.id


def test_only_retired_rows_and_closed_clouds_are_retired(catalog: Catalog) -> None:
    # rows 5, 21 and 22 are certainly retired; 12 to 14 possibly
    retired = {number for number, row in catalog.rows.items() if row.retired}
    assert {5, 21, 22} <= retired <= {5, 12, 13, 14, 21, 22}
    assert all(row.retired_note for row in catalog.rows.values() if row.retired)


def test_no_requirement_is_both_required_and_on_request(catalog: Catalog) -> None:
    for req in catalog.row_requirements():
        assert not (req.required and req.on_request), req.id


def test_a_flow_with_a_path_has_a_tcp_port(catalog: Catalog) -> None:
    """Paths are HTTP paths."""
    for row in catalog.rows.values():
        for flow in row.flows:
            assert flow.tcp or not flow.path, flow.id


# -- plans -------------------------------------------------------------------------------------------------


def test_a_complete_profile_has_a_plan_without_unset_values(everything: Plan) -> None:
    wrong = {
        "role-unset",
        "role-name-unset",
        "template-unfilled",
        "unresolved-reference",
        "not-in-cloud",
        "nothing-selected",
    }
    assert {(code, about) for code, about in codes(everything) if code in wrong} == set()
    for flow in everything.flows:
        for end in (flow.source, flow.destination):
            assert not any("<" in host.text for host in end.hosts), flow.id
            assert end.anyone or end.hosts or end.prefixes, f"{flow.id}: {end.role} has no address and no host"
    assert not any("<" in site.host.text for site in everything.sites)


def test_only_values_from_the_admin_center_are_placeholders(everything: Plan) -> None:
    opened = {part.partition(">")[0] for r in everything.records for part in r.value.split("<")[1:]}
    assert opened <= {"mx-token", "federation-hash", "verification-token", "spf_senders"}
    assert all("<" not in r.name for r in everything.records)


def test_everything_is_within_the_default_constraints(everything: Plan) -> None:
    check_never(everything, DEFAULTS)


def test_only_sign_in_and_calls_have_any_source(everything: Plan) -> None:
    """Users contact federation proxies (4, 19) and Edge servers (14) from any network."""
    rows = {f.row for f in everything.flows if f.source.anyone}
    assert rows <= {4, 14, 19}
    assert {f.destination.role for f in everything.flows if f.source.anyone} <= {"adfs-proxy", "sfb-edge", "cloud-connector"}


def test_a_row_is_planned_in_each_of_its_clouds(everything: Plan, catalog: Catalog) -> None:
    cloud = next(iter(everything.versions))
    rows = {f.row for f in everything.flows} | {s.row for s in everything.sites}
    expected = {number for number, row in catalog.rows.items() if cloud in row.clouds}
    left_out = {w.id.rpartition("/")[0] for w in everything.warnings if w.code == "left-out"}
    assert rows - {None} <= expected
    assert {f"row/{number}" for number in expected - rows} <= left_out
    assert any(r.scenario == "dns" for r in everything.records)


@each_cloud
def test_every_requirement_can_be_selected_by_its_id(catalog: Catalog, cloud: Cloud) -> None:
    ids = {r.id for r in catalog.row_requirements() if r.cloud is cloud}
    plan = make_plan(catalog, full_profile(cloud, service_areas=(), scenarios=tuple(ids)))
    missing = ids - {f.id for f in plan.flows} - {s.id for s in plan.sites} - {r.id for r in plan.records}
    conflicts = " ".join(messages(plan, "record-conflict"))
    assert {each for each in missing if f"({each}" not in conflicts} == set()
    assert "left-out" not in {code for code, _ in codes(plan)}


def test_the_closed_cloud_can_be_planned(catalog: Catalog) -> None:
    plan = planned(
        catalog, "all", service_areas=("exchange",), clouds=(Cloud.GERMANY_2021,), roles={"client": role("10.0.0.0/8")}
    )
    assert {f.scenario for f in plan.flows} == {"exchange"}
    assert ("closed-cloud", "germany-2021") in codes(plan)


def test_endpoint_sets_are_planned_as_published(everything: Plan) -> None:
    """Compare hosts, addresses, ports and category of each set with the file."""
    cloud = next(iter(everything.versions))
    flows: dict[str, PlanFlow] = {f.id: f for f in everything.flows if f.row is None and f.id.startswith("ws/")}
    sets = instance(cloud)
    assert set(flows) == {f"ws/{cloud}/{number}" for number in sets}
    for number, item in sets.items():
        flow = flows[f"ws/{cloud}/{number}"]
        expected = {h.replace("<tenant>", "contoso") for h in item.get("hosts", [])}
        assert {h.text for h in flow.destination.hosts} == expected
        assert {str(p) for p in flow.destination.prefixes} == {
            str(n) for version in (4, 6) for n in collapsed(item.get("prefixes", []), version)
        }
        assert (numbers(flow.tcp), numbers(flow.udp)) == (listed(item.get("tcp", "")), listed(item.get("udp", "")))
        assert (flow.category, flow.required) == (item["category"], item["required"])


def numbers(ports: PortSet) -> set[int]:
    return {n for first, last in ports for n in range(first, last + 1)}


def listed(text: str) -> set[int]:
    """Parse the port notation of the web service."""
    ends = [[int(end) for end in part.split("-")] for part in text.split(",") if part]
    return {n for pair in ends for n in range(pair[0], pair[-1] + 1)}


def collapsed(texts: list[str], version: int) -> list[IPv4Network | IPv6Network]:
    read = [ip_network(text) for text in texts]
    if version == 4:
        return list(collapse_addresses(n for n in read if isinstance(n, IPv4Network)))
    return list(collapse_addresses(n for n in read if isinstance(n, IPv6Network)))


# -- rows 6, 16, 17 and 23 ---------------------------------------------------------------------------------


@each_cloud
def test_the_sources_of_row_6_are_the_addresses_of_set_1(catalog: Catalog, cloud: Cloud) -> None:
    plan = planned(catalog, "row/6", clouds=(cloud,), roles={"mrs-proxy": role("203.0.113.10", "mrs.contoso.com")})
    flows = [f for f in plan.flows if f.row == 6]
    assert flows
    published = instance(cloud)[1]["prefixes"]
    for flow in flows:
        assert flow.direction == "inbound"
        assert flow.sets == (f"{cloud}/1",)
        assert flow.path == ("/EWS/mrsproxy.svc",)
        assert {str(p) for p in flow.source.prefixes} == {str(n) for v in (4, 6) for n in collapsed(published, v)}
    assert "assumed" in {code for code, _ in codes(plan)}


@pytest.mark.parametrize("number", [16, 17])
def test_the_wrong_reference_of_the_page_is_a_warning(catalog: Catalog, number: int) -> None:
    plan = planned(catalog, f"row/{number}", tenant="contoso")
    assert ("row-reference", f"row/{number}") in codes(plan)
    assert "15" in catalog.rows[number].defect


def notifications(catalog: Catalog, cloud: Cloud, sources: str) -> PrefixSet:
    """Return the sources that may contact the receiver."""
    wanted = profile("row/23", clouds=(cloud,), graph_sources=sources, roles={"notification-receiver": role("203.0.113.30")})
    found = PrefixSet()
    for flow in make_plan(catalog, wanted).flows:
        if flow.direction == "inbound":
            found |= flow.source.prefixes
    return found


# The newest text has the IPv4 addresses of sets 56 (Worldwide), 13 (GCC High, DoD) and 17 (China).
SIGN_IN = {Cloud.WORLDWIDE: 56, Cloud.GCCHIGH: 13, Cloud.DOD: 13, Cloud.CHINA: 17}
# Number of single addresses in the text of January 2025: 114 in total, with each government address counted once.
SINGLE = {Cloud.WORLDWIDE: 90, Cloud.GCCHIGH: 16, Cloud.DOD: 16, Cloud.CHINA: 8}


@each_cloud
def test_the_newest_text_of_row_23_is_the_ipv4_of_the_sign_in_set(catalog: Catalog, cloud: Cloud) -> None:
    newest = notifications(catalog, cloud, "newest")
    published = [p for p in instance(cloud)[SIGN_IN[cloud]]["prefixes"] if ":" not in p]
    assert newest == PrefixSet.parse(published)


@each_cloud
def test_the_union_of_row_23_contains_both_texts(catalog: Catalog, cloud: Cloud) -> None:
    newest, union = notifications(catalog, cloud, "newest"), notifications(catalog, cloud, "union")
    assert newest <= union
    assert union.size(6) > 0
    more = union - newest
    assert more.size(4) == SINGLE[cloud]


def test_the_earlier_text_has_114_single_addresses() -> None:
    assert SINGLE[Cloud.WORLDWIDE] + SINGLE[Cloud.GCCHIGH] + SINGLE[Cloud.CHINA] == 114


def test_row_23_has_the_addresses_of_the_reference(catalog: Catalog) -> None:
    if not REFERENCE.is_file():
        pytest.skip("the reference data folder is missing")
    facts = [f for f in json.loads(REFERENCE.read_text("utf-8")) if f["row"] == 23 and f["direction"] == "inbound"]
    singles: Counter[str] = Counter()
    for fact in facts:
        if "single hosts" in fact["scenario"]:
            singles.update(fact["ips"])
        for name in fact["cloud"]:
            sources = "newest" if "NEWEST" in fact["scenario"] else "union"
            assert PrefixSet.parse(fact["ips"]) <= notifications(catalog, Cloud(name), sources), fact["id"]
    assert len(singles) == 114
    for cloud in IN_ROWS:
        for sources in ("newest", "union"):
            texts = [
                ip
                for f in facts
                if cloud.value in f["cloud"] and (sources == "union" or "NEWEST" in f["scenario"])
                for ip in f["ips"]
            ]
            assert notifications(catalog, cloud, sources) == PrefixSet.parse(texts)


@pytest.mark.parametrize("sources", ["union", "newest"])
def test_a_warning_names_the_texts_in_the_plan(catalog: Catalog, sources: str) -> None:
    plan = make_plan(catalog, profile("row/23", graph_sources=sources))
    messages = [w.message for w in plan.warnings if w.code == "edition"]
    assert messages
    assert all(("both" in message) == (sources == "union") for message in messages)
