"""SonicWall: files for Dynamic External Address Groups (DEAG).

Output: for each group `…-ip.txt` and `…-fqdn.txt`, without comments, and `index.txt`. A file has one kind of entries.
Vendor page:
https://sonicwall.com/support/technical-documentation/docs/sonicos-7-1-objects//Content/Match_Objects/Dynamic_Group/about-deag-file.htm
Supported: prefixes and exact names.
Not supported: wildcards; each is a loss unless `--observed` lists the names in use. SonicOS has wildcard FQDN objects, which
learn addresses from DNS answers that pass the firewall; create them by hand. How many entries a group can have depends on
the model (the vendor's table "DEAG and DEAO Maximums"). No limit is checked here; index.txt has the numbers to compare. Each
group counts as one entry more. The vendor discourages files that mix addresses and names. The firewall downloads at its
interval and keeps its copy when it cannot, so a list that the plan no longer needs is closed first (option `gone`).
"""

from collections.abc import Iterator

from perimeter365.model.host import EXACT
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import FETCHED, PUBLISH, WITHDRAW, Feed, FeedTarget
from perimeter365.targets.life import Manual
from perimeter365.targets.target import Artifact, Capabilities


class SonicwallDeag(FeedTarget):
    """Dynamic External Address Groups."""

    name = "sonicwall-deag"
    title = "SonicWall dynamic address groups"
    vendor_page = (
        "https://sonicwall.com/support/technical-documentation/docs/sonicos-7-1-objects//Content/Match_Objects/"
        "Dynamic_Group/about-deag-file.htm"
    )
    comments = "utf-8"  # only index.txt has comments
    proof = "second opinion"
    proof_detail = "read back line by line, the files have exactly the plan's addresses and exact names"
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), directions=("outbound", "inbound"), comments=False)
    host_reason = "an FQDN group does not support wildcards"
    manual = Manual(
        where="the web server that the firewalls read, by HTTPS or FTP, in the folder of the files",
        install=(
            *PUBLISH,
            "# on the firewall, for each list that you use: Object > Match Objects > Dynamic Group, type IP or FQDN, URL of",
            "# the file; then use the group in an access rule, as index.txt says",
        ),
        update=PUBLISH,
        remove=("# on the firewall: remove the access rules, then the groups", WITHDRAW),
    )
    tried = FETCHED

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield addresses and names of one feed."""
        yield from self.list_of(f"{feed.name}-ip.txt", "addresses", [str(p) for p in feed.prefixes])
        yield from self.list_of(f"{feed.name}-fqdn.txt", "names", [h.text for h in feed.hosts])
