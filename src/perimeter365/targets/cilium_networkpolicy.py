"""Cilium: CiliumNetworkPolicy objects, by address and by name.

Output: `m365.yaml`, for each role and direction a policy such as `m365-client-egress` with the requirements' ids in
comments, and `dns.yaml`, which allows the same pods to query the cluster's resolver through Cilium's DNS proxy. Without it
Cilium does not learn the addresses of names, so always apply both.
Vendor page: https://docs.cilium.io/en/stable/security/policy/language/#dns-based
Supported: addresses (`toCIDRSet`), ports and ranges (Cilium 1.16), and names without published address (`toFQDNs`), in
separate rules, since Cilium does not combine two kinds of peers in a rule. An asterisk in `matchPattern` does not match a
dot, but a leading `**.` matches one or more labels from Cilium 1.19 on; older versions read it as `*.`. So with
`version=1.19` `*.office.com` is exact. All other wildcards, and with `version=1.18` every wildcard, are written out for up
to `levels` labels, with a loss (narrowed). The organization's end is the pods with the label `perimeter365/role: client`
(option `label`). An end that is anyone is the entity `world`.
Not supported: URL paths, and names of senders.
A name only applies after the pod has resolved it with the cluster's resolver, to the addresses in the response. Those of
content delivery networks (`perimeter365 show names`) may serve other names too. A policy denies everything else in its
direction for the pods that it selects.
A file without policies has the commands that remove all, since kubectl does not apply it. Before you change the option
`namespace` or `prefix`, remove the policies: an update only looks for those with the present values.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import PlanFlow
from perimeter365.targets._bases.pods import RESOLVER, Need, PodTarget, kubectl_manual
from perimeter365.targets.target import NARROWED, Capabilities, Option

_MOST_PORTS = 40
"""Maximum number of ports in an entry of `toPorts`."""


class CiliumNetworkpolicy(PodTarget):
    """CiliumNetworkPolicy objects."""

    name = "cilium-networkpolicy"
    title = "Cilium network policy"
    vendor_page = "https://docs.cilium.io/en/stable/security/policy/language/#dns-based"
    comments = "utf-8"
    proof = "second opinion"
    proof_detail = (
        "parsed as YAML and read back, the policies allow the plan's packets; names match the regular expressions "
        "that Cilium's pkg/fqdn/matchpattern builds"
    )
    capabilities = Capabilities(
        addresses=True,
        hosts=(EXACT, SUFFIX, GLUED, INNER),
        ports=True,
        directions=("outbound", "inbound", "internal"),
    )
    options = MappingProxyType(
        {
            **PodTarget.options,
            "version": Option(
                default="1.19", choices=("1.19", "1.18"), help="Cilium's version: 1.19 or newer, 1.18 or older"
            ),
            "levels": Option(
                default="3", choices=("1", "2", "3", "4", "5"), help="number of labels that a written-out wildcard matches"
            ),
        }
    )
    manual = kubectl_manual("cilium.io/v2/CiliumNetworkPolicy", "ciliumnetworkpolicies.cilium.io")
    api = MappingProxyType({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy"})

    def notes(self) -> list[str]:
        """Return the version of Cilium that the wildcards are for."""
        if self.option("version") == "1.19":
            return ["For Cilium 1.19 or newer. Older versions match fewer names: render with version=1.18."]
        return ["For Cilium 1.18 or older; newer versions match the same. Wildcards are written out."]

    def rules(self, need: Need) -> Iterator[dict[str, object]]:
        """Yield a rule for each kind of peer."""
        to = "to" if need.direction == "egress" else "from"
        ports = {"toPorts": _ports(need.flow.tcp, need.flow.udp)}
        if need.other.anyone:
            yield {f"{to}Entities": ["world"], **ports}
        if need.other.ours:
            yield {f"{to}Endpoints": [self.selector(need.other.role)], **ports}
        if need.other.prefixes:
            yield {f"{to}CIDRSet": [{"cidr": str(prefix)} for prefix in need.other.prefixes], **ports}
        if need.direction == "egress" and not need.other.ours:
            names = [name for host in need.other.unaddressed for name in self._names(need.flow, host)]
            if names:
                yield {"toFQDNs": names, **ports}

    def _names(self, flow: PlanFlow, host: HostPattern) -> Iterator[dict[str, str]]:
        """Yield the patterns that match a host; report the names that are not matched."""
        levels = int(self.option("levels"))
        for known in self.express(flow, host, "the name is known to the administrators only"):
            start, end = known.parts
            if known.kind == EXACT:
                yield {"matchName": known.text}
            elif known.kind == SUFFIX and self.option("version") == "1.19":
                yield {"matchPattern": f"**{end}"}
            else:
                reason = f"an asterisk does not match dots; names with {levels} or more dots in its place are not allowed"
                self.report_loss(flow, NARROWED, "narrower-match", reason, f"-O {self.name}.levels=5", host=known)
                for dots in range(levels):
                    yield {"matchPattern": f"{start}{'*.' * dots}*{end}"}

    def policy(self, role: str, direction: str, rules: list[object]) -> dict[str, object]:
        """Return the policy of a role in a direction."""
        return self.document(f"m365-{role}-{direction}", {"endpointSelector": self.selector(role), direction: rules})

    def resolver_policy(self, roles: list[str]) -> dict[str, object]:
        """Return the policy for the resolver, through Cilium's DNS proxy."""
        labels = {"k8s:io.kubernetes.pod.namespace": "kube-system"} | {f"k8s:{k}": v for k, v in RESOLVER.items()}
        learn = {"ports": [{"port": "53", "protocol": "ANY"}], "rules": {"dns": [{"matchPattern": "*"}]}}
        rule = {"toEndpoints": [{"matchLabels": labels}], "toPorts": [learn]}
        return self.document("m365-dns", {"endpointSelector": self.selectors(roles), "egress": [rule]})


def _ports(tcp: PortSet, udp: PortSet) -> list[dict[str, object]]:
    """Return port entries with as many ports as Cilium allows in each."""
    ports = [
        {"port": str(first), **({"endPort": last} if last > first else {}), "protocol": protocol}
        for protocol, each in (("TCP", tcp), ("UDP", udp))
        for first, last in each
    ]
    return [{"ports": ports[at : at + _MOST_PORTS]} for at in range(0, len(ports), _MOST_PORTS)]
