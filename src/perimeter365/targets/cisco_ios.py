"""Cisco IOS and IOS XE (15.1 and later): object groups and named access lists.

Output: `perimeter365.cfg`, and `remove.cfg`, which takes everything out again. For IPv4: a network object group for each
list of addresses, a service group for each requirement, and the extended access lists P365-OUTBOUND (with the internal
connections) and P365-INBOUND. For IPv6, where object groups need newer releases and do not work with the zone-based
firewall: P365-OUTBOUND-V6 and P365-INBOUND-V6 with every pair of prefixes, and comments that name the requirements. All four
lists are always written, and end with a deny of everything: a list that is empty or missing permits everything.

    object-group service m365-ws-worldwide-11-udp-3478-3481
     description ws/worldwide/11 worldwide teams outbound optimize
    ip access-list extended P365-OUTBOUND
     10 permit object-group m365-ws-worldwide-11-udp-3478-3481 object-group m365-client-v4-1c2d3e4f object-group ...

Vendor pages: "Object Groups for ACLs" (a group in use cannot be empty) and "IP Access List Entry Sequence Numbering".
Supported: both ends by address and port, all three directions. An end that is anyone is `any`.
Not supported: host names (those without an address are losses), URL paths, and state. By default (`replies=permit`), the
lists permit the answers of what is planned: TCP packets with ACK or RST, and UDP packets from the ports of the services.
They also permit ICMP's packet-too-big, and for IPv6 neighbor discovery. Other ICMP, routing protocols and DHCP need entries
of your own. The zone-based firewall keeps state: use `replies=no`, and for each zone pair a class map of type `inspect` that
matches the lists (`match access-group name P365-OUTBOUND`).
Give entries of your own a number, since others end up below the deny. Files insert their entries at the top of IPv4
lists, and renumber the others from 1000000; in IPv6 lists, the numbers below 1000000 and from 4000000000 are yours.
The lists are for servers by their inner addresses. A list that is bound `in` to an outside interface is checked before the
translation and would need the public ones. `dmz` names roles that are behind another interface than the clients. The number
of entries depends on the memory of the model; the IPv6 lists grow with the product of their ends.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import cisco, objects
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import NARROWED, WIDENED, Option

FOUR, SIX = "ip access-list extended ", "ipv6 access-list "
ICMP = ("packet-too-big",)
ICMP6 = ("packet-too-big", "nd-na", "nd-ns", "router-advertisement", "router-solicitation")
FIRST, STEP = 1_000_000, 10
"""Number from which the present entries of an IPv4 list are renumbered, to make room for new ones."""
NUMBERS, LAST = range(FIRST, 4_000_000_000), 4_294_967_294
"""Numbers of our entries of IPv6 lists, and of the last one."""

STATELESS = (WIDENED, "stateless")
STATEFUL = (
    NARROWED, "stateless", "the list keeps no state: bound to an interface, it refuses the answers",
    "use it in the zone-based firewall",
)  # fmt: skip


def _bound(interface: str, name: str, no: str = "") -> tuple[str, ...]:
    return f"interface {{{interface}}}", f"{no}ip access-group {{{name}}} in", f"{no}ipv6 traffic-filter {{{name}}}-V6 in"


class CiscoIos(cisco.CiscoTarget):
    """Object groups and access lists of an IOS router."""

    name = "cisco-ios"
    title = "Cisco IOS"
    vendor_page = (
        "https://www.cisco.com/c/en/us/td/docs/routers/ios/config/17-x/sec-vpn/b-security-vpn/m_sec_zbf_ogacl-xe.html"
    )
    keeps = True
    kept_names = r"[ -~]{1,500}"
    kept_most = 2**31 - 1
    options = MappingProxyType(
        {
            "replies": Option(
                default="permit",
                choices=("permit", "no"),
                help="answers: permitted by the lists, which keep no state, or left to the zone-based firewall",
            ),
            **cisco.interface_options("GigabitEthernet0/0/1", "GigabitEthernet0/0/0", "GigabitEthernet0/0/2"),
        }
    )
    bind = _bound("dmz_interface", "dmz_list")
    manual = Manual(
        where="the router's command line, in privileged EXEC mode, with the files in flash and `file prompt quiet`",
        install=(
            "copy flash:perimeter365.cfg running-config",
            "configure terminal",
            *_bound("inside", "outbound"),
            *_bound("outside", "inbound"),
            "end",
            "write memory",
        ),
        update=("copy flash:perimeter365.cfg running-config", "write memory"),
        changes=("copy flash:changes.cfg running-config", "write memory"),
        remove=(
            "configure terminal",
            *_bound("inside", "outbound", "no "),
            *_bound("outside", "inbound", "no "),
            "end",
            "copy flash:remove.cfg running-config",
            "write memory",
            "show running-config | include {ours}",
        ),
        besides="a bound list replaces the list that its interface had and refuses all else, SSH to the router, routing "
        "and IPv6 too; an update with the full file removes nothing; your own entries go with their list when it is removed",
        first="load the file, read `show access-lists`, and enter `reload in 10` before the lines that bind the lists",
    )
    tried = tried(model("IOS 15.9 and IOS XE 17"))

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield groups and access list entries, named by their line."""
        rules = list(self.rules(plan))
        for rule in rules:
            self.report_loss(rule.flow, *(STATELESS if self._replies else STATEFUL))
        book = objects.AddressBook([r for r in rules if r.family == 4], cisco.NAME, start=self.start, fixed=True)
        for name, members in book.groups():
            parts = tuple(cisco.group_member(member) for member in members if isinstance(member, Prefix))
            yield ConfigItem(kind="object-group network", name=name, parts=parts)
        entries = {kind: list(self._always(kind)) for name in self.lists for kind in (FOUR + name, f"{SIX}{name}-V6")}
        for flow, some in objects.rules_by_flow(rules, families=True):
            mine, back = self.list_of(flow), self.answers_of(flow)
            udp = [rule for rule in some if rule.protocol == "udp" and self._replies]
            if some[0].family == 6:
                self.note(entries, f"{SIX}{mine}-V6", some[0], (e for r in some for e in cisco.pairs(r)))
                self.note(entries, f"{SIX}{back}-V6", some[0], (e for r in udp for e in cisco.answers(r, *cisco.ends(r))))
                continue
            service, text = self.service(some)
            words = tuple(f"{rule.protocol} {port}" for rule in some for port in objects.cisco_ports(rule.ports))
            yield ConfigItem(kind="object-group service", name=service, parts=(text, *words))
            names = (book.source(some[0], ""), *book.destinations(some[0], ""))
            source, destination = (f"object-group {name}" if name else "any" for name in names)
            entries[FOUR + mine].append(f"permit object-group {service} {source} {destination}")
            entries[FOUR + back] += [line for rule in udp for line in cisco.answers(rule, [source], [destination])]
        for kind, lines in entries.items():
            yield from (ConfigItem(kind=kind, name=line) for line in dict.fromkeys(lines))

    def _always(self, kind: str) -> Iterator[str]:
        """Yield the entries of a list that every plan has."""
        yield from (f"permit icmp any any {word}" for word in (ICMP if kind.startswith(FOUR) else ICMP6))
        yield from ["permit tcp any any established"] if self._replies else []

    @property
    def _replies(self) -> bool:
        return self.option("replies") == "permit"

    def files(self, plan: Plan) -> Mapping[str, Sequence[ConfigItem]]:
        """Return the items, and number those of the IPv6 lists."""
        made = super().files(plan)
        self.number((f"{item.kind} {item.name}" for item in made["perimeter365"] if item.kind.startswith(SIX)), NUMBERS)
        return made

    def opening(self, name: str) -> Iterator[str]:
        """Yield each list with its last entry, and make room at the top of those of IPv4."""
        for each in self.lists:
            yield from (FOUR + each, " deny ip any any", f"{SIX}{each}-V6", f" sequence {LAST} deny ipv6 any any")
        yield from (f"ip access-list resequence {each} {FIRST} {STEP}" for each in self.lists)
        self._count: Counter[str] = Counter()

    def section(self, kind: str) -> tuple[list[str], list[str]]:
        """Return the line that enters an access list, once for all its entries."""
        return ([kind], []) if "access-list" in kind else ([], [])

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield the line that enters a group and its parts, or an entry with its number."""
        item = change.item
        if item.kind.startswith(SIX):
            yield from self.noted(item)
            yield f" sequence {self.numbers[f'{item.kind} {item.name}']} {item.name}"
        elif item.kind.startswith(FOUR):
            self._count[item.kind] += STEP
            yield f" {self._count[item.kind]} {item.name}"
        else:
            yield from (self.head(item), *self.members(change, no=False))

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the removal of an item, or of parts of it; a group in use is never empty."""
        yield from ([f" no {change.item.name}"] if "access-list" in change.item.kind else self.remove_group(change))

    def unlist(self) -> Iterator[str]:
        """Yield the lines that remove all lists."""
        for each in self.lists:
            yield from (f"no {FOUR}{each}", f"no {SIX}{each}-V6")
