"""Firewalls with named objects, simulated by the readers of `audit`.

What it has to allow is computed here from the plan's JSON and the standard library's addresses, so that an error in the
readers' own algebra is detected.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from perimeter365.audit.packets import AllowRule, Family, Protocol, differences
from perimeter365.audit.reader import ConfigurationReader
from perimeter365.audit.readers import readers
from perimeter365.audit.readers.paloalto_set import PaloaltoSetReader
from perimeter365.audit.readers.windows_firewall import WindowsFirewallReader
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan

FAMILIES: tuple[Family, ...] = (4, 6)
PROTOCOLS: tuple[Protocol, ...] = ("tcp", "udp")
STARS: dict[str, tuple[str, ...] | None] = {
    "cisco-asa": (),
    "cisco-ios": None,
    "fortigate": ("suffix",),
    "juniper-srx": (),
    "mikrotik": (),
    "paloalto-set": (),
    "windows-firewall": None,
}
"""The kinds of names that a device of each target supports, other than exact ones; None if it supports no names."""
REMOVES = ("remove", "about")
"""The start of the names of files that do not belong to a load: those that remove, and those that are read by people."""
OTHER_MACHINES = ("mobile-device", "load-balancer", "sbc", "pstn-gateway")
"""Roles of machines that do not run Windows."""
ENDS = {"Outbound": ("outbound", "internal"), "Inbound": ("inbound", "internal")}
"""The directions that the devices at the two ends of a connection allow."""


def given(target: str, files: Mapping[str, str], changes: bool = False, device: Any = None) -> Any:
    """The device of a target after it has loaded the full files or the changes."""
    device = readers[target]() if device is None else device
    for name in sorted(files):
        if name.startswith("changes") == changes and not name.startswith(REMOVES):
            device.load(files[name])
    return device


def let_pass(target: str, device: ConfigurationReader) -> list[list[AllowRule]]:
    """What a device allows: one list of rules, or one for each end of a connection."""
    if isinstance(device, WindowsFirewallReader):
        return [[rule for _, packets in device.policies([end]) for rule in packets()] for end in ENDS]
    if isinstance(device, PaloaltoSetReader):
        return [to_addresses(device)]
    return [device.rules()]


def to_addresses(device: PaloaltoSetReader) -> list[AllowRule]:
    """The rules of a PAN-OS firewall without a URL category."""
    return _pan_rules(device, categories=False)


def to_categories(device: PaloaltoSetReader) -> list[AllowRule]:
    """The rules with a URL category, whose names are the destinations."""
    return _pan_rules(device, categories=True)


def _pan_rules(device: PaloaltoSetReader, *, categories: bool) -> list[AllowRule]:
    nodes = device.node("rulebase", "security", "rules").below.values()
    rules = zip(nodes, device.policies(), strict=True)
    return [rule for node, (_, packets) in rules if ("category" in node.below) is categories for rule in packets()]


def let_pass_by_plan(target: str, plan: Plan) -> list[list[AllowRule]]:
    """What the device has to allow, from the plan's JSON."""
    if target == "windows-firewall":
        return [wanted(part) for part in _at_each_end(plan)]
    return [wanted(plan, STARS[target])]


def _at_each_end(plan: Plan) -> list[Plan]:
    """The flows that Windows machines open, and those that they accept."""
    parts = []
    for end, kinds in ENDS.items():
        mine = [f for f in plan.flows if f.direction in kinds]
        roles = [(f.source if end == "Outbound" else f.destination).role for f in mine]
        parts.append(
            replace(plan, flows=tuple(f for f, role in zip(mine, roles, strict=True) if role not in OTHER_MACHINES))
        )
    return parts


def disagreements(target: str, device: ConfigurationReader, plan: Plan) -> list[str]:
    """Packets that only one of device and plan allows; [] if there are none."""
    pairs = zip(let_pass(target, device), let_pass_by_plan(target, plan), strict=True)
    return [str(example) for ours, theirs in pairs for example in differences(ours, theirs)]


def wanted(plan: Plan, stars: Sequence[str] | None = None) -> list[AllowRule]:
    """What the plan's JSON requires.

    Args:
        plan: the plan.
        stars: None for a device that knows no names. Else which names a device reaches, of those without an address, besides
            exact ones: `suffix`, `inner`.
    """
    found = []
    for flow, item in zip(plan.flows, plan.to_dict()["flows"], strict=True):
        names = frozenset(h.text for h in flow.destination.unaddressed if stars is not None and _reached(h.text, stars))
        names = names if item["direction"] == "outbound" else frozenset()
        for family in FAMILIES:
            source, destination = (_end(item[end], family) for end in ("source", "destination"))
            if source and (destination or names):
                found += [
                    AllowRule(
                        family=family,
                        protocol=protocol,
                        source=source,
                        destination=destination,
                        ports=_ports(item[protocol]),
                        hosts=names,
                    )
                    for protocol in PROTOCOLS
                    if item[protocol]
                ]
    return found


def _end(end: dict[str, Any], family: Family) -> PrefixSet:
    if end["role"] == "internet":
        return PrefixSet((0, 1 << 32)) if family == 4 else PrefixSet((), (0, 1 << 128))
    networks = [ipaddress.ip_network(text) for text in end["prefixes"]]
    return _bounds(((int(n[0]), int(n[-1]) + 1) for n in networks if n.version == family), family)


def _bounds(spans: Iterable[tuple[int, int]], family: Family) -> PrefixSet:
    """A set of addresses as half-open spans, joined here and not by the model."""
    found: list[int] = []
    for start, end in sorted(spans):
        if found and start <= found[-1]:
            found[-1] = max(found[-1], end)
        else:
            found += (start, end)
    return PrefixSet(tuple(found)) if family == 4 else PrefixSet((), tuple(found))


def _ports(text: str) -> PortSet:
    ends = [part.split("-") for part in text.split(",")]
    return PortSet([(int(words[0]), int(words[-1])) for words in ends])


def _reached(host: str, stars: Sequence[str]) -> bool:
    if "*" not in host:
        return True
    if host.startswith("*."):
        return "suffix" in stars
    return ".*." in host and "inner" in stars
