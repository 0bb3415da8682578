"""FortiGate: external resources of type address and domain that the firewall fetches by itself.

What it makes: for each group `…-address.txt` (one prefix a line) and `…-domain.txt` (one name or `*.name` a
line), and `index.txt`. No comment lines: an external feed takes entries alone.
Vendor page: https://docs.fortinet.com/document/fortigate/7.6.2/administration-guide/9463/external-feeds
What it says: addresses, exact names, and a wildcard in front of a name. What it cannot say: a star inside of a
label or in the middle; such names are a loss, or wider with `--allow-widen`, or the names seen with
`--observed`. A resource takes 131,072 entries and 10 MB before FortiOS 7.4.4 (the default here); later releases
count 300,000 addresses for the whole device. What is beyond is cut off silently by the device, so it is refused
here.
Install: `config system external-resource`, `set type address` (or `domain`), `set resource` with the URL, `set
refresh-rate 60`; name address resources as source or destination of a policy, domain resources in a DNS filter.
Update: render again; the device fetches by its refresh rate and keeps its copy while the server is away. An
empty file with status 200 would match nothing, so a group without entries has no file.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import Artifact, Capabilities


class FortigateFeed(FeedTarget):
    """External resources of FortiOS."""

    name = "fortigate-feed"
    title = "FortiGate external feeds"
    vendor_page = "https://docs.fortinet.com/document/fortigate/7.6.2/administration-guide/9463/external-feeds"
    proof = "second opinion"
    proof_detail = "read back line by line, the lists hold the plan's addresses and names and nothing else"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"), comments=False)
    limits = MappingProxyType({"entries": 131_072, "bytes": 10 * 1024 * 1024})

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Addresses and names of one feed."""
        for kind, entries in (("address", [str(p) for p in feed.prefixes]), ("domain", [h.text for h in feed.hosts])):
            if entries:
                yield self.text(f"{feed.name}-{kind}.txt", entries, entries=len(entries))
