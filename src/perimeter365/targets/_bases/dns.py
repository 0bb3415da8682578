"""What resolvers share: the outside names of the plan, and who needs them.

A resolver that forwards or marks a domain takes every name below it too. Where that reaches further than the plan it is
said as a loss: forwarding a name more opens nothing, filling a firewall's set with its addresses does.
"""

from collections.abc import Mapping
from types import MappingProxyType

from perimeter365.errors import PrefixError
from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets.target import DROPPED, WIDENED, Capabilities, Option, Target


class DnsTarget(Target):
    """Names of outbound flows, for a resolver."""

    kind = "dns"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), directions=("outbound",))

    def names(self, plan: Plan) -> Mapping[HostPattern, tuple[PlanFlow, ...]]:
        """Each pattern that the resolver can say, sorted, with the flows that need it; notes what is lost."""
        found: dict[HostPattern, list[PlanFlow]] = {}
        for flow in plan.flows:
            if flow.direction != "outbound":
                self.lose(flow, DROPPED, "all", f"our resolvers are not asked for {flow.direction} connections")
            elif not flow.destination.hosts:
                reason = "it may go anywhere" if flow.destination.anyone else "it is listed by address, without names"
                self.lose(flow, DROPPED, "all", reason)
            for host in flow.destination.hosts if flow.direction == "outbound" else ():
                for said in self.express(flow, host, "a resolver's rule takes whole labels at the end of a name"):
                    found.setdefault(said, []).append(flow)
        return MappingProxyType({host: tuple(flows) for host, flows in sorted(found.items())})

    def domains(self, plan: Plan) -> dict[str, tuple[PlanFlow, ...]]:
        """The same as domains that stand for themselves and all below, none below another; the surplus is a loss."""
        found: dict[str, list[PlanFlow]] = {}
        for host, flows in self.names(plan).items():
            found.setdefault(host.apex, []).extend(flows)
            more = f"{host.apex} itself" if host.kind == SUFFIX else f"names below {host.apex}"
            for flow in flows:
                self.lose(flow, WIDENED, host.text, f"the rule holds {more} too")
        joined: dict[str, dict[tuple[str, str], PlanFlow]] = {}
        for name, needing in found.items():
            labels = name.split(".")
            above = (".".join(labels[n:]) for n in reversed(range(len(labels))))
            top = joined.setdefault(next(d for d in above if d in found), {})
            top.update({(flow.id, str(flow.cloud)): flow for flow in needing})
        return {domain: tuple(joined[domain].values()) for domain in sorted(joined)}


def servers(default: str) -> Option:
    """An option that holds addresses of resolvers, separated by commas."""
    return Option(
        default=default,
        help="addresses of the resolvers to ask, separated by commas",
        check=lambda value: all(_address(part) for part in value.split(",")),
    )


def _address(text: str) -> bool:
    try:
        return "/" not in text and Prefix.parse(text).size == 1
    except PrefixError:
        return False
