"""What differs between two states of a cloud's list, by meaning: no order counts.

    diff(store.state(cloud, "2023080600"), store.state(cloud, "2023090300")).counts.to_dict()
        {'changes': 5, 'ips_added': 4, 'ips_removed': 4, 'urls_added': 0, 'urls_removed': 1, 'attributes': 7}

    >>> from perimeter365.history.reference import state
    >>> diff(state("embedded", None, Cloud.WORLDWIDE), state("embedded", None, Cloud.CHINA))
    Traceback (most recent call last):
    perimeter365.errors.InputError: the lists of worldwide and china have nothing to do with each other

A change is one endpoint set's. Entries are compared as they are listed: two /25 that become one /24 are three changed
entries, as upstream counts them, although no address opens or closes; `SetChange.opened` and `closed` say that.

Counts are those of upstream's RSS: entries and attributes of each changed set, so a prefix that four sets swap counts
four times. The attributes of a set that comes or goes count too, all seven that upstream has (with `notes`, which we
do not keep): that is the only way in which the item of 2023082900 (5 changes, 7 other attributes) adds up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

from perimeter365.errors import InputError
from perimeter365.model.change import EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.store.entries import HOST, PREFIX, EntryKind
from perimeter365.wire.names import ATTRIBUTES as UPSTREAM_ATTRIBUTES

SetAction = Literal["add", "remove", "change"]
ADD: Final = "add"
REMOVE: Final = "remove"
CHANGE: Final = "change"

ATTRIBUTES = ("area", "category", "required", "express_route", "tcp", "udp")
"""The attributes of a set that are kept and compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SetChange:
    """What happened to one endpoint set."""

    before: EndpointSet | None
    """None for a new set."""
    after: EndpointSet | None
    """None for a set that went."""

    @property
    def set(self) -> EndpointSet:
        """The set, as it is now, or was last."""
        found = self.after or self.before
        if found is None:
            raise InputError("a change needs a set before or after it")
        return found

    @property
    def disposition(self) -> SetAction:
        """`add`, `remove` or `change`."""
        return ADD if self.before is None else REMOVE if self.after is None else CHANGE

    @property
    def added_hosts(self) -> tuple[str, ...]:
        """Sorted."""
        return _less(_hosts(self.after), _hosts(self.before))

    @property
    def removed_hosts(self) -> tuple[str, ...]:
        """Sorted."""
        return _less(_hosts(self.before), _hosts(self.after))

    @property
    def added_prefixes(self) -> tuple[str, ...]:
        """As they are listed, IPv4 first, ascending."""
        return _less(_prefixes(self.after), _prefixes(self.before))

    @property
    def removed_prefixes(self) -> tuple[str, ...]:
        """As they were listed."""
        return _less(_prefixes(self.before), _prefixes(self.after))

    @property
    def opened(self) -> PrefixSet:
        """The addresses that the set has now and had not before."""
        return _space(self.after) - _space(self.before)

    @property
    def closed(self) -> PrefixSet:
        """The addresses that the set had before and has not any more."""
        return _space(self.before) - _space(self.after)

    def still_has(self, kind: EntryKind, value: str) -> bool:
        """Does the set, as it is now, hold a removed entry by another one: a wider prefix or pattern?"""
        if self.after is None:
            return False
        if kind == PREFIX:
            return value in self.after.prefixes
        pattern = HostPattern(value)
        return any(host.covers(pattern) for host in self.after.hosts)

    @property
    def closes(self) -> bool:
        """Is there a name or address that the set had and has not any more?"""
        return bool(self.closed) or any(not self.still_has(HOST, host) for host in self.removed_hosts)

    @property
    def attributes(self) -> Mapping[str, tuple[Any, Any]]:
        """Name -> (before, after) of those that changed; None where there was, or is, no set. Ports are text."""
        old, new = _attributes(self.before), _attributes(self.after)
        return {name: (old[name], new[name]) for name in ATTRIBUTES if old[name] != new[name]}

    @property
    def attribute_count(self) -> int:
        """How many attributes changed, as upstream counts (see the module)."""
        return len(self.attributes) if self.disposition == CHANGE else len(UPSTREAM_ATTRIBUTES)

    def to_dict(self) -> dict[str, Any]:
        """The change for JSON."""
        return {
            "id": self.set.requirement_id,
            "set": self.set.key,
            "disposition": self.disposition,
            "added": {"hosts": list(self.added_hosts), "prefixes": list(self.added_prefixes)},
            "removed": {"hosts": list(self.removed_hosts), "prefixes": list(self.removed_prefixes)},
            "attributes": {name: list(pair) for name, pair in self.attributes.items()},
        }


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Move:
    """An entry that left some sets and came to others in the same version."""

    kind: EntryKind
    """`host` or `prefix`."""
    value: str
    old: tuple[str, ...]
    """Keys of the sets that it left, e.g. ("worldwide/46",)."""
    new: tuple[str, ...]
    """Keys of the sets that it came to."""

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"kind": self.kind, "value": self.value, "from": list(self.old), "to": list(self.new)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The numbers of upstream's RSS description."""

    changes: int = 0
    ips_added: int = 0
    ips_removed: int = 0
    urls_added: int = 0
    urls_removed: int = 0
    attributes: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    def to_dict(self) -> dict[str, int]:
        """The numbers for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, kw_only=True, slots=True)
class Diff:
    """The differences of two states of one cloud."""

    cloud: Cloud
    old: Version
    """Version of the first state."""
    new: Version
    changes: tuple[SetChange, ...]
    """Ascending by the number of the set."""
    effective: EffectiveDates = field(default_factory=lambda: MappingProxyType({}))
    """Days from which additions are in use, where they are known."""

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def counts(self) -> Counts:
        """As upstream's RSS counts."""
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
        """Entries that left one set and came to another, names first."""
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

    def _entries(self, name: str) -> dict[str, list[str]]:
        """Entry -> keys of the sets that added, or removed, it."""
        found: dict[str, list[str]] = {}
        for change in self.changes:
            key = change.set.key
            for value in getattr(change, name):
                found.setdefault(value, []).append(key)
        return found

    def day_of(self, change: SetChange, value: str) -> date | None:
        """The day from which an addition is in use; None when upstream said none."""
        return self.effective.get((change.set.id, value))


