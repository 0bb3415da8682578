"""SonicWall: files for Dynamic External Address Groups (DEAG), one kind a file.

What it makes: for each group `…-ip.txt` and `…-fqdn.txt`, without comments; and `index.txt`.
Vendor page:
https://sonicwall.com/support/technical-documentation/docs/sonicos-7-1-objects//Content/Match_Objects/Dynamic_Group/about-deag-file.htm
What it says: prefixes, and exact names. What it cannot say: any wildcard; each is a loss unless `--observed`
names what was really seen under it. How many entries a group takes depends on the model (vendor's table "DEAG
and DEAO maximums"); each group also holds an object of its own, so one less. The limit here is that of the
small models; raise it with `--limit sonicwall-deag.entries=N`.
Install: Object > Match Objects > Dynamic Group, type and URL (HTTPS or FTP) of the file; name the group in an
access rule.
Update: render again; the firewall downloads by its interval. Keep both kinds apart: a mixed file is
discouraged.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import Artifact, Capabilities


class SonicwallDeag(FeedTarget):
    """Dynamic External Address Groups."""

    name = "sonicwall-deag"
    title = "SonicWall dynamic address groups"
    vendor_page = (
        "https://sonicwall.com/support/technical-documentation/docs/sonicos-7-1-objects//Content/Match_Objects/"
        "Dynamic_Group/about-deag-file.htm"
    )
    proof = "second opinion"
    proof_detail = "read back line by line, the files hold the plan's addresses and exact names and nothing else"
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), directions=("outbound", "inbound"), comments=False)
    limits = MappingProxyType({"entries": 24_999})
    host_reason = "an FQDN group takes no wildcard"

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Addresses and names of one feed."""
        for kind, entries in (("ip", [str(p) for p in feed.prefixes]), ("fqdn", [h.text for h in feed.hosts])):
            if entries:
                yield self.text(f"{feed.name}-{kind}.txt", entries, entries=len(entries))
