"""Infrastructure as code, read back from the Terraform and ARM files.

The providers are not available here, so the argument names of each resource are checked against a table that was copied from
their pages and Microsoft's and Amazon's references. tests/life/test_terraform.py has the files read by Terraform.
"""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import LimitError, OptionError
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets import Style, render, targets
from perimeter365.targets._bases.iac import arm, camel, children, identifier, terraform
from tests.consumers import need
from tests.targets.netfilter import by_hand, flow, limits, party
from tests.targets.packets import EVERY, Atom, atoms, canonical, collapsed, end, flows, plan, ports, product
from tests.targets.prefix_lists import group_name

EACH = pytest.mark.parametrize("case", EVERY)

# Resource -> (required, optional) arguments, from the pages named.
ARGUMENTS: dict[str, tuple[set[str], set[str]]] = {
    # registry.terraform.io/providers/hashicorp/azurerm: network_security_rule
    "azurerm_network_security_rule": (
        {"name", "resource_group_name", "network_security_group_name", "protocol", "access", "priority", "direction"},
        {"description"}
        | {f"{side}_port_range{many}" for side in ("source", "destination") for many in ("", "s")}
        | {f"{side}_address_prefix{many}" for side in ("source", "destination") for many in ("", "es")},
    ),
    # route
    "azurerm_route": (
        {"name", "resource_group_name", "route_table_name", "address_prefix", "next_hop_type"},
        {"next_hop_in_ip_address"},
    ),
    # ip_group
    "azurerm_ip_group": ({"name", "resource_group_name", "location"}, {"cidrs", "tags"}),
    # firewall_policy_rule_collection_group
    "azurerm_firewall_policy_rule_collection_group": (
        {"name", "firewall_policy_id", "priority"},
        {"application_rule_collection", "network_rule_collection", "nat_rule_collection"},
    ),
    # registry.terraform.io/providers/hashicorp/aws: ec2_managed_prefix_list
    "aws_ec2_managed_prefix_list": ({"name", "address_family", "max_entries"}, {"entry", "tags"}),
    # developer.hashicorp.com/terraform/language/resources/terraform-data
    "terraform_data": ({"input"}, set()),
}
NETWORK_RULE = (
    {"name", "protocols", "destination_ports"},
    {
        "description",
        "source_addresses",
        "source_ip_groups",
        "destination_addresses",
        "destination_ip_groups",
        "destination_fqdns",
    },
)
NAT_RULE = {
    "name",
    "description",
    "protocols",
    "destination_address",
    "destination_ports",
    "translated_address",
    "translated_port",
}
APPLICATION_RULE = (
    {"name"},
    {"description", "protocols", "source_addresses", "source_ip_groups", "destination_fqdns", "destination_addresses"},
)


def documents(which: Plan, name: str, **options: str) -> dict[str, Any]:
    made = render(which, name, Style(options=options, limits=limits(which, name)))
    return {a.name: json.loads(a.content) for a in made.artifacts if a.name.endswith(".json")}


