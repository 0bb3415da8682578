"""ipset: address lists as kernel sets, and iptables rules that match them.

Output: `perimeter365.ipset`, a hash:net set for each distinct list of addresses, and `rules.v4` and `rules.v6`, where one
rule replaces the nested chains of the target `iptables`. The same packets pass, faster, and a set can be tested by itself
(`ipset test m365-ws-worldwide-11-v4 52.112.0.5`).

    create m365-ws-worldwide-11-v4 hash:net family inet maxelem 65536 -exist
    -A P365-FORWARD -p udp -m set --match-set m365-client-v4 src -m set --match-set m365-ws-worldwide-11-v4 dst ... -j ACCEPT

Vendor page: ipset(8), and the match `set` in iptables-extensions(8).
Supported and not supported (names, URL paths): the same as for the target `iptables`, with the same options. See its page
for replies, packets outside the plan, and `jump=no`. Names of sets have at most 31 characters, and a set has at most 65,536
entries by default.
Install and update: load the sets before the rules that refer to them, from the same folder:

    ipset restore -file perimeter365.ipset && iptables-restore rules.v4 && ip6tables-restore rules.v6

(with --noflush for both if `jump=no`). Each set is filled under a temporary name and swapped with the old one in one step. A
set that is no longer in the plan stays, but nothing refers to it. After a render with --since, these three steps load only
the changes. Entries in both plans are present at all times, and no set is left over:

    ipset restore -file changes-1.ipset
    iptables-restore --noflush changes-2.v4 && ip6tables-restore --noflush changes-2.v6
    ipset restore -file changes-3.ipset
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, restore
from perimeter365.targets.since import ConfigChange, ConfigItem, difference
from perimeter365.targets.target import Artifact

NAME = 31
"""Maximum length of a set's name (IPSET_MAXNAMELEN without the terminating zero byte)."""
FAMILIES = {4: "inet", 6: "inet6"}


class Ipset(restore.RestoreTarget):
    """Sets, and rules that match them."""

    name = "ipset"
    title = "ipset"
    vendor_page = "https://ipset.netfilter.org/ipset.man.html"
    denies_by_default = "family"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "ipset and iptables-restore load it; a router forwards or refuses packets according to the plan"
    limits = MappingProxyType({"elements": 65_536})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield sets, rules, and the changes since an earlier render, if any."""
        rules, most = self.split(plan), self.limit("elements")
        sets, tables = list(self.sets(rules)), {family: self.table(some) for family, some in rules.items()}
        lines = [
            line
            for word in FAMILIES.values()
            for line in _filled(self.own_name(f"m365-fresh-{word}"), [s for s in sets if s.kind == word], most)
        ]
        head = self.header(plan, "Load with: ipset restore -file perimeter365.ipset")
        yield self.text("perimeter365.ipset", [*head, *lines], entries=sum(len(item.parts) for item in sets))
        yield from (self.whole(plan, family, table) for family, table in tables.items())
        if earlier := self.earlier():
            then = type(self)(earlier.style)
            old = then.split(earlier.plan)
            added, removed = difference(then.sets(old), sets)
            adds, removes = [_add(change, most) for change in added], [_remove(change) for change in removed]
            for file, changes in (("changes-1.ipset", adds), ("changes-3.ipset", removes)):
                head = self.header(plan, f"Step {file[8]} of 3. Load with: ipset restore -file {file}")
                yield self.text(file, [*head, *(line for several in changes for line in several)], entries=len(changes))
            yield from (self.changes(plan, f, then.table(old[f]), table, "changes-2") for f, table in tables.items())

    def table(self, rules: list[acl.Rule]) -> restore.FilterTable:
        """Convert rules to lines, one for each rule and list of ports."""
        names = self._names(rules)
        planned = []
        for rule in rules:
            matches = [f"-p {rule.protocol}", *restore.interface_match(rule, self.option("outside"))]
            for addresses, side in ((rule.source, "src"), (rule.destination, "dst")):
                matches += [] if addresses is None else [f"-m set --match-set {names[addresses]} {side}"]
            comment = f'-m comment --comment "{acl.rule_comment(rule, restore.COMMENT)}" -j ACCEPT'
            planned += [" ".join([*matches, ports, comment]) for ports in restore.port_matches(rule.ports)]
        return restore.FilterTable(planned=planned)

    def _names(self, rules: list[acl.Rule]) -> dict[PrefixSet, str]:
        start = self.own_name("m365-")
        return {key: start + name for key, name in acl.address_groups(rules, NAME - len(start)).items()}

    def sets(self, rules: Mapping[int, list[acl.Rule]]) -> Iterator[ConfigItem]:
        """Yield the sets of both families; the kind is ipset's name of the family."""
        for family, some in rules.items():
            for addresses, name in self._names(some).items():
                members = tuple(map(str, addresses))
                self.check_limit("elements", len(members), name)
                yield ConfigItem(kind=FAMILIES[family], name=name, parts=members)


def _create(name: str, family: str, most: int | None) -> str:
    return f"create {name} hash:net family {family} maxelem {most} -exist"


def _filled(fresh: str, sets: list[ConfigItem], most: int | None) -> Iterator[str]:
    """Yield lines that fill each set under a temporary name, and swap it in."""
    if not sets:
        return
    yield _create(fresh, sets[0].kind, most)
    for item in sets:
        yield _create(item.name, item.kind, most)
        yield f"flush {fresh}"
        yield from (f"add {fresh} {member}" for member in item.parts)
        yield f"swap {fresh} {item.name}"
    yield f"destroy {fresh}"


def _add(change: ConfigChange, most: int | None) -> list[str]:
    create = [_create(change.item.name, change.item.kind, most)] if change.whole else []
    return create + [f"add {change.item.name} {member} -exist" for member in change.parts]


def _remove(change: ConfigChange) -> list[str]:
    if change.whole:
        return [f"destroy {change.item.name}"]
    return [f"del {change.item.name} {member} -exist" for member in change.parts]
