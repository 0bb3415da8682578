"""Removals: what a list loses that Microsoft's regular changes do not lose.

wildcard-gone   a wildcard of a required set that no other entry covers
set-gone        a set whose names or addresses are all removed, or left on other ports only
demotion        an entry of a required set that only sets that are not required cover
"""

from perimeter365.history.gates.compose import held_set
from perimeter365.history.gates.coverage import Coverage
from perimeter365.history.gates.verdict import EntryReasons, entry_reason
from perimeter365.model.held_entry import HOST, PREFIX, REQUIRED, HeldEntry
from perimeter365.model.prefix import PrefixSet


def removals(old: Coverage, new: Coverage, found: EntryReasons) -> None:
    """Add the held removals of a list."""
    _wildcards(old, new, found)
    _sets(old, new, found)
    _demotion(old, new, found)


def _wildcards(old: Coverage, new: Coverage, found: EntryReasons) -> None:
    for host in new.missing(old.required.wild):
        for each in old.sets_of_host[host]:
            reason = entry_reason("wildcard-gone", "no other entry covers this wildcard of a required set")
            found.add(HeldEntry(number=each.id, part=HOST, old=host.text, reasons=(reason,)))


def _sets(old: Coverage, new: Coverage, found: EntryReasons) -> None:
    for each in old.required.sets:
        left = new.at(each)
        now = new.by_id.get(each.id)  # what the set itself keeps on other ports is a change of its ports
        names = bool(each.hosts) and not any(map(left.has, each.hosts)) and not (now and {*each.hosts} & {*now.hosts})
        space = bool(each.prefixes) and not each.prefixes & (left.space | now.prefixes if now else left.space)
        if names or space:
            what = " and ".join(["names"] * names + ["addresses"] * space)
            reason = entry_reason("set-gone", f"all {what} of the set were removed from the list or from its ports")
            found.add(held_set(each, now, reason))


def _demotion(old: Coverage, new: Coverage, found: EntryReasons) -> None:
    was, is_ = old.required, new.required
    hosts = {host for host in is_.missing(was.hosts) if new.has(host)}
    space = (was.space - is_.space) & new.space
    for each in was.sets:
        now = new.by_id.get(each.id)
        reason = entry_reason("demotion", "entries of a required set are not required any more")
        if now and not now.required:
            entry = HeldEntry(number=each.id, part=REQUIRED, old="true", new="false", reasons=(reason,))
            found.add(entry)
        for host in hosts.intersection(each.hosts) - set(now.hosts if now else ()):
            found.add(HeldEntry(number=each.id, part=HOST, old=host.text, reasons=(reason,)))
        if each.prefixes & space:
            for text in sorted(set(each.listed) - set(now.listed if now else ())):
                if PrefixSet.parse([text]) & space:
                    found.add(HeldEntry(number=each.id, part=PREFIX, old=text, reasons=(reason,)))