def diff(old: State, new: State, effective: EffectiveDates | None = None) -> Diff:
    """What has to be done to `old` to become `new`.

    Args:
        old: one state.
        new: another one of the same cloud, older or newer.
        effective: days of announced additions; those of other entries do not matter.

    Raises:
        InputError: the states are of two clouds.
    """
    if old.cloud is not new.cloud:
        raise InputError(f"the lists of {old.cloud} and {new.cloud} have nothing to do with each other")
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
        effective=MappingProxyType(dict(effective or {})),
    )


def to_dict(diffs: Iterable[Diff]) -> dict[str, Any]:
    """One or more clouds' differences for JSON, with `moves` and the versions compared besides."""
    diffs = tuple(diffs)
    return {
        "changes": [change.to_dict() for each in diffs for change in each.changes],
        "counts": sum((each.counts for each in diffs), Counts()).to_dict(),
        "moves": [move.to_dict() for each in diffs for move in each.moves],
        "effective": [
            {"set": change.set.key, "value": value, "date": day.isoformat()}
            for each in diffs
            for change in each.changes
            for value in (*change.added_prefixes, *change.added_hosts)
            if (day := each.day_of(change, value))
        ],
        "versions": {str(each.cloud): [each.old, each.new] for each in diffs},
    }


def lines(found: Diff) -> Iterator[tuple[SetChange, Sequence[str]]]:
    """For people: each change with its lines, `+ added`, `- removed`, `~ attribute: before → after`."""
    moves = {(move.kind, move.value): move for move in found.moves}

    def entry(sign: str, kind: EntryKind, value: str, change: SetChange) -> str:
        move = moves.get((kind, value))
        there = (move.old if sign == "+" else move.new) if move else ()
        notes = [f"moved {'from' if sign == '+' else 'to'} {', '.join(there)}"] if there else []
        if sign == "+" and (day := found.day_of(change, value)):
            notes.append(f"in use from {day}")
        if sign == "-" and change.still_has(kind, value):
            notes.append("held by another entry of the set, so nothing closes")
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
                *(["= the same addresses, listed differently"] if _only_respelled(change) else ()),
            ],
        )


def summary(found: Diff) -> str:
    """One line: `5 changes; addresses: 4 added, 4 removed; names: 0 added, 1 removed; 7 other attributes`."""
    n = found.counts
    plural = "" if n.changes == 1 else "s"
    return (
        f"{n.changes} change{plural}; addresses: {n.ips_added} added, {n.ips_removed} removed; "
        f"names: {n.urls_added} added, {n.urls_removed} removed; "
        f"{n.attributes} other attribute{'' if n.attributes == 1 else 's'}"
    )


def _attribute_lines(change: SetChange) -> Iterator[str]:
    for name, (old, new) in change.attributes.items():
        yield f"~ {name.replace('_', ' ')}: {_word(old)} → {_word(new)}"


def _word(value: object) -> str:
    return {True: "yes", False: "no", "": "none"}.get(value, str(value)) if isinstance(value, (bool, str)) else "none"


def _only_respelled(change: SetChange) -> bool:
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


def _less(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    have = frozenset(others)
    return tuple(value for value in some if value not in have)
