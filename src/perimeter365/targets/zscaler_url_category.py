"""Zscaler Internet Access: URLs of custom categories.

What it makes: for each group with names one file, a URL a line, to be pasted or sent by API; and `index.txt`.
Vendor page: https://help.zscaler.com/zia/url-format-guidelines,
https://help.zscaler.com/zia/configuring-custom-url-categories
What it says: `host/` with or without a path, and `.name` for a name with up to five levels below it. So a
wildcard also holds its apex, and names more than five levels deep are not in it; a loss says so. What it cannot
say: a star inside of a label or in the middle, and addresses in URL fields: flows without names are a loss. An
organization has 64 custom categories and 25,000 custom URLs; a URL in two categories matches the first, so with
`split=category` or `split=all` fewer overlap.
Install: Administration > URL Categories > Add, paste the lines into Custom URLs; name the category in SSL
inspection (do not inspect), URL filtering or forwarding rules.
Update: render again, compare, paste; the API's `PUT /urlCategories/{id}` replaces a list as a whole.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import WIDENED, Artifact, Capabilities


class ZscalerUrlCategory(FeedTarget):
    """Custom URL categories."""

    name = "zscaler-url-category"
    title = "Zscaler URL categories"
    vendor_page = "https://help.zscaler.com/zia/url-format-guidelines"
    proof = "by eye"
    proof_detail = "the golden read against the URL format guidelines; entries are parsed back to the plan's names"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), directions=("outbound",), paths=True, comments=False)
    limits = MappingProxyType({"entries": 25_000, "categories": 64, "url_length": 1024})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The feeds, when their number fits."""
        made = list(super().artifacts(plan))
        self.hold("categories", len(made) - 1, "the plan", help="a coarser option split needs fewer")
        yield from made

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """The URLs of one feed."""
        urls: set[str] = set()
        for host, flows in feed.hosts.items():
            for flow in flows:
                if host.kind == SUFFIX:
                    reason = f"the entry holds {host.apex} itself too, and five levels below it"
                    self.lose(flow, WIDENED, host.text, reason, "name what is really used with --observed FILE")
                name = f".{host.apex}" if host.kind == SUFFIX else host.text
                urls.update(f"{name}{path.rstrip('*')}" for path in flow.path or ("",))
        for url in urls:
            self.hold("url_length", len(url), url)
        if urls:
            yield self.text(f"{feed.name}.txt", sorted(urls), entries=len(urls))
