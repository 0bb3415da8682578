"""Identity: endpoint sets that get the entries of others.

An id is the identity of a set: rows refer to it (row 6 permits traffic from the addresses of set 1), and users exclude
sets by their ids. Microsoft does not reuse ids.

    identity   a set loses most of its entries and gets mostly those of another set, which holds the whole step
    moved      a listed entry gets another category or area, or leaves a set to which rows refer
    new-ports  a listed entry is listed with other ports in another set
    set-gone   a set to which rows refer is not listed any more
    inbound    a prefix becomes a source of traffic to the organization
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Final

from perimeter365.history.gates.compose import held_set
from perimeter365.history.gates.coverage import Coverage, has_ports
from perimeter365.history.gates.verdict import EntryReasons, entry_reason, step_reason
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HOST, PREFIX, EntryPart, HeldEntry
from perimeter365.model.prefix import PrefixSet

IDENTITY: Final = "identity"

MOST_RENUMBERED = 2
"""The number of sets that may change their ids in one step. In the recorded history one did."""


def identities(old: Coverage, new: Coverage) -> list[Reason]:
    """Return the reasons to hold a list for the ids of its sets.

    Sets replace most of their entries by those of another set, or change their ids.
    """
    reasons = []
    if swapped := [text for each in new.sets if (text := _former_owner(old, each))]:
        what = f"sets with mostly the entries of another set: {len(swapped)}"
        reasons.append(step_reason(IDENTITY, what, swapped))
    if len(renumbered := [text for each in new.sets if (text := _former_number(old, new, each))]) > MOST_RENUMBERED:
        reasons.append(step_reason(IDENTITY, f"sets that changed their ids: {len(renumbered)}", renumbered))
    return reasons


def _former_number(old: Coverage, new: Coverage, each: EndpointSet) -> str:
    if each.id in old.by_id:
        return ""
    counts = _owners(old, each, set())
    gone = {number: count for number, count in counts.items() if number not in new.by_id}
    other = max(gone, key=lambda number: gone[number], default=0)
    entries = len(each.hosts) + len(each.listed)
    return f"{each.key} was {old.by_id[other].key}" if gone.get(other, 0) * 2 > entries else ""


def _former_owner(old: Coverage, each: EndpointSet) -> str:
    entries = {*each.listed, *(h.text for h in each.hosts)}
    was = old.by_id.get(each.id)
    own = {*was.listed, *(h.text for h in was.hosts)} if was else set()
    counts = _owners(old, each, own)
    other = max(counts, key=lambda number: counts[number], default=0)
    kept = len(own & entries)
    if was and counts.get(other, 0) > 1 and counts[other] * 2 > len(entries) and kept * 2 < len(own):
        return f"{each.key}: {counts[other]} of {len(entries)} entries are those of {old.by_id[other].key}"
    return ""


def _owners(old: Coverage, each: EndpointSet, own: Collection[str]) -> dict[int, int]:
    """Return how many entries of a set each old set had, without its own ones."""
    counts: dict[int, int] = {}
    for owners in (
        *(old.sets_of_host.get(host, ()) for host in each.hosts if host.text not in own),
        *(old.sets_of_prefix.get(text, ()) for text in each.listed if text not in own),
    ):
        for owner in owners:
            counts[owner.id] = counts.get(owner.id, 0) + 1
    return counts


def moves(old: Coverage, new: Coverage, references: Mapping[int, Sequence[str]], found: EntryReasons) -> None:
    """Add the listed entries that move between sets.

    Another set gets them, or a set to which rows refer loses them.

    Args:
        old: the list in force.
        new: upstream's list.
        references: number of a set -> the rows that refer to it.
        found: receives the entries.
    """
    for host, now in new.sets_of_host.items():
        _move(HOST, host.text, old.sets_of_host.get(host, ()), now, old, references, found)
    for text, now in new.sets_of_prefix.items():
        _move(PREFIX, text, old.sets_of_prefix.get(text, ()), now, old, references, found)
    _names_of_new_sets(old, new, found)
    for number, rows in references.items():
        if number in old.by_id and number not in new.by_id:
            reason = entry_reason("set-gone", f"rows refer to the set: {', '.join(rows)}")
            found.add(held_set(old.by_id[number], None, reason))


def _move(
    part: EntryPart,
    value: str,
    was: Sequence[EndpointSet],
    now: Sequence[EndpointSet],
    old: Coverage,
    references: Container[int],
    found: EntryReasons,
) -> None:
    """Add the removals and additions of one listed entry.

    It had the sets `was` and has the sets `now`.
    """
    left = [s for s in was if s.id not in {each.id for each in now}]
    got = [s for s in now if s.id not in {each.id for each in was}]
    if not was or not (left or got):
        return
    moved = entry_reason("moved", f"the entry moves from {was[0].key} to {(got or now)[0].key}")
    apart = not _classes(now) & _classes(was)  # no set of the former area and category has it any more
    split = any(s.id not in old.by_id for s in now)  # rows and exclusions do not know the number of a new set
    for each in left:
        if apart or split or each.id in references:
            found.add(HeldEntry(number=each.id, part=part, old=value, reasons=(moved,)))
    for each in got:
        same = [s for s in was if s.category == each.category]
        taken = left and each.id not in old.by_id
        reasons = [moved] if apart or taken or not same else []
        if not has_ports(same or was, each):
            reasons.append(entry_reason("new-ports", f"the entry is listed with other ports than in {was[0].key}"))
        if reasons:
            found.add(HeldEntry(number=each.id, part=part, new=value, reasons=tuple(reasons)))


def _names_of_new_sets(old: Coverage, new: Coverage, found: EntryReasons) -> None:
    """Add the names of new sets under listed wildcards with other ports."""
    for host, now in new.sets_of_host.items():
        if host in old.sets_of_host or not (wide := old.index.cover(host)):
            continue
        for each in now:
            if each.id not in old.by_id and not has_ports(old.sets_of_host[wide], each):
                reason = entry_reason("new-ports", f"the name is listed with other ports than {wide}")
                found.add(HeldEntry(number=each.id, part=HOST, new=host.text, reasons=(reason,)))


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
