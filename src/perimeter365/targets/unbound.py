"""Unbound: forward Microsoft 365 names to resolvers of your choice, near to where users leave the network.

What it makes: `m365.conf` with one `forward-zone` for each domain.
Vendor page: https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html (Forward Zone Options)
What it says: a domain with all names below it, forwarded to the option `servers`. What it cannot say: an exact
name without those below, a wildcard without its apex (both forward a little more, which a loss says), a star
inside of a label.
Install: `include: "/etc/unbound/m365.conf"` in unbound.conf, check with `unbound-checkconf`, then
`unbound-control reload`.
Update: replace the file and reload.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import DnsTarget, servers
from perimeter365.targets.target import Artifact, ids


class Unbound(DnsTarget):
    """Forward zones of Unbound."""

    name = "unbound"
    title = "Unbound forward zones"
    vendor_page = "https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html"
    proof = "consumer"
    proof_detail = "unbound-checkconf accepts it, and unbound forwards real queries as the zones say"
    options = MappingProxyType({"servers": servers("192.0.2.53")})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One file."""
        lines = self.header(plan)
        domains = self.domains(plan)
        for domain, flows in domains.items():
            lines += [f"# {ids(flows)}", "forward-zone:", f'    name: "{domain}."']
            lines += [f"    forward-addr: {server}" for server in self.option("servers").split(",")]
        yield self.text("m365.conf", lines, entries=len(domains))
