"""A model of Azure's network resources: what a resource group refuses, and what it lets through.

Its rules, by the pages of the vendor below https://learn.microsoft.com/azure:

    security rules     azure-resource-manager/troubleshooting/error-security-rule-conflict and virtual-network/
                       network-security-groups-overview: a priority of 100 to 4096, unique in a direction; names of at most
                       80 characters; one family in a rule; 1,000 rules, 4,000 addresses (virtual-network limits)
    routes             virtual-network/virtual-networks-udr-overview: one route for a prefix, 400 to 1,000 in a table
    IP groups          firewall/ip-groups: 5,000 entries, 200 in a policy, 20 updates at a time; one that a policy refers to
                       is not deleted (`IpGroupsHasFirewallPolicyReferences`)
    rule collections   firewall/rule-processing, firewall/tutorial-firewall-dnat-policy: priorities are unique in a policy
                       and in a group; a DNAT rule has one destination, one port, one translated address, and permits what it
                       translates
    templates          azure-resource-manager/templates/best-practices: 800 resources, 4 MB

A resource is (type, name, properties) in the form of Resource Manager; `from_terraform` converts the arguments of azurerm.
"""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from typing import Any

from perimeter365.audit.packets import AllowRule, Family, Protocol
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet

NSG, TABLE = "Microsoft.Network/networkSecurityGroups/securityRules", "Microsoft.Network/routeTables/routes"
SET, POLICY = "Microsoft.Network/ipGroups", "Microsoft.Network/firewallPolicies/ruleCollectionGroups"
ANY = {4: PrefixSet((0, 1 << 32)), 6: PrefixSet((), (0, 1 << 128))}
Key = tuple[str, str]
"""Type and name; the name of a child starts with that of its parent and a slash."""


class RefusedError(Exception):
    """Azure refuses an operation. The text starts with its code."""


