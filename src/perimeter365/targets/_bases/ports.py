"""Lists without ports: flows that need the same rule, and lists that mix ports.

A list has no ports. The rule over it has, and a rule over a list that mixes flows of different ports opens for all of them
what only some need:

    ws/worldwide/2   tcp 143,587,993,995  ┐
    ws/worldwide/10  tcp 25               ┴ one list: port 25 also to the addresses of the first
"""

from collections.abc import Iterable, Iterator

from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.list import Group
from perimeter365.targets.target import WIDENED, Target

_QUOTA = 60
"""Rules of a security group of AWS (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)."""
_Key = tuple[str, str, str, str]


def port_groups(plan: Plan) -> Iterator[Group]:
    """Yield the groups of flows that one rule can permit, sorted by name.

    The flows of a group are of one role and have the same ports. The name says both:
    `worldwide-client-outbound-tcp80-443-udp3478to3481`. Inbound flows of different scenarios are not joined, and flows whose
    other end is anyone are not in any group.
    """
    found: dict[_Key, list[PlanFlow]] = {}
    for flow in plan.flows:
        if flow.theirs is not None and not flow.theirs.anyone:
            whose = f"{flow.scenario}-{flow.ours.role}" if flow.direction == "inbound" else flow.ours.role
            found.setdefault((str(flow.cloud), whose, flow.direction, port_name(flow)), []).append(flow)
    for (cloud, whose, _, ports), flows in sorted(found.items()):
        yield Group(cloud=cloud, scenario=whose, direction=flows[0].direction, category=ports, flows=tuple(flows))


def port_name(flow: PlanFlow) -> str:
    """Return the ports of a flow for names of objects: `tcp80-443-udp3478to3481`."""
    words = [f"{protocol}{_words(ports)}" for protocol, ports in (("tcp", flow.tcp), ("udp", flow.udp)) if ports]
    return "-".join(words) or "ports-unknown"


def _words(ports: PortSet) -> str:
    return "-".join(str(first) if first == last else f"{first}to{last}" for first, last in ports)


def report_mixed_ports(target: Target, name: str, flows: Iterable[PlanFlow]) -> None:
    """Report the flows of a list for which a rule opens more ports than they need.

    The rule is over the whole list.

    Args:
        target: the target that writes the list.
        name: the list.
        flows: those that have an entry in it.
    """
    flows = list(flows)
    tcp, udp = (PortSet([span for f in flows for span in getattr(f, protocol)]) for protocol in ("tcp", "udp"))
    for flow in flows:
        if (flow.tcp, flow.udp) != (tcp, udp):
            target.report_loss(flow, WIDENED, "mixed-ports", subject=f"the list {name}")


def counted(group: Group, most: int) -> str:
    """Return how many rules of an AWS security group references to a list count as.

    Args:
        group: the flows that need it.
        most: the size of the list, which every reference counts as.
    """
    spans = {(name, span) for flow in group.flows for name in ("tcp", "udp") for span in getattr(flow, name)}
    total = most * max(len(spans), 1)
    text = f"counts as {most} rules for each range of ports, {total} in all"
    return (
        f"{text}; does not fit into the {_QUOTA} of a security group by default: raise the quota" if total > _QUOTA else text
    )
