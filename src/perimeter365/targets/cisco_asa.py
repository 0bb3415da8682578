"""Cisco ASA (9.0 and later): object groups and extended access lists.

Output: `perimeter365.cfg`: a network object group for each list of addresses, an FQDN object for each name without published
address, service groups, and two access lists, P365-OUTBOUND (with the internal connections) and P365-INBOUND. Each entry
follows a remark with the requirement's id.

    object-group network m365-ws-worldwide-11-v4
     network-object 52.112.0.0 255.252.0.0
    access-list P365-OUTBOUND remark ws/worldwide/11 worldwide teams outbound optimize
    access-list P365-OUTBOUND extended permit udp object-group m365-client-v4 object-group m365-ws-worldwide-11-v4 ...

Vendor page: the firewall configuration guide, "Objects for Access Control" (a name has at most 64 characters; a group in use
cannot be empty) and "Access Control Lists".
Supported: both ends by address and port in IPv4 and IPv6, destinations also by exact name, all three directions. An end that
is anyone is `any4` or `any6`, with a note in the remark.
Not supported: wildcard names (use --observed to list the names in use), URL paths, and sources by name. Names need `dns
domain-lookup`, and a DNS server group with the same answers as the clients' resolvers. Addresses are real addresses, before
translation.
Install: `copy tftp://server/perimeter365.cfg running-config`, check it, then bind the lists once: `access-group
P365-OUTBOUND in interface inside` and `access-group P365-INBOUND in interface outside`. From then on each list denies
everything that it does not permit: add your own entries to the same lists.
Update: render with --since, and copy `changes.cfg`, which adds entries first and then removes. (The full file can be copied
again: it adds missing lines and reports that the others exist, but removes nothing.) The limit is Cisco's recommendation for
the smallest model, counted with expanded groups.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import Capabilities

NAME, REMARK = 64, 100
LISTS = {"outbound": "P365-OUTBOUND", "internal": "P365-OUTBOUND", "inbound": "P365-INBOUND"}
ANYONE = {4: "any4", 6: "any6"}


class CiscoAsa(objects.ObjectTarget):
    """Object groups and access lists of an ASA."""

    name = "cisco-asa"
    title = "Cisco ASA"
    vendor_page = (
        "https://www.cisco.com/c/en/us/td/docs/security/asa/asa922/configuration/firewall/asa-922-firewall-config/"
        "access-objects.html"
    )
    denies_by_default = "family"
    proof = "second opinion"
    proof_detail = "read back, its lines allow the packets of the plan, and those of aerleon's access lists"
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"aces": 25_000})
    comment = "!"
    extension = "cfg"
    load = "copy {} running-config"
    host_reason = "an FQDN object is a single name"

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield network objects, groups and access list entries, named by their line."""
        rules = list(self.rules(plan))
        books = {
            n: objects.AddressBook([rule for rule in rules if rule.family == n], NAME, f"-v{n}", self.start) for n in ANYONE
        }
        for family, book in books.items():
            for member, name in book.objects.items():
                if isinstance(member, HostPattern):
                    yield ConfigItem(kind="object network", name=name, parts=(f"fqdn v{family} {member}",))
            for name, members in book.groups():
                yield ConfigItem(kind="object-group network", name=name, parts=tuple(_member(m, book) for m in members))
        for rule in rules:
            ports = tuple(f"port-object {words}" for words in objects.cisco_ports(rule.ports))
            yield ConfigItem(kind="object-group service", name=_service(rule, self.start), parts=ports)
        entries: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for flow, some in objects.rules_by_flow(rules):
            start = f"access-list {self.own_name(LISTS[flow.direction])}"
            lines = tuple(
                f"{start} extended permit {line}" for rule in some for line in _entries(rule, books[rule.family], self.start)
            )
            entries.setdefault(start, []).append((f"{start} remark {acl.rule_comment(some[0], REMARK)}", lines))
        for several in entries.values():
            yield from (ConfigItem(kind="access-list", name=line) for line in objects.merge_remarks(several))
        self.check_limit("aces", sum(map(_aces, rules)), "the plan, its groups expanded,")

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield the line that enters an object, and its parts."""
        yield _head(change.item)
        yield from (f" {part}" for part in change.parts)

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the removal of an object, or of parts of it.

        A group in use is never empty.
        """
        if change.whole:
            yield f"no {_head(change.item)}"
        else:
            yield _head(change.item)
            yield from (f" no {part}" for part in change.parts)


def _head(item: ConfigItem) -> str:
    return item.name if item.kind == "access-list" else f"{item.kind} {item.name}"


def _service(rule: acl.Rule, start: str) -> str:
    """Return the name of a service group, and its protocol."""
    return f"{objects.service_name(NAME, start, **{rule.protocol: rule.ports})} {rule.protocol}"


def _entries(rule: acl.Rule, book: objects.AddressBook, start: str) -> Iterator[str]:
    """Yield an entry for each group of destinations."""
    for destination in book.destinations(rule, ""):
        groups = (book.source(rule, ""), destination)
        ends = " ".join(f"object-group {group}" if group else ANYONE[rule.family] for group in groups)
        yield f"{rule.protocol} {ends} object-group {_service(rule, start).split()[0]}"


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
