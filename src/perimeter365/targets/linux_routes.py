"""Linux: routes for `ip -batch`, in the main table or a separate one.

Output: `routes4.batch` and `routes6.batch`, lists of `route replace` commands, and `remove4.batch` and `remove6.batch`,
which remove the same routes.
Vendor page: https://man7.org/linux/man-pages/man8/ip-route.8.html
Supported: outbound addresses of the selected categories, with the next hops of the options `gateway4` and `gateway6`.
Not supported: sources, ports and names. Flows without addresses are losses.
Install: `ip -force -batch routes4.batch` (and `ip -6 … routes6.batch`) as root; for a policy table set
`-O linux-routes.table=365` and add `ip rule add to all lookup 365` or a rule of your own.
Update: run the old remove files, then the new route files. Both can be repeated safely.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import NEXT_HOPS, RouteTarget
from perimeter365.targets.target import Artifact, Option


class LinuxRoutes(RouteTarget):
    """`ip route` commands."""

    name = "linux-routes"
    title = "Linux routes"
    vendor_page = "https://man7.org/linux/man-pages/man8/ip-route.8.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "ip -batch loads them in a network namespace; ip route get chooses the next hop for each prefix"
    options = MappingProxyType(
        {
            **NEXT_HOPS,
            "table": Option(
                default="main",
                help="main, or the number of a routing table, 1 to 252",
                check=lambda v: v == "main" or (v.isascii() and v.isdigit() and len(v) <= 3 and 1 <= int(v) <= 252),
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the files that add and remove the routes of each family."""
        found = self.destinations(plan)
        table = self.option("table")
        for family in (4, 6):
            prefixes = list(found.prefixes(family))
            for name, verb in (("routes", "replace"), ("remove", "del")):
                via = f" via {self.option(f'gateway{family}')}" if verb == "replace" else ""
                lines = [f"route {verb} {prefix}{via} table {table}" for prefix in prefixes]
                yield self.text(f"{name}{family}.batch", [*self.header(plan), *lines], entries=len(lines))
