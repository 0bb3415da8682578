"""Kubernetes: NetworkPolicy objects.

They are for pods that connect to Microsoft 365, or that it connects to.
Output: `m365.yaml`, for each role and direction a policy such as `m365-client-egress` with the requirements' ids in
comments, and `dns.yaml`, which allows the same pods to query the cluster's resolver (label k8s-app: kube-dns). If the
cluster has NodeLocal DNSCache, allow 169.254.20.10, too. kubectl 1.26 or later.
Vendor page: https://kubernetes.io/docs/concepts/services-networking/network-policies/
Supported: the external end by address, TCP and UDP ports and ranges (`endPort`, Kubernetes 1.25). The organization's end is
the pods with the label `perimeter365/role: client` (option `label`), whatever addresses the profile has for the role. The
other end of an internal flow is the pods of that role and its addresses. An end that is anyone has no `to` or `from`, which
means any, with a comment.
Not supported: names and URL paths, which are losses.
A policy denies everything else in its direction for the pods that it selects, and only a network plugin that supports
policies enforces it. Ingress rules see the sender's address only without translation (externalTrafficPolicy: Local).
A file without policies has the commands that remove all, since kubectl does not apply it. Before you change the option
`namespace` or `prefix`, remove the policies: an update only looks for those with the present values.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.targets._bases.pods import RESOLVER, Need, PodTarget, kubectl_manual


class KubernetesNetworkpolicy(PodTarget):
    """NetworkPolicy objects."""

    name = "kubernetes-networkpolicy"
    title = "Kubernetes NetworkPolicy"
    vendor_page = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
    comments = "utf-8"
    proof = "second opinion"
    proof_detail = "parsed as YAML and read back, the policies allow exactly the plan's packets"
    manual = kubectl_manual("networking.k8s.io/v1/NetworkPolicy", "networkpolicies.networking.k8s.io")
    api = MappingProxyType({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"})

    def rules(self, need: Need) -> Iterator[dict[str, object]]:
        """Yield one rule with peers and ports."""
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
        """Return the policy of a role in a direction."""
        spec = {"podSelector": self.selector(role), "policyTypes": [direction.capitalize()], direction: rules}
        return self.document(f"m365-{role}-{direction}", spec)

    def resolver_policy(self, roles: list[str]) -> dict[str, object]:
        """Return the policy for the pods of the resolver, in the namespace kube-system."""
        peer = {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": dict(RESOLVER)},
        }
        ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
        spec = {"podSelector": self.selectors(roles), "policyTypes": ["Egress"], "egress": [{"to": [peer], "ports": ports}]}
        return self.document("m365-dns", spec)
