"""Azure Firewall: a rule collection group with IP groups, for Terraform and ARM.

A group of a policy is replaced as a whole. The name of an IP group has a digest of its addresses, so that its content never
changes: old rules refer to the old addresses until one operation replaces all rules.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.targets._bases.acl import Rule, address_groups, port_words
from perimeter365.targets._bases.iac import LIFECYCLE, NETWORK_API, Block, arm, identifier, terraform
from perimeter365.targets.target import Option

_AT_ONCE = 20
"""IP groups that Azure changes at the same time (learn.microsoft.com/azure/firewall/ip-groups)."""
NAME = 80
"""Characters of a name."""
LIMITS: Mapping[str, int] = MappingProxyType(
    {"ip_group_entries": 5000, "ip_groups": 200, "addresses": 20_000, "dnat_rules": 250, "bytes": 2 * 1024 * 1024}
)
"""Limits of a policy, and the size of a rule collection group."""
PRIORITY = Option(
    default="500",
    help="priority of the rule collection group, 100 to 65000; organizations on one policy need different ones",
    check=lambda v: v.isascii() and v.isdigit() and len(v) <= 5 and 100 <= int(v) <= 65_000,
)
_ACTIONS = {"nat": ("Dnat", "DNAT"), "network": ("Allow", "Allow"), "application": ("Allow", "Allow")}
PRIORITIES = {"nat": 100, "network": 200, "application": 300}
"""Rule collection -> its priority in the group."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FirewallRules:
    """The content of both files."""

    start: str
    """The name of the rule collection group. The names of its collections start with it."""
    priority: int
    groups: Mapping[str, list[str]]
    """IP group -> its addresses."""
    rules: Mapping[str, list[Block]]
    """Collection, a key of `PRIORITIES` -> its rules."""

    @property
    def count(self) -> int:
        """The number of rules."""
        return sum(map(len, self.rules.values()))

    @property
    def collections(self) -> dict[str, list[Block]]:
        """The collections that have rules."""
        return {kind: self.rules[kind] for kind in PRIORITIES if self.rules[kind]}


def firewall_terraform(head: list[str], made: FirewallRules) -> Block:
    """Make the Terraform document of a rule collection group."""

    def ends(end: str, names: list[str]) -> Block:
        if names == ["*"]:
            return {f"{end}_addresses": ["*"]}
        return {f"{end}_ip_groups": [f"${{azurerm_ip_group.{identifier(name)}.id}}" for name in names]} if names else {}

    def rule_of(kind: str, rule: Block) -> Block:
        found = {"name": rule["name"], "description": rule["description"], **ends("source", rule["sources"])}
        if kind == "application":
            found["protocols"] = [{"type": name, "port": port} for name, port in rule["protocols"]]
            return found | {"destination_fqdns": rule["fqdns"]}
        found |= {"protocols": rule["protocols"], "destination_ports": rule["ports"]}
        if kind == "nat":
            to = {"translated_address": rule["inside"], "translated_port": int(rule["ports"][0])}
            return found | {"destination_address": rule["public"]} | to
        return found | ends("destination", rule["destinations"]) | _if("destination_fqdns", rule["fqdns"])

    body: Block = {"name": made.start, "firewall_policy_id": "${var.firewall_policy_id}", "priority": made.priority}
    for kind, rules in made.collections.items():
        rest = {"name": f"{made.start}-{kind}", "priority": PRIORITIES[kind], "action": _ACTIONS[kind][0]}
        body[f"{kind}_rule_collection"] = [{**rest, "rule": [rule_of(kind, rule) for rule in rules]}]
    where = {"location": "${var.location}", "resource_group_name": "${var.resource_group_name}"}
    sets = {
        identifier(name): {"name": name, **where, "cidrs": cidrs, "lifecycle": LIFECYCLE}
        for name, cidrs in made.groups.items()
    }
    variables = {
        "firewall_policy_id": "The resource id of an existing firewall policy.",
        "resource_group_name": "The resource group for the IP groups.",
        "location": "The Azure region of the IP groups.",
    }
    group = {identifier(made.start): body} if made.collections else {}
    resources = {"azurerm_ip_group": sets, "azurerm_firewall_policy_rule_collection_group": group}
    return terraform(head, "azurerm", variables, resources)


