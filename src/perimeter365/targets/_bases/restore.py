"""Files for iptables-restore.

They have the chain P365-FORWARD, its fixed rules, and the changes since an earlier render.

A target defines, for each family, the rules in P365-FORWARD and the chains below it. The rest is the same for all targets:

    rules.v4      complete: the router's filter table with the jump, or with `jump=no` the plan's own chains only
    changes.v4    for --noflush: new chains and rules, then the removal of old ones, in one transaction
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl
from perimeter365.targets.since import ConfigChange, ConfigItem, difference
from perimeter365.targets.target import Artifact, Option

FORWARD = "P365-FORWARD"
COMMENT = 255
"""Maximum length of a rule's comment (XT_MAX_COMMENT_LEN without the terminating zero byte)."""
PORTS = 15
"""Maximum number of ports in a multiport match, where a range counts as two (XT_MULTI_PORTS)."""
DISCOVERY = (133, 134, 135, 136)
"""ICMPv6 types of router and neighbor solicitation and advertisement (RFC 4861, section 4)."""
RULE, CHAIN = "rule", "chain"


@dataclass(kw_only=True, slots=True)
class FilterTable:
    """The rules and chains of a plan in the filter table of one family."""

    planned: list[str] = field(default_factory=list)
    """The plan's rules in P365-FORWARD, without `-A P365-FORWARD`."""
    chains: dict[str, list[str]] = field(default_factory=dict)
    """Chains below it by name, with their rules without `-A NAME`."""

    def items(self) -> Iterator[ConfigItem]:
        """Yield the chains, each before the chains that jump to it, then the rules."""
        yield from (ConfigItem(kind=CHAIN, name=name, parts=tuple(lines)) for name, lines in self.chains.items())
        yield from (ConfigItem(kind=RULE, name=line) for line in self.planned)


class RestoreTarget(acl.AclTarget):
    """Base class of filters that iptables-restore and ip6tables-restore load."""

    supports_since = True
    own_names = True
    options = MappingProxyType(
        {
            **acl.STATEFUL_OPTIONS,
            "jump": Option(
                default="yes",
                choices=("yes", "no"),
                help="yes: the file is the whole table, with the jump to the plan's chains; no: only the plan's chains",
            ),
        }
    )

    @property
    def forward(self) -> str:
        """The name of the plan's chain."""
        return self.own_name(FORWARD)

    @abstractmethod
    def table(self, rules: list[acl.Rule]) -> FilterTable:
        """Convert the rules of one family."""

    def split(self, plan: Plan) -> Mapping[int, list[acl.Rule]]:
        """Return the plan's rules by family."""
        rules = list(self.rules(plan))
        return {family: [rule for rule in rules if rule.family == family] for family in (4, 6)}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield a file for each family, and the changes since an earlier render, if any."""
        tables = {family: self.table(rules) for family, rules in self.split(plan).items()}
        yield from (self.whole(plan, family, table) for family, table in tables.items())
        if earlier := self.earlier():
            then = type(self)(earlier.style)
            old = {family: then.table(rules) for family, rules in then.split(earlier.plan).items()}
            yield from (self.changes(plan, family, old[family], table) for family, table in tables.items())

    def whole(self, plan: Plan, family: int, table: FilterTable) -> Artifact:
        """Make the complete file of a family."""
        chains = {self.forward: [*self.opening_rules(family), *table.planned, *self.closing_rules(family)], **table.chains}
        jump = [f"-A FORWARD -j {self.forward}"] if self.option("jump") == "yes" else []
        top = [":FORWARD DROP [0:0]"] if jump and self.option("refuse") != "pass" else []
        body = [*jump, *(f"-A {name} {line}" for name, lines in chains.items() for line in lines)]
        how = f"{program(family)} {'' if jump else '--noflush '}rules.v{family}"
        head = [*self.header(plan, f"Load with: {how}"), "*filter", *top]
        lines = [*head, *(f":{name} - [0:0]" for name in chains), *body, "COMMIT"]
        return self.text(f"rules.v{family}", lines, entries=len(body))

    def changes(self, plan: Plan, family: int, before: FilterTable, after: FilterTable, name: str = "changes") -> Artifact:
        """Make the file that changes an earlier table into the present one."""
        added, removed = difference(before.items(), after.items())
        place = len(list(self.opening_rules(family)))
        body = [f":{change.item.name} - [0:0]" for change in added if change.item.kind == CHAIN and change.whole]
        for change in added:
            if change.item.kind == RULE:
                place += 1
            body += _add(change, self.forward, place)
        body += [line for change in removed for line in _remove(change, self.forward)]
        file = f"{name}.v{family}"
        head = self.header(plan, f"{len(added)} to add, then {len(removed)} to remove, in one transaction.")
        head.append(f"{self.comment} Load with: {program(family)} -n {file}")
        return self.text(file, [*head, "*filter", *body, "COMMIT"], entries=len(added) + len(removed))

    def opening_rules(self, family: int) -> Iterator[str]:
        """Yield the rules before those of the plan."""
        yield "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"
        if family == 6:
            for kind in DISCOVERY:
                yield f"-p ipv6-icmp -m icmp6 --icmpv6-type {kind} -m hl --hl-eq 255 -j ACCEPT"
        if self.option("refuse") != "pass":
            yield "-m conntrack --ctstate INVALID -j DROP"

    def closing_rules(self, family: int) -> Iterator[str]:
        """Yield the rules after those of the plan, for all other packets."""
        if self.option("log") == "yes":
            yield f'-m limit --limit 10/second --limit-burst 20 -j LOG --log-prefix "{acl.LOG_PREFIX}"'
        answer = "icmp-admin-prohibited" if family == 4 else "icmp6-adm-prohibited"
        targets = {"reject": f"REJECT --reject-with {answer}", "drop": "DROP", "pass": "RETURN"}
        yield f"-j {targets[self.option('refuse')]}"


def program(family: int) -> str:
    """Return the name of the program that loads a family's files."""
    return f"ip{'' if family == 4 else '6'}tables-restore"


def interface_match(rule: acl.Rule, outside: str) -> list[str]:
    """Return the match of the interface to the internet, if the packets pass it."""
    crossing = acl.CROSSING[rule.flow.direction]
    return [f"-{crossing} {outside}"] if crossing and outside else []


def port_matches(ports: PortSet) -> Iterator[str]:
    """Yield port matches within the kernel's limit that together match the port set."""
    for some in acl.port_chunks(ports, PORTS):
        words = acl.port_words(some, ":")
        yield f"--dport {words[0]}" if len(words) == 1 else f"-m multiport --dports {','.join(words)}"


def _add(change: ConfigChange, forward: str, place: int) -> Iterable[str]:
    """Yield the lines of an addition.

    Rules are inserted before the one that refuses all other packets.
    """
    if change.item.kind == RULE:
        return [f"-I {forward} {place} {change.item.name}"]
    return [f"-A {change.item.name} {part}" for part in change.parts]


def _remove(change: ConfigChange, forward: str) -> Iterable[str]:
    if change.item.kind == RULE:
        return [f"-D {forward} {change.item.name}"]
    if change.whole:
        return [f"-F {change.item.name}", f"-X {change.item.name}"]
    return [f"-D {change.item.name} {part}" for part in change.parts]
