"""Identity: endpoint sets that get the entries of others.

An id is the identity of a set: rows refer to it (row 6 permits traffic from the addresses of set 1), and users exclude
sets by their ids. Microsoft does not reuse ids.

    identity   a set loses most of its entries and gets mostly those of another set, which holds the whole step
    moved      a listed entry moves to a set of another category or area
    inbound    a prefix becomes a source of traffic to the organization
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from perimeter365.history.gates.coverage import Coverage
from perimeter365.history.gates.verdict import EntryReasons, entry_reason, step_reason
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HOST, PREFIX, HeldEntry
from perimeter365.model.prefix import PrefixSet

IDENTITY: Final = "identity"


def identities(old: Coverage, new: Coverage) -> list[Reason]:
    """Return a reason for sets that replace most of their entries by those of another set."""
    swapped = [text for each in new.sets if (text := _former_owner(old, each))]
    if not swapped:
        return []
    return [step_reason(IDENTITY, f"sets with mostly the entries of another set: {len(swapped)}", swapped)]


def _former_owner(old: Coverage, each: EndpointSet) -> str:
    entries = {*each.listed, *(h.text for h in each.hosts)}
    was = old.by_id.get(each.id)
    own = {*was.listed, *(h.text for h in was.hosts)} if was else set()
    counts: dict[int, int] = {}
    for owners in (
        *(old.sets_of_host.get(host, ()) for host in each.hosts if host.text not in own),
        *(old.sets_of_prefix.get(text, ()) for text in each.listed if text not in own),
    ):
        for owner in owners:
            counts[owner.id] = counts.get(owner.id, 0) + 1
    other = max(counts, key=lambda number: counts[number], default=0)
    kept = len(own & entries)
    if was and counts.get(other, 0) > 1 and counts[other] * 2 > len(entries) and kept * 2 < len(own):
        return f"{each.key}: {counts[other]} of {len(entries)} entries are those of {old.by_id[other].key}"
    return ""


def moves(old: Coverage, new: Coverage, found: EntryReasons) -> None:
    """Add the listed entries that move to sets of another category or area only."""
    both: Any = ((HOST, old.sets_of_host, new.sets_of_host), (PREFIX, old.sets_of_prefix, new.sets_of_prefix))
    for part, before, after in both:
        for entry, now in after.items():
            was = before.get(entry, ())
            if not was or _classes(now) & _classes(was):
                continue
            ids, known = {s.id for s in now}, {s.id for s in was}
            reason = entry_reason("moved", f"the entry moves from {was[0].key} to {now[0].key}")
            for each in was:
                if each.id not in ids:
                    found.add(HeldEntry(number=each.id, part=part, old=str(entry), reasons=(reason,)))
            for each in now:
                if each.id not in known:
                    found.add(HeldEntry(number=each.id, part=part, new=str(entry), reasons=(reason,)))


def _classes(sets: Iterable[EndpointSet]) -> set[tuple[str, str]]:
    return {(s.area, s.category) for s in sets}


def inbound(old: Coverage, new: Coverage, sources: Mapping[int, Sequence[str]], found: EntryReasons) -> None:
    """Add the prefixes that become sources of inbound traffic.

    Args:
        old: the list in force.
        new: upstream's list.
        sources: number of a set -> the rows that permit inbound traffic from its addresses.
        found: receives the entries.
    """
    for number, rows in sources.items():
        each = new.by_id.get(number)
        was = old.by_id.get(number)
        had = was.prefixes if was else PrefixSet()
        if not each or not (each.prefixes - had):
            continue
        for text in each.listed:
            if PrefixSet.parse([text]) - had:
                reason = entry_reason("inbound", f"it becomes a source of inbound traffic: {', '.join(rows)}")
                found.add(HeldEntry(number=number, part=PREFIX, new=text, reasons=(reason,)))
