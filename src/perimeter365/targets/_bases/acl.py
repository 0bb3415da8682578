"""Packet filters: the plan as rules with source, destination, protocol and ports.

    plan flow ──► Rule(family, protocol, source, destination, ports, flow)

There is a rule for each family and protocol in which both ends have addresses. `None` as an end means anyone, and occurs
only if the requirement itself has no source or destination. An end that is specified but has no address gives no rule, and a
loss. Host names and URL paths, which a packet filter does not see, are losses too. A firewall that resolves names
(`capabilities.hosts`) also has the names of an outbound destination for which no address is published.

`address_groups` names address objects, and `unique_name` makes names within a device's length.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from perimeter365.model.host import HostPattern
from perimeter365.model.ids import in_set
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.targets._cover import other_end
from perimeter365.targets._empty import Denial
from perimeter365.targets.since import SinceTarget
from perimeter365.targets.target import (
    DROPPED,
    NARROWED,
    WIDENED,
    Capabilities,
    Option,
    Side,
    TargetKind,
    one_line,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A permit rule for one family and protocol, from the connection's initiator."""

    flow: PlanFlow
    family: int
    protocol: str
    """`tcp` or `udp`."""
    source: PrefixSet | None
    """None = any address. Otherwise not empty, and only of this family."""
    destination: PrefixSet | None
    """Like `source`, but empty if there are only `hosts`."""
    ports: PortSet
    """Destination ports, never empty."""
    hosts: tuple[HostPattern, ...] = ()
    """Destinations by name, in addition to those by address; only for devices that support names."""

    def __post_init__(self) -> None:
        # Most devices read an omitted end as any, so an end without addresses must never get here.
        nowhere = self.destination is not None and not (self.destination or self.hosts)
        if nowhere or (self.source is not None and not self.source) or not self.ports:
            raise ValueError(f"{self.flow.id}: an end or the ports of a rule are empty, which a device would read as any")

    @property
    def name(self) -> str:
        """The rule's name, unique in the plan: `row-6-mrs-proxy-worldwide-tcp4`."""
        return f"{flow_name(self.flow)}-{self.protocol}{self.family}"

    def prefixes(self, end: str) -> tuple[Prefix, ...]:
        """Return the prefixes of an end (`source`, `destination`), ascending.

        The result for anyone is empty.
        """
        chosen = self.source if end == "source" else self.destination
        return () if chosen is None else tuple(chosen.prefixes(self.family))


