"""Cilium: CiliumNetworkPolicy objects, by address and by name.

What it makes: `m365.yaml`, for each role and direction a policy `m365-client-egress` whose rules carry the requirements'
ids in comments, and `dns.yaml`, which lets the same pods ask the cluster's resolver through Cilium's DNS proxy: without
it no name is ever known, so always apply both.
Vendor page: https://docs.cilium.io/en/stable/security/policy/language/#dns-based
What it says: addresses (`toCIDRSet`), ports and ranges (Cilium 1.16), and names for which no address is published
(`toFQDNs`), in rules of their own, since Cilium takes no two kinds of peers in one. A star in `matchPattern` stays
within a label, but `**.` at the start is one label or more from Cilium 1.19 on; before, it is read as `*.`. So with
`version=1.19` `*.office.com` is exact; all other stars, and with `version=1.18` every one, are written out for up to
`levels` dots where the star stands, and the loss says so (narrowed). Our end is the pods labelled `perimeter365/role:
client` (option `label`). An end that is anyone is the entity `world`. What it cannot say: URL paths, and names of senders.
A name counts only if the pod asked the cluster's resolver for it, and then for the addresses of the answer, on which
other names may live. A policy closes everything else in its direction to the pods that it selects.
Install: label the pods' templates, then `kubectl apply -n NAMESPACE -f m365.yaml -f dns.yaml`. Update: render again and
apply with `--prune -l app.kubernetes.io/managed-by=perimeter365`.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import PlanFlow
from perimeter365.targets._bases.pods import RESOLVER, Need, PodTarget
from perimeter365.targets.target import NARROWED, Capabilities, Option

_MOST_PORTS = 40
"""Ports that one entry of `toPorts` takes."""


class CiliumNetworkpolicy(PodTarget):
    """CiliumNetworkPolicy objects."""

    name = "cilium-networkpolicy"
    title = "Cilium network policy"
    vendor_page = "https://docs.cilium.io/en/stable/security/policy/language/#dns-based"
    proof = "second opinion"
    proof_detail = (
        "parsed as YAML and read back, the policies allow the plan's packets; names are matched by the regular expressions "
        "that Cilium's pkg/fqdn/matchpattern makes"
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
            "version": Option(default="1.19", choices=("1.19", "1.18"), help="1.19: or newer; 1.18: or older"),
            "levels": Option(default="3", choices=("1", "2", "3", "4", "5"), help="labels that a written-out star covers"),
        }
    )
    api = MappingProxyType({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy"})

    def rules(self, need: Need) -> Iterator[dict[str, object]]:
        """A rule for each kind of peer."""
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
        """How a host is matched; notes which of its names are not."""
        levels = int(self.option("levels"))
        for known in self.express(flow, host, "only the administrators know the name"):
            before, behind = known.parts
            if known.kind == EXACT:
                yield {"matchName": known.text}
            elif known.kind == SUFFIX and self.option("version") == "1.19":
                yield {"matchPattern": f"**{behind}"}
            else:
                reason = f"a star stays within a label; names with {levels} or more dots in its place are not there"
                self.lose(flow, NARROWED, known.text, reason, f"-O {self.name}.levels=5")
                for dots in range(levels):
                    yield {"matchPattern": f"{before}{'*.' * dots}*{behind}"}

    def policy(self, role: str, direction: str, rules: list[object]) -> dict[str, object]:
        """The policy of a role in a direction."""
        return self.document(f"m365-{role}-{direction}", {"endpointSelector": self.selector(role), direction: rules})

    def resolving(self, roles: list[str]) -> dict[str, object]:
        """To the resolver, through the proxy that learns the answers."""
        labels = {"k8s:io.kubernetes.pod.namespace": "kube-system"} | {f"k8s:{k}": v for k, v in RESOLVER.items()}
        learn = {"ports": [{"port": "53", "protocol": "ANY"}], "rules": {"dns": [{"matchPattern": "*"}]}}
        rule = {"toEndpoints": [{"matchLabels": labels}], "toPorts": [learn]}
        return self.document("m365-dns", {"endpointSelector": self.selectors(roles), "egress": [rule]})


def _ports(tcp: PortSet, udp: PortSet) -> list[dict[str, object]]:
    """Port entries, of as many ports as Cilium takes in one."""
    ports = [
        {"port": str(first), **({"endPort": last} if last > first else {}), "protocol": protocol}
        for protocol, each in (("TCP", tcp), ("UDP", udp))
        for first, last in each
    ]
    return [{"ports": ports[at : at + _MOST_PORTS]} for at in range(0, len(ports), _MOST_PORTS)]
