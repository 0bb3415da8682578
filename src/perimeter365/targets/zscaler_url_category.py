"""Zscaler Internet Access: URLs for custom categories.

Output: a file for each group with names, one URL per line, to paste or to send by API; and `index.txt`.
Vendor page: https://help.zscaler.com/zia/url-format-guidelines,
https://help.zscaler.com/zia/configuring-custom-url-categories
Supported: a host with or without a path (option `paths`), and `.name` for a name with up to five levels below it. So a
wildcard also includes its apex, and excludes names more than five levels deep, which is a loss.
Not supported: a wildcard inside a label or in the middle of a name, and addresses in URL fields; flows without names are
losses. An organization has 64 custom categories and 25,000 custom URLs. A URL in two categories matches the first one, so
`split=category` or `split=all` reduces the overlap.
A category is a list that a person or the API writes, so one that the plan no longer needs keeps its URLs until it is
written again: such a list is closed, with a name that never exists, until its rules are removed (option `gone`).
"""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import GONE, PATHS, SPLIT, Feed, FeedTarget
from perimeter365.targets.life import Manual, model, tried
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
    options = MappingProxyType({"split": replace(SPLIT, default="scenario"), "paths": PATHS, "gone": GONE})
    by_ports = False
    manual = Manual(
        where="the admin portal, or its API",
        install=(
            "# Administration > URL Categories > Add: a category for each list of index.txt, its lines in Custom URLs",
            "# use it in SSL inspection (do not inspect), URL filtering or forwarding rules, then activate the changes",
        ),
        update=(
            "# replace the Custom URLs of each category by the lines of its list (PUT /urlCategories/ID replaces all)",
            "# activate the changes",
        ),
        remove=("# remove the rules, then the categories, and activate the changes",),
    )
    tried = tried(model("the portal's URL categories"))

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
                urls.update(f"{name}{path.rstrip('*')}" for path in self.paths(flow) or ("",))
        for url in urls:
            self.check_limit("url_length", len(url), url)
        yield from self.list_of(f"{feed.name}.txt", "names", sorted(urls))
