"""FortiGate: external resources of the types address and domain.

Output: for each group `…-address.txt` (one prefix per line) and `…-domain.txt` (one name or `*.name` per line), and
`index.txt`. There are no comment lines, since an external feed has entries only.
Vendor page: https://docs.fortinet.com/document/fortigate/7.6.2/administration-guide/9463/external-feeds
Supported: addresses, exact names, and a leading wildcard.
Not supported: a wildcard inside a label or in the middle of a name; such a name is dropped, widened with `--allow-widen`, or
replaced with observed names with `--observed`. A resource has at most 131,072 entries and 10 MB before FortiOS 7.4.4 (the
default here); later releases support 300,000 addresses for the whole device. The device silently ignores entries beyond the
limit, so a list that exceeds it is rejected here.
The device fetches at its refresh rate, and keeps its copy while the server cannot be reached. So a list that the plan no
longer needs is closed before it is removed (option `gone`). Address resources are the source or destination of a policy,
domain resources belong to a DNS filter.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import FETCHED, PUBLISH, WITHDRAW, Feed, FeedTarget
from perimeter365.targets.life import Manual
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
    manual = Manual(
        where="the web server that the firewalls read, in the folder of the files",
        install=(
            *PUBLISH,
            "# on the FortiGate, for each list of index.txt: config system external-resource, edit NAME,",
            "# set type address (or domain), set resource URL, set refresh-rate 60, end; then use it in the policy",
        ),
        update=PUBLISH,
        remove=("# on the FortiGate: remove the policies, then the external resources", WITHDRAW),
    )
    tried = FETCHED

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield addresses and names of one feed."""
        yield from self.list_of(f"{feed.name}-address.txt", "addresses", [str(p) for p in feed.prefixes])
        yield from self.list_of(f"{feed.name}-domain.txt", "names", [h.text for h in feed.hosts])
