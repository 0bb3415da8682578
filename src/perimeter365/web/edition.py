"""All that is served between two changes of the lists.

    edition = load_edition(workspace)
    edition.clouds[Cloud.WORLDWIDE].number                   # the version of the lists
    edition.announced[Cloud.WORLDWIDE]                       # the version that /version names, which may be older
    edition.plan(profile)                                    # the plan of the command line

An edition is read in one snapshot. Earlier lists are not part of it: the change records are computed when they are asked
for (`web.past`). Plans are made from the store when a request asks for one; if the store has changed since
the edition was loaded, `OutdatedError` tells the service to load the next one first, so that no answer mixes two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import Version
from perimeter365.web.past import LazyRecords, Past
from perimeter365.web.profiles import Profiles, folder_mark, load_profiles
from perimeter365.web.versions import ServedVersion, served_versions

if TYPE_CHECKING:
    from perimeter365.model.catalog import Catalog
    from perimeter365.plan.plan import Plan
    from perimeter365.plan.profile import Profile
    from perimeter365.store.reader import Reader
    from perimeter365.workspace import Workspace


class OutdatedError(Exception):
    """The store has changed since an edition was loaded."""


@dataclass(frozen=True, kw_only=True)
class ServedCloud:
    """The list of one cloud, with its past."""

    cloud: Cloud
    versions: tuple[ServedVersion, ...]
    """Oldest first; the last one is in force."""
    sets: tuple[EndpointSet, ...]
    """The endpoint sets in force, as upstream publishes them: without the synthetic ones."""
    records: Sequence[ChangeRecord] = ()
    """The change records of all versions, oldest first. They are computed at the first access, which raises StoreError if an
    earlier list cannot be read."""

    @property
    def number(self) -> Version:
        """The version under which the list is served."""
        return self.versions[-1].number

    @property
    def modified(self) -> datetime:
        """When the list came into force."""
        return self.versions[-1].since

    def until(self, last: Version) -> ServedCloud:
        """Return the cloud with its past up to a version; the sets are those in force."""
        if self.number <= last:
            return self
        versions = tuple(each for each in self.versions if each.number <= last) or self.versions[:1]
        records = LazyRecords(lambda: tuple(each for each in self.records if each.version <= last))
        return replace(self, versions=versions, records=records)


def modified(several: Sequence[ServedCloud]) -> datetime:
    """Return the time for Last-Modified of an answer about several clouds.

    It is the newest of their times, and a second more for each change of the others: one that comes into force in the same
    second, or is announced later than a newer one of another cloud, is a change for clients that compare the time alone.
    """
    newest = max(served.modified for served in several)
    changes = sum(1 for served in several for each in served.versions if each.at)
    return newest + timedelta(seconds=changes if len(several) > 1 else 0)


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What is served between two changes."""

    workspace: Workspace
    generation: str
    """The value of `inputs` when the snapshot was made."""
    day: date
    """The day (UTC) for which plans are made."""
    catalog: Catalog
    """The lists in force, and the rows."""
    clouds: Mapping[Cloud, ServedCloud]
    announced: Mapping[Cloud, Version] = field(default_factory=dict)
    """The version that /version names, for each cloud; the one in force where it is missing."""
    named: Profiles = field(default_factory=Profiles)
    """The named profiles with their problems."""
    folder: str = ""
    """The folder of the profiles; "" for none."""
    max_age: int = 300
    """How long caches may keep an answer, in seconds."""
    base: str = ""
    """URL of the service without a slash at its end, for links in feeds; "" for links without a host."""

    def latest(self, cloud: Cloud) -> Version:
        """Return the announced version of a cloud."""
        return self.announced.get(cloud, self.clouds[cloud].number)

    def announcing(self, announced: Mapping[Cloud, Version]) -> Edition:
        """Return the same edition with other announced versions."""
        return replace(self, announced=dict(announced))

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """The profiles in force by name: that of the file without its ending."""
        return self.named.valid

    @property
    def cache(self) -> str:
        """The Cache-Control of public answers."""
        return f"public, max-age={self.max_age}"

    def modified(self, clouds: tuple[Cloud, ...] = ()) -> datetime:
        """Return when some lists came into force, as `modified`; () for all clouds."""
        return modified([self.clouds[cloud] for cloud in clouds or self.clouds])

    def plan(self, profile: Profile, *, at: date | None = None) -> Plan:
        """Return the plan of a profile, as `Workspace.plan`.

        Raises:
            OutdatedError: the store has changed since the edition was loaded.
            ProfileError, InputError, CatalogError, StoreError: as `Workspace.plan`.
        """
        plan = self.workspace.plan(profile, at=at or self.day)
        self.check()
        return plan

    def check(self) -> None:
        """Raise OutdatedError if the store has changed since the edition was loaded."""
        if self.workspace.generation != self.generation.partition(" ")[0]:
            raise OutdatedError  # the profiles are part of the edition, so they may have changed


