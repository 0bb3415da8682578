"""What is in use today: additions that are announced may come ahead of their day, removals stay for a grace time.

    catalog_in_use("store.sqlite", profile, at=date(2030, 6, 15)).dates["worldwide/72"].entries[0].text
        'kept until 2030-07-01'
    effective(store, Cloud.WORLDWIDE, date(2030, 6, 15)).kept[0]
        Entry(endpoint_set=72, kind='host', value='old.example.com', day=date(2030, 7, 1))    # until then

    what happened                          what is in use
    an entry was removed                   it stays for the grace time of its set's category, counted from the day of the
                                           sync that saw it go (30 days, or what is given; 0 removes at once)
    a set was removed                      the same, with its last ports and category
    a set became not required, or moved    entries stay; a profile that selected it as it was has it for the grace time
     to another category or area
    an entry came back while it was kept   it is an ordinary entry again, also when it is announced for a day to come
    an announced entry was withdrawn       it goes at once: nobody has used it
    an entry is announced for a day        it is in use ahead of it, unless that is switched off
    ports changed                          the new ones hold at once, also for what is kept in a set that is still listed
    the operator's bound forbids it        what is kept goes at once; what upstream lists is refused when it is rendered
    a version is pinned, or rolled back    its list is what is in use, with what was removed before it; what came after
                                           it is not known. `unpin` does not start grace times anew

Only what syncs have seen counts, not imported recordings: with an embedded or recorded list nothing is kept, and before
the second sync nothing was removed. The day of today decides and is not told: what comes out names the entries and
their own days, so it is the same on two days unless one of these lies between them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, GRACE, KEPT, WAITING, EntryDate, EntryState, SetDates, grace_days
from perimeter365.model.endpoint_set import Area, EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SetKey, set_id
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import Category
from perimeter365.model.state import LIVE, State
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.profile import Profile
from perimeter365.store.entries import HOST, EntryKind
from perimeter365.store.intervals import list_entries
from perimeter365.store.reader import Reader, reader

ANNOUNCED = 120
"""How many days ago an addition may have been announced whose day is still to come; Microsoft's own rule is 30 days."""

