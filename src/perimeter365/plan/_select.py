"""Which of the catalog's requirements a profile selects.

    a service area          its endpoint sets of the selected categories, required ones only if so told
    a scenario, row/N       the requirements of the row, but for those that are planned on request alone
    all                     every row and DNS
    row/6/…, ws/dod/11      that one requirement, whatever else would leave it out

Whatever a selected name does not bring in is said by a warning: `left-out`, `edition`, `not-in-cloud`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from perimeter365.errors import CatalogError
from perimeter365.model.catalog import Catalog
from perimeter365.model.effective import SetDates
from perimeter365.model.endpoint_set import AREAS, EndpointSet
from perimeter365.model.requirement import Flow, Requirement
from perimeter365.model.scenario import ALL, canonical
from perimeter365.plan.plan import WarningCode
from perimeter365.plan.profile import Profile

Warn = Callable[[WarningCode, str, str], None]
"""Takes a warning's code, what it is about, and its message."""


def select(catalog: Catalog, profile: Profile, warn: Warn) -> list[Requirement]:
    """Each requirement of the profile's clouds that its selection wants, once.

    Raises:
        UnknownNameError: an id of the selection does not exist.
        CatalogError: the catalog has no list for one of the clouds.
    """
    for cloud in profile.clouds:
        if cloud not in catalog.versions:
            raise CatalogError(f"the catalog has no list of endpoints for {cloud}")
        if cloud.closed:
            warn("closed-cloud", str(cloud), f"the cloud closed on {cloud.closed}; its endpoints are history")
    wish = _wish(catalog, profile, warn)
    found = [*_endpoint_sets(catalog, profile, wish, warn), *_rows(catalog, profile, wish, warn)]
    if not found:
        warn("nothing-selected", "select", "the service areas, categories and scenarios of [select] select nothing")
    return found


@dataclass
class _Wish:
    """What the names of the selection mean."""

    areas: set[str]
    scenarios: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)


def _wish(catalog: Catalog, profile: Profile, warn: Warn) -> _Wish:
    wish = _Wish(areas=set(profile.service_areas))
    for name in map(canonical, profile.scenarios):
        if name == ALL:
            wish.scenarios.update(catalog.scenarios)  # no requirement of a row has an area's name
        elif name in AREAS:
            wish.areas.add(name)
        elif row := catalog.scenarios.get(name):
            wish.scenarios.add(name)
            _exists_in_cloud(row.id, name, set(row.clouds), profile, warn)
        elif any(dates.coming and dates.coming.requirement_id == name for dates in catalog.dates.values()):
            wish.ids.add(name)
        else:
            found = catalog.find(name)
            wish.ids.add(name)
            _exists_in_cloud(name, name, {r.cloud for r in found}, profile, warn)
    return wish


def _exists_in_cloud(about: str, name: str, clouds: set[object], profile: Profile, warn: Warn) -> None:
    if clouds.isdisjoint(profile.clouds):
        mine = " or ".join(str(c) for c in profile.clouds)
        warn("not-in-cloud", about, f"{name} does not exist in {mine}")


def _endpoint_sets(catalog: Catalog, profile: Profile, wish: _Wish, warn: Warn) -> Iterator[Requirement]:
    known = {s.area for cloud in profile.clouds for s in catalog.endpoint_sets(cloud)}
    for area in sorted(wish.areas - known):
        _exists_in_cloud(area, area, set(), profile, warn)
    for cloud in profile.clouds:
        for endpoint_set in catalog.endpoint_sets(cloud):
            # as it is now, or was until not long ago: a set that moves out of a selection leaves it like a removed one
            forms = [endpoint_set, *(s for s, _ in catalog.dates.get(endpoint_set.key, SetDates()).former)]
            found = next((s for s in forms if _by_select(s, profile, wish)), None)
            if found or endpoint_set.requirement_id in wish.ids:
                yield catalog.flow(found or endpoint_set)


def _by_select(endpoint_set: EndpointSet, profile: Profile, wish: _Wish) -> bool:
    return (
        endpoint_set.area in wish.areas
        and endpoint_set.category in profile.categories
        and (endpoint_set.required or not profile.required_only)
    )


def coming(catalog: Catalog, profile: Profile) -> Iterator[EndpointSet]:
    """The sets that the profile selects and that are not in use yet at all, so that no list has them."""
    wish = _wish(catalog, profile, lambda *_: None)
    for dates in catalog.dates.values():
        found = dates.coming
        if not found or found.cloud not in profile.clouds:
            continue
        if _by_select(found, profile, wish) or found.requirement_id in wish.ids:
            yield found


def _rows(catalog: Catalog, profile: Profile, wish: _Wish, warn: Warn) -> Iterator[Requirement]:
    for req in catalog.row_requirements():
        if req.cloud not in profile.clouds:
            continue
        if req.id in wish.ids or (req.scenario in wish.scenarios and _comes_along(catalog, profile, req, warn)):
            yield req


def _comes_along(catalog: Catalog, profile: Profile, req: Requirement, warn: Warn) -> bool:
    """Does a requirement come with its scenario?"""
    row = catalog.scenarios[req.scenario]
    reason = req.on_request
    if req.retired and row and not row.retired:
        reason = reason or f"Microsoft ended it on {req.retired}"
    if reason:
        warn("left-out", req.id, f"{reason.rstrip('.')}; to plan it, name {req.id!r} in select.scenarios")
        return False
    if isinstance(req, Flow) and req.edition == "earlier" and profile.graph_sources == "newest":
        warn("edition", req.id, "left out: only the newest text's sources are planned (graph_sources = newest)")
        return False
    return True
