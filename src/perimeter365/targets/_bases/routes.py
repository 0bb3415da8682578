"""Routes and VPN split tunnels: the addresses that do not go through the tunnel.

A route has a destination and nothing else: no source, port or name. So a route target uses the outbound destinations of the
categories that its option selects; all other flows are outside of its scope, and are counted.

Routers add static routes, and do not replace a list of them. So the manual of a router's target removes those of ours that
are on the router and not in the file. They are found by a mark of their own, not by an earlier file:

    RouterTarget      files of lines, each a whole route; with --since also the lines that are added, then those that go
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import ClassVar

from perimeter365.errors import PrefixError
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets.since import ConfigItem, SinceTarget, difference
from perimeter365.targets.target import DROPPED, NARROWED, Capabilities, Option, Side, Target, TargetKind, ids

_CHOSEN: Mapping[str, frozenset[str | None]] = {
    "optimize": frozenset(["optimize"]),
    "optimize-allow": frozenset(["optimize", "allow"]),
    "all": frozenset(["optimize", "allow", "default", None]),
}

CATEGORIES = Option(
    default="optimize",
    choices=tuple(_CHOSEN),
    help="categories that are routed; Microsoft recommends optimize for split tunnels",
)


class RouteTarget(Target):
    """Base class of routes to outbound destinations."""

    side: ClassVar[Side] = "none"
    kind: ClassVar[TargetKind] = "vpn"
    names: ClassVar[str] = ""
    """The name of the option that adds names to the addresses if it is `on`; "" = addresses only."""
    capabilities = Capabilities(addresses=True, directions=("outbound",))
    options: ClassVar[Mapping[str, Option]] = MappingProxyType({"categories": CATEGORIES})

    def needed(self, plan: Plan) -> Iterator[str]:
        """Yield the options without default that a plan needs.

        A next hop is needed only if the plan has routes of its family.
        """
        chosen = _CHOSEN[self.option("categories")]
        flows = [flow for flow in plan.flows if flow.direction == "outbound" and chosen.intersection(flow.categories)]
        for name in super().needed(plan):
            family = {"gateway4": 4, "gateway6": 6}.get(name)
            if family is None or any(flow.destination.prefixes.family(family) for flow in flows):
                yield name

    def selected_flows(self, plan: Plan) -> list[PlanFlow]:
        """Return the outbound flows of the selected categories, in the plan's order.

        Count all others as unselected.
        """
        categories = _CHOSEN[self.option("categories")]
        found = []
        for flow in plan.flows:
            if flow.direction == "outbound" and categories.intersection(flow.categories):
                found.append(flow)
            elif flow.direction == "outbound":
                self.leave_unselected(flow)
        return found

    @property
    def by_name(self) -> bool:
        """Whether names are included.

        The target then reports the names that it cannot express.
        """
        return bool(self.names) and self.option(self.names) == "on"

    def next_hop(self, family: int) -> str:
        """Return the next hop of a family in the form in which routers print it."""
        return Prefix.parse(self.option(f"gateway{family}")).address

    def destinations(self, plan: Plan) -> PrefixSet:
        """Return the addresses of the selected flows in the device's families.

        Report flows and hosts without any.
        """
        found = PrefixSet()
        for flow in self.selected_flows(plan):
            mine = PrefixSet()
            for family in self.capabilities.families:
                mine |= flow.destination.prefixes.family(family)
            self._check(flow, mine)
            found |= mine
        self.check_limit("routes", sum(1 for _ in found), "the plan")
        return found

    def _check(self, flow: PlanFlow, mine: PrefixSet) -> None:
        end, on = flow.destination, f"include it by name with -O {self.name}.{self.names}=on" if self.names else _DEFAULT
        if end.anyone:
            self.report_loss(flow, DROPPED, "no-anyone", remedy=_DEFAULT)
            return
        if not mine and not (end.hosts and self.by_name):
            reason = "unaddressed-hosts" if end.hosts else "unknown-end"
            self.report_loss(flow, DROPPED, reason, remedy=on if end.hosts else _DEFAULT)
            return
        if end.prefixes != mine:
            way = "block IPv6 in the tunnel, or add IPv6 routes manually"
            self.report_loss(flow, NARROWED, "family", "the device routes IPv4 only", way, family=6)
        for host in () if self.by_name else end.unaddressed:
            self.report_loss(flow, NARROWED, "unaddressed-hosts", remedy=on, host=host)


_DEFAULT = "leave it on the default route"


def route_ids(prefix: Prefix, flows: list[PlanFlow]) -> str:
    """Return the ids of the flows that need a route: `ws/worldwide/1 ws/worldwide/2`."""
    return ids(f for f in flows if f.destination.prefixes.overlaps(prefix))


def gateway(family: int, example: str) -> Option:
    """Make an option without default for one address of a family."""

    def check(value: str) -> bool:
        try:
            prefix = Prefix.parse(value)
        except PrefixError:
            return False
        return prefix.family == family and prefix.size == 1 and "/" not in value and not _LINK_LOCAL.overlaps(prefix)

    local = ", not link-local" if family == 6 else ""  # such an address needs the interface, too
    return Option(default=None, help=f"the IPv{family} address of the next hop{local}", check=check, example=example)


_LINK_LOCAL = PrefixSet.parse(["fe80::/10"])


NEXT_HOPS: Mapping[str, Option] = MappingProxyType(
    {"categories": CATEGORIES, "gateway4": gateway(4, "192.0.2.1"), "gateway6": gateway(6, "2001:db8::1")}
)
"""The options of static routes."""


class RouterTarget(RouteTarget, SinceTarget):
    """Base class of routers whose static routes are lines of their own."""

    supports_since = True

    def route(self, prefix: Prefix) -> str:
        """Return the line that adds a route."""
        raise NotImplementedError

    def removal(self, route: str) -> str:
        """Return the line that removes what a line of `route` added, and nothing else."""
        raise NotImplementedError

    def changed(self, found: PrefixSet, family: int | None = None) -> list[str] | None:
        """Return the lines that lead from the earlier render to this one.

        Additions come first. The result is None without an earlier render.

        Args:
            found: the destinations of this plan.
            family: 4 or 6 for one IP version; None for both.
        """
        earlier = self.earlier()
        if earlier is None:
            return None
        then = type(self)(earlier.style)
        before, after = then.items(then.destinations(earlier.plan), family), self.items(found, family)
        added, removed = difference(before, after)
        return [change.item.name for change in added] + [self.removal(change.item.name) for change in removed]

    def items(self, found: PrefixSet, family: int | None) -> list[ConfigItem]:
        """Return the routes as items of a configuration, whose names are their lines."""
        return [ConfigItem(kind="route", name=self.route(p)) for p in found if family in (None, p.family)]


def host_or_prefix(prefix: Prefix) -> str:
    """Return a prefix as iproute2 prints it: a single address without its length."""
    return prefix.address if prefix.size == 1 else str(prefix)


def is_word(text: str, more: str = "-_") -> bool:
    """Return whether a text is a name of letters, digits and some other characters.

    It starts with a letter, a digit or an underscore, so no program reads it as an option (`-rf`).
    """
    return text.isascii() and (text[:1].isalnum() or text[:1] == "_") and all(c.isalnum() or c in more for c in text)


def netmask(prefix: Prefix) -> str:
    """Return the netmask of an IPv4 prefix in dotted form: 255.255.255.254."""
    mask = (0xFFFFFFFF << (32 - prefix.length)) & 0xFFFFFFFF
    return ".".join(str(mask >> shift & 255) for shift in (24, 16, 8, 0))
