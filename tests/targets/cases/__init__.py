"""The shared cases: profiles for which every target is tested.

    small               a few of everything: all three kinds, three directions, paths; its goldens are read in full
    all-scenarios       every scenario and every role of the organization, Intune, both texts of row 23
    china, gcchigh      other clouds: their own lists, scenarios that only they have, flows without ports
    ipv6-off            families
    required-only       clients only, no server role
    nothing-selected    an empty plan

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
from perimeter365.targets import RenderResult, Style, render, targets
from perimeter365.targets.life import PARTS
from tests.targets.values import example_options

FOLDER = Path(__file__).parent
CASES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "styles"))
STYLES: dict[str, dict[str, dict[str, str]]] = tomllib.loads((FOLDER / "styles.toml").read_text("utf-8"))


@cache
def plan(case: str, without: str = "") -> Plan:
    """The plan of a case on the embedded catalog.

    `without` is a line that is first taken out of its profile.
    """
    lines = (FOLDER / f"{case}.toml").read_text("utf-8").splitlines()
    if without:
        lines.remove(without)
    return make_plan(load_catalog(), parse_profile("\n".join(lines)))


def style(case: str, target: str) -> Style:
    """The style of a case for a target: its defaults and examples, or those in styles.toml."""
    return Style(options={**example_options(target), **STYLES.get(case, {}).get(target, {})}, allow_empty=True)


@cache
def outcome(case: str, target: str, without: str = "") -> RenderResult | LimitError:
    """The result of a target for a plan, or the LimitError; rendered once per session."""
    try:
        return render(plan(case, without), target, style(case, target))
    except LimitError as error:
        return error


def made(case: str, target: str, without: str = "") -> RenderResult | None:
    """The result of a target for a plan; None if it exceeds a limit."""
    found = outcome(case, target, without)
    return found if isinstance(found, RenderResult) else None


def without_commands(target: str, style: Style, text: str) -> str:
    """A text of a target without the commands of its manual, and without the files that its play removes.

    Their names can have a star: `rm m365-*.yaml`.
    """
    its = targets[target](style)
    for command in {line for part in PARTS for line in its.commands(part)}:
        text = text.replace(command, "")
    return text.replace('patterns: "m365_*.txt"', "")
