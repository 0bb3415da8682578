"""The shared cases: profiles on which every target is tried, each of them for something that the others do not have.

    small               few of everything: all three kinds, three directions, paths; goldens that a person reads whole
    all-scenarios       every scenario and every role of ours, Intune, both texts of row 23
    china, gcchigh      other clouds: their own lists, scenarios that only they have, flows without ports
    ipv6-off            families
    required-only       no server role at all, nothing but clients
    nothing-selected    a plan that is empty

A case is one TOML file here; `styles.toml` gives options to a target where its defaults would leave something untried.
The laws on all of them are in test_goldens.py, those on the last three in test_cases.py.
"""

import tomllib
from functools import cache
from pathlib import Path

from perimeter365 import load_catalog, make_plan
from perimeter365.errors import LimitError
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Rendered, Style, render

FOLDER = Path(__file__).parent
CASES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "styles"))
STYLES: dict[str, dict[str, dict[str, str]]] = tomllib.loads((FOLDER / "styles.toml").read_text("utf-8"))


@cache
def plan(case: str, without: str = "") -> Plan:
    """The plan of a case on the embedded catalog; `without` is a line that is first taken out of its profile."""
    lines = (FOLDER / f"{case}.toml").read_text("utf-8").splitlines()
    if without:
        lines.remove(without)
    return make_plan(load_catalog(), parse_profile("\n".join(lines)))


def style(case: str, target: str) -> Style:
    """How a case is rendered to a target: with the target's defaults, but for what styles.toml says."""
    return Style(options=STYLES.get(case, {}).get(target, {}))


@cache
def outcome(case: str, target: str, without: str = "") -> Rendered | LimitError:
    """What a target makes of a plan, or why its device takes less; rendered once a session."""
    try:
        return render(plan(case, without), target, style(case, target))
    except LimitError as error:
        return error


def made(case: str, target: str, without: str = "") -> Rendered | None:
    """What a target makes of a plan; None if its device takes less."""
    found = outcome(case, target, without)
    return found if isinstance(found, Rendered) else None
