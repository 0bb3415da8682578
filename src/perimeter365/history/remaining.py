"""What a cloud's list still has of an entry that was removed from a set.

    listed = ListedEntries(state.sets)
    listed.still("host", "a.office.net").text
        'still covered by *.office.net (worldwide/47)'
    listed.still("prefix", "192.0.2.0/24")
        None, so Microsoft has stopped using it

An entry that one set drops is often in use as before: another set lists it, or a wider pattern or prefix covers it. All
texts that report removals (differences, sentences of a plan, the timeline, notifications, feeds, the calendar) use this
module.

    state      the list has
    listed     the entry itself, in other sets
    covered    a wider pattern or prefix, or several prefixes that together contain the removed one
    partly     only names under the removed pattern, or only a part of the removed prefix

The search takes time in the length of an entry, not of the list, since upstream decides how long both lists are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.host_index import HostIndex
from perimeter365.model.prefix import WIDTH, Prefix, PrefixSet
from perimeter365.store.entries import HOST, PREFIX, EntryKind

StillState = Literal["listed", "covered", "partly"]
LISTED: Final = "listed"
COVERED: Final = "covered"
PARTLY: Final = "partly"

SHOWN = 3
"""The maximum number of other entries in a text, and of set numbers after an entry."""

_MOST = 50
"""The maximum number of other entries that are searched for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StillListed:
    """What a list still has of a removed entry."""

    kind: EntryKind
    """`host` or `prefix`."""
    value: str
    """The removed entry."""
    state: StillState
    by: tuple[tuple[str, tuple[str, ...]], ...]
    """Other entries with the keys of their sets; for `listed` the entry itself. At most 50."""

    @property
    def text(self) -> str:
        """The state as text, such as `still listed in worldwide/1, 2`."""
        if self.state == LISTED:
            return f"still listed in {_sets(self.by[0][1])}"
        others = ", ".join(f"{value} ({_sets(keys)})" for value, keys in self.by[:SHOWN])
        more = " and others" if len(self.by) > SHOWN else ""
        return f"{'still covered by' if self.state == COVERED else 'in part still listed:'} {others}{more}"

    def within(self, key: str) -> bool:
        """Return True if the entries of one set cover the removed entry."""
        return self.state == COVERED and all(key in keys for _, keys in self.by)

    def to_dict(self) -> dict[str, Any]:
        """Return the state for JSON."""
        by = [{"value": value, "sets": list(keys)} for value, keys in self.by]
        return {"kind": self.kind, "value": self.value, "state": self.state, "by": by}


class ListedEntries:
    """The entries of a cloud's list. Tables are built on first use."""

    def __init__(self, sets: Iterable[EndpointSet]) -> None:
        self.sets = tuple(sorted(sets, key=lambda s: s.id))

    def still(self, kind: EntryKind, value: str) -> StillListed | None:
        """Return what the list still has of an entry; None if it has nothing of it."""
        return self._host(HostPattern(value)) if kind == HOST else self._prefix(Prefix.parse(value), value)

    def stopped(self, entries: Iterable[tuple[EntryKind, str]]) -> tuple[tuple[EntryKind, str], ...]:
        """Return what the list has no more of some entries, each once, hosts first.

        If only a part of a prefix is gone, the part is returned.
        """
        found: dict[tuple[EntryKind, str], None] = {}
        for kind, value in sorted(set(entries), key=_order):
            still = self.still(kind, value)
            if still is None:
                found[kind, value] = None
            elif still.state == PARTLY and kind == PREFIX:
                found.update(((PREFIX, str(p)), None) for p in PrefixSet.parse([value]) - self._space)
        return tuple(sorted(found, key=_order))

    def _host(self, host: HostPattern) -> StillListed | None:
        text = host.text
        if keys := self._hosts.get(text):
            return StillListed(kind=HOST, value=text, state=LISTED, by=((text, keys),))
        if pattern := self._index.cover(host):
            by = (pattern.text, self._hosts[pattern.text])
            return StillListed(kind=HOST, value=text, state=COVERED, by=(by,))
        inside = [(name, self._hosts[name]) for name in self._index.under(host, _MOST)]
        return StillListed(kind=HOST, value=text, state=PARTLY, by=tuple(inside)) if inside else None

    def _prefix(self, prefix: Prefix, value: str) -> StillListed | None:
        for length in range(prefix.length, -1, -1):
            first = prefix.first & -(1 << (WIDTH[prefix.family] - length))
            if found := self._prefixes.get((prefix.family, first, length)):
                state: StillState = LISTED if length == prefix.length else COVERED
                return StillListed(kind=PREFIX, value=value, state=state, by=(found,))
        if not self._space.overlaps(prefix):
            return None
        state = COVERED if prefix in self._space else PARTLY
        low = bisect_left(self._sorted, (prefix.family, prefix.first, 0))
        high = bisect_right(self._sorted, (prefix.family, prefix.last, WIDTH[prefix.family]))
        inside = tuple(self._prefixes[key] for key in self._sorted[low : min(high, low + _MOST)])
        return StillListed(kind=PREFIX, value=value, state=state, by=inside)

    @cached_property
    def _hosts(self) -> dict[str, tuple[str, ...]]:
        """Host pattern -> keys of its sets."""
        return {text: tuple(keys) for text, keys in _grouped((h.text, s.key) for s in self.sets for h in s.hosts)}

    @cached_property
    def _index(self) -> HostIndex:
        return HostIndex(host for s in self.sets for host in s.hosts)

    @cached_property
    def _prefixes(self) -> dict[tuple[int, int, int], tuple[str, tuple[str, ...]]]:
        """Prefix, as (family, first address, length) -> its text and the keys of its sets."""
        pairs = ((text, s.key) for s in self.sets for text in s.listed)
        found = {}
        for text, keys in _grouped(pairs):
            prefix = Prefix.parse(text)
            found[prefix.family, prefix.first, prefix.length] = (text, tuple(keys))
        return found

    @cached_property
    def _sorted(self) -> list[tuple[int, int, int]]:
        return sorted(self._prefixes)

    @cached_property
    def _space(self) -> PrefixSet:
        return PrefixSet.parse([text for text, _ in self._prefixes.values()])


def _grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for value, key in pairs:
        found.setdefault(value, []).append(key)
    yield from found.items()


def _sets(keys: Sequence[str]) -> str:
    """Return keys of one cloud's sets as `worldwide/1, 2`."""
    numbers = [key.rpartition("/")[2] for key in keys[1 : SHOWN + 1]]
    more = f" and {len(keys) - SHOWN - 1} more" if len(keys) > SHOWN + 1 else ""
    return ", ".join([keys[0], *numbers]) + more


def _order(entry: tuple[EntryKind, str]) -> tuple[bool, tuple[int, int, int], str]:
    kind, value = entry
    if kind == HOST:
        return False, (0, 0, 0), value
    prefix = Prefix.parse(value)
    return True, (prefix.family, prefix.first, prefix.length), value
