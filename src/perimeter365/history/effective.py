"""The effective list of a day, with early additions and kept removals.

    effective_catalog("store.sqlite", profile, at=date(2030, 6, 15)).dates["worldwide/72"].entries[0].text
        'kept until 2030-07-01'
    effective(store, Cloud.WORLDWIDE, date(2030, 6, 15)).kept[0]
        DatedEntry(endpoint_set=72, kind='host', value='old.example.com', day=date(2030, 7, 1))    # gone from that day

    change of the list                        effective list
    an entry is removed                       The entry stays for the grace time of its set's category, from the day of the
                                              sync that found the removal (default 30 days; 0 removes at once).
    a set is removed                          The same, with the last ports and category of the set.
    a set is not required any more, or its    Entries stay. Profiles that selected the set by its former attributes
     category or area changes                 keep it for the grace time, and so does what a target chooses by them.
    a kept entry is listed again              It is an ordinary entry, even if it is announced for a later day.
    an announced entry is withdrawn           It is removed at once, because it was never in use.
    an entry is announced for a later day     It is included, unless `ahead` is off.
    a set loses ports                         The ports stay for the grace time of its category, for all entries of the
                                              set: a set is one flow, so a kept port is open for new entries too.
    a set gains ports                         They apply at once, also to kept entries. A kept port that is listed again
                                              is an ordinary one.
    the operator's bound forbids an entry     A kept entry is removed at once. A listed one is refused by `render`.
    a version is pinned or rolled back        The list of that version, with entries that were removed before it. Later
                                              versions are ignored. `unpin` does not restart grace times.

Only synced versions count, not imported ones: with an embedded or recorded list nothing is kept, and before the second sync
nothing was removed. The day itself is not part of the result, only entries with their days. So the results of two days are
equal unless the day of an entry lies between them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from perimeter365.model.area import Area
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import (
    AHEAD,
    GRACE,
    KEPT,
    PORTS,
    TCP,
    UDP,
    WAITING,
    EntryDate,
    EntryDateKind,
    EntryState,
    SetDates,
    grace_days,
)
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SetKey, set_id
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import Category
from perimeter365.model.state import LIVE, State
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.profile import Profile
from perimeter365.store.entries import HOST, EntryKind
from perimeter365.store.intervals import list_entries
from perimeter365.store.reader import Reader, reader

MAX_ANNOUNCEMENT = 120
"""The longest time in days from an announcement to its effective date. Microsoft's own rule is 30 days."""

_Key = tuple[int, EntryKind, str]
"""(set number, kind, value)."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class DatedEntry:
    """An entry or port range in its grace time, or an entry that is announced."""

    day: date
    """For an addition, the first day of use; for a removal, the first day without the entry."""
    endpoint_set: int
    kind: EntryDateKind
    """`host`, `prefix`, `tcp` or `udp`."""
    value: str
    """As of `model.effective.EntryDate`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effective:
    """The effective list of a day."""

    state: State
    """The list, with kept entries and, if `ahead` is true, announced ones."""
    kept: tuple[DatedEntry, ...]
    """Entries and ports of `state` that upstream removed, by day."""
    announced: tuple[DatedEntry, ...]
    """Entries with a later effective date, by day."""
    ahead: bool = True
    """True if `state` contains the announced entries."""
    former: Mapping[int, tuple[tuple[EndpointSet, date], ...]] = field(default_factory=dict)
    """Set number -> the set with its former attributes, as in `model.effective.SetDates`."""
    coming: tuple[EndpointSet, ...] = ()
    """Sets with only announced entries that are not in `state`."""

    def dates(self) -> Mapping[str, SetDates]:
        """Return the dates by the key of the endpoint set, as a catalog contains them."""
        made: dict[int, list[EntryDate]] = {}
        both: dict[EntryState, tuple[DatedEntry, ...]] = {KEPT: self.kept, AHEAD if self.ahead else WAITING: self.announced}
        for state, found in both.items():
            for e in found:
                flow = set_id(self.state.cloud, e.endpoint_set)
                dated = EntryDate(day=e.day, cloud=self.state.cloud, id=flow, value=e.value, state=state)
                made.setdefault(e.endpoint_set, []).append(dated)
        coming = {s.id: s for s in self.coming}
        return {
            SetKey.of(self.state.cloud, number): SetDates(
                entries=tuple(sorted(made.get(number, ()))),
                former=self.former.get(number, ()),
                announced_set=coming.get(number),
            )
            for number in sorted({*made, *self.former, *coming})
        }


