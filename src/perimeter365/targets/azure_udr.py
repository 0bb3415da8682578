"""Azure: user-defined routes that bypass a firewall or VPN.

Output: `m365-routes.tf.json` for Terraform and `m365-routes.arm.json` for Azure Resource Manager, with the same routes, for
an existing route table.
Vendor page: https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
Supported: outbound addresses of the selected categories, IPv4 and IPv6, and the next hop (option `next_hop`).
Not supported: sources, ports and names. Hosts without an address are losses. The next hop Internet needs a public address or
NAT for the subnet, and bypasses a firewall: select only the categories that are meant for that (Microsoft recommends
Optimize).
A route table has at most 400 routes by the older limit; Azure raised it to 600 and then 1,000 in 2026. If yours has the new
limit, use --limit azure-udr.routes=1000. Other routes in the table count, too: leave room for them.
Install: `terraform apply -var resource_group_name=… -var route_table_name=…`, or `az deployment group create -g … -f
m365-routes.arm.json -p routeTableName=…`.
Update: render and apply again. Routes that are no longer in the plan are removed by Terraform, but not by ARM (incremental
mode): remove those by name, `m365-…`.
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
    effect = "route"
    proof = "second opinion"
    proof_detail = (
        "read back from both files, the routes are exactly the plan's addresses; argument names are those of the "
        "provider's page azurerm_route and of Microsoft.Network/routeTables/routes"
    )
    capabilities = Capabilities(addresses=True, directions=("outbound",))
    own_names = True
    limits = MappingProxyType({"routes": 400})
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "next_hop": Option(
                default="Internet",
                choices=("Internet", "VirtualNetworkGateway"),
                help="next hop of the routes: the internet, or the network's VPN or ExpressRoute gateway",
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both forms of the routes."""
        routes = {self.own_name(_name(prefix)): str(prefix) for prefix in self.destinations(plan)}
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
    """Return the name of a route, the same in every render: `m365-52.112.0.0-14`."""
    return f"m365-{str(prefix).replace('::', '-').replace(':', '-').replace('/', '-')}"
