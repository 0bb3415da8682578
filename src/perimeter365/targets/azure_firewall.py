"""Azure Firewall: a rule collection group of a firewall policy, with IP groups.

Output: `m365-firewall.tf.json` for Terraform and `m365-firewall.arm.json` for Azure Resource Manager, with the same content:
an IP group for each distinct list of addresses, the network rule collection `m365-network` (both ends by address, ports, TCP
or UDP; exact names on ports other than 80 and 443) and the application rule collection `m365-application` (names on HTTP 80
and HTTPS 443). Each rule's description has the requirement's id.
Vendor page: https://learn.microsoft.com/azure/firewall/rule-processing
Supported: names without a published address, with a leading asterisk that matches any text: `*.office.com` for all names
below it, and `*cdn.onenote.net`, which is exact here.
Not supported, reported as losses: other wildcards; wildcards on ports other than 80 and 443 or on UDP (QUIC); IPv6; URL
paths without TLS inspection. The application rules do not inspect TLS, but their traffic has the firewall's address (SNAT).
Rules for inbound requirements allow the packets; publishing the server needs a DNAT rule of your own. Names in network rules
need the firewall's DNS proxy.
An IP group has at most 5,000 entries, a policy 200 groups, all network rules 20,000 distinct addresses, a rule collection
group 2 MB. Microsoft's FQDN and service tags cover less: only required names on 80 and 443, and IPv4.
Install: `terraform apply -var firewall_policy_id=… -var resource_group_name=… -var location=…`, or `az deployment group
create -g … -f m365-firewall.arm.json -p firewallPolicyName=…`.
Update: render and apply again; the group is replaced as a whole. IP groups that are no longer in the plan are removed by
Terraform, but not by ARM (incremental mode).
"""

from collections.abc import Iterator
from itertools import pairwise
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, SUFFIX, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import AclTarget, Rule, address_groups, port_words, rule_comment, unique_name
from perimeter365.targets._bases.iac import Block, azure_firewall_arm, azure_firewall_terraform, comment, json_file
from perimeter365.targets.target import NARROWED, Artifact, Capabilities

_WEB = {80: "Http", 443: "Https"}
_NAME = 80


class AzureFirewall(AclTarget):
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
    limits = MappingProxyType({"ip_group_entries": 5000, "ip_groups": 200, "addresses": 20_000, "bytes": 2 * 1024 * 1024})
    host_reason = "a wildcard is only supported at the start of a name"

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both forms of the collections."""
        rules, own = list(self.rules(plan)), self.own_name("m365-")
        groups = {addresses: own + name for addresses, name in address_groups(rules, _NAME - len(own)).items()}
        for addresses, name in groups.items():
            self.check_limit("ip_group_entries", sum(1 for _ in addresses), name)
        self.check_limit("ip_groups", len(groups), "the plan")
        self.check_limit("addresses", len({p for addresses in groups for p in addresses}), "the plan")
        network: list[Block] = []
        application: list[Block] = []
        names: set[str] = set()
        for rule in rules:
            for into, block in self._blocks(rule, groups, names):
                names.add(block["name"])
                (network if into == "network" else application).append(block)
        cidrs = {name: [str(p) for p in addresses] for addresses, name in groups.items()}
        head = comment(self, plan)
        count = len(network) + len(application)
        document = azure_firewall_terraform(self.own_name("m365"), head, cidrs, network, application)
        yield json_file(self, "m365-firewall.tf.json", document, entries=count)
        template = azure_firewall_arm(self.own_name("m365"), head, cidrs, network, application)
        yield json_file(self, "m365-firewall.arm.json", template, entries=count)

    def _hosts(self, flow: PlanFlow) -> tuple[HostPattern, ...]:
        """Return the supported names.

        Unlike in the capabilities, a glued wildcard must be at the start.
        """
        hosts = super()._hosts(flow)
        for host in hosts:
            if host.kind == GLUED and host.parts[0]:
                self.report_loss(flow, NARROWED, "wildcard-form", self.host_reason, host=host)
        return tuple(host for host in hosts if not (host.kind == GLUED and host.parts[0]))

    def _blocks(self, rule: Rule, groups: dict[PrefixSet, str], names: set[str]) -> Iterator[tuple[str, Block]]:
        """Yield the rules by address, by name on web ports, and by name on other ports."""
        base = {"description": rule_comment(rule, 200), "sources": _group(rule.source, groups)}
        if rule.destination is None or rule.destination:
            ports = {"protocols": [rule.protocol.upper()], "ports": port_words(rule.ports)}
            where = {"destinations": _group(rule.destination, groups), "fqdns": []}
            yield (
                "network",
                {"name": unique_name(self.own_name(f"m365-{rule.name}"), names, _NAME), **base, **ports, **where},
            )
        if not rule.hosts:
            return
        web = [port for port in _WEB if rule.protocol == "tcp" and port in rule.ports]
        if web:
            block = {"protocols": [(_WEB[port], port) for port in web], "fqdns": [h.text for h in rule.hosts]}
            yield (
                "application",
                {"name": unique_name(self.own_name(f"m365-{rule.name}"), names, _NAME, "-web"), **base, **block},
            )
        if rest := _without(rule.ports, web):
            exact = [host.text for host in rule.hosts if host.kind == EXACT]
            for host in rule.hosts:
                if host.kind != EXACT:
                    reason = "wildcards are only supported on TCP 80 and 443, and other ports are needed, too"
                    subject = f"{host} {rule.protocol} {rest}"
                    self.report_loss(
                        rule.flow, NARROWED, "wildcard-form", reason, subject=subject, host=host, protocol=rule.protocol
                    )
            if exact:
                ports = {"protocols": [rule.protocol.upper()], "ports": port_words(rest)}
                name = unique_name(self.own_name(f"m365-{rule.name}"), names, _NAME, "-name")
                yield "network", {"name": name, **base, **ports, "destinations": [], "fqdns": exact}


def _group(addresses: PrefixSet | None, groups: dict[PrefixSet, str]) -> list[str]:
    """Return the name of the IP group of an end; `*` for anyone."""
    return ["*"] if addresses is None else [groups[addresses]]


def _without(ports: PortSet, gone: list[int]) -> PortSet:
    """Return a port set without some ports."""
    left: list[tuple[int, int]] = []
    for first, last in ports:
        edges = [first - 1, *sorted(p for p in gone if first <= p <= last), last + 1]
        left += [(a + 1, b - 1) for a, b in pairwise(edges) if b - a > 1]
    return PortSet(left)
