"""What packet filters share: the plan as rules of source, destination, protocol and ports.

    plan flow ──► Rule(family, protocol, source, destination, ports, flow)

A rule is written for each family and protocol in which both ends have addresses. `None` as an end means
anyone, and only ever comes from a requirement that names no source or destination; an end that is named but
has no address gives no rule, and a loss. What a packet filter cannot see (host names, URL paths) is a loss
too. A firewall that resolves names (`capabilities.hosts`) is given those of an outbound destination for which no
address is published, besides the addresses of the others.

Devices with address objects take them from `address_groups`, names within a device's length from
`unique_name`.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

from perimeter365.errors import OptionError
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.targets.since import keep
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Capabilities, Earlier, Option, Rendered, Target, one_line


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Packets of one family and protocol that have to pass, from the end that opens the connection."""

    flow: PlanFlow
    family: int
    protocol: str
    """`tcp` or `udp`."""
    source: PrefixSet | None
    """None: any address. Otherwise not empty, of this family alone."""
    destination: PrefixSet | None
    """The same; but empty where there are only `hosts`."""
    ports: PortSet
    """Destination ports, never empty."""
    hosts: tuple[HostPattern, ...] = ()
    """Destinations by name, besides those by address. Only for devices that know names."""

    def __post_init__(self) -> None:
        # Most devices read an end that is not named as any: what has no address must never come so far.
        nowhere = self.destination is not None and not (self.destination or self.hosts)
        if nowhere or (self.source is not None and not self.source) or not self.ports:
            raise ValueError(f"{self.flow.id}: an end or the ports of a rule are empty, which would be taken for any")

    @property
    def name(self) -> str:
        """Unique in the plan, for devices whose rules have names: `row-6-mrs-proxy-worldwide-tcp4`."""
        return f"{flow_name(self.flow)}-{self.protocol}{self.family}"

    def prefixes(self, end: str) -> tuple[Prefix, ...]:
        """The prefixes of an end (`source`, `destination`), ascending; () for anyone."""
        chosen = self.source if end == "source" else self.destination
        return () if chosen is None else tuple(chosen.prefixes(self.family))


class AclTarget(Target):
    """A packet filter: matches addresses and ports, in every direction."""

    kind = "firewall"
    capabilities = Capabilities(addresses=True, ports=True, directions=("outbound", "inbound", "internal"))
    differs: ClassVar[bool] = False
    """Can it say what has changed since an earlier render (`Style.since`)?"""
    host_reason: ClassVar[str] = "the device takes whole names alone"
    """Why a host pattern that is not among `capabilities.hosts` cannot be said."""

    def render(self, plan: Plan) -> Rendered:
        """As any target; what `differs` keeps the plan for the next time."""
        rendered = super().render(plan)
        return replace(rendered, kept=keep(self, plan)) if self.differs else rendered

    def earlier(self) -> Earlier | None:
        """What the device has been given, if the style says so. Raises OptionError: it was rendered with other options."""
        earlier = self.style.since
        if earlier:
            then = type(self)(earlier.style)
            for key in self.options:
                if then.option(key) != self.option(key):
                    raise OptionError(
                        f"{self.name}: the earlier render has {key}={then.option(key)!r}, this one {self.option(key)!r}",
                        help="render without --since, and load the whole; or take the option of the earlier render",
                    )
        return earlier

    def rules(self, plan: Plan) -> Iterator[Rule]:
        """The plan's rules in the plan's order; notes a loss for whatever does not become one."""
        for flow in plan.flows:
            hosts = self._hosts(flow)
            if flow.direction not in self.capabilities.directions:
                self.lose(flow, DROPPED, "all", f"the device does not filter {flow.direction} connections")
            elif reason := self._missing(flow, hosts):
                self.lose(flow, DROPPED, "all", *reason)
            else:
                yield from self._split(flow, hosts)

    def _hosts(self, flow: PlanFlow) -> tuple[HostPattern, ...]:
        """The names by which the device reaches what has no published address; a loss for each that it cannot say."""
        if not (self.capabilities.hosts and flow.direction == "outbound" and (flow.tcp or flow.udp)):
            return ()
        bare, kinds = flow.destination.unaddressed, self.host_kinds(flow)
        return tuple(sorted({name for host in bare for name in self.express(flow, host, self.host_reason, kinds)}))

    def host_kinds(self, flow: PlanFlow) -> tuple[str, ...]:
        """The kinds of host patterns that the device is told for a flow, where they are fewer than it could say."""
        return self.capabilities.hosts

    def _missing(self, flow: PlanFlow, hosts: tuple[HostPattern, ...]) -> tuple[str, str] | None:
        """Why no rule can be written for a flow, and what to do; None when one can."""
        if not (flow.tcp or flow.udp):
            reason = "no port is known, and opening all of them is not what the source says"
            return reason, "ask the vendor for ports"
        for end in (flow.source, flow.destination):
            if end.prefixes or end.anyone or (end is flow.destination and hosts):
                continue
            if end.ours:
                return f"role {end.role} has no address", f"give it one: [roles] {end.role} = [...]"
            return unpublished(end), "allow them by name, on a proxy or a firewall that knows host names"
        return None

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
        if not made:
            self.lose(
                flow,
                DROPPED,
                "all",
                "source and destination have no address family in common that the device filters",
                "give the role addresses of the other family",
            )
            return
        for family in {4, 6} - set(self.capabilities.families):
            reached = _end(flow.destination, family) is not False or hosts
            if reached and _end(flow.source, family) is not False:
                self.lose(flow, NARROWED, f"ipv{family}", f"the device does not filter IPv{family}", "filter it elsewhere")
        named = self.capabilities.hosts and flow.direction == "outbound"
        for host in (*flow.source.unaddressed, *(() if named else flow.destination.unaddressed)):
            self.lose(
                flow,
                NARROWED,
                host.text,
                "the host has no published address; the rule is for the addresses of the others",
                "allow it by name, on a proxy or a firewall that knows host names",
            )
        if flow.path and not self.capabilities.paths:
            self.lose(
                flow,
                WIDENED,
                ",".join(flow.path),
                "a packet filter does not see URL paths; every path on these ports passes",
                "limit the path on the published server or a reverse proxy",
            )


