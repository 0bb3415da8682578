"""iptables: the plan as chains for iptables-restore and ip6tables-restore.

Makes `rules.v4` and `rules.v6`: the chain P365-FORWARD, reached from FORWARD, and below it chains for lists
of addresses. The same packets pass as with the target `nftables`: its page says which, and what to know about
established connections, address translation and bridges.

On a router without rules of its own, the files are its whole filter table (INPUT and OUTPUT are emptied):

    iptables-restore rules.v4 && ip6tables-restore rules.v6

On one that has some, render with `jump=no`. Then the files hold our chains alone and leave the rest:

    iptables-restore --noflush rules.v4 && ip6tables-restore --noflush rules.v6   # every night
    iptables -A FORWARD -j P365-FORWARD && ip6tables -A FORWARD -j P365-FORWARD   # once, where it is to stand

(With the jump in the file, --noflush would add another one at each load.) A load replaces a family's chains
in one transaction; a chain that a later plan lacks stays behind, and nothing jumps to it. Rules before the jump
are yours to have; those behind it are reached only under `refuse=pass`, which accepts the plan and leaves
everything else to them.

A list of sources times one of destinations would be thousands of rules. Instead a rule matches the ports and
jumps to a chain of sources, that one to a chain of destinations, which rules with the same ones share:

    -A P365-FORWARD -p tcp -m multiport --dports 80,443 -m comment --comment "…" -j P365-S-ws-worldwide-1
    -A P365-S-ws-worldwide-1 -s 10.0.0.0/8 -j P365-D-ws-worldwide-1-v4
    -A P365-D-ws-worldwide-1-v4 -d 13.107.6.152/31 -j ACCEPT
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets import _acl as acl
from perimeter365.targets._base import Artifact, Option

FORWARD = "P365-FORWARD"
CHAIN = 28
"""The longest name of a chain (XT_EXTENSION_MAXNAMELEN less its zero byte)."""
COMMENT = 255
"""The longest comment of a rule (XT_MAX_COMMENT_LEN less its zero byte)."""
PORTS = 15
"""The ports of one multiport match, a range counting as two (XT_MULTI_PORTS)."""
DISCOVERY = (133, 134, 135, 136)
"""Router and neighbor solicitation and advertisement (RFC 4861 4)."""


class Iptables(acl.AclTarget):
    """The plan as files for iptables-restore."""

    name = "iptables"
    title = "iptables and ip6tables"
    vendor_page = "https://ipset.netfilter.org/iptables-extensions.man.html"
    proof = "consumer"
    proof_detail = "iptables-restore loads it; packets through a router pass or are refused as the plan says"
    options = MappingProxyType(
        {
            **acl.STATEFUL_OPTIONS,
            "jump": Option(
                default="yes",
                choices=("yes", "no"),
                help="yes: the file is the whole table and jumps to our chains; no: our chains alone",
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One file a family."""
        rules = list(self.rules(plan))
        for family in (4, 6):
            yield self._file(plan, family, [rule for rule in rules if rule.family == family])

    def _file(self, plan: Plan, family: int, rules: list[acl.Rule]) -> Artifact:
        made = _Chains(rules)
        planned = [line for rule in rules for line in made.rule(rule)]
        chains = {FORWARD: [*self._before(family), *planned, *self._behind(family)], **made.lines}
        jump = [f"-A FORWARD -j {FORWARD}"] if self.option("jump") == "yes" else []
        top = [":FORWARD DROP [0:0]"] if jump and self.option("refuse") != "pass" else []
        body = [*jump, *(f"-A {name} {line}" for name, lines in chains.items() for line in lines)]
        program = f"ip{'' if family == 4 else '6'}tables-restore"
        how = f"{program} {'' if jump else '--noflush '}rules.v{family}"
        head = [*self.header(plan, f"Load with: {how}"), "*filter", *top]
        lines = [*head, *(f":{name} - [0:0]" for name in chains), *body, "COMMIT"]
        return self.text(f"rules.v{family}", lines, entries=len(body))

    def _before(self, family: int) -> Iterator[str]:
        """What passes or is dropped whatever the plan says."""
        yield "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"
        if family == 6:
            for kind in DISCOVERY:
                yield f"-p ipv6-icmp -m icmp6 --icmpv6-type {kind} -m hl --hl-eq 255 -j ACCEPT"
        if self.option("refuse") != "pass":
            yield "-m conntrack --ctstate INVALID -j DROP"

    def _behind(self, family: int) -> Iterator[str]:
        """What becomes of everything else."""
        if self.option("log") == "yes":
            yield f'-m limit --limit 10/second --limit-burst 20 -j LOG --log-prefix "{acl.LOG_PREFIX}"'
        answer = "icmp-admin-prohibited" if family == 4 else "icmp6-adm-prohibited"
        targets = {"reject": f"REJECT --reject-with {answer}", "drop": "DROP", "pass": "RETURN"}
        yield f"-j {targets[self.option('refuse')]}"


class _Chains:
    """The chains below P365-FORWARD: each a list of prefixes and where they lead."""

    def __init__(self, rules: list[acl.Rule]) -> None:
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
        for ports in _portions(rule.ports):
            comment = f'-m comment --comment "{acl.rule_comment(rule, COMMENT)}"'
            yield " ".join([*matches, ports, comment, f"-j {target}"])

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


def _portions(ports: PortSet) -> Iterator[str]:
    """Port matches that a kernel takes, which together are the port set."""
    words: list[str] = []
    room = PORTS
    for word in acl.port_words(ports, ":"):
        cost = 2 if ":" in word else 1
        if cost > room:
            yield f"-m multiport --dports {','.join(words)}"
            words, room = [], PORTS
        words.append(word)
        room -= cost
    yield f"--dport {words[0]}" if len(words) == 1 else f"-m multiport --dports {','.join(words)}"
