"""The devices by target: how each is given files, and what it then lets pass."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from perimeter365.plan.plan import Plan
from tests.targets.readers.cisco import Asa, Ios
from tests.targets.readers.fortigate import Fortigate
from tests.targets.readers.packets import Allow, wanted
from tests.targets.readers.routeros import RouterOs
from tests.targets.readers.setlines import Panos, Srx
from tests.targets.readers.windows import Windows

DEVICES: dict[str, tuple[type[Any], tuple[str, ...] | None]] = {
    "cisco-asa": (Asa, ()),
    "cisco-ios": (Ios, None),
    "fortigate": (Fortigate, ("suffix",)),
    "juniper-srx": (Srx, ()),
    "mikrotik": (RouterOs, ()),
    "paloalto-set": (Panos, ()),
    "windows-firewall": (Windows, None),
}
"""A device for each target, and which names it reaches besides exact ones (None: it knows no names)."""
ENDS = {"Outbound": ("outbound", "internal"), "Inbound": ("inbound", "internal")}
"""Which flows the two ends of a connection let pass, where the device stands at the ends."""


def given(target: str, files: Mapping[str, str], changes: bool = False, device: Any = None) -> Any:
    """The device of a target after it was given the whole, or the changes, of these files."""
    device = DEVICES[target][0]() if device is None else device
    for name in sorted(files):
        if name.startswith("changes") == changes:
            device.load(files[name])
    return device


def let_pass(target: str, device: Any) -> list[list[Allow]]:
    """What a device lets pass: one list of rules, or one for each end of a connection."""
    return [device.allows(end) for end in ENDS] if target == "windows-firewall" else [device.allows()]


def let_pass_by_plan(target: str, plan: Plan) -> list[list[Allow]]:
    """What it has to let pass, by the plan's JSON."""
    if target == "windows-firewall":
        parts = [replace(plan, flows=tuple(f for f in plan.flows if f.direction in kinds)) for kinds in ENDS.values()]
        return [wanted(part) for part in parts]
    return [wanted(plan, DEVICES[target][1])]