def _end(party: PlanParty, family: int) -> PrefixSet | bool | None:
    """The addresses of an end in a family: None for anyone, False when it has none."""
    if party.anyone:
        return None
    return party.prefixes.family(family) or False


def unpublished(end: PlanParty) -> str:
    """Why nothing that knows only addresses can be told of an end that has none."""
    if not end.hosts:
        return "no address is known"
    listed = ", ".join(h.text for h in end.hosts[:3]) + (", ..." if len(end.hosts) > 3 else "")
    return f"{'one host has' if len(end.hosts) == 1 else f'{len(end.hosts)} hosts have'} no published address: {listed}"


def flow_name(flow: PlanFlow) -> str:
    """A name of letters, digits and dashes, unique in a plan: `row-6-…-worldwide`, `ws-worldwide-11`."""
    slug = flow.id.replace("/", "-")
    return slug if flow.id.startswith("ws/") else f"{slug}-{flow.cloud}"


def port_words(ports: PortSet, dash: str = "-") -> list[str]:
    """Each port or range as text: ["80", "50000-59999"]."""
    return [str(a) if a == b else f"{a}{dash}{b}" for a, b in ports]


def portions(ports: PortSet, room: int) -> Iterator[PortSet]:
    """The ports in sets that a device takes at once: at most `room` numbers, of which a range is two."""
    some: list[tuple[int, int]] = []
    for first, last in ports:
        if sum(1 + (a < b) for a, b in (*some, (first, last))) > room:
            yield PortSet(some)
            some = []
        some.append((first, last))
    if some:
        yield PortSet(some)


def flow_comment(flow: PlanFlow) -> str:
    """What a rule's comment says: id, scenario, direction, category."""
    words = [flow.id, str(flow.cloud), flow.scenario, flow.direction, flow.category or ""]
    return " ".join(word for word in words if word)


def rule_comment(rule: Rule, limit: int) -> str:
    """`flow_comment`, and which end the requirement leaves open; at most `limit` characters."""
    words = [one_line(flow_comment(rule.flow))]
    if rule.source is None:
        words.append("from anyone")
    if rule.destination is None:
        words.append("to anyone")
    return ", ".join(words)[:limit]


def address_groups(rules: Iterable[Rule], limit: int = 63) -> dict[PrefixSet, str]:
    """The distinct address sets of rules, each with a name, for devices that have address objects.

    Equal addresses are one object, whichever requirements need them. Ours are named by role (`client-v4`),
    others by the requirement they come from (`ws-worldwide-11-v4`); of several, by the web service's.

    Args:
        rules: of one plan.
        limit: how many characters the device gives a name. Names that are cut stay unique.

    Returns:
        Address sets of one family each, in the order in which rules (the web service's first) need them.
    """
    names: dict[PrefixSet, str] = {}
    for rule in sorted(rules, key=lambda rule: not rule.flow.id.startswith("ws/")):
        for party, addresses in ((rule.flow.source, rule.source), (rule.flow.destination, rule.destination)):
            if addresses and addresses not in names:
                base = party.role if party.ours else flow_name(rule.flow)
                names[addresses] = unique_name(base, names.values(), limit, f"-v{rule.family}")
    return names


def unique_name(base: str, taken: Container[str], limit: int, tail: str = "") -> str:
    """`base` and `tail`, the base cut so that both have at most `limit` characters; numbered where taken.

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
            help="connections that are not in the plan: reject (ICMP, administratively prohibited), drop (no "
            "answer), or pass (not refused here: for a trial, or before rules of your own)",
        ),
        "log": Option(
            default="no",
            choices=("no", "yes"),
            help="log connections that are not in the plan, at most ten a second",
        ),
        "outside": Option(
            default="",
            help="the interface to the internet, at most 15 characters: connections from or to the outside are let through "
            "there alone; empty: at any interface",
            check=lambda name: re.fullmatch(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,14})?", name, re.ASCII) is not None,
        ),
    }
)
"""Options of filters on a router, which end in a verdict on everything else."""

CROSSING: Mapping[str, str] = MappingProxyType({"inbound": "i", "outbound": "o", "internal": ""})
"""Whether packets come in or go out at the interface to the internet, by direction; nftables and iptables say it so."""

LOG_PREFIX = "perimeter365 not in plan: "
"""How a logged line starts; 26 of the 29 characters that iptables gives."""
