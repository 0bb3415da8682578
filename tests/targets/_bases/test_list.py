"""Lists: groups, the requirements of their prefixes, the index."""

from ipaddress import ip_network

import pytest

from perimeter365.targets._bases.list import SPLITS, groups, index_lines, rule_line
from tests.targets.cases import CASES, plan


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("case", CASES)
def test_every_flow_with_an_external_end_is_in_one_group(case: str, split: str) -> None:
    grouped = [flow for group in groups(plan(case), split) for flow in group.flows]
    outside = [flow for flow in plan(case).flows if flow.theirs is not None and flow.theirs.role != "internet"]
    key = lambda flow: (str(flow.cloud), flow.id)  # noqa: E731
    assert sorted(grouped, key=key) == sorted(outside, key=key)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("case", CASES)
def test_no_group_mixes_clouds_directions_or_senders(case: str, split: str) -> None:
    found = list(groups(plan(case), split))
    for group in found:
        assert {(str(flow.cloud), flow.direction) for flow in group.flows} == {(group.cloud, group.direction)}
        if group.direction == "inbound":
            assert len({flow.scenario for flow in group.flows}) == 1
    assert len({group.name for group in found}) == len(found)


def test_each_split_makes_fewer_groups_than_the_one_before() -> None:
    counts = [len(list(groups(plan("all-scenarios"), split))) for split in SPLITS]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == len(SPLITS)


def test_the_default_split_is_by_scenario_and_category() -> None:
    names = [group.name for group in groups(plan("small"))]
    assert "worldwide-exchange-outbound-optimize" in names
    assert "worldwide-mailbox-migration-inbound-other" in names
    coarse = [group.name for group in groups(plan("small"), "category")]
    assert "worldwide-m365-outbound-optimize" in coarse
    assert "worldwide-mailbox-migration-inbound-other" in coarse
    assert "worldwide-m365-outbound-all" in [group.name for group in groups(plan("small"), "all")]
    assert "worldwide-row-6-mrs-proxy-inbound-other" in [group.name for group in groups(plan("small"), "requirement")]


@pytest.mark.parametrize("split", SPLITS)
def test_each_prefix_has_the_ids_of_the_flows_with_addresses_in_it(split: str) -> None:
    """Compared with Python's ipaddress: whether two networks overlap."""
    for group in groups(plan("all-scenarios"), split):
        listed = group.requirements_by_prefix()
        assert list(listed) == sorted(listed)
        parts = {f.id: [ip_network(str(p)) for p in f.theirs.prefixes] for f in group.flows if f.theirs}
        for prefix, ids in listed.items():
            whole = ip_network(str(prefix))
            found = [
                i for i, networks in parts.items() if any(n.version == whole.version and n.overlaps(whole) for n in networks)
            ]
            assert ids == sorted(found)


def test_a_group_is_mixed_if_ports_roles_or_paths_differ() -> None:
    by_name = {group.name: group for group in groups(plan("all-scenarios"))}
    assert by_name["worldwide-exchange-hybrid-coexistence-inbound-other"].mixed, "443 with paths, and 25"
    assert not by_name["worldwide-mailbox-migration-inbound-other"].mixed
    assert not any(group.mixed for group in groups(plan("all-scenarios"), "requirement"))


def test_a_rule_line_has_what_a_list_does_not() -> None:
    lines = {str(flow.id): rule_line(flow) for flow in plan("small").flows}
    assert lines["row/6/mrs-proxy"] == (
        "row/6/mrs-proxy inbound from exchange-online to mrs-proxy, tcp 443, path /EWS/mrsproxy.svc"
    )
    assert lines["ws/worldwide/11"] == ("ws/worldwide/11 outbound from client to teams, udp 3478-3481, no TLS inspection")
    unknown = next(flow for flow in plan("gcchigh").flows if not (flow.tcp or flow.udp))
    assert "ports not known" in rule_line(unknown)


@pytest.mark.parametrize("case", CASES)
def test_an_index_has_no_internal_address(case: str) -> None:
    """Lists and their index are on web servers."""
    text = "\n".join(index_lines(plan(case), [(group, group.name) for group in groups(plan(case))]))
    own = {p.address for f in plan(case).flows for end in (f.source, f.destination) if end.ours for p in end.prefixes}
    assert not [address for address in own if address in text]


def test_an_index_lists_flows_whose_other_end_is_anyone() -> None:
    text = "\n".join(index_lines(plan("china"), []))
    assert "No list, the other end is anyone: dns/resolvers-to-internet" in text
