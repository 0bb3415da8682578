"""MikroTik RouterOS (6.49 and 7): address lists and filter rules, as a script to import.

Makes `perimeter365.rsc`: address lists by role and requirement, with the exact names that have no published address (the
router resolves them), and the chain `m365` of the IPv4 and the IPv6 filter with a rule for each requirement, protocol and
list. Vendor pages at help.mikrotik.com/docs: "Address-lists", "Filter", "Scripting".

    $entry4 l="m365-client-v4" a="10.0.0.0/8"
    :if ([$missing4 c="2e2cbb18 ws/worldwide/11 ..."]) do={ /ip firewall filter add chain=m365 protocol=udp ... }

Comments start with `m365`: what carries one is ours, everything else is left alone. The script may be imported as often as
you like, also every night: it marks what is there, adds what is missing, takes the mark off what the plan still needs, and
removes at the end what is still marked. Nothing that stays is ever gone.

What it says: both ends by address, destinations also by exact name, ports (15 numbers a rule), all three directions; an end
that a requirement leaves open is not matched, and the comment says so. What it cannot say: names with a star (--observed
puts the names seen in their place), URL paths, and sources by name.

Install: upload the file, `/import perimeter365.rsc`, and jump to the chain, once, where your forward chain is to accept it,
behind its rule for established connections and before the one that drops:

    /ip firewall filter add chain=forward action=jump jump-target=m365 place-before=[find chain=forward action=drop]

and the same under /ipv6. (A rule to or from anyone holds between inner networks, too: jump with out-interface and with
in-interface of the internet instead, and without them where internal connections pass the router.) The chain accepts, and
refuses nothing. Update: import the new file, or render with --since and import `changes.rsc`, which is shorter: it adds
first and removes then.
"""

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from zlib import crc32

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import Change, Item
from perimeter365.targets.target import Capabilities

CHAIN, MARK = "m365", "old "
NAME, COMMENT, PORTS = 63, 200, 15
LISTS = {4: "/ip firewall address-list", 6: "/ipv6 firewall address-list"}
FILTERS = {4: "/ip firewall filter", 6: "/ipv6 firewall filter"}
FUNCTIONS = (
    ":local entry{n} do={{",
    '  :local f [{lists} find list=$l comment="old m365 $a"]',
    '  :if ([:len $f] > 0) do={{ {lists} set $f comment="m365 $a" }}',
    '  :if ([:len $f] = 0) do={{ {lists} add list=$l comment="m365 $a" address=$a }}',
    "}}",
    ":local missing{n} do={{",
    '  :local f [{filters} find chain=m365 comment="old m365 $c"]',
    '  :if ([:len $f] > 0) do={{ {filters} set $f comment="m365 $c" }}',
    "  :return ([:len $f] = 0)",
    "}}",
)
"""What the script is said in: an entry is added or its mark is taken off; is a rule missing, or only marked?"""


class Mikrotik(objects.ObjectTarget):
    """The plan as address lists and filter rules of RouterOS."""

    name = "mikrotik"
    title = "MikroTik RouterOS"
    vendor_page = "https://help.mikrotik.com/docs/spaces/ROS/pages/48660574/Filter"
    proof = "second opinion"
    proof_detail = (
        "a reader of the script's commands allows the packets of the plan, and reads the same again after a second run"
    )
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"entries": 20_000})
    extension = "rsc"
    load = "/import {}"
    host_reason = "an address list resolves whole names alone"

    def items(self, plan: Plan) -> Iterator[Item]:
        """Entries of lists, then rules: an item's name is what finds it, its part is the rest of what adds it."""
        rules = list(self.rules(plan))
        books = {n: objects.Book([rule for rule in rules if rule.family == n], NAME, f"-v{n}") for n in (4, 6)}
        for family, book in books.items():
            for name, members in book.groups():
                for value in map(_address, members):
                    found = f'list="{name}" comment="{CHAIN} {value}"'
                    yield Item(kind=LISTS[family], name=found, parts=(f'address="{value}"',))
        for rule in rules:
            for destination in books[rule.family].destinations(rule, ""):
                for ports in acl.portions(rule.ports, PORTS):
                    ends = {"src": books[rule.family].source(rule, ""), "dst": destination}
                    words = [f"action=accept protocol={rule.protocol} dst-port={ports}"]
                    words += [f'{end}-address-list="{name}"' for end, name in ends.items() if name]
                    body = " ".join(words)
                    comment = f"{CHAIN} {crc32(body.encode()):08x} {acl.rule_comment(rule, COMMENT)}"
                    yield Item(kind=FILTERS[rule.family], name=f'chain={CHAIN} comment="{comment}"', parts=(body,))

    def whole(self, name: str, items: Sequence[Item]) -> Iterator[str]:
        """Mark what is there, add or unmark what is needed, remove what is still marked."""
        kinds = [*LISTS.values(), *FILTERS.values()]
        for kind in kinds:
            yield (
                f':foreach i in=[{kind} find dynamic=no comment~"^{CHAIN} "] '
                f'do={{ {kind} set $i comment=("{MARK}" . [{kind} get $i comment]) }}'
            )
        for family in (4, 6):
            yield from (line.format(n=family, lists=LISTS[family], filters=FILTERS[family]) for line in FUNCTIONS)
        for item in items:
            family = 4 if item.kind in (LISTS[4], FILTERS[4]) else 6
            if item.kind in LISTS.values():
                yield f"$entry{family} l={item.name.split()[0].partition('=')[2]} a={item.parts[0].partition('=')[2]}"
            else:
                comment = item.name.partition(f'"{CHAIN} ')[2]
                yield f':if ([$missing{family} c="{comment}]) do={{ {item.kind} add {item.name} {item.parts[0]} }}'
        yield from (f'{kind} remove [find comment~"^{MARK}{CHAIN} "]' for kind in reversed(kinds))

    def add(self, change: Change) -> Iterator[str]:
        """What is there already is not added twice."""
        item = change.item
        yield f":if ([:len [{item.kind} find {item.name}]] = 0) do={{ {item.kind} add {item.name} {item.parts[0]} }}"

    def remove(self, change: Change) -> Iterator[str]:
        """What is not there is not missed."""
        yield f"{change.item.kind} remove [find {change.item.name}]"


def _address(member: Prefix | HostPattern) -> str:
    """An address as RouterOS writes it: a single IPv4 address without its length."""
    return member.address if isinstance(member, Prefix) and member.family == 4 and objects.is_host(member) else str(member)
