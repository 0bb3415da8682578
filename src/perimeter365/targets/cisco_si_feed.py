"""Cisco Secure Firewall: Security Intelligence feeds for the Do Not Block list.

Output: for each group `…-network.txt` and `…-domain.txt`, with comment lines; and `index.txt`.
Vendor page: https://docs.defenseorchestrator.com/cdfmc/c_custom_security_intelligence_lists_2.html
Supported: prefixes, and domains, which include all names below them. So an exact name also includes the names below it, and
a wildcard its apex; both are losses.
Not supported: a wildcard inside a label or in the middle of a name. Do Not Block exempts traffic from Security Intelligence
and allows nothing: the access rule is up to you, with network objects. A file has at most 500 MB; the device rejects `/0`
(which is never written here).
The management center fetches every 30 minutes or less often, and keeps the old feed if a new one is corrupt or missing, so a
list that the plan no longer needs is closed first (option `gone`).
"""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import FEED_OPTIONS, FETCHED, PUBLISH, SPLIT, WITHDRAW, Content, Feed, FeedTarget
from perimeter365.targets.life import Manual
from perimeter365.targets.target import Artifact, Capabilities


class CiscoSiFeed(FeedTarget):
    """Security Intelligence feeds."""

    name = "cisco-si-feed"
    title = "Cisco Security Intelligence feeds"
    vendor_page = "https://docs.defenseorchestrator.com/cdfmc/c_custom_security_intelligence_lists_2.html"
    denies_by_default = "no"
    proof = "second opinion"
    proof_detail = "read back line by line, the lists have the plan's addresses and the domains of its names"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"))
    limits = MappingProxyType({"bytes": 500 * 1024 * 1024})
    options = MappingProxyType({"split": replace(SPLIT, default="scenario"), **FEED_OPTIONS})
    by_ports = False
    manual = Manual(
        where="the web server that the management center reads, in the folder of the files",
        install=(
            *PUBLISH,
            "# in the management center: Objects > Security Intelligence > Network (or DNS) Lists and Feeds, add a feed",
            "# with the URL of each list, then add it to Do Not Block of the access control policy, and deploy",
        ),
        update=PUBLISH,
        remove=("# in the management center: remove the feeds from Do Not Block, deploy, then delete them", WITHDRAW),
    )
    tried = FETCHED

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield addresses and domains of one feed.

        A domain below another one of the feed is left out.
        """
        for host, flows in feed.hosts.items():
            for flow in flows:
                self.report_widened(flow, host, remedy="it only exempts from blocking")
        apexes = {host.apex for host in feed.hosts}
        domains = sorted(a for a in apexes if not any(a.endswith(f".{b}") for b in apexes))
        lists: tuple[tuple[str, Content, list[str]], ...] = (
            ("network", "addresses", [str(p) for p in feed.prefixes]),
            ("domain", "names", domains),
        )
        for kind, content, entries in lists:
            yield from self.list_of(f"{feed.name}-{kind}.txt", content, entries, self.header(plan, load=None))
