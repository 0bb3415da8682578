"""MikroTik RouterOS 7: address lists and filter rules, as scripts.

Output: `perimeter365.rsc`: address lists by role and requirement, including exact names without published address (the
router resolves them), and the chain `m365` of the IPv4 and IPv6 filters with a rule for each requirement, protocol and list.
`jump.rsc`: the jump from the chain `forward` to it.

    $entry4 l="m365-client-v4-5f2a09c1" a="10.0.0.0/8"
    :if ([$missing4 c="2e2cbb18 ws/worldwide/11 ..."]) do={ /ip firewall filter add chain=m365 protocol=udp ... }

Vendor pages at help.mikrotik.com/docs: "Address-lists", "Filter", "Scripting", "Building Your First Firewall".
Ours are the rules of the chain `m365` and the entries of the lists `m365-...` whose comment starts with `p365:`; all others
are not touched. A list never changes: its name ends with a hash of its content. So a rule permits its old or its new
packets at any moment of an import, and never a mixture. `perimeter365.rsc` can be imported again at any time, for instance
every night, and completes an import that was interrupted: it marks the existing entries, adds missing ones, removes the mark
from those that are still needed, and deletes those that are still marked. It also removes what earlier versions have
written to the same chain and lists, with comments that start with `m365`.
`jump.rsc` puts the jump before the last rule of `forward` that drops or rejects: after your rules for invalid and blocked
packets, before the one that refuses the rest. If an earlier one refuses what the plan needs, move the jump. The script does
nothing if there already is a jump to the chain. The chain accepts packets, but refuses none.
Supported: both ends by address, destinations also by exact name, ports (15 numbers per rule), all three directions. With
`outside`, rules for external connections match only packets that pass the interfaces of that list; without it, a rule from
or to anyone also permits packets between internal networks, which is a loss.
Not supported: wildcard names (use --observed to list the names in use), URL paths, and sources by name. The router resolves
names itself: let it use the same resolvers as the clients (`/ip dns`). RouterOS 6.49 needs the package `ipv6`, and its
documentation does not say whether its lists of IPv6 support names.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from types import MappingProxyType
from zlib import crc32

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, objects
from perimeter365.targets._bases.routeros import FILTERS, LISTS, functions, jump_lines, mark_lines, removal_lines
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import Artifact, Capabilities, Option

NAME, COMMENT, PORTS, DIGITS = 63, 200, 15, 8
_MARKED = 'comment~"^({mark}|old {mark}): "'
CROSSING = {"outbound": "out-interface-list", "inbound": "in-interface-list"}


class Mikrotik(objects.ObjectTarget):
    """Address lists and filter rules of RouterOS."""

    name = "mikrotik"
    title = "MikroTik RouterOS"
    vendor_page = "https://help.mikrotik.com/docs/spaces/ROS/pages/48660574/Filter"
    proof = "second opinion"
    proof_detail = "read back, the script's commands allow the packets of the plan, also after a second run"
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"entries": 20_000})
    options = MappingProxyType(
        {
            "outside": Option(
                default="",
                help="the interface list of the internet, such as WAN: external connections are allowed only there",
                check=lambda name: not name or objects.is_word(name),
            )
        }
    )
    manual = Manual(
        where="terminal of the router, with the files uploaded to it",
        install=("/import perimeter365.rsc", "/import jump.rsc"),
        update=("/import perimeter365.rsc",),
        changes=("/import changes.rsc",),
        remove=(
            *(f"{menu} remove [find jump-target={{chain}}]" for menu in FILTERS.values()),
            *(f"{menu} remove [find chain={{chain}} {_MARKED}]" for menu in FILTERS.values()),
            *(f'{menu} remove [find dynamic=no list~"^{{start}}" {_MARKED}]' for menu in LISTS.values()),
        ),
        besides="a rule for a name also permits the other sites at the addresses of that name",
        first="nothing is permitted before the last line of the installation, the jump; print the rules before it",
    )
    tried = tried(model("RouterOS 7"))
    extension = "rsc"
    load = "/import {}"
    host_reason = "an address list supports exact names only"

    @property
    def chain(self) -> str:
        """The name of the chain."""
        return self.own_name("m365")

    @property
    def mark(self) -> str:
        """The start of the comments of all entries."""
        return f"{self.own_name('p365')}: "

    def words(self) -> dict[str, str]:
        """Return what replaces `{name}` in the lines of the manual."""
        return {**super().words(), "chain": self.chain, "mark": self.own_name("p365"), "start": self.start}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the scripts, and the one that adds the jump."""
        yield from super().artifacts(plan)
        lines = jump_lines(self.chain, f"{self.mark}jump")
        yield self.text("jump.rsc", [*self.header(plan, load=None), *lines], entries=len(FILTERS))

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield list entries, then rules.

        The name of an item is its search expression, its part the other properties.
        """
        rules = list(self.rules(plan))
        books = {
            n: objects.AddressBook([r for r in rules if r.family == n], NAME - DIGITS - 1, f"-v{n}", self.start)
            for n in FILTERS
        }
        names: dict[tuple[int, str], str] = {}
        for family, book in books.items():
            for base, members in book.groups():
                values = [_address(member) for member in members]
                name = f"{base}-{sha256(' '.join(values).encode()).hexdigest()[:DIGITS]}"
                names[family, base] = name
                for value in values:
                    found = f'list="{name}" comment="{self.mark}{value}"'
                    yield ConfigItem(kind=LISTS[family], name=found, parts=(f'address="{value}"',))
        for rule in rules:
            for destination in books[rule.family].destinations(rule, ""):
                for ports in acl.port_chunks(rule.ports, PORTS):
                    ends = {"src": books[rule.family].source(rule, ""), "dst": destination}
                    words = [f"action=accept protocol={rule.protocol} dst-port={ports}"]
                    words += [f'{end}-address-list="{names[rule.family, base]}"' for end, base in ends.items() if base]
                    if (outside := self.option("outside")) and (crossing := CROSSING.get(rule.flow.direction)):
                        words.append(f'{crossing}="{outside}"')
                    body = " ".join(words)
                    comment = f"{self.mark}{crc32(body.encode()):08x} {acl.rule_comment(rule, COMMENT)}"
                    yield ConfigItem(
                        kind=FILTERS[rule.family], name=f'chain={self.chain} comment="{comment}"', parts=(body,)
                    )

    def whole(self, name: str, items: Sequence[ConfigItem]) -> Iterator[str]:
        """Yield the full script: mark all entries, add or unmark some, remove others."""
        ours = dict.fromkeys(LISTS.values(), f'dynamic=no list~"^{self.start}"')
        ours |= dict.fromkeys(FILTERS.values(), f"chain={self.chain}")
        yield from mark_lines(ours, self.mark)
        yield from functions(self.chain, self.mark)
        for item in items:
            family = 4 if item.kind in (LISTS[4], FILTERS[4]) else 6
            if item.kind in LISTS.values():
                yield f"$entry{family} l={item.name.split()[0].partition('=')[2]} a={item.parts[0].partition('=')[2]}"
            else:
                comment = item.name.partition(f'"{self.mark}')[2]
                yield f':if ([$missing{family} c="{comment}]) do={{ {item.kind} add {item.name} {item.parts[0]} }}'
        yield from removal_lines(ours, self.mark, former=self.chain)

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
