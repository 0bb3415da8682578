"""Zscaler Internet Access: URLs for custom categories.

Output: a file for each group with names, one URL per line, to paste or to send by API; and `index.txt`.
Vendor page: https://help.zscaler.com/zia/url-format-guidelines,
https://help.zscaler.com/zia/configuring-custom-url-categories
Supported: `host/` with or without a path, and `.name` for a name with up to five levels below it. So a wildcard also
includes its apex, and excludes names more than five levels deep, which is a loss.
Not supported: a wildcard inside a label or in the middle of a name, and addresses in URL fields; flows without names are
losses. An organization has 64 custom categories and 25,000 custom URLs. A URL in two categories matches the first one, so
`split=category` or `split=all` reduces the overlap.
Install: Administration > URL Categories > Add, paste the lines into Custom URLs; use the category in SSL inspection (do not
inspect), URL filtering or forwarding rules.
Update: render again, compare, paste; `PUT /urlCategories/{id}` of the API replaces a whole list.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets.target import NARROWED, Artifact, Capabilities


class ZscalerUrlCategory(FeedTarget):
    """URLs of custom categories."""

    name = "zscaler-url-category"
    title = "Zscaler URL categories"
    vendor_page = "https://help.zscaler.com/zia/url-format-guidelines"
    proof = "by eye"
    proof_detail = "a sample compared with the URL format guidelines; the entries are parsed back to the plan's names"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), directions=("outbound",), paths=True, comments=False)
    limits = MappingProxyType({"entries": 25_000, "categories": 64, "url_length": 1024})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the feeds, after a check of their number."""
        made = list(super().artifacts(plan))
        self.check_limit("categories", len(made) - 1, "the plan", help="use a coarser split")
        yield from made

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield the URLs of one feed."""
        urls: set[str] = set()
        for host, flows in feed.hosts.items():
            for flow in flows:
                if host.kind == SUFFIX:
                    self.report_widened(flow, host, "the entry also includes the domain itself")
                    self.report_loss(flow, NARROWED, "narrower-match", "the entry includes five levels of names", host=host)
                name = f".{host.apex}" if host.kind == SUFFIX else host.text
                urls.update(f"{name}{path.rstrip('*')}" for path in flow.path or ("",))
        for url in urls:
            self.check_limit("url_length", len(url), url)
        if urls:
            yield self.text(f"{feed.name}.txt", sorted(urls), entries=len(urls))