def inputs(workspace: Workspace, folder: str = "") -> str:
    """Return a short text that changes whenever what is served may change.

    That is: whenever the lists, the constraints or the profiles change.

    Raises CatalogError or StoreError.
    """
    return f"{workspace.generation} {folder_mark(folder)}"


def load_edition(
    workspace: Workspace,
    *,
    folder: str = "",
    day: date | None = None,
    max_age: int = 300,
    base: str = "",
    last: Profiles | None = None,
) -> Edition:
    """Load what is in force.

    Args:
        workspace: catalog, store and constraints.
        folder: a folder of profiles, `NAME.toml`; "" for none.
        day: the day for which plans are made; None for today in UTC.
        max_age: how long caches may keep an answer, in seconds.
        base: URL of the service, for links in feeds; "" for links without a host.
        last: the profiles of the edition before, which stay in force where a file is not valid.

    Raises:
        CatalogError, StoreError: the lists cannot be read.
        OutdatedError: the store changes all the time.
    """
    for _ in range(5):
        generation, catalog = inputs(workspace, folder), workspace.catalog()
        base_lists = _first_lists(workspace, catalog)
        if place := workspace.lists_place:
            from perimeter365.store.reader import reader

            with reader(place) as store, store.reading():
                clouds = {cloud: _stored(place, store, cloud, base_lists.get(cloud)) for cloud in catalog.versions}
        else:
            clouds = {cloud: _alone(state) for cloud, state in base_lists.items()}
        named = load_profiles(catalog.versions, folder, last)
        if inputs(workspace, folder) == generation:
            today = day or datetime.now(UTC).date()
            found = {cloud: clouds[cloud] for cloud in sorted(clouds)}
            return Edition(
                workspace=workspace,
                generation=generation,
                day=today,
                catalog=catalog,
                clouds=found,
                named=named,
                folder=folder,
                max_age=max_age,
                base=base,
            )
    raise OutdatedError


def _first_lists(workspace: Workspace, catalog: Catalog) -> dict[Cloud, State]:
    """Return the lists that are in force without a store."""
    if workspace.lists_place:
        from perimeter365.sources.embedded import embedded

        catalog = embedded()
    found = {}
    for cloud, listed in catalog.versions.items():
        sets = tuple(s for s in catalog.endpoint_sets(cloud) if s.id < SYNTHETIC_ID)
        found[cloud] = State(cloud=cloud, version=Version(listed.version), origin=RECORDED, sets=sets)
    return found


def _served(state: State) -> ServedVersion:
    return ServedVersion(number=state.version, upstream=state.version, hash=state.hash, at=None)


def _alone(state: State) -> ServedCloud:
    return ServedCloud(cloud=state.cloud, versions=(_served(state),), sets=state.sets)


def _stored(place: str, store: Reader, cloud: Cloud, first: State | None) -> ServedCloud:
    """Return a cloud with the past that a store knows.

    Args:
        place: path or URL of the store.
        store: the store.
        cloud: the cloud.
        first: the list that is in force if the store has none in force; None if there is none.
    """
    head, stored = store.head(cloud), store.versions(cloud)
    versions = served_versions(stored, store.forced(cloud), _served(first) if first else None, fallen_back=head is None)
    sets = head.sets if head else first.sets if first else ()
    past = Past(
        place=place,
        cloud=cloud,
        versions=versions,
        stored={each.version: each for each in stored},
        known=store.records(cloud),
        effective=store.effective(cloud),
        embedded={first.hash: first.sets} if first else {},
    )
    return ServedCloud(cloud=cloud, versions=versions, sets=sets, records=LazyRecords(past.records))
