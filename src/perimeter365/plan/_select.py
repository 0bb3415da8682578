"""Select the requirements of a profile from the catalog.

    a service area          its endpoint sets of the selected categories, with `required_only` only required ones
    a scenario, row/N       the requirements of the row, without those that are planned on request only
    all                     every row and DNS
    row/6/…, ws/dod/11      that requirement, even if its scenario does not select it

Warnings report what a selected name does not select: `left-out`, `edition`, `not-in-cloud`, `unknown-in-cloud`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from perimeter365.errors import CatalogError
from perimeter365.model.area import AREAS
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import SetDates
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.requirement import Flow, Requirement
from perimeter365.model.scenario import ALL, FURTHER_SCENARIOS, RENAMED_IDS, canonical
from perimeter365.plan.plan import WarningCode
from perimeter365.plan.profile import Profile


class WarningSink(Protocol):
    """A function that receives the code, id, message and remedy of each warning."""

    def __call__(self, code: WarningCode, about: str, message: str, remedy: str = "", /) -> None:
        """Add a warning."""


@dataclass
class _Chosen:
    """The areas, scenarios and ids that a profile names for one cloud."""

    areas: set[str]
    scenarios: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    """The scenarios of the ids."""


class Selection:
    """What a profile selects of a catalog."""

    def __init__(self, catalog: Catalog, profile: Profile, warn: WarningSink) -> None:
        """Read the names of the selection.

        Raises:
            UnknownNameError: an id of the selection does not exist.
            CatalogError: the catalog has no list for one of the clouds.
        """
        self.catalog = catalog
        self.profile = profile
        self.warn = warn
        for cloud in profile.clouds:
            if cloud not in catalog.versions:
                raise CatalogError(f"the catalog has no list of endpoints for {cloud}")
            if cloud.closed:
                text = f"the cloud was closed on {cloud.closed}; its endpoints are not used any more"
                warn("closed-cloud", str(cloud), text)
        self.chosen = {cloud: _Chosen(areas=set(profile.service_areas)) for cloud in profile.clouds}
        for selected in profile.scenarios:
            owner, _, name = canonical(selected).rpartition(":")
            if (former := selected.rpartition(":")[2]) in RENAMED_IDS:
                warn("renamed", name, f"select.scenarios has its former id {former!r}", "[select] scenarios")
            self._choose(name, [c for c in profile.clouds if not owner or str(c) == owner], owner)

    def requirements(self) -> list[Requirement]:
        """Return the selected requirements of the profile's clouds, each once."""
        found = [*self._endpoint_sets(), *self._rows()]
        if not found:
            text = "the service areas, categories and scenarios of [select] select nothing"
            self.warn("nothing-selected", "select", text, "[select] service_areas or scenarios")
        return found

    def announced_sets(self) -> Iterator[EndpointSet]:
        """Yield the selected endpoint sets that are announced and not in a list yet."""
        for dates in self.catalog.dates.values():
            found = dates.announced_set
            if found and found.cloud in self.chosen and (self._by_select(found) or self.by_id(found)):
                yield found

    def selects(self, cloud: Cloud, scenario: str) -> bool:
        """Return True if a scenario, or a requirement of it, is selected in a cloud."""
        chosen = self.chosen[cloud]
        return any(scenario in names for names in (chosen.areas, chosen.scenarios, chosen.touched))

    def by_id(self, about: Requirement | EndpointSet) -> bool:
        """Return True if a requirement or endpoint set is selected by its id."""
        identity = about.requirement_id if isinstance(about, EndpointSet) else about.id
        return identity in self.chosen[about.cloud].ids

    def _choose(self, name: str, clouds: Sequence[Cloud], owner: str) -> None:
        """Add a name of the selection for some clouds.

        `owner` is the cloud that the profile names with it, or "".
        """
        where: set[Cloud] | None = None
        if name == ALL:
            for cloud in clouds:
                self.chosen[cloud].scenarios.update(self.catalog.scenarios)  # no row has the name of an area
        elif name in AREAS:
            for cloud in clouds:
                self.chosen[cloud].areas.add(name)
        elif row := self.catalog.scenarios.get(name):
            further = name in FURTHER_SCENARIOS
            where = {r.cloud for r in self.catalog.find(name)} if further else set(row.clouds)
            for cloud in clouds:
                self.chosen[cloud].scenarios.add(name)
        else:
            announced = any(d.announced_set and d.announced_set.requirement_id == name for d in self.catalog.dates.values())
            found = () if announced else self.catalog.find(name)
            where = None if announced else {r.cloud for r in found}
            for cloud in clouds:
                self.chosen[cloud].ids.add(name)
                self.chosen[cloud].touched.update(r.scenario for r in found)
        row = None if name in FURTHER_SCENARIOS else self.catalog.scenarios.get(name)
        about = row.id if row else name
        if not clouds:
            self.warn("not-in-cloud", about, f"{owner} is not a cloud of the profile", "[organization] clouds")
        elif where is not None and where.isdisjoint(clouds):
            self._not_in_cloud(about, name, clouds)

    def _not_in_cloud(self, about: str, name: str, clouds: Iterable[Cloud]) -> None:
        text = f"the catalog has nothing for {name} in {' or '.join(str(c) for c in clouds)}"
        self.warn("not-in-cloud", about, text, "[select] scenarios")

    def _endpoint_sets(self) -> Iterator[Requirement]:
        known = {s.area for cloud in self.profile.clouds for s in self.catalog.endpoint_sets(cloud)}
        for area in sorted(set().union(*(chosen.areas for chosen in self.chosen.values())) - known):
            self._not_in_cloud(area, area, self.profile.clouds)
        for cloud in self.profile.clouds:
            for endpoint_set in self.catalog.endpoint_sets(cloud):
                # a set whose new classification is not selected stays for the grace time, like a removed set
                dates = self.catalog.dates.get(endpoint_set.key, SetDates())
                forms = [endpoint_set, *(s for s, _ in dates.former)]
                found = next((s for s in forms if self._by_select(s)), None)
                if found or self.by_id(endpoint_set):
                    yield self.catalog.flow(found or endpoint_set)

    def former(self, req: Requirement) -> tuple[tuple[EndpointSet, date], ...]:
        """Return the former classifications of a set's flow that still count.

        The latest is first. Each has the day on which its grace time ends. Only those that the profile selects count, and
        none for a row.
        """
        key = req.id.set_key
        found = self.catalog.dates.get(key, SetDates()).former if key else ()
        now = (req.scenario, getattr(req, "category", None))
        return tuple((s, d) for s, d in found if (s.area, s.category) != now and (self._by_select(s) or self.by_id(s)))

    def _by_select(self, endpoint_set: EndpointSet) -> bool:
        return (
            endpoint_set.area in self.chosen[endpoint_set.cloud].areas
            and endpoint_set.category in self.profile.categories
            and (endpoint_set.required or not self.profile.required_only)
        )

    def _rows(self) -> Iterator[Requirement]:
        for req in self.catalog.row_requirements():
            if req.cloud not in self.chosen:
                continue
            scenarios = self.chosen[req.cloud].scenarios
            if (
                self.by_id(req)
                or not scenarios.isdisjoint(req.also)
                or (req.scenario in scenarios and self._comes_along(req))
            ):
                yield req
        self._warn_unknown()

    def _warn_unknown(self) -> None:
        """Warn of needs that are documented for other clouds only."""
        for row in (*self.catalog.rows.values(), self.catalog.dns):
            for unknown in row.unknown:
                for cloud in unknown.clouds:
                    if cloud in self.chosen and unknown.scenario in self.chosen[cloud].scenarios:
                        for about in unknown.ids:
                            self.warn("unknown-in-cloud", about, f"not known for {cloud}: {unknown.reason}")

    def _comes_along(self, req: Requirement) -> bool:
        """Return True if a scenario selects its requirement; else warn of the reason."""
        row = self.catalog.scenarios[req.scenario]
        reason = req.on_request
        if req.retired and row and not row.retired:
            reason = reason or f"Microsoft ended it on {req.retired}"
        if reason:
            text = f"{reason.rstrip('.')}; to plan it, add {req.id!r} to select.scenarios"
            self.warn("left-out", req.id, text, "[select] scenarios")
            return False
        if isinstance(req, Flow) and req.edition == "earlier" and self.profile.graph_sources == "newest":
            self.warn("edition", req.id, "left out: graph_sources = newest selects the sources of the newest text only")
            return False
        return True
