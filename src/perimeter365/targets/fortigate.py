"""FortiGate (FortiOS 6.4 and later): objects and policies as CLI commands.

Output: `perimeter365.conf`: an address object for each prefix, an FQDN object for each name without published address,
groups of them by role and requirement, services, and a policy for each requirement (its id is the comment) and IP family.

    config firewall addrgrp
        edit "m365-ws-worldwide-11-v4"
            set member "m365-52.112.0.0_14" "m365-52.122.0.0_15"

Vendor pages at docs.fortinet.com: "Subcommands", "Text strings" (a name has at most 79 characters) and "Using wildcard FQDN
addresses in firewall policies".
Supported: both ends by address, destinations also by exact name and `*.name`, ports, all three directions. An end that is
anyone is `all`, with a note in the comment.
Not supported: other wildcards (`*cdn.onenote.net`, `a.*.b`; use --observed to list the names in use), URL paths, and sources
by name. A wildcard FQDN object learns from DNS responses that pass the FortiGate: clients must not use other paths or DNS
over HTTPS.
Install: check the file, then load it with Configuration > Scripts, or paste it into the CLI. The policies are appended, so a
policy of yours that denies everything must come after them; `before=12` moves them before policy 12. `inside` and `outside`
are interfaces or zones; `nat=yes` translates IPv4 clients to the address of the outgoing interface. Policies have the inner
addresses of servers; a server that is published by a virtual IP needs that object as the destination, in place of its group.
Policy numbers start at 365,000,000 and are derived from the names.
Update: render with --since, and load `changes.conf`, which adds first and then removes. (The full file, loaded again,
updates groups and policies, but removes nothing.) Limits are of the smallest models; see Fortinet's Maximum Values Table.
"""

from collections.abc import Iterator
from types import MappingProxyType
from zlib import crc32

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import Capabilities, Option

NAME, POLICY_NAME, COMMENT = 79, 35, 1023
FIRST, COUNT, OTHERS = 365_000_000, 1_000_000, 3_900_000_000
"""First number of the policies, and the size of their range, also of the range for other prefixes."""
SIX = {4: "", 6: "6"}


class Fortigate(objects.ObjectTarget):
    """Objects and policies of a FortiGate."""

    name = "fortigate"
    title = "FortiGate"
    vendor_page = "https://docs.fortinet.com/document/fortigate/7.4.0/administration-guide/627485"
    proof = "second opinion"
    proof_detail = "read back, its commands and aerleon's FortiGate policies allow the same packets"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"policies": 5_000, "addresses": 5_000, "groups": 2_500, "group_members": 600})
    options = MappingProxyType(
        {
            "inside": Option(default="internal", help="internal interface or zone, or any", check=objects.is_word),
            "outside": Option(default="wan1", help="interface or zone of the internet, or any", check=objects.is_word),
            "nat": Option(default="no", choices=("no", "yes"), help="yes: translate the sources of outbound IPv4"),
            "before": Option(
                default="0", help="number of the policy to move the new ones before; 0: none", check=objects.is_number
            ),
        }
    )
    extension = "conf"
    load = "Configuration, Scripts: {}"
    host_reason = "a wildcard FQDN object supports a wildcard as the first label only"

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield addresses (IPv6 in separate tables), groups, services and policies."""
        rules = list(self.rules(plan))
        books = {n: objects.AddressBook([rule for rule in rules if rule.family == n], NAME, SIX[n], self.start) for n in SIX}
        made = [item for family, book in books.items() for item in self._addresses(book, SIX[family])]
        made += sorted(dict.fromkeys(self._policies(rules, books)), key=lambda item: item.kind == "firewall policy")
        for limit, word in {"policies": " policy", "addresses": " address", "groups": " addrgrp"}.items():
            self.check_limit(limit, sum(word in item.kind for item in made), "the plan")
        yield from made

    def _addresses(self, book: objects.AddressBook, six: str) -> Iterator[ConfigItem]:
        for member, name in book.objects.items():
            if isinstance(member, HostPattern):
                parts = ["type fqdn", f'fqdn "{member}"']
            else:
                parts = [f"ip6 {member}" if six else f"subnet {objects.mask(member)}"]
            yield ConfigItem(kind=f"firewall address{six}", name=name, parts=tuple(parts))
        for name, members in book.groups():
            self.check_limit("group_members", len(members), name)
            yield ConfigItem(
                kind=f"firewall addrgrp{six}", name=name, parts=tuple(f'member "{book.objects[m]}"' for m in members)
            )

    def _policies(self, rules: list[acl.Rule], books: dict[int, objects.AddressBook]) -> Iterator[ConfigItem]:
        """Yield a policy for each flow and family, after its service."""
        inside, outside = self.option("inside"), self.option("outside")
        numbers: set[int] = set()
        for flow, some in objects.rules_by_flow(rules, families=True):
            family, book = some[0].family, books[some[0].family]
            ports = {rule.protocol: rule.ports for rule in some}
            service = objects.service_name(NAME, self.start, **ports)
            words = tuple(f"{protocol}-portrange {' '.join(acl.port_words(these))}" for protocol, these in ports.items())
            yield ConfigItem(kind="firewall service custom", name=service, parts=words)
            name = objects.shorten(f"{self.start}{acl.flow_name(flow)}-v{family}", POLICY_NAME)
            number = FIRST + crc32(name.encode()) % (COUNT if self.start == objects.PREFIX else OTHERS)
            while number in numbers:
                number += 1
            numbers.add(number)
            fields = [
                f'name "{name}"',
                f'srcintf "{outside if flow.direction == "inbound" else inside}"',
                f'dstintf "{outside if flow.direction == "outbound" else inside}"',
                f'srcaddr{SIX[family]} "{book.source(some[0], "all")}"',
                *(f'dstaddr{SIX[family]} "{group}"' for group in book.destinations(some[0], "all")),
                "action accept",
                'schedule "always"',
                f'service "{service}"',
                f'comments "{acl.rule_comment(some[0], COMMENT)}"',
            ]
            if flow.direction == "outbound" and family == 4 and self.option("nat") == "yes":
                fields.append("nat enable")
            yield ConfigItem(kind="firewall policy", name=str(number), parts=tuple(fields))

    def section(self, kind: str) -> tuple[list[str], list[str]]:
        """Return the commands that open and close a table."""
        return [f"config {kind}"], ["end"]

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield the commands for an addition; group members are appended, others set."""
        appended = not change.whole and "addrgrp" in change.item.kind
        yield f"    edit {_key(change.item)}"
        for field in dict.fromkeys(part.split()[0] for part in change.parts):
            parts = change.parts if appended else change.item.parts
            values = [part.partition(" ")[2] for part in parts if part.split()[0] == field]
            yield f"        {'append' if appended else 'set'} {field} {' '.join(values)}"
        yield "    next"
        if change.whole and change.item.kind == "firewall policy" and self.option("before") != "0":
            yield f"    move {change.item.name} before {self.option('before')}"

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the commands for a removal; fields that the additions have set need none."""
        gained = [part for part in (change.other.parts if change.other else ()) if part not in change.item.parts]
        was_set = {part.split()[0] for part in gained if "addrgrp" not in change.item.kind}
        parts = [part for part in change.parts if part.split()[0] not in was_set]
        if change.whole:
            yield f"    delete {_key(change.item)}"
        elif parts:
            yield f"    edit {_key(change.item)}"
            yield from (f"        unselect {part}" for part in parts)
            yield "    next"


def _key(item: ConfigItem) -> str:
    return item.name if item.kind == "firewall policy" else f'"{item.name}"'