class Azure:
    """Resources, and the operations that change one of them."""

    def __init__(self) -> None:
        self.resources: dict[Key, dict[str, Any]] = {}

    def put(self, kind: str, name: str, properties: dict[str, Any]) -> None:
        """Create or replace a resource. Raises RefusedError."""
        check = {NSG: self._security_rule, TABLE: self._route, SET: self._ip_group, POLICY: self._collections}[kind]
        check(name, properties)
        self.resources[kind, name] = properties

    def delete(self, kind: str, name: str) -> None:
        """Delete a resource. Raises RefusedError."""
        if (kind, name) not in self.resources:
            raise RefusedError(f"ResourceNotFound: {name}")
        users = [key for key, each in self.resources.items() if key[0] == POLICY and name in _references(each)]
        if kind == SET and users:
            raise RefusedError(f"IpGroupsHasFirewallPolicyReferences: {name} is used by {users[0][1]}")
        del self.resources[kind, name]

    def children(self, kind: str, parent: str) -> dict[str, dict[str, Any]]:
        """The children of a parent by name."""
        found = {name: each for (its, name), each in self.resources.items() if its == kind}
        return {name: each for name, each in found.items() if name.startswith(f"{parent}/")}

    def _security_rule(self, name: str, rule: dict[str, Any]) -> None:
        group, _, own = name.partition("/")
        if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?", own):
            raise RefusedError(f"InvalidResourceName: {own}")
        if not 100 <= rule["priority"] <= 4096 or len(rule.get("description", "")) > 140:
            raise RefusedError(f"SecurityRuleInvalid: {own}")
        others = self.children(NSG, group)
        for other, each in others.items():
            if other != name and (each["priority"], each["direction"]) == (rule["priority"], rule["direction"]):
                raise RefusedError(f"SecurityRuleConflict: {own} and {other} have priority {rule['priority']}")
        if len({*others, name}) > 1000:
            raise RefusedError("TooManySecurityRules")
        families = set()
        for side in ("source", "destination"):
            one, many = f"{side}AddressPrefix", f"{side}AddressPrefixes"
            if (one in rule) == bool(rule.get(many)):
                raise RefusedError(f"SecurityRuleInvalidAddressPrefix: {own} needs one or several, {side}")
            if len(rule.get(many, ())) > 4000:
                raise RefusedError(f"SecurityRuleTooManyPrefixes: {own}")
            families |= {ip_network(prefix).version for prefix in rule.get(many, ())}
        if len(families) > 1:
            raise RefusedError(f"SecurityRuleMixedFamilies: {own}")
        if not (rule.get("destinationPortRange") or rule.get("destinationPortRanges")):
            raise RefusedError(f"SecurityRuleInvalidPortRange: {own}")

    def _route(self, name: str, route: dict[str, Any]) -> None:
        others = self.children(TABLE, name.partition("/")[0])
        if any(other != name and each["addressPrefix"] == route["addressPrefix"] for other, each in others.items()):
            raise RefusedError(f"RouteConflict: {route['addressPrefix']}")
        ip_network(route["addressPrefix"])
        if len({*others, name}) > 1000:
            raise RefusedError("RouteTableLimit")

    def _ip_group(self, name: str, group: dict[str, Any]) -> None:
        if not 0 < len(group["ipAddresses"]) <= 5000 or len(name) > 80:
            raise RefusedError(f"IpGroupInvalid: {name}")
        if any(ip_network(prefix).version != 4 for prefix in group["ipAddresses"]):
            raise RefusedError(f"IpGroupInvalid: {name} has IPv6")

    def _collections(self, name: str, group: dict[str, Any]) -> None:
        others = self.children(POLICY, name.partition("/")[0])
        if any(other != name and each["priority"] == group["priority"] for other, each in others.items()):
            raise RefusedError(f"FirewallPolicyRuleCollectionGroupPriorityConflict: {group['priority']}")
        if not 100 <= group["priority"] <= 65000:
            raise RefusedError(f"PriorityOutOfRange: {group['priority']}")
        used = _references(group)
        for each in used:
            if (SET, each) not in self.resources:
                raise RefusedError(f"ReferencedResourceNotFound: {each}")
        rest = [each for other, each in others.items() if other != name]
        if len(set().union(*map(_references, [group, *rest]))) > 200:
            raise RefusedError("TooManyIpGroups")
        collections = group["ruleCollections"]
        if len({each["priority"] for each in collections}) < len(collections):
            raise RefusedError("RuleCollectionPriorityConflict")
        for each in collections:
            names = [rule["name"] for rule in each["rules"]]
            if not names or len(set(names)) < len(names):
                raise RefusedError(f"RuleNameConflict: {each['name']}")
            for rule in each["rules"]:
                one = rule.get("destinationAddresses", [])
                if rule["ruleType"] == "NatRule" and not (len(one) == len(rule["destinationPorts"]) == 1 and one != ["*"]):
                    raise RefusedError(f"NatRuleInvalid: {rule['name']}")

    # -- what is let through ------------------------------------------------------------------------------------------

    def security(self, group: str, direction: str) -> list[AllowRule]:
        """What the rules of a security group allow in a direction (without its default rules)."""
        found: list[AllowRule] = []
        for rule in self.children(NSG, group).values():
            if rule["access"] == "Allow" and rule["direction"] == direction:
                ends = [rule.get(f"{side}AddressPrefixes") or ["*"] for side in ("source", "destination")]
                found += _rules(ends[0], ends[1], [rule["protocol"]], rule["destinationPortRanges"])
        return found

    def routes(self, table: str) -> set[tuple[str, str]]:
        """Prefix and next hop of each route of a table."""
        return {(each["addressPrefix"], each["nextHopType"]) for each in self.children(TABLE, table).values()}

    def firewall(self, policy: str) -> list[AllowRule]:
        """What a policy allows by address and by name; to DNAT rules, the translated address."""
        found: list[AllowRule] = []
        for group in self.children(POLICY, policy).values():
            for rule in (rule for each in group["ruleCollections"] for rule in each["rules"]):
                sources = self._end(rule, "source")
                if rule["ruleType"] == "ApplicationRule":
                    ports = [str(each["port"]) for each in rule["protocols"]]
                    found += _rules(sources, [], ["tcp"], ports, rule["targetFqdns"])
                elif rule["ruleType"] == "NatRule":
                    found += _rules(sources, [rule["translatedAddress"]], rule["ipProtocols"], rule["destinationPorts"])
                else:
                    ends = self._end(rule, "destination")
                    names = rule.get("destinationFqdns", ())
                    found += _rules(sources, ends, rule["ipProtocols"], rule["destinationPorts"], names)
        return [rule for rule in found if rule.family == 4]

    def _end(self, rule: dict[str, Any], side: str) -> list[str]:
        groups = (self.resources[SET, name]["ipAddresses"] for name in rule.get(f"{side}IpGroups", ()))
        return [*rule.get(f"{side}Addresses", ()), *(prefix for each in groups for prefix in each)]


