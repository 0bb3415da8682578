"""Resolvers: the external names in a plan, with the flows that need them.

A resolver that forwards or marks a domain includes all names below it. If that is more than the plan needs, it is reported
as a loss. Forwarding more names opens nothing, but adding their addresses to a firewall's set does.

    names       outlook.office365.com, *.office365.com, *cdn.onenote.net      each pattern with its flows
    outermost   *.office365.com, *cdn.onenote.net                             without those that another one covers
    domains     office365.com                                                 with all names below, and losses
"""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from types import MappingProxyType
from typing import ClassVar

from perimeter365.errors import PrefixError
from perimeter365.model.host import EXACT, GLUED, SUFFIX, HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets.target import DROPPED, Capabilities, Option, Side, Target, ids, no_name_reason

FlowsOf = Mapping[HostPattern, tuple[PlanFlow, ...]]
"""Pattern -> the flows that need it."""


class DnsTarget(Target):
    """Base class of resolver configurations with the names of outbound flows."""

    side: ClassVar[Side] = "none"
    kind = "dns"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), directions=("outbound",))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the name of the file."""
        return {**super().words(), **({"file": self.own_name("m365.conf")} if self.own_names else {})}

    def remark(self, flows: Iterable[PlanFlow]) -> list[str]:
        """Return the ids of flows as comment lines, so short that no device splits them."""
        return [f"{self.comment} {line}" for line in wrap(ids(flows), 160, break_long_words=False, break_on_hyphens=False)]

    def names(self, plan: Plan) -> FlowsOf:
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
        joined: dict[str, list[PlanFlow]] = {}
        for name, needing in found.items():
            joined.setdefault(next(d for d in reversed([*_above(name)]) if d in found), []).extend(needing)
        return {domain: _once(joined[domain]) for domain in sorted(joined)}


def outermost(names: FlowsOf) -> FlowsOf:
    """Return the patterns that no other one covers, sorted, with their flows.

    Each pattern also has the flows of those that it covers. No pattern of the result has a name below a wildcard of it. In a
    zone, a wildcard matches neither a name that exists nor any name below it, and a name also exists if only names below it
    have records (RFC 4592 2.2.1, 3.3.1).
    """
    glued = [host for host in names if host.kind == GLUED]
    wild = {host.domain: host for host in names if host.kind == SUFFIX}
    joined: dict[HostPattern, list[PlanFlow]] = {}
    for host, flows in names.items():
        top = host
        while wider := _wider(top, wild, glued):
            top = wider
        joined.setdefault(top, []).extend(flows)
    return MappingProxyType({host: _once(flows) for host, flows in sorted(joined.items())})


def _wider(host: HostPattern, wild: Mapping[str, HostPattern], glued: Iterable[HostPattern]) -> HostPattern | None:
    """Return a pattern that covers another one; None if there is none."""
    if found := next((g for g in glued if g != host and g.covers(host)), None):
        return found
    domains = list(_above(host.domain))[host.kind in (EXACT, SUFFIX) :]
    return next((wild[domain] for domain in domains if domain in wild), None)


def _above(name: str) -> Iterator[str]:
    """Yield a name, and the domains that it is in, the longest first."""
    labels = name.split(".")
    return (".".join(labels[n:]) for n in range(len(labels)))


def _once(flows: Iterable[PlanFlow]) -> tuple[PlanFlow, ...]:
    return tuple({(flow.id, str(flow.cloud)): flow for flow in flows}.values())


def are_addresses(text: str) -> bool:
    """Return whether a text is a list of addresses, separated by commas."""
    try:
        return all("/" not in part and Prefix.parse(part).size == 1 for part in text.split(","))
    except PrefixError:
        return False


SERVERS = Option(
    default=None,
    help="addresses of the resolvers, separated by commas",
    check=are_addresses,
    example="192.0.2.53",
    several=True,
)
"""The option of resolvers to forward to."""
