"""Check Point (R81.20 and later): flat lists for Network Feed objects.

Output: one list per group, addresses and names together, with comment lines; and `index.txt`.
Vendor page:
https://sc1.checkpoint.com/documents/R81.20/WebAdminGuides/EN/CP_R81.20_SecurityManagement_AdminGuide/Content/Topics-SECMG/Network_Feed.htm
Supported: prefixes, exact names (FQDN domains) and `*.name` (non-FQDN domains, which the gateway recognizes by reverse DNS
and by DNS responses that pass it, up to ten levels).
Not supported: a wildcard inside a label or in the middle of a name.
Gateways fetch at their own interval, without a policy installation. VSX does not support network feeds. The vendor does not
say what a gateway does with a feed that is gone, so a list that the plan no longer needs is closed first (option `gone`).
"""

from collections.abc import Iterator

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import FETCHED, PUBLISH, WITHDRAW, Feed, FeedTarget
from perimeter365.targets.life import Manual
from perimeter365.targets.target import Artifact, Capabilities


class CheckpointNetworkFeed(FeedTarget):
    """Flat lists for Network Feed objects."""

    name = "checkpoint-network-feed"
    title = "Check Point network feeds"
    vendor_page = (
        "https://sc1.checkpoint.com/documents/R81.20/WebAdminGuides/EN/CP_R81.20_SecurityManagement_AdminGuide/"
        "Content/Topics-SECMG/Network_Feed.htm"
    )
    proof = "second opinion"
    proof_detail = "read back line by line, the lists have exactly the plan's addresses and names"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"))
    manual = Manual(
        where="the web server that the gateways read, in the folder of the files",
        install=(
            *PUBLISH,
            "# in SmartConsole, for each list that you use: New > More > Network Object > Network Feed, format flat list,",
            "# data type domain and IP address, comment character #; then use it in a rule, as index.txt says",
        ),
        update=PUBLISH,
        remove=("# in SmartConsole: remove the rules, then the objects, and install the policy", WITHDRAW),
    )
    tried = FETCHED

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield the list of a group."""
        entries = [*(str(p) for p in feed.prefixes), *(h.text for h in feed.hosts)]
        yield from self.list_of(f"{feed.name}.txt", "addresses", entries, self.header(plan, load=None))
