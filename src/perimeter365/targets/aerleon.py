"""Aerleon: definitions and policies for its generators of some thirty platforms.

Output, in the layout that `aclgen` expects:

    def/m365-networks.yaml, def/m365-services.yaml     named address lists and ports
    policies/includes/m365-*.yaml                      a term for each requirement, family and protocol
    policies/pol/m365-GENERATOR.yaml                   for each generator of the option `generators`, a policy with the terms

Vendor page: https://aerleon.readthedocs.io/en/latest/
Supported: both ends by address, protocol and ports. An end that is anyone is omitted from its term, with a comment.
Not supported: names and URL paths, which are losses. There are no deny terms, since most platforms deny by default, except a
last one for Cisco's and similar lists: a list without an entry, of one IP version or of both, permits everything there.
`gce`, `gcp_hf` and `k8s` have no addresses for the organization's end: their policies apply to all machines that they are
bound to (wider, so only if the option names them). `cloudarmor` has no ports. In aerleon 1.18 `aruba`, `ciscoasa` and
`srxlo` render a single family (a loss), iptables-restore reads `speedway` but not `iptables`, `nftables` may repeat a line,
and `pcap` is only written by the Python API and matches nothing.
Zones and filter names in the headers are examples: edit them. Load the output of `aclgen` as the platform requires; a file
that `aclgen` no longer writes is still in force on the device.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.acl import AclTarget, Rule, address_groups, flow_name, port_words, rule_comment, unique_name
from perimeter365.targets._bases.yaml import yaml_lines
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Option

_ZONES = "from-zone trust to-zone untrust"
BOTH: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(["juniper", "msmpc", "cisco", "arista", "arista_tp", "nsxv", "nsxt"], ("m365 mixed",)),
    **dict.fromkeys(["openconfig", "sonic", "packetfilter", "ciscoxr"], ("m365 mixed",)),
    **dict.fromkeys(["brocade", "cisconx"], ("m365 extended", "m365-v6 inet6")),
    **dict.fromkeys(["ipset", "iptables", "speedway"], ("FORWARD DROP inet", "FORWARD DROP inet6")),
    **dict.fromkeys(["srx", "paloalto"], (f"{_ZONES} mixed",)),
    **dict.fromkeys(["aruba", "ciscoasa", "pcap"], ("m365",)),
    "fortigate": (_ZONES,),
    "nftables": ("mixed forward DROP",),
    "nvueapi": ("m365 ipv4", "m365-v6 ipv6"),
    "nokiasrl": ("mixed",),
    "proxmox": ("cluster FORWARD",),
    "juniperevo": ("m365 mixed ingress",),
    "srxlo": ("m365 inet6",),
    "windows_advfirewall": ("out inet", "out inet6"),
}
"""Generators with both ends, with the headers of their filters: one filter, or one per family."""
ONE = {"gce": "default {} mixed", "gcp_hf": "m365 {} 2000 mixed", "k8s": "m365 {}"}
"""Generators with the external end only, and one direction per filter."""
FAMILY = {"aruba": 4, "ciscoasa": 4, "srxlo": 6}
"""Generators that render a single family."""
DENIED = frozenset({"arista", "brocade", "cisco", "cisconx", "ciscoxr"})
"""Generators of access lists that permit everything while they have no entry."""
LAST = (
    {"name": "icmp", "protocol": "icmpv6", "icmp-type": "neighbor-solicit neighbor-advertisement packet-too-big"}
    | {"action": "accept"},
    {"name": "rest", "comment": "everything else", "action": "deny"},
)
"""The last terms of such a list. An explicit deny also refuses what a list of IPv6 otherwise permits: neighbor discovery."""
SHORT = frozenset({"ipset", "iptables", "speedway"})
"""Generators for iptables, where terms are chains with names of at most 24 characters."""


_CLEAR = "rm -f def/{own}-*.yaml policies/includes/{own}-*.yaml policies/pol/{own}-*.yaml filters/{own}-*"
_ACLGEN = "aclgen --base_directory policies --definitions_directory def --output_directory filters"


class Aerleon(AclTarget):
    """Definitions and policies for Aerleon."""

    name = "aerleon"
    title = "Aerleon definitions and policies"
    vendor_page = "https://aerleon.readthedocs.io/en/latest/"
    proof = "consumer"
    proof_detail = "every generator but cloudarmor accepts it; rules of cisco, juniper, nftables and k8s allow its packets"
    own_names = True
    manual = Manual(
        where="a shell in your repository, with the folder aerleon of these files in it",
        install=(_CLEAR, "cp -r aerleon/def aerleon/policies .", _ACLGEN),
        remove=(_CLEAR, _ACLGEN),
        first="aclgen writes files and changes no device: compare them with those in force",
    )
    tried = tried(program("aerleon 1.18"))
    options = MappingProxyType(
        {
            "generators": Option(
                default="cisco,juniper,nftables",
                help=f"names separated by commas, or all: {', '.join(sorted({*BOTH, *ONE}))}",
                check=lambda v: v == "all" or {*v.split(",")} <= {*BOTH, *ONE},
                several=True,
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield definitions, terms and policies."""
        requested, own = self.option("generators"), self.own_name("m365")
        at = f"includes/{own}-"
        generators = sorted({*BOTH, *ONE}) if requested == "all" else sorted(set(requested.split(",")))
        rules = list(self.rules(plan))
        names = address_groups(rules, 31 - len(self._token("")))
        groups = {addresses: self._token(name) for addresses, name in names.items()}
        terms_of = self._names(rules, 24 if SHORT & set(generators) else 50)
        services: dict[tuple[str, PortSet], str] = {}
        for rule in rules:
            base = f"{self._token('')}{rule.protocol.upper()}_" + "_".join(port_words(rule.ports, "_TO_"))
            services.setdefault((rule.protocol, rule.ports), unique_name(base, services.values(), 60))
        networks = {name: {"values": [{"address": str(p)} for p in group]} for group, name in groups.items()}
        ports = {
            name: [{"protocol": protocol, "port": port} for port in port_words(ports)]
            for (protocol, ports), name in services.items()
        }
        yield self._file(plan, f"def/{own}-networks.yaml", {"networks": networks}, len(networks))
        yield self._file(plan, f"def/{own}-services.yaml", {"services": ports}, len(ports))
        ends = {"both": ("source", "destination"), "egress": ("destination",), "ingress": ("source",)}
        kinds = {"both": rules, "egress": [r for r in rules if r.flow.direction == "outbound" and r.destination]}
        kinds["ingress"] = [r for r in rules if r.flow.direction == "inbound" and r.source]
        for kind in ("both",) if not set(generators) & set(ONE) else ends:
            terms = [_term(r, terms_of[r.name], groups, services, ends[kind]) for r in kinds[kind]]
            yield self._file(plan, f"policies/includes/{own}-{kind}.yaml", {"terms": terms}, len(terms))
        for generator in generators:
            headers = [("both", words) for words in BOTH.get(generator, ())]
            if generator in ONE:
                headers = [(k, ONE[generator].format(k.upper())) for k in ("egress", "ingress") if kinds[k]]
            last = [{**term, "name": f"{own}-{term['name']}"} for term in LAST] if generator in DENIED else []
            filters = [
                {
                    "header": {"targets": {generator: words.replace("m365", own)}},
                    "terms": [*([{"include": f"{at}{kind}.yaml"}] if kinds[kind] else []), *last],
                }
                for kind, words in headers
                if kinds[kind] or last
            ]
            if filters:
                yield self._file(plan, f"policies/pol/{own}-{generator}.yaml", {"filters": filters}, len(filters))
            for rule in rules:
                self._report_losses(generator, rule, rule in kinds["egress"] or rule in kinds["ingress"])

    def words(self) -> dict[str, str]:
        """Return what replaces `{name}` in the lines of the manual."""
        return {**super().words(), "own": self.own_name("m365")}

    def _names(self, rules: list[Rule], limit: int) -> dict[str, str]:
        """Return names of terms by names of rules, unique within the limit."""
        found: dict[str, str] = {}
        for rule in rules:
            base = self.own_name(flow_name(rule.flow))
            found[rule.name] = unique_name(base, found.values(), limit, f"-{rule.protocol}{rule.family}")
        return found

    def _token(self, name: str) -> str:
        return self.own_name("M365_") + name.replace("-", "_").upper()

    def _report_losses(self, generator: str, rule: Rule, sided: bool) -> None:
        """Report the losses of a generator; `sided`: the external end has addresses."""
        if (family := rule.family) != FAMILY.get(generator, family):
            why = "the generator renders one IP version only", "use another generator"
            self.report_loss(rule.flow, NARROWED, "family", *why, subject=f"{generator} ipv{family}", family=family)
        elif generator in ONE and sided:
            why = "the generator filters on all machines that the policy is bound to", "bind it only to those of the role"
            self.report_loss(rule.flow, WIDENED, "machine-wide", *why, subject=f"{generator} {rule.flow.ours.role}")
        elif generator in ONE:
            self.report_loss(rule.flow, DROPPED, "option", "the generator needs external addresses", subject=generator)

    def _file(self, plan: Plan, name: str, document: dict[str, object], entries: int) -> Artifact:
        return self.text(name, [*self.header(plan), *yaml_lines(document)], entries=entries)


def _term(
    rule: Rule, name: str, groups: dict[PrefixSet, str], services: dict[tuple[str, PortSet], str], ends: tuple[str, ...]
) -> dict[str, object]:
    """Return a term with the given ends."""
    sides = {"source": rule.source, "destination": rule.destination}
    named = {f"{end}-address": groups[side] for end in ends if (side := sides[end]) is not None}
    how = {"destination-port": services[rule.protocol, rule.ports], "protocol": rule.protocol, "action": "accept"}
    return {"name": name, "comment": rule_comment(rule, 200), **named, **how}
