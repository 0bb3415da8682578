"""Make the list that comes into force.

It is upstream's, without the changes that are held.
"""

from collections.abc import Iterable
from dataclasses import replace

from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HOST, PREFIX, SET, HeldEntry, set_hash
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.quantity import quantity
from perimeter365.model.state import State

SHOWN = 4
"""The maximum number of entries in the text of a set."""


def without_held(old: State, new: State, held: Iterable[HeldEntry]) -> State:
    """Return a new state in which held entries have their old value.

    An entry that does not apply has no effect: a name that `new` does not have, or a value that it does not have any more.

    Args:
        old: the state in force.
        new: the state that upstream published.
        held: the entries to leave out. If nothing else is left, the result has the old sets.
    """
    by_set: dict[int, list[HeldEntry]] = {}
    for entry in held:
        by_set.setdefault(entry.number, []).append(entry)
    sets = {s.id: s for s in new.sets}
    before = old.by_id
    for number, entries in by_set.items():
        made = _with_old_values(before.get(number), sets.get(number), entries)
        if made is None:
            sets.pop(number, None)
        else:
            sets[number] = made
    return replace(new, sets=tuple(sets[number] for number in sorted(sets)) or old.sets)


def applies(entry: HeldEntry, new: State) -> bool:
    """Return True if upstream's list has the change of an entry."""
    each = new.by_id.get(entry.number)
    if entry.part == SET:
        return (set_hash(each) if each else "") == entry.content
    if entry.part in (HOST, PREFIX):
        listed = {*each.listed, *(h.text for h in each.hosts)} if each else set()
        return entry.new in listed if entry.new else entry.old not in listed
    return each is not None and bool(_attribute(each, each, entry))


def held_set(was: EndpointSet | None, new: EndpointSet | None, reason: Reason) -> HeldEntry:
    """Return the entry of a whole set that is new, gone or changed."""
    either = new or was
    if either is None:
        raise ValueError("a held set needs an old or a new content")
    return HeldEntry(
        number=either.id,
        part=SET,
        old=set_text(was) if was else "",
        new=set_text(new) if new else "",
        content=set_hash(new) if new else "",
        reasons=(reason,),
    )


def set_text(endpoint_set: EndpointSet) -> str:
    """Return a set as the value of an entry, with its first entries and its ports."""
    entries = [*(host.text for host in endpoint_set.hosts), *endpoint_set.listed]
    more = [quantity(len(entries) - SHOWN, "more entry")] if len(entries) > SHOWN else []
    return ", ".join([*entries[:SHOWN], *more, ports_text(endpoint_set) or "no ports"])


def ports_text(endpoint_set: EndpointSet) -> str:
    """Return the ports of a set as the value of an entry.

    For example, `tcp 80,443 udp 3478`.
    """
    both = (("tcp", endpoint_set.tcp), ("udp", endpoint_set.udp))
    return " ".join(f"{name} {ports}" for name, ports in both if ports)


def _with_old_values(was: EndpointSet | None, new: EndpointSet | None, held: list[HeldEntry]) -> EndpointSet | None:
    for entry in held:
        if entry.part == SET and (set_hash(new) if new else "") == entry.content:
            return was
    base = new or was
    if base is None:
        return None
    hosts = {h.text: h for h in new.hosts} if new else {}
    prefixes = set(new.listed) if new else set()
    had = {h.text: h for h in was.hosts} if was else {}
    listed = set(was.listed) if was else set()
    changed: dict[str, object] = {}
    for entry in held:
        if entry.part == HOST and entry.new:
            if entry.new not in had:
                hosts.pop(entry.new, None)
        elif entry.part == HOST:
            hosts |= {entry.old: had[entry.old]} if entry.old in had else {}
        elif entry.part == PREFIX and entry.new:
            prefixes -= {entry.new} - listed
        elif entry.part == PREFIX:
            prefixes |= {entry.old} & listed
        elif was and new:
            changed |= _attribute(was, new, entry)
    if not hosts and not prefixes:
        return None
    return replace(
        base,
        hosts=tuple(sorted(hosts.values())),
        prefixes=PrefixSet.parse(prefixes),
        listed=listing(prefixes),
        **changed,  # type: ignore[arg-type]
    )


def _attribute(was: EndpointSet, new: EndpointSet, entry: HeldEntry) -> dict[str, object]:
    match entry.part:
        case "ports" if ports_text(new) == entry.new:
            return {"tcp": was.tcp, "udp": was.udp}
        case "category" if new.category == entry.new:
            return {"category": was.category}
        case "area" if new.area == entry.new:
            return {"area": was.area}
        case "required" if str(new.required).lower() == entry.new:
            return {"required": was.required}
    return {}
