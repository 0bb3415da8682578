"""The dated entries of a requirement.

A kept address inside of a prefix that upstream lists, or in another set of the same requirement, stays after its day, so
it is left out. Ports are those of the set's own flow; a row that refers to the set has ports of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from perimeter365.model.catalog import Catalog
from perimeter365.model.effective import AHEAD, AREA, CATEGORY, HOST, KEPT, PORTS, PREFIX, WAITING, EntryDate, SetDates
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SetKey
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Requirement


def dates_of(
    catalog: Catalog,
    req: Requirement,
    numbers: Iterable[int],
    hosts: Iterable[HostPattern] = (),
    prefixes: PrefixSet | None = None,
) -> Iterator[EntryDate]:
    """Yield the dated entries of a requirement, or of one of its ends, with its id.

    Args:
        catalog: the catalog with the dates of its endpoint sets.
        req: the requirement.
        numbers: the endpoint sets that it refers to.
        hosts: the hosts that it lists itself.
        prefixes: the prefixes that it lists itself.
    """
    found: dict[tuple[str, str], EntryDate] = {}
    ports: list[EntryDate] = []
    names, space = {h.text for h in hosts}, prefixes or PrefixSet()
    for number in numbers:
        key = SetKey.of(req.cloud, number)
        dates = catalog.dates.get(key, SetDates())
        listed = dates.announced_set or next((s for s in catalog.endpoint_sets(req.cloud) if s.id == number), None)
        if listed is None:
            continue
        special, attributes = _special(req, listed, dates)
        ports += attributes
        names |= {h.text for h in listed.hosts} - special.keys()
        space |= PrefixSet.parse(p for p in listed.listed if p not in special)
        for each in special.values():
            same = found.get((each.value, each.state), each)
            found[each.value, each.state] = max(same, each) if each.state == KEPT else min(same, each)
    early = [d for d in found.values() if d.state == AHEAD]
    later_names = names | {d.value for d in early if d.kind == HOST}
    later_space = space | PrefixSet.parse(d.value for d in early if d.kind == PREFIX)
    for each in found.values():
        kept = each.state == KEPT
        if each.kind == HOST:
            changes = each.value not in (later_names if kept else names)
        else:
            changes = bool(PrefixSet.parse([each.value]) - (later_space if kept else space))
        if changes:
            yield replace(each, id=req.id)
    yield from ports


def attribute_dates(req: Requirement, former: Iterable[tuple[EndpointSet, date]]) -> Iterator[EntryDate]:
    """Yield the dates of the former categories and service areas of a flow.

    Args:
        req: the set's flow.
        former: the set with each of its former classifications, with the day on which the grace time ends.
    """
    last: dict[str, date] = {}
    for old, day in former:
        for kind, value, now in ((CATEGORY, old.category, getattr(req, "category", None)), (AREA, old.area, req.scenario)):
            if value != now:
                text = f"{kind} {value}"
                last[text] = max(day, last.get(text, day))
    for text, day in last.items():
        yield EntryDate(day=day, cloud=req.cloud, id=req.id, value=text, state=KEPT)


def _special(req: Requirement, listed: EndpointSet, dates: SetDates) -> tuple[dict[str, EntryDate], list[EntryDate]]:
    """Return the dated entries of a set by value, and its dated ports.

    If only a former classification of the set is selected, all its entries are dated.
    """
    special = {d.value: d for d in dates.entries if d.kind not in PORTS}
    if req.id != listed.requirement_id:
        return special, []
    left = dates.former_until(req.scenario, getattr(req, "category", None), req.required)
    ports = [replace(d, day=min(left or d.day, d.day)) for d in dates.entries if d.kind in PORTS]
    if left:
        for value in (*(h.text for h in listed.hosts), *listed.listed):
            old = special.get(value)
            day = min(left, old.day) if old and old.state == KEPT else left
            if not old or old.state != WAITING:
                special[value] = EntryDate(day=day, cloud=req.cloud, id=req.id, value=value, state=KEPT)
    return special, ports
