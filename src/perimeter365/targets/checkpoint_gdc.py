"""Check Point: a Generic Data Center file, whose objects gateways follow without a policy installation (R81 and later).

What it makes: `m365.json`, one object for each group of the plan with its ranges, IPv4 and IPv6 together, and `index.txt`,
which says what a rule over each object has to say of ports, direction and our side.
Vendor page: https://support.checkpoint.com/results/sk/sk167210
What it says: addresses. What it cannot say: names (a requirement without a published address is a loss; Network Feed
objects take names: target checkpoint-network-feed), ports, and groups of objects.
An object keeps its `id` (UUID version 5 of its name) through every render, which rules over it need.
Install: put the file on a web server, or on the management server; in SmartConsole New > More > Cloud > Data Center >
Generic Data Center, give the URL and, where wanted, a header with a key; then take the objects into rules. Update: render
again; the management fetches every 60 seconds by default, 10 at least. An object that is gone from the file leaves the
rules that name it without addresses: change them first.
"""

from collections.abc import Iterator
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets._bases.iac import comment, json_file
from perimeter365.targets._bases.list import index_lines
from perimeter365.targets.target import Artifact, Capabilities, ids

_SPACE = uuid5(NAMESPACE_URL, "https://perimeter365.invalid/checkpoint-gdc")
"""Never changes: objects in rules hang on it."""


class CheckpointGdc(FeedTarget):
    """Generic Data Center objects."""

    name = "checkpoint-gdc"
    title = "Check Point Generic Data Center"
    vendor_page = "https://support.checkpoint.com/results/sk/sk167210"
    proof = "second opinion"
    proof_detail = (
        "read back as JSON, each object holds its group's addresses and no other, and keeps its id when they change"
    )
    capabilities = Capabilities(addresses=True, directions=("outbound", "inbound"))
    limits = MappingProxyType({"name_length": 100})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The file, and the index."""
        feeds = [feed for feed in self.feeds(plan) if feed.prefixes]
        document = {
            "version": "1.0",
            "description": "; ".join(comment(self, plan)),
            "objects": [self._object(feed) for feed in feeds],
        }
        yield json_file(self, "m365.json", document, entries=sum(len(feed.prefixes) for feed in feeds))
        head = self.header(plan, "Each object and how many ranges it has; then what a rule over it says.")
        lines = [(feed.group, f"m365-{feed.name} {len(feed.prefixes)}") for feed in feeds]
        yield self.text("index.txt", [*head, *index_lines(plan, lines)], entries=len(feeds))

    def _object(self, feed: Feed) -> dict[str, object]:
        name = f"m365-{feed.name}"
        self.hold("name_length", len(name), name)
        return {
            "name": name,
            "id": str(uuid5(_SPACE, name)),
            "description": f"Microsoft 365: {ids(feed.group.flows)}"[:250],
            "ranges": [str(prefix) for prefix in feed.prefixes],
        }
