"""BIND: a response policy zone that passes Microsoft 365 names through, ahead of zones that block.

What it makes: `m365.rpz`, a zone in which each name or wildcard is a CNAME to `rpz-passthru.`.
Vendor page: https://bind9.readthedocs.io/en/v9.18.0/reference.html#response-policy-zone-rpz-rewriting
What it says: exact names, and `*.name` as BIND reads it: every name below, never the apex; so both are exact.
What it cannot say: a star inside of a label or in the middle.
Install: `response-policy { zone "m365.rpz"; zone "your-blocklist"; };` with this zone first, and `zone
"m365.rpz" { type primary; file "/etc/bind/m365.rpz"; allow-query { none; }; };`. Check with `named-checkzone
m365.rpz`.
Update: replace the file and `rndc reload m365.rpz`. The serial is the newest catalog version, so render after
each sync.
"""

from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import DnsTarget
from perimeter365.targets.target import Artifact, ids


class BindRpz(DnsTarget):
    """A passthru policy zone."""

    name = "bind-rpz"
    title = "BIND response policy zone"
    comment = ";"
    vendor_page = "https://bind9.readthedocs.io/en/v9.18.0/reference.html"
    proof = "consumer"
    proof_detail = "named-checkzone loads it; named answers listed names and blocks the others behind it"

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The zone."""
        names = self.names(plan)
        serial = max((int(v.version) for v in plan.versions.values()), default=1) % (1 << 32)
        lines = [
            *self.header(plan),
            "$TTL 300",
            f"@ SOA localhost. hostmaster.localhost. {serial} 3600 600 604800 300",
            "@ NS localhost.",
            *(f"{host} CNAME rpz-passthru. ; {ids(flows)}" for host, flows in names.items()),
        ]
        yield self.text("m365.rpz", lines, entries=len(names))
