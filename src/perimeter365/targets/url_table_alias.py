"""pfSense and OPNsense: tables for URL Table aliases.

What it makes: one file a group with a prefix a line, IPv4 and IPv6, and `index.txt`.
Vendor page: https://docs.netgate.com/pfsense/en/latest/firewall/aliases-types.html,
https://docs.opnsense.org/manual/aliases.html
What it says: addresses. What it cannot say: names with a wildcard (aliases take none), and ports, which belong
to the rule; flows without addresses are a loss. All tables together should fill no more than half of "Firewall
Maximum Table Entries" (400,000 by default): the limit here is 200,000.
Install: Firewall > Aliases, type "URL Table (IPs)", the URL of the file and an update interval of one day; name
the alias in a rule as the index says.
Update: render again; the firewall fetches by its interval. Lines that start with `#` are comments on both.
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
    proof_detail = "read back line by line, the tables hold the plan's addresses and nothing else"
    capabilities = Capabilities(addresses=True, directions=("outbound", "inbound"))
    limits = MappingProxyType({"entries": 200_000})

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """One table."""
        if feed.prefixes:
            lines = [*self.header(plan), *(str(p) for p in feed.prefixes)]
            yield self.text(f"{feed.name}.txt", lines, entries=len(feed.prefixes))
