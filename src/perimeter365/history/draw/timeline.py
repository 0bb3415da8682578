"""The changes of a list over time, by day, in lanes of service area and category.

    found = timeline(store, Cloud.WORLDWIDE, since="2023-08-06", until="2023-09-03")
    [(s.version, s.lane, len(s.added), len(s.removed)) for s in found.steps][:2]
        [('2023090300', 'teams/optimize', 1, 1), ('2023090300', 'teams/allow', 3, 3)]
    timeline(store, Cloud.WORLDWIDE, since="August")
        InputError: 'August' is neither a version (ten digits) nor a day (YYYY-MM-DD)

A step is the change that one version made in one lane: entries that were added, removed or moved between sets, and sets
that changed in another way (ports, category …). With a profile, the lanes are those of its plan, with one for each row
that refers to endpoint sets. Entries of a plan are compared by meaning: an address that another prefix of the flow already
contained is not an addition. The file is long, because steps, lanes and marks of a timeline are one calculation.

The day of a step is the day on which its version was first read (`State.day`). The change itself happened between that day
and the day of the version before. A picture has to show the versions, because there may have been others in between.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final, Literal

from perimeter365.errors import CatalogError, InputError, UnknownNameError
from perimeter365.history.diff import ADD, REMOVE, change_lines, diff
from perimeter365.history.remaining import ListedEntries, StillListed
from perimeter365.history.words import compare_plans
from perimeter365.model.area import AREAS
from perimeter365.model.catalog import Catalog
from perimeter365.model.change import EffectiveDates
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ids import row_id, row_number
from perimeter365.model.quantity import quantity
from perimeter365.model.requirement import CATEGORIES
from perimeter365.model.scenario import ROW_SCENARIOS
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.plan.profile import Profile
from perimeter365.sources.embedded import embedded
from perimeter365.store.entries import HOST, PREFIX, EntryKind, Resolution
from perimeter365.store.overlay import with_states
from perimeter365.store.reader import Reader, day_of

MarkKind = Resolution | Literal["held", "in-force", "pinned", "unresolved"]
HELD: Final = "held"
IN_FORCE: Final = "in-force"
PINNED: Final = "pinned"
UNRESOLVED: Final = "unresolved"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class TimelineEntry:
    """An address, prefix or name of a set or requirement."""

    id: str
    """For example `ws/worldwide/11` or `row/6/mrs-proxy`."""
    value: str
    note: str = ""
    """For example `in use from 2026-09-01`, `moved from worldwide/46` or `still listed in worldwide/1`."""
    still: StillListed | None = field(default=None, compare=False)
    """What the list still has of a removed entry; None if Microsoft has stopped using it, and for other entries."""

    def to_dict(self) -> dict[str, Any]:
        """Return the entry for JSON, without an empty note."""
        made: dict[str, Any] = {"id": self.id, "value": self.value, **({"note": self.note} if self.note else {})}
        return {**made, "still": self.still.to_dict()} if self.still else made


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineLane:
    """One lane of a timeline."""

    name: str
    """For example `exchange/optimize` or `row/6`."""

    @property
    def title(self) -> tuple[str, str]:
        """The two parts of the title, such as ("row 6", "mailbox-migration")."""
        if number := row_number(self.name):
            return f"row {number}", ROW_SCENARIOS[number - 1]
        area, _, category = self.name.partition("/")
        return area, category

    @property
    def place(self) -> tuple[int, int]:
        """The sort key of the lane: service areas first, then rows by number."""
        if number := row_number(self.name):
            return len(AREAS), number
        area, category = self.title
        return AREAS.index(area), CATEGORIES.index(category)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The changes that one version made in one lane; never empty."""

    version: Version
    day: date
    lane: str
    added: tuple[TimelineEntry, ...] = ()
    removed: tuple[TimelineEntry, ...] = ()
    moved: tuple[TimelineEntry, ...] = ()
    """Entries that moved from one set to another, in the lanes of both."""
    changed: tuple[str, ...] = ()
    """Other changes of sets, for example `ws/worldwide/11: udp: 3478 → 3478-3481`."""

    def to_dict(self) -> dict[str, Any]:
        """Return the step for JSON."""
        made: dict[str, Any] = {"version": self.version, "day": self.day.isoformat(), "lane": self.lane}
        for kind in ("added", "removed", "moved"):
            made[kind] = [entry.to_dict() for entry in getattr(self, kind)]
        return {**made, "changed": list(self.changed)}


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Mark:
    """An event of a list as a whole."""

    day: date
    kind: MarkKind
    """`held` or the outcome of a held state, `in-force`, `pinned`, or `unresolved` (a row lost its addresses)."""
    text: str

    def to_dict(self) -> dict[str, str]:
        """Return the mark for JSON."""
        return {"day": self.day.isoformat(), "kind": self.kind, "text": self.text}


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The changes of one cloud's list between two of its versions."""

    cloud: Cloud
    organization: str = ""
    """The organization of the plan; "" for the whole list."""
    versions: tuple[tuple[str, date], ...]
    """Versions and their days, oldest first; at least one. The second is compared with the first, and so on."""
    lanes: tuple[TimelineLane, ...]
    """The lanes that had entries at some time, with or without changes."""
    steps: tuple[Step, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def first(self) -> date:
        """The first day of the timeline."""
        return self.versions[0][1]

    @property
    def last(self) -> date:
        """The last day of the timeline: that of the last version, or of a later mark."""
        return max(self.versions[-1][1], *(mark.day for mark in self.marks), self.first)

    @property
    def heading(self) -> str:
        """The heading, such as `Worldwide: 40 versions, 2020-08-01 to 2026-08-02`.

        The heading of a plan begins with the name of the organization.
        """
        count = quantity(len(self.versions), "version")
        what = f"{self.organization}, {self.cloud.title}" if self.organization else self.cloud.title
        return f"{what}: {count}, {self.versions[0][1]} to {self.versions[-1][1]}"

    def of(self, lane: TimelineLane) -> tuple[Step, ...]:
        """Return the steps of a lane, oldest first."""
        return tuple(step for step in self.steps if step.lane == lane.name)

    def only(self, names: Sequence[str]) -> "Timeline":
        """Return the timeline with these lanes.

        Raises UnknownNameError for a lane that the timeline does not have.
        """
        known = {lane.name for lane in self.lanes}
        for name in names:
            if name not in known:
                raise UnknownNameError("lane of the timeline", name, known)
        return replace(
            self,
            lanes=tuple(lane for lane in self.lanes if lane.name in names),
            steps=tuple(step for step in self.steps if step.lane in names),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the timeline for JSON; `organization` is null for the whole list."""
        return {
            "cloud": str(self.cloud),
            "organization": self.organization or None,
            "versions": [{"version": version, "day": day.isoformat()} for version, day in self.versions],
            "lanes": [lane.name for lane in self.lanes],
            "steps": [step.to_dict() for step in self.steps],
            "marks": [mark.to_dict() for mark in self.marks],
        }


def timeline(
    store: Reader,
    cloud: Cloud,
    since: str = "",
    until: str = "",
    *,
    profile: Profile | None = None,
    catalog: Catalog | None = None,
) -> Timeline | None:
    """Return the changes of a cloud's list.

    Args:
        store: the store with the versions.
        cloud: the cloud of the list.
        since: a version (ten digits, need not exist) or a day. The timeline begins with the newest version at that time;
            "" for all versions.
        until: a version or a day, at which the timeline ends; "" for the newest version.
        profile: show only changes of this organization's plan.
        catalog: the catalog with the rows of the plan; None for the embedded one.

    Returns:
        The timeline, or None if the store has no version of the cloud up to `until`.

    Raises:
        InputError: `since` or `until` is neither a version nor a day, or `since` is later than `until`.
    """
    with store.reading():
        states = list(store.states(cloud))
        days = _days(states)
        start, stop = (_newest(text, states, days) for text in (since, until))
        if start is not None and stop is not None and start > stop:
            raise InputError(f"{since} is later than {until}", help="give the older version or day first")
        chosen = slice(max(start or 0, 0), None if stop is None else stop + 1)
        states, days = states[chosen], days[chosen]
        if not states:
            return None
        effective = store.effective(cloud)
        marks = [
            mark
            for mark in _marks(store, cloud, states, days)
            if days[0] <= mark.day and (not until or mark.day <= days[-1])
        ]
    drawn = _PlanSteps(cloud, profile, catalog or embedded()) if profile else _ListSteps(cloud, effective)
    steps = [step for i, (old, new) in enumerate(pairwise(states), 1) for step in drawn.steps(old, new, days[i])]
    lanes = {*drawn.lanes(states), *(step.lane for step in steps)}
    return Timeline(
        cloud=cloud,
        organization=profile.name if profile else "",
        versions=tuple((state.version, day) for state, day in zip(states, days, strict=True)),
        lanes=tuple(sorted((TimelineLane(name=name) for name in lanes), key=lambda lane: lane.place)),
        steps=tuple(sorted(steps, key=lambda step: (step.day, step.version, TimelineLane(name=step.lane).place))),
        marks=tuple(sorted([*marks, *drawn.marks], key=lambda mark: mark.day)),
    )


@dataclass
class _ListSteps:
    """The steps of a list: changes of entries as listed."""

    cloud: Cloud
    effective: EffectiveDates
    marks: list[Mark] = field(default_factory=list)

    def lanes(self, states: Sequence[State]) -> set[str]:
        return {_lane(s) for state in states for s in state.sets}

    def steps(self, old: State, new: State, day: date) -> Iterator[Step]:
        found = diff(old, new, self.effective)
        moves = {(move.kind, move.value): move for move in found.moves}
        lane_of: dict[str, str] = {change.set.key: _lane(change.after) for change in found.changes if change.after}
        builders: dict[str, _StepBuilder] = defaultdict(_StepBuilder)
        for change, words in change_lines(found):
            identity = change.set.requirement_id
            for kind, value in _kinds(change.added_hosts, change.added_prefixes):
                into, move = builders[_lane(change.set)], moves.get((kind, value))
                day_of = found.day_of(change, value)
                note = f"moved from {', '.join(move.old)}" if move else f"in use from {day_of}" if day_of else ""
                (into.moved if move else into.added).append(TimelineEntry(id=identity, value=value, note=note))
            for kind, value in _kinds(change.removed_hosts, change.removed_prefixes):
                lane, move = _lane(change.before or change.set), moves.get((kind, value))
                if not move:
                    still = found.listed.still(kind, value)
                    note = still.text if still else ""
                    builders[lane].removed.append(TimelineEntry(id=identity, value=value, note=note, still=still))
                elif lane not in {lane_of[key] for key in move.new}:
                    note = f"moved to {', '.join(move.new)}"
                    builders[lane].moved.append(TimelineEntry(id=identity, value=value, note=note))
            news = {ADD: ["new"], REMOVE: ["removed"]}.get(change.disposition, [])
            news += [line[2:] for line in words if line[0] in "~="]
            builders[_lane(change.set)].changed += [f"{identity}: {text}" for text in news]
        yield from _build_steps(builders, new.version, day)


@dataclass
class _PlanSteps:
    """The steps of an organization's plan: changes of its flows and sites."""

    cloud: Cloud
    profile: Profile
    catalog: Catalog
    marks: list[Mark] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)

    def lanes(self, states: Sequence[State]) -> set[str]:
        """Return the lanes of flows that refer to endpoint sets."""
        return {_lane_of(flow) for state in states for flow in self._plan(state).flows if flow.sets}

    def steps(self, old: State, new: State, day: date) -> Iterator[Step]:
        listed = ListedEntries(with_states(self.catalog, [new]).endpoint_sets(self.cloud))
        found = compare_plans(self._plan(old), self._plan(new), {self.cloud: listed})
        builders: dict[str, _StepBuilder] = defaultdict(_StepBuilder)
        for change in found.flows:
            flow, into = change.flow, builders[_lane_of(change.flow)]
            into.added += _of(flow.id, (*change.added_hosts, *change.opened))
            into.removed += _of(flow.id, (*change.removed_hosts, *change.closed), change.still)
            news = ["new"] if change.before is None else ["removed"] if change.after is None else []
            news += [f"{name}: {before} → {after}" for name, before, after in change.altered]
            into.changed += [f"{flow.id}: {text}" for text in news]
        for sites, kind in ((found.added_sites, "added"), (found.removed_sites, "removed")):
            for site in sites:
                getattr(builders[site.id.scope], kind).extend(_of(site.id, [f"{site.scheme}://{site.host}"]))
        self.marks += [Mark(day=day, kind=UNRESOLVED, text=text) for text in found.lost]
        yield from _build_steps(builders, new.version, day)

    def _plan(self, state: State) -> Plan:
        if state.version not in self.plans:
            own = replace(self.profile, clouds=(self.cloud,))
            self.plans[state.version] = make_plan(with_states(self.catalog, [state]), own)
        return self.plans[state.version]


@dataclass
class _StepBuilder:
    """A step that is being built."""

    added: list[TimelineEntry] = field(default_factory=list)
    removed: list[TimelineEntry] = field(default_factory=list)
    moved: list[TimelineEntry] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def _build_steps(builders: dict[str, _StepBuilder], version: Version, day: date) -> Iterator[Step]:
    for lane, each in builders.items():
        if each.added or each.removed or each.moved or each.changed:
            yield Step(
                version=version,
                day=day,
                lane=lane,
                added=tuple(each.added),
                removed=tuple(each.removed),
                moved=tuple(each.moved),
                changed=tuple(each.changed),
            )


def _lane(endpoint_set: EndpointSet) -> str:
    return f"{endpoint_set.area}/{endpoint_set.category}"


def _lane_of(flow: PlanFlow) -> str:
    return row_id(flow.row) if flow.row else f"{flow.scenario}/{flow.category}"


def _kinds(hosts: Sequence[str], prefixes: Sequence[str]) -> Iterator[tuple[EntryKind, str]]:
    yield from ((HOST, host) for host in hosts)
    yield from ((PREFIX, prefix) for prefix in prefixes)


def _of(identity: str, values: Iterable[object], still: Iterable[StillListed] = ()) -> list[TimelineEntry]:
    notes = {found.value: found for found in still}
    return [
        TimelineEntry(id=identity, value=value, note=found.text if found else "", still=found)
        for value in map(str, values)
        for found in [notes.get(value)]
    ]


def _days(states: Sequence[State]) -> list[date]:
    """Return the day of each state, in ascending order.

    A version without a valid day has the day of the version before it.
    """
    found: list[date] = []
    for state in states:
        try:
            day = state.day
        except CatalogError:
            day = date.min
        found.append(max(day, found[-1]) if found else day)
    first = next((day for day in found if day > date.min), date(1970, 1, 1))
    return [max(day, first) for day in found]


def _newest(text: str, states: Sequence[State], days: Sequence[date]) -> int | None:
    """Return the index of the newest state at a version or day.

    The index is -1 before the first state, and None for an empty text.
    """
    if not text:
        return None
    if Version.fits(text):
        return sum(state.version <= text for state in states) - 1
    limit = day_of(text)
    return sum(day <= limit for day in days) - 1


def _marks(store: Reader, cloud: Cloud, states: Sequence[State], days: Sequence[date]) -> Iterator[Mark]:
    """Yield the marks of held states and of the version in force."""
    for held in store.held(resolved=True):
        if held.cloud is cloud:
            codes = ", ".join(dict.fromkeys(reason.code for reason in held.reasons))
            yield Mark(day=_day(held.at), kind=HELD, text=f"{held.version} was held: {codes}")
            if held.resolved:
                yield Mark(day=_day(held.resolved_at), kind=held.resolved, text=f"{held.version}: {held.resolved}")
    for force in store.in_force():
        for state, day in zip(states, days, strict=True):
            if force.cloud is cloud and state.version == force.version:
                status = "is in force and pinned" if force.pinned else "is in force"
                yield Mark(day=day, kind=PINNED if force.pinned else IN_FORCE, text=f"{state.version} {status}")


def _day(instant: str) -> date:
    return datetime.fromisoformat(instant).date()
