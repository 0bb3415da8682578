"""BIRD 2: two static protocols, to be included in the router's own configuration.

What it makes: `m365.conf` with the protocols `m365_v4` and `m365_v6`, each route with the ids that need it.
Vendor page: https://bird.network.cz/?get_doc&v=20&f=bird-6.html (Static)
What it says: outbound addresses of the chosen categories via the next hop of the options. What it cannot say:
sources, ports and names; a route filter or BGP policy of yours decides where they go.
Install: `include "/etc/bird/m365.conf";` in bird.conf, check with `bird -p -c /etc/bird/bird.conf`, then `birdc
configure`.
Update: replace the file and run `birdc configure`; BIRD withdraws what is gone and adds what is new, nothing
else moves.
"""

from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import NEXT_HOPS, RouteTarget, reasons
from perimeter365.targets.target import Artifact


class Bird(RouteTarget):
    """Static routes of BIRD 2."""

    name = "bird"
    title = "BIRD static routes"
    vendor_page = "https://bird.network.cz/?get_doc&v=20&f=bird-6.html"
    proof = "consumer"
    proof_detail = "bird -p parses a configuration that includes it"
    options = NEXT_HOPS

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One file with a protocol for each family."""
        found = self.destinations(plan)
        lines = self.header(plan)
        for family in (4, 6):
            lines += ["", f"protocol static m365_v{family} {{", f"\tipv{family};"]
            for prefix in found.prefixes(family):
                why = reasons(prefix, list(plan.flows))
                lines.append(f"\troute {prefix} via {self.option(f'gateway{family}')}; # {why}")
            lines.append("}")
        yield self.text("m365.conf", lines, entries=sum(1 for _ in found))
