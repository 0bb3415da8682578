"""Cisco ASA (9.0 and later): object groups and extended access lists.

Output: `perimeter365.cfg`, and `remove.cfg`, which takes everything out again: a network object group for each list of
addresses, an FQDN object for each name without published address, service groups for each requirement, and two access
lists, P365-OUTBOUND (with the internal connections) and P365-INBOUND. Both are always written, and end with a deny of
everything: an ASA removes the binding of a list that becomes empty, and then permits what the security levels permit.

    object-group service m365-ws-worldwide-11-v4-udp-3478-3481 udp
     description ws/worldwide/11 worldwide teams outbound optimize
     port-object range 3478 3481
    access-list P365-OUTBOUND line 1 extended permit udp object-group m365-client-v4-1c2d3e4f object-group ...

Vendor pages: the firewall configuration guide, "Objects for Access Control" (a name has at most 64 characters; a group in
use cannot be empty), "Access Control Lists" and "Access Rules".
Supported: both ends by address and port in IPv4 and IPv6, destinations also by exact name, all three directions. An end that
is anyone is `any4` or `any6`. The ICMP messages that a packet is too big are also permitted.
Not supported: wildcard names (use --observed to list the names in use), URL paths, and sources by name. Names need `dns
domain-lookup`, and a DNS server group with the same answers as the clients' resolvers. An FQDN object stands for the
addresses that its name resolves to, and so for all sites at them. Addresses are real addresses, before translation.
Insert entries of your own with `line 1` or another line above the deny. Files insert theirs at line 1. `dmz` names roles
that are behind another interface than the clients; what they start is then in the list P365-DMZ.
The limit is Cisco's recommendation for the smallest model, counted with expanded groups.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, cisco, objects
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import Capabilities

ANYONE = {4: "any4", 6: "any6"}
ICMP = ("icmp any4 any4 unreachable 4", "icmp6 any6 any6 packet-too-big")
"""Messages that a packet is too big: path MTU discovery needs them."""


class CiscoAsa(cisco.CiscoTarget):
    """Object groups and access lists of an ASA."""

    name = "cisco-asa"
    title = "Cisco ASA"
    vendor_page = (
        "https://www.cisco.com/c/en/us/td/docs/security/asa/asa922/configuration/firewall/asa-922-firewall-config/"
        "access-objects.html"
    )
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"aces": 25_000})
    options = cisco.interface_options("inside", "outside", "dmz")
    host_reason = "an FQDN object is a single name"
    bind = ("access-group {dmz_list} in interface {dmz_interface}",)
    manual = Manual(
        where="the ASA's command line, in privileged EXEC mode, with the files on disk0",
        install=(
            "copy /noconfirm disk0:/perimeter365.cfg running-config",
            "configure terminal",
            "access-group {outbound} in interface {inside}",
            "access-group {inbound} in interface {outside}",
            "end",
            "write memory",
        ),
        update=("copy /noconfirm disk0:/perimeter365.cfg running-config", "write memory"),
        changes=("copy /noconfirm disk0:/changes.cfg running-config", "write memory"),
        remove=(
            "configure terminal",
            "no access-group {outbound} in interface {inside}",
            "no access-group {inbound} in interface {outside}",
            "end",
            "copy /noconfirm disk0:/remove.cfg running-config",
            "write memory",
            "show running-config | include {ours}",
        ),
        besides="a bound list replaces the list that its interface had and refuses all else; an update with the full file "
        "removes nothing; an FQDN object permits all sites at the addresses of its name, which a CDN may share; "
        "entries of your own go with their list when it is removed",
        first="load the file, and try packets with `packet-tracer` before the lines that bind the lists",
    )

    tried = tried(model("ASA 9.22"))

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield network objects, groups and access list entries, named by their line."""
        rules = list(self.rules(plan))
        books = {
            n: objects.AddressBook([r for r in rules if r.family == n], cisco.NAME, f"-v{n}", self.start, fixed=True)
            for n in ANYONE
        }
        for family, book in books.items():
            for member, name in book.objects.items():
                if isinstance(member, HostPattern):
                    yield ConfigItem(kind="object network", name=name, parts=(f"fqdn v{family} {member}",))
            for name, members in book.groups():
                yield ConfigItem(kind="object-group network", name=name, parts=tuple(_member(m, book) for m in members))
        entries: list[str] = []
        for rule in rules:
            ports = tuple(f"port-object {words}" for words in objects.cisco_ports(rule.ports))
            service, text = self.service([rule], f"-v{rule.family}")
            yield ConfigItem(kind="object-group service", name=f"{service} {rule.protocol}", parts=(text, *ports))
            start = f"access-list {self.list_of(rule.flow)} extended permit {rule.protocol}"
            entries += [f"{start} {ends} object-group {service}" for ends in _ends(rule, books[rule.family])]
        for name in self.lists:
            yield from (ConfigItem(kind="access-list", name=f"access-list {name} extended permit {line}") for line in ICMP)
        yield from (ConfigItem(kind="access-list", name=line) for line in entries)
        self.check_limit("aces", sum(map(_aces, rules)), "the plan, its groups expanded,")

    def opening(self, name: str) -> Iterator[str]:
        """Yield the last entry of each list, which creates it."""
        yield from (f"access-list {each} extended deny ip any any" for each in self.lists)

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield the line that enters an object, and its parts.

        An entry of the list is inserted at the top.
        """
        if change.item.kind == "access-list":
            yield change.item.name.replace(" extended ", " line 1 extended ", 1)
        else:
            yield from (self.head(change.item), *self.members(change, no=False))

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the removal of an object, or of parts of it.

        A group in use is never empty.
        """
        yield from self.remove_group(change)

    def head(self, item: ConfigItem) -> str:
        """Return the line that opens a group or object, or an entry."""
        return item.name if item.kind == "access-list" else super().head(item)

    def unlist(self) -> Iterator[str]:
        """Yield the lines that remove all lists."""
        yield from (f"clear configure access-list {each}" for each in self.lists)


def _ends(rule: acl.Rule, book: objects.AddressBook) -> Iterator[str]:
    """Yield both ends for each group of destinations."""
    for destination in book.destinations(rule, ""):
        groups = (book.source(rule, ""), destination)
        yield " ".join(f"object-group {group}" if group else ANYONE[rule.family] for group in groups)


def _member(member: Prefix | HostPattern, book: objects.AddressBook) -> str:
    """Return a member of a network group.

    IPv4 prefixes have a netmask; single addresses are hosts.
    """
    if isinstance(member, HostPattern):
        return f"network-object object {book.objects[member]}"
    if objects.is_host(member):
        return f"network-object host {member.address}"
    return f"network-object {objects.mask(member) if member.family == 4 else member}"


def _aces(rule: acl.Rule) -> int:
    """Return the number of entries to which the device expands a rule."""
    ends = len(rule.prefixes("source") or "1") * (len(rule.prefixes("destination") or "1") + len(rule.hosts))
    return ends * len(rule.ports.ranges)