def today_utc() -> date:
    """Return the current day in UTC. The days of syncs are in UTC too."""
    return datetime.now(UTC).date()


def effective_catalog(
    place: str,
    profile: Profile,
    *,
    at: date | None = None,
    grace: Mapping[str, int] | None = None,
    ahead: bool | None = None,
    constraints: Constraints = DEFAULTS,
) -> Catalog:
    """Return the embedded catalog with the effective lists of a store.

    `Workspace.catalog_for` is the public entry point.

    Args:
        place: path or URL of the store.
        profile: the profile with `ahead` and `grace`.
        at: the day; None for today in UTC.
        grace: grace times in days by category; a missing category has that of the profile.
        ahead: overrides `ahead` of the profile.
        constraints: the operator's bound.

    Raises:
        StoreError: the store does not exist or cannot be read.
        InputError: a grace time is out of range.
    """
    from perimeter365.sources.embedded import embedded
    from perimeter365.store.overlay import with_states

    days = grace_days({**profile.grace, **(grace or {})})
    early = profile.ahead if ahead is None else ahead
    states: list[State] = []
    dates: dict[str, SetDates] = {}
    with reader(place) as opened, opened.reading():
        for cloud in (each.cloud for each in opened.in_force()):
            found = effective(opened, cloud, at or today_utc(), grace=days, ahead=early, constraints=constraints)
            if found:
                states.append(found.state)
                dates.update(found.dates())
    return with_states(embedded(), states, dates)


def effective(
    store: Reader,
    cloud: Cloud,
    today: date,
    *,
    grace: Mapping[str, int] = GRACE,
    ahead: bool = True,
    constraints: Constraints = DEFAULTS,
) -> Effective | None:
    """Return the effective list of a cloud on a day, or None if no list is in force.

    Args:
        store: the store with the versions.
        cloud: the cloud of the list.
        today: the day.
        grace: grace times in days by category; a missing category has none.
        ahead: include additions before their effective date.
        constraints: the operator's bound.

    Raises:
        InputError: a grace time is out of range, or its category does not exist.
    """
    grace_days(grace)
    with store.reading():
        head = store.head(cloud)
        if head is None:
            return None
        listed = list_entries(head.sets)
        days = store.effective(cloud)
        future = {(n, kind, v): day for n, kind, v in listed if (day := days.get((n, v))) and day > today}
        since = today.toordinal() - max(grace.values(), default=0)
        announced_in: dict[tuple[int, str], str] = {}
        if any(day.toordinal() > since for day in days.values()):
            since -= MAX_ANNOUNCEMENT
            for record in store.records(cloud):
                dated = record.effective_dates.items()
                announced_in |= {key: record.version for key, day in dated if days.get(key) == day}
        states = _states(store, head, date.fromordinal(max(since, 1)))
        past = _RecentChanges(states, today, grace, {key: (day, announced_in.get(key)) for key, day in days.items()})
    announced = tuple(
        sorted(
            DatedEntry(day=day, endpoint_set=number, kind=kind, value=value)
            for (number, kind, value), day in future.items()
            if (number, kind, value) not in past.returned
        )
    )
    kept = _allowed(past.kept, head, constraints)
    late = set() if ahead else {(a.endpoint_set, a.kind, a.value) for a in announced}
    wanted = {*listed, *kept} - late
    touched = {number for number, _, _ in (*kept, *late)}
    sets = {**{number: past.last[number] for number, _, _ in kept if number in past.last}, **head.by_id}
    made = {
        s.id: _with(s, ((kind, value) for number, kind, value in wanted if number == s.id)) if s.id in touched else s
        for s in sets.values()
    }
    gone = [DatedEntry(day=day, endpoint_set=n, kind=kind, value=value) for (n, kind, value), (_, day) in kept.items()]
    used = {}
    for number, s in sorted(made.items()):
        if s:
            ranges = past.kept_ports(s)
            for (name, ports), day in ranges.items():
                gone.append(DatedEntry(day=day, endpoint_set=number, kind=name, value=f"{name} {ports}"))
            used[number] = _with_ports(s, ranges) if ranges else s
    return Effective(
        state=replace(head, sets=tuple(used.values())),
        kept=tuple(sorted(gone)),
        announced=announced,
        ahead=ahead,
        former=MappingProxyType({n: found for n, s in used.items() if (found := _former(s, past.classes.get(n, ())))}),
        coming=tuple(sets[number] for number, s in made.items() if not s),
    )


