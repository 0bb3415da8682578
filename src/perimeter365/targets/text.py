"""Plain text: one list of addresses and one of hosts for each cloud, scenario, direction and category.

Makes, where there is something to list, `…-ip.txt` (both families), `…-ipv4.txt` and `…-ipv6.txt`, and
`…-hosts.txt`, one entry a line, sorted; and `index.txt`, which says for each group what a rule has to say of
direction, ends, ports and paths.

    13.107.6.152/31                      always with its length, the fewest prefixes that hold the addresses
    2603:1006::/40
    *.sharepoint.com                     one or more labels in front, never sharepoint.com itself
    *cdn.onenote.net                     any characters where the star stands, dots too, or none
    autodiscover.*.onmicrosoft.com       one or more whole labels

What it says: outside ends, exactly as the plan has them; what a star means to your program is yours to check. What it
cannot say: URL paths (a host that is needed for one path is listed whole, with a loss), connections between our own
hosts, sites and DNS records. There is no vendor; line ends are LF, the encoding is ASCII.

Install: give the files to whatever reads lists (a URL table of pfSense or OPNsense, a script, a web server). Each opens
with comment lines that name catalog and profile; `header=off` leaves them out for programs that take no comments.
Update: render again; a list that has nothing any more is removed, never left empty.
"""

from collections.abc import Iterator

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.list import Group, groups, index_lines
from perimeter365.targets.target import DROPPED, WIDENED, Artifact, Capabilities, Option, Target


class Text(Target):
    """Lists for programs that read one entry a line."""

    name = "text"
    title = "Plain lists"
    kind = "data"
    vendor_page = "https://www.rfc-editor.org/rfc/rfc4632#section-3.1"
    proof = "second opinion"
    proof_detail = "read back line by line, the lists hold the plan's addresses and hosts and nothing else"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX, GLUED, INNER), directions=("outbound", "inbound"))
    options = {"header": Option(default="on", choices=("on", "off"), help="comment lines on top of lists")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Up to four lists a group, and the index."""
        header = self.header(plan) if self.option("header") == "on" else []
        index: list[tuple[Group, str]] = []
        for group in groups(plan):
            made = {name: lines for name, lines in _lists(group).items() if lines}
            for name, lines in made.items():
                yield self.text(name, [*header, *lines], entries=len(lines))
            if made:
                index.append((group, ", ".join(f"{name} {len(lines)}" for name, lines in made.items())))
        for flow in plan.flows:
            if flow.theirs is None:
                self.lose(flow, DROPPED, "all", "lists hold outside ends; this has none", "write a rule")
            elif not (flow.theirs.anyone or flow.theirs.hosts or flow.theirs.prefixes):
                self.lose(flow, DROPPED, "all", "neither host nor address is known", "ask the vendor")
            elif flow.direction == "outbound" and flow.path and flow.theirs.hosts:
                reason = "a list of hosts has no URL paths; the whole host is listed"
                self.lose(flow, WIDENED, ",".join(flow.path), reason, "limit the path on a proxy")
        head = self.header(plan, "Each group: lists and entries; then what a rule over them says.")
        yield self.text("index.txt", [*head, *index_lines(plan, index)], entries=len(index))


def _lists(group: Group) -> dict[str, list[str]]:
    """The lines of a group's files, by file name."""
    prefixes = group.prefixes
    return {
        f"{group.name}-ip.txt": [str(p) for p in prefixes],
        f"{group.name}-ipv4.txt": [str(p) for p in prefixes.prefixes(4)],
        f"{group.name}-ipv6.txt": [str(p) for p in prefixes.prefixes(6)],
        f"{group.name}-hosts.txt": [h.text for h in group.hosts],
    }
