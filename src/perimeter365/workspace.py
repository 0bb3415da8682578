"""Python interface to an installation: lists, constraints, plans and lookups.

    >>> workspace = Workspace(catalog="embedded")
    >>> workspace.lookup("52.112.0.5").matches[0].entry.id
    'ws/worldwide/11'

    Workspace.from_environment()     as the command line: PERIMETER365_CATALOG, _STORE, _CONSTRAINTS and _UPSTREAM apply
    Workspace(store="lists.sqlite")  this store, default constraints; the environment is ignored

The command line uses this module, so `workspace.plan` and `perimeter365 plan` give the same bytes. Both use the lists in
force, removed entries in their grace time, and announced additions before their day. `load_catalog` returns lists without
these rules; a plan made from them while a store exists has the warning `not-in-force`.

Methods import what they need, so importing this module adds nothing to the start-up time of `lookup`. The file is long,
because it is the one entry point: each method is a few lines over another room.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # type checkers treat it as true; importing `typing` would double the start-up time of `lookup`
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from perimeter365.model.catalog import Catalog, CatalogVersion
    from perimeter365.model.cloud import Cloud
    from perimeter365.model.freshness import CloudAge
    from perimeter365.model.lookup import Index, LookupResult
    from perimeter365.model.witness import AddressWitness
    from perimeter365.plan.constraints import Constraints
    from perimeter365.plan.plan import Plan
    from perimeter365.plan.profile import Profile
    from perimeter365.store.reader import Reader
    from perimeter365.store.store import Store
    from perimeter365.targets import RenderResult, Style

EMBEDDED = "embedded"
"""Name of the catalog that the package contains."""

VARIABLES: Mapping[str, str] = {
    "catalog": "PERIMETER365_CATALOG",
    "store": "PERIMETER365_STORE",
    "constraints": "PERIMETER365_CONSTRAINTS",
    "upstream": "PERIMETER365_UPSTREAM",
}
"""Argument of `Workspace` -> environment variable that `from_environment` reads for it."""


class Workspace:
    """A catalog, a store and constraints, and the plans and lookups based on them.

    Threads may share a workspace.
    """

    def __init__(
        self,
        *,
        catalog: str | Path | None = None,
        store: str | Path | None = None,
        constraints: Constraints | str | Path | None = None,
        upstream: str | None = None,
    ) -> None:
        """Create a workspace. Nothing is opened or read yet.

        Args:
            catalog: `embedded`, a folder of facts, or a store (a file, `sqlite:///PATH` or `postgresql://…`). None for
                the embedded rows with the lists in force of `store`, if it exists.
            store: path or URL of the store of versions; None for the one in the data folder (`store.place`).
            constraints: the operator's constraints, or a file of them; None for the defaults.
            upstream: base URL of the web service for syncs; None for Microsoft's.

        Raises:
            StoreError: `store` is a URL with an unsupported scheme.
        """
        from perimeter365.store.place import store_place

        self.catalog_place = str(catalog or "")
        """The `catalog` argument; "" for the lists in force."""
        self.store_place: str = store_place(str(store) if store else None)
        """Path or URL of the store, which may not exist."""
        self.upstream = upstream or None
        self._bound = constraints or None

    @classmethod
    def from_environment(
        cls,
        *,
        catalog: str | Path | None = None,
        store: str | Path | None = None,
        constraints: Constraints | str | Path | None = None,
        upstream: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Workspace:
        """Create a workspace as the command line does.

        The defaults come from the environment (`VARIABLES`). An empty variable counts as not set.

        Args:
            catalog: as for `Workspace`; overrides PERIMETER365_CATALOG.
            store: as for `Workspace`; overrides PERIMETER365_STORE.
            constraints: as for `Workspace`; overrides PERIMETER365_CONSTRAINTS.
            upstream: as for `Workspace`; overrides PERIMETER365_UPSTREAM.
            environment: environment variables; None for those of this process.

        Raises:
            StoreError: as for `Workspace`.
        """
        variables = os.environ if environment is None else environment
        given = {"catalog": catalog, "store": store, "constraints": constraints, "upstream": upstream}
        return cls(**{name: each or variables.get(VARIABLES[name], "").strip() for name, each in given.items()})  # type: ignore[arg-type]

    @property
    def constraints(self) -> Constraints:
        """The operator's constraints.

        A file is read at each access.

        Raises:
            InputError: the file cannot be read.
        """
        from pathlib import Path

        from perimeter365.plan.constraints import DEFAULTS, Constraints, load_constraints

        if self._bound is None or isinstance(self._bound, Constraints):
            return self._bound or DEFAULTS
        return load_constraints(Path(self._bound))

    @property
    def constraints_file(self) -> str | None:
        """The file of the constraints; None if they are a value or the defaults."""
        return str(self._bound) if isinstance(self._bound, str | os.PathLike) else None

    # -- the store -----------------------------------------------------------------------------------------------

    @property
    def lists_place(self) -> str | None:
        """Location of the store whose lists are in force.

        The value is None for an embedded catalog, a folder, or a missing store.
        """
        from perimeter365.store.place import store_exists, store_place

        if self.catalog_place:
            from perimeter365.sources.load import is_store  # loads the catalog classes: 40 ms that `lookup` does not need

            return store_place(self.catalog_place) if is_store(self.catalog_place) else None
        return self.store_place if store_exists(self.store_place) else None

    @property
    def has_store(self) -> bool:
        """Whether the store exists.

        A store on a server counts as existing, since only a connection could tell.
        """
        from perimeter365.store.place import store_exists

        return store_exists(self.store_place)

    def store(self, *, create: bool = True) -> Store:
        """Open the store for reading and writing. Raises StoreError."""
        from perimeter365.store.store import Store

        return Store(self.store_place, create=create)

    def reader(self) -> Reader:
        """Open the store for reading. Raises StoreError if it does not exist."""
        from perimeter365.store.reader import reader

        return reader(self.store_place)

    def witness(self) -> AddressWitness:
        """Return the newest witness of Microsoft's space, of the package or store.

        Raises StoreError if the store exists and cannot be read.
        """
        from perimeter365.sources.witness import witness_of

        if not self.has_store:
            return witness_of(None)
        with self.reader() as store:
            return witness_of(store)

    @property
    def generation(self) -> str:
        """A short text that changes whenever the plans' inputs change.

        The inputs are the catalog, the store and the constraints file.

        It costs one read of a file's header, or one query to a server, so a service can check it for each request and
        cache results until it changes. Every write to a store changes it, even if the lists stay the same. It does not
        depend on the date, but plans do: today's plan may not be valid tomorrow.

        Raises:
            StoreError: the store exists and cannot be read.
        """
        from perimeter365.model.digest import sha256_hex
        from perimeter365.store.fingerprint import fingerprint

        parts = [fingerprint(self.constraints_file)] if self.constraints_file else []
        if place := self.lists_place:
            parts.append(fingerprint(place))
        elif self.catalog_place not in ("", EMBEDDED):
            parts.append(fingerprint(self.catalog_place))
        return sha256_hex("\n".join(parts))[:16]

    def _other_lists(self) -> str:
        """Describe the lists in force for a warning; "" if they are the embedded ones."""
        from perimeter365.errors import StoreError
        from perimeter365.store.heads import heads
        from perimeter365.store.place import redacted_place

        place = self.lists_place
        if place is None:
            folder = self.catalog_place not in ("", EMBEDDED)
            return f"those of {self.catalog_place} are in force" if folder else ""
        try:
            return f"those of {redacted_place(place)} are in force" if heads(place) else ""
        except StoreError:
            return f"those of {redacted_place(place)}, which cannot be read now, may be in force"

    # -- catalogs ------------------------------------------------------------------------------------------------

    def catalog(self) -> Catalog:
        """Return the lists in force as upstream publishes them.

        Raises:
            CatalogError, StoreError: the lists cannot be read. Older lists are never used instead.
        """
        from perimeter365.sources.load import read_catalog

        return read_catalog(self.lists_place or self.catalog_place)

    def catalog_for(
        self,
        profile: Profile,
        *,
        at: date | None = None,
        grace: Mapping[str, int] | None = None,
        ahead: bool | None = None,
    ) -> Catalog:
        """Return the effective lists of a profile on a day.

        Grace times and announced additions are applied.

        Args:
            profile: the profile; its `[effective]` section supplies the defaults of the other arguments.
            at: the day; None for today in UTC.
            grace: grace time in days by category. Categories that are missing have the profile's grace time.
            ahead: whether announced additions are used before their day; None for the profile's setting.

        Raises:
            ProfileError: a target, option or limit of the profile does not exist, or has another kind of value.
            CatalogError, StoreError: as for `catalog`.
            InputError: a grace time is out of range, or the constraints cannot be read.
        """
        from perimeter365.store.heads import heads

        check_profile(profile)
        place = self.lists_place
        if place is None or not heads(place):
            return self.catalog()
        from perimeter365.history.effective import effective_catalog

        return effective_catalog(place, profile, at=at, grace=grace, ahead=ahead, constraints=self.constraints)

    def index(self) -> Index:
        """Return the compiled catalog for lookups. Raises as `catalog`."""
        from perimeter365.model.lookup import Index
        from perimeter365.sources.index import load_index

        place = self.lists_place
        if place or self.catalog_place in ("", EMBEDDED):
            return load_index(place)
        from perimeter365.model.compiled import compile_catalog

        return Index(compile_catalog(self.catalog()))

    # -- plans and lookups -----------------------------------------------------------------------------------------

    def plan(
        self,
        profile: Profile | str | Path,
        *,
        at: date | None = None,
        grace: Mapping[str, int] | None = None,
        ahead: bool | None = None,
    ) -> Plan:
        """Return the plan that `perimeter365 plan` prints.

        Args:
            profile: a profile, or the path of its file.
            at: as for `catalog_for`.
            grace: as for `catalog_for`.
            ahead: as for `catalog_for`.

        Raises:
            ProfileError: the file is not a valid profile; the error lists every problem.
            InputError, CatalogError, StoreError: as for `catalog_for`.
        """
        from perimeter365.plan.freshness import with_freshness
        from perimeter365.plan.make import make_plan
        from perimeter365.plan.profile import Profile

        own = profile if isinstance(profile, Profile) else self.load_profile(profile)
        plan = make_plan(self.catalog_for(own, at=at, grace=grace, ahead=ahead), own, today=at)
        return with_freshness(plan, self.ages(plan.versions, at=at), own.stale)

    def ages(self, versions: Mapping[Cloud, CatalogVersion], *, at: date | None = None) -> tuple[CloudAge, ...]:
        """Return the age of each list, since the last look or its version.

        Args:
            versions: the lists, such as those of a plan: `plan.versions`.
            at: the day on which the ages are counted; None, or a day in the future, for today in UTC.

        Raises:
            StoreError: the store cannot be read.
        """
        from datetime import UTC, datetime

        from perimeter365.model.freshness import ages

        today, seen = datetime.now(UTC).date(), {}
        if place := self.lists_place:
            from perimeter365.store.heads import heads

            seen = {head.cloud: head.seen for head in heads(place)}
        return ages({str(c): v.version for c, v in versions.items()}, seen, min(at or today, today))

    def load_profile(self, path: str | Path) -> Profile:
        """Read a profile, which may name clouds that only the lists in force have.

        Raises ProfileError.
        """
        from perimeter365.plan.profile import load_profile

        return load_profile(path, further=self.further_clouds)

    def further_clouds(self) -> tuple[Cloud, ...]:
        """Return the clouds of the lists in force that are newer than this release.

        Raises as `catalog`.
        """
        return tuple(cloud for cloud in self.catalog().versions if not cloud.known)

    def render(self, plan: Plan, target: str, style: Style | None = None) -> RenderResult:
        """Render a plan for one target within the operator's constraints.

        The settings of the plan's profile for the target apply, as on the command line. Raises as `targets.render`.
        """
        from perimeter365.targets import render

        return render(plan, target, style, constraints=self.constraints)

    def lookup(self, value: str, *, clouds: Sequence[str] = ()) -> LookupResult:
        """Find the sets and rows that cover an address, prefix, host or URL.

        Raises:
            InputError: the value is not one of these.
        """
        return self.index().lookup(value, list(clouds))


def check_profile(profile: Profile) -> None:
    """Check what a profile says about targets.

    The rest of a profile is checked when it is read. This needs the targets.

    Raises:
        ProfileError: a target, option or limit does not exist, or has another kind of value.
    """
    if profile.targets or any(each.loss for each in profile.accept):
        from perimeter365.targets import targets
        from perimeter365.targets.settings import check_accepted, check_settings

        check_settings(profile.targets, targets)
        check_accepted(profile.accept, targets)


def load_catalog(where: str | Path | None = None) -> Catalog:
    """Load the lists of a catalog, without grace times and announced additions.

    Args:
        where: None or `embedded` for the catalog that the package contains; a folder of facts; or a store.

    Returns:
        The catalog. Without an argument, a plan made from it has the warning `not-in-force` if
        `Workspace.from_environment()` has other lists in force: a store with synced or pinned lists, a store that cannot
        be read at the moment, or a folder named by PERIMETER365_CATALOG. Pass `embedded` to use the embedded lists
        without the warning. A plan made from the lists of a store also has the warning, since they lack grace times and
        announced additions.

    Raises:
        CatalogError: there is no catalog at that location, or it is damaged.
        StoreError: `where` is a store and cannot be read.
    """
    from dataclasses import replace

    from perimeter365.sources.load import is_store, read_catalog
    from perimeter365.store.place import redacted_place

    catalog = read_catalog(where)
    if where is None:
        others = Workspace.from_environment()._other_lists()  # noqa: SLF001 (same module)
        if others:
            return replace(catalog, not_in_force=f"made from the embedded lists, while {others}: use Workspace.plan")
    elif is_store(where):
        text = f"made from the lists of {redacted_place(str(where))} without grace times and announced additions"
        return replace(catalog, not_in_force=f"{text}: use Workspace.plan")
    return catalog


def lookup(value: str, *, clouds: Sequence[str] = (), workspace: Workspace | None = None) -> LookupResult:
    """Find the sets and rows that cover a value, as `perimeter365 lookup` does.

    >>> lookup("52.112.0.5", workspace=Workspace(catalog="embedded")).matches[0].entry.id
    'ws/worldwide/11'

    Args:
        value: an address, prefix, host or URL.
        clouds: names of clouds; () for all.
        workspace: None for `Workspace.from_environment()`. For many values, call `workspace.index()` once instead.

    Raises:
        InputError: the value is not an address, prefix, host or URL.
        CatalogError, StoreError: as for `Workspace.catalog`.
    """
    return (workspace or Workspace.from_environment()).lookup(value, clouds=clouds)
