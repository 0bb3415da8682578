"""PAN-OS (8.1 and later): addresses, services and security rules as set commands.

Output: `perimeter365.set`: an address object for each prefix and each exact name without published address, static groups by
role and requirement, services, and a security rule for each requirement, with the requirement's id as description.
`remove.set` deletes all of it. With --since also `changes.set`, and `remove-earlier.set` for what only the earlier one has.

    set address m365-52.112.0.0_14 ip-netmask 52.112.0.0/14
    set address-group m365-ws-worldwide-11-v4 static m365-52.112.0.0_14
    set rulebase security rules m365-ws-worldwide-11 destination m365-ws-worldwide-11-v4

Vendor pages: "Load Configuration Settings from a Text File" (PAN-OS CLI Quick Start), "URL Category Exceptions", "External
Dynamic Lists" (30 sources) and "Destination NAT Example" (rules refer to the address in the original packet).
Supported: both ends by address in IPv4 and IPv6, destinations also by exact name, ports, all three directions. An end that
is anyone is `any`, with a note in the description. The application is `any`.
Not supported: wildcard names, since destinations are addresses. With `names=category` they are the URL category of a
separate rule (`...-names`) to any address: TCP and the TLS hello are allowed to any destination on these ports until the
name is seen, which is reported as widened. Wildcards within a label, URL paths and sources by name are not supported at all.
An address of a name can be shared with other sites (CDN): they pass as well.
With `edl=https://lists.example` external addresses and URL categories are lists that the firewall fetches there: those of
the target paloalto-edl, rendered with the same `split`. Then changes need no commit. A firewall has at most 30 of them, so
requirements share lists; what that adds to a rule is reported as widened (less with split=ports, nothing with requirement).
NAT: rules have the destination of the packet as it arrives, before it is translated, and the zone of the server.
`inside` and `outside` are zones. `vsys`, `device_group` (Panorama) and `objects` say where objects and rules are. Files have
no comments, since PAN-OS reports them as unknown commands: `about.txt` has what other targets write at the top.
The same file again, or one that was interrupted, adds nothing twice; what is already gone is reported as not found. Limits
are those of the smallest models; `show system state | match cfg.general.max` prints yours.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from perimeter365.model.host import EXACT, INNER, SUFFIX, HostPattern
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases import acl, objects, panos
from perimeter365.targets._bases.list import Group, coarser_splits, groups
from perimeter365.targets._bases.panos import CATEGORY, KINDS, LIST, RULE
from perimeter365.targets.life import model, tried
from perimeter365.targets.since import ConfigItem
from perimeter365.targets.target import NARROWED, WIDENED, Capabilities

NAME, LIST_NAME, DESCRIPTION = 63, 31, 1023
COUNTED = {"addresses": "address", "groups": "address-group", "services": "service", "rules": RULE}


class PaloaltoSet(panos.SetTarget):
    """Objects and security rules of PAN-OS."""

    name = "paloalto-set"
    side = "original"
    title = "PAN-OS"
    vendor_page = (
        "https://docs.paloaltonetworks.com/pan-os/10-2/pan-os-cli-quick-start/use-the-cli/load-configurations/"
        "load-configuration-settings-from-a-text-file"
    )
    proof = "second opinion"
    proof_detail = "read back, its commands and aerleon's PAN-OS rules allow the same packets"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX, INNER), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"rules": 500, "addresses": 2_500, "groups": 250, "services": 1_000, "lists": 30})
    tried = tried(model("PAN-OS 11.1"))
    host_reason = "a destination by name is a single name"

    def host_kinds(self, flow: PlanFlow) -> tuple[str, ...]:
        """Return the supported kinds; wildcards need a URL category, which is for TCP."""
        return (EXACT, SUFFIX, INNER) if self.option("names") == "category" and flow.tcp else (EXACT,)

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield the items; a part is the text after the item's path."""
        rules = list(self.rules(plan))
        lists = groups(plan, self.option("split")) if self.option("edl") else ()
        shared = {(f.id, f.cloud): group for group in lists for f in group.flows if f not in group.former}
        book = objects.AddressBook([_exact(rule) or rule for rule in rules], NAME, start=self.start)
        made = [
            item
            for flow, some in objects.rules_by_flow(rules)
            for item in self._rules(flow, some, book, shared.get((flow.id, flow.cloud)))
        ]
        used = {part.split()[-1] for item in made for part in item.parts}
        named = {name: members for name, members in book.groups() if name in used}
        for member in dict.fromkeys(m for members in named.values() for m in members):
            word = "fqdn" if isinstance(member, HostPattern) else "ip-netmask"
            made.append(ConfigItem(kind="address", name=book.objects[member], parts=(f"{word} {member}",)))
        for name, members in named.items():
            parts = tuple(f"static {book.objects[m]}" for m in members)
            made.append(ConfigItem(kind="address-group", name=name, parts=parts))
        made = sorted(dict.fromkeys(made), key=lambda item: KINDS.index(item.kind))
        for limit, kind in COUNTED.items():
            self.check_limit(limit, sum(item.kind == kind for item in made), "the plan")
        fetched = sum(item.kind == LIST for item in made)
        self.check_limit("lists", fetched, "the plan", help=coarser_splits(self.option("split")))
        yield from made

    def _rules(
        self, flow: PlanFlow, rules: list[acl.Rule], book: objects.AddressBook, group: Group | None
    ) -> Iterator[ConfigItem]:
        """Yield the services, lists, categories and rules of a flow."""
        inside, outside = self.option("inside"), self.option("outside")
        zones = {"outbound": (inside, outside), "inbound": (outside, inside), "internal": (inside, inside)}[flow.direction]
        services = {rule.protocol: objects.service_name(NAME, self.start, **{rule.protocol: rule.ports}) for rule in rules}
        for rule in rules:
            parts = (f"protocol {rule.protocol} port {rule.ports}",)
            yield ConfigItem(kind="service", name=services[rule.protocol], parts=parts)
        sources = [*dict.fromkeys(book.source(rule, "any") for rule in rules)]
        exact = [rule for rule in map(_exact, rules) if rule]
        destinations = [*dict.fromkeys(name for rule in exact for name in book.destinations(rule, "any"))]
        if self.option("edl") and group and flow.theirs and flow.theirs.prefixes:
            yield (fetched := self._list(flow, group, "ip"))
            hosts = [name for name in destinations if "-hosts" in name]
            inbound = flow.direction == "inbound"
            sources, destinations = ([fetched.name], destinations) if inbound else (sources, [fetched.name, *hosts])
        name = objects.shorten(f"{self.start}{acl.flow_name(flow)}", NAME)
        start = [f"from {zones[0]}", f"to {zones[1]}", *(f"source {source}" for source in sources)]
        end = ["application any", "action allow", f'description "{acl.rule_comment(rules[0], DESCRIPTION)}"']
        end += self.more_parts()
        if destinations:
            words = [f"destination {d}" for d in destinations] + [f"service {service}" for service in services.values()]
            yield ConfigItem(kind=RULE, name=name, parts=(*start, *words, *end))
        if stars := [host for host in rules[0].hosts if host.kind != EXACT]:
            category = self._category(flow, group, stars, objects.shorten(name, LIST_NAME))
            yield category
            words = ["destination any", f"service {services['tcp']}", f"category {category.name}"]
            yield ConfigItem(kind=RULE, name=objects.shorten(f"{name}-names", NAME), parts=(*start, *words, *end))

    def _list(self, flow: PlanFlow, group: Group, kind: str) -> ConfigItem:
        """Return the object of a list of paloalto-edl, and report what it adds."""
        single = self.option("split") == "requirement"
        name = objects.shorten(f"{self.start}{acl.flow_name(flow) if single else group.name}-{kind}", LIST_NAME)
        theirs = flow.theirs or flow.destination
        more = {*group.hosts} - {*theirs.hosts} if kind == "url" else group.prefixes - theirs.prefixes
        if more:
            self.report_loss(flow, WIDENED, "shared-list", remedy="use a finer split for both targets")
        parts = (f"url {self.option('edl').rstrip('/')}/{group.name}-{kind}.txt", "recurring hourly")
        return ConfigItem(kind=LIST, name=name, parts=tuple(f"type {kind} {part}" for part in parts))

    def _category(self, flow: PlanFlow, group: Group | None, stars: list[HostPattern], name: str) -> ConfigItem:
        """Return the URL category of a rule by names, and report its losses."""
        for host in stars:
            self.report_loss(flow, WIDENED, "late-match", host=host)
            if flow.udp:
                self.report_loss(flow, NARROWED, "tcp-only", "a URL category only matches TCP", host=host, protocol="udp")
        if self.option("edl") and group:
            return self._list(flow, group, "url")
        return ConfigItem(kind=CATEGORY, name=name, parts=('type "URL List"', *(f"list {host}/" for host in stars)))


def _exact(rule: acl.Rule) -> acl.Rule | None:
    """Return the rule without wildcard names; None if it has no other destination."""
    hosts = tuple(host for host in rule.hosts if host.kind == EXACT)
    return replace(rule, hosts=hosts) if rule.destination is None or rule.destination or hosts else None
