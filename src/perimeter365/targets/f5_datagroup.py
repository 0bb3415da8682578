"""F5 BIG-IP: external data groups for iRules and policies, of addresses and of names.

What it makes: for each group `…-address.class` and `…-string.class`, each entry with the requirement as its
value, and `index.txt`. No comments: a data group file takes records alone.
Vendor page: https://community.f5.com/kb/technicalarticles/irules-data-group-formatting-rules/287174
What it says: prefixes as `network` or `host` records. Names as strings for `class match … ends_with`: an exact
name stands as it is, a wildcard with its dot in front (`.sharepoint.com`), so that the apex is not in it; an
iRule compares exact names with `equals`. What it cannot say: a star inside of a label or in the middle.
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
    proof_detail = "a reader of the record syntax gives the plan's addresses and names back"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"), comments=False)

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Addresses and names of one feed."""
        # not `ids`, the function below: Python 3.12.1 then takes that for a local name
        addresses = [f'{_record(p)} := "{" ".join(needs)}",' for p, needs in feed.prefixes.items()]
        names = [f'"{h.text.removeprefix("*")}" := "{ids(flows)}",' for h, flows in feed.hosts.items()]
        for kind, lines in (("address", addresses), ("string", names)):
            if lines:
                yield self.text(f"{feed.name}-{kind}.class", lines, entries=len(lines))


def _record(prefix: Prefix) -> str:
    return f"host {prefix.address}" if prefix.size == 1 else f"network {prefix}"
