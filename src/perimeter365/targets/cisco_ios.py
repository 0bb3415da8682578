"""Cisco IOS and IOS XE (15.1 and later): object groups and named access lists.

Output: `perimeter365.cfg`. For IPv4: a network object group for each list of addresses, service groups, and the extended
access lists P365-OUTBOUND (with the internal connections) and P365-INBOUND. For IPv6, where object groups need newer
releases and do not work with the zone-based firewall: the lists P365-OUTBOUND-V6 and P365-INBOUND-V6 with every pair of
prefixes. Entries follow remarks with the ids of requirements.

    object-group network m365-ws-worldwide-11-v4
     52.112.0.0 255.252.0.0
    ip access-list extended P365-OUTBOUND
     remark ws/worldwide/11 worldwide teams outbound optimize
     permit object-group m365-udp-3478-3481 object-group m365-client-v4 object-group m365-ws-worldwide-11-v4

Vendor page: "Object Groups for ACLs" (a group in use cannot be empty).
Supported: both ends by address and port, all three directions. An end that is anyone is `any`, with a note in the remark.
Not supported: host names (those without an address are losses), URL paths, and replies, since access lists are stateless. So
use the lists in the zone-based firewall, whose inspection allows replies:

    class-map type inspect match-any M365-OUT
     match access-group name P365-OUTBOUND

and the same with P365-INBOUND for the zone pair of the other direction. Bound to an interface (`ip access-group
P365-OUTBOUND in`, `ipv6 traffic-filter ...`), a list denies everything else, including replies in the other direction.
The zone-based firewall sees servers by their inner addresses, as these lists have them. A list that is bound `in` to an
outside interface is checked before the translation and would need the public ones.
Install: `copy tftp://server/perimeter365.cfg running-config`.
Update: render with --since, and copy `changes.cfg`, which adds entries first and then removes. (The full file can be copied
again: it adds missing lines, but removes nothing.) The number of entries depends on the memory of the model; the IPv6 lists
grow with the product of their ends.
"""

from collections.abc import Iterator

from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import ConfigChange, ConfigItem

NAME, REMARK = 64, 100
LISTS = {"outbound": "P365-OUTBOUND", "internal": "P365-OUTBOUND", "inbound": "P365-INBOUND"}


class CiscoIos(objects.ObjectTarget):
    """Object groups and access lists of an IOS router."""

    name = "cisco-ios"
    title = "Cisco IOS"
    vendor_page = (
        "https://www.cisco.com/c/en/us/td/docs/routers/ios/config/17-x/sec-vpn/b-security-vpn/m_sec_zbf_ogacl-xe.html"
    )
    denies_by_default = "family"
    proof = "second opinion"
    proof_detail = "read back, its lines allow the packets of the plan, and those of aerleon's access lists"
    comment = "!"
    extension = "cfg"
    load = "copy {} running-config"

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield groups and access list entries, named by their line."""
        rules = list(self.rules(plan))
        book = objects.AddressBook([rule for rule in rules if rule.family == 4], NAME, start=self.start)
        for name, members in book.groups():
            parts = tuple(_group_member(member) for member in members if isinstance(member, Prefix))
            yield ConfigItem(kind="object-group network", name=name, parts=parts)
        entries: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for flow, some in objects.rules_by_flow(rules, families=True):
            remark, name = f"remark {acl.rule_comment(some[0], REMARK)}", self.own_name(LISTS[flow.direction])
            if some[0].family == 6:
                lines = tuple(line for rule in some for line in _pairs(rule))
                entries.setdefault(f"ipv6 access-list {name}-V6", []).append((remark, lines))
                continue
            service = objects.service_name(NAME, self.start, **{rule.protocol: rule.ports for rule in some})
            words = tuple(f"{rule.protocol} {port}" for rule in some for port in objects.cisco_ports(rule.ports))
            yield ConfigItem(kind="object-group service", name=service, parts=words)
            groups = (book.source(some[0], ""), *book.destinations(some[0], ""))
            ends = " ".join(f"object-group {group}" if group else "any" for group in groups)
            entries.setdefault(f"ip access-list extended {name}", []).append(
                (remark, (f"permit object-group {service} {ends}",))
            )
        for kind, some_entries in sorted(entries.items()):
            yield from (ConfigItem(kind=kind, name=line) for line in objects.merge_remarks(some_entries))

    def section(self, kind: str) -> tuple[list[str], list[str]]:
        """Return the line that enters an access list, once for all its entries."""
        return ([kind], []) if "access-list" in kind else ([], [])

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield the line that enters a group, and its parts.

        An entry is appended to its list.
        """
        item = change.item
        yield f" {item.name}" if "access-list" in item.kind else f"{item.kind} {item.name}"
        yield from (f" {part}" for part in change.parts)

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the removal of an item, or of parts of it; a group in use is never empty."""
        item = change.item
        if "access-list" in item.kind:
            yield f" no {item.name}"
        elif change.whole:
            yield f"no {item.kind} {item.name}"
        else:
            yield f"{item.kind} {item.name}"
            yield from (f" no {part}" for part in change.parts)


def _group_member(prefix: Prefix) -> str:
    return f"host {prefix.address}" if objects.is_host(prefix) else objects.mask(prefix)


def _pairs(rule: acl.Rule) -> Iterator[str]:
    """Yield an entry for each pair of prefixes and each range of ports."""
    sources, destinations = ([_end(p) for p in rule.prefixes(end)] or ["any"] for end in ("source", "destination"))
    for port in objects.cisco_ports(rule.ports):
        yield from (
            f"permit {rule.protocol} {source} {destination} {port}" for source in sources for destination in destinations
        )


def _end(prefix: Prefix) -> str:
    return f"host {prefix.address}" if objects.is_host(prefix) else str(prefix)