_Key = tuple[int, EntryKind, str]
"""(number of the set, kind, value)."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Entry:
    """One entry that is not in the list of today as upstream has it, or not in use yet."""

    day: date
    """Of an addition: the first day of its use. Of a removal: the first day on which it is gone."""
    endpoint_set: int
    kind: EntryKind
    """`host` or `prefix`."""
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Effective:
    """A list as it is used today."""

    state: State
    kept: tuple[Entry, ...]
    """Removed by upstream, still in `state`, by day."""
    announced: tuple[Entry, ...]
    """Of a day to come; in `state` when `ahead`."""
    ahead: bool = True
    former: Mapping[int, tuple[tuple[EndpointSet, date], ...]] = field(default_factory=dict)
    """By number, as in `model.effective.SetDates`."""
    coming: tuple[EndpointSet, ...] = ()
    """Sets of `announced` entries alone, that are not in `state` at all."""

    def dates(self) -> Mapping[str, SetDates]:
        """The same by the key of the endpoint set, as a catalog holds it."""
        made: dict[int, list[EntryDate]] = {}
        both: dict[EntryState, tuple[Entry, ...]] = {KEPT: self.kept, AHEAD if self.ahead else WAITING: self.announced}
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
                coming=coming.get(number),
            )
            for number in sorted({*made, *self.former, *coming})
        }


def today_utc() -> date:
    """The day of today in UTC, as syncs note theirs."""
    return datetime.now(UTC).date()


def catalog_in_use(
    place: str,
    profile: Profile,
    *,
    at: date | None = None,
    grace: Mapping[str, int] | None = None,
    ahead: bool | None = None,
    constraints: Constraints = DEFAULTS,
) -> Catalog:
    """The embedded catalog with a store's lists in force as a profile uses them on a day; `Workspace.catalog_for` asks.

    Args:
        place: path or URL of the store.
        profile: whose `ahead` and `grace` count.
        at: the day; None for today in UTC.
        grace: days by category in place of the profile's; one left out has the profile's.
        ahead: in place of the profile's.
        constraints: the operator's bound.

    Raises:
        StoreError: there is no store, or it cannot be read.
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
    """The list in force as it is used on a day; None when nothing is in force.

    Args:
        store: where the versions are.
        cloud: whose list.
        today: the day.
        grace: days for which removals stay, by category; one left out has none.
        ahead: take additions before their day.
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
        said: dict[tuple[int, str], str] = {}
        if any(day.toordinal() > since for day in days.values()):
            since -= ANNOUNCED
            for record in store.records(cloud):
                said |= {key: record.version for key, day in record.effective_dates.items() if days.get(key) == day}
        states = _states(store, head, date.fromordinal(max(since, 1)))
        past = _Past(states, today, grace, {key: (day, said.get(key)) for key, day in days.items()})
    announced = tuple(
        sorted(
            Entry(day=day, endpoint_set=number, kind=kind, value=value)
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
    used = {number: s for number, s in sorted(made.items()) if s}
    gone = (Entry(day=day, endpoint_set=n, kind=kind, value=value) for (n, kind, value), (_, day) in kept.items())
    return Effective(
        state=replace(head, sets=tuple(used.values())),
        kept=tuple(sorted(gone)),
        announced=announced,
        ahead=ahead,
        former=MappingProxyType({n: found for n, s in used.items() if (found := _former(s, past.classes.get(n, ())))}),
        coming=tuple(sets[number] for number, s in made.items() if not s),
    )


class _Past:
    """What changed not long ago, and still counts on a day."""

    def __init__(
        self,
        states: Iterable[State],
        today: date,
        grace: Mapping[str, int],
        days: Mapping[tuple[int, str], tuple[date, str | None]],
    ) -> None:
        """`days` has, of announced additions, their days and the versions that announced them, if that is known."""
        self.kept: dict[_Key, tuple[EndpointSet, date]] = {}
        """What went -> its set as it was then, and the first day without the entry."""
        self.classes: dict[int, list[tuple[EndpointSet, date]]] = {}
        """Sets that were classified otherwise, as they were, and the first day on which that counts no more."""
        self.last: dict[int, EndpointSet] = {}
        """Sets that went, as they were last."""
        self.returned: set[_Key] = set()
        """What came back before its grace time was over, so that it was in use all the time."""
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
            for was in old.sets:
                if grace.get(was.category) and was.id in sets and _class(was) != _class(sets[was.id]):
                    self.classes.setdefault(was.id, []).append((was, new.day + timedelta(days=grace[was.category])))
        self.kept = {entry: (was, day) for entry, (was, day) in self.kept.items() if day > today}
        self.classes = {n: [each for each in found if each[1] > today] for n, found in self.classes.items()}


def _states(store: Reader, head: State, since: date) -> Iterator[State]:
    """The synced states up to the one in force, from the last one before a day on."""
    live = [v for v in store.versions(head.cloud) if v.origin == LIVE]
    at = next((i for i, v in enumerate(live) if v.version == head.version), -1)
    live = live[: at + 1]
    first = next((i for i, v in enumerate(live) if v.day >= since.isoformat()), len(live))
    for version in live[max(first - 1, 0) :]:
        yield store.state(head.cloud, version.version)


def _allowed(
    kept: Mapping[_Key, tuple[EndpointSet, date]], head: State, constraints: Constraints
) -> dict[_Key, tuple[EndpointSet, date]]:
    """Without what the operator's bound forbids, also together with what is listed."""
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


def _class(endpoint_set: EndpointSet) -> tuple[Area, Category, bool]:
    """What profiles select by."""
    return endpoint_set.area, endpoint_set.category, endpoint_set.required


def _former(now: EndpointSet, past: Iterable[tuple[EndpointSet, date]]) -> tuple[tuple[EndpointSet, date], ...]:
    """The set as it is, but classified as it was; once each, the latest first."""
    latest: dict[tuple[Area, Category, bool], date] = {}
    for was, day in past:
        if _class(was) != _class(now):
            latest[_class(was)] = max(day, latest.get(_class(was), day))
    found = [(replace(now, area=a, category=c, required=r), day) for (a, c, r), day in latest.items()]
    return tuple(sorted(found, key=lambda each: (each[1], _class(each[0])), reverse=True))


def _with(endpoint_set: EndpointSet, wanted: Iterable[tuple[EntryKind, str]]) -> EndpointSet | None:
    """The set with these entries; None when there are none."""
    wanted = set(wanted)
    hosts = sorted(HostPattern(value) for kind, value in wanted if kind == HOST)
    listed = listing(value for kind, value in wanted if kind != HOST)
    if not wanted:
        return None
    return replace(endpoint_set, hosts=tuple(hosts), prefixes=PrefixSet.parse(listed), listed=listed)
