"""The differences between two states of a cloud's list. Order is ignored.

    diff(store.state(cloud, "2023080600"), store.state(cloud, "2023090300")).counts.to_dict()
        {'changes': 5, 'ips_added': 4, 'ips_removed': 4, 'urls_added': 0, 'urls_removed': 1, 'attributes': 7}

    >>> from perimeter365.history.reference import state
    >>> diff(state("embedded", None, Cloud.WORLDWIDE), state("embedded", None, Cloud.CHINA))
    Traceback (most recent call last):
    perimeter365.errors.InputError: the lists of worldwide and china cannot be compared: they are of different clouds

Each changed endpoint set is one change. Entries are compared as listed: two /25 that are merged into one /24 are three
changed entries, as in upstream's counts, although the set contains the same addresses. `SetChange.opened` and `closed`
compare addresses.

Counts follow upstream's RSS feed: they add the entries and attributes of each changed set, so a prefix that changed in
four sets counts four times. A new or removed set counts all seven attributes of upstream, including `notes`, which are not
stored; no other rule gives the published counts of 2023082900 (5 changes, 7 other attributes).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

from perimeter365.errors import InputError
from perimeter365.history.remaining import LISTED, ListedEntries
from perimeter365.model.change import EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.quantity import quantity
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.store.entries import HOST, PREFIX, EntryKind
from perimeter365.wire.names import ATTRIBUTES as UPSTREAM_ATTRIBUTES

SetAction = Literal["add", "remove", "change"]
ADD: Final = "add"
REMOVE: Final = "remove"
CHANGE: Final = "change"

ATTRIBUTES = ("area", "category", "required", "express_route", "tcp", "udp")
"""The attributes of a set that are compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SetChange:
    """The change of one endpoint set."""

    before: EndpointSet | None
    """None for a new set."""
    after: EndpointSet | None
    """None for a removed set."""

    @property
    def set(self) -> EndpointSet:
        """The set after the change; for a removed set, the set before it."""
        found = self.after or self.before
        if found is None:
            raise InputError("a change has no endpoint set: neither before nor after it")
        return found

    @property
    def disposition(self) -> SetAction:
        """`add`, `remove` or `change`."""
        return ADD if self.before is None else REMOVE if self.after is None else CHANGE

    @property
    def added_hosts(self) -> tuple[str, ...]:
        """The added host patterns, sorted."""
        return _only_in_first(_hosts(self.after), _hosts(self.before))

    @property
    def removed_hosts(self) -> tuple[str, ...]:
        """The removed host patterns, sorted."""
        return _only_in_first(_hosts(self.before), _hosts(self.after))

    @property
    def added_prefixes(self) -> tuple[str, ...]:
        """The added prefixes as listed: IPv4 first, ascending."""
        return _only_in_first(_prefixes(self.after), _prefixes(self.before))

    @property
    def removed_prefixes(self) -> tuple[str, ...]:
        """The removed prefixes as they were listed: IPv4 first, ascending."""
        return _only_in_first(_prefixes(self.before), _prefixes(self.after))

    @property
    def opened(self) -> PrefixSet:
        """The addresses that the set contains only after the change."""
        return _space(self.after) - _space(self.before)

    @property
    def closed(self) -> PrefixSet:
        """The addresses that the set contained only before the change."""
        return _space(self.before) - _space(self.after)

    @property
    def removed(self) -> tuple[tuple[EntryKind, str], ...]:
        """The removed entries with their kinds: host patterns, then prefixes."""
        hosts: list[tuple[EntryKind, str]] = [(HOST, host) for host in self.removed_hosts]
        return (*hosts, *((PREFIX, prefix) for prefix in self.removed_prefixes))

    @property
    def attributes(self) -> Mapping[str, tuple[Any, Any]]:
        """The changed attributes: name -> (before, after).

        A value is None if the set did not exist, or does not exist any more. Ports are text.
        """
        old, new = _attributes(self.before), _attributes(self.after)
        return {name: (old[name], new[name]) for name in ATTRIBUTES if old[name] != new[name]}

    @property
    def attribute_count(self) -> int:
        """The number of changed attributes, as upstream counts them (see the module)."""
        return len(self.attributes) if self.disposition == CHANGE else len(UPSTREAM_ATTRIBUTES)

    def to_dict(self, listed: ListedEntries) -> dict[str, Any]:
        """Return the change for JSON.

        `still` is left out if the list has nothing of the removed entries any more.
        """
        still = [found.to_dict() for kind, value in self.removed if (found := listed.still(kind, value))]
        return {
            "id": self.set.requirement_id,
            "set": self.set.key,
            "disposition": self.disposition,
            "added": {"hosts": list(self.added_hosts), "prefixes": list(self.added_prefixes)},
            "removed": {"hosts": list(self.removed_hosts), "prefixes": list(self.removed_prefixes)},
            "attributes": {name: list(pair) for name, pair in self.attributes.items()},
            **({"still": still} if still else {}),
        }


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Move:
    """An entry that was removed from sets and added to others in the same version."""

    kind: EntryKind
    """`host` or `prefix`."""
    value: str
    old: tuple[str, ...]
    """Keys of the sets that it was removed from, for example ("worldwide/46",)."""
    new: tuple[str, ...]
    """Keys of the sets that it was added to."""

    def to_dict(self) -> dict[str, Any]:
        """Return the move for JSON."""
        return {"kind": self.kind, "value": self.value, "from": list(self.old), "to": list(self.new)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The numbers in the description of an item of upstream's RSS feed."""

    changes: int = 0
    ips_added: int = 0
    ips_removed: int = 0
    urls_added: int = 0
    urls_removed: int = 0
    attributes: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    def to_dict(self) -> dict[str, int]:
        """Return the numbers for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, kw_only=True, slots=True)
class Diff:
    """The differences between two states of one cloud."""

    cloud: Cloud
    old: Version
    """The version of the first state."""
    new: Version
    """The version of the second state."""
    changes: tuple[SetChange, ...]
    """Sorted by the number of the set."""
    listed: ListedEntries = field(default_factory=lambda: ListedEntries(()), compare=False, repr=False)
    """The entries of the second state."""
    effective: EffectiveDates = field(default_factory=lambda: MappingProxyType({}))
    """The known effective dates of additions."""

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def counts(self) -> Counts:
        """The counts of upstream's RSS feed."""
        return Counts(
            changes=len(self.changes),
            ips_added=sum(len(c.added_prefixes) for c in self.changes),
            ips_removed=sum(len(c.removed_prefixes) for c in self.changes),
            urls_added=sum(len(c.added_hosts) for c in self.changes),
            urls_removed=sum(len(c.removed_hosts) for c in self.changes),
            attributes=sum(c.attribute_count for c in self.changes),
        )

    @property
    def moves(self) -> tuple[Move, ...]:
        """The entries that moved between sets, host patterns first."""
        found = []
        both: dict[EntryKind, tuple[dict[str, list[str]], dict[str, list[str]]]] = {
            HOST: (self._entries("added_hosts"), self._entries("removed_hosts")),
            PREFIX: (self._entries("added_prefixes"), self._entries("removed_prefixes")),
        }
        for kind, (added, removed) in both.items():
            for value, old in removed.items():
                if new := added.get(value):
                    found.append(Move(kind=kind, value=value, old=tuple(old), new=tuple(new)))
        return tuple(sorted(found))

    @property
    def stopped(self) -> tuple[tuple[EntryKind, str], ...]:
        """The removed entries that no set lists or covers any more, hosts first.

        Of a prefix that is still listed in part, the other part is returned.
        """
        return self.listed.stopped(entry for change in self.changes for entry in change.removed)

    def _entries(self, name: str) -> dict[str, list[str]]:
        """Return entry -> keys of the sets that added, or removed, it."""
        found: dict[str, list[str]] = {}
        for change in self.changes:
            key = change.set.key
            for value in getattr(change, name):
                found.setdefault(value, []).append(key)
        return found

    def day_of(self, change: SetChange, value: str) -> date | None:
        """Return the effective date of an addition, or None if it is not known."""
        return self.effective.get((change.set.id, value))


def diff(old: State, new: State, effective: EffectiveDates | None = None) -> Diff:
    """Compare two states of a cloud's list.

    Args:
        old: the first state.
        new: the second state, older or newer than the first.
        effective: effective dates of announced additions; dates of other entries are ignored.

    Raises:
        InputError: the states are of different clouds.
    """
    if old.cloud is not new.cloud:
        raise InputError(f"the lists of {old.cloud} and {new.cloud} cannot be compared: they are of different clouds")
    before, after = old.by_id, new.by_id
    changes = []
    for number in sorted({*before, *after}):
        change = SetChange(before=before.get(number), after=after.get(number))
        if _differs(change.before, change.after):
            changes.append(change)
    return Diff(
        cloud=old.cloud,
        old=old.version,
        new=new.version,
        changes=tuple(changes),
        listed=ListedEntries(new.sets),
        effective=MappingProxyType(dict(effective or {})),
    )


def to_dict(diffs: Iterable[Diff]) -> dict[str, Any]:
    """Return the differences of one or more clouds for JSON.

    The object also has the moves, the effective dates, the compared versions, and for each cloud the entries that no set
    lists any more.
    """
    diffs = tuple(diffs)
    return {
        "changes": [change.to_dict(each.listed) for each in diffs for change in each.changes],
        "counts": sum((each.counts for each in diffs), Counts()).to_dict(),
        "moves": [move.to_dict() for each in diffs for move in each.moves],
        "effective": [
            {"set": change.set.key, "value": value, "date": day.isoformat()}
            for each in diffs
            for change in each.changes
            for value in (*change.added_prefixes, *change.added_hosts)
            if (day := each.day_of(change, value))
        ],
        "stopped": {
            str(each.cloud): {
                "hosts": [value for kind, value in each.stopped if kind == HOST],
                "prefixes": [value for kind, value in each.stopped if kind == PREFIX],
            }
            for each in diffs
        },
        "versions": {str(each.cloud): [each.old, each.new] for each in diffs},
    }


def change_lines(found: Diff) -> Iterator[tuple[SetChange, Sequence[str]]]:
    """Yield each change with its lines of text.

    The lines are `+ added`, `- removed` and `~ attribute: before → after`. A removed entry without a note is not in use any
    more.
    """
    moves = {(move.kind, move.value): move for move in found.moves}

    def entry(sign: str, kind: EntryKind, value: str, change: SetChange) -> str:
        move = moves.get((kind, value))
        there = (move.old if sign == "+" else move.new) if move else ()
        notes = [f"moved {'from' if sign == '+' else 'to'} {', '.join(there)}"] if there else []
        if sign == "+" and (day := found.day_of(change, value)):
            notes.append(f"in use from {day}")
        if sign == "-" and (still := found.listed.still(kind, value)) and (still.state != LISTED or not there):
            notes.append(f"{still.text}{', so nothing closes' if still.within(change.set.key) else ''}")
        return f"{sign} {value}" + (f"  ({'; '.join(notes)})" if notes else "")

    for change in found.changes:
        yield (
            change,
            [
                *(entry("+", HOST, value, change) for value in change.added_hosts),
                *(entry("+", PREFIX, value, change) for value in change.added_prefixes),
                *(entry("-", HOST, value, change) for value in change.removed_hosts),
                *(entry("-", PREFIX, value, change) for value in change.removed_prefixes),
                *(_attribute_lines(change) if change.disposition == CHANGE else ()),
                *(["= the same addresses, listed differently"] if _same_addresses(change) else ()),
            ],
        )


def summary(found: Diff) -> str:
    """Return the counts in one line.

    For example: `5 changes; addresses: 4 added, 4 removed; names: 0 added, 1 removed; 7 other attributes`.
    """
    n = found.counts
    return (
        f"{quantity(n.changes, 'change')}; addresses: {n.ips_added} added, {n.ips_removed} removed; "
        f"names: {n.urls_added} added, {n.urls_removed} removed; "
        f"{quantity(n.attributes, 'other attribute')}"
    )


def _attribute_lines(change: SetChange) -> Iterator[str]:
    for name, (old, new) in change.attributes.items():
        yield f"~ {name.replace('_', ' ')}: {_format(old)} → {_format(new)}"


def _format(value: object) -> str:
    return {True: "yes", False: "no", "": "none"}.get(value, str(value)) if isinstance(value, (bool, str)) else "none"


def _same_addresses(change: SetChange) -> bool:
    listed = change.added_prefixes or change.removed_prefixes
    return change.disposition == CHANGE and bool(listed) and not (change.opened or change.closed)


def _differs(before: EndpointSet | None, after: EndpointSet | None) -> bool:
    return before != after or (before is not None and after is not None and before.listed != after.listed)


def _attributes(endpoint_set: EndpointSet | None) -> dict[str, Any]:
    if endpoint_set is None:
        return dict.fromkeys(ATTRIBUTES)
    values = {name: getattr(endpoint_set, name) for name in ATTRIBUTES}
    return {**values, "tcp": str(endpoint_set.tcp), "udp": str(endpoint_set.udp)}


def _hosts(endpoint_set: EndpointSet | None) -> tuple[str, ...]:
    return tuple(h.text for h in endpoint_set.hosts) if endpoint_set else ()


def _prefixes(endpoint_set: EndpointSet | None) -> tuple[str, ...]:
    return endpoint_set.listed if endpoint_set else ()


def _space(endpoint_set: EndpointSet | None) -> PrefixSet:
    return endpoint_set.prefixes if endpoint_set else PrefixSet()


def _only_in_first(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    have = frozenset(others)
    return tuple(value for value in some if value not in have)
