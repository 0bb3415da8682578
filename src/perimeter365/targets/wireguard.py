"""WireGuard: AllowedIPs of a full tunnel without Microsoft 365.

Output: `allowed-ips.conf` with the `AllowedIPs` line for the peer section of a full tunnel: exactly the complement of the
outbound addresses of the selected categories.
Vendor page: https://www.wireguard.com/#cryptokey-routing, https://man7.org/linux/man-pages/man8/wg.8.html
Supported: addresses.
Not supported: sources, ports and names, and routes as exceptions, hence the complement. With `mode=include` only Microsoft
365 goes through the tunnel.
Install: paste the line into `[Peer]` of the client's configuration in place of `AllowedIPs = 0.0.0.0/0, ::/0`, then run `wg
syncconf`. The server's own address must stay outside the tunnel, as with every full tunnel.
Update: render again and replace the line.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget
from perimeter365.targets.target import Artifact, Option


class Wireguard(RouteTarget):
    """AllowedIPs of a WireGuard peer."""

    name = "wireguard"
    title = "WireGuard split tunnel"
    vendor_page = "https://man7.org/linux/man-pages/man8/wg.8.html"
    proof = "second opinion"
    proof_detail = (
        "read back with Python's ipaddress, the line and the plan's addresses are disjoint and together all addresses"
    )
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "mode": Option(
                default="exclude",
                choices=("exclude", "include"),
                help="exclude: everything except Microsoft 365 uses the tunnel; include: only Microsoft 365",
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the AllowedIPs line."""
        found = self.destinations(plan)
        chosen = found.complement() if self.option("mode") == "exclude" else found
        prefixes = [str(p) for p in chosen]
        line = f"AllowedIPs = {', '.join(prefixes)}" if prefixes else "# nothing goes through the tunnel"
        yield self.text("allowed-ips.conf", [*self.header(plan), line], entries=len(prefixes))
