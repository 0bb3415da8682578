"""Azure: user-defined routes that send Microsoft 365 past a firewall or VPN, straight to the internet.

What it makes: `m365-routes.tf.json` for Terraform and `m365-routes.arm.json` for Azure Resource Manager, the same routes
in both, to be put into a route table that you have.
Vendor page: https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
What it says: outbound addresses of the chosen categories, IPv4 and IPv6, and the next hop (option `next_hop`). What it
cannot say: sources, ports and names; those losses are named. The next hop Internet needs a public address or NAT at the
subnet, and passes a firewall by: choose only what that is meant for (Optimize is Microsoft's advice).
A route table takes 400 routes by the older limit; Azure raised it to 600 and then 1,000 in 2026. Where yours has that:
--limit azure-udr.routes=1000. What else the table holds counts too: leave room for it.
Install: `terraform apply -var resource_group_name=… -var route_table_name=…`, or `az deployment group create -g … -f
m365-routes.arm.json -p routeTableName=…`. Update: render again and apply; Terraform removes routes that are gone from
the plan, ARM (incremental mode) leaves them: remove those by name, `m365-…`.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.iac import NETWORK_API, Block, arm, comment, identifier, json_file, terraform
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget
from perimeter365.targets.target import Artifact, Capabilities, Option

_WHERE = {
    "resource_group_name": "The resource group of the route table.",
    "route_table_name": "An existing route table.",
}


class AzureUdr(RouteTarget):
    """Routes of an Azure route table."""

    name = "azure-udr"
    title = "Azure user-defined routes"
    kind = "cloud"
    vendor_page = "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview"
    proof = "second opinion"
    proof_detail = (
        "read back from both files, the routes are the plan's addresses and no other; argument names are those of the "
        "provider's page azurerm_route and of Microsoft.Network/routeTables/routes"
    )
    capabilities = Capabilities(addresses=True, directions=("outbound",))
    limits = MappingProxyType({"routes": 400})
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "next_hop": Option(
                default="Internet",
                choices=("Internet", "VirtualNetworkGateway"),
                help="where the routes lead: straight out, or to the VPN or ExpressRoute gateway of the network",
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Two forms of the same routes."""
        routes = {_name(prefix): str(prefix) for prefix in self.destinations(plan)}
        hop = self.option("next_hop")
        head = comment(self, plan)
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
        document = terraform(head, "azurerm", _WHERE, {"azurerm_route": blocks})
        yield json_file(self, "m365-routes.tf.json", document, entries=len(routes))
        resources = [
            {
                "type": "Microsoft.Network/routeTables/routes",
                "apiVersion": NETWORK_API,
                "name": f"[concat(parameters('routeTableName'), '/{name}')]",
                "properties": {"addressPrefix": prefix, "nextHopType": hop},
            }
            for name, prefix in routes.items()
        ]
        template = arm(head, {"routeTableName": _WHERE["route_table_name"]}, resources)
        yield json_file(self, "m365-routes.arm.json", template, entries=len(routes))


def _name(prefix: Prefix) -> str:
    """`m365-52.112.0.0-14`: what Azure takes for a name, and the same for the same prefix at each render."""
    return f"m365-{str(prefix).replace('::', '-').replace(':', '-').replace('/', '-')}"
