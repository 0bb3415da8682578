"""Resolvers: the external names in a plan, with the flows that need them.

A resolver that forwards or marks a domain includes all names below it. If that is more than the plan needs, it is reported
as a loss. Forwarding more names opens nothing, but adding their addresses to a firewall's set does.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from perimeter365.errors import PrefixError
from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets.target import DROPPED, Capabilities, Option, Side, Target, no_name_reason


class DnsTarget(Target):
    """Base class of resolver configurations with the names of outbound flows."""

    side: ClassVar[Side] = "none"
    kind = "dns"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), directions=("outbound",))

    def names(self, plan: Plan) -> Mapping[HostPattern, tuple[PlanFlow, ...]]:
        """Return the supported patterns, sorted, with their flows; report the losses."""
        found: dict[HostPattern, list[PlanFlow]] = {}
        for flow in plan.flows:
            if flow.direction != "outbound":
                continue
            if not flow.destination.hosts:
                self.report_loss(flow, DROPPED, no_name_reason(flow))
            for host in flow.destination.hosts:
                for pattern in self.express(flow, host, "a resolver matches whole labels at the end of a name"):
                    found.setdefault(pattern, []).append(flow)
        return MappingProxyType({host: tuple(flows) for host, flows in sorted(found.items())})

    def domains(self, plan: Plan) -> dict[str, tuple[PlanFlow, ...]]:
        """Return `names` as domains with all names below them; report what is added."""
        found: dict[str, list[PlanFlow]] = {}
        for host, flows in self.names(plan).items():
            found.setdefault(host.apex, []).extend(flows)
            for flow in flows:
                self.report_widened(flow, host)
        joined: dict[str, dict[tuple[str, str], PlanFlow]] = {}
        for name, needing in found.items():
            labels = name.split(".")
            above = (".".join(labels[n:]) for n in reversed(range(len(labels))))
            top = joined.setdefault(next(d for d in above if d in found), {})
            top.update({(flow.id, str(flow.cloud)): flow for flow in needing})
        return {domain: tuple(joined[domain].values()) for domain in sorted(joined)}


SERVERS = Option(
    default=None,
    help="addresses of the resolvers, separated by commas",
    check=lambda value: all(_address(part) for part in value.split(",")),
    example="192.0.2.53",
    several=True,
)
"""The option of resolvers to forward to."""


def _address(text: str) -> bool:
    try:
        return "/" not in text and Prefix.parse(text).size == 1
    except PrefixError:
        return False
