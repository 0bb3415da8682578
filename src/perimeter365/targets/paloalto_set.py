"""PAN-OS (8.1 and newer): addresses, groups, services and security rules, as set commands.

Makes `perimeter365.set`: an address object for each prefix and each exact name that has no published address, static groups
by role and requirement, services, and a security rule for each requirement, described by the requirement's id. Vendor pages:
"Load Configuration Settings from a Text File" (PAN-OS CLI Quick Start) and "URL Category Exceptions".

    set address m365-52.112.0.0_14 ip-netmask 52.112.0.0/14
    set address-group m365-ws-worldwide-11-v4 static m365-52.112.0.0_14
    set rulebase security rules m365-ws-worldwide-11 destination m365-ws-worldwide-11-v4

What it says: both ends by address in IPv4 and IPv6, destinations also by exact name, ports, all three directions; an end
that a requirement leaves open is `any`, and the description says so. The application is `any`. What it cannot say: names
with a star, as destinations are addresses. With `names=category` they become the URL category of a rule of its own
(`...-names`) to any address: TCP and the TLS hello pass to anywhere on those ports until the name is seen, which is
recorded as widened. Stars within a label, URL paths and sources by name cannot be said at all.
With `edl=https://lists.example` outside addresses and URL categories are lists that the firewall fetches there: those of
the target paloalto-edl, rendered with `split=requirement`. Microsoft's changes then need no commit.

Install: `configure`, paste the file (a long one after `set cli scripting-mode on`; lines with # are for you, the CLI calls
them unknown), look at the preview of changes, `commit`. Options `inside` and `outside` name the zones. Rules come last:
`move rulebase security rules ...` where one of yours denies everything. Update: render with --since and paste `changes.set`:
it adds first and removes then, and the commit makes one step of it. (The whole, pasted again, adds what is missing; what
has left the plan stays.) Limits are of the smallest models; `show system state | match cfg.general.max` tells yours.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from perimeter365.model.host import EXACT, INNER, SUFFIX, HostPattern
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases import acl, objects
from perimeter365.targets._bases.list import groups
from perimeter365.targets.since import Change, Item
from perimeter365.targets.target import NARROWED, WIDENED, Capabilities, Option

NAME, LIST_NAME, DESCRIPTION = 63, 31, 1023
RULE, LIST, CATEGORY = "rulebase security rules", "external-list", "profiles custom-url-category"
KINDS = ("address", "address-group", "service", LIST, CATEGORY, RULE)
COUNTED = {"addresses": "address", "groups": "address-group", "services": "service", "lists": LIST, "rules": RULE}


class PaloaltoSet(objects.ObjectTarget):
    """The plan as objects and security rules of PAN-OS."""

    name = "paloalto-set"
    title = "PAN-OS"
    vendor_page = (
        "https://docs.paloaltonetworks.com/pan-os/10-2/pan-os-cli-quick-start/use-the-cli/load-configurations/"
        "load-configuration-settings-from-a-text-file"
    )
    proof = "second opinion"
    proof_detail = "a reader of its commands and aerleon's PAN-OS rules allow the same packets"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX, INNER), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"rules": 500, "addresses": 2_500, "groups": 250, "services": 1_000, "lists": 30})
    options = MappingProxyType(
        {
            "inside": Option(default="trust", help="the zone of our side", check=objects.is_word),
            "outside": Option(default="untrust", help="the zone of the internet", check=objects.is_word),
            "names": Option(default="exact", choices=("exact", "category"), help="category: names with a star, too"),
            "edl": Option(default="", help="the https address of paloalto-edl's lists", check=objects.is_folder),
        }
    )
    extension = "set"
    load = "configure, paste {}, commit"
    host_reason = "a destination by name is one name"

    def host_kinds(self, flow: PlanFlow) -> tuple[str, ...]:
        """Stars need a URL category, which matches over TCP alone."""
        return (EXACT, SUFFIX, INNER) if self.option("names") == "category" and flow.tcp else (EXACT,)

    def items(self, plan: Plan) -> Iterator[Item]:
        """Addresses, groups, services, lists, categories, rules; a part is what stands behind the item's path."""
        rules = list(self.rules(plan))
        book = objects.Book([_exact(rule) or rule for rule in rules], NAME)
        made = [item for flow, some in objects.by_flow(rules) for item in self._rules(plan, flow, some, book)]
        used = {part.split()[-1] for item in made for part in item.parts}
        named = {name: members for name, members in book.groups() if name in used}
        for member in dict.fromkeys(m for members in named.values() for m in members):
            word = "fqdn" if isinstance(member, HostPattern) else "ip-netmask"
            made.append(Item(kind="address", name=book.objects[member], parts=(f"{word} {member}",)))
        for name, members in named.items():
            made.append(Item(kind="address-group", name=name, parts=tuple(f"static {book.objects[m]}" for m in members)))
        made = sorted(dict.fromkeys(made), key=lambda item: KINDS.index(item.kind))
        for limit, kind in COUNTED.items():
            self.hold(limit, sum(item.kind == kind for item in made), "the plan")
        yield from made

    def _rules(self, plan: Plan, flow: PlanFlow, rules: list[acl.Rule], book: objects.Book) -> Iterator[Item]:
        """The services, lists, categories and rules of a flow."""
        inside, outside = self.option("inside"), self.option("outside")
        zones = {"outbound": (inside, outside), "inbound": (outside, inside), "internal": (inside, inside)}[flow.direction]
        services = {rule.protocol: objects.service_name(NAME, **{rule.protocol: rule.ports}) for rule in rules}
        for rule in rules:
            yield Item(kind="service", name=services[rule.protocol], parts=(f"protocol {rule.protocol} port {rule.ports}",))
        sources = [*dict.fromkeys(book.source(rule, "any") for rule in rules)]
        said = filter(None, map(_exact, rules))
        destinations = [*dict.fromkeys(name for rule in said for name in book.destinations(rule, "any"))]
        if self.option("edl") and flow.theirs and flow.theirs.prefixes:
            yield (fetched := self._list(plan, flow, "ip"))
            if flow.direction == "inbound":
                sources = [fetched.name]
            else:
                destinations = [fetched.name, *(name for name in destinations if "-hosts" in name)]
        name = objects.cut(f"m365-{acl.flow_name(flow)}", NAME)
        start = [f"from {zones[0]}", f"to {zones[1]}", *(f"source {source}" for source in sources)]
        behind = ["application any", "action allow", f'description "{acl.rule_comment(rules[0], DESCRIPTION)}"']
        if destinations:
            words = [f"destination {d}" for d in destinations] + [f"service {service}" for service in services.values()]
            yield Item(kind=RULE, name=name, parts=(*start, *words, *behind))
        if stars := [host for host in rules[0].hosts if host.kind != EXACT]:
            category = self._category(plan, flow, stars, objects.cut(name, LIST_NAME))
            yield category
            words = ["destination any", f"service {services['tcp']}", f"category {category.name}"]
            yield Item(kind=RULE, name=objects.cut(f"{name}-names", NAME), parts=(*start, *words, *behind))

    def _list(self, plan: Plan, flow: PlanFlow, kind: str) -> Item:
        """A list of the target paloalto-edl, as an object."""
        (group,) = groups(replace(plan, flows=(flow,)), "requirement")
        parts = (f"url {self.option('edl').rstrip('/')}/{group.name}-{kind}.txt", "recurring hourly")
        name = objects.cut(f"m365-{acl.flow_name(flow)}-{kind}", LIST_NAME)
        return Item(kind=LIST, name=name, parts=tuple(f"type {kind} {part}" for part in parts))

    def _category(self, plan: Plan, flow: PlanFlow, stars: list[HostPattern], name: str) -> Item:
        """What a rule by names matches, and what is lost by it."""
        for host in stars:
            self.lose(flow, WIDENED, host.text, "TCP and the TLS hello pass to any address until the name is seen")
            if flow.udp:
                self.lose(flow, NARROWED, f"{host} udp {flow.udp}", "a URL category matches HTTP and TLS over TCP")
        if self.option("edl"):
            return self._list(plan, flow, "url")
        return Item(kind=CATEGORY, name=name, parts=('type "URL List"', *(f"list {host}/" for host in stars)))

    def add(self, change: Change) -> Iterator[str]:
        """A line for each part."""
        yield from (f"set {change.item.kind} {change.item.name} {part}" for part in change.parts)

    def remove(self, change: Change) -> Iterator[str]:
        """The item with all that is below it, or parts of it; what holds one value has been set already."""
        path = f"delete {change.item.kind} {change.item.name}"
        parts = [part for part in change.parts if not part.startswith(("description", "protocol", "type"))]
        yield from [path] if change.whole else [f"{path} {part}" for part in parts]


def _exact(rule: acl.Rule) -> acl.Rule | None:
    """The rule without names that have a star; None when nothing else is there."""
    hosts = tuple(host for host in rule.hosts if host.kind == EXACT)
    return replace(rule, hosts=hosts) if rule.destination is None or rule.destination or hosts else None
