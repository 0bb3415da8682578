"""Lists within the limits of the reader that are as much work as possible to compare."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from perimeter365.model.cloud import Cloud
from tests.upstream.bodies import Items, honest

MOST_BYTES = 8_000_000


def _set(number: int, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": number,
        "serviceArea": "Common",
        "serviceAreaDisplayName": "Microsoft 365",
        "tcpPorts": "80,443",
        "expressRoute": False,
        "category": "Default",
        "required": True,
    }
    return made | values


def names_of_wildcards_in_sets() -> Items:
    """60,000 names in 4,900 sets, half of them wildcards of each other."""
    items = honest(Cloud.WORLDWIDE)
    free = [number for number in range(1, 8999) if number not in {item["id"] for item in items}]
    for at, number in enumerate(free[:4900]):
        names = [f"{'*.' if n % 2 else ''}{'a.' * (n // 2)}s{at}.microsoft.com" for n in range(12)]
        items.append(_set(number, urls=names))
    return items


def names_in_the_known_sets() -> Items:
    """60,000 names in the 62 sets that everybody knows, a third of them wildcards."""
    items = honest(Cloud.WORLDWIDE)
    for n in range(60_000):
        name = ("*." if n % 3 == 0 else "") + f"n{n}.x{n % 700}.microsoft.com"
        items[n % len(items)].setdefault("urls", []).append(name)
    return items


def glued_patterns() -> Items:
    """60,000 patterns whose star stands for any characters, in place of all known names."""
    items = honest(Cloud.WORLDWIDE)
    for n in range(60_000):
        item = items[n % len(items)]
        name = f"*n{n}.microsoft.com" if n % 2 else f"a{n}.*.microsoft.com"
        item["urls"] = [name] if n < len(items) else item["urls"]
        if n >= len(items):
            item["urls"].append(name)
    return items


def one_set() -> Items:
    """60,000 names in one set, half of them wildcards of the others, and no other set."""
    first = honest(Cloud.WORLDWIDE)[0]
    return [{**first, "urls": [f"{'*.' if n % 2 else 'x.'}n{n // 2}.microsoft.com" for n in range(60_000)]}]


def wildcards_on_other_ports() -> Items:
    """4,900 sets of a wildcard and the names below it, each set with ports of its own."""
    items = honest(Cloud.WORLDWIDE)
    free = [number for number in range(1, 8999) if number not in {item["id"] for item in items}]
    for at, number in enumerate(free[:4900]):
        names = [f"*.d{n}.microsoft.com" if n % 2 else f"s{at}.d{n - 1}.microsoft.com" for n in range(18)]
        items.append(_set(number, urls=names, tcpPorts=f"443,{10_000 + at}"))
    return items


def prefixes() -> Items:
    """95,000 prefixes inside Microsoft's range, none next to another."""
    items = honest(Cloud.WORLDWIDE)
    for n in range(95_000):
        items[n % 12].setdefault("ips", []).append(f"2603:10{n % 16:x}{(n >> 4) % 8:x}:{n >> 7:x}:{2 * (n % 30_000):x}::/64")
    return items


def the_same_names_on_other_ports() -> Items:
    """All sets have the same 19 names, each set another pair of ports."""
    known = [name for item in honest(Cloud.WORLDWIDE) for name in item.get("urls", [])][:19]
    items = honest(Cloud.WORLDWIDE)
    free = [number for number in range(1, 8999) if number not in {item["id"] for item in items}]
    return items + [
        _set(number, urls=known, tcpPorts=f"{1 + at},{30_000 + 2 * at}") for at, number in enumerate(free[:4900])
    ]


def many_ports() -> Items:
    """3,000 sets of one name and 380 single ports each."""
    items = honest(Cloud.WORLDWIDE)
    free = [number for number in range(1, 8999) if number not in {item["id"] for item in items}]
    for at, number in enumerate(free[:3000]):
        ports = ",".join(str(10_000 + (at * 7 + n * 2) % 50_000) for n in range(330))
        items.append(_set(number, urls=[f"p{at}.cloud.microsoft"], tcpPorts=ports))
    return items


def long_names() -> Items:
    """28,000 names of 120 labels, each below a new domain."""
    items = honest(Cloud.WORLDWIDE)
    for n in range(28_000):
        items[n % 12].setdefault("urls", []).append("a." * 110 + f"d{n}.com")
    return items


def shuffled_ids() -> Items:
    """5,000 sets of 20 known names each, drawn by lot: each id looks a little like all others."""
    dice = random.Random(3)
    known = [name for item in honest(Cloud.WORLDWIDE) for name in item.get("urls", [])]
    return [_set(number, urls=sorted(set(dice.sample(known, 19)))) for number in range(1, 5001)]


HEAVY: Mapping[str, Callable[[], Items]] = {
    each.__name__: each
    for each in (
        names_of_wildcards_in_sets, names_in_the_known_sets, glued_patterns, one_set, wildcards_on_other_ports, prefixes,
        the_same_names_on_other_ports, many_ports, long_names, shuffled_ids,
    )
}  # fmt: skip
