"""OpenVPN: split tunnel with routes to the client's own gateway.

Output: `push.conf` for a server (each route is pushed to clients) and `client.conf` for a client's configuration.
Vendor page: https://community.openvpn.net/openvpn/wiki/Openvpn26ManPage (route, push)
Supported: outbound IPv4 addresses of the selected categories are routed to `net_gateway`, the client's own gateway, outside
the tunnel.
Not supported: sources, ports, names, and IPv6: OpenVPN has no working keyword for the client's IPv6 gateway (2.6 rejects
`net_gateway_ipv6`), so IPv6 stays in the tunnel, which is a loss for each flow with IPv6 addresses. A server's
`redirect-gateway` need not be changed, since longer prefixes take precedence. A control message has a limited length;
OpenVPN splits it from 2.4 on, and older clients support about 60 pushed routes.
If the server cannot push, add `config client.conf` to the configuration of each client instead. Routes that a client
already has are not added twice, and clients without an IPv4 gateway of their own ignore them.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget, is_word, netmask
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import Artifact, Capabilities, Option

_HERE = "test -f push.conf"
_COPY = "install -m 644 push.conf /etc/openvpn/server/{file}"
_CONF = "/etc/openvpn/server/{server}.conf"
_RESTART = "systemctl restart openvpn-server@{server}"


class Openvpn(RouteTarget):
    """Routes outside an OpenVPN tunnel."""

    name = "openvpn"
    title = "OpenVPN split tunnel"
    vendor_page = "https://community.openvpn.net/openvpn/wiki/Openvpn26ManPage"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = (
        "a server pushes the routes: packets of a client to Microsoft 365 leave outside of the tunnel, others in it"
    )
    capabilities = Capabilities(addresses=True, directions=("outbound",), families=(4,))
    own_names = True
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "server": Option(
                default="server",
                help="name of the server's configuration, for the manual: letters, digits, dashes, underscores",
                check=lambda v: len(v) <= 64 and is_word(v),
            ),
        }
    )
    manual = Manual(
        where="a shell of the server, as root, in the folder of the files",
        install=(
            _COPY,
            f"{_HERE} && {{ grep -qxF 'config {{file}}' {_CONF} || echo 'config {{file}}' >> {_CONF}; }}",
            f"{_HERE} && {_RESTART}",
        ),
        update=(_COPY, f"{_HERE} && {_RESTART}"),
        remove=(
            f"sed -i '/^config {{file}}$/d' {_CONF}",
            "rm -f /etc/openvpn/server/{file}",
            _RESTART,
        ),
        besides="the restart closes the tunnels of the clients, which then connect again",
        first="add `config client.conf` to the configuration of one client",
    )
    tried = tried(program("OpenVPN 2.6.14"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the name of the file on the server."""
        return {**super().words(), "file": self.own_name("m365-push.inc")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the files for the server and for a client."""
        routes = [f"route {p.address} {netmask(p)} net_gateway" for p in self.destinations(plan)]
        pushes = [f'push "{route}"' for route in routes]
        yield self.text("push.conf", [*self.header(plan), *pushes], entries=len(routes))
        yield self.text("client.conf", [*self.header(plan, load=None), *routes], entries=len(routes))