def firewall_arm(head: list[str], made: FirewallRules) -> Block:
    """Make the ARM template of the same rule collection group."""

    def ends(end: str, names: list[str]) -> Block:
        if names == ["*"]:
            return {f"{end}Addresses": ["*"]}
        return {f"{end}IpGroups": list(map(_id, names))} if names else {}

    def rule_of(kind: str, rule: Block) -> Block:
        found = {"name": rule["name"], "description": rule["description"], **ends("source", rule["sources"])}
        if kind == "application":
            protocols = [{"protocolType": name, "port": port} for name, port in rule["protocols"]]
            return {"ruleType": "ApplicationRule", **found, "protocols": protocols, "targetFqdns": rule["fqdns"]}
        found |= {"ipProtocols": rule["protocols"], "destinationPorts": rule["ports"]}
        if kind == "nat":
            to = {"translatedAddress": rule["inside"], "translatedPort": rule["ports"][0]}
            return {"ruleType": "NatRule", **found, "destinationAddresses": [rule["public"]], **to}
        found |= ends("destination", rule["destinations"]) | _if("destinationFqdns", rule["fqdns"])
        return {"ruleType": "NetworkRule", **found}

    collections = [
        {
            "ruleCollectionType": f"FirewallPolicy{'Nat' if kind == 'nat' else 'Filter'}RuleCollection",
            "name": f"{made.start}-{kind}",
            "priority": PRIORITIES[kind],
            "action": {"type": _ACTIONS[kind][1]},
            "rules": [rule_of(kind, rule) for rule in rules],
        }
        for kind, rules in made.collections.items()
    ]
    names = list(made.groups)
    sets = [
        {
            "type": "Microsoft.Network/ipGroups",
            "apiVersion": NETWORK_API,
            "name": name,
            "location": "[resourceGroup().location]",
            "dependsOn": [_id(names[at - _AT_ONCE])] if at >= _AT_ONCE else [],
            "properties": {"ipAddresses": made.groups[name]},
        }
        for at, name in enumerate(names)
    ]
    policy = {
        "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
        "apiVersion": NETWORK_API,
        "name": f"[concat(parameters('firewallPolicyName'), '/{made.start}')]",
        "dependsOn": list(map(_id, names)),
        "properties": {"priority": made.priority, "ruleCollections": collections},
    }
    parameters = {"firewallPolicyName": "An existing firewall policy in the resource group."}
    return arm(head, parameters, [*sets, policy] if collections else [])


def _id(group: str) -> str:
    return f"[resourceId('Microsoft.Network/ipGroups', '{group}')]"


def _if(key: str, value: list[Any]) -> Block:
    """Return an argument as a block; empty if it has no value."""
    return {key: value} if value else {}


def content_names(rules: Iterable[Rule], own: str) -> dict[PrefixSet, str]:
    """Name the IP groups of rules so that different addresses have different names.

    Args:
        rules: the rules of one plan.
        own: the start of the names.
    """
    names = address_groups(rules, NAME - len(own) - 9)
    return {found: f"{own}{name}-{_hash(' '.join(map(str, found)))}" for found, name in names.items()}


def dnat_sources(rules: Iterable[Rule], own_name: Callable[[str], str]) -> dict[str, PrefixSet]:
    """Return the IP groups for the sources of DNAT rules outside the files, by name.

    Args:
        rules: the inbound rules without a translation.
        own_name: adds the organization's prefix to a name.
    """
    found: dict[str, PrefixSet] = {}
    for rule in rules:
        if rule.source:
            ports = "-".join(port_words(rule.ports, "to"))
            name = own_name(f"m365-dnat-{rule.flow.destination.role}-{rule.protocol}{ports}")
            name = name if len(name) <= NAME else f"{name[: NAME - 9]}-{_hash(name)}"
            found[name] = found.get(name, PrefixSet()) | rule.source
    return found


def translation(rule: Rule, public: PrefixSet) -> tuple[str, str] | None:
    """Return the public and the private address of an inbound rule.

    The result is None unless there is one of each, and all ports are single and at most 64,000.

    Args:
        rule: the rule, with inside addresses.
        public: the public addresses of its destination.
    """
    sides = (public.family(4), rule.destination or PrefixSet())
    single = all(sum(prefix.size for prefix in side) == 1 for side in sides)
    if rule.flow.direction != "inbound" or not single or any(first != last or last > 64_000 for first, last in rule.ports):
        return None
    outer, inner = (str(next(iter(side))).partition("/")[0] for side in sides)
    return outer, inner


def ip_group(addresses: PrefixSet | None, groups: Mapping[PrefixSet, str]) -> list[str]:
    """Return the name of the IP group of an end; `*` for anyone."""
    return ["*"] if addresses is None else [groups[addresses]]


def without(ports: PortSet, gone: list[int]) -> PortSet:
    """Return a port set without some ports."""
    left: list[tuple[int, int]] = []
    for first, last in ports:
        edges = [first - 1, *sorted(p for p in gone if first <= p <= last), last + 1]
        left += [(a + 1, b - 1) for a, b in pairwise(edges) if b - a > 1]
    return PortSet(left)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
