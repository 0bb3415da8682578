"""Juniper SRX: feed-server bundle for dynamic addresses.

Output: `m365.tgz` with a plain file for each group, one prefix per line, and `index.txt`. The same plan gives the same
bytes, so the web server's ETag only changes with the lists.
Vendor page:
https://community.juniper.net/blogs/karel-hendrych/2025/11/30/srx-dynamic-ip-objects-aka-feed-server
Supported: addresses, also several hundred thousand.
Not supported: names; flows without addresses are losses.
The server has to use HTTPS and to answer HEAD requests with Last-Modified or ETag. The SRX checks every 30 seconds or less
often, without a commit. What it does with a feed that is no longer in the bundle is not documented, so such a feed stays in
it, closed, until its policy is removed (option `gone`).
"""

import io
import tarfile
import zlib
from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import CLOSED, FETCHED, PUBLISH, WITHDRAW, FeedTarget, closed_lines
from perimeter365.targets._bases.list import index_lines
from perimeter365.targets.life import Manual
from perimeter365.targets.target import Artifact, Capabilities


class SrxFeed(FeedTarget):
    """Feed-server bundle of dynamic addresses."""

    name = "srx-feed"
    title = "Juniper SRX feed server"
    vendor_page = "https://community.juniper.net/blogs/karel-hendrych/2025/11/30/srx-dynamic-ip-objects-aka-feed-server"
    comments = "utf-8"  # only index.txt has comments
    proof = "second opinion"
    proof_detail = "tar and gzip unpack it; its files contain the plan's addresses"
    capabilities = Capabilities(addresses=True, directions=("outbound", "inbound"), comments=False)
    kept_names = r"[a-z0-9][a-z0-9_-]{0,180}"
    manual = Manual(
        where="the web server that the SRX reads, in the folder of the files",
        install=(
            *PUBLISH,
            "# on the SRX: set security dynamic-address feed-server m365 url https://SERVER/m365/srx-feed/m365.tgz",
            "# and for each feed NAME of index.txt that you use:",
            "# set security dynamic-address feed-server m365 feed-name NAME path NAME",
            "# set security dynamic-address address-name NAME profile feed-name NAME",
        ),
        update=PUBLISH,
        remove=("# on the SRX: delete the policies, then security dynamic-address feed-server m365, and commit", WITHDRAW),
    )
    tried = FETCHED

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the bundle and the index."""
        feeds = [feed for feed in self.feeds(plan) if feed.prefixes]
        files = {feed.name: "".join(f"{p}\n" for p in feed.prefixes).encode() for feed in feeds}
        self.kept.update(dict.fromkeys(files, 0))
        gone = [name for name, _ in self.leaving()]
        files |= {name: f"{CLOSED['addresses']}\n".encode() for name in gone}
        for feed in feeds:
            self.announce(feed.group, [feed.name])
        yield Artifact(name="m365.tgz", content=bundle(files), entries=sum(len(f.prefixes) for f in feeds))
        index = [(f.group, f"{f.name} {len(f.prefixes)}") for f in feeds]
        head = self.header(plan, "Each feed: name and entries; then what a policy over it says.", load=None)
        lines = [*head, *index_lines(plan, index), *closed_lines(gone)]
        yield self.text("index.txt", lines, entries=len(index))


def bundle(files: dict[str, bytes]) -> bytes:
    """Make a reproducible gzipped tar archive.

    The files are sorted, owned by root, and dated 1970.
    """
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    # gzip.compress would write the number of the operating system, which differs between machines.
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(raw.getvalue()) + packer.flush()
