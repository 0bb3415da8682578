"""iptables: the plan as chains for iptables-restore and ip6tables-restore.

Makes `rules.v4` and `rules.v6`: the chain P365-FORWARD, reached from FORWARD, and below it chains for lists
of addresses. The same packets pass as with the target `nftables`: its page says which, and what to know about
established connections, address translation, bridges, and `outside` for ends that are anyone.

On a router without rules of its own, the files are its whole filter table (INPUT and OUTPUT are emptied):

    iptables-restore rules.v4 && ip6tables-restore rules.v6

On one that has some, render with `jump=no`. Then the files hold our chains alone and leave the rest:

    iptables-restore --noflush rules.v4 && ip6tables-restore --noflush rules.v6   # every night
    iptables -A FORWARD -j P365-FORWARD && ip6tables -A FORWARD -j P365-FORWARD   # once, where it is to stand

(With the jump in the file, --noflush would add another one at each load.) A load replaces a family's chains
in one transaction; a chain that a later plan lacks stays behind, and nothing jumps to it. Rules before the jump
are yours to have; those behind it are reached only under `refuse=pass`, which accepts the plan and leaves
everything else to them.

After a render with --since, `changes.v4` and `changes.v6` hold the difference alone, chains that are not needed any
more included. They are loaded with --noflush, too, whatever `jump` is, and keep the counters of what stays:

    iptables-restore --noflush changes.v4 && ip6tables-restore --noflush changes.v6

A list of sources times one of destinations would be thousands of rules. Instead a rule matches the ports and
jumps to a chain of sources, that one to a chain of destinations, which rules with the same ones share:

    -A P365-FORWARD -p tcp -m multiport --dports 80,443 -m comment --comment "…" -j P365-S-ws-worldwide-1
    -A P365-S-ws-worldwide-1 -s 10.0.0.0/8 -j P365-D-ws-worldwide-1-v4
    -A P365-D-ws-worldwide-1-v4 -d 13.107.6.152/31 -j ACCEPT
"""

from collections.abc import Iterator

from perimeter365.model.prefix import PrefixSet
from perimeter365.targets._bases import acl, restore

CHAIN = 28
"""The longest name of a chain (XT_EXTENSION_MAXNAMELEN less its zero byte)."""


class Iptables(restore.RestoreTarget):
    """The plan as files for iptables-restore."""

    name = "iptables"
    title = "iptables and ip6tables"
    vendor_page = "https://ipset.netfilter.org/iptables-extensions.man.html"
    proof = "consumer"
    proof_detail = "iptables-restore loads it; packets through a router pass or are refused as the plan says"

    def table(self, rules: list[acl.Rule]) -> restore.Table:
        """Rules of ports, which jump to chains of sources and destinations."""
        made = _Chains(rules, self.option("outside"))
        planned = [line for rule in rules for line in made.rule(rule)]
        return restore.Table(planned=planned, chains=made.lines)


class _Chains:
    """The chains below P365-FORWARD: each a list of prefixes and where they lead."""

    def __init__(self, rules: list[acl.Rule], outside: str) -> None:
        self._outside = outside
        self.lines: dict[str, list[str]] = {}
        """A chain's name to its rules, without their `-A NAME`."""
        self._names = acl.address_groups(rules, limit=CHAIN - len("P365-D-"))
        self._made: dict[tuple[str, PrefixSet, str], str] = {}

    def rule(self, rule: acl.Rule) -> Iterator[str]:
        """A rule's lines in P365-FORWARD. An end of one prefix is matched there, a longer one in a chain."""
        matches, target = [f"-p {rule.protocol}"], "ACCEPT"
        if rule.destination is not None:
            target = self._end("d", rule.destination, target, self._names[rule.destination], matches)
        if rule.source is not None:
            base = self._names[rule.source] if target == "ACCEPT" else acl.flow_name(rule.flow)
            target = self._end("s", rule.source, target, base, matches)
        for ports in restore.port_matches(rule.ports):
            comment = f'-m comment --comment "{acl.rule_comment(rule, restore.COMMENT)}"'
            yield " ".join([*matches, *restore.wire(rule, self._outside), ports, comment, f"-j {target}"])

    def _end(self, flag: str, addresses: PrefixSet, target: str, base: str, matches: list[str]) -> str:
        """Where packets have to go so that this end is matched before `target`; equal ends share a chain."""
        prefixes = list(addresses)
        if len(prefixes) == 1:
            matches.insert(1, f"-{flag} {prefixes[0]}")
            return target
        key = (flag, addresses, target)
        if key not in self._made:
            name = self._made[key] = acl.unique_name(f"P365-{flag.upper()}-{base}", self.lines, CHAIN)
            self.lines[name] = [f"-{flag} {prefix} -j {target}" for prefix in prefixes]
        return self._made[key]
