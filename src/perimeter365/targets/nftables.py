"""nftables: the plan as one table in the forward hook of a Linux router.

Makes `perimeter365.nft`: the table `inet perimeter365` with a named interval set for each distinct list of addresses,
and one counted rule for each requirement, family and protocol, commented with the requirement's id.

    nft -f perimeter365.nft         # load it (-c: would it load?); the same command every night updates it

A load replaces the table in one transaction: packets meet the old rules or the new ones, never none, and a file that
fails leaves the old ones. Other tables are not touched. Counters start again at zero. For the start of the system,
include the file from /etc/nftables.conf, behind its `flush ruleset`.

The load leaves nothing of an earlier plan, so it needs no difference. Rendered with --since there is one all the
same, `changes.nft`, also one transaction: it adds and deletes elements of sets, and fills the chain anew only where
rules have changed (they have no names to delete them by); counters live on through a change of addresses.

What it does to packets that this router forwards, IPv4 and IPv6, in this order:

    established, related    pass: answers, and ICMP errors of a connection, such as packet too big
    neighbor discovery      passes: routers do not forward it, bridges with br_netfilter do (RFC 4890)
    invalid                 is dropped: connection tracking needs a router that sees both directions
    the plan                passes: new connections, from the end that opens them
    everything else         is refused, also what has nothing to do with Microsoft (option `refuse`)

Every table of a hook has to accept a packet, so what else this router forwards cannot be allowed elsewhere: it needs
`refuse=pass`, which refuses nothing and, with `log=yes` and the counters, is the trial that should come first. The
router's own traffic (input, output) is not judged. A connection that stands when its rule goes stays established until
`conntrack -D` ends it. The hook sees addresses after destination NAT and before source NAT: where this router
translates, give roles their inner addresses. Sources can be forged: keep reverse path filtering on. A rule to or from
anyone matches no address there, so it holds between inner networks, too: with `outside=wan0` whatever crosses the
perimeter passes at that interface alone. Host names and URL paths are not seen; losses say where that matters.
"""

from collections.abc import Iterator

from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl
from perimeter365.targets.since import Item, difference
from perimeter365.targets.target import Artifact

TABLE = "inet perimeter365"
COMMENT = 128
"""The longest comment of a rule, in bytes (NFTNL_UDATA_COMMENT_MAXLEN)."""
DISCOVERY = "nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert"


class Nftables(acl.AclTarget):
    """The plan as an nftables table."""

    name = "nftables"
    title = "nftables"
    vendor_page = "https://www.netfilter.org/projects/nftables/manpage.html"
    proof = "consumer"
    proof_detail = "nft loads it; packets through a router pass or are refused as the plan says"
    options = acl.STATEFUL_OPTIONS
    differs = True

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One file, to be loaded with `nft -f`, and, when there is an earlier render, one of what has changed since."""
        sets, planned = self.contents(plan)
        rules = [*self._before(), *planned, *self._behind()]
        lines = [
            *self.header(plan, "Load with: nft -f perimeter365.nft"),
            f"add table {TABLE}",
            f"delete table {TABLE}",
            f"table {TABLE} {{",
            *(line for item in sets for line in _set(item)),
            "\tchain forward {",
            f"\t\ttype filter hook forward priority filter; policy {self._policy()};",
            *(f"\t\t{line}" for line in rules),
            "\t}",
            "}",
        ]
        yield self.text("perimeter365.nft", lines, entries=len(planned))
        if earlier := self.earlier():
            old_sets, old_planned = type(self)(earlier.style).contents(earlier.plan)
            lines = list(_changes(old_sets, sets, rules if planned != old_planned else []))
            head = self.header(plan, "What has changed, as one transaction. Load with: nft -f changes.nft")
            yield self.text("changes.nft", [*head, *lines], entries=len(lines))

    def contents(self, plan: Plan) -> tuple[list[Item], list[str]]:
        """The sets of addresses, and the rules that say the plan."""
        rules = list(self.rules(plan))
        names = acl.address_groups(rules)
        sets = [
            Item(kind=f"ipv{'4' if addresses.v4 else '6'}_addr", name=name, parts=tuple(map(str, addresses)))
            for addresses, name in names.items()
        ]
        return sets, [_rule(rule, names, self.option("outside")) for rule in rules]

    def _policy(self) -> str:
        return "drop" if self.option("refuse") != "pass" else "accept"

    def _before(self) -> Iterator[str]:
        """What passes or is dropped whatever the plan says."""
        yield "ct state established,related accept"
        yield f"icmpv6 type {{ {DISCOVERY} }} ip6 hoplimit 255 accept"
        if self.option("refuse") != "pass":
            yield "ct state invalid drop"

    def _behind(self) -> Iterator[str]:
        """What becomes of everything else."""
        if self.option("log") == "yes":
            yield f'limit rate 10/second burst 20 packets log prefix "{acl.LOG_PREFIX}"'
        answers = {"reject": " reject with icmpx admin-prohibited", "drop": " drop", "pass": ""}
        yield "counter" + answers[self.option("refuse")]


def _set(item: Item) -> Iterator[str]:
    """A named set. A PrefixSet's prefixes are disjoint, which an interval set insists on."""
    yield f"\tset {item.name} {{"
    yield f"\t\ttype {item.kind}"
    yield "\t\tflags interval"
    yield "\t\telements = {"
    yield from (f"\t\t\t{part}," for part in item.parts)
    yield "\t\t}"
    yield "\t}"


def _changes(before: list[Item], after: list[Item], rules: list[str]) -> Iterator[str]:
    """Sets, elements, rules, if they have changed, sets. In a transaction the order is the kernel's need, not the packets':
    an element goes before another one that overlaps it comes.
    """
    added, removed = difference(before, after)
    for change in removed:
        if not change.whole:
            yield f"delete element {TABLE} {change.item.name} {{ {', '.join(change.parts)} }}"
    for change in added:
        if change.whole:
            yield f"add set {TABLE} {change.item.name} {{ type {change.item.kind}; flags interval; }}"
        yield f"add element {TABLE} {change.item.name} {{ {', '.join(change.parts)} }}"
    if rules:
        yield f"flush chain {TABLE} forward"
        yield from (f"add rule {TABLE} forward {rule}" for rule in rules)
    yield from (f"delete set {TABLE} {change.item.name}" for change in removed if change.whole)


def _rule(rule: acl.Rule, names: dict[PrefixSet, str], outside: str) -> str:
    """One rule: the interface, the ends that are named, the ports, and why."""
    ip = "ip" if rule.family == 4 else "ip6"
    ports = acl.port_words(rule.ports)
    crossing = acl.CROSSING[rule.flow.direction]
    words = [f'{crossing}ifname "{outside}"'] if crossing and outside else []
    if rule.source is not None:
        words.append(f"{ip} saddr @{names[rule.source]}")
    if rule.destination is not None:
        words.append(f"{ip} daddr @{names[rule.destination]}")
    words.append(f"{rule.protocol} dport {ports[0] if len(ports) == 1 else '{ ' + ', '.join(ports) + ' }'}")
    words.append(f'counter accept comment "{acl.rule_comment(rule, COMMENT)}"')
    return " ".join(words)
