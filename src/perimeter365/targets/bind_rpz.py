"""BIND: response policy zone that exempts Microsoft 365 names from later zones.

Output: `m365.rpz`, a zone in which each name or wildcard is a CNAME to `rpz-passthru.`.
Vendor page: https://bind9.readthedocs.io/en/v9.18.0/reference.html#response-policy-zone-rpz-rewriting
Supported: exact names, and `*.name`, which means all names below the apex but not the apex itself, also in BIND. Both are
exact.
Not supported: a wildcard inside a label or in the middle of a name.
Install: `response-policy { zone "m365.rpz"; zone "your-blocklist"; };` with this zone first, and `zone
"m365.rpz" { type primary; file "/etc/bind/m365.rpz"; allow-query { none; }; };`. Check it with `named-checkzone
m365.rpz`.
Update: replace the file and run `rndc reload m365.rpz`. The serial is the newest catalog version, so render after each sync.
"""

from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import DnsTarget
from perimeter365.targets.target import Artifact, ids


class BindRpz(DnsTarget):
    """Response policy zone with passthru rules."""

    name = "bind-rpz"
    title = "BIND response policy zone"
    comment = ";"
    own_names = True
    vendor_page = "https://bind9.readthedocs.io/en/v9.18.0/reference.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "named-checkzone loads it; named answers the listed names, and a zone after it blocks the others"

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the zone."""
        names = self.names(plan)
        serial = max((int(v.version) for v in plan.versions.values()), default=1) % (1 << 32)
        lines = [
            *self.header(plan),
            "$TTL 300",
            f"@ SOA localhost. hostmaster.localhost. {serial} 3600 600 604800 300",
            "@ NS localhost.",
            *(f"{host} CNAME rpz-passthru. ; {ids(flows)}" for host, flows in names.items()),
        ]
        yield self.text(self.own_name("m365.rpz"), lines, entries=len(names))
