"""What routes and VPN split tunnels share: which addresses leave the tunnel, and why.

A route knows a destination and nothing else: no source, port or name. So a route target takes the outbound
destinations of the categories that its option names, and says of every other flow why it is not there.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from perimeter365.errors import PrefixError
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets.target import DROPPED, NARROWED, Capabilities, Option, Target, ids

_CHOSEN: Mapping[str, tuple[str | None, ...]] = {
    "optimize": ("optimize",),
    "optimize-allow": ("optimize", "allow"),
    "all": ("optimize", "allow", "default", None),
}

CATEGORIES = Option(
    default="optimize",
    choices=tuple(_CHOSEN),
    help="whose addresses get a route; Microsoft's advice for split tunnels is optimize",
)


class RouteTarget(Target):
    """Routes to outbound destinations."""

    kind = "vpn"
    names: ClassVar[str] = ""
    """The option that, when it is `on`, lets the target say names besides addresses."""
    capabilities = Capabilities(addresses=True, directions=("outbound",))
    options: ClassVar[Mapping[str, Option]] = MappingProxyType({"categories": CATEGORIES})

    def chosen(self, plan: Plan) -> list[PlanFlow]:
        """The outbound flows of the option's categories, in the plan's order; notes why the others are not there."""
        categories = _CHOSEN[self.option("categories")]
        found = []
        for flow in plan.flows:
            if flow.direction != "outbound":
                self.lose(flow, DROPPED, "all", f"a route says nothing of {flow.direction} connections", "use a firewall")
            elif flow.category in categories:
                found.append(flow)
            else:
                wanted = flow.category or "no category"
                reason = f"{wanted} is not among the routed categories ({self.option('categories')})"
                self.lose(flow, DROPPED, "all", reason, f"-O {self.name}.categories=all routes it too")
        return found

    @property
    def by_name(self) -> bool:
        """Are names said too? The target then notes itself which of them it cannot say."""
        return bool(self.names) and self.option(self.names) == "on"

    def destinations(self, plan: Plan) -> PrefixSet:
        """The addresses of the chosen flows that the device's families hold; notes what has none."""
        found = PrefixSet()
        for flow in self.chosen(plan):
            mine = PrefixSet()
            for family in self.capabilities.families:
                mine |= flow.destination.prefixes.family(family)
            self._check(flow, mine)
            found |= mine
        self.hold("routes", sum(1 for _ in found), "the plan")
        return found

    def _check(self, flow: PlanFlow, mine: PrefixSet) -> None:
        end, on = flow.destination, f"-O {self.name}.{self.names}=on names it too" if self.names else _DEFAULT
        if end.anyone:
            self.lose(flow, DROPPED, "all", "it may go anywhere: the default route serves it", "")
            return
        if not mine and not (end.hosts and self.by_name):
            names = ", ".join(h.text for h in end.hosts[:3])
            self.lose(flow, DROPPED, "all", f"no address is published for {names or 'it'}", on if end.hosts else _DEFAULT)
            return
        if end.prefixes != mine:
            self.lose(flow, NARROWED, "ipv6", "the device routes IPv4 only", "block IPv6 in the tunnel or route it by hand")
        for host in () if self.by_name else end.unaddressed:
            reason = "no address is published for the host; the routes are to the addresses of the others"
            self.lose(flow, NARROWED, host.text, reason, on)


_DEFAULT = "leave it on the default route"


def reasons(prefix: Prefix, flows: list[PlanFlow]) -> str:
    """Which flows a route is for: `ws/worldwide/1 ws/worldwide/2`."""
    return ids(f for f in flows if f.destination.prefixes.meets(prefix))


def gateway(family: int, text: str) -> Option:
    """An option that holds one address of a family."""

    def check(value: str) -> bool:
        try:
            prefix = Prefix.parse(value)
        except PrefixError:
            return False
        return prefix.family == family and prefix.size == 1 and "/" not in value

    return Option(default=text, help=f"an IPv{family} address: the next hop", check=check)


NEXT_HOPS: Mapping[str, Option] = MappingProxyType(
    {"categories": CATEGORIES, "gateway4": gateway(4, "192.0.2.1"), "gateway6": gateway(6, "2001:db8::1")}
)
"""The options of static routes."""


def netmask(prefix: Prefix) -> str:
    """The dotted mask of an IPv4 prefix: 255.255.255.254."""
    mask = (0xFFFFFFFF << (32 - prefix.length)) & 0xFFFFFFFF
    return ".".join(str(mask >> shift & 255) for shift in (24, 16, 8, 0))