class _RecentChanges:
    """Removals and changed attributes whose grace time includes a day."""

    def __init__(
        self,
        states: Iterable[State],
        today: date,
        grace: Mapping[str, int],
        days: Mapping[tuple[int, str], tuple[date, str | None]],
    ) -> None:
        """Compare consecutive states.

        `days` maps announced additions to the effective date and the version that announced it, or None if the version is
        not known.
        """
        self.kept: dict[_Key, tuple[EndpointSet, date]] = {}
        """Removed entry -> its set before the removal, and the first day without the entry."""
        self.classes: dict[int, list[tuple[EndpointSet, date]]] = {}
        """Set number -> the set with its former attributes, and the first day on which they do not count any more."""
        self.last: dict[int, EndpointSet] = {}
        """Set number -> the last state of a removed set."""
        self.ports: dict[tuple[int, EntryDateKind], list[tuple[PortSet, date]]] = {}
        """Set number and protocol -> ports that the set lost and did not get back, each with the first day without them.
        A removed set has lost all of its ports."""
        self.returned: set[_Key] = set()
        """Entries that were listed again within their grace time, so they were in use all the time."""
        fresh: dict[_Key, date] = {}
        for old, new in pairwise(states):
            before, after, had, sets = list_entries(old.sets), list_entries(new.sets), old.by_id, new.by_id
            self.last.update((was.id, was) for was in old.sets if was.id not in sets)
            for entry in before - after:
                was = had[entry[0]]
                self.returned.discard(entry)
                used_from = fresh.pop(entry, new.day)
                if grace.get(was.category) and used_from <= new.day:
                    self.kept[entry] = (was, new.day + timedelta(days=grace[was.category]))
            for entry in after - before:
                if entry in self.kept and self.kept.pop(entry)[1] > new.day:
                    self.returned.add(entry)
                elif (found := days.get((entry[0], entry[2]))) and found[1] in (new.version, None):
                    fresh[entry] = found[0]
            self._compare_attributes(old, new, grace)
        self.kept = {entry: (was, day) for entry, (was, day) in self.kept.items() if day > today}
        self.classes = {n: [each for each in found if each[1] > today] for n, found in self.classes.items()}
        self.ports = {key: [each for each in found if each[1] > today] for key, found in self.ports.items()}

    def _compare_attributes(self, old: State, new: State, grace: Mapping[str, int]) -> None:
        """Add the lost ports and the changed classifications of sets."""
        sets = new.by_id
        for key, found in self.ports.items():
            self.ports[key] = [(ports - _ports(sets.get(key[0]), key[1]), day) for ports, day in found]
        for was in old.sets:
            if not grace.get(was.category):
                continue
            day = new.day + timedelta(days=grace[was.category])
            for name in PORTS:
                if lost := _ports(was, name) - _ports(sets.get(was.id), name):
                    self.ports.setdefault((was.id, name), []).append((lost, day))
            if was.id in sets and _class(was) != _class(sets[was.id]):
                self.classes.setdefault(was.id, []).append((was, day))

    def kept_ports(self, endpoint_set: EndpointSet) -> dict[tuple[EntryDateKind, PortSet], date]:
        """Return the ranges in their grace time that a set does not have itself.

        The keys are the protocol and the range; the values the first day without it.
        """
        found = {}
        for name in PORTS:
            for ports, day in self.ports.get((endpoint_set.id, name), ()):
                found.update({(name, PortSet([span])): day for span in ports - _ports(endpoint_set, name)})
        return found


