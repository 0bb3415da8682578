"""pfSense and OPNsense: tables for URL Table aliases.

Output: a file for each group with one prefix per line, IPv4 and IPv6, and `index.txt`.
Vendor page: https://docs.netgate.com/pfsense/en/latest/firewall/aliases-types.html,
https://docs.opnsense.org/manual/aliases.html
Supported: addresses.
Not supported: wildcard names (aliases do not have them), and ports, which belong to the rule. Flows without addresses are
losses. All tables together should use at most half of "Firewall Maximum Table Entries" (400,000 by default), so the limit
here is 200,000.
Install: Firewall > Aliases, type "URL Table (IPs)", with the URL of the file and an update interval of one day; use the
alias in a rule as described in the index.
Update: render again; the firewall fetches at its interval. Lines that start with `#` are comments on both.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import Artifact, Capabilities


class UrlTableAlias(FeedTarget):
    """URL Table aliases."""

    name = "url-table-alias"
    title = "pfSense and OPNsense URL tables"
    vendor_page = "https://docs.netgate.com/pfsense/en/latest/firewall/aliases-types.html"
    proof = "second opinion"
    proof_detail = "read back line by line, the tables have exactly the plan's addresses"
    capabilities = Capabilities(addresses=True, directions=("outbound", "inbound"))
    limits = MappingProxyType({"entries": 200_000})

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield the table of a group."""
        if feed.prefixes:
            lines = [*self.header(plan), *(str(p) for p in feed.prefixes)]
            yield self.text(f"{feed.name}.txt", lines, entries=len(feed.prefixes))
