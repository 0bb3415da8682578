"""Azure: security rules of a network security group (NSG).

Output: `m365-nsg.tf.json` for Terraform and `m365-nsg.arm.json` for Azure Resource Manager, with the same rules, for an
existing group. There is a rule for each requirement, family and protocol, with the requirement's id as its description,
names such as `m365-ws-worldwide-11-udp4`, and priorities from the option `first_priority` on.
Vendor page: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
Supported: both ends by address, and ports, in the direction in which the connection is opened (groups are stateful). An
internal requirement has two rules, one for the group at either end. An end that is anyone is `*`, with a note in the
description.
Not supported: names and URL paths, which are losses.
A group allows all outbound traffic by its default rule 65001, so these rules deny nothing. `refuse=internet` adds a rule at
priority 4096 that denies all other traffic to the internet (of the group's machines, and not only to Microsoft).
A group has at most 1,000 rules, and a rule 4,000 addresses or ranges at each end.
Install: `terraform apply -var resource_group_name=… -var network_security_group_name=…`, or `az deployment group create
-g … -f m365-nsg.arm.json -p networkSecurityGroupName=…`. Do not combine it with rules inside an
azurerm_network_security_group block.
Update: render and apply again. Rules that are no longer in the plan are removed by Terraform, but not by ARM (incremental
mode): remove those by name.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.errors import OptionError
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.acl import AclTarget, Rule, port_words, rule_comment, unique_name
from perimeter365.targets._bases.iac import NETWORK_API, Block, arm, camel, comment, identifier, json_file, terraform
from perimeter365.targets.target import Artifact, Option

_WHERE = {
    "resource_group_name": "The resource group of the network security group.",
    "network_security_group_name": "An existing network security group.",
}
_NAME, _DESCRIPTION, _LAST = 80, 140, 4096
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


class AzureNsg(AclTarget):
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
    limits = MappingProxyType({"rules": 1000, "prefixes": 4000})
    options = MappingProxyType(
        {
            "first_priority": Option(
                default="100",
                help="priority of the first rule, 100 to 4000; lower numbers are processed first",
                check=lambda v: v.isascii() and v.isdigit() and len(v) <= 4 and 100 <= int(v) <= 4000,
            ),
            "refuse": Option(
                default="no",
                choices=("no", "internet"),
                help="internet: deny all other traffic to the internet, at priority 4096",
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both forms of the rules."""
        names: set[str] = set()
        blocks = [block for rule in self.rules(plan) for block in self._blocks(rule, names)]
        last = (
            [{"name": self.own_name("m365-deny-internet"), **_DENY}]
            if self.option("refuse") == "internet" and blocks
            else []
        )
        self.check_limit("rules", len(blocks) + len(last), "the plan")
        first = int(self.option("first_priority"))
        if first + len(blocks) > _LAST:
            raise OptionError(
                f"the rules from priority {first} to {first + len(blocks) - 1} exceed priority 4095",
                help="use a lower first_priority",
            )
        blocks = [{**block, "priority": first + n} for n, block in enumerate(blocks)] + last
        head = comment(self, plan)
        where = {name: f"${{var.{name}}}" for name in _WHERE}
        named = {identifier(block["name"]): {**block, **where} for block in blocks}
        document = terraform(head, "azurerm", _WHERE, {"azurerm_network_security_rule": named})
        yield json_file(self, "m365-nsg.tf.json", document, entries=len(blocks))
        resources = [
            {
                "type": "Microsoft.Network/networkSecurityGroups/securityRules",
                "apiVersion": NETWORK_API,
                "name": f"[concat(parameters('networkSecurityGroupName'), '/{block['name']}')]",
                "properties": {camel(key): value for key, value in block.items() if key != "name"},
            }
            for block in blocks
        ]
        template = arm(head, {"networkSecurityGroupName": _WHERE["network_security_group_name"]}, resources)
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
