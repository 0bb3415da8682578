"""Cisco Secure Firewall: Security Intelligence feeds and lists, for the Do Not Block side.

What it makes: for each group `…-network.txt` and `…-domain.txt`, with comment lines; and `index.txt`.
Vendor page: https://docs.defenseorchestrator.com/cdfmc/c_custom_security_intelligence_lists_2.html
What it says: prefixes, and domains, each of which holds all names below it. So an exact name is wider by the
names below it and a wildcard by its apex, which a loss says. What it cannot say: a star inside of a label or in
the middle. Do Not Block exempts from Security Intelligence and allows nothing: the access rule is still yours
to write, with network objects. A file is at most 500 MB; `/0` is refused by the device (and never written
here).
Install: Objects > Security Intelligence > Network (or DNS) Lists and Feeds, add a feed with the URL, then put
it under Do Not Block of the access control policy.
Update: render again; the management center fetches every 30 minutes or slower, and keeps the old feed if a new
one is corrupt.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import WIDENED, Artifact, Capabilities


class CiscoSiFeed(FeedTarget):
    """Security Intelligence lists."""

    name = "cisco-si-feed"
    title = "Cisco Security Intelligence feeds"
    vendor_page = "https://docs.defenseorchestrator.com/cdfmc/c_custom_security_intelligence_lists_2.html"
    proof = "second opinion"
    proof_detail = "read back line by line, the lists hold the plan's addresses and the domains of its names"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"))
    limits = MappingProxyType({"bytes": 500 * 1024 * 1024})

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Addresses and domains of one feed; a domain below another one of the feed is not repeated."""
        for host, flows in feed.hosts.items():
            for flow in flows:
                more = f"{host.apex} itself" if host.kind == SUFFIX else "every name below it"
                self.lose(flow, WIDENED, host.text, f"a domain entry holds {more} too", "it only exempts from blocking")
        apexes = {host.apex for host in feed.hosts}
        domains = sorted(a for a in apexes if not any(a.endswith(f".{b}") for b in apexes))
        for kind, entries in (("network", [str(p) for p in feed.prefixes]), ("domain", domains)):
            if entries:
                yield self.text(f"{feed.name}-{kind}.txt", [*self.header(plan), *entries], entries=len(entries))
