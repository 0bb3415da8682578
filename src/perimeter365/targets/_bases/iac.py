"""Infrastructure as code: JSON for Terraform and Azure Resource Manager (ARM).

Terraform reads `*.tf.json` like HCL (https://developer.hashicorp.com/terraform/language/syntax/json). A property named `//`
is a comment there; ARM has `metadata` and `comments`. Strings can be expressions in both (`${…}`, and in ARM a string that
starts with `[`), so all foreign text is passed through `one_line`, which removes these characters.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from perimeter365.plan.plan import Plan
from perimeter365.targets.target import Artifact, Target, one_line

Block = dict[str, Any]
PROVIDERS = {
    "azurerm": {"source": "hashicorp/azurerm", "version": ">= 3.70"},
    "aws": {"source": "hashicorp/aws", "version": ">= 5.0"},
}
"""Terraform providers, in versions that have all arguments used here."""
_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
NETWORK_API = "2023-11-01"
"""API version of Microsoft.Network."""


def terraform(
    head: list[str],
    provider: str,
    variables: Mapping[str, str],
    resources: Mapping[str, Mapping[str, Block]],
    outputs: Mapping[str, str] | None = None,
) -> Block:
    """Make a Terraform document.

    Args:
        head: the lines of the comment.
        provider: a key of `PROVIDERS`.
        variables: input variables of type string, name -> description.
        resources: type -> name -> arguments. Types without resources are left out, since Terraform rejects empty ones.
        outputs: name -> expression.
    """
    found: Block = {"//": head, "terraform": {"required_providers": {provider: PROVIDERS[provider]}}}
    found["variable"] = {name: {"type": "string", "description": text} for name, text in variables.items()}
    if filled := {kind: named for kind, named in resources.items() if named}:
        found["resource"] = filled
    if outputs:
        found["output"] = {name: {"value": value} for name, value in outputs.items()}
    return found


def arm(head: list[str], parameters: Mapping[str, str], resources: Iterable[Block]) -> Block:
    """Make an ARM template; `parameters` are like the variables of `terraform`."""
    return {
        "$schema": _SCHEMA,
        "contentVersion": "1.0.0.0",
        "metadata": {"description": "; ".join(head)},
        "parameters": {n: {"type": "string", "metadata": {"description": t}} for n, t in parameters.items()},
        "resources": list(resources),
    }


def camel(name: str) -> str:
    """Convert the name of a Terraform argument to ARM's.

    Example: `destination_port_ranges` -> `destinationPortRanges`.
    """
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def identifier(name: str) -> str:
    """Convert a name to a Terraform identifier.

    It has letters, digits and underscores, and does not start with a digit.
    """
    safe = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)
    return safe if safe[:1].isalpha() else f"_{safe}"


def json_file(target: Target, name: str, document: object, entries: int) -> Artifact:
    """Make a file of a document."""
    return target.text(name, json.dumps(document, indent=2, ensure_ascii=True).splitlines(), entries=entries)


def comment(target: Target, plan: Plan, *more: str) -> list[str]:
    """Return the header as strings, for formats whose comments are values."""
    return [one_line(line.removeprefix(target.comment).strip()) for line in target.header(plan, *more)]


def azure_firewall_terraform(
    start: str, head: list[str], groups: Mapping[str, list[str]], network: list[Block], application: list[Block]
) -> Block:
    """Make the Terraform document of a rule collection group.

    The names of the group and its collections start with `start`. The rules are those of the target azure-firewall.
    """

    def ends(end: str, names: list[str]) -> Block:
        if names == ["*"]:
            return {f"{end}_addresses": ["*"]}
        return {f"{end}_ip_groups": [f"${{azurerm_ip_group.{identifier(name)}.id}}" for name in names]} if names else {}

    def rule_of(rule: Block) -> Block:
        found = {"name": rule["name"], "description": rule["description"], **ends("source", rule["sources"])}
        if "ports" not in rule:
            found["protocols"] = [{"type": kind, "port": port} for kind, port in rule["protocols"]]
        else:
            found |= {"protocols": rule["protocols"], "destination_ports": rule["ports"]}
        return found | ends("destination", rule.get("destinations", [])) | _if("destination_fqdns", rule["fqdns"])

    body: Block = {"name": start, "firewall_policy_id": "${var.firewall_policy_id}", "priority": 500}
    for kind, rules, priority in (("network", network, 200), ("application", application, 300)):
        rest = {"name": f"{start}-{kind}", "priority": priority, "action": "Allow", "rule": [rule_of(r) for r in rules]}
        body |= _if(f"{kind}_rule_collection", [rest] if rules else [])
    where = {"location": "${var.location}", "resource_group_name": "${var.resource_group_name}"}
    sets = {identifier(name): {"name": name, **where, "cidrs": cidrs} for name, cidrs in groups.items()}
    collections = {start: body} if network or application else {}
    variables = {
        "firewall_policy_id": "The resource id of an existing firewall policy.",
        "resource_group_name": "The resource group for the IP groups.",
        "location": "The Azure region of the IP groups.",
    }
    resources = {"azurerm_ip_group": sets, "azurerm_firewall_policy_rule_collection_group": collections}
    return terraform(head, "azurerm", variables, resources)


def azure_firewall_arm(
    start: str, head: list[str], groups: Mapping[str, list[str]], network: list[Block], application: list[Block]
) -> Block:
    """Make the ARM template of the same rule collection group."""

    def ends(end: str, names: list[str]) -> Block:
        if names == ["*"]:
            return {f"{end}Addresses": ["*"]}
        return {f"{end}IpGroups": [f"[resourceId('Microsoft.Network/ipGroups', '{n}')]" for n in names]} if names else {}

    def rule_of(rule: Block) -> Block:
        found = {"name": rule["name"], "description": rule["description"], **ends("source", rule["sources"])}
        if "ports" not in rule:
            protocols = [{"protocolType": kind, "port": port} for kind, port in rule["protocols"]]
            return {"ruleType": "ApplicationRule", **found, "protocols": protocols, "targetFqdns": rule["fqdns"]}
        found |= {"ipProtocols": rule["protocols"], "destinationPorts": rule["ports"]}
        found |= ends("destination", rule["destinations"]) | _if("destinationFqdns", rule["fqdns"])
        return {"ruleType": "NetworkRule", **found}

    collections = [
        {
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
            "name": f"{start}-{kind}",
            "priority": priority,
            "action": {"type": "Allow"},
            "rules": [rule_of(rule) for rule in rules],
        }
        for kind, rules, priority in (("network", network, 200), ("application", application, 300))
        if rules
    ]
    sets = [
        {
            "type": "Microsoft.Network/ipGroups",
            "apiVersion": NETWORK_API,
            "name": name,
            "location": "[resourceGroup().location]",
            "properties": {"ipAddresses": cidrs},
        }
        for name, cidrs in groups.items()
    ]
    policy = {
        "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
        "apiVersion": NETWORK_API,
        "name": "[concat(parameters('firewallPolicyName'), '/" + start + "')]",
        "dependsOn": [f"[resourceId('Microsoft.Network/ipGroups', '{name}')]" for name in groups],
        "properties": {"priority": 500, "ruleCollections": collections},
    }
    parameters = {"firewallPolicyName": "An existing firewall policy in the resource group."}
    return arm(head, parameters, [*sets, policy] if collections else [])


def _if(key: str, value: list[Any]) -> Block:
    """Return an argument as a block; empty if it has no value."""
    return {key: value} if value else {}
