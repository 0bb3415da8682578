"""Attributes: ports, categories and service areas of endpoint sets.

    ports-gone   a set loses a port
    new-ports    a set has another port than before; a new set has one that no set has had
    no-ports     a new set is without ports
    reused-id    a new set has the number of a set of an earlier list
    category     a set has another category
    area         a set has another service area

In 118 recorded steps, docs/reliability.md counts how often Microsoft does this.
"""

from collections.abc import Container

from perimeter365.history.gates.compose import held_set, ports_text
from perimeter365.history.gates.coverage import Coverage, has_ports
from perimeter365.history.gates.verdict import EntryReasons, entry_reason
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.held_entry import AREA, CATEGORY, PORTS, HeldEntry


def attributes(old: Coverage, new: Coverage, numbers: Container[int], found: EntryReasons) -> None:
    """Add the held changes of attributes, and new sets with unusual ones.

    `numbers` are those that sets of earlier lists have had.
    """
    for each in new.sets:
        was = old.by_id.get(each.id)
        if was is None:
            _new_set(each, old, each.id in numbers, found)
            continue
        _ports(was, each, found)
        if was.category != each.category:
            reason = entry_reason("category", "profiles and targets choose entries by their category")
            found.add(HeldEntry(number=each.id, part=CATEGORY, old=was.category, new=each.category, reasons=(reason,)))
        if was.area != each.area:
            reason = entry_reason("area", "profiles choose sets by their service area")
            found.add(HeldEntry(number=each.id, part=AREA, old=was.area, new=each.area, reasons=(reason,)))


def _new_set(each: EndpointSet, old: Coverage, known: bool, found: EntryReasons) -> None:
    if known:
        reason = entry_reason(
            "reused-id", "an earlier list had a set with this number, and Microsoft does not reuse numbers"
        )
    elif not each.tcp and not each.udp:
        reason = entry_reason("no-ports", "the set is new and without ports")
    elif not has_ports(old.sets, each):
        reason = entry_reason("new-ports", "the set is new and has ports that no other set has")
    else:
        return
    found.add(held_set(None, each, reason))


def _ports(was: EndpointSet, each: EndpointSet, found: EntryReasons) -> None:
    both = (("tcp", was.tcp, each.tcp), ("udp", was.udp, each.udp))
    gone = [f"{name} {a - b}" for name, a, b in both if a - b]
    more = [f"{name} {b - a}" for name, a, b in both if b - a]
    reasons = []
    if gone:
        reasons.append(entry_reason("ports-gone", f"the set loses {' and '.join(gone)}"))
    if more:
        reasons.append(entry_reason("new-ports", f"the set gets {' and '.join(more)}"))
    if reasons:
        old, new = ports_text(was), ports_text(each)
        found.add(HeldEntry(number=each.id, part=PORTS, old=old, new=new, reasons=tuple(reasons)))
