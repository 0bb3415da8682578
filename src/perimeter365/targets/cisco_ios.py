"""Cisco IOS and IOS XE (15.1 and newer): object groups and named access lists, as lines for its configuration.

Makes `perimeter365.cfg`: for IPv4 a network object group for each list of addresses, service groups, and the extended access
lists P365-OUTBOUND (with the internal connections) and P365-INBOUND; for IPv6, where object groups need newer releases and
do not go with the zone-based firewall, the lists P365-OUTBOUND-V6 and P365-INBOUND-V6 with every pair of prefixes. Entries
stand behind remarks with the ids of requirements. Vendor page: "Object Groups for ACLs" (a group in use is never empty).

    object-group network m365-ws-worldwide-11-v4
     52.112.0.0 255.252.0.0
    ip access-list extended P365-OUTBOUND
     remark ws/worldwide/11 worldwide teams outbound optimize
     permit object-group m365-udp-3478-3481 object-group m365-client-v4 object-group m365-ws-worldwide-11-v4

What it says: both ends by address and port, all three directions; an end that a requirement leaves open is `any`, and the
remark says so. What it cannot say: host names (losses name those without an address), URL paths, and answers: an access list
knows no connections. So let the zone-based firewall inspect what the lists name, which lets answers pass:

    class-map type inspect match-any M365-OUT
     match access-group name P365-OUTBOUND

and the same with P365-INBOUND for the zone pair of the other direction. Bound to an interface (`ip access-group
P365-OUTBOUND in`, `ipv6 traffic-filter ...`) a list refuses everything else, also answers to the other direction.

Install: `copy tftp://server/perimeter365.cfg running-config`. Update: render with --since, and copy `changes.cfg`: it adds
first and removes then. (The whole, copied again, adds what is missing; what has left the plan stays.) How many entries a
router takes depends on the memory of its model; the lists for IPv6 grow with the product of their ends.
"""

from collections.abc import Iterator

from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import Change, Item

NAME, REMARK = 64, 100
LISTS = {"outbound": "P365-OUTBOUND", "internal": "P365-OUTBOUND", "inbound": "P365-INBOUND"}


class CiscoIos(objects.ObjectTarget):
    """The plan as object groups and access lists of an IOS router."""

    name = "cisco-ios"
    title = "Cisco IOS"
    vendor_page = (
        "https://www.cisco.com/c/en/us/td/docs/routers/ios/config/17-x/sec-vpn/b-security-vpn/m_sec_zbf_ogacl-xe.html"
    )
    proof = "second opinion"
    proof_detail = "a reader of its lines allows the packets of the plan, and those of aerleon's access lists"
    comment = "!"
    extension = "cfg"
    load = "copy {} running-config"

    def items(self, plan: Plan) -> Iterator[Item]:
        """Groups of networks and of services, entries of access lists: an entry is its own name."""
        rules = list(self.rules(plan))
        book = objects.Book([rule for rule in rules if rule.family == 4], NAME)
        for name, members in book.groups():
            parts = tuple(_group_member(member) for member in members if isinstance(member, Prefix))
            yield Item(kind="object-group network", name=name, parts=parts)
        entries: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for flow, some in objects.by_flow(rules, families=True):
            remark, name = f"remark {acl.rule_comment(some[0], REMARK)}", LISTS[flow.direction]
            if some[0].family == 6:
                lines = tuple(line for rule in some for line in _pairs(rule))
                entries.setdefault(f"ipv6 access-list {name}-V6", []).append((remark, lines))
                continue
            service = objects.service_name(NAME, **{rule.protocol: rule.ports for rule in some})
            words = tuple(f"{rule.protocol} {port}" for rule in some for port in objects.cisco_ports(rule.ports))
            yield Item(kind="object-group service", name=service, parts=words)
            groups = (book.source(some[0], ""), *book.destinations(some[0], ""))
            ends = " ".join(f"object-group {group}" if group else "any" for group in groups)
            entries.setdefault(f"ip access-list extended {name}", []).append(
                (remark, (f"permit object-group {service} {ends}",))
            )
        for kind, some_entries in sorted(entries.items()):
            yield from (Item(kind=kind, name=line) for line in objects.remarked(some_entries))

    def section(self, kind: str) -> tuple[list[str], list[str]]:
        """An access list is opened once for all of its entries."""
        return ([kind], []) if "access-list" in kind else ([], [])

    def add(self, change: Change) -> Iterator[str]:
        """To name a group or list opens it; an entry goes to the end of its list."""
        item = change.item
        yield f" {item.name}" if "access-list" in item.kind else f"{item.kind} {item.name}"
        yield from (f" {part}" for part in change.parts)

    def remove(self, change: Change) -> Iterator[str]:
        """A group is emptied only by removing it."""
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
    """An entry for each pair of prefixes and each range of ports."""
    sources, destinations = ([_end(p) for p in rule.prefixes(end)] or ["any"] for end in ("source", "destination"))
    for port in objects.cisco_ports(rule.ports):
        yield from (
            f"permit {rule.protocol} {source} {destination} {port}" for source in sources for destination in destinations
        )


def _end(prefix: Prefix) -> str:
    return f"host {prefix.address}" if objects.is_host(prefix) else str(prefix)
