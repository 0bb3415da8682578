"""BIRD 2: two static protocols for inclusion in the router's configuration.

Output: `m365.conf` with the protocols `m365_v4` and `m365_v6`; each route has the ids of its requirements in a comment.
Vendor page: https://bird.network.cz/?get_doc&v=20&f=bird-6.html (Static)
Supported: outbound addresses of the selected categories, with the next hops of the options.
Not supported: sources, ports and names. Your route filters and BGP policies decide where the routes are announced.
Install: add `include "/etc/bird/m365.conf";` to bird.conf, check with `bird -p -c /etc/bird/bird.conf`, then run `birdc
configure`.
Update: replace the file and run `birdc configure`. BIRD withdraws removed routes and adds new ones; all others stay.
"""

from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import NEXT_HOPS, RouteTarget, route_ids
from perimeter365.targets.target import Artifact


class Bird(RouteTarget):
    """Static routes of BIRD 2."""

    name = "bird"
    title = "BIRD static routes"
    vendor_page = "https://bird.network.cz/?get_doc&v=20&f=bird-6.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "bird -p parses a configuration that includes it"
    own_names = True
    options = NEXT_HOPS

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield one file with a protocol for each family."""
        found = self.destinations(plan)
        lines = self.header(plan)
        for family in (4, 6):
            lines += ["", f"protocol static {self.own_name('m365_v')}{family} {{", f"\tipv{family};"]
            for prefix in found.prefixes(family):
                why = route_ids(prefix, list(plan.flows))
                lines.append(f"\troute {prefix} via {self.option(f'gateway{family}')}; # {why}")
            lines.append("}")
        yield self.text(self.own_name("m365.conf"), lines, entries=sum(1 for _ in found))
