"""Azure Firewall: a rule collection group of a firewall policy, with IP groups.

Output: `m365-firewall.tf.json` and `provider.tf.json` for Terraform (azurerm 3.74 or later), and `m365-firewall.arm.json`
for Azure Resource Manager, with the same content: an IP group for each distinct list of addresses, and the rule collections
`m365-nat` (inbound), `m365-network` (both ends by address, ports, TCP or UDP; exact names on ports other than 80 and 443)
and `m365-application` (names on HTTP 80 and HTTPS 443). Each rule's description has the requirement's id.
Vendor page: https://learn.microsoft.com/azure/firewall/rule-processing
Supported: names without a published address, with a leading asterisk that matches any text: `*.office.com` for all names
below it, and `*cdn.onenote.net`, which is exact here.
Not supported, reported as losses: other wildcards; wildcards on ports other than 80 and 443 or on UDP (QUIC); IPv6; URL
paths without TLS inspection. The application rules do not inspect TLS, but their traffic has the firewall's address (SNAT).
Inbound connections are decided by DNAT rules, which allow what they translate, and not by network rules. So an inbound
requirement is a DNAT rule if its role has one private and one public IPv4 address, and single ports. Otherwise it is a
network rule to the addresses of the profile, and an IP group such as `m365-dnat-mrs-proxy-tcp443`, which no rule of the file
uses, has the sources for your own DNAT rule. Azure does not delete it while your rule refers to it.
Names in network rules need the firewall's DNS proxy.
The names of all other IP groups end with a digest of their addresses: an update makes new groups, replaces all rules in one
operation, and then removes the old groups.
An IP group has at most 5,000 entries, a policy 200 groups and 250 DNAT rules, all network rules 20,000 distinct addresses, a
rule collection group 2 MB. Microsoft's FQDN and service tags cover less: only required names on 80 and 443, and IPv4.
With `tool=azure-cli`, the printed commands use a deployment stack, which also removes the old IP groups; a deployment
without a stack leaves them.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, SUFFIX, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import AclTarget, Rule, port_words, rule_comment, unique_name
from perimeter365.targets._bases.azure_rules import (
    LIMITS,
    NAME,
    PRIORITIES,
    PRIORITY,
    FirewallRules,
    content_names,
    dnat_sources,
    firewall_arm,
    firewall_terraform,
    ip_group,
    translation,
    without,
)
from perimeter365.targets._bases.iac import (
    Block,
    CodeTarget,
    json_file,
    provider_file,
    stack_manual,
    terraform_manual,
    tool_option,
)
from perimeter365.targets._cover import Key, key_of
from perimeter365.targets.life import model, tried
from perimeter365.targets.target import NARROWED, Artifact, Capabilities

_WEB = {80: "Http", 443: "Https"}


class AzureFirewall(CodeTarget, AclTarget):
    """Rule collection group and IP groups."""

    name = "azure-firewall"
    title = "Azure Firewall policy"
    kind = "cloud"
    vendor_page = "https://learn.microsoft.com/azure/firewall/rule-processing"
    proof = "second opinion"
    proof_detail = (
        "read back from both files, the rules allow exactly the plan's packets and names; argument names are those of "
        "the provider's pages azurerm_firewall_policy_rule_collection_group and azurerm_ip_group"
    )
    capabilities = Capabilities(
        addresses=True,
        hosts=(EXACT, SUFFIX, GLUED),
        ports=True,
        directions=("outbound", "inbound", "internal"),
        families=(4,),
    )
    own_names = True
    manual = terraform_manual(
        "the folder of the files, signed in; set GROUP, LOCATION, POLICY, POLICY_ID (its resource id), ARM_SUBSCRIPTION_ID",
        "firewall_policy_id=$POLICY_ID",
        "resource_group_name=$GROUP",
        "location=$LOCATION",
    )
    native = stack_manual("m365-firewall.arm.json", "firewall", "firewallPolicyName=$POLICY")
    tried = tried(model("Azure, in the order of Terraform 1.11 and of deployment stacks"))
    limits = LIMITS
    options = MappingProxyType({"priority": PRIORITY, "tool": tool_option("azure-cli")})
    _public: Mapping[Key, PrefixSet] = MappingProxyType({})
    """The public addresses of the destinations, for DNAT rules."""
    host_reason = "a wildcard is only supported at the start of a name"

    def seen(self, plan: Plan) -> Plan:
        """Return the plan with inside addresses, and keep the public ones for DNAT rules."""
        self._public = {key_of(flow): flow.destination.prefixes for flow in plan.flows if flow.destination.inside}
        return super().seen(plan)

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both forms of the collections."""
        rules = list(self.rules(plan))
        groups = content_names(rules, self.own_name("m365-"))
        found: dict[str, list[Block]] = {kind: [] for kind in PRIORITIES}
        names: set[str] = set()
        for rule in rules:
            for into, block in self._blocks(rule, groups, names):
                names.add(block["name"])
                found[into].append(block)
        self.check_limit("dnat_rules", len(found["nat"]), "the plan")
        used = {name for each in found.values() for b in each for name in (*b["sources"], *b.get("destinations", ()))}
        manual = [rule for rule in rules if rule.flow.direction == "inbound" and not self._translated(rule)]
        sets = {name: addresses for addresses, name in groups.items() if name in used} | dnat_sources(manual, self.own_name)
        for name, addresses in sets.items():
            self.check_limit("ip_group_entries", sum(1 for _ in addresses), name)
        self.check_limit("ip_groups", len(sets), "the plan")
        self.check_limit("addresses", len({p for addresses in sets.values() for p in addresses}), "the plan")
        made = FirewallRules(
            start=self.own_name("m365"),
            priority=int(self.option("priority")),
            groups={name: [str(p) for p in addresses] for name, addresses in sets.items()},
            rules=found,
        )
        mine = " ".join(name for name in sets if name not in used)
        notes = [f"IP groups for the sources of your own DNAT rules: {mine}"] if mine else []
        document = firewall_terraform(self.head(plan, "terraform", *notes), made)
        yield json_file(self, "m365-firewall.tf.json", document, entries=made.count)
        yield provider_file(self)
        template = firewall_arm(self.head(plan, "azure-cli", *notes), made)
        yield json_file(self, "m365-firewall.arm.json", template, entries=made.count)

    def _translated(self, rule: Rule) -> tuple[str, str] | None:
        return translation(rule, self._public.get(key_of(rule.flow), PrefixSet()))

    def _hosts(self, flow: PlanFlow) -> tuple[HostPattern, ...]:
        """Return the supported names; a glued wildcard is supported only at the start."""
        hosts = super()._hosts(flow)
        for host in hosts:
            if host.kind == GLUED and host.parts[0]:
                self.report_loss(flow, NARROWED, "wildcard-form", self.host_reason, host=host)
        return tuple(host for host in hosts if not (host.kind == GLUED and host.parts[0]))

    def _blocks(self, rule: Rule, groups: dict[PrefixSet, str], names: set[str]) -> Iterator[tuple[str, Block]]:
        """Yield rules by translation, address, name on web ports, name on other ports."""

        def base(tail: str = "") -> Block:
            name = unique_name(self.own_name(f"m365-{rule.name}"), names, NAME, tail)
            return {"name": name, "description": rule_comment(rule, 200), "sources": ip_group(rule.source, groups)}

        protocols = {"protocols": [rule.protocol.upper()]}
        if sides := self._translated(rule):
            for port in port_words(rule.ports):
                yield "nat", {**base(f"-{port}"), **protocols, "ports": [port], "public": sides[0], "inside": sides[1]}
            return
        if rule.destination is None or rule.destination:
            where = {"destinations": ip_group(rule.destination, groups), "fqdns": []}
            yield "network", {**base(), **protocols, "ports": port_words(rule.ports), **where}
        if not rule.hosts:
            return
        web = [port for port in _WEB if rule.protocol == "tcp" and port in rule.ports]
        if web:
            kinds = [(_WEB[port], port) for port in web]
            yield "application", {**base("-web"), "protocols": kinds, "fqdns": [h.text for h in rule.hosts]}
        if rest := without(rule.ports, web):
            self._report_wildcards(rule, rest)
            if exact := [host.text for host in rule.hosts if host.kind == EXACT]:
                ports = {**protocols, "ports": port_words(rest)}
                yield "network", {**base("-name"), **ports, "destinations": [], "fqdns": exact}

    def _report_wildcards(self, rule: Rule, rest: PortSet) -> None:
        """Report the wildcards that are also needed on other ports than those of the web."""
        reason = "wildcards are only supported on TCP 80 and 443, and other ports are needed, too"
        for host in rule.hosts:
            if host.kind != EXACT:
                subject = f"{host} {rule.protocol} {rest}"
                self.report_loss(
                    rule.flow, NARROWED, "wildcard-form", reason, subject=subject, host=host, protocol=rule.protocol
                )
