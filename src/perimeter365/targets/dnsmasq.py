"""dnsmasq: forwarding of names, and nftables sets of their addresses.

Output: `m365.conf`, a `server=` line for each domain and, if widening is allowed, an `nftset=` line that adds the addresses
in responses to two sets (option `sets`; `none` omits these lines).
Vendor page: https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html (server, nftset)
Supported: a domain with all names below it.
Not supported: an exact name without the names below it, a wildcard without its apex, a wildcard inside a label. For
forwarding the difference is harmless, and a loss is reported. For sets, which open a firewall, the lines are omitted unless
`--allow-widen` is given.
Install: copy the file to /etc/dnsmasq.d, create the sets (`nft add set inet perimeter365 m365_4 '{ type
ipv4_addr; flags interval; auto-merge; }'`, m365_6 likewise with ipv6_addr), check with `dnsmasq --test`, and restart.
Update: replace the file and restart. Addresses that were learned stay in the sets until you flush them.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import SERVERS, DnsTarget
from perimeter365.targets.target import NARROWED, Artifact, Option, ids


class Dnsmasq(DnsTarget):
    """Forwarding rules and sets of dnsmasq."""

    name = "dnsmasq"
    title = "dnsmasq forwarding and sets"
    vendor_page = "https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "dnsmasq forwards real queries accordingly, and adds the addresses in responses to the sets"
    own_names = True
    options = MappingProxyType(
        {
            "servers": SERVERS,
            "sets": Option(
                default="inet#perimeter365#m365",
                help="family#table#name of the sets, without the suffixes _4 and _6; none: no sets",
                check=lambda v: (
                    v == "none" or (v.isascii() and v.count("#") == 2 and v.replace("#", "").replace("_", "").isalnum())
                ),
            ),
        }
    )

    def _sets(self) -> str:
        """Return the option `sets`; its default has the organization's prefix."""
        if "sets" in self.style.options:
            return self.option("sets")
        return "#".join(self.own_name(part) if part != "inet" else part for part in self.option("sets").split("#"))

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the configuration."""
        lines = self.header(plan)
        domains = self.domains(plan)
        sets = self._sets()
        for domain, flows in domains.items():
            lines.append(f"# {ids(flows)}")
            lines += [f"server=/{domain}/{server}" for server in self.option("servers").split(",")]
            if sets == "none":
                continue
            if self.style.allow_widen:
                lines.append(f"nftset=/{domain}/4#{sets}_4,6#{sets}_6")
            else:
                for flow in flows:
                    self.report_loss(flow, NARROWED, "shared-addresses", subject=f"set of {domain}")
        yield self.text(self.own_name("m365.conf"), lines, entries=len(domains))
