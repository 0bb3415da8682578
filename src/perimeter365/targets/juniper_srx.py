"""Juniper SRX (Junos 12.1 and later): address book and security policies.

Output: `perimeter365.set`, set commands: in the global address book an address for each prefix and each name without
published address, address sets by role and requirement, applications, and a policy for each requirement between its zones,
with the requirement's id as description.

    set security address-book global address m365-52.112.0.0_14 52.112.0.0/14
    set security address-book global address-set m365-ws-worldwide-11-v4 address m365-52.112.0.0_14
    set security policies from-zone trust to-zone untrust policy m365-ws-worldwide-11 match source-address m365-client-v4

Vendor pages at juniper.net: "Understanding Address Sets", and the table of limits in "Best Practices for Defining Policies
on High-End SRX Series Devices".
Supported: both ends by address in IPv4 and IPv6, destinations also by exact name, ports, all three directions. An end that
is anyone is `any-ipv4` and `any-ipv6`, with a note in the description.
Not supported: wildcard names (use --observed to list the names in use), URL paths, and sources by name. The SRX resolves
names itself: configure the same resolvers as for the clients (`set system name-server`).
Install: copy the file to the device; in configuration mode `load set perimeter365.set`, `show | compare`, `commit confirmed
5`, `commit`. Options `inside` and `outside` are the zones. New policies are appended to the existing ones: if one of those
denies everything, use `insert security policies ... before policy ...`.
Update: render with --since, and load `changes.set` in the same way. It adds first and then removes, in one commit. (The full
file can be loaded again: it adds missing objects, but removes nothing.) The limits are those of the smallest model in the
vendor's table.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import Capabilities, Option

NAME, DESCRIPTION = 63, 255
BOOK = "security address-book global"


class JuniperSrx(objects.ObjectTarget):
    """Address book and policies of an SRX."""

    name = "juniper-srx"
    title = "Juniper SRX"
    vendor_page = (
        "https://juniper.net/documentation/software/junos-security/junos-security10.2/"
        "junos-security-swconfig-security/topic-41200.html"
    )
    proof = "second opinion"
    proof_detail = "read back, its commands and aerleon's SRX policies allow the same packets"
    capabilities = Capabilities(addresses=True, hosts=(EXACT,), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"policies": 10_240, "policy_addresses": 1_024, "applications": 3_072})
    options = MappingProxyType(
        {
            "inside": Option(default="trust", help="zone of the internal network", check=objects.is_word),
            "outside": Option(default="untrust", help="zone of the internet", check=objects.is_word),
        }
    )
    extension = "set"
    load = "load set {}"
    host_reason = "a dns-name address is a single name"

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield addresses, address sets, applications and policies.

        A part is the text after the item's path.
        """
        rules = list(self.rules(plan))
        book = objects.AddressBook(rules, NAME, start=self.start)
        for member, name in book.objects.items():
            value = f"dns-name {member}" if isinstance(member, HostPattern) else str(member)
            yield ConfigItem(kind=f"{BOOK} address", name=name, parts=(value,))
        for name, members in book.groups():
            yield ConfigItem(
                kind=f"{BOOK} address-set", name=name, parts=tuple(f"address {book.objects[m]}" for m in members)
            )
        applications: dict[ConfigItem, None] = {}
        policies = [self._policy(flow, some, book, applications) for flow, some in objects.rules_by_flow(rules)]
        self.check_limit("applications", len(applications), "the plan")
        self.check_limit("policies", len(policies), "the plan")
        yield from (*applications, *policies)

    def _policy(
        self, flow: PlanFlow, rules: list[acl.Rule], book: objects.AddressBook, applications: dict[ConfigItem, None]
    ) -> ConfigItem:
        """Return the policy of a flow, and add its applications to `applications`."""
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
                name, parts = (
                    f"{self.start}{rule.protocol}-{word}",
                    (f"protocol {rule.protocol}", f"destination-port {word}"),
                )
                applications[ConfigItem(kind="applications application", name=name, parts=parts)] = None
                named[f"match application {name}"] = None
        for end in ("source", "destination"):
            count = sum(len(rule.prefixes(end)) for rule in rules if rule.protocol == rules[0].protocol)
            self.check_limit(
                "policy_addresses", count + len(rules[0].hosts) * (end == "destination"), f"the {end} of {flow.id}"
            )
        description = f'description "{acl.rule_comment(rules[0], DESCRIPTION)}"'
        return ConfigItem(
            kind=f"security policies from-zone {zones[0]} to-zone {zones[1]} policy",
            name=objects.shorten(f"{self.start}{acl.flow_name(flow)}", NAME),
            parts=(description, *sources, *destinations, *named, "then permit"),
        )

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield a command for each part."""
        yield from (f"set {change.item.kind} {change.item.name} {part}" for part in change.parts)

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the removal of an item, or of parts of it.

        A description was replaced by the additions.
        """
        path = f"delete {change.item.kind} {change.item.name}"
        parts = [part for part in change.parts if not part.startswith("description")]
        yield from [path] if change.whole else [f"{path} {part}" for part in parts]
