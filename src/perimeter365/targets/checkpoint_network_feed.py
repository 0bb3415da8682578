"""Check Point: flat lists for Network Feed objects (R81.20 and later).

What it makes: one list a group, addresses and names together, with comment lines; and `index.txt`.
Vendor page:
https://sc1.checkpoint.com/documents/R81.20/WebAdminGuides/EN/CP_R81.20_SecurityManagement_AdminGuide/Content/Topics-SECMG/Network_Feed.htm
What it says: prefixes, exact names (FQDN domains) and `*.name` (non-FQDN domains, which the gateway recognizes
by reverse DNS and by what its DNS passing learns, up to ten levels). What it cannot say: a star inside of a
label or in the middle.
Install: a Network Feed object with the URL of the file, format "flat list", data type "domain and IP address",
comment character `#`; name it as source or destination. VSX does not support it.
Update: render again; gateways fetch by their own interval, without a policy installation.
"""

from collections.abc import Iterator

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import Artifact, Capabilities


class CheckpointNetworkFeed(FeedTarget):
    """Network Feed objects."""

    name = "checkpoint-network-feed"
    title = "Check Point network feeds"
    vendor_page = (
        "https://sc1.checkpoint.com/documents/R81.20/WebAdminGuides/EN/CP_R81.20_SecurityManagement_AdminGuide/"
        "Content/Topics-SECMG/Network_Feed.htm"
    )
    proof = "second opinion"
    proof_detail = "read back line by line, the lists hold the plan's addresses and names and nothing else"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"))

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """One list."""
        entries = [*(str(p) for p in feed.prefixes), *(h.text for h in feed.hosts)]
        if entries:
            yield self.text(f"{feed.name}.txt", [*self.header(plan), *entries], entries=len(entries))
