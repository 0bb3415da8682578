"""FRRouting: static routes with a tag for route maps.

Output: `m365.conf`, `ip route` and `ipv6 route` lines for the running configuration, and `remove.conf`, the same lines with
`no`.
Vendor page: https://docs.frrouting.org/en/latest/static.html
Supported: outbound addresses of the selected categories, with the next hops of the options and the tag of the option `tag`.
Not supported: sources, ports and names.
Install: check with `vtysh -C -f m365.conf`, load with `vtysh -f m365.conf`, and save with `write memory`.
Update: load the old `remove.conf`, then the new `m365.conf`. For redistribution use a route map with `match tag 365`.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import NEXT_HOPS, RouteTarget
from perimeter365.targets.target import Artifact, Option


class Frr(RouteTarget):
    """Static routes of FRRouting."""

    name = "frr"
    title = "FRRouting static routes"
    comment = "!"
    vendor_page = "https://docs.frrouting.org/en/latest/static.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "vtysh -C checks every line"
    options = MappingProxyType(
        {
            **NEXT_HOPS,
            "tag": Option(
                default="365",
                help="route tag, 1 to 4294967295",
                check=lambda v: v.isascii() and v.isdigit() and len(v) <= 10 and 1 <= int(v) <= 4294967295,
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the routes and their removal."""
        words = {4: "ip", 6: "ipv6"}
        routes = [
            f"{words[p.family]} route {p} {self.option(f'gateway{p.family}')} tag {self.option('tag')}"
            for p in self.destinations(plan)
        ]
        yield self.text("m365.conf", [*self.header(plan), *routes], entries=len(routes))
        yield self.text("remove.conf", [*self.header(plan), *(f"no {r}" for r in routes)], entries=len(routes))
