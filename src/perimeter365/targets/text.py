"""Plain text: lists of addresses and hosts.

Output, for each cloud, scenario, direction and category, if not empty: `…-ip.txt` (both families), `…-ipv4.txt`,
`…-ipv6.txt` and `…-hosts.txt`, sorted, one entry per line; and `index.txt` with the direction, ends, ports and paths of the
rule for each group.

    13.107.6.152/31                      always with a prefix length, as few prefixes as possible
    2603:1006::/40
    *.sharepoint.com                     one or more labels before it, never sharepoint.com itself
    *cdn.onenote.net                     any characters in place of the asterisk, including dots, or none
    autodiscover.*.onmicrosoft.com       one or more whole labels

Vendor page: none; line ends are LF, the encoding is ASCII.
Supported: external ends, exactly as in the plan; check what an asterisk means to your program.
Not supported: URL paths (a host that is needed for one path is listed as a whole, with a loss), connections between internal
hosts, sites and DNS records.
Each list starts with comment lines that name catalog and profile; `header=off` omits them for programs without comments. The
lists of hosts of inbound groups are sources: a firewall cannot match them. A list without entries is removed, never left
empty; a program that keeps a copy of a missing list needs the target for it, which closes such lists first.
"""

from collections.abc import Iterator

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.list import Group, groups, index_lines
from perimeter365.targets._bases.ports import report_mixed_ports
from perimeter365.targets.life import Manual, does_not_apply, reader, tried
from perimeter365.targets.target import DROPPED, WIDENED, Artifact, Capabilities, Option, Target


class Text(Target):
    """Lists with one entry per line."""

    name = "text"
    side = "none"
    title = "Plain lists"
    kind = "data"
    vendor_page = "https://www.rfc-editor.org/rfc/rfc4632#section-3.1"
    proof = "second opinion"
    proof_detail = "read back line by line, the lists have exactly the plan's addresses and hosts"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX, GLUED, INNER), directions=("outbound", "inbound"))
    options = {"header": Option(default="on", choices=("on", "off"), help="comment lines at the top of each list")}
    manual = Manual(
        where="the folder of the files",
        install=("# use the lists with a program that reads them, as index.txt says",),
        remove=("# stop using the lists, then:", "rm *.txt"),
    )
    tried = (
        tried(reader("a parser of the index and the lists"), "install", "empty", "again", "grow", "shrink", "back", "remove")
        | tried(does_not_apply("the files are written as a whole, each under a temporary name first"), "interrupted")
        | tried(does_not_apply("each render is complete; there are no files of changes"), "unordered")
        | tried(does_not_apply("the files are in a folder of their own"), "neighbors")
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield up to four lists per group, and the index."""
        header = self.header(plan) if self.option("header") == "on" else []
        index: list[tuple[Group, str]] = []
        for group in groups(plan):
            report_mixed_ports(
                self, group.name, [f for f in group.flows if f.theirs and (f.theirs.prefixes or f.theirs.hosts)]
            )
            made = {name: lines for name, lines in _lists(group).items() if lines}
            for name, lines in made.items():
                yield self.text(name, [*header, *lines], entries=len(lines))
            if made:
                index.append((group, ", ".join(f"{name} {len(lines)}" for name, lines in made.items())))
        for flow in plan.flows:
            if flow.theirs is None:
                continue
            if not (flow.theirs.anyone or flow.theirs.hosts or flow.theirs.prefixes):
                self.report_loss(flow, DROPPED, "unknown-end")
            elif flow.direction == "outbound" and flow.path and flow.theirs.hosts:
                self.report_loss(flow, WIDENED, "no-paths", path=True)
        head = self.header(plan, "Each group: lists and entries; then what a rule over them says.")
        yield self.text("index.txt", [*head, *index_lines(plan, index)], entries=len(index))


def _lists(group: Group) -> dict[str, list[str]]:
    """Return the lines of a group's files by file name."""
    prefixes = group.prefixes
    return {
        f"{group.name}-ip.txt": [str(p) for p in prefixes],
        f"{group.name}-ipv4.txt": [str(p) for p in prefixes.prefixes(4)],
        f"{group.name}-ipv6.txt": [str(p) for p in prefixes.prefixes(6)],
        f"{group.name}-hosts.txt": [h.text for h in group.hosts],
    }