def _states(store: Reader, head: State, since: date) -> Iterator[State]:
    """Yield the synced states from the last one before a day to the one in force."""
    live = [v for v in store.versions(head.cloud) if v.origin == LIVE]
    at = next((i for i, v in enumerate(live) if v.version == head.version), -1)
    live = live[: at + 1]
    first = next((i for i, v in enumerate(live) if v.day >= since.isoformat()), len(live))
    for version in live[max(first - 1, 0) :]:
        yield store.state(head.cloud, version.version)


def _allowed(
    kept: Mapping[_Key, tuple[EndpointSet, date]], head: State, constraints: Constraints
) -> dict[_Key, tuple[EndpointSet, date]]:
    """Return the kept entries that the operator's bound allows.

    A kept prefix must also be allowed when it is merged with the listed ones.
    """
    space = PrefixSet()
    for s in head.sets:
        space |= s.prefixes
    found = {}
    for entry, (was, day) in sorted(kept.items(), key=lambda item: (item[1][1], item[0]), reverse=True):
        _, kind, value = entry
        if kind == HOST:
            if constraints.host_problem(HostPattern(value)):
                continue
        else:
            prefix = Prefix.parse(value)
            joined = space | PrefixSet.of([prefix])
            around = next(p for p in joined if prefix in PrefixSet.of([p]))
            if constraints.address_problem(PrefixSet.of([prefix])) or around.length < constraints.shortest[prefix.family]:
                continue
            space = joined
        found[entry] = (was, day)
    return found


def _ports(endpoint_set: EndpointSet | None, protocol: str) -> PortSet:
    """Return the ports of a set for `tcp` or `udp`; none for a set that is not listed."""
    if endpoint_set is None:
        return PortSet()
    return endpoint_set.tcp if protocol == TCP else endpoint_set.udp


def _class(endpoint_set: EndpointSet) -> tuple[Area, Category, bool]:
    """Return the attributes by which profiles select a set."""
    return endpoint_set.area, endpoint_set.category, endpoint_set.required


def _former(now: EndpointSet, past: Iterable[tuple[EndpointSet, date]]) -> tuple[tuple[EndpointSet, date], ...]:
    """Return the set with each of its former attributes once, the latest first."""
    latest: dict[tuple[Area, Category, bool], date] = {}
    for was, day in past:
        if _class(was) != _class(now):
            latest[_class(was)] = max(day, latest.get(_class(was), day))
    found = [(replace(now, area=a, category=c, required=r), day) for (a, c, r), day in latest.items()]
    return tuple(sorted(found, key=lambda each: (each[1], _class(each[0])), reverse=True))


def _with_ports(endpoint_set: EndpointSet, more: Iterable[tuple[EntryDateKind, PortSet]]) -> EndpointSet:
    """Return the set with further ports."""
    both = {name: _ports(endpoint_set, name) for name in PORTS}
    for name, ports in more:
        both[name] |= ports
    return replace(endpoint_set, tcp=both[TCP], udp=both[UDP])


def _with(endpoint_set: EndpointSet, wanted: Iterable[tuple[EntryKind, str]]) -> EndpointSet | None:
    """Return the set with these entries, or None if there are none."""
    wanted = set(wanted)
    hosts = sorted(HostPattern(value) for kind, value in wanted if kind == HOST)
    listed = listing(value for kind, value in wanted if kind != HOST)
    if not wanted:
        return None
    return replace(endpoint_set, hosts=tuple(hosts), prefixes=PrefixSet.parse(listed), listed=listed)
