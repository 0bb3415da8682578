"""Juniper SRX (Junos 12.1 and later): address book and security policies.

Output: `perimeter365.set`, set commands: in the address book an address for each prefix and each name without published
address, address sets by role and requirement, applications, and a policy for each requirement between its zones, with the
requirement's id as description.

    set security address-book global address m365-52.112.0.0_14 52.112.0.0/14
    set security address-book global address-set m365-ws-worldwide-11-v4 address m365-52.112.0.0_14
    set security policies from-zone trust to-zone untrust policy m365-ws-worldwide-11 match source-address m365-client-v4

Vendor pages at juniper.net: "Understanding Address Sets", "Reordering Security Policies", and the table of limits in "Best
Practices for Defining Policies on High-End SRX Series Devices". The limits are those of its smallest model.
Supported: both ends by address in IPv4 and IPv6, destinations also by exact name, ports, all three directions. An end that
is anyone is `any-ipv4` and `any-ipv6`, with a note in the description.
Not supported: wildcard names (use --observed to list the names in use), URL paths, sources by name, and logical systems.
The SRX resolves names itself: configure the same resolvers as for the clients (`set system name-server`). It permits the
addresses of a name, and so every other site at these addresses.

Zones: `inside` and `outside`, or for the machines of a role the zone in `zones`. A policy for an internal connection is
between the zones of its two roles, by default from `inside` to `inside`.
Address book: a device has either the global one, or those of zones, as `book` says; Junos refuses to commit both.
Order: Junos puts a new policy after the existing ones. If one of those denies, name it in `before`. Without it,
`changes.set` puts new policies next to those that are already there, so they are where you have moved those to.
A removal of what is gone is only a warning. `perimeter365.set` adds what is missing, but removes nothing. To change an
option, put the lines of the removal before the load, in one commit; Junos asks whether to delete what it has found.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from perimeter365.model.host import EXACT
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.targets._bases import acl, junos, objects
from perimeter365.targets.life import Manual, Part, model, tried
from perimeter365.targets.since import ConfigChange, ConfigItem, difference
from perimeter365.targets.target import Artifact, Capabilities, Option

NAME, DESCRIPTION = 63, 255


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
            "zones": Option(
                default="",
                help="zones of roles that are not in the zone `inside`: ROLE:ZONE, such as exchange-server:dmz",
                check=junos.are_zones_of_roles,
                several=True,
            ),
            "book": Option(
                default="global",
                choices=("global", "zone"),
                help="the address books: global, or those of the zones, if the device has some",
            ),
            "before": Option(
                default="",
                help="your policies before which new ones are put: FROM-ZONE:TO-ZONE:POLICY",
                check=junos.are_policies,
                several=True,
            ),
        }
    )
    manual = Manual(
        where="configuration mode of the SRX; the file is in your home folder there",
        install=("load set perimeter365.set", *junos.COMMIT),
        changes=("load set changes.set", *junos.COMMIT),
        remove=(
            'wildcard delete {policies} "^{start}.*"',
            'wildcard delete applications application "^{start}.*"',
            'wildcard delete {book_path} address-set "^{start}.*"',
            'wildcard delete {book_path} address "^{start}.*"',
            *junos.COMMIT,
        ),
        besides="permits all sites at the addresses of a name; Junos refuses both kinds of address books (option book)",
        first="without the last line, Junos undoes the change after five minutes",
    )
    tried = tried(model("Junos 21"))
    extension = "set"
    load = "load set {}"
    host_reason = "a dns-name address is a single name"
    _anchors: Mapping[str, str] = MappingProxyType({})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the files.

        A new policy of the changes is put after one that is already there, preferably one that stays.
        """
        earlier = self.earlier()
        old = list(type(self)(earlier.style).items(earlier.plan)) if earlier else []
        new = {(item.kind, item.name) for item in self.items(plan)} if earlier else set()
        self._anchors = {item.kind: item.name for item in sorted(old, key=lambda item: (item.kind, item.name) in new)}
        yield from super().artifacts(plan)

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield addresses, address sets, applications and policies.

        A part is the text after the item's path.
        """
        rules = list(self.rules(plan))
        book = objects.AddressBook(rules, NAME, start=self.start)
        applications: dict[ConfigItem, None] = {}
        policies = [self._policy(flow, some, book, applications) for flow, some in objects.rules_by_flow(rules)]
        self.check_limit("applications", len(applications), "the plan")
        self.check_limit("policies", len(policies), "the plan")
        yield from junos.address_books(book, policies, by_zone=self.option("book") == "zone")
        yield from (*applications, *policies)

    def _policy(
        self, flow: PlanFlow, rules: list[acl.Rule], book: objects.AddressBook, applications: dict[ConfigItem, None]
    ) -> ConfigItem:
        """Return the policy of a flow, and add its applications to `applications`."""
        sources, destinations, named = dict[str, None](), dict[str, None](), dict[str, None]()
        for rule in rules:
            sources[f"match source-address {book.source(rule, f'any-ipv{rule.family}')}"] = None
            ends = book.destinations(rule, f"any-ipv{rule.family}")
            destinations |= dict.fromkeys(f"match destination-address {end}" for end in ends)
            for word in acl.port_words(rule.ports):
                application = junos.application(self.start, rule.protocol, word)
                applications[application] = None
                named[f"match application {application.name}"] = None
        for end in ("source", "destination"):
            count = sum(len(rule.prefixes(end)) for rule in rules if rule.protocol == rules[0].protocol)
            count += len(rules[0].hosts) * (end == "destination")
            self.check_limit("policy_addresses", count, f"the {end} of {flow.id}")
        description = f'description "{acl.rule_comment(rules[0], DESCRIPTION)}"'
        return ConfigItem(
            kind=junos.POLICIES.format(self._zone(flow.source), self._zone(flow.destination)),
            name=objects.shorten(f"{self.start}{acl.flow_name(flow)}", NAME),
            parts=(description, *sources, *destinations, *named, "then permit"),
        )

    def _zone(self, end: PlanParty) -> str:
        inside = dict(junos.words(self.option("zones"))).get(end.role, self.option("inside"))
        return inside if end.ours else self.option("outside")

    def whole(self, name: str, items: Sequence[ConfigItem]) -> Iterator[str]:
        """Yield the lines of the complete file."""
        for change in difference((), items)[0]:
            yield from self._set(change, "")

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield a command for each part, and the place of a new policy."""
        yield from self._set(change, self._anchors.get(change.item.kind, ""))

    def _set(self, change: ConfigChange, after: str) -> Iterator[str]:
        item = change.item
        yield from (f"set {item.kind} {item.name} {part}" for part in change.parts)
        if change.whole:
            yield from junos.place(item, self.option("before"), after)

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the removal of an item, or of parts of it.

        A description was replaced by the additions.
        """
        path = f"delete {change.item.kind} {change.item.name}"
        parts = [part for part in change.parts if not part.startswith("description")]
        yield from [path] if change.whole else [f"{path} {part}" for part in parts]

    def commands(self, part: Part) -> tuple[str, ...]:
        """Return the lines of a part of the manual, for all zones and address books."""
        zones = [self.option("inside"), *(zone for _, zone in junos.words(self.option("zones"))), self.option("outside")]
        lines = self.manual.lines(part)
        lines = junos.spread(lines, list(dict.fromkeys(zones)), by_zone=self.option("book") == "zone")
        return tuple(line.replace("{start}", self.start) for line in lines)
