"""What targets for iptables-restore share: the chain that forwarding jumps to, its ends, and what has changed in it.

A target says of each family which lines stand in P365-FORWARD and which chains are below it; the rest is the same for all:

    rules.v4      the whole: with the jump it is the router's filter table, without it (`jump=no`) our chains alone
    changes.v4    for --noflush: new chains and rules, then the removal of old ones, in one transaction
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl
from perimeter365.targets.since import Change, Item, difference
from perimeter365.targets.target import Artifact, Option

FORWARD = "P365-FORWARD"
COMMENT = 255
"""The longest comment of a rule (XT_MAX_COMMENT_LEN less its zero byte)."""
PORTS = 15
"""The ports of one multiport match, a range counting as two (XT_MULTI_PORTS)."""
DISCOVERY = (133, 134, 135, 136)
"""Router and neighbor solicitation and advertisement (RFC 4861 4)."""
RULE, CHAIN = "rule", "chain"


@dataclass(kw_only=True, slots=True)
class Table:
    """What a plan needs of one family's filter table."""

    planned: list[str] = field(default_factory=list)
    """The rules of P365-FORWARD that say the plan, without their `-A P365-FORWARD`."""
    chains: dict[str, list[str]] = field(default_factory=dict)
    """Chains below it: name to rules, without their `-A NAME`."""

    def items(self) -> Iterator[Item]:
        """Chains, those that others jump to first, then the rules."""
        yield from (Item(kind=CHAIN, name=name, parts=tuple(lines)) for name, lines in self.chains.items())
        yield from (Item(kind=RULE, name=line) for line in self.planned)


class RestoreTarget(acl.AclTarget):
    """A filter that iptables-restore and ip6tables-restore load."""

    differs = True
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

    @abstractmethod
    def table(self, rules: list[acl.Rule]) -> Table:
        """What rules of one family become."""

    def split(self, plan: Plan) -> Mapping[int, list[acl.Rule]]:
        """The plan's rules by family."""
        rules = list(self.rules(plan))
        return {family: [rule for rule in rules if rule.family == family] for family in (4, 6)}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """A file for each family, and, when there is an earlier render, what has changed since."""
        tables = {family: self.table(rules) for family, rules in self.split(plan).items()}
        yield from (self.whole(plan, family, table) for family, table in tables.items())
        if earlier := self.earlier():
            then = type(self)(earlier.style)
            old = {family: then.table(rules) for family, rules in then.split(earlier.plan).items()}
            yield from (self.changes(plan, family, old[family], table) for family, table in tables.items())

    def whole(self, plan: Plan, family: int, table: Table) -> Artifact:
        """The file that says all of a family."""
        chains = {FORWARD: [*self.before(family), *table.planned, *self.behind(family)], **table.chains}
        jump = [f"-A FORWARD -j {FORWARD}"] if self.option("jump") == "yes" else []
        top = [":FORWARD DROP [0:0]"] if jump and self.option("refuse") != "pass" else []
        body = [*jump, *(f"-A {name} {line}" for name, lines in chains.items() for line in lines)]
        how = f"{program(family)} {'' if jump else '--noflush '}rules.v{family}"
        head = [*self.header(plan, f"Load with: {how}"), "*filter", *top]
        lines = [*head, *(f":{name} - [0:0]" for name in chains), *body, "COMMIT"]
        return self.text(f"rules.v{family}", lines, entries=len(body))

    def changes(self, plan: Plan, family: int, before: Table, after: Table, name: str = "changes") -> Artifact:
        """The file that makes of an earlier table this one."""
        added, removed = difference(before.items(), after.items())
        place = len(list(self.before(family)))
        body = [f":{change.item.name} - [0:0]" for change in added if change.item.kind == CHAIN and change.whole]
        for change in added:
            if change.item.kind == RULE:
                place += 1
            body += _add(change, place)
        body += [line for change in removed for line in _remove(change)]
        file = f"{name}.v{family}"
        head = self.header(plan, f"{len(added)} to add, then {len(removed)} to remove, in one transaction.")
        head.append(f"{self.comment} Load with: {program(family)} -n {file}")
        return self.text(file, [*head, "*filter", *body, "COMMIT"], entries=len(added) + len(removed))

    def before(self, family: int) -> Iterator[str]:
        """What passes or is dropped whatever the plan says."""
        yield "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"
        if family == 6:
            for kind in DISCOVERY:
                yield f"-p ipv6-icmp -m icmp6 --icmpv6-type {kind} -m hl --hl-eq 255 -j ACCEPT"
        if self.option("refuse") != "pass":
            yield "-m conntrack --ctstate INVALID -j DROP"

    def behind(self, family: int) -> Iterator[str]:
        """What becomes of everything else."""
        if self.option("log") == "yes":
            yield f'-m limit --limit 10/second --limit-burst 20 -j LOG --log-prefix "{acl.LOG_PREFIX}"'
        answer = "icmp-admin-prohibited" if family == 4 else "icmp6-adm-prohibited"
        targets = {"reject": f"REJECT --reject-with {answer}", "drop": "DROP", "pass": "RETURN"}
        yield f"-j {targets[self.option('refuse')]}"


def program(family: int) -> str:
    """The program that loads a family's files."""
    return f"ip{'' if family == 4 else '6'}tables-restore"


def wire(rule: acl.Rule, outside: str) -> list[str]:
    """The match of the interface to the internet, if it is known and the rule's packets cross it."""
    crossing = acl.CROSSING[rule.flow.direction]
    return [f"-{crossing} {outside}"] if crossing and outside else []


def port_matches(ports: PortSet) -> Iterator[str]:
    """Port matches that a kernel takes, which together are the port set."""
    for some in acl.portions(ports, PORTS):
        words = acl.port_words(some, ":")
        yield f"--dport {words[0]}" if len(words) == 1 else f"-m multiport --dports {','.join(words)}"


def _add(change: Change, place: int) -> Iterable[str]:
    """Rules go before the one that refuses everything else."""
    if change.item.kind == RULE:
        return [f"-I {FORWARD} {place} {change.item.name}"]
    return [f"-A {change.item.name} {part}" for part in change.parts]


def _remove(change: Change) -> Iterable[str]:
    if change.item.kind == RULE:
        return [f"-D {FORWARD} {change.item.name}"]
    if change.whole:
        return [f"-F {change.item.name}", f"-X {change.item.name}"]
    return [f"-D {change.item.name} {part}" for part in change.parts]
