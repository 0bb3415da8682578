"""Juniper SRX (Junos 12.1 and newer): address book, applications and security policies, as set commands.

Makes `perimeter365.set`: in the global address book an address for each prefix and each name that has no published address,
address sets of them by role and requirement, applications, and a policy for each requirement between the zones that it
crosses, described by the requirement's id. Vendor pages at juniper.net: "Understanding Address Sets", and the table of
limits in "Best Practices for Defining Policies on High-End SRX Series Devices".

    set security address-book global address m365-52.112.0.0_14 52.112.0.0/14
    set security address-book global address-set m365-ws-worldwide-11-v4 address m365-52.112.0.0_14
    set security policies from-zone trust to-zone untrust policy m365-ws-worldwide-11 match source-address m365-client-v4

What it says: both ends by address in IPv4 and IPv6, destinations also by exact name, ports, all three directions; an end
that a requirement leaves open is `any-ipv4` and `any-ipv6`, and the description says so. What it cannot say: names with a
star (--observed puts the names seen in their place), URL paths, and sources by name. The SRX resolves names itself: give it
the resolvers that the clients ask (`set system name-server`).

Install: copy the file to the device; in configuration mode `load set perimeter365.set`, `show | compare`, `commit confirmed
5`, `commit`. Options `inside` and `outside` name the zones. Policies come behind those that are there: where one of those
denies everything, `insert security policies ... before policy ...`.

Update: render with --since, and load `changes.set` in the same way: it adds first and removes then, and the commit makes one
step of it. (The whole, loaded again, adds what is missing; what has left the plan stays.) The limits are those of the
smallest model in the vendor's table.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import Change, Item
from perimeter365.targets.target import Capabilities, Option

NAME, DESCRIPTION = 63, 255
BOOK = "security address-book global"


class JuniperSrx(objects.ObjectTarget):
    """The plan as address book and policies of an SRX."""

    name = "juniper-srx"
    title = "Juniper SRX"
    vendor_page = (
        "https://juniper.net/documentation/software/junos-security/junos-security10.2/"
        "junos-security-swconfig-security/topic-41200.html"
    )
    proof = "second opinion"
    proof_detail = "a reader of its commands and aerleon's SRX policies allow the same packets"
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"policies": 10_240, "policy_addresses": 1_024, "applications": 3_072})
    options = MappingProxyType(
        {
            "inside": Option(default="trust", help="the zone of our side", check=objects.is_word),
            "outside": Option(default="untrust", help="the zone of the internet", check=objects.is_word),
        }
    )
    extension = "set"
    load = "load set {}"
    host_reason = "a dns-name address is one name"

    def items(self, plan: Plan) -> Iterator[Item]:
        """Addresses, address sets, applications, policies; a part is what stands behind the item's path."""
        rules = list(self.rules(plan))
        book = objects.Book(rules, NAME)
        for member, name in book.objects.items():
            value = f"dns-name {member}" if isinstance(member, HostPattern) else str(member)
            yield Item(kind=f"{BOOK} address", name=name, parts=(value,))
        for name, members in book.groups():
            yield Item(kind=f"{BOOK} address-set", name=name, parts=tuple(f"address {book.objects[m]}" for m in members))
        applications: dict[Item, None] = {}
        policies = [self._policy(flow, some, book, applications) for flow, some in objects.by_flow(rules)]
        self.hold("applications", len(applications), "the plan")
        self.hold("policies", len(policies), "the plan")
        yield from (*applications, *policies)

    def _policy(self, flow: PlanFlow, rules: list[acl.Rule], book: objects.Book, applications: dict[Item, None]) -> Item:
        """The policy of a flow; its applications are added to those of the others."""
        inside, outside = self.option("inside"), self.option("outside")
        zones = {"outbound": (inside, outside), "inbound": (outside, inside), "internal": (inside, inside)}[flow.direction]
        sources: dict[str, None] = {}
        destinations: dict[str, None] = {}
        named: dict[str, None] = {}
        for rule in rules:
            sources[f"match source-address {book.source(rule, f'any-ipv{rule.family}')}"] = None
            destinations |= {
                f"match destination-address {d}": None for d in book.destinations(rule, f"any-ipv{rule.family}")
            }
            for word in acl.port_words(rule.ports):
                name, parts = f"m365-{rule.protocol}-{word}", (f"protocol {rule.protocol}", f"destination-port {word}")
                applications[Item(kind="applications application", name=name, parts=parts)] = None
                named[f"match application {name}"] = None
        for end in ("source", "destination"):
            count = sum(len(rule.prefixes(end)) for rule in rules if rule.protocol == rules[0].protocol)
            self.hold("policy_addresses", count + len(rules[0].hosts) * (end == "destination"), f"the {end} of {flow.id}")
        description = f'description "{acl.rule_comment(rules[0], DESCRIPTION)}"'
        return Item(
            kind=f"security policies from-zone {zones[0]} to-zone {zones[1]} policy",
            name=objects.cut(f"m365-{acl.flow_name(flow)}", NAME),
            parts=(description, *sources, *destinations, *named, "then permit"),
        )

    def add(self, change: Change) -> Iterator[str]:
        """A line for each part."""
        yield from (f"set {change.item.kind} {change.item.name} {part}" for part in change.parts)

    def remove(self, change: Change) -> Iterator[str]:
        """The item with all that is below it, or parts of it; a description has been replaced already."""
        path = f"delete {change.item.kind} {change.item.name}"
        parts = [part for part in change.parts if not part.startswith("description")]
        yield from [path] if change.whole else [f"{path} {part}" for part in parts]
