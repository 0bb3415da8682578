"""Plans of the example, and of the example after changes, for lives with several updates."""

from functools import cache

from perimeter365 import load_catalog, make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from tests.targets.netfilter import EXAMPLE


@cache
def changed(which: int) -> Plan:
    """The plan of the example after changes: of addresses and scenarios, of scenarios, and of a role."""
    text = EXAMPLE.read_text()
    if which == 1:
        text = text.replace('client = ["10.0.0.0/8"', 'client = ["10.0.0.0/9", "10.192.0.0/10"').replace('    "ncsi",\n', "")
        text = text.replace("203.0.113.20", "203.0.113.21", 1)
    elif which == 2:
        text = text.replace('    "graph-change-notifications",\n', "").replace('    "dns",\n', "")
    elif which == 3:
        text = text.replace('"common", "exchange", "sharepoint", "teams"', '"exchange"')
    return make_plan(load_catalog("embedded"), parse_profile(text))
