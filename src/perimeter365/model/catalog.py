"""The catalog: the endpoint sets of each cloud, and the rows of the page.

>>> from perimeter365 import load_catalog
>>> catalog = load_catalog("embedded")
>>> [str(p) for p in catalog.endpoint_set("worldwide/11").prefixes][:2]
['52.112.0.0/14', '52.122.0.0/15']
>>> catalog.rows[6].scenario
'mailbox-migration'
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, get_args

from perimeter365.errors import CatalogError, UnknownNameError
from perimeter365.model.area import AREAS, Area
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import SetDates
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import in_set, set_part
from perimeter365.model.provenance import Provenance
from perimeter365.model.requirement import OUTBOUND, Flow, Party, Requirement
from perimeter365.model.row import Row
from perimeter365.model.scenario import FURTHER_SCENARIOS, RENAMED_IDS
from perimeter365.model.version import Version
from perimeter365.model.word import check_word

_AREA_ROLES: Mapping[Area, str] = {
    "common": "microsoft-365",
    "exchange": "exchange-online",
    "sharepoint": "sharepoint-online",
    "teams": "teams",
    "intune": "intune",
}

_SHOWN = 8
"""The maximum number of suggested ids."""

Origin = Literal["live", "recorded"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)
"""Origins of a version: fetched from Microsoft's service, or recorded in another way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogVersion:
    """The version of a cloud's list that a catalog contains."""

    version: Version
    origin: Origin
    """`live` for a synced version, `recorded` for the embedded one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", Version(self.version))
        check_word(self.origin, ORIGINS, "an origin")


_Listed = tuple[Mapping[str, list[int]], Mapping[str, list[tuple[HostPattern, int]]]]


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """Rows 1 to 25, the DNS scope, and the endpoint sets of each cloud. Immutable."""

    sets: Mapping[Cloud, tuple[EndpointSet, ...]]
    """Ascending by id."""
    versions: Mapping[Cloud, CatalogVersion]
    rows: Mapping[int, Row]
    """1 to 25."""
    dns: Row
    """The page's scope 4, DNS: records to publish and resolution itself."""
    dates: Mapping[str, SetDates] = field(default_factory=lambda: MappingProxyType({}))
    """Dated entries by the key of the endpoint set (`worldwide/11`); empty unless the lists are the effective lists of a
    store (`history.effective`)."""
    provenance: Mapping[Cloud, Provenance] = field(default_factory=lambda: MappingProxyType({}))
    """Documents, assigned and removed entries of the embedded lists; empty for the lists of a store."""
    not_in_force: str = field(default="", compare=False)
    """Text of the plan's warning that this catalog may differ from the lists in force; "" for no warning."""

    def __post_init__(self) -> None:
        for name in ("sets", "versions", "rows", "dates", "provenance"):
            object.__setattr__(self, name, MappingProxyType(dict(sorted(getattr(self, name).items()))))
        if set(self.sets) != set(self.versions):
            raise CatalogError("every cloud needs both endpoint sets and a version")
        for cloud, sets in self.sets.items():
            ids = [s.id for s in sets]
            if ids != sorted(set(ids)) or any(s.cloud is not cloud for s in sets):
                raise CatalogError(f"{cloud}: ids of endpoint sets must be unique, ascending and of this cloud")
        seen = set()
        for req in self.row_requirements():
            if (key := (req.id, req.cloud)) in seen:
                raise CatalogError(f"{req.id} is listed twice for {req.cloud}")
            seen.add(key)

    def endpoint_sets(self, cloud: Cloud | str) -> tuple[EndpointSet, ...]:
        """Return the sets of a cloud, ascending by id.

        Raises UnknownNameError if it is not a known cloud.
        """
        return self.sets.get(cloud if isinstance(cloud, Cloud) else Cloud.parse(cloud, self.sets), ())

    def endpoint_set(self, key: str) -> EndpointSet:
        """Return the set of a key such as `worldwide/11`. Raises UnknownNameError."""
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownNameError("endpoint set", key, self._by_key) from None

    @cached_property
    def _by_key(self) -> dict[str, EndpointSet]:
        return {s.key: s for sets in self.sets.values() for s in sets}

    def sets_with(self, cloud: Cloud, host: HostPattern) -> tuple[EndpointSet, ...]:
        """Return the sets of a cloud that list a host, or a pattern that covers it."""
        if (found := self._sets_with.get((cloud, host))) is None:
            sets, (exact, wild) = self.endpoint_sets(cloud), self._listed.get(cloud) or self._index(cloud)
            numbers = {*exact.get(host.text, ())}
            end = host.parts[1] or host.text
            for at in range(len(end)):
                numbers.update(number for pattern, number in wild.get(end[at:], ()) if pattern.covers(host))
            found = self._sets_with[cloud, host] = tuple(sets[number] for number in sorted(numbers))
        return found

    def _index(self, cloud: Cloud) -> "_Listed":
        """Return places of the sets of a cloud.

        By the text of a host, and by the end of a pattern, which covers others.
        """
        exact: dict[str, list[int]] = {}
        wild: dict[str, list[tuple[HostPattern, int]]] = {}
        for number, each in enumerate(self.endpoint_sets(cloud)):
            for host in each.hosts:
                exact.setdefault(host.text, []).append(number)
                if "*" in host.text:
                    wild.setdefault(host.parts[1], []).append((host, number))
        self._listed[cloud] = exact, wild
        return exact, wild

    @cached_property
    def _listed(self) -> "dict[Cloud, _Listed]":
        """What `_index` found."""
        return {}

    @cached_property
    def _sets_with(self) -> dict[tuple[Cloud, HostPattern], tuple[EndpointSet, ...]]:
        """What `sets_with` found; the plans of many profiles ask for the same hosts."""
        return {}

    @cached_property
    def scenarios(self) -> Mapping[str, Row | None]:
        """Every scenario with its row; None for a service area."""
        rows: dict[str, Row | None] = {row.scenario: row for row in self.rows.values()}
        further = {name: self.rows[each.row] for name, each in FURTHER_SCENARIOS.items() if each.row in self.rows}
        return MappingProxyType({**rows, **further, self.dns.scenario: self.dns, **dict.fromkeys(AREAS)})

    def row_requirements(self) -> Iterator[Requirement]:
        """Yield the requirements of all rows and of DNS, in the order of the rows."""
        for row in (*self.rows.values(), self.dns):
            yield from row.requirements

    def requirements(self) -> Iterator[Requirement]:
        """Yield all requirements: each endpoint set as a flow, then those of the rows."""
        for sets in self.sets.values():
            for endpoint_set in sets:
                yield self.flow(endpoint_set)
        yield from self.row_requirements()

    def flow(self, endpoint_set: EndpointSet) -> Flow:
        """Return the flow of an endpoint set, from clients to Microsoft.

        TLS inspection is off for Optimize and Allow, as Microsoft's connectivity principles ask.
        """
        cloud = endpoint_set.cloud
        return Flow(
            id=endpoint_set.requirement_id,
            cloud=cloud,
            scenario=endpoint_set.area,
            required=endpoint_set.required,
            direction=OUTBOUND,
            source=Party(role="client"),
            destination=Party(role=_AREA_ROLES[endpoint_set.area], sets=(endpoint_set.id,)),
            tcp=endpoint_set.tcp,
            udp=endpoint_set.udp,
            category=endpoint_set.category,
            tls_inspection="off" if endpoint_set.category in ("optimize", "allow") else "unset",
            retired=cloud.closed,
            express_route=endpoint_set.express_route,
            evidence=endpoint_set.evidence or self._evidence(endpoint_set),
        )

    def _evidence(self, endpoint_set: EndpointSet) -> tuple[Evidence, ...]:
        """Return the documents of a set; without others, the response of the web service."""
        cloud = endpoint_set.cloud
        own = self.provenance.get(cloud, Provenance())
        day = str(self.versions[cloud].version.day or "")
        listed = Evidence(document=f"https://endpoints.office.com/endpoints/{cloud.folder}", date=day)
        return own.evidence_of(endpoint_set.id) if own.evidence else (listed, *own.evidence_of(endpoint_set.id))

    def find(self, name: str) -> tuple[Requirement, ...]:
        """Return the requirements of an id or scenario.

        An id is `row/6`, `row/6/…`, `dns/mx` or `ws/worldwide/11`. Raises UnknownNameError, with the nearest name.
        """
        if in_set(name):
            return (self.flow(self.endpoint_set(set_part(name))),)
        if name in AREAS:
            return tuple(self.flow(s) for sets in self.sets.values() for s in sets if s.area == name)
        name = RENAMED_IDS.get(name, name)
        found = tuple(r for r in self.row_requirements() if name in (r.id, r.scenario, r.id.scope, *r.also))
        if not found:
            ids = {r.id for r in self.row_requirements()} | {row.id for row in self.rows.values()}
            what = "row, endpoint set, requirement or scenario"
            raise UnknownNameError(what, name, [*ids, *self.scenarios], help=self._containing(name))
        return found

    def _containing(self, word: str) -> str:
        """Return a help text with the ids and scenarios that contain a word, or ""."""
        word = word.lower()
        rows = [f"{row.scenario} ({row.id})" for row in self.rows.values() if word in row.scenario]
        others: list[str] = [name for name in AREAS if word in name]
        others += sorted({r.id for r in self.row_requirements() if word in r.id.removeprefix(r.id.scope)})
        found = [*rows, *others] if len(word) > 2 else []
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        return f"these contain it: {', '.join(found[:_SHOWN])}{more}" if found else ""
