"""ipset: address lists as kernel sets, and iptables rules that match them.

Output: `perimeter365.ipset`, a hash:net set for each distinct list of addresses, and `rules.v4` and `rules.v6`, where one
rule replaces the nested chains of the target `iptables`. The same packets pass, faster, and a set can be tested by itself
(`ipset test m365-ws-worldwide-11-v4-h2k3f 52.112.0.5`).

    create m365-ws-worldwide-11-v4-h2k3f hash:net family inet maxelem 65536 -exist
    -A P365-FORWARD -p udp -m set --match-set m365-client-v4-ab7xq src -m set --match-set m365-ws-worldwide-11-v4-h2k3f dst

Vendor page: ipset(8), and the match `set` in iptables-extensions(8).
Supported and not supported (names, URL paths): the same as for the target `iptables`, with the same options. See its page
for replies, packets outside the plan, the place of the jump, and several organizations. Names of sets have at most 31
characters, and a set has at most 65,536 entries by default.
The name of a set ends with a checksum of its addresses and its maximum size. So an update never changes a set that is in
use: the new sets are filled first, then the rules refer to them, each family in one transaction, and then the sets that no
rule refers to are removed. A load that was interrupted is run again from the start. Each set is filled under a temporary
name and swapped in, which also removes entries that were added to it by hand. A set that other rules than the plan's refer
to stays. At a restart, the sets have to be there before the rules: save both (`ipset-persistent`, `netfilter-persistent`).
After a render with --since, three steps load only what has changed. Each of them can be repeated.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, restore
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.since import ConfigItem
from perimeter365.targets.target import Artifact

NAME = 31
"""Maximum length of a set's name (IPSET_MAXNAMELEN without the terminating zero byte)."""
FAMILIES = {4: "inet", 6: "inet6"}
_SUM = 5
"""Characters of a checksum."""
# The head of a set in the output of `ipset list -t`: Name: m365-client-v4-ab7xq, then its type, size, and references.
_UNUSED = (
    "ipset list -t | sed -n -e '/^Name:/h' -e '/^References: 0/{x;s/^Name: "
    "\\({sets}-.*-v[46]-[a-z2-7]\\{5\\}\\|{sets}-new-v[46]-[0-9]*\\)$/destroy \\1/p}'"
    " | ipset restore"
)
"""The command that destroys the sets of ours that no rule refers to: those whose names end with a checksum."""


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
    manual = Manual(
        where="a shell of the router, as root, in the folder of the files",
        install=("ipset restore -file perimeter365.ipset", *restore.CHAIN, *restore.restore("rules"), *restore.JUMP),
        update=("ipset restore -file perimeter365.ipset", *restore.restore("rules"), f"{restore.HERE} && {_UNUSED}"),
        changes=(
            "ipset restore -file changes-1.ipset",
            *restore.restore("changes-2"),
            "ipset restore -file changes-3.ipset",
        ),
        remove=(*restore.NO_JUMP, *restore.delete("{forward}"), _UNUSED),
        besides=restore.BESIDES,
        first=restore.FIRST,
    )
    tried = tried(program("ipset 7.17 and iptables 1.8.9 (nft and legacy), with packets through a router"))

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield sets, rules, and the changes since an earlier render, if any."""
        rules = self.split(plan)
        sets, tables = list(self.sets(rules)), {family: self.table(some) for family, some in rules.items()}
        yield self._fill("perimeter365.ipset", self.header(plan), sets)
        yield from (self.whole(plan, family, table) for family, table in tables.items())
        if earlier := self.earlier():
            then = type(self)(earlier.style)
            old_rules = then.split(earlier.plan)
            old, names = list(then.sets(old_rules)), {item.name for item in sets}
            before = {item.name for item in old}
            head = self.header(plan, "Step 1 of 3: the new sets.", load="changes")
            yield self._fill("changes-1.ipset", head, [item for item in sets if item.name not in before])
            for family, table in tables.items():
                yield self.changes(plan, family, then.table(old_rules[family]), table, "changes-2")
            gone = [item for item in old if item.name not in names]
            # Created first, so that a set that is gone already is no error.
            lines = [line for item in gone for line in (then.create(item.name, item.kind), f"destroy {item.name}")]
            head = self.header(plan, "Step 3 of 3: the sets that are not needed.", load="changes")
            yield self.text("changes-3.ipset", [*head, *lines], entries=len(gone))

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
        start, most = self.own_name("m365-"), self.limit("elements")
        names = acl.address_groups(rules, NAME - len(start) - _SUM - 1)
        return {key: f"{start}{name}-{_checksum(key, most)}" for key, name in names.items()}

    def sets(self, rules: Mapping[int, list[acl.Rule]]) -> Iterator[ConfigItem]:
        """Yield the sets of both families; the kind is ipset's name of the family."""
        for family, some in rules.items():
            for addresses, name in self._names(some).items():
                members = tuple(map(str, addresses))
                self.check_limit("elements", len(members), name)
                yield ConfigItem(kind=FAMILIES[family], name=name, parts=members)

    def create(self, name: str, kind: str) -> str:
        """Return the command that creates a set if it does not exist."""
        return f"create {name} hash:net family {kind} maxelem {self.limit('elements')} -exist"

    def _fill(self, file: str, head: list[str], sets: Iterable[ConfigItem]) -> Artifact:
        """Make a file that fills each set under a temporary name, and swaps it in."""
        lines, count = [], 0
        for family, kind in FAMILIES.items():
            some = [item for item in sets if item.kind == kind]
            # The size is in the name: a set that an interrupted load left over cannot be of another size.
            fresh = f"{self.own_name('m365-new')}-v{family}-{self.limit('elements')}"
            lines += [self.create(fresh, kind)] if some else []
            for item in some:
                count += len(item.parts)
                lines += [self.create(item.name, kind), f"flush {fresh}"]
                lines += [f"add {fresh} {member}" for member in item.parts]
                lines.append(f"swap {fresh} {item.name}")
            lines += [f"destroy {fresh}"] if some else []
        return self.text(file, [*head, *lines], entries=count)


def _checksum(addresses: PrefixSet, most: int | None) -> str:
    """Return letters and digits that differ for other addresses or maximum sizes."""
    content = " ".join([str(most), *map(str, addresses)])
    return base64.b32encode(hashlib.sha256(content.encode()).digest())[:_SUM].decode().lower()
