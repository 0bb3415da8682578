"""The shared cases: profiles on which every target is tried, each of them for something that the others do not have.

    small               few of everything: all three kinds, three directions, paths; goldens that a person reads whole
    all-scenarios       every scenario and every role of ours, Intune, both texts of row 23
    china, gcchigh      other clouds: their own lists, scenarios that only they have, flows without ports
    ipv6-off            families
    required-only       no server role at all, nothing but clients
    nothing-selected    a plan that is empty

A case is one TOML file here; `styles.toml` gives options to a target where its defaults would leave something untried.
"""

import tomllib
from functools import cache
from pathlib import Path

from perimeter365 import load_catalog, load_profile, make_plan
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style

FOLDER = Path(__file__).parent
CASES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "styles"))
STYLES: dict[str, dict[str, dict[str, str]]] = tomllib.loads((FOLDER / "styles.toml").read_text("utf-8"))


@cache
def plan(case: str) -> Plan:
    """The plan of a case on the embedded catalog."""
    return make_plan(load_catalog(), load_profile(FOLDER / f"{case}.toml"))


def style(case: str, target: str) -> Style:
    """How a case is rendered to a target: with the target's defaults, but for what styles.toml says."""
    return Style(options=STYLES.get(case, {}).get(target, {}))
