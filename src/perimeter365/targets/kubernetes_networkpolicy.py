"""Kubernetes: NetworkPolicy objects for pods that use Microsoft 365, or that it calls.

What it makes: `m365.yaml`, for each role and direction a policy `m365-client-egress` whose rules carry the requirements'
ids in comments, and `dns.yaml`, which lets the same pods ask the cluster's resolver (labels k8s-app: kube-dns).
Vendor page: https://kubernetes.io/docs/concepts/services-networking/network-policies/
What it says: the outside end by address, TCP and UDP ports and ranges (`endPort`, Kubernetes 1.25). Our end is the pods
labelled `perimeter365/role: client` (option `label`), whatever addresses the profile gives the role; the other end of an
internal flow is the pods of that role and its addresses. An end that is anyone has no `to` or `from`, which means any,
and the comment says so. What it cannot say: names and URL paths; those losses are named.
A policy closes everything else in its direction to the pods that it selects, and only a network plugin that enforces
policies does so. Ingress rules see the sender's address only where nothing translates it (externalTrafficPolicy: Local).
Install: label the pods' templates, then `kubectl apply -n NAMESPACE -f m365.yaml -f dns.yaml`; try it first with
`--dry-run=server`. Update: render again and apply with `--prune -l app.kubernetes.io/managed-by=perimeter365`, so that a
policy that is gone from the plan goes away.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.targets._bases.pods import RESOLVER, Need, PodTarget


class KubernetesNetworkpolicy(PodTarget):
    """NetworkPolicy objects."""

    name = "kubernetes-networkpolicy"
    title = "Kubernetes NetworkPolicy"
    vendor_page = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
    proof = "second opinion"
    proof_detail = "parsed as YAML and read back, the policies allow the plan's packets and no other"
    api = MappingProxyType({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"})

    def rules(self, need: Need) -> Iterator[dict[str, object]]:
        """One rule: peers and ports."""
        peers: list[object] = []
        if need.other.ours:
            peers.append({"podSelector": self.selector(need.other.role)})
        peers += [{"ipBlock": {"cidr": str(prefix)}} for prefix in need.other.prefixes]
        rule: dict[str, object] = {}
        if not need.other.anyone:
            rule["to" if need.direction == "egress" else "from"] = peers
        rule["ports"] = [
            {"protocol": protocol, "port": first, **({"endPort": last} if last > first else {})}
            for protocol, ports in (("TCP", need.flow.tcp), ("UDP", need.flow.udp))
            for first, last in ports
        ]
        yield rule

    def policy(self, role: str, direction: str, rules: list[object]) -> dict[str, object]:
        """The policy of a role in a direction."""
        spec = {"podSelector": self.selector(role), "policyTypes": [direction.capitalize()], direction: rules}
        return self.document(f"m365-{role}-{direction}", spec)

    def resolving(self, roles: list[str]) -> dict[str, object]:
        """To the pods of the resolver, in the namespace kube-system."""
        peer = {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": dict(RESOLVER)},
        }
        ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
        spec = {"podSelector": self.selectors(roles), "policyTypes": ["Egress"], "egress": [{"to": [peer], "ports": ports}]}
        return self.document("m365-dns", spec)