class AclTarget(SinceTarget):
    """Base class of packet filters: addresses and ports, in every direction."""

    kind: ClassVar[TargetKind] = "firewall"
    side: ClassVar[Side] = "inside"
    capabilities = Capabilities(addresses=True, ports=True, directions=("outbound", "inbound", "internal"))
    denies_by_default: ClassVar[Denial] = "all"
    host_reason: ClassVar[str] = "the device supports exact names only"
    """Why the device does not support other host patterns than those of `capabilities.hosts`."""

    def denial(self) -> Denial:
        """Return "no" if an option passes what is not in the plan."""
        return "no" if "refuse" in self.options and self.option("refuse") == "pass" else self.denies_by_default

    def besides(self) -> str:
        """Return the other effects; "" if an option passes what is not in the plan."""
        return "" if "refuse" in self.options and self.option("refuse") == "pass" else super().besides()

    def first(self) -> str:
        """Return the safe first step; "" if an option passes what is not in the plan."""
        return "" if "refuse" in self.options and self.option("refuse") == "pass" else super().first()

    def nothing_for(self, family: int) -> str:
        """Return the line of a header about an IP version without a rule."""
        refused = "" if self.denial() == "no" else ", so all of it is refused"
        return f"Nothing is planned for IPv{family}{refused}."

    def separates_sides(self, flow: PlanFlow) -> bool:
        """Return whether a rule of a flow is only for packets that cross the perimeter.

        An interface or a zone limits such a rule. Otherwise an end that is anyone also includes the internal networks. The
        default is whether the option `outside` names an interface or zone.
        """
        return "outside" in self.options and self.option("outside") not in ("", "any")

    def rules(self, plan: Plan) -> Iterator[Rule]:
        """Yield the plan's rules in the plan's order.

        Report a loss for everything without a rule.
        """
        for flow in plan.flows:
            hosts = self._hosts(flow)
            if flow.direction not in self.capabilities.directions:
                continue
            if reason := self._missing(flow, hosts):
                self.report_loss(flow, DROPPED, reason, self.host_reason if reason == "wildcard-form" else "")
            else:
                yield from self._split(flow, hosts)

    def _hosts(self, flow: PlanFlow) -> tuple[HostPattern, ...]:
        """Return the names of hosts without published address that the device supports.

        Report the others.
        """
        if not (self.capabilities.hosts and flow.direction == "outbound" and (flow.tcp or flow.udp)):
            return ()
        bare, kinds = flow.destination.unaddressed, self.host_kinds(flow)
        return tuple(sorted({name for host in bare for name in self.express(flow, host, self.host_reason, kinds)}))

    def host_kinds(self, flow: PlanFlow) -> tuple[str, ...]:
        """Return the kinds of host patterns to use for a flow.

        The default is all kinds that the device supports.
        """
        return self.capabilities.hosts

    def _missing(self, flow: PlanFlow, hosts: tuple[HostPattern, ...]) -> str:
        """Return the code of the reason why a flow has no rule; "" if it has one."""
        if not (flow.tcp or flow.udp):
            return "no-ports-known"
        for end in (flow.source, flow.destination):
            if end.prefixes or end.anyone or (end is flow.destination and hosts):
                continue
            if end.ours:
                return "role-unset"
            named = self.capabilities.hosts and flow.direction == "outbound" and end.hosts
            return "wildcard-form" if named else no_address_reason(flow)
        return ""

    def _split(self, flow: PlanFlow, hosts: tuple[HostPattern, ...]) -> Iterator[Rule]:
        made = False
        for family in self.capabilities.families:
            source, destination = _end(flow.source, family), _end(flow.destination, family)
            if destination is False and hosts:
                destination = PrefixSet()
            if isinstance(source, bool) or isinstance(destination, bool):
                continue
            for protocol, ports in (("tcp", flow.tcp), ("udp", flow.udp)):
                if ports:
                    made = True
                    yield Rule(
                        flow=flow,
                        family=family,
                        protocol=protocol,
                        source=source,
                        destination=destination,
                        ports=ports,
                        hosts=hosts,
                    )
        if made:
            self._report_parts(flow, hosts)
        else:
            self.report_loss(flow, DROPPED, "no-common-family")

    def _report_parts(self, flow: PlanFlow, hosts: tuple[HostPattern, ...]) -> None:
        """Report what is not exact about a flow that has a rule."""
        for family in {4, 6} - set(self.capabilities.families):
            reached = _end(flow.destination, family) is not False or hosts
            if reached and _end(flow.source, family) is not False:
                self.report_loss(flow, NARROWED, "family", f"the device does not filter IPv{family}", family=family)
        named = self.capabilities.hosts and flow.direction == "outbound"
        for host in flow.source.unaddressed:
            self.report_loss(flow, NARROWED, "unaddressed-sources", host=host)
        for host in () if named else flow.destination.unaddressed:
            self.report_loss(flow, NARROWED, "unaddressed-hosts", host=host)
        if flow.path and not self.capabilities.paths:
            self.report_loss(flow, WIDENED, "no-paths", path=True)
        if not self.separates_sides(flow):
            remedy = "name the interface with the option outside" if "outside" in self.options else None
            for end, word in ((flow.source, "from"), (flow.destination, "to")):
                if end.anyone:
                    self.report_loss(flow, WIDENED, "no-sides", remedy=remedy, subject=f"{word} anyone")


def _end(party: PlanParty, family: int) -> PrefixSet | bool | None:
    """Return the addresses of an end in a family.

    The result is None for anyone, and False if there are none.
    """
    if party.anyone:
        return None
    return party.prefixes.family(family) or False


def no_address_reason(flow: PlanFlow) -> str:
    """Return the reason of the loss of a flow whose external end has no addresses."""
    end = other_end(flow)
    if not end.hosts:
        return "unknown-end"
    return "unaddressed-sources" if end is flow.source else "unaddressed-hosts"


