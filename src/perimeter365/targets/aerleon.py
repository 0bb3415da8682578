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
Zones and filter names in the headers are examples: edit them. `srx`, `paloalto` and `fortigate` have a filter for each
direction. Load the output of `aclgen` as the platform requires; a file
that `aclgen` no longer writes is still in force on the device.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import AclTarget, Rule, address_groups, flow_name, port_words, unique_name
from perimeter365.targets._bases.aerleon import (
    DENIED,
    ENDS,
    FAMILY,
    GENERATORS,
    LAST,
    ONE,
    SHORT,
    STATELESS,
    ZONED,
    headers,
    of_kind,
    term,
)
from perimeter365.targets._bases.yaml import yaml_lines
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Option

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
    denies_by_default = "family"
    manual = Manual(
        where="a shell in your repository, with the folder aerleon of these files in it",
        install=(_CLEAR, "cp -r aerleon/def aerleon/policies .", _ACLGEN),
        remove=(_CLEAR, _ACLGEN),
        besides="a filter that is bound refuses everything else, of both IP versions",
        first="aclgen writes files and changes no device: compare them with those in force",
    )
    tried = tried(program("aerleon 1.18"))
    options = MappingProxyType(
        {
            "generators": Option(
                default="cisco,juniper,nftables",
                help=f"names separated by commas, or all: {', '.join(GENERATORS)}",
                check=lambda v: v == "all" or {*v.split(",")} <= {*GENERATORS},
                several=True,
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield definitions, terms and policies."""
        requested, own = self.option("generators"), self.own_name("m365")
        at = f"includes/{own}-"
        generators = GENERATORS if requested == "all" else sorted(set(requested.split(",")))
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
        filters_of = {generator: headers(generator, own) for generator in generators}
        kinds = {kind: of_kind(kind, rules) for kind in ENDS}
        for kind in ENDS:
            if kind == "both" or any(kind == each for some in filters_of.values() for each, _ in some):
                terms = [term(rule, terms_of[rule.name], groups, services, ENDS[kind]) for rule in kinds[kind]]
                yield self._file(plan, f"policies/includes/{own}-{kind}.yaml", {"terms": terms}, len(terms))
        for generator in generators:
            last = [{**each, "name": f"{own}-{each['name']}"} for each in LAST] if generator in DENIED else []
            filters = [
                {
                    "header": {"targets": {generator: words}},
                    "terms": [*([{"include": f"{at}{kind}.yaml"}] if kinds[kind] else []), *last],
                }
                for kind, words in filters_of[generator]
                if kinds[kind] or last
            ]
            if filters:
                yield self._file(plan, f"policies/pol/{own}-{generator}.yaml", {"filters": filters}, len(filters))
            for rule in rules:
                self._report_losses(generator, rule, rule in kinds["egress"] or rule in kinds["ingress"])

    def separates_sides(self, flow: PlanFlow) -> bool:
        """Return whether the policies of all generators are between zones."""
        return set(self.option("generators").split(",")) <= set(ZONED)

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
        if generator in STATELESS:
            why = "the filter keeps no state: it refuses the answers", "permit answers in a term of your own"
            self.report_loss(rule.flow, NARROWED, "stateless", *why, subject=f"{generator} answers")
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
