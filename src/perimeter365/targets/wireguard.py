"""WireGuard: everything through the tunnel but Microsoft 365.

What it makes: `allowed-ips.conf` with the `AllowedIPs` line of a full tunnel's peer section, the exact
complement of the outbound addresses of the chosen categories: no address more and none less goes outside.
Vendor page: https://www.wireguard.com/#cryptokey-routing, https://man7.org/linux/man-pages/man8/wg.8.html
What it says: addresses. What it cannot say: sources, ports and names, and routes that are exceptions; hence the
complement. With `mode=include` it is the other way round: only Microsoft 365 goes through the tunnel.
Install: paste the line into `[Peer]` of the client's configuration in place of `AllowedIPs = 0.0.0.0/0, ::/0`,
then `wg syncconf`. The server's own address must stay outside of the tunnel, as with every full tunnel.
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
    proof_detail = "read back with Python's ipaddress: the line and the plan's addresses together are all, and share nothing"
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "mode": Option(
                default="exclude",
                choices=("exclude", "include"),
                help="exclude: all but Microsoft 365 through the tunnel; include: Microsoft 365 alone",
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One line of AllowedIPs."""
        found = self.destinations(plan)
        chosen = found.complement() if self.option("mode") == "exclude" else found
        prefixes = [str(p) for p in chosen]
        line = f"AllowedIPs = {', '.join(prefixes)}" if prefixes else "# nothing goes through the tunnel"
        yield self.text("allowed-ips.conf", [*self.header(plan), line], entries=len(prefixes))