def _references(group: dict[str, Any]) -> set[str]:
    rules = [rule for each in group["ruleCollections"] for rule in each["rules"]]
    return {name for rule in rules for side in ("source", "destination") for name in rule.get(f"{side}IpGroups", ())}


def _rules(
    source: Iterable[str], destination: Iterable[str], protocols: list[str], ports: list[str], names: Iterable[str] = ()
) -> Iterator[AllowRule]:
    spans = PortSet([(int(word.partition("-")[0]), int(word.rpartition("-")[2])) for word in ports])
    families: tuple[Family, ...] = (4, 6)
    for family in families:
        ends = [_addresses(list(each), family) for each in (source, destination)]
        if ends[0] and (ends[1] or names):
            for name in protocols:
                protocol: Protocol = "tcp" if name.lower() == "tcp" else "udp"
                yield AllowRule(
                    family=family,
                    protocol=protocol,
                    source=ends[0],
                    destination=ends[1],
                    ports=spans,
                    hosts=frozenset(names),
                )


def _addresses(prefixes: list[str], family: Family) -> PrefixSet:
    return ANY[family] if prefixes == ["*"] else PrefixSet.parse([p for p in prefixes if p != "*"]).family(family)


def from_terraform(kind: str, block: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Convert a resource of the provider azurerm, whose references are resolved, to type, name and properties."""
    if kind == "azurerm_network_security_rule":
        away = {"name", "resource_group_name", "network_security_group_name"}
        return NSG, f"{block['network_security_group_name']}/{block['name']}", _camel(block, away)
    if kind == "azurerm_route":
        found = _camel(block, {"name", "resource_group_name", "route_table_name"})
        return TABLE, f"{block['route_table_name']}/{block['name']}", found
    if kind == "azurerm_ip_group":
        return SET, block["name"], {"ipAddresses": block["cidrs"]}
    assert kind == "azurerm_firewall_policy_rule_collection_group", kind
    collections = []
    for part, rule_type in (("nat", "NatRule"), ("network", "NetworkRule"), ("application", "ApplicationRule")):
        for each in block.get(f"{part}_rule_collection", ()):
            rules = [{"ruleType": rule_type, **_firewall_rule(part, rule)} for rule in each["rule"]]
            collections.append({"name": each["name"], "priority": each["priority"], "rules": rules})
    policy = block["firewall_policy_id"].rpartition("/")[2]
    return POLICY, f"{policy}/{block['name']}", {"priority": block["priority"], "ruleCollections": collections}


def _firewall_rule(part: str, rule: dict[str, Any]) -> dict[str, Any]:
    found = _camel(rule, {"protocols"})
    if part == "application":
        found["protocols"] = rule["protocols"]
        found["targetFqdns"] = found.pop("destinationFqdns")
    else:
        found["ipProtocols"] = rule["protocols"]
    if "destinationAddress" in found:
        found["destinationAddresses"] = [found.pop("destinationAddress")]
    return found


def _camel(block: dict[str, Any], away: set[str]) -> dict[str, Any]:
    return {re.sub(r"_(.)", lambda m: m[1].upper(), key): value for key, value in block.items() if key not in away}
