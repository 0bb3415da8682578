"""MikroTik RouterOS (6.49 and 7): address lists and filter rules, as a script.

Output: `perimeter365.rsc`: address lists by role and requirement, including exact names without published address (the
router resolves them), and the chain `m365` of the IPv4 and IPv6 filters with a rule for each requirement, protocol and list.

    $entry4 l="m365-client-v4" a="10.0.0.0/8"
    :if ([$missing4 c="2e2cbb18 ws/worldwide/11 ..."]) do={ /ip firewall filter add chain=m365 protocol=udp ... }

Vendor pages at help.mikrotik.com/docs: "Address-lists", "Filter", "Scripting".
All entries have a comment that starts with `m365`; others are not touched. The script can be imported again at any time, for
instance every night: it marks the existing entries, adds missing ones, removes the mark from those that are still needed,
and deletes those that are still marked. Entries that stay are present at all times.
Supported: both ends by address, destinations also by exact name, ports (15 numbers per rule), all three directions. An end
that is anyone is not matched, with a note in the comment.
Not supported: wildcard names (use --observed to list the names in use), URL paths, and sources by name.
Install: upload the file, `/import perimeter365.rsc`, and add the jump to the chain once, at the place of your forward chain
where the plan is to be accepted: after the rule for established connections and before the one that drops:

    /ip firewall filter add chain=forward action=jump jump-target=m365 place-before=[find chain=forward action=drop]

and the same for /ipv6. (A rule from or to anyone also applies between internal networks. To avoid this, use jumps with
the internet's out-interface and in-interface instead, and without them only if internal connections pass the router.) The
chain accepts packets, but refuses none.
Update: import the new file, or render with --since and import `changes.rsc`, which is shorter: it adds first and then
removes.
"""

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from zlib import crc32

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import Capabilities

MARK = "old "
NAME, COMMENT, PORTS = 63, 200, 15
LISTS = {4: "/ip firewall address-list", 6: "/ipv6 firewall address-list"}
FILTERS = {4: "/ip firewall filter", 6: "/ipv6 firewall filter"}
FUNCTIONS = (
    ":local entry{n} do={{",
    '  :local f [{lists} find list=$l comment="old {chain} $a"]',
    '  :if ([:len $f] > 0) do={{ {lists} set $f comment="{chain} $a" }}',
    '  :if ([:len $f] = 0) do={{ {lists} add list=$l comment="{chain} $a" address=$a }}',
    "}}",
    ":local missing{n} do={{",
    '  :local f [{filters} find chain={chain} comment="old {chain} $c"]',
    '  :if ([:len $f] > 0) do={{ {filters} set $f comment="{chain} $c" }}',
    "  :return ([:len $f] = 0)",
    "}}",
)
"""The script's functions: add an entry or remove its mark; check whether a rule is missing, or remove its mark."""


class Mikrotik(objects.ObjectTarget):
    """Address lists and filter rules of RouterOS."""

    name = "mikrotik"
    title = "MikroTik RouterOS"
    vendor_page = "https://help.mikrotik.com/docs/spaces/ROS/pages/48660574/Filter"
    proof = "second opinion"
    proof_detail = "read back, the script's commands allow the packets of the plan, also after a second run"
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"entries": 20_000})
    extension = "rsc"
    load = "/import {}"
    host_reason = "an address list supports exact names only"

    @property
    def chain(self) -> str:
        """The name of the chain, and the first word of all comments."""
        return self.own_name("m365")

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield list entries, then rules.

        The name of an item is its search expression, its part the other properties.
        """
        rules = list(self.rules(plan))
        books = {
            n: objects.AddressBook([rule for rule in rules if rule.family == n], NAME, f"-v{n}", self.start) for n in (4, 6)
        }
        for family, book in books.items():
            for name, members in book.groups():
                for value in map(_address, members):
                    found = f'list="{name}" comment="{self.chain} {value}"'
                    yield ConfigItem(kind=LISTS[family], name=found, parts=(f'address="{value}"',))
        for rule in rules:
            for destination in books[rule.family].destinations(rule, ""):
                for ports in acl.port_chunks(rule.ports, PORTS):
                    ends = {"src": books[rule.family].source(rule, ""), "dst": destination}
                    words = [f"action=accept protocol={rule.protocol} dst-port={ports}"]
                    words += [f'{end}-address-list="{name}"' for end, name in ends.items() if name]
                    body = " ".join(words)
                    comment = f"{self.chain} {crc32(body.encode()):08x} {acl.rule_comment(rule, COMMENT)}"
                    yield ConfigItem(
                        kind=FILTERS[rule.family], name=f'chain={self.chain} comment="{comment}"', parts=(body,)
                    )

    def whole(self, name: str, items: Sequence[ConfigItem]) -> Iterator[str]:
        """Yield the full script.

        It marks all entries, adds or unmarks those that are needed, and removes the marked ones.
        """
        kinds = [*LISTS.values(), *FILTERS.values()]
        for kind in kinds:
            yield (
                f':foreach i in=[{kind} find dynamic=no comment~"^{self.chain} "] '
                f'do={{ {kind} set $i comment=("{MARK}" . [{kind} get $i comment]) }}'
            )
        for family in (4, 6):
            names = {"n": family, "lists": LISTS[family], "filters": FILTERS[family], "chain": self.chain}
            yield from (line.format(**names) for line in FUNCTIONS)
        for item in items:
            family = 4 if item.kind in (LISTS[4], FILTERS[4]) else 6
            if item.kind in LISTS.values():
                yield f"$entry{family} l={item.name.split()[0].partition('=')[2]} a={item.parts[0].partition('=')[2]}"
            else:
                comment = item.name.partition(f'"{self.chain} ')[2]
                yield f':if ([$missing{family} c="{comment}]) do={{ {item.kind} add {item.name} {item.parts[0]} }}'
        yield from (f'{kind} remove [find comment~"^{MARK}{self.chain} "]' for kind in reversed(kinds))

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield the command that adds an item unless it exists."""
        item = change.item
        yield f":if ([:len [{item.kind} find {item.name}]] = 0) do={{ {item.kind} add {item.name} {item.parts[0]} }}"

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the command that removes an item if it exists."""
        yield f"{change.item.kind} remove [find {change.item.name}]"


def _address(member: Prefix | HostPattern) -> str:
    """Format an address as RouterOS does.

    Single IPv4 addresses have no prefix length.
    """
    return member.address if isinstance(member, Prefix) and member.family == 4 and objects.is_host(member) else str(member)
