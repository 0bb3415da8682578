"""The differences between two plans of one organization, as sentences.

    found = compare_plans(make_plan(old_catalog, profile), make_plan(new_catalog, profile))
    found.sentences
        ('opens 1 prefix for Teams media (ws/worldwide/11): 2603:1063:200::/39', …, 'affects row 10')
    found.rows
        (10,)

Plans are compared by meaning: an address that another entry of the same flow already contained is not an addition, sets that
the profile does not select are left out, and rows that refer to a changed set are named.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from perimeter365.history.remaining import ListedEntries, StillListed
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.quantity import quantity
from perimeter365.model.scenario import ROW_SCENARIOS
from perimeter365.model.state import State
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan, PlanFlow, PlanRecord, PlanSite, PlanWarning
from perimeter365.plan.profile import Profile
from perimeter365.store.entries import HOST, PREFIX
from perimeter365.store.overlay import with_states

_AREAS = {
    "common": "Microsoft 365 common and Office",
    "exchange": "Exchange Online",
    "sharepoint": "SharePoint and OneDrive",
    "teams": "Teams",
    "intune": "Intune",
}
_MEDIA = range(3478, 3482)
"""The UDP ports of audio and video.

Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/urls-and-ip-address-ranges#microsoft-teams
"""

_ACTED_ON = tuple(
    key for key in PlanFlow.KEYS if key not in ("id", "cloud", "scenario", "row", "sets", "condition", "evidence")
)
"""Keys of a flow that are compared: all but those that identify, group or explain it."""

_SHOWN = 4
"""The maximum number of entries in a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowChange:
    """The change of one flow of a plan."""

    before: PlanFlow | None
    after: PlanFlow | None
    listed: ListedEntries | None = field(default=None, compare=False, repr=False)
    """The entries of the cloud's new list; None if two plans of one list are compared."""

    @property
    def flow(self) -> PlanFlow:
        """The flow after the change; for a removed flow, the flow before it."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 (compare_plans makes no other)
        return found

    @property
    def opened(self) -> PrefixSet:
        """The added addresses of Microsoft's side."""
        return _space(self.after) - _space(self.before)

    @property
    def closed(self) -> PrefixSet:
        """The removed addresses of Microsoft's side."""
        return _space(self.before) - _space(self.after)

    @property
    def added_hosts(self) -> tuple[str, ...]:
        """The added names of Microsoft's side, sorted."""
        return tuple(sorted(_hosts(self.after) - _hosts(self.before)))

    @property
    def removed_hosts(self) -> tuple[str, ...]:
        """The removed names of Microsoft's side, sorted."""
        return tuple(sorted(_hosts(self.before) - _hosts(self.after)))

    @property
    def ours_added(self) -> tuple[str, ...]:
        """The added values of the organization's own ends: `mrs-proxy 203.0.113.0/24`."""
        return tuple(sorted(_own(self.after) - _own(self.before)))

    @property
    def ours_removed(self) -> tuple[str, ...]:
        """The removed addresses and names of the organization's own ends."""
        return tuple(sorted(_own(self.before) - _own(self.after)))

    @property
    def altered(self) -> tuple[tuple[str, str, str], ...]:
        """The changed attributes of a flow in both plans: (name, before, after)."""
        old, new = self.before, self.after
        if old is None or new is None:
            return ()
        pairs = (
            ("source", old.source.role, new.source.role),
            ("destination", old.destination.role, new.destination.role),
            ("TCP ports", str(old.tcp) or "none", str(new.tcp) or "none"),
            ("UDP ports", str(old.udp) or "none", str(new.udp) or "none"),
            ("category", str(old.category), str(new.category)),
            ("required status", _yes_no(old.required), _yes_no(new.required)),
            ("TLS inspection", old.tls_inspection, new.tls_inspection),
            ("paths", ", ".join(old.path) or "all", ", ".join(new.path) or "all"),
        )
        return tuple(each for each in pairs if each[1] != each[2])

    @property
    def still(self) -> tuple[StillListed, ...]:
        """What the cloud's list still has of the removed names and addresses."""
        if self.listed is None:
            return ()
        hosts = (self.listed.still(HOST, value) for value in self.removed_hosts)
        prefixes = (self.listed.still(PREFIX, str(value)) for value in self.closed)
        return tuple(found for found in (*hosts, *prefixes) if found)

    def __bool__(self) -> bool:
        return _compared_fields(self.before) != _compared_fields(self.after)

    def to_dict(self) -> dict[str, Any]:
        """Return the change for JSON."""
        return {
            "id": self.flow.id,
            "cloud": str(self.flow.cloud),
            "row": self.flow.row,
            "disposition": "add" if self.before is None else "remove" if self.after is None else "change",
            "opened": [str(p) for p in self.opened],
            "closed": [str(p) for p in self.closed],
            "added_hosts": list(self.added_hosts),
            "removed_hosts": list(self.removed_hosts),
            "ours_added": list(self.ours_added),
            "ours_removed": list(self.ours_removed),
            "attributes": {name: [old, new] for name, old, new in self.altered},
            **({"still": [found.to_dict() for found in self.still]} if self.still else {}),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanDiff:
    """The differences between two plans of one organization."""

    organization: str
    flows: tuple[FlowChange, ...]
    added_sites: tuple[PlanSite, ...]
    removed_sites: tuple[PlanSite, ...]
    lost: tuple[str, ...]
    """The plan's warnings about rows that refer to sets which are not in the new list."""
    added_records: tuple[PlanRecord, ...] = ()
    removed_records: tuple[PlanRecord, ...] = ()
    added_decisions: tuple[PlanWarning, ...] = ()
    """The decisions that the old plan does not have, except those of `lost`."""
    removed_decisions: tuple[PlanWarning, ...] = ()

    def __bool__(self) -> bool:
        sites, records = self.added_sites or self.removed_sites, self.added_records or self.removed_records
        return bool(self.flows or sites or records or self.lost or self.added_decisions or self.removed_decisions)

    @property
    def rows(self) -> tuple[int, ...]:
        """The numbers of the rows whose flows or sites changed, ascending."""
        found = {c.flow.row for c in self.flows} | {s.row for s in (*self.added_sites, *self.removed_sites)}
        return tuple(sorted(row for row in found if row))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The differences, one in each sentence; () if the plans are equal."""
        return tuple(self._sentences())

    def to_dict(self) -> dict[str, Any]:
        """Return the differences for JSON."""
        return {
            "organization": self.organization,
            "sentences": list(self.sentences),
            "rows": list(self.rows),
            "flows": [change.to_dict() for change in self.flows],
            "added_sites": [{"id": s.id, "host": s.host.text} for s in self.added_sites],
            "removed_sites": [{"id": s.id, "host": s.host.text} for s in self.removed_sites],
            "lost": list(self.lost),
            "added_records": [r.to_dict() for r in self.added_records],
            "removed_records": [r.to_dict() for r in self.removed_records],
            "added_decisions": [w.to_dict() for w in self.added_decisions],
            "removed_decisions": [w.to_dict() for w in self.removed_decisions],
        }

    def _sentences(self) -> Iterator[str]:
        for change in self.flows:
            if change.flow.row is None or change.before is None or change.after is None:
                yield from _of_flow(change)
            else:
                yield from _of_attributes(change)
        yield from self._own_ends()
        for sites, verb in ((self.added_sites, "adds"), (self.removed_sites, "removes")):
            for zone in sorted({s.zone for s in sites}):
                hosts = sorted({s.host.text for s in sites if s.zone == zone})
                where = "to" if verb == "adds" else "from"
                yield f"{verb} {quantity(len(hosts), 'host')} {where} the browsers' {zone} zone: {_some(hosts)}"
        for records, verb in ((self.added_records, "adds"), (self.removed_records, "removes")):
            for record in records:
                yield f"{verb} the {record.type} record {record.name} ({record.id}): {record.value}"
        for decisions, verb in ((self.added_decisions, "needs a decision"), (self.removed_decisions, "settles")):
            for warning in decisions:
                yield f"{verb}: {warning.code} {warning.id}: {warning.message}"
        for message in self.lost:
            yield f"leaves a row without its addresses: {message}"
        if self.rows:
            names = ", ".join(f"{row} ({ROW_SCENARIOS[row - 1]})" for row in self.rows)
            yield f"affects {'row' if len(self.rows) == 1 else 'rows'} {names}"

    def _own_ends(self) -> Iterator[str]:
        """Yield what changes at the organization's own ends of flows that both plans have."""
        changed = [c for c in self.flows if c.before and c.after]
        for verb, values in (
            ("adds", {c.flow.id: c.ours_added for c in changed}),
            ("removes", {c.flow.id: c.ours_removed for c in changed}),
        ):
            for value in sorted({v for found in values.values() for v in found}):
                ids = [identity for identity, found in values.items() if value in found]
                yield f"{verb} {value} {'to' if verb == 'adds' else 'from'} {quantity(len(ids), 'flow')}: {_some(ids)}"


def compare_plans(old: Plan, new: Plan, listed: Mapping[Cloud, ListedEntries] | None = None) -> PlanDiff:
    """Compare two plans.

    Args:
        old: the plan of a profile with one catalog.
        new: the plan of the same profile with another catalog, or of another profile.
        listed: the entries of the new lists, so that the differences name removed entries that other sets still have.
    """
    listed = listed or {}
    before = {(f.cloud.value, f.id): f for f in old.flows}
    after = {(f.cloud.value, f.id): f for f in new.flows}
    changes = (
        FlowChange(before=before.get(key), after=after.get(key), listed=listed.get(flow.cloud))
        for key, flow in {**before, **after}.items()
    )
    old_sites, new_sites = _sites(old), _sites(new)
    had = {w.message for w in old.warnings if w.code == "unresolved-reference"}
    old_records, new_records = _records(old), _records(new)
    old_open, new_open = _decisions(old), _decisions(new)
    return PlanDiff(
        organization=new.organization,
        flows=tuple(change for change in changes if change),
        added_sites=tuple(site for key, site in new_sites.items() if key not in old_sites),
        removed_sites=tuple(site for key, site in old_sites.items() if key not in new_sites),
        lost=tuple(
            f"{w.id}: {w.message}" for w in new.warnings if w.code == "unresolved-reference" and w.message not in had
        ),
        added_records=tuple(record for key, record in new_records.items() if key not in old_records),
        removed_records=tuple(record for key, record in old_records.items() if key not in new_records),
        added_decisions=tuple(w for key, w in new_open.items() if key not in old_open),
        removed_decisions=tuple(w for key, w in old_open.items() if key not in new_open),
    )


def compare_for_profile(profile: Profile, catalog: Catalog, old: Iterable[State], new: Iterable[State]) -> PlanDiff:
    """Compare the plans that a profile gives with old and with new lists.

    Args:
        profile: the profile of the organization.
        catalog: the catalog with the rows, and with the lists of clouds without a state.
        old: the old lists, at most one for each cloud.
        new: the new lists, at most one for each cloud.
    """
    catalogs = [with_states(catalog, states) for states in (old, new)]
    before, after = (make_plan(each, profile) for each in catalogs)
    return compare_plans(before, after, {cloud: ListedEntries(catalogs[1].endpoint_sets(cloud)) for cloud in profile.clouds})


def title(flow: PlanFlow) -> str:
    """Return the title of a flow of the web service, such as `Teams media`."""
    name = _AREAS.get(flow.scenario, flow.scenario)
    if flow.scenario == "teams" and any(port in flow.udp for port in _MEDIA):
        return f"{name} media"
    if flow.scenario == "exchange" and 25 in flow.tcp:
        return f"{name} mail"
    return name


def _of_flow(change: FlowChange) -> Iterator[str]:
    what = f"{title(change.flow)} ({change.flow.id})"
    notes = {found.value: f"{found.value} ({found.text})" for found in change.still}
    if change.after is None:
        yield f"removes {what}: {_both(change.closed, change.removed_hosts, notes)}"
        return
    if change.before is None:
        ports = "; ".join(f"{n} {p}" for n, p in (("TCP", change.after.tcp), ("UDP", change.after.udp)) if p)
        yield f"adds {what} on {ports or 'no known port'}: {_both(change.opened, change.added_hosts)}"
        return
    for verb, space, hosts in (
        ("opens", change.opened, change.added_hosts),
        ("closes", change.closed, change.removed_hosts),
    ):
        if prefixes := [str(p) for p in space]:
            count = quantity(len(prefixes), "prefix")
            yield f"{verb} {count} for {what}: {_some([notes.get(p, p) for p in prefixes])}"
        if hosts:
            yield f"{verb} {quantity(len(hosts), 'name')} for {what}: {_some([notes.get(h, h) for h in hosts])}"
    yield from _of_attributes(change)


def _of_attributes(change: FlowChange) -> Iterator[str]:
    what = f"{title(change.flow)} ({change.flow.id})"
    for name, old, new in change.altered:
        yield f"changes {name} of {what} from {old} to {new}"


def _both(space: PrefixSet, hosts: Sequence[str], notes: Mapping[str, str] = MappingProxyType({})) -> str:
    prefixes = [str(p) for p in space]
    parts = [quantity(len(hosts), "name")] * bool(hosts) + [quantity(len(prefixes), "prefix")] * bool(prefixes)
    values = [notes.get(value, value) for value in (*hosts, *prefixes)]
    return f"{' and '.join(parts)}, {_some(values)}" if parts else "no names or addresses"


def _some(values: Sequence[str]) -> str:
    rest = len(values) - _SHOWN
    return ", ".join(values[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _space(flow: PlanFlow | None) -> PrefixSet:
    return flow.theirs.prefixes if flow and flow.theirs else PrefixSet()


def _hosts(flow: PlanFlow | None) -> frozenset[str]:
    return frozenset(h.text for h in flow.theirs.hosts) if flow and flow.theirs else frozenset()


def _own(flow: PlanFlow | None) -> frozenset[str]:
    """Return the values of the organization's own ends, each with its role."""
    ends = [end for end in (flow.source, flow.destination) if end.ours] if flow else []
    return frozenset(f"{e.role} {v}" for e in ends for v in (*(h.text for h in e.hosts), *map(str, e.prefixes)))


def _compared_fields(flow: PlanFlow | None) -> tuple[object, ...]:
    """Return the fields of a flow that a network acts on."""
    return tuple(getattr(flow, key) for key in _ACTED_ON) if flow else ()


def _sites(plan: Plan) -> dict[tuple[object, ...], PlanSite]:
    return {(s.cloud, s.id, s.host, s.scheme, s.zone, s.cookies): s for s in plan.sites}


def _records(plan: Plan) -> dict[tuple[object, ...], PlanRecord]:
    return {(r.cloud, r.id, r.name, r.type, r.value): r for r in plan.records}


def _decisions(plan: Plan) -> dict[tuple[str, str, str], PlanWarning]:
    """Return the open decisions; those about missing sets are `PlanDiff.lost`."""
    return {(w.code, w.id, w.message): w for w in plan.decisions if w.code != "unresolved-reference"}