def flow_name(flow: PlanFlow) -> str:
    """Return a name of letters, digits and dashes, unique in a plan.

    Example: `row-6-…-worldwide`, `ws-worldwide-11`.
    """
    slug = flow.id.replace("/", "-")
    return slug if in_set(flow.id) else f"{slug}-{flow.cloud}"


def port_words(ports: PortSet, dash: str = "-") -> list[str]:
    """Return the ports and ranges as strings: ["80", "50000-59999"]."""
    return [str(a) if a == b else f"{a}{dash}{b}" for a, b in ports]


def port_chunks(ports: PortSet, room: int) -> Iterator[PortSet]:
    """Split a port set into sets of at most `room` numbers; a range counts as two."""
    some: list[tuple[int, int]] = []
    for first, last in ports:
        if sum(1 + (a < b) for a, b in (*some, (first, last))) > room:
            yield PortSet(some)
            some = []
        some.append((first, last))
    if some:
        yield PortSet(some)


def flow_comment(flow: PlanFlow) -> str:
    """Return a rule's comment: id, cloud, scenario, direction, category."""
    words = [flow.id, str(flow.cloud), flow.scenario, flow.direction, flow.category or ""]
    return " ".join(word for word in words if word)


def rule_comment(rule: Rule, limit: int) -> str:
    """Return `flow_comment` with a note for anyone, in at most `limit` characters."""
    words = [one_line(flow_comment(rule.flow))]
    if rule.source is None:
        words.append("from anyone")
    if rule.destination is None:
        words.append("to anyone")
    return ", ".join(words)[:limit]


def address_groups(rules: Iterable[Rule], limit: int = 63) -> dict[PrefixSet, str]:
    """Name the distinct address sets of rules, for devices with address objects.

    Equal address sets are one object, whatever requirements need them. The organization's are named after the role
    (`client-v4`), others after their requirement (`ws-worldwide-11-v4`), of several preferably one of the web service.

    Args:
        rules: the rules of one plan.
        limit: maximum length of a name on the device. Shortened names stay unique.

    Returns:
        Names by address set, each of one family, in the order of the rules, those of the web service first.
    """
    names: dict[PrefixSet, str] = {}
    for rule in sorted(rules, key=lambda rule: not in_set(rule.flow.id)):
        for party, addresses in ((rule.flow.source, rule.source), (rule.flow.destination, rule.destination)):
            if addresses and addresses not in names:
                base = party.role if party.ours else flow_name(rule.flow)
                names[addresses] = unique_name(base, names.values(), limit, f"-v{rule.family}")
    return names


def unique_name(base: str, taken: Container[str], limit: int, tail: str = "") -> str:
    """Join `base` and `tail` to a name of at most `limit` characters.

    Shorten the base, and number it if it is taken.

    >>> unique_name("notification-receiver", ["notification-v4"], 15, "-v4")
    'notificati-2-v4'
    """
    ending, number = tail, 2
    while (name := base[: limit - len(ending)].rstrip("-") + ending) in taken:
        ending, number = f"-{number}{tail}", number + 1
    return name


STATEFUL_OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        "refuse": Option(
            default="reject",
            choices=("reject", "drop", "pass"),
            help="action for connections outside the plan: reject (ICMP, administratively prohibited), drop (no "
            "answer), or pass (not refused here: for a trial, or before your own rules)",
        ),
        "log": Option(
            default="no",
            choices=("no", "yes"),
            help="log connections outside the plan, at most ten per second",
        ),
        "outside": Option(
            default="",
            help="the interface to the internet, at most 15 characters: external connections are allowed only "
            "there; empty: on any interface",
            check=lambda name: re.fullmatch(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,14})?", name, re.ASCII) is not None,
        ),
    }
)
"""Options of router filters that have a final rule for all other packets."""

CROSSING: Mapping[str, str] = MappingProxyType({"inbound": "i", "outbound": "o", "internal": ""})
"""By direction, the prefix (`iifname`, `-i`; `oifname`, `-o`) of the interface to the internet; "" = not crossed."""

LOG_PREFIX = "perimeter365 not in plan: "
"""The start of a log line: 26 of the 29 characters that iptables supports."""
