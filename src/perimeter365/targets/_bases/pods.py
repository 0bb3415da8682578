"""Kubernetes policies: the plan's flows as rules for the pods of a role.

The addresses of pods are not known in advance, so the organization's end is a label (`perimeter365/role: client`), whatever
addresses the profile has for the role. The other end is addresses and, for an internal flow, also the pods of the other
role. A policy that selects a pod denies everything else in that direction, so every role has one policy per direction, and
DNS is allowed by a separate policy (`dns.yaml`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.targets._bases.acl import flow_comment, no_address_reason
from perimeter365.targets._bases.yaml import CommentedValue, yaml_lines
from perimeter365.targets.life import Manual, Part, model, tried
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Capabilities, Option, Side, Target, one_line

# Matches `perimeter365/role` and `app`, not `a/b/c` or `-role`.
_LABEL = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", re.ASCII)
# Matches `production` and the empty text, not `Production` or `a_b`.
_NAMESPACE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)?", re.ASCII)
RESOLVER = MappingProxyType({"k8s-app": "kube-dns"})
"""The labels of a cluster's resolver; CoreDNS has the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """A flow from the side of the pods of a role."""

    flow: PlanFlow
    role: str
    direction: str
    """`egress` or `ingress`."""
    other: PlanParty
    """The other end."""


