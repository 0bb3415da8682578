"""nftables: the plan as a table in the forward hook of a Linux router.

Output: `perimeter365.nft`: the table `inet perimeter365` with a named interval set for each distinct list of addresses, and
a rule with a counter for each requirement, family and protocol, with the requirement's id as comment.
Vendor page: nft(8).
Supported: both ends by address, protocol and ports, all three directions.
Not supported: host names and URL paths, which are losses.
A load replaces the table in one transaction: packets see the old rules or the new ones, and a file with an error changes
nothing. Other tables are not touched. Counters start at zero. To load it at system start, include the file in
/etc/nftables.conf, after `flush ruleset`. A load removes all rules of earlier plans, so --since is not needed. With --since
there is also `changes.nft`, a transaction that adds and deletes elements of sets, and rebuilds the chain only if rules have
changed (rules have no names by which to delete them); counters survive a change of addresses. Loaded a second time, it fails
and changes nothing; the full file can be loaded at any time.
Packets that the router forwards, IPv4 and IPv6, are processed in this order:

    established, related    accepted: replies, and ICMP errors of a connection, such as packet too big
    neighbor discovery      accepted: routers do not forward it, but bridges with br_netfilter do (RFC 4890)
    invalid                 dropped: connection tracking needs a router that sees both directions
    the plan                accepted: new connections, from the end that opens them
    everything else         refused, also traffic unrelated to Microsoft (option `refuse`)

Every table of a hook has to accept a packet, so other traffic cannot be allowed in another table: use `refuse=pass`, which
refuses nothing and, with `log=yes` and the counters, is the recommended first trial. The router's own traffic (input,
output) is not filtered. For the same reason, several organizations (option `prefix`) on a router need `refuse=pass`, or one
of the targets `iptables` and `ipset`, whose chains follow each other. A connection that is established when its rule is
removed stays so until `conntrack -D` ends it. The hook sees addresses after destination NAT and before source NAT. If it
translates, give the role both sides in the profile.
Sources can be spoofed: keep reverse path filtering on. A rule from or to anyone has no address to match, so it also applies
between internal networks: with `outside=wan0`, traffic that crosses the perimeter is only allowed on that interface.
"""

from collections.abc import Iterator, Mapping

from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.since import ConfigItem, difference
from perimeter365.targets.target import Artifact

COMMENT = 128  # bytes of a rule's comment at most (NFTNL_UDATA_COMMENT_MAXLEN)
DISCOVERY = "nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert"


class Nftables(acl.AclTarget):
    """Table of nftables."""

    name = "nftables"
    title = "nftables"
    vendor_page = "https://www.netfilter.org/projects/nftables/manpage.html"
    denies_by_default = "family"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "nft loads it; a router forwards or refuses packets according to the plan"
    options = acl.STATEFUL_OPTIONS
    supports_since = True
    own_names = True
    manual = Manual(
        where="a shell of the router, as root, in the folder of the files",
        install=("nft -c -f perimeter365.nft", "nft -f perimeter365.nft"),
        changes=("nft -f changes.nft",),
        remove=("nft 'add table inet {table}; delete table inet {table}'",),
        besides="refuses every other connection that the router forwards, IPv4 and IPv6",
        first="render with refuse=pass and log=yes, which refuses nothing, and look at the log",
    )
    tried = tried(program("nft 1.0.6, with packets through a router"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the name of the table."""
        return {**super().words(), "table": self.own_name("perimeter365")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the full file, and the changes since an earlier render, if any."""
        table = f"inet {self.own_name('perimeter365')}"
        permits = list(self.rules(plan))
        sets, planned = self.contents(permits)
        empty = [family for family in (4, 6) if all(rule.family != family for rule in permits)]
        rules = [*self._opening_rules(), *planned, *self._closing_rules()]
        lines = [
            *self.header(plan, *map(self.nothing_for, empty)),
            f"add table {table}",
            f"delete table {table}",
            f"table {table} {{",
            *(line for item in sets for line in _set(item)),
            "\tchain forward {",
            f"\t\ttype filter hook forward priority filter; policy {self._policy()};",
            *(f"\t\t{line}" for line in rules),
            "\t}",
            "}",
        ]
        yield self.text("perimeter365.nft", lines, entries=len(planned))
        if earlier := self.earlier():
            then = type(self)(earlier.style)
            old_sets, old_planned = then.contents(list(then.rules(earlier.plan)))
            lines = list(_changes(table, old_sets, sets, rules if planned != old_planned else []))
            head = self.header(plan, "What has changed, as one transaction.", load="changes")
            yield self.text("changes.nft", [*head, *lines], entries=len(lines))

    def contents(self, rules: list[acl.Rule]) -> tuple[list[ConfigItem], list[str]]:
        """Return the address sets and the lines of rules."""
        names = acl.address_groups(rules)
        sets = [
            ConfigItem(kind=f"ipv{'4' if addresses.v4 else '6'}_addr", name=name, parts=tuple(map(str, addresses)))
            for addresses, name in names.items()
        ]
        return sets, [_rule(rule, names, self.option("outside")) for rule in rules]

    def _policy(self) -> str:
        return "drop" if self.option("refuse") != "pass" else "accept"

    def _opening_rules(self) -> Iterator[str]:
        """Yield the rules before those of the plan."""
        yield "ct state established,related accept"
        yield f"icmpv6 type {{ {DISCOVERY} }} ip6 hoplimit 255 accept"
        if self.option("refuse") != "pass":
            yield "ct state invalid drop"

    def _closing_rules(self) -> Iterator[str]:
        """Yield the rules after those of the plan, for all other packets."""
        if self.option("log") == "yes":
            yield f'limit rate 10/second burst 20 packets log prefix "{acl.LOG_PREFIX}"'
        answers = {"reject": " reject with icmpx admin-prohibited", "drop": " drop", "pass": ""}
        yield "counter" + answers[self.option("refuse")]


def _set(item: ConfigItem) -> Iterator[str]:
    """Yield a named set; its prefixes are disjoint, as an interval set requires."""
    yield f"\tset {item.name} {{"
    yield f"\t\ttype {item.kind}"
    yield "\t\tflags interval"
    yield "\t\telements = {"
    yield from (f"\t\t\t{part}," for part in item.parts)
    yield "\t\t}"
    yield "\t}"


def _changes(table: str, before: list[ConfigItem], after: list[ConfigItem], rules: list[str]) -> Iterator[str]:
    """Yield the commands of a transaction: overlapping elements are deleted first."""
    added, removed = difference(before, after)
    for change in removed:
        if not change.whole:
            yield f"delete element {table} {change.item.name} {{ {', '.join(change.parts)} }}"
    for change in added:
        if change.whole:
            yield f"add set {table} {change.item.name} {{ type {change.item.kind}; flags interval; }}"
        yield f"add element {table} {change.item.name} {{ {', '.join(change.parts)} }}"
    if rules:
        yield f"flush chain {table} forward"
        yield from (f"add rule {table} forward {rule}" for rule in rules)
    yield from (f"delete set {table} {change.item.name}" for change in removed if change.whole)


def _rule(rule: acl.Rule, names: dict[PrefixSet, str], outside: str) -> str:
    """Format a rule: interface, ends, ports, and comment."""
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
