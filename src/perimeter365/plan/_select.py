"""Select the requirements of a profile from the catalog.

    a service area          its endpoint sets of the selected categories, with `required_only` only required ones
    a scenario, row/N       the requirements of the row, without those that are planned on request only
    all                     every row and DNS
    row/6/…, ws/dod/11      that requirement, even if its scenario does not select it

Warnings report what a selected name does not select: `left-out`, `edition`, `not-in-cloud`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from perimeter365.errors import CatalogError
from perimeter365.model.area import AREAS
from perimeter365.model.catalog import Catalog
from perimeter365.model.effective import SetDates
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.requirement import Flow, Requirement
from perimeter365.model.scenario import ALL, canonical
from perimeter365.plan.plan import WarningCode
from perimeter365.plan.profile import Profile

WarningSink = Callable[[WarningCode, str, str], None]
"""A function that receives the code, id and message of each warning."""


def select(catalog: Catalog, profile: Profile, warn: WarningSink) -> list[Requirement]:
    """Return the selected requirements of the profile's clouds, each once.

    Raises:
        UnknownNameError: an id of the selection does not exist.
        CatalogError: the catalog has no list for one of the clouds.
    """
    for cloud in profile.clouds:
        if cloud not in catalog.versions:
            raise CatalogError(f"the catalog has no list of endpoints for {cloud}")
        if cloud.closed:
            warn("closed-cloud", str(cloud), f"the cloud was closed on {cloud.closed}; its endpoints are not used any more")
    chosen = _selection(catalog, profile, warn)
    found = [*_endpoint_sets(catalog, profile, chosen, warn), *_rows(catalog, profile, chosen, warn)]
    if not found:
        warn("nothing-selected", "select", "the service areas, categories and scenarios of [select] select nothing")
    return found


@dataclass
class _Selection:
    """The areas, scenarios and ids that a profile names."""

    areas: set[str]
    scenarios: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)


def _selection(catalog: Catalog, profile: Profile, warn: WarningSink) -> _Selection:
    chosen = _Selection(areas=set(profile.service_areas))
    for name in map(canonical, profile.scenarios):
        if name == ALL:
            chosen.scenarios.update(catalog.scenarios)  # no requirement of a row has the name of an area
        elif name in AREAS:
            chosen.areas.add(name)
        elif row := catalog.scenarios.get(name):
            chosen.scenarios.add(name)
            _exists_in_cloud(row.id, name, set(row.clouds), profile, warn)
        elif any(dates.announced_set and dates.announced_set.requirement_id == name for dates in catalog.dates.values()):
            chosen.ids.add(name)
        else:
            found = catalog.find(name)
            chosen.ids.add(name)
            _exists_in_cloud(name, name, {r.cloud for r in found}, profile, warn)
    return chosen


def _exists_in_cloud(about: str, name: str, clouds: set[object], profile: Profile, warn: WarningSink) -> None:
    if clouds.isdisjoint(profile.clouds):
        mine = " or ".join(str(c) for c in profile.clouds)
        warn("not-in-cloud", about, f"{name} does not exist in {mine}")


def _endpoint_sets(catalog: Catalog, profile: Profile, chosen: _Selection, warn: WarningSink) -> Iterator[Requirement]:
    known = {s.area for cloud in profile.clouds for s in catalog.endpoint_sets(cloud)}
    for area in sorted(chosen.areas - known):
        _exists_in_cloud(area, area, set(), profile, warn)
    for cloud in profile.clouds:
        for endpoint_set in catalog.endpoint_sets(cloud):
            # a set whose new classification is not selected stays for the grace time, like a removed set
            forms = [endpoint_set, *(s for s, _ in catalog.dates.get(endpoint_set.key, SetDates()).former)]
            found = next((s for s in forms if _by_select(s, profile, chosen)), None)
            if found or endpoint_set.requirement_id in chosen.ids:
                yield catalog.flow(found or endpoint_set)


def _by_select(endpoint_set: EndpointSet, profile: Profile, chosen: _Selection) -> bool:
    return (
        endpoint_set.area in chosen.areas
        and endpoint_set.category in profile.categories
        and (endpoint_set.required or not profile.required_only)
    )


def announced_sets(catalog: Catalog, profile: Profile) -> Iterator[EndpointSet]:
    """Yield the selected endpoint sets that are announced and not in a list yet."""
    chosen = _selection(catalog, profile, lambda *_: None)
    for dates in catalog.dates.values():
        found = dates.announced_set
        if not found or found.cloud not in profile.clouds:
            continue
        if _by_select(found, profile, chosen) or found.requirement_id in chosen.ids:
            yield found


def _rows(catalog: Catalog, profile: Profile, chosen: _Selection, warn: WarningSink) -> Iterator[Requirement]:
    for req in catalog.row_requirements():
        if req.cloud not in profile.clouds:
            continue
        if req.id in chosen.ids or (req.scenario in chosen.scenarios and _comes_along(catalog, profile, req, warn)):
            yield req


def _comes_along(catalog: Catalog, profile: Profile, req: Requirement, warn: WarningSink) -> bool:
    """Return True if a scenario selects its requirement; else warn of the reason."""
    row = catalog.scenarios[req.scenario]
    reason = req.on_request
    if req.retired and row and not row.retired:
        reason = reason or f"Microsoft ended it on {req.retired}"
    if reason:
        warn("left-out", req.id, f"{reason.rstrip('.')}; to plan it, add {req.id!r} to select.scenarios")
        return False
    if isinstance(req, Flow) and req.edition == "earlier" and profile.graph_sources == "newest":
        warn("edition", req.id, "left out: graph_sources = newest selects the sources of the newest text only")
        return False
    return True