class PodTarget(Target):
    """Base class of network policies.

    Subclasses convert needs to rules and set the kind of document.
    """

    own_names = True
    side: ClassVar[Side] = "inside"
    kind = "cloud"
    by_role = True
    denies_by_default = "all"
    tried = tried(model("the API server, with kubectl 1.32"))
    capabilities = Capabilities(addresses=True, ports=True, directions=("outbound", "inbound", "internal"))
    limits = MappingProxyType({"bytes": 1_500_000, "object_bytes": 250_000})
    """`kubectl apply` also keeps an object as JSON in an annotation; all annotations have at most 256 KiB."""
    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "label": Option(
                default="perimeter365/role",
                help="key of the label whose value is the role: a name, or a prefix, a slash and a name",
                check=lambda v: _LABEL.fullmatch(v) is not None,
            ),
            "namespace": Option(
                default="",
                help="namespace in the policies; empty: the namespace that kubectl uses",
                check=lambda v: _NAMESPACE.fullmatch(v) is not None,
            ),
        }
    )
    api: ClassVar[Mapping[str, str]]
    """The `apiVersion` and `kind` of a document."""

    def words(self) -> Mapping[str, str]:
        """Return the options, the label of our objects, and kubectl's namespace option."""
        namespace = self.option("namespace")
        return {**super().words(), "owner": self._owner, "scope": f"-n {namespace} " if namespace else ""}

    @property
    def _owner(self) -> str:
        return f"app.kubernetes.io/managed-by={self.own_name('perimeter365')}"

    def notes(self) -> list[str]:
        """Return lines for the header."""
        return []

    def rules(self, need: Need) -> Iterator[dict[str, object]]:
        """Yield the rules of one need, without comments.

        No rule is yielded if no part of the need can be expressed.
        """
        raise NotImplementedError

    def policy(self, role: str, direction: str, rules: list[object]) -> dict[str, object]:
        """Return the policy of a role in a direction."""
        raise NotImplementedError

    def resolver_policy(self, roles: list[str]) -> dict[str, object]:
        """Return the policy for DNS queries of these roles to the cluster's resolver."""
        raise NotImplementedError

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the policies, and the policy for DNS in a separate file."""
        found: dict[tuple[str, str], list[object]] = {}
        count = 0
        for need in self._needs(plan):
            for rule in self.rules(need):
                note = one_line(flow_comment(need.flow) + self._anyone(need))
                found.setdefault((need.role, need.direction), []).append(CommentedValue(note, rule))
                count += 1
        # kubectl does not apply an empty set of files, so it would not prune either
        load: Part = "update" if found else "remove"
        head = self.header(
            plan, f"Pods need the label {self.option('label')}, whose value is their role.", *self.notes(), load=load
        )
        policies = [self.policy(role, direction, rules) for (role, direction), rules in sorted(found.items())]
        yield self._file("m365.yaml", head, policies, count)
        roles = sorted({role for role, direction in found if direction == "egress"})
        head = self.header(
            plan,
            "Not part of the plan: pods that a policy selects have to ask the resolver of the cluster.",
            "NodeLocal DNSCache answers on an address of the node, which this does not allow. Add it if you have one.",
            load=load,
        )
        yield self._file("dns.yaml", head, [self.resolver_policy(roles)] if roles else [], len(roles) and 1)

    def _file(self, name: str, head: list[str], policies: list[dict[str, object]], entries: int) -> Artifact:
        lines = list(head)
        for policy in policies:
            found = ["---", *yaml_lines(policy)]
            self.check_limit("object_bytes", sum(map(len, found)), name)
            lines += found
        return self.text(name, lines, entries=entries)

    def document(self, name: str, spec: Mapping[str, object]) -> dict[str, object]:
        """Return a document of the target's kind."""
        namespace = {"namespace": self.option("namespace")} if self.option("namespace") else {}
        labels = dict([self._owner.split("=")])
        return {**self.api, "metadata": {"name": self.own_name(name), **namespace, "labels": labels}, "spec": dict(spec)}

    def selector(self, role: str) -> dict[str, object]:
        """Return the selector of the pods of a role."""
        return {"matchLabels": {self.option("label"): role}}

    def selectors(self, roles: list[str]) -> dict[str, object]:
        """Return the selector of the pods of several roles."""
        return {"matchExpressions": [{"key": self.option("label"), "operator": "In", "values": list(roles)}]}

    def _anyone(self, need: Need) -> str:
        return (", from anyone" if need.direction == "ingress" else ", to anyone") if need.other.anyone else ""

    def _needs(self, plan: Plan) -> Iterator[Need]:
        """Yield the plan's needs in its order; report the losses."""
        for flow in plan.flows:
            if not (flow.tcp or flow.udp):
                self.report_loss(flow, DROPPED, "no-ports-known")
                continue
            if flow.direction != "internal" and not self._reachable(flow):
                continue
            if flow.path:
                self.report_loss(flow, WIDENED, "no-paths", path=True)
            if flow.source.ours:
                yield Need(flow=flow, role=flow.source.role, direction="egress", other=flow.destination)
            if flow.destination.ours:
                yield Need(flow=flow, role=flow.destination.role, direction="ingress", other=flow.source)

    def _reachable(self, flow: PlanFlow) -> bool:
        """Return whether the external end can be expressed at all.

        Report the names that cannot.
        """
        end = flow.theirs
        named = bool(self.capabilities.hosts) and flow.direction == "outbound"
        if end is None or end.anyone or (named and end.hosts):
            return True
        reason = no_address_reason(flow)
        if not end.prefixes:
            self.report_loss(flow, DROPPED, reason)
            return False
        for host in end.unaddressed:
            self.report_loss(flow, NARROWED, reason, host=host)
        return True


def kubectl_manual(kind: str, resource: str) -> Manual:
    """Make the manual with kubectl.

    Its default list of kinds to prune has no network policies (`defaultNamespacedPruneResources` of kubectl), so the list is
    given.

    Args:
        kind: group, version and kind, for the list.
        resource: the resource, for deleting.
    """
    files = "{scope}-f dns.yaml -f m365.yaml"
    return Manual(
        where="the folder of the files",
        install=(f"kubectl apply --dry-run=server {files}", f"kubectl apply {files}"),
        update=(f"kubectl apply {files} --prune -l {{owner}} --prune-allowlist={kind}",),
        remove=(f"kubectl delete {resource} {{scope}}-l {{owner}}",),
        besides="refuses everything else of the pods that have the label, in each direction that a policy has",
        first="label a single pod with its role and watch it, before you label the pod templates",
    )