def resources(document: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = document.get("resource", {}).get(kind, {})
    return found


def ranges(words: list[str]) -> list[tuple[int, int]]:
    return ports(",".join(words))


@EACH
@pytest.mark.parametrize("name", ["azure-nsg", "azure-udr", "azure-firewall", "aws-prefix-list"])
def test_each_resource_has_the_arguments_of_its_page_and_each_reference_a_target(case: str, name: str) -> None:
    for file, document in documents(plan(case), name).items():
        if not file.endswith(".tf.json"):
            continue
        assert set(document) <= {"//", "terraform", "variable", "resource", "output", "provider"}
        for kind, named in document.get("resource", {}).items():
            required, optional = ARGUMENTS[kind]
            assert named, "Terraform rejects a resource type without resources"
            for key, block in named.items():
                assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", key)
                assert required <= set(block) - {"lifecycle"} <= required | optional, key
        known = {f"var.{v}" for v in document.get("variable", {})}
        known |= {f"{k}.{n}.id" for k, named in document.get("resource", {}).items() for n in named}
        assert set(re.findall(r"\$\{([^}]+)\}", json.dumps(document))) <= known


# -- azure-nsg -----------------------------------------------------------------------------------------------------


def nsg_terraform(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Rules by name, with ARM's property names."""
    named = resources(document, "azurerm_network_security_rule").values()
    away = {"resource_group_name", "network_security_group_name", "lifecycle", "name"}
    return {b["name"]: {camel(k): v for k, v in b.items() if k not in away} for b in named}


def native_resources(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources of an ARM template, and of the templates in it."""
    found = []
    for resource in document["resources"]:
        if resource["type"] == "Microsoft.Resources/deployments":
            found += native_resources(resource["properties"]["template"])
        else:
            found.append(resource)
    return found


def nsg_arm(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for resource in native_resources(document):
        assert resource["type"] == "Microsoft.Network/networkSecurityGroups/securityRules"
        match = re.fullmatch(
            r"\[concat\(parameters\('networkSecurityGroupName'\), '/([A-Za-z0-9._-]{1,80})'\)\]", resource["name"]
        )
        assert match
        found[match[1]] = resource["properties"]
    return found


def nsg_atoms(rules: dict[str, dict[str, Any]], direction: str) -> set[Atom]:
    found: set[Atom] = set()
    for rule in rules.values():
        if rule["direction"] == direction and rule["access"] == "Allow":
            ends = [
                canonical(rule.get(f"{side}AddressPrefixes") or [rule[f"{side}AddressPrefix"]])
                for side in ("source", "destination")
            ]
            assert rule["sourcePortRange"] == "*"
            found |= set(product(ends, rule["protocol"].lower(), ranges(rule["destinationPortRanges"])))
    return found


@EACH
def test_nsg_rules_allow_the_packets_of_the_plan(case: str) -> None:
    files = documents(plan(case), "azure-nsg")
    rules = nsg_terraform(files["m365-nsg.tf.json"])
    assert rules == nsg_arm(files["m365-nsg.arm.json"])
    assert nsg_atoms(rules, "Outbound") == atoms(plan(case), directions=("outbound", "internal"))
    assert nsg_atoms(rules, "Inbound") == atoms(plan(case), directions=("inbound", "internal"))
    priorities = [rule["priority"] for rule in rules.values()]
    assert len(set(priorities)) == len(priorities)
    assert all(100 <= priority <= 4096 for priority in priorities)
    assert all(len(rule["description"]) <= 140 for rule in rules.values())
    for rule in rules.values():
        families = {":" in p for side in ("source", "destination") for p in rule.get(f"{side}AddressPrefixes", [])}
        assert len(families) == 1, "a rule has one address family"


def test_nsg_denies_the_rest_of_the_internet_only_on_request_and_last() -> None:
    rules = nsg_terraform(
        documents(plan("contoso"), "azure-nsg", refuse="internet", first_priority="3000")["m365-nsg.tf.json"]
    )
    (deny,) = [rule for rule in rules.values() if rule["access"] == "Deny"]
    assert (deny["priority"], deny["destinationAddressPrefix"]) == (4096, "Internet")
    assert min(rule["priority"] for rule in rules.values()) == 3000
    assert not any(
        r["access"] == "Deny" for r in nsg_terraform(documents(plan("contoso"), "azure-nsg")["m365-nsg.tf.json"]).values()
    )
    with pytest.raises(OptionError, match="new rules need priorities from 4000 on"):
        render(plan("everything-worldwide"), "azure-nsg", Style(options={"first_priority": "4000"}))


def test_shortened_nsg_names_are_unique() -> None:
    rules = nsg_terraform(documents(plan("awkward"), "azure-nsg")["m365-nsg.tf.json"])
    assert max(map(len, rules)) <= 80
    assert sum("a-very-long-name" in name for name in rules) == 4  # three requirements, the first also in IPv6


# -- azure-udr -----------------------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("categories", ["optimize", "all"])
def test_routes_are_the_outbound_addresses(case: str, categories: str) -> None:
    files = documents(plan(case), "azure-udr", categories=categories, next_hop="VirtualNetworkGateway")
    routes = {r["name"]: r["address_prefix"] for r in resources(files["m365-routes.tf.json"], "azurerm_route").values()}
    native = files["m365-routes.arm.json"]["resources"]
    assert sorted(routes.values()) == sorted(r["properties"]["addressPrefix"] for r in native)
    assert {r["properties"]["nextHopType"] for r in native} <= {"VirtualNetworkGateway"}
    wanted = [
        p
        for f in flows(plan(case))
        if f["direction"] == "outbound" and (categories == "all" or f["category"] == categories)
        for p in f["destination"]["prefixes"]
    ]
    assert sorted(routes.values()) == sorted(collapsed(wanted))
    assert all(re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?", name) for name in routes)


def test_a_route_table_has_400_routes_or_the_limit_of_the_user() -> None:
    count = len(documents(plan("contoso"), "azure-udr", categories="all")["m365-routes.arm.json"]["resources"])
    options = {"categories": "all"}
    with pytest.raises(LimitError, match=f"needs {count} routes, the limit is {count - 1}"):
        render(plan("contoso"), "azure-udr", Style(options=options, limits={"routes": count - 1}))
    assert render(plan("contoso"), "azure-udr", Style(options=options, limits={"routes": count})).artifacts
    assert targets["azure-udr"].limits == {"routes": 400}


# -- aws-prefix-list -----------------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("split", ["ports", "scenario"])
def test_prefix_lists_have_their_groups_addresses_of_one_family(case: str, split: str) -> None:
    files = documents(plan(case), "aws-prefix-list", step="7", split=split)
    lists = resources(files["m365.tf.json"], "aws_ec2_managed_prefix_list").values()
    wanted: dict[str, list[str]] = {}
    for f in flows(plan(case)):
        if f["direction"] != "internal":
            outside = f["source" if f["direction"] == "inbound" else "destination"]
            for family in (4, 6):
                if found := [p for p in outside["prefixes"] if (":" in p) == (family == 6)]:
                    wanted.setdefault(f"m365-{group_name(f, split)}-v{family}", []).extend(found)
    joined: dict[str, list[str]] = {}
    for block in lists:
        name = block["name"] if block["name"] in wanted else re.sub(r"-\d+(-v[46])$", r"\1", block["name"])
        joined.setdefault(name, []).extend(e["cidr"] for e in block["entry"])
        assert block["address_family"] == f"IPv{block['name'][-1]}"
        assert len(block["entry"]) <= block["max_entries"] <= min(100, len(block["entry"]) + 6)
        assert block["max_entries"] % 7 == 0 or block["max_entries"] == 100
    assert {name: sorted(cidrs) for name, cidrs in joined.items()} == {n: sorted(collapsed(w)) for n, w in wanted.items()}
    native = files.get("m365.cloudformation.json", {"Resources": {}})["Resources"]
    assert {r["Properties"]["PrefixListName"]: [e["Cidr"] for e in r["Properties"]["Entries"]] for r in native.values()} == {
        b["name"]: [e["cidr"] for e in b["entry"]] for b in lists
    }
    assert all(re.fullmatch(r"[A-Za-z0-9]{1,255}", key) for key in native)


@EACH
def test_the_lists_of_the_default_split_do_not_mix_ports_and_others_report_it(case: str) -> None:
    style = {split: Style(options={"split": split}, limits={"lists": 1000}) for split in ("ports", "scenario", "all")}
    lost = {
        split: {(x.id, x.cloud) for x in render(plan(case), "aws-prefix-list", each).details if x.code == "mixed-ports"}
        for split, each in style.items()
    }
    assert lost["ports"] == set()
    mixed: dict[str, set[tuple[str, str]]] = {}
    for f in flows(plan(case)):
        if f["direction"] != "internal" and f["source" if f["direction"] == "inbound" else "destination"]["prefixes"]:
            mixed.setdefault(group_name(f, "scenario"), set()).add((f["tcp"], f["udp"]))
    assert bool(lost["scenario"]) == any(len(each) > 1 for each in mixed.values())
    assert lost["scenario"] <= lost["all"]


def test_a_plan_with_more_lists_than_a_region_has_is_reported_with_numbers() -> None:
    with pytest.raises(LimitError, match=r"lists, the limit is 2"):
        render(plan("contoso"), "aws-prefix-list", Style(limits={"lists": 2}))


LONG = [f"52.{n}.0.0/16" for n in range(0, 202, 2)]


def long_list(prefixes: list[str]) -> Plan:
    return by_hand(flow("row/6/long", party("client", "10.0.0.0/8"), party("azure", *prefixes), tcp="443"))


def test_a_list_longer_than_a_request_is_divided_and_its_entries_stay_where_they_are() -> None:
    style = Style()
    place: dict[str, str] = {}
    for prefixes in (LONG[:90], LONG, LONG[20:], [*LONG[20:], "51.0.0.0/16"], LONG):
        made = render(long_list(prefixes), "aws-prefix-list", style)
        lists = json.loads(made.artifacts[0].content)["resource"]["aws_ec2_managed_prefix_list"]
        now = {entry["cidr"]: block["name"] for block in lists.values() for entry in block["entry"]}
        assert set(now) == set(prefixes)
        assert all(len(block["entry"]) <= 100 for block in lists.values())
        assert all(now.get(cidr, name) == name for cidr, name in place.items() if cidr in prefixes)
        place, style = now, Style(kept=made.kept)
    assert set(place.values()) == {f"m365-worldwide-client-outbound-tcp443-{n}v4" for n in ("", "2-")}


def test_a_provider_that_divides_requests_can_have_longer_lists_and_cloudformation_cannot() -> None:
    style = Style(limits={"max_entries": 1000})
    made = {a.name: a.content.decode() for a in render(long_list(LONG), "aws-prefix-list", style).artifacts}
    assert set(made) == {"m365.tf.json", "index.txt"}
    assert "No CloudFormation: a list has more than the 100 entries" in made["index.txt"]


def test_the_index_says_which_lists_do_not_fit_into_a_security_group() -> None:
    made = {a.name: a.content.decode() for a in render(plan("contoso"), "aws-prefix-list").artifacts}
    lines = made["index.txt"].splitlines()
    for line in lines:
        if found := re.match(
            r"m365-(\S+): \d+ entries, counts as (\d+) rules for each range of ports, (\d+) in all(.*)", line
        ):
            spans = len(
                re.findall(r"(?:tcp|udp|-)\d+(?:to\d+)?(?=-|$)", found[1].rpartition("-v")[0].partition("bound-")[2])
            )
            assert int(found[3]) == int(found[2]) * spans, line
            assert bool(found[4]) == (int(found[3]) > 60), line
    assert any("does not fit" in line for line in lines)


# -- azure-firewall ------------------------------------------------------------------------------------------------


def firewall_terraform(document: dict[str, Any]) -> tuple[set[Atom], set[tuple[str, str, str, int]]]:
    """Packets by address, and (source, name, protocol, port) by name."""
    groups = {f"${{azurerm_ip_group.{k}.id}}": b["cidrs"] for k, b in resources(document, "azurerm_ip_group").items()}
    packets: set[Atom] = set()
    names: set[tuple[str, str, str, int]] = set()
    for group in resources(document, "azurerm_firewall_policy_rule_collection_group").values():
        for collection in group.get("nat_rule_collection", []):
            assert collection["action"] == "Dnat"
            for rule in collection["rule"]:
                assert set(rule) - {"source_addresses", "source_ip_groups"} == NAT_RULE
                (port,), (protocol,) = rule["destination_ports"], rule["protocols"]
                assert rule["translated_port"] == int(port)
                ends = (_ends(rule, "source", groups), canonical([rule["translated_address"]]))
                packets |= set(product(ends, protocol.lower(), ranges([port])))
        for collection in group.get("network_rule_collection", []):
            assert collection["action"] == "Allow"
            for rule in collection["rule"]:
                assert NETWORK_RULE[0] <= set(rule) <= NETWORK_RULE[0] | NETWORK_RULE[1]
                sources = _ends(rule, "source", groups)
                where = ranges(rule["destination_ports"])
                (protocol,) = rule["protocols"]
                if "destination_fqdns" in rule:
                    names |= {
                        (s, n, protocol.lower(), p)
                        for s in sources
                        for n in rule["destination_fqdns"]
                        for a, b in where
                        for p in range(a, b + 1)
                    }
                else:
                    packets |= set(product((sources, _ends(rule, "destination", groups)), protocol.lower(), where))
        for collection in group.get("application_rule_collection", []):
            for rule in collection["rule"]:
                assert APPLICATION_RULE[0] <= set(rule) <= APPLICATION_RULE[0] | APPLICATION_RULE[1]
                assert {(p["type"], p["port"]) for p in rule["protocols"]} <= {("Http", 80), ("Https", 443)}
                sources = _ends(rule, "source", groups)
                names |= {
                    (s, n, "tcp", p["port"]) for s in sources for n in rule["destination_fqdns"] for p in rule["protocols"]
                }
    return packets, names


def _ends(rule: dict[str, Any], side: str, groups: dict[str, list[str]]) -> set[str]:
    plain = rule.get(f"{side}_addresses", [])
    return canonical([*plain, *(p for g in rule.get(f"{side}_ip_groups", []) for p in groups[g])])


def firewall_arm(document: dict[str, Any]) -> dict[str, Any]:
    """Convert the template to the form of Terraform's file."""
    groups, collections = {}, []
    for resource in document["resources"]:
        if resource["type"].endswith("/ipGroups"):
            groups[f"[resourceId('Microsoft.Network/ipGroups', '{resource['name']}')]"] = resource["properties"][
                "ipAddresses"
            ]
        else:
            assert set(resource["dependsOn"]) == set(groups)
            collections = resource["properties"]["ruleCollections"]
    rules = {}
    for collection in collections:
        for rule in collection["rules"]:
            ends = {
                side: canonical(
                    [*rule.get(f"{side}Addresses", []), *(p for g in rule.get(f"{side}IpGroups", []) for p in groups[g])]
                )
                for side in ("source", "destination")
            }
            how = rule.get("ipProtocols") or [(p["protocolType"], p["port"]) for p in rule["protocols"]]
            rules[rule["name"]] = (rule["ruleType"], ends["source"], ends["destination"], how, rule.get("destinationPorts"))
    return rules


@EACH
def test_firewall_rules_allow_the_packets_and_names_of_the_plan(case: str) -> None:
    document = documents(plan(case), "azure-firewall")["m365-firewall.tf.json"]
    packets, names = firewall_terraform(document)
    assert packets == atoms(plan(case), families=(4,))
    lost = {(x.id, x.cloud, str(x.host or x.subject)) for x in render(plan(case), "azure-firewall").details}
    expected: set[tuple[str, str, str, int]] = set()
    for f, planned in zip(flows(plan(case)), plan(case).flows, strict=True):
        for source in end(f["source"], 4) if f["direction"] == "outbound" else ():
            for host in planned.destination.unaddressed:
                for protocol in ("tcp", "udp"):
                    for first, last in ports(f[protocol]):
                        for port in range(first, last + 1):
                            if "*" not in host.text or (
                                host.text.startswith("*") and protocol == "tcp" and port in (80, 443)
                            ):
                                expected.add((source, host.text, protocol, port))
                            else:
                                assert {(f["id"], f["cloud"], s) for s in (host.text, "all")} & lost, (f["id"], host, port)
    assert names == expected


@EACH
def test_both_forms_of_the_firewall_are_equivalent(case: str) -> None:
    files = documents(plan(case), "azure-firewall")
    native = firewall_arm(files["m365-firewall.arm.json"])
    groups = {
        f"${{azurerm_ip_group.{k}.id}}": b["cidrs"]
        for k, b in resources(files["m365-firewall.tf.json"], "azurerm_ip_group").items()
    }
    rules_by_name = {}
    for group in resources(files["m365-firewall.tf.json"], "azurerm_firewall_policy_rule_collection_group").values():
        for kind in ("nat", "network", "application"):
            for collection in group.get(f"{kind}_rule_collection", []):
                for rule in collection["rule"]:
                    how = rule["protocols"] if kind != "application" else [(p["type"], p["port"]) for p in rule["protocols"]]
                    ends = (_ends(rule, "source", groups), _ends(rule, "destination", groups))
                    rules_by_name[rule["name"]] = (f"{kind.capitalize()}Rule", *ends, how, rule.get("destination_ports"))
    assert rules_by_name == native
    assert all(len(name) <= 80 for name in native)


def test_ip_groups_over_their_limits_are_reported_with_numbers() -> None:
    for limit, value in (("ip_group_entries", 5), ("ip_groups", 1), ("addresses", 5)):
        with pytest.raises(LimitError, match=f"needs \\d+ {limit}, the limit is {value}"):
            render(plan("contoso"), "azure-firewall", Style(limits={limit: value}))


def test_ipv6_is_a_loss_on_a_firewall_without_it() -> None:
    """By address if both ends have IPv6, and by name if the client has IPv6."""
    which = plan("contoso")
    losses = render(which, "azure-firewall").details
    lost = {x.id for x in losses if x.subject == "ipv6"}
    both = {
        f["id"]
        for f in flows(which)
        if all(end(f[side], family) for side in ("source", "destination") for family in (4, 6)) and (f["tcp"] or f["udp"])
    }
    dropped = {x.id for x in losses if x.subject == "all"}
    named = {f.id for f in which.flows if f.direction == "outbound" and f.destination.unaddressed and f.source.prefixes.v6}
    assert lost == both | named - dropped
    assert both
    assert named - both - dropped


# -- what they share -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["azure-nsg", "azure-firewall"])
def test_an_empty_end_is_never_any(name: str) -> None:
    which = plan("awkward")
    text = b"".join(a.content for a in render(which, name).artifacts)
    assert b"no-address" not in text
    assert b"no-family" not in text
    assert {"row/6/no-ports", "row/6/no-address", "row/6/no-family"} <= {x.id for x in render(which, name).details}


def test_documents_leave_empty_parts_out() -> None:
    provider = {"source": "hashicorp/aws", "version": ">= 5.0"}
    assert terraform(["x"], "aws", {}, {"a": {}}) == {
        "//": ["x"],
        "terraform": {"required_version": ">= 1.4", "required_providers": {"aws": provider}},
    }
    assert arm(["a", "b"], {"p": "text"}, [])["metadata"] == {"description": "a; b"}


@pytest.mark.parametrize(
    ("text", "name"), [("a-b.c", "a_b_c"), ("1a", "_1a"), ("é", "__"), ("m365-${x}", "m365___x_")], ids=ascii
)
def test_identifiers_contain_no_syntax(text: str, name: str) -> None:
    assert identifier(text) == name


def test_arguments_become_properties() -> None:
    assert camel("destination_address_prefixes") == "destinationAddressPrefixes"


# -- validators ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("split", ["ports", "scenario", "all"])
def test_cfn_lint_finds_nothing_in_a_template(split: str, tmp_path: Path) -> None:
    """One process for all cases, since its start takes longer than most of them; its output names the file."""
    style = Style(options={"split": split}, limits={"lists": 1000}, allow_empty=True)
    for case in EVERY:
        artifacts = {artifact.name: artifact for artifact in render(plan(case), "aws-prefix-list", style).artifacts}
        if found := artifacts.get("m365.cloudformation.json"):
            (tmp_path / f"{case}.json").write_bytes(found.content)
        else:
            parties = [flow["source" if flow["direction"] == "inbound" else "destination"] for flow in flows(plan(case))]
            assert not any(party["prefixes"] for party in parties)
    command = [str(need("cfn-lint")), "--non-zero-exit-code", "informational", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@EACH
@pytest.mark.parametrize("name", ["azure-nsg", "azure-firewall", "azure-udr"])
def test_a_template_is_within_the_limits_of_resource_manager(case: str, name: str) -> None:
    made = render(plan(case), name, Style(limits=limits(plan(case), name), allow_empty=True))
    content = next(a.content for a in made.artifacts if a.name.endswith(".arm.json"))
    assert len(content) < 4 * 1024 * 1024

    def check(template: dict[str, Any]) -> None:
        assert len(template["resources"]) <= 800
        for resource in template["resources"]:
            if resource["type"] == "Microsoft.Resources/deployments":
                check(resource["properties"]["template"])

    check(json.loads(content))


def test_more_resources_than_a_template_has_are_in_templates_of_their_own() -> None:
    resources = children("Microsoft.Network/routeTables", "routeTableName", "routes", {f"r{n}": {} for n in range(801)})
    template = arm(["x"], {"routeTableName": "t"}, resources, "m365-routes")
    assert [len(each["properties"]["template"]["resources"]) for each in template["resources"]] == [400, 400, 1]
    assert native_resources(template) == [
        {**each, "dependsOn": []} if n % 400 == 0 else each for n, each in enumerate(resources)
    ]
    assert [len(each["dependsOn"]) for each in template["resources"]] == [0, 1, 1]


# -- both sides of a NAT ---------------------------------------------------------------------------------------------


def published(server: PlanParty, tcp: str = "443,8443") -> Plan:
    return by_hand(flow("row/6/mrs", party("exchange-online", "40.96.0.0/13"), server, tcp=tcp))


def test_an_inbound_requirement_is_a_dnat_rule_if_both_addresses_are_known() -> None:
    server = replace(party("mrs-proxy", "203.0.113.10"), inside=PrefixSet.parse(["10.1.2.10"]))
    files = documents(published(server), "azure-firewall")
    (group,) = resources(files["m365-firewall.tf.json"], "azurerm_firewall_policy_rule_collection_group").values()
    assert set(group) - {"name", "firewall_policy_id", "priority"} == {"nat_rule_collection"}
    rules = group["nat_rule_collection"][0]["rule"]
    assert [
        (r["destination_address"], r["destination_ports"], r["translated_address"], r["translated_port"]) for r in rules
    ] == [
        ("203.0.113.10", ["443"], "10.1.2.10", 443),
        ("203.0.113.10", ["8443"], "10.1.2.10", 8443),
    ]
    groups = resources(files["m365-firewall.tf.json"], "azurerm_ip_group")
    assert [each["cidrs"] for each in groups.values()] == [["40.96.0.0/13"]]
    collection = files["m365-firewall.arm.json"]["resources"][-1]["properties"]["ruleCollections"][0]
    assert collection["action"] == {"type": "DNAT"}
    assert collection["rules"][0]["translatedPort"] == "443"


@pytest.mark.parametrize(
    ("public", "inside", "tcp"),
    [
        (["203.0.113.10"], [], "443"),
        (["203.0.113.10", "203.0.113.11"], ["10.1.2.10"], "443"),
        (["203.0.113.10"], ["10.1.2.0/31"], "443"),
        (["203.0.113.10"], ["10.1.2.10"], "440-443"),
        (["203.0.113.10"], ["10.1.2.10"], "65000"),
    ],
)
def test_otherwise_an_ip_group_has_the_sources_for_a_dnat_rule(public: list[str], inside: list[str], tcp: str) -> None:
    server = replace(party("mrs-proxy", *public), inside=PrefixSet.parse(inside))
    document = documents(published(server, tcp), "azure-firewall")["m365-firewall.tf.json"]
    name = f"m365-dnat-mrs-proxy-tcp{tcp.replace('-', 'to')}"
    assert {each["name"]: each["cidrs"] for each in resources(document, "azurerm_ip_group").values()}[name] == [
        "40.96.0.0/13"
    ]
    assert f"IP groups for the sources of your own DNAT rules: {name}" in document["//"]
    assert "nat_rule_collection" not in str(document)


def test_the_file_of_a_group_says_which_inbound_rules_it_never_matches() -> None:
    server = party("mrs-proxy", "203.0.113.10")
    for inside, said in ((["10.1.2.10"], False), (["100.64.0.1"], False), (["198.51.100.9"], True), ([], True)):
        which = published(replace(server, inside=PrefixSet.parse(inside)))
        text = " ".join(documents(which, "azure-nsg")["m365-nsg.tf.json"]["//"])
        assert ("1 inbound rules have public addresses" in text) == said
        assert ("Roles without inside addresses: mrs-proxy" in text) == said
