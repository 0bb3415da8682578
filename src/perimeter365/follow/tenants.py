"""The tenants of a provider: one line for each profile of a folder.

Those that need a person are first.

    for tenant in tenants(Workspace.from_environment(), Path("tenants")):
        print(tenant.file, len(tenant.decisions), tenant.changes)

A profile that is not valid is a line with its error; the others are still planned. The lists are read once. Plans of many
profiles are made in several processes, since each takes about 20 ms of computing.

The changes of a tenant compare its plan of the lists in force with that of the newest lists that are not in force: a held
state, or the list of the last sync while another version is pinned.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any

from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.history.remaining import ListedEntries
from perimeter365.history.words import compare_plans
from perimeter365.intake import list_files
from perimeter365.model.catalog import Catalog, CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import KEPT
from perimeter365.model.freshness import CloudAge
from perimeter365.model.state import State
from perimeter365.plan.freshness import with_freshness
from perimeter365.plan.make import make_plan
from perimeter365.plan.outbound import emptied_by
from perimeter365.plan.plan import PlanWarning
from perimeter365.plan.profile import Profile, load_profile
from perimeter365.plan.summary import counts
from perimeter365.store.overlay import with_states
from perimeter365.targets.organizations import MAX_FILES
from perimeter365.workspace import Workspace

ALONE = 40
"""The number of profiles up to which one process is faster than several."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tenant:
    """What needs a person in the plan of one profile."""

    file: str
    """The name of the profile's file."""
    organization: str = ""
    versions: Mapping[Cloud, CatalogVersion] = field(default_factory=dict)
    ages: tuple[CloudAge, ...] = ()
    """The age of each list."""
    decisions: tuple[PlanWarning, ...] = ()
    check: int = 0
    note: int = 0
    coming: Mapping[Cloud, str] = field(default_factory=dict)
    """Cloud -> the newest version that is not in force, with `held` or `not in force`."""
    changes: tuple[str, ...] = ()
    """What `coming` would change, as sentences."""
    emptied: tuple[str, ...] = ()
    """A text for each cloud in which `coming` would leave no outbound flow."""
    announced: int = 0
    """The number of entries with a later effective date."""
    first: date | None = None
    """The day of the first of them."""
    error: str = ""
    """Why the profile has no plan; "" if it has one."""

    @property
    def oldest(self) -> CloudAge | None:
        """The oldest list of a cloud in operation; None if the age of none is known."""
        known = [age for age in self.ages if age.days is not None]
        return max(known, key=lambda age: age.days or 0, default=None)

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """A key that puts what needs a person first."""
        days = (self.oldest.days or 0) if self.oldest else 0
        return (
            not self.error,
            not self.emptied,
            -len(self.decisions),
            -len(self.changes),
            -self.announced,
            -days,
            self.file,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the line for JSON."""
        oldest = self.oldest
        return {
            "file": self.file,
            "organization": self.organization,
            "error": self.error or None,
            "catalog": {str(c): {"version": v.version, "origin": v.origin} for c, v in self.versions.items()},
            "oldest": {"cloud": str(oldest.cloud), "days": oldest.days, "followed": oldest.followed} if oldest else None,
            "ages": {str(age.cloud): {"days": age.days, "followed": age.followed} for age in self.ages},
            "decisions": [w.to_dict() for w in self.decisions],
            "check": self.check,
            "note": self.note,
            "coming": {str(c): text for c, text in self.coming.items()},
            "changes": list(self.changes),
            "emptied": list(self.emptied),
            "announced": {"entries": self.announced, "first": self.first.isoformat() if self.first else None},
        }


def tenants(
    workspace: Workspace,
    folder: Path,
    *,
    at: date | None = None,
    grace: Mapping[str, int] | None = None,
    ahead: bool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Tenant, ...]:
    """Plan every profile of a folder; return the lines, what needs a person first.

    Args:
        workspace: the lists and the store.
        folder: a folder with profiles, `*.toml`. Subfolders are not read.
        at: as for `Workspace.plan`.
        grace: as for `Workspace.plan`.
        ahead: as for `Workspace.plan`.
        progress: called with the number of finished profiles, and of all.

    Raises:
        InputError: the folder cannot be read, or has no profile.
        CatalogError, StoreError: as for `Workspace.plan`.
    """
    files = list_files(folder, ".toml", most=MAX_FILES)
    if not files:
        raise InputError(f"{folder} has no profile", help="name a folder with *.toml files")
    further = cache(workspace.further_clouds)
    read: list[tuple[Path, Profile | str]] = [(path, _read(path, further)) for path in files]
    catalogs: dict[object, Catalog] = {}
    for profile in (each for _, each in read if isinstance(each, Profile)):
        if _lists_key(profile) not in catalogs:
            catalogs[_lists_key(profile)] = workspace.catalog_for(profile, at=at, grace=grace, ahead=ahead)
    coming = _coming(workspace)
    now, later = _both(workspace, coming)
    lists = {cloud: version for catalog in catalogs.values() for cloud, version in catalog.versions.items()}
    plans = _Planner(catalogs, workspace.ages(lists, at=at), coming, now, later, at)
    found = []
    for tenant in _each(plans, read):
        found.append(tenant)
        if progress:
            progress(len(found), len(files))
    return tuple(sorted(found, key=lambda each: each.sort_key))


def _read(path: Path, further: Callable[[], Iterable[Cloud]]) -> Profile | str:
    try:
        return load_profile(path, further=further)
    except Perimeter365Error as error:
        return error.message


def _lists_key(profile: Profile) -> object:
    """Return what the effective lists of a profile depend on."""
    return profile.clouds, profile.ahead, tuple(sorted(profile.grace.items()))


def _coming(workspace: Workspace) -> dict[Cloud, tuple[str, State]]:
    """Return the newest list that is not in force, of each cloud that has one.

    It is a held one, or the one of the last sync.
    """
    from perimeter365.store.reader import reader

    found: dict[Cloud, tuple[str, State]] = {}
    if workspace.lists_place is None:
        return found
    with reader(workspace.lists_place) as store, store.reading():
        for each in store.in_force():
            newest = store.newest(each.cloud)
            if newest and newest.version > each.version:
                found[each.cloud] = (f"{newest.version} not in force", newest)
        for held in store.held():
            known = found.get(held.cloud)
            if known is None or held.version > known[1].version:
                found[held.cloud] = (f"{held.version} held", store.state_of(held))
    return found


def _both(workspace: Workspace, coming: Mapping[Cloud, tuple[str, State]]) -> tuple[Catalog, Catalog] | tuple[None, None]:
    """Return the lists in force without dates, and the same with the coming ones."""
    if not coming:
        return None, None
    now = workspace.catalog()
    return now, with_states(now, [state for _, state in coming.values()])


@dataclass(frozen=True, slots=True)
class _Planner:
    """Makes the line of a profile from lists that all profiles share."""

    catalogs: Mapping[object, Catalog]
    ages: tuple[CloudAge, ...]
    coming: Mapping[Cloud, tuple[str, State]]
    now: Catalog | None
    next: Catalog | None
    at: date | None
    """The day of the plans; None for today."""

    def tenant(self, path: Path, profile: Profile | str) -> Tenant:
        if isinstance(profile, str):
            return Tenant(file=path.name, error=profile)
        try:
            plan = make_plan(self.catalogs[_lists_key(profile)], profile, today=self.at)
            ages = tuple(age for age in self.ages if str(age.cloud) in {str(cloud) for cloud in plan.versions})
            plan = with_freshness(plan, ages, profile.stale)
            changes: tuple[str, ...] = ()
            emptied: tuple[str, ...] = ()
            mine = {c: text for c, (text, _) in self.coming.items() if c in profile.clouds}
            if mine and self.now and self.next:
                now, later = (make_plan(lists, profile, today=self.at) for lists in (self.now, self.next))
                listed = {cloud: ListedEntries(self.next.endpoint_sets(cloud)) for cloud in mine}
                changes = compare_plans(now, later, listed).sentences
                emptied = emptied_by(now, later, self.now, self.next)
        except Perimeter365Error as error:
            return Tenant(file=path.name, organization=profile.name, error=error.message)
        dated = [d for d in plan.dates if d.state != KEPT]
        _, check, note = counts(plan)
        return Tenant(
            file=path.name,
            organization=plan.organization,
            versions=dict(plan.versions),
            ages=ages,
            decisions=plan.decisions,
            check=check,
            note=note,
            coming=mine,
            changes=changes,
            emptied=emptied,
            announced=len({(d.cloud, d.value) for d in dated}),
            first=min((d.day for d in dated), default=None),
        )


_shared: list[tuple[_Planner, list[tuple[Path, Profile | str]]]] = []
"""The planner and the profiles of this process, inherited by the processes that it forks."""


def _in_process(number: int) -> Tenant:
    planner, read = _shared[0]
    return planner.tenant(*read[number])


def _each(planner: _Planner, read: list[tuple[Path, Profile | str]]) -> Iterator[Tenant]:
    """Yield the lines, made in several processes if there are many profiles."""
    workers = min(os.cpu_count() or 1, 8)
    if len(read) <= ALONE or workers == 1 or "fork" not in get_all_start_methods():
        yield from (planner.tenant(*item) for item in read)
        return
    _shared[:] = [(planner, read)]
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
            yield from pool.map(_in_process, range(len(read)), chunksize=8)
    finally:
        _shared.clear()
