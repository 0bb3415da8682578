"""F5 BIG-IP: external data groups of addresses and names, for iRules and policies.

Output: for each group `…-address.class` and `…-string.class`, with the requirements as the value of each entry, and
`index.txt`. There are no comments, since a data group file has records only.
Vendor page: https://community.f5.com/kb/technicalarticles/irules-data-group-formatting-rules/287174
Supported: prefixes as `network` or `host` records; names as strings for `class match … ends_with`. An exact name is written
as it is, and a wildcard with its leading dot (`.sharepoint.com`), which excludes the apex. An iRule must compare exact names
with `equals`.
Not supported: a wildcard inside a label or in the middle of a name.
Install: `create sys file data-group NAME type ip source-path file:/…` (or `string`), then `create ltm
data-group external NAME external-file-name NAME`.
Update: `modify sys file data-group NAME source-path file:/…`.
"""

from collections.abc import Iterator

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import Artifact, Capabilities, ids


class F5Datagroup(FeedTarget):
    """External data groups."""

    name = "f5-datagroup"
    title = "F5 data groups"
    vendor_page = "https://community.f5.com/kb/technicalarticles/irules-data-group-formatting-rules/287174"
    proof = "second opinion"
    proof_detail = "read back from the records, the addresses and names are those of the plan"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"), comments=False)

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield addresses and names of one feed."""
        # not named `ids` like the function: Python 3.12.1 treats that as a local name below
        addresses = [f'{_record(p)} := "{" ".join(needs)}",' for p, needs in feed.prefixes.items()]
        names = [f'"{h.text.removeprefix("*")}" := "{ids(flows)}",' for h, flows in feed.hosts.items()]
        for kind, lines in (("address", addresses), ("string", names)):
            if lines:
                yield self.text(f"{feed.name}-{kind}.class", lines, entries=len(lines))


def _record(prefix: Prefix) -> str:
    return f"host {prefix.address}" if prefix.size == 1 else f"network {prefix}"
