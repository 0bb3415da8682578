"""Honest small changes, cut from Microsoft's recorded steps.

They have to come into force without a person. A control is a recorded list with one regular change of the next
recorded list: a name under a domain that the list already has, a prefix of Microsoft's public ranges in a set that is
not a source of an inbound row, a name or a small prefix that is removed.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache

from perimeter365.model.cloud import Cloud
from perimeter365.sources.public_ips import read_public_ips
from tests.history.oracle import REFERENCE
from tests.reliability.perimeter import addresses_of, common, merged, minus
from tests.reliability.poison import PRIVATE, Played, Recording, copied, differences, recordings
from tests.upstream.bodies import Items

PUBLIC = REFERENCE.parent / "MSFT_PublicIPs_20260806.csv"
SOURCES: Mapping[Cloud, frozenset[int]] = {
    Cloud.WORLDWIDE: frozenset((1, 2, 9, 10, 56)),
    Cloud.GCCHIGH: frozenset((1, 6, 13)),
    Cloud.DOD: frozenset((1, 6, 13)),
    Cloud.CHINA: frozenset((1, 2, 17, 20, 27)),
}
"""Sets whose addresses are inbound sources of rows 6, 7 and 23."""


@dataclass(frozen=True, eq=False)
class Control:
    """One recorded change alone."""

    cloud: Cloud
    what: str
    played: Played

    @property
    def id(self) -> str:
        return f"{self.cloud}:{self.played.version}:{self.what}"


@cache
def controls() -> tuple[Control, ...]:
    """Return at most two controls of each recorded step, of different kinds; () without the reference data."""
    return tuple(control for recorded in recordings().values() for control in _of_cloud(recorded))


def _of_cloud(recorded: tuple[Recording, ...]) -> Iterator[Control]:
    public = merged(addresses_of(map(str, read_public_ips(PUBLIC))))
    for old, new in itertools.pairwise(recorded):
        done: set[str] = set()
        for what, number, value in differences(old.items, new.items):
            if what in done or len(done) == 2 or not _regular(old, what, number, value, public):
                continue
            done.add(what)
            now = datetime.combine(new.day, time(12), UTC)
            cut = _with(old.items, what, number, value)
            last = now - timedelta(hours=1)
            played = Played(old.items, cut, cut, (), new.version, old.version, last, now)
            yield Control(old.cloud, f"{what}:{number}:{value}", played)


def _with(items: Items, what: str, number: int, value: str) -> Items:
    """Return a list with one change."""
    made = copied(items)
    item = next(i for i in made if i["id"] == number)
    key = what[1:]
    item[key] = [*item.get(key, []), value] if what[0] == "+" else [v for v in item[key] if v != value]
    return made


def _regular(old: Recording, what: str, number: int, value: str, public: tuple[tuple[int, int], ...]) -> bool:
    """Return True if a change is one that no rule of the table is about."""
    item = next((i for i in old.items if i["id"] == number), None)
    if item is None or what == "~" or "*" in value:
        return False
    if what == "+urls":
        known = {_domain(n) for i in old.items for n in i.get("urls", [])}
        rented = any(value.endswith(name.lstrip("*")) for name in PRIVATE)
        moves = any(value in i.get("urls", []) and i["category"] != item["category"] for i in old.items)
        return value.endswith(".microsoft") or (_domain(value) in known and not rented and not moves)
    if what == "-urls":
        others = {name for i in old.items if i is not item for name in i.get("urls", [])}
        elsewhere = value in others or any(name[1:] == value[-len(name) + 1 :] for name in others if name.startswith("*."))
        return len(item["urls"]) > 1 and not elsewhere  # a name that is left in an optional set is not required any more
    space = addresses_of([value])
    if what == "+ips" and value.endswith(("/32", "/128")):
        return False  # one address of Azure may be rented by anyone
    if what == "+ips":
        listed = addresses_of(v for i in old.items for v in i.get("ips", []))
        inside = not minus(space, public) and not (common(space, listed) and minus(space, listed))
        return inside and bool(item.get("ips")) and number not in SOURCES[old.cloud] and _share(item["ips"], value) < 0.5
    return len(item["ips"]) > 2 and number not in SOURCES[old.cloud] and _share(item["ips"], value) < 0.05


def _domain(name: str) -> str:
    return ".".join(name.removeprefix("*.").split(".")[-2:])


def _share(listed: list[str], value: str) -> float:
    """Return the share of a prefix in the space of its family in a set."""
    all_of = sum(end - first for first, end in addresses_of(v for v in listed if (":" in v) == (":" in value)))
    return sum(end - first for first, end in addresses_of([value])) / max(all_of, 1)
