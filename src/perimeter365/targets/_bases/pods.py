"""What targets of Kubernetes share: a need is of the pods that have a role's label, in one direction.

A pod's address is not known beforehand, so our end is a label (`perimeter365/role: client`), whatever addresses the
profile gives the role; the other end is addresses, and for an internal flow also the pods of the other role. A
policy that selects a pod closes the rest of that direction to it, so every role has one policy a direction, and names
have to be resolved by a policy of its own (`dns.yaml`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.targets._bases.acl import flow_comment, unpublished
from perimeter365.targets._bases.yaml import Noted, yaml_lines
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Capabilities, Option, Target, one_line

_LABEL = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", re.ASCII)
_NAMESPACE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)?", re.ASCII)
RESOLVER = MappingProxyType({"k8s-app": "kube-dns"})
"""The labels of a cluster's resolver, of CoreDNS too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What the pods of a role have to reach, or who has to reach them."""

    flow: PlanFlow
    role: str
    direction: str
    """`egress` or `ingress`."""
    other: PlanParty
    """The other end."""


class PodTarget(Target):
    """Network policies. Subclasses turn needs into rules, and name the kind of document."""

    kind = "cloud"
    capabilities = Capabilities(addresses=True, ports=True, directions=("outbound", "inbound", "internal"))
    limits = MappingProxyType({"bytes": 1_500_000})
    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "label": Option(
                default="perimeter365/role",
                help="the key of the label whose value is the role: a prefix, a slash and a name, or a name",
                check=lambda v: _LABEL.fullmatch(v) is not None,
            ),
            "namespace": Option(
                default="",
                help="the namespace that the policies name; empty: the one that kubectl is told",
                check=lambda v: _NAMESPACE.fullmatch(v) is not None,
            ),
        }
    )
    api: ClassVar[Mapping[str, str]]
    """`apiVersion` and `kind`."""

    def rules(self, need: Need) -> Iterator[dict[str, object]]:
        """The rules of one need, without comment; none where nothing of it can be said."""
        raise NotImplementedError

    def policy(self, role: str, direction: str, rules: list[object]) -> dict[str, object]:
        """The policy of a role in a direction."""
        raise NotImplementedError

    def resolving(self, roles: list[str]) -> dict[str, object]:
        """The policy that lets pods of these roles ask the cluster's resolver."""
        raise NotImplementedError

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The policies, and apart from them the one for names."""
        found: dict[tuple[str, str], list[object]] = {}
        count = 0
        for need in self._needs(plan):
            for rule in self.rules(need):
                note = one_line(flow_comment(need.flow) + self._anyone(need))
                found.setdefault((need.role, need.direction), []).append(Noted(note, rule))
                count += 1
        lines = self.header(plan, f"Pods need the label {self.option('label')}, whose value is their role.")
        for (role, direction), rules in sorted(found.items()):
            lines += ["---", *yaml_lines(self.policy(role, direction, rules))]
        yield self.text("m365.yaml", lines, entries=count)
        if roles := sorted({role for role, direction in found if direction == "egress"}):
            head = self.header(
                plan, "Not part of the plan: pods that a policy selects have to ask the resolver of the cluster."
            )
            yield self.text("dns.yaml", [*head, "---", *yaml_lines(self.resolving(roles))], entries=1)

    def document(self, name: str, spec: Mapping[str, object]) -> dict[str, object]:
        """A document of the target's kind."""
        namespace = {"namespace": self.option("namespace")} if self.option("namespace") else {}
        labels = {"app.kubernetes.io/managed-by": "perimeter365"}
        return {**self.api, "metadata": {"name": name, **namespace, "labels": labels}, "spec": dict(spec)}

    def selector(self, role: str) -> dict[str, object]:
        """The pods of a role."""
        return {"matchLabels": {self.option("label"): role}}

    def selectors(self, roles: list[str]) -> dict[str, object]:
        """The pods of several roles."""
        return {"matchExpressions": [{"key": self.option("label"), "operator": "In", "values": list(roles)}]}

    def _anyone(self, need: Need) -> str:
        return (", from anyone" if need.direction == "ingress" else ", to anyone") if need.other.anyone else ""

    def _needs(self, plan: Plan) -> Iterator[Need]:
        """The plan's needs in its order; notes what none of them says."""
        for flow in plan.flows:
            if not (flow.tcp or flow.udp):
                reason = "no port is known, and opening all of them is not what the source says"
                self.lose(flow, DROPPED, "all", reason, "ask the vendor for ports")
                continue
            if flow.direction != "internal" and not self._reachable(flow):
                continue
            if flow.path:
                reason = "the policy does not see URL paths; every path on these ports passes"
                self.lose(flow, WIDENED, ",".join(flow.path), reason, "limit the path on the server or a proxy")
            if flow.source.ours:
                yield Need(flow=flow, role=flow.source.role, direction="egress", other=flow.destination)
            if flow.destination.ours:
                yield Need(flow=flow, role=flow.destination.role, direction="ingress", other=flow.source)

    def _reachable(self, flow: PlanFlow) -> bool:
        """Can anything of the outside end be said? Notes the names that cannot."""
        end = flow.theirs
        named = bool(self.capabilities.hosts) and flow.direction == "outbound"
        if end is None or end.anyone or (named and end.hosts):
            return True
        what = "use cilium-networkpolicy or a proxy, which know names"
        if not end.prefixes:
            self.lose(flow, DROPPED, "all", unpublished(end), what)
            return False
        for host in end.unaddressed:
            reason = "the host has no published address; the rule is for the addresses of the others"
            self.lose(flow, NARROWED, host.text, reason, what)
        return True
