"""SonicWall: files for Dynamic External Address Groups (DEAG).

Output: for each group `…-ip.txt` and `…-fqdn.txt`, without comments, and `index.txt`. A file has one kind of entries.
Vendor page:
https://sonicwall.com/support/technical-documentation/docs/sonicos-7-1-objects//Content/Match_Objects/Dynamic_Group/about-deag-file.htm
Supported: prefixes and exact names.
Not supported: wildcards; each is a loss unless `--observed` lists the names in use. The number of entries in a group depends
on the model (vendor's table "DEAG and DEAO maximums"), and each group itself counts as one object. The limit here is that
of small models; raise it with `--limit sonicwall-deag.entries=N`.
Install: Object > Match Objects > Dynamic Group, with the type and URL (HTTPS or FTP) of the file; use the group in an access
rule.
Update: render again; the firewall downloads at its interval. Keep the two kinds separate, since the vendor discourages mixed
files.
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
    comments = "utf-8"  # only index.txt has comments
    proof = "second opinion"
    proof_detail = "read back line by line, the files have exactly the plan's addresses and exact names"
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), directions=("outbound", "inbound"), comments=False)
    limits = MappingProxyType({"entries": 24_999})
    host_reason = "an FQDN group does not support wildcards"

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield addresses and names of one feed."""
        for kind, entries in (("ip", [str(p) for p in feed.prefixes]), ("fqdn", [h.text for h in feed.hosts])):
            if entries:
                yield self.text(f"{feed.name}-{kind}.txt", entries, entries=len(entries))
