"""Azure: security rules of a network security group (NSG).

Output: `m365-nsg.tf.json` and `provider.tf.json` for Terraform (azurerm 3.74 or later), and `m365-nsg.arm.json` for Azure
Resource Manager, with the same rules, for an existing group. There is a rule for each requirement, family and protocol, with
the requirement's id as its description, and names such as `m365-ws-worldwide-11-udp4`.
Vendor page: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
Supported: both ends by address, and ports, in the direction in which the connection is opened (groups are stateful). An
internal requirement has two rules, one for the group at either end. An end that is anyone is `*`, with a note in the
description.
Not supported: names and URL paths, which are losses.
A group sees private addresses: Azure translates before it processes inbound rules. Give the roles that are reached from the
internet both sides of the NAT in the profile; the header counts the rules whose destination is a public IPv4 address.
A group refuses two rules of one direction with equal priorities, at any moment of an update. So a rule keeps the priority of
the earlier render in the output folder, every second number is free, and the number of a rule that is gone is not used
again. Rules of the group that are not in this file need priorities outside of these.
A group allows all outbound traffic by its default rule 65001, so these rules deny nothing. `refuse=internet` adds a rule at
priority 4096 that denies all other traffic to the internet (of the group's machines, and not only to Microsoft).
Terraform makes new rules before it removes old ones. If the group denies the rest, an address that moves from one
requirement to another is refused for some seconds, between the updates of the two rules.
A group has at most 1,000 rules, and a rule 4,000 addresses or ranges at each end. Do not combine the files with rules inside
an azurerm_network_security_group block. With `tool=azure-cli`, the printed commands use a deployment stack, which removes
rules that have left the plan; a deployment without a stack leaves them in the group.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.acl import AclTarget, Rule, port_words, rule_comment, unique_name
from perimeter365.targets._bases.iac import (
    Block,
    CodeTarget,
    arm,
    camel,
    children,
    identifier,
    json_file,
    ordered,
    provider_file,
    stack_manual,
    terraform,
    terraform_manual,
    tool_option,
)
from perimeter365.targets._bases.parts import stable_numbers
from perimeter365.targets.life import model, tried
from perimeter365.targets.target import Artifact, Option

_WHERE = {
    "resource_group_name": "The resource group of the network security group.",
    "network_security_group_name": "An existing network security group.",
}
_NAME, _DESCRIPTION, _LAST = 80, 140, 4096
_PRIVATE = PrefixSet.parse(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"])
_DENY: Block = {
    "description": "Everything to the internet that no rule before allows",
    "priority": _LAST,
    "direction": "Outbound",
    "access": "Deny",
    "protocol": "*",
    "source_port_range": "*",
    "destination_port_range": "*",
    "source_address_prefix": "*",
    "destination_address_prefix": "Internet",
}


class AzureNsg(CodeTarget, AclTarget):
    """Security rules of a network security group."""

    name = "azure-nsg"
    title = "Azure network security group"
    kind = "cloud"
    vendor_page = "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview"
    proof = "second opinion"
    proof_detail = (
        "read back from both files, the rules allow exactly the plan's packets; argument names are those of the "
        "provider's page azurerm_network_security_rule and of Microsoft.Network/networkSecurityGroups/securityRules"
    )
    own_names = True
    keeps = True
    kept_names = r"[A-Za-z0-9._-]{1,80}"
    kept_most = 4096
    kept_unique = True
    manual = terraform_manual(
        "the folder of the files, signed in to Azure; set GROUP, NSG and ARM_SUBSCRIPTION_ID to your names first",
        "resource_group_name=$GROUP",
        "network_security_group_name=$NSG",
    )
    native = stack_manual("m365-nsg.arm.json", "nsg", "networkSecurityGroupName=$NSG")
    tried = tried(model("Azure, in the order of Terraform 1.11 and of deployment stacks"))
    limits = MappingProxyType({"rules": 1000, "prefixes": 4000})
    options = MappingProxyType(
        {
            "first_priority": Option(
                default="1000",
                help="priority of the first rule, 100 to 4000; organizations on one group need different ones",
                check=lambda v: v.isascii() and v.isdigit() and len(v) <= 4 and 100 <= int(v) <= 4000,
            ),
            "refuse": Option(
                default="no",
                choices=("no", "internet"),
                help="internet: deny all other traffic to the internet, at priority 4096",
            ),
            "tool": tool_option("azure-cli"),
        }
    )

    def besides(self) -> str:
        """Return what the last rule refuses, if there is one."""
        return "denies all other traffic to the internet" if self.option("refuse") == "internet" else ""

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both forms of the rules."""
        names: set[str] = set()
        rules = list(self.rules(plan))
        blocks = [block for rule in rules for block in self._blocks(rule, names)]
        deny = self.option("refuse") == "internet" and blocks
        last = [{"name": self.own_name("m365-deny-internet"), **_DENY}] if deny else []
        self.check_limit("rules", len(blocks) + len(last), "the plan")
        first = int(self.option("first_priority"))
        priorities, self.kept = stable_numbers([block["name"] for block in blocks], range(first, _LAST), self.style.kept)
        blocks = [{**block, "priority": priorities[block["name"]]} for block in blocks] + last
        notes = _notes(rules)
        kind = "azurerm_network_security_rule"
        where = {name: f"${{var.{name}}}" for name in _WHERE}
        named = {identifier(block["name"]): {**block, **where} for block in blocks}
        document = terraform(
            self.head(plan, "terraform", *notes), "azurerm", _WHERE, ordered(kind, named, self.own_name("m365"))
        )
        yield json_file(self, "m365-nsg.tf.json", document, entries=len(blocks))
        yield provider_file(self)
        group, parameter = "Microsoft.Network/networkSecurityGroups", "networkSecurityGroupName"
        properties = {b["name"]: {camel(key): value for key, value in b.items() if key != "name"} for b in blocks}
        resources = children(group, parameter, "securityRules", properties)
        head, described = self.head(plan, "azure-cli", *notes), {parameter: _WHERE["network_security_group_name"]}
        template = arm(head, described, resources, self.own_name("m365-nsg"))
        yield json_file(self, "m365-nsg.arm.json", template, entries=len(blocks))

    def _blocks(self, rule: Rule, names: set[str]) -> Iterator[Block]:
        """Yield a rule for each direction in which a group processes it.

        The priority is set later.
        """
        words = {"outbound": ["Outbound"], "inbound": ["Inbound"], "internal": ["Outbound", "Inbound"]}
        for direction in words[rule.flow.direction]:
            tail = f"-{direction[:-5].lower()}" if rule.flow.direction == "internal" else ""
            block: Block = {
                "name": unique_name(self.own_name(f"m365-{rule.name}"), names, _NAME, tail),
                "description": rule_comment(rule, _DESCRIPTION),
                "priority": 0,
                "direction": direction,
                "access": "Allow",
                "protocol": rule.protocol.capitalize(),
                "source_port_range": "*",
                "destination_port_ranges": port_words(rule.ports),
            }
            names.add(block["name"])
            for end in ("source", "destination"):
                prefixes = [str(prefix) for prefix in rule.prefixes(end)]
                self.check_limit("prefixes", len(prefixes), block["name"])
                many = {f"{end}_address_prefixes": prefixes} if prefixes else {f"{end}_address_prefix": "*"}
                block.update(many)
            yield block


def _notes(rules: list[Rule]) -> list[str]:
    """Return a note if inbound rules have destinations that a group does not see."""
    inbound = [rule for rule in rules if rule.flow.direction == "inbound" and rule.family == 4 and rule.destination]
    public = [rule for rule in inbound if rule.destination and not rule.destination <= _PRIVATE]
    if not public:
        return []
    roles = " ".join(sorted({rule.flow.destination.role for rule in public}))
    what = f"{len(public)} inbound rules have public addresses, which a group never sees"
    return [f"{what}. Roles without inside addresses: {roles}"]
