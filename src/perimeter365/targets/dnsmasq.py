"""dnsmasq: forward Microsoft 365 names to resolvers of your choice, and let answers fill nftables sets.

What it makes: `m365.conf`, a `server=` line for each domain and, where widening is allowed, an `nftset=` line
that puts the addresses of its answers into two sets (option `sets`, `none` for no such lines).
Vendor page: https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html (server, nftset)
What it says: a domain with all names below it. What it cannot say: an exact name without those below, a
wildcard without its apex, a star inside of a label. For forwarding that is harmless and a loss says so; for
sets, which open a firewall, the lines are left out unless `--allow-widen` is given.
Install: put the file into /etc/dnsmasq.d, create the sets (`nft add set inet perimeter365 m365_4 '{ type
ipv4_addr; flags interval; auto-merge; }'`, m365_6 the same for ipv6_addr), check with `dnsmasq --test`,
restart.
Update: replace the file and restart; addresses that were learned stay in the sets until you flush them.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import DnsTarget, servers
from perimeter365.targets.target import DROPPED, Artifact, Option, ids


class Dnsmasq(DnsTarget):
    """Forwarding and sets of dnsmasq."""

    name = "dnsmasq"
    title = "dnsmasq forwarding and sets"
    vendor_page = "https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html"
    proof = "consumer"
    proof_detail = "dnsmasq forwards real queries as the lines say, and fills the sets from the answers"
    options = MappingProxyType(
        {
            "servers": servers("192.0.2.53"),
            "sets": Option(
                default="inet#perimeter365#m365",
                help="family#table#name of the sets, to which _4 and _6 are added; none for no sets",
                check=lambda v: (
                    v == "none" or (v.isascii() and v.count("#") == 2 and v.replace("#", "").replace("_", "").isalnum())
                ),
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One file."""
        lines = self.header(plan)
        domains = self.domains(plan)
        sets = self.option("sets")
        for domain, flows in domains.items():
            lines.append(f"# {ids(flows)}")
            lines += [f"server=/{domain}/{server}" for server in self.option("servers").split(",")]
            if sets == "none":
                continue
            if self.style.allow_widen:
                lines.append(f"nftset=/{domain}/4#{sets}_4,6#{sets}_6")
            else:
                for flow in flows:
                    self.lose(
                        flow,
                        DROPPED,
                        f"set of {domain}",
                        "a set would also be filled by names that the plan does not need",
                        "--allow-widen writes the nftset lines",
                    )
        yield self.text("m365.conf", lines, entries=len(domains))
