"""The names of the lists that a flow is in, and what the plan's JSON puts into them."""

from typing import Any

from perimeter365.plan.plan import Plan
from tests.targets.packets import collapsed, flows


def group_name(f: dict[str, Any], split: str) -> str:
    """The name of the list that a flow is in."""
    if split == "scenario":
        return f"{f['cloud']}-{f['scenario']}-{f['direction']}-{f['category'] or 'other'}"
    role = f["destination" if f["direction"] == "inbound" else "source"]["role"]
    words = [f[p] and p + f[p].replace("-", "to").replace(",", "-") for p in ("tcp", "udp")]
    ports_ = "-".join(word for word in words if word) or "ports-unknown"
    return f"{f['cloud']}-{f['scenario'] + '-' if f['direction'] == 'inbound' else ''}{role}-{f['direction']}-{ports_}"


def expected_lists(which: Plan, split: str = "ports") -> dict[str, set[str]]:
    """The entries of each list: one role, one direction, one family, the same ports."""
    found: dict[str, list[str]] = {}
    for f in flows(which):
        if f["direction"] != "internal":
            for prefix in f["source" if f["direction"] == "inbound" else "destination"]["prefixes"]:
                found.setdefault(f"m365-{group_name(f, split)}-v{6 if ':' in prefix else 4}", []).append(prefix)
    return {name: set(collapsed(prefixes)) for name, prefixes in found.items()}
