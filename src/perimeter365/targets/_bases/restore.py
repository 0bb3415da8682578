"""Files for iptables-restore.

They have the chain P365-FORWARD, its fixed rules, and the changes since an earlier render.

A target defines, for each family, the rules in P365-FORWARD and the chains below it. The rest is the same for all targets:

    rules.v4      for --noflush: the plan's own chains, complete; no other chain is changed
    changes.v4    for --noflush: the chains that have changed, complete, and the removal of those that are not needed

Each file is one transaction, and loading it again changes nothing. Without --noflush, iptables-restore flushes the whole
table first; then the file is refused, since its first command needs the plan's chain, which a line of the manual creates.
The jump from FORWARD is a line of the manual, too, which adds it once. Chains of an earlier plan that nothing jumps to are
found on the router, by their names and their references.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl
from perimeter365.targets.target import Artifact

FORWARD = "P365-FORWARD"
COMMENT = 255
"""Maximum length of a rule's comment (XT_MAX_COMMENT_LEN without the terminating zero byte)."""
PORTS = 15
"""Maximum number of ports in a multiport match, where a range counts as two (XT_MULTI_PORTS)."""
DISCOVERY = (133, 134, 135, 136)
"""ICMPv6 types of router and neighbor solicitation and advertisement (RFC 4861, section 4)."""
TABLES = ("iptables", "ip6tables")
BESIDES = "refuses every other connection that the router forwards and that no rule before the jump accepts"
FIRST = "render with refuse=pass and log=yes, which refuses nothing, and look at the log and at the counters"


def restore(file: str) -> tuple[str, ...]:
    """Return the commands that load the files of both families, such as `rules`."""
    return tuple(f"{t}-restore -w --noflush {file}.v{4 if t == TABLES[0] else 6}" for t in TABLES)


HERE = "test -f rules.v4"
"""The start of a command that does nothing in another folder, if the lines are pasted there."""
CHAIN = tuple(f"{HERE} && {{ {t} -w -S {{forward}} >/dev/null 2>&1 || {t} -w -N {{forward}}; }}" for t in TABLES)
"""The commands that create the plan's chain, if it does not exist."""
JUMP = tuple(
    f"{HERE} && {{ {t} -w -C FORWARD -j {{forward}} 2>/dev/null || {t} -w -A FORWARD -j {{forward}}; }}" for t in TABLES
)
"""The commands that add the jump to the plan's chains, once."""
NO_JUMP = tuple(
    f"{t}-save -t filter | sed -n -e '1i*filter' -e 's/^-A \\(.* -[jg] {{forward}}\\)$/-D \\1/p' -e '$aCOMMIT'"
    f" | {t}-restore -w -n"
    for t in TABLES
)
"""The commands that delete every jump to the plan's chains."""


def delete(chains: str) -> tuple[str, ...]:
    """Return the commands that delete those of some chains that nothing refers to.

    Args:
        chains: a basic regular expression for their names.
    """
    # The head of a chain in the output: Chain P365-S-client-v4 (0 references)
    return tuple(
        f"{t} -w -nL | sed -n -e '1i*filter' -e 's/^Chain \\({chains}\\) (0 ref.*/-F \\1\\n-X \\1/p' -e '$aCOMMIT'"
        f" | {t}-restore -w -n"
        for t in TABLES
    )


@dataclass(kw_only=True, slots=True)
class FilterTable:
    """The rules and chains of a plan in the filter table of one family."""

    planned: list[str] = field(default_factory=list)
    """The plan's rules in P365-FORWARD, without `-A P365-FORWARD`."""
    chains: dict[str, list[str]] = field(default_factory=dict)
    """Chains below it by name, with their rules without `-A NAME`."""


class RestoreTarget(acl.AclTarget):
    """Base class of filters that iptables-restore and ip6tables-restore load."""

    supports_since = True
    own_names = True
    options = acl.STATEFUL_OPTIONS

    @property
    def forward(self) -> str:
        """The name of the plan's chain."""
        return self.own_name(FORWARD)

    def words(self) -> Mapping[str, str]:
        """Return the options, the name of the plan's chain, and the starts of all names."""
        return {
            **super().words(),
            "forward": self.forward,
            "chains": self.own_name("P365"),
            "sets": self.own_name("m365"),
        }

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
        chains = self._chains(family, table)
        more = [] if table.planned else [self.nothing_for(family)]
        body = [f"-A {name} {line}" for name, lines in chains.items() for line in lines]
        new = [f":{name} - [0:0]" for name in table.chains]
        lines = [*self.header(plan, *more), "*filter", f"-F {self.forward}", *new, *body, "COMMIT"]
        return self.text(f"rules.v{family}", lines, entries=len(body))

    def changes(self, plan: Plan, family: int, before: FilterTable, after: FilterTable, name: str = "changes") -> Artifact:
        """Make the file that changes an earlier table into the present one.

        Chains are rewritten as a whole, so that the file can be loaded again after an interruption.
        """
        old, new = self._chains(family, before), self._chains(family, after)
        changed = {chain: lines for chain, lines in new.items() if old.get(chain) != lines}
        gone = [chain for chain in old if chain not in new]
        head = self.header(
            plan, f"{len(changed)} chains to write, {len(gone)} to remove, in one transaction.", load="changes"
        )
        body = [
            "*filter",
            f"-C {self.forward} {old[self.forward][0]}",
            *(f":{chain} - [0:0]" for chain in (*changed, *gone)),
            *(f"-A {chain} {line}" for chain, lines in changed.items() for line in lines),
            *(f"-X {chain}" for chain in gone),
            "COMMIT",
        ]
        count = len(changed) + len(gone)
        return self.text(f"{name}.v{family}", [*head, *(body if count else [])], entries=count)

    def _chains(self, family: int, table: FilterTable) -> dict[str, list[str]]:
        """Return the rules of all chains by name."""
        return {
            self.forward: [*self.opening_rules(family), *table.planned, *self.closing_rules(family)],
            **table.chains,
        }

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


def interface_match(rule: acl.Rule, outside: str) -> list[str]:
    """Return the match of the interface to the internet, if the packets pass it."""
    crossing = acl.CROSSING[rule.flow.direction]
    return [f"-{crossing} {outside}"] if crossing and outside else []


def port_matches(ports: PortSet) -> Iterator[str]:
    """Yield port matches within the kernel's limit that together match the port set."""
    for some in acl.port_chunks(ports, PORTS):
        words = acl.port_words(some, ":")
        yield f"--dport {words[0]}" if len(words) == 1 else f"-m multiport --dports {','.join(words)}"
