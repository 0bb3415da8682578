"""OpenVPN: split tunnel with routes to the client's own gateway.

Output: `push.conf` for a server (each route is pushed to clients) and `client.conf` for a client's configuration.
Vendor page: https://community.openvpn.net/openvpn/wiki/Openvpn26ManPage (route, push)
Supported: outbound IPv4 addresses of the selected categories are routed to `net_gateway`, the client's own gateway, outside
the tunnel.
Not supported: sources, ports, names, and IPv6: OpenVPN has no keyword for the client's IPv6 gateway (2.6 rejects
`net_gateway_ipv6` in a route), so IPv6 stays in the tunnel, which is a loss for each flow with IPv6 addresses. A server's
`redirect-gateway` need not be changed, since longer prefixes take precedence. A control message has a limited length;
OpenVPN splits it from 2.4 on, and older clients support about 60 pushed routes.
Install: add `config push.conf` to the server's configuration and restart it; or `config client.conf` to the client's.
Update: replace the file. Clients receive the new routes at the next connection.
"""

from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import RouteTarget, netmask
from perimeter365.targets.target import Artifact, Capabilities


class Openvpn(RouteTarget):
    """Routes outside an OpenVPN tunnel."""

    name = "openvpn"
    title = "OpenVPN split tunnel"
    vendor_page = "https://community.openvpn.net/openvpn/wiki/Openvpn26ManPage"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "openvpn opens a tunnel in a network namespace, and routes every prefix outside of it"
    capabilities = Capabilities(addresses=True, directions=("outbound",), families=(4,))

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the files for the server and for a client."""
        routes = [f"route {p.address} {netmask(p)} net_gateway" for p in self.destinations(plan)]
        pushes = [f'push "{route}"' for route in routes]
        yield self.text("push.conf", [*self.header(plan), *pushes], entries=len(routes))
        yield self.text("client.conf", [*self.header(plan), *routes], entries=len(routes))
