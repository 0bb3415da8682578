"""pfSense and OPNsense: tables for URL Table aliases.

Output: a file for each group with one prefix per line, IPv4 and IPv6, and `index.txt`.
Vendor page: https://docs.netgate.com/pfsense/en/latest/firewall/aliases-types.html,
https://docs.opnsense.org/manual/aliases.html
Supported: addresses.
Not supported: wildcard names (aliases do not have them), and ports, which belong to the rule. Flows without addresses are
losses. All tables together should use at most half of "Firewall Maximum Table Entries" (400,000 by default), so the limit
here is 200,000.
Lines that start with `#` are comments on both. The firewall downloads at its interval, in days, and keeps its copy when it
cannot, so a table that the plan no longer needs is closed first (option `gone`).
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import FETCHED, PUBLISH, WITHDRAW, Feed, FeedTarget
from perimeter365.targets.life import Manual
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
    manual = Manual(
        where="the web server that the firewalls read, in the folder of the files",
        install=(
            *PUBLISH,
            "# on the firewall, for each table of index.txt: Firewall > Aliases, type URL Table (IPs), URL of the file, one",
            "# day; then use the alias in a rule, as index.txt says",
        ),
        update=PUBLISH,
        remove=("# on the firewall: remove the rules, then the aliases", WITHDRAW),
    )
    tried = FETCHED

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield the table of a group."""
        yield from self.list_of(f"{feed.name}.txt", "addresses", [str(p) for p in feed.prefixes], self.header(plan))
