"""iptables: the plan as chains for iptables-restore and ip6tables-restore.

Output: `rules.v4` and `rules.v6`: the chain P365-FORWARD, with a jump from FORWARD, and chains for lists of addresses. The
same packets pass as with the target `nftables`; see its page for the details, and for established connections, address
translation, bridges, and `outside` for ends that are anyone.
Vendor page: iptables-extensions(8).
Supported: both ends by address, protocol and ports, all three directions.
Not supported: host names and URL paths, which are losses.
A load replaces the plan's chains of a family in one transaction, and leaves all others alone: the policies and rules of
INPUT, FORWARD and OUTPUT, and the chains of others such as Docker. Without --noflush, which would empty them, a file is
refused as a whole. The jump is added once, at the end of FORWARD. Rules before it are your own. If FORWARD ends with a rule
that refuses the rest, insert the jump before that rule (`iptables -I FORWARD 7 -j P365-FORWARD`) first; the manual's command
then finds it. Rules after the jump are only reached with `refuse=pass`, which accepts the plan and leaves all other packets
to them. Several organizations on a router (option `prefix`): all chains but the last with `refuse=pass`. An update deletes
the chains that are no longer in the plan when nothing refers to them: first those of sources, then those of destinations.
To keep the rules over a restart, save them (`netfilter-persistent save`). Connections that are established when their rule
is removed stay so until `conntrack -D`. After a render with --since, `changes.v4` and `changes.v6` have only the chains that
have changed and the removal of unneeded ones. They can be loaded twice; the counters of other chains stay.
A list of sources times a list of destinations would be thousands of rules. Instead, a rule matches the ports and jumps to a
chain of sources, and that one to a chain of destinations. Rules with the same lists share these chains:

    -A P365-FORWARD -p tcp -m multiport --dports 80,443 -m comment --comment "…" -j P365-S-ws-worldwide-1
    -A P365-S-ws-worldwide-1 -s 10.0.0.0/8 -j P365-D-ws-worldwide-1-v4
    -A P365-D-ws-worldwide-1-v4 -d 13.107.6.152/31 -j ACCEPT
"""

from collections.abc import Iterator

from perimeter365.model.prefix import PrefixSet
from perimeter365.targets._bases import acl, restore
from perimeter365.targets.life import Manual, program, tried

CHAIN = 28
"""Maximum length of a chain's name (XT_EXTENSION_MAXNAMELEN without the terminating zero byte)."""

_UNUSED = (*restore.delete("{chains}-S-.*"), *restore.delete("{chains}-D-.*"))
"""The commands that delete the chains that are not in use: those of sources refer to those of destinations."""


class Iptables(restore.RestoreTarget):
    """Chains for iptables-restore."""

    name = "iptables"
    title = "iptables and ip6tables"
    vendor_page = "https://ipset.netfilter.org/iptables-extensions.man.html"
    denies_by_default = "family"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "iptables-restore loads it; a router forwards or refuses packets according to the plan"
    manual = Manual(
        where="a shell of the router, as root, in the folder of the files",
        install=(*restore.CHAIN, *restore.restore("rules"), *restore.JUMP),
        update=(*restore.restore("rules"), *(f"{restore.HERE} && {line}" for line in _UNUSED)),
        changes=restore.restore("changes"),
        remove=(*restore.NO_JUMP, *restore.delete("{forward}"), *_UNUSED),
        besides=restore.BESIDES,
        first=restore.FIRST,
    )
    tried = tried(program("iptables 1.8.9 (nft and legacy), with packets through a router"))

    def table(self, rules: list[acl.Rule]) -> restore.FilterTable:
        """Convert rules to port matches that jump to chains of sources and destinations."""
        made = _Chains(rules, self.option("outside"), self.own_name("P365"))
        planned = [line for rule in rules for line in made.rule(rule)]
        return restore.FilterTable(planned=planned, chains=made.lines)


class _Chains:
    """The chains below P365-FORWARD, each with prefixes and a jump target."""

    def __init__(self, rules: list[acl.Rule], outside: str, start: str) -> None:
        self._outside, self._start = outside, start
        self.lines: dict[str, list[str]] = {}
        """Chains by name, with their rules without `-A NAME`."""
        self._names = acl.address_groups(rules, limit=CHAIN - len(f"{start}-D-"))
        self._made: dict[tuple[str, PrefixSet, str], str] = {}

    def rule(self, rule: acl.Rule) -> Iterator[str]:
        """Yield a rule's lines in P365-FORWARD; only ends of one prefix are matched there."""
        matches, target = [f"-p {rule.protocol}"], "ACCEPT"
        if rule.destination is not None:
            target = self._end("d", rule.destination, target, self._names[rule.destination], matches)
        if rule.source is not None:
            base = self._names[rule.source] if target == "ACCEPT" else acl.flow_name(rule.flow)
            target = self._end("s", rule.source, target, base, matches)
        for ports in restore.port_matches(rule.ports):
            comment = f'-m comment --comment "{acl.rule_comment(rule, restore.COMMENT)}"'
            yield " ".join([*matches, *restore.interface_match(rule, self._outside), ports, comment, f"-j {target}"])

    def _end(self, flag: str, addresses: PrefixSet, target: str, base: str, matches: list[str]) -> str:
        """Return the chain that matches an end before `target`; equal ends share one."""
        prefixes = list(addresses)
        if len(prefixes) == 1:
            matches.insert(1, f"-{flag} {prefixes[0]}")
            return target
        key = (flag, addresses, target)
        if key not in self._made:
            name = self._made[key] = acl.unique_name(f"{self._start}-{flag.upper()}-{base}", self.lines, CHAIN)
            self.lines[name] = [f"-{flag} {prefix} -j {target}" for prefix in prefixes]
        return self._made[key]
