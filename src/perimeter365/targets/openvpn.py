"""OpenVPN: Microsoft 365 outside of the tunnel, by routes to the client's own gateway.

What it makes: `push.conf` for a server (each route pushed to clients) and `client.conf` for a client's own
file.
Vendor page: https://community.openvpn.net/openvpn/wiki/Openvpn26ManPage (route, push)
What it says: outbound IPv4 addresses of the chosen categories go to `net_gateway`, the client's own, so they
leave the tunnel. What it cannot say: sources, ports, names, and IPv6: OpenVPN has no word for the client's own
IPv6 gateway (2.6 refuses `net_gateway_ipv6` in a route), so IPv6 stays in the tunnel and each flow that has any
says so as a loss. A server with `redirect-gateway` stays as it is: the longer prefixes win. One control message
carries a limited number of characters, which OpenVPN splits by itself from 2.4 on; clients before that take
about 60 pushed routes.
Install: `config push.conf` in the server's configuration, then restart it; or `config client.conf` in the
client's.
Update: replace the file; clients get the new routes when they connect the next time.
"""

from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import RouteTarget, netmask
from perimeter365.targets.target import Artifact, Capabilities


class Openvpn(RouteTarget):
    """Routes past an OpenVPN tunnel."""

    name = "openvpn"
    title = "OpenVPN split tunnel"
    vendor_page = "https://community.openvpn.net/openvpn/wiki/Openvpn26ManPage"
    proof = "consumer"
    proof_detail = "openvpn opens a tunnel in a network namespace and routes every prefix past it"
    capabilities = Capabilities(addresses=True, directions=("outbound",), families=(4,))

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """For the server, and for a client."""
        routes = [f"route {p.address} {netmask(p)} net_gateway" for p in self.destinations(plan)]
        pushes = [f'push "{route}"' for route in routes]
        yield self.text("push.conf", [*self.header(plan), *pushes], entries=len(routes))
        yield self.text("client.conf", [*self.header(plan), *routes], entries=len(routes))
