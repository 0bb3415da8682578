"""Azure: user-defined routes that bypass a firewall or VPN.

Output: `m365-routes.tf.json` and `provider.tf.json` for Terraform, and `m365-routes.arm.json` for Azure Resource Manager,
with the same routes, for an existing route table.
Vendor page: https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
Supported: outbound addresses of the selected categories, IPv4 and IPv6, and the next hop (option `next_hop`).
Not supported: sources, ports and names. Hosts without an address are losses. The next hop Internet needs a public address or
NAT for the subnet, and bypasses a firewall: select only the categories that are meant for that (Microsoft recommends
Optimize).
A route table has at most 400 routes by the older limit; Azure raised it to 600 and then 1,000 in 2026. If yours has the new
limit, use --limit azure-udr.routes=1000. Other routes in the table count, too: leave room for them.
Terraform adds new routes before it removes old ones. With `tool=azure-cli`, the printed commands use a deployment stack,
which also removes routes that have left the plan; a deployment without a stack leaves them in the table.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.iac import (
    Block,
    CodeTarget,
    arm,
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
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget
from perimeter365.targets.life import model, tried
from perimeter365.targets.target import Artifact, Capabilities, Option

_WHERE = {
    "resource_group_name": "The resource group of the route table.",
    "route_table_name": "An existing route table.",
}


class AzureUdr(CodeTarget, RouteTarget):
    """Routes of an Azure route table."""

    name = "azure-udr"
    title = "Azure user-defined routes"
    kind = "cloud"
    vendor_page = "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview"
    effect = "route"
    proof = "second opinion"
    proof_detail = (
        "read back from both files, the routes are exactly the plan's addresses; argument names are those of the "
        "provider's page azurerm_route and of Microsoft.Network/routeTables/routes"
    )
    capabilities = Capabilities(addresses=True, directions=("outbound",))
    own_names = True
    manual = terraform_manual(
        "the folder of the files, signed in to Azure; set GROUP, TABLE and ARM_SUBSCRIPTION_ID to your names first",
        "resource_group_name=$GROUP",
        "route_table_name=$TABLE",
        besides="takes the traffic of every subnet of the table past the firewall, to all ports of these addresses",
        first="load it into the table of a test subnet, read the plan before the last line, and keep the folder (its state)",
    )
    native = stack_manual("m365-routes.arm.json", "routes", "routeTableName=$TABLE")
    tried = tried(model("Azure, in the order of Terraform 1.11 and of deployment stacks"))
    limits = MappingProxyType({"routes": 400})
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "next_hop": Option(
                default="Internet",
                choices=("Internet", "VirtualNetworkGateway"),
                help="next hop of the routes: the internet, or the network's VPN or ExpressRoute gateway",
            ),
            "tool": tool_option("azure-cli"),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both forms of the routes."""
        routes = {self.own_name(_name(prefix)): str(prefix) for prefix in self.destinations(plan)}
        hop = self.option("next_hop")
        blocks: dict[str, Block] = {
            identifier(name): {
                "name": name,
                "resource_group_name": "${var.resource_group_name}",
                "route_table_name": "${var.route_table_name}",
                "address_prefix": prefix,
                "next_hop_type": hop,
            }
            for name, prefix in routes.items()
        }
        document = terraform(
            self.head(plan, "terraform"), "azurerm", _WHERE, ordered("azurerm_route", blocks, self.own_name("m365"))
        )
        yield json_file(self, "m365-routes.tf.json", document, entries=len(routes))
        yield provider_file(self)
        properties = {name: {"addressPrefix": prefix, "nextHopType": hop} for name, prefix in routes.items()}
        resources = children("Microsoft.Network/routeTables", "routeTableName", "routes", properties)
        described = {"routeTableName": _WHERE["route_table_name"]}
        template = arm(self.head(plan, "azure-cli"), described, resources, self.own_name("m365-routes"))
        yield json_file(self, "m365-routes.arm.json", template, entries=len(routes))


def _name(prefix: Prefix) -> str:
    """Return the name of a route, the same in every render: `m365-52.112.0.0-14`."""
    return f"m365-{str(prefix).replace('::', '-').replace(':', '-').replace('/', '-')}"
