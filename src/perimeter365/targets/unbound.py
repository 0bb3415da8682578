"""Unbound: forwarding of Microsoft 365 names to local resolvers.

Output: `m365.conf` with a `forward-zone` for each domain.
Vendor page: https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html (Forward Zone Options)
Supported: a domain with all names below it, forwarded to the option `servers`. Use resolvers that are close to where users
leave the network.
Not supported: an exact name without the names below it, a wildcard without its apex (both forward more, which is a loss;
a forward zone without addresses would not leave names to the other servers, but resolve them from the root), a wildcard
inside a label. Of two forward zones with one name, such as those of two organizations, unbound uses one.
Views of unbound have no forward zones: these are for all clients.
A reload empties the cache, so that names that are not listed any more are resolved by the other servers at once.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import SERVERS, DnsTarget
from perimeter365.targets._bases.lines import guarded, replaced
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import Artifact

_PLACE = "/etc/unbound/unbound.conf.d/{file}"
_RELOAD = "unbound-control reload"


class Unbound(DnsTarget):
    """Forward zones of Unbound."""

    name = "unbound"
    title = "Unbound forward zones"
    vendor_page = "https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "unbound-checkconf accepts it, and unbound forwards real queries accordingly"
    own_names = True
    options = MappingProxyType({"servers": SERVERS})
    manual = Manual(
        where="a shell of the resolver, as root, in the folder of the files; the paths are those of Debian",
        install=(
            guarded(
                "test -f {file}",
                "unbound-checkconf {file}",
                *replaced("{file}", _PLACE, "unbound-checkconf"),
                _RELOAD,
                f"rm -f {_PLACE}.old",
                help="{file} is not in this folder, or see the message above",
            ),
        ),
        remove=(
            f"rm -f {_PLACE} {_PLACE}.old",
            guarded("unbound-checkconf", _RELOAD, help="the configuration has an error, see above"),
        ),
    )
    tried = tried(program("unbound 1.17"))

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the configuration."""
        lines = self.header(plan)
        domains = self.domains(plan)
        for domain, flows in domains.items():
            lines += [*self.remark(flows), "forward-zone:", f'    name: "{domain}."']
            lines += [f"    forward-addr: {server}" for server in self.option("servers").split(",")]
        yield self.text(self.own_name("m365.conf"), lines, entries=len(domains))
