"""Check Point (R81 and later): objects for a Generic Data Center.

Gateways follow changes of the objects without a policy installation.
Output: `m365.json`, an object with the ranges of each group of the plan, IPv4 and IPv6 together, and `index.txt`, which has
the ports, direction and the organization's side of the rule for each object.
Vendor page: https://support.checkpoint.com/results/sk/sk167210
Supported: addresses.
Not supported: names (a requirement without a published address is a loss; Network Feed objects support names: use the target
checkpoint-network-feed), ports, and groups of objects.
An object has the same `id` (UUID version 5 of its name) in every render, which the rules depend on.
The management server fetches every 60 seconds by default, and at most every 10. A rule with an object that is no longer in
the file has no addresses for it, so it is closed; an object that is gone stays in the file with one address that no machine
has, until its rule is removed (option `gone`), since a missing object is an error of the data center.
"""

from collections.abc import Iterator
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import CLOSED, FETCHED, PUBLISH, WITHDRAW, FeedTarget, closed_lines
from perimeter365.targets._bases.iac import comment, json_file
from perimeter365.targets._bases.list import index_lines
from perimeter365.targets.life import Manual
from perimeter365.targets.target import Artifact, Capabilities, ids

_SPACE = uuid5(NAMESPACE_URL, "https://perimeter365.invalid/checkpoint-gdc")
"""Constant: the ids of the objects, and so the rules, depend on it."""


class CheckpointGdc(FeedTarget):
    """Generic Data Center objects."""

    name = "checkpoint-gdc"
    title = "Check Point Generic Data Center"
    vendor_page = "https://support.checkpoint.com/results/sk/sk167210"
    comments = "utf-8"  # only index.txt has comments
    proof = "second opinion"
    proof_detail = "read back as JSON, each object has exactly its group's addresses, and the same id when they change"
    capabilities = Capabilities(addresses=True, directions=("outbound", "inbound"))
    own_names = True
    kept_names = r"m365[a-z0-9]*-[a-z0-9_-]{1,100}"
    limits = MappingProxyType({"name_length": 100})
    manual = Manual(
        where="the web server that the management server reads, in the folder of the files",
        install=(
            *PUBLISH,
            "# in SmartConsole: New > More > Cloud > Data Center > Generic Data Center, with the URL of m365.json and, if",
            "# needed, a header with a key; then use the objects in rules, as index.txt says, and install the policy",
        ),
        update=PUBLISH,
        remove=("# in SmartConsole: remove the rules, then the data center, and install the policy", WITHDRAW),
    )
    tried = FETCHED

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the file and the index."""
        feeds = [feed for feed in self.feeds(plan) if feed.prefixes]
        objects = [
            self._object(
                self.own_name(f"m365-{feed.name}"),
                f"Microsoft 365: {ids(feed.group.flows)}"[:250],
                [str(prefix) for prefix in feed.prefixes],
            )
            for feed in feeds
        ]
        for feed in feeds:
            self.announce(feed.group, [self.own_name(f"m365-{feed.name}")])
        self.kept.update({str(each["name"]): 0 for each in objects})
        gone = [name for name, _ in self.leaving()]
        objects += [
            self._object(name, "closed: remove its rule", [CLOSED["addresses"].removesuffix("/32")]) for name in gone
        ]
        document = {
            "version": "1.0",
            "description": "; ".join(comment(self, plan)),
            "objects": objects,
        }
        yield json_file(self, "m365.json", document, entries=sum(len(feed.prefixes) for feed in feeds))
        head = self.header(plan, "Each object and how many ranges it has; then what a rule over it says.", load=None)
        lines = [(feed.group, f"{self.own_name('m365-')}{feed.name} {len(feed.prefixes)}") for feed in feeds]
        yield self.text("index.txt", [*head, *index_lines(plan, lines), *closed_lines(gone)], entries=len(feeds))

    def _object(self, name: str, description: str, ranges: list[str]) -> dict[str, object]:
        self.check_limit("name_length", len(name), name)
        return {"name": name, "id": str(uuid5(_SPACE, name)), "description": description, "ranges": ranges}
