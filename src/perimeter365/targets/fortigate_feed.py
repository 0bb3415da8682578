"""FortiGate: external resources of the types address and domain.

Output: for each group `…-address.txt` (one prefix per line) and `…-domain.txt` (one name or `*.name` per line), and
`index.txt`. There are no comment lines, since an external feed has entries only.
Vendor page: https://docs.fortinet.com/document/fortigate/7.6.2/administration-guide/9463/external-feeds
Supported: addresses, exact names, and a leading wildcard.
Not supported: a wildcard inside a label or in the middle of a name; such a name is dropped, widened with `--allow-widen`, or
replaced with observed names with `--observed`. A resource has at most 131,072 entries and 10 MB before FortiOS 7.4.4 (the
default here); later releases support 300,000 addresses for the whole device. The device silently ignores entries beyond the
limit, so a list that exceeds it is rejected here.
Install: `config system external-resource`, `set type address` (or `domain`), `set resource` with the URL, `set
refresh-rate 60`; use address resources as source or destination of a policy, domain resources in a DNS filter.
Update: render again. The device fetches at its refresh rate, and keeps its copy while the server is not reachable. An empty
file with status 200 would match nothing, so a group without entries has no file.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import Artifact, Capabilities


class FortigateFeed(FeedTarget):
    """External resources of a FortiGate."""

    name = "fortigate-feed"
    title = "FortiGate external feeds"
    vendor_page = "https://docs.fortinet.com/document/fortigate/7.6.2/administration-guide/9463/external-feeds"
    comments = "utf-8"  # only index.txt has comments
    proof = "second opinion"
    proof_detail = "read back line by line, the lists have exactly the plan's addresses and names"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"), comments=False)
    limits = MappingProxyType({"entries": 131_072, "bytes": 10 * 1024 * 1024})

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield addresses and names of one feed."""
        for kind, entries in (("address", [str(p) for p in feed.prefixes]), ("domain", [h.text for h in feed.hosts])):
            if entries:
                yield self.text(f"{feed.name}-{kind}.txt", entries, entries=len(entries))
