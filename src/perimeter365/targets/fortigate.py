"""FortiGate (FortiOS 6.4 and newer): addresses, groups, services and policies, as commands for its CLI.

Makes `perimeter365.conf`: an address object for each prefix, an FQDN object for each name that has no published address,
groups of them by role and requirement, services, and a policy for each requirement and IP family, with the requirement's id
as its comment. Vendor pages at docs.fortinet.com: "Subcommands", "Text strings" (a name has 79 characters) and "Using
wildcard FQDN addresses in firewall policies".

    config firewall addrgrp
        edit "m365-ws-worldwide-11-v4"
            set member "m365-52.112.0.0_14" "m365-52.122.0.0_15"

What it says: both ends by address, destinations also by exact name and `*.name`, ports, all three directions; an end that a
requirement leaves open is `all`, and the comment says so. What it cannot say: a star elsewhere (`*cdn.onenote.net`, `a.*.b`;
--observed puts the names seen in its place), URL paths, and sources by name. A wildcard FQDN object is filled from the DNS
answers that pass the FortiGate: clients must not resolve past it, nor over HTTPS.

Install: look the file over, then Configuration > Scripts, or paste it into the CLI. Our policies come last, so one of yours
that denies everything has to stand behind them; `before=12` moves ours before policy 12. `inside` and `outside` name
interfaces or zones; `nat=yes` hides IPv4 clients behind the outgoing interface. Our policies have numbers from 365,000,000
on, made of their names. Update: render with --since, and load `changes.conf`: it adds first and removes then. (The whole,
loaded again, brings groups and policies up to date; what has left the plan stays.) The limits are of the smallest models:
Fortinet's Maximum Values Table has yours.
"""

from collections.abc import Iterator
from types import MappingProxyType
from zlib import crc32

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import Change, Item
from perimeter365.targets.target import Capabilities, Option

NAME, POLICY_NAME, COMMENT = 79, 35, 1023
FIRST, COUNT = 365_000_000, 1_000_000
"""Where the numbers of our policies begin, and how many there are."""
SIX = {4: "", 6: "6"}


class Fortigate(objects.ObjectTarget):
    """The plan as objects and policies of a FortiGate."""

    name = "fortigate"
    title = "FortiGate"
    vendor_page = "https://docs.fortinet.com/document/fortigate/7.4.0/administration-guide/627485"
    proof = "second opinion"
    proof_detail = "a reader of its commands and aerleon's FortiGate policies allow the same packets"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"policies": 5_000, "addresses": 5_000, "groups": 2_500, "group_members": 600})
    options = MappingProxyType(
        {
            "inside": Option(default="internal", help="the interface or zone of our side, or any", check=objects.is_word),
            "outside": Option(default="wan1", help="the interface or zone of the internet, or any", check=objects.is_word),
            "nat": Option(default="no", choices=("no", "yes"), help="translate the sources of outbound IPv4"),
            "before": Option(
                default="0", help="the number of the policy that ours go before; 0: none", check=objects.is_number
            ),
        }
    )
    extension = "conf"
    load = "Configuration, Scripts: {}"
    host_reason = "a wildcard FQDN object has its star in front, as a whole label"

    def items(self, plan: Plan) -> Iterator[Item]:
        """Addresses, groups, services, policies; addresses of IPv6 stand in tables of their own."""
        rules = list(self.rules(plan))
        books = {n: objects.Book([rule for rule in rules if rule.family == n], NAME, SIX[n]) for n in SIX}
        made = [item for family, book in books.items() for item in self._addresses(book, SIX[family])]
        policies = list(self._policies(rules, books))
        made += sorted(dict.fromkeys(policies), key=lambda item: item.kind == "firewall policy")
        for limit, word in {"policies": " policy", "addresses": " address", "groups": " addrgrp"}.items():
            self.hold(limit, sum(word in item.kind for item in made), "the plan")
        yield from made

    def _addresses(self, book: objects.Book, six: str) -> Iterator[Item]:
        for member, name in book.objects.items():
            if isinstance(member, HostPattern):
                parts = ["type fqdn", f'fqdn "{member}"']
            else:
                parts = [f"ip6 {member}" if six else f"subnet {objects.mask(member)}"]
            yield Item(kind=f"firewall address{six}", name=name, parts=tuple(parts))
        for name, members in book.groups():
            self.hold("group_members", len(members), name)
            yield Item(kind=f"firewall addrgrp{six}", name=name, parts=tuple(f'member "{book.objects[m]}"' for m in members))

    def _policies(self, rules: list[acl.Rule], books: dict[int, objects.Book]) -> Iterator[Item]:
        """A policy for each flow and family, and its service before it."""
        inside, outside = self.option("inside"), self.option("outside")
        numbers: set[int] = set()
        for flow, some in objects.by_flow(rules, families=True):
            family, book = some[0].family, books[some[0].family]
            ports = {rule.protocol: rule.ports for rule in some}
            service = objects.service_name(NAME, **ports)
            words = tuple(f"{protocol}-portrange {' '.join(acl.port_words(these))}" for protocol, these in ports.items())
            yield Item(kind="firewall service custom", name=service, parts=words)
            name = objects.cut(f"m365-{acl.flow_name(flow)}-v{family}", POLICY_NAME)
            number = FIRST + crc32(name.encode()) % COUNT
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
            yield Item(kind="firewall policy", name=str(number), parts=tuple(fields))

    def section(self, kind: str) -> tuple[list[str], list[str]]:
        """Each table is opened and closed."""
        return [f"config {kind}"], ["end"]

    def add(self, change: Change) -> Iterator[str]:
        """`edit` makes what is not there. Members are appended to groups; a field of a policy is set as a whole."""
        appended = not change.whole and "addrgrp" in change.item.kind
        yield f"    edit {_key(change.item)}"
        for field in dict.fromkeys(part.split()[0] for part in change.parts):
            parts = change.parts if appended else change.item.parts
            values = [part.partition(" ")[2] for part in parts if part.split()[0] == field]
            yield f"        {'append' if appended else 'set'} {field} {' '.join(values)}"
        yield "    next"
        if change.whole and change.item.kind == "firewall policy" and self.option("before") != "0":
            yield f"    move {change.item.name} before {self.option('before')}"

    def remove(self, change: Change) -> Iterator[str]:
        """A field that was set in the adds holds nothing old any more."""
        gained = [part for part in (change.other.parts if change.other else ()) if part not in change.item.parts]
        was_set = {part.split()[0] for part in gained if "addrgrp" not in change.item.kind}
        parts = [part for part in change.parts if part.split()[0] not in was_set]
        if change.whole:
            yield f"    delete {_key(change.item)}"
        elif parts:
            yield f"    edit {_key(change.item)}"
            yield from (f"        unselect {part}" for part in parts)
            yield "    next"


def _key(item: Item) -> str:
    return item.name if item.kind == "firewall policy" else f'"{item.name}"'
