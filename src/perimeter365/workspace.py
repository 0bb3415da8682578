"""One door to what holds here: the lists in force, the operator's bound, and the plan that follows from them.

    >>> workspace = Workspace(catalog="embedded")
    >>> workspace.lookup("52.112.0.5").matches[0].entry.id
    'ws/worldwide/11'

    Workspace.from_environment()     as the command line: PERIMETER365_CATALOG, _STORE, _CONSTRAINTS and _UPSTREAM count
    Workspace(store="lists.sqlite")  this store, no constraints; the environment is not asked

The command line is a face on this module, so `workspace.plan` and `perimeter365 plan` give the same bytes: the lists in
force, removed entries in their grace time, and announced additions ahead of their day. `load_catalog` gives lists as they
are, without any of that; a plan made of them while a store exists carries the warning `not-in-force`.

Importing this module costs nothing that a cold `lookup` would feel: what a method needs, it imports itself.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start of `lookup`
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from perimeter365.model.catalog import Catalog
    from perimeter365.model.lookup import Answer, Index
    from perimeter365.plan.constraints import Constraints
    from perimeter365.plan.plan import Plan
    from perimeter365.plan.profile import Profile
    from perimeter365.store.reader import Reader
    from perimeter365.store.store import Store
    from perimeter365.targets import RenderResult, Style

EMBEDDED = "embedded"
"""The name of the catalog inside of the package."""

VARIABLES: Mapping[str, str] = {
    "catalog": "PERIMETER365_CATALOG",
    "store": "PERIMETER365_STORE",
    "constraints": "PERIMETER365_CONSTRAINTS",
    "upstream": "PERIMETER365_UPSTREAM",
}
"""What `from_environment` reads, by the argument that each stands for."""


class Workspace:
    """Where the lists come from, what bounds them, and what is made of both. Safe to share between threads."""

    def __init__(
        self,
        *,
        catalog: str | Path | None = None,
        store: str | Path | None = None,
        constraints: Constraints | str | Path | None = None,
        upstream: str | None = None,
    ) -> None:
        """Name the parts; nothing is opened or read yet.

        Args:
            catalog: `embedded`, a folder of facts, or a store (a file, `sqlite:///PATH` or `postgresql://…`). None for
                the embedded rows with the lists in force in `store`, if that exists.
            store: path or URL of the store of versions; None for the one in the data folder (`store.place`).
            constraints: the operator's bound, or the file that holds it; None for the defaults.
            upstream: base address of the web service that syncs ask; None for Microsoft's.

        Raises:
            StoreError: `store` is an address of a kind that no store has.
        """
        from perimeter365.store.place import store_place

        self.catalog_place = str(catalog or "")
        """As it was given; "" for the lists in force."""
        self.store_place: str = store_place(str(store) if store else None)
        """Path or URL, which need not exist."""
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
        """As the command line: what is not given comes from the environment (`VARIABLES`); an empty variable is not set.

        Args:
            catalog: as for `Workspace`, and so the others.
            store: wins over PERIMETER365_STORE.
            constraints: wins over PERIMETER365_CONSTRAINTS.
            upstream: wins over PERIMETER365_UPSTREAM.
            environment: None for that of this process.

        Raises:
            StoreError: as `Workspace`.
        """
        variables = os.environ if environment is None else environment
        given = {"catalog": catalog, "store": store, "constraints": constraints, "upstream": upstream}
        return cls(**{name: each or variables.get(VARIABLES[name], "").strip() for name, each in given.items()})  # type: ignore[arg-type]

    @property
    def constraints(self) -> Constraints:
        """The operator's bound; a file is read each time it is asked for. Raises InputError if that is not possible."""
        from pathlib import Path

        from perimeter365.plan.constraints import DEFAULTS, Constraints, load_constraints

        if self._bound is None or isinstance(self._bound, Constraints):
            return self._bound or DEFAULTS
        return load_constraints(Path(self._bound))

    @property
    def constraints_file(self) -> str | None:
        """The file that holds the bound; None if it is a value, or the defaults."""
        return str(self._bound) if isinstance(self._bound, str | os.PathLike) else None

    # -- the store -----------------------------------------------------------------------------------------------

    @property
    def lists_place(self) -> str | None:
        """The store whose lists are in force; None if the catalog is embedded or a folder, or no store exists."""
        from perimeter365.store.place import store_exists, store_place

        if self.catalog_place:
            from perimeter365.sources.load import is_store  # it loads the catalog's classes, 40 ms that `lookup` is spared

            return store_place(self.catalog_place) if is_store(self.catalog_place) else None
        return self.store_place if store_exists(self.store_place) else None

    @property
    def has_store(self) -> bool:
        """Whether the store exists. A database server is assumed to: only a connection would tell."""
        from perimeter365.store.place import store_exists

        return store_exists(self.store_place)

    def store(self, *, create: bool = True) -> Store:
        """Open the store to change it. Raises StoreError."""
        from perimeter365.store.store import Store

        return Store(self.store_place, create=create)

    def reader(self) -> Reader:
        """Open the store to read it. Raises StoreError if there is none."""
        from perimeter365.store.reader import reader

        return reader(self.store_place)

    @property
    def generation(self) -> str:
        """A short text that changes whenever the catalog, the store or the constraints file does.

        Cheap enough to be asked for each request (a file's header, or one question to a server), so a service can keep
        what it made until this moves. It may move without a change of the lists: every write to a store counts. Days go
        by outside of it: a plan of today is not one of tomorrow.

        Raises:
            StoreError: the store is there and cannot be read.
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
        """Which lists are in force, if they are not the embedded ones, in words; "" if they are."""
        from perimeter365.errors import StoreError
        from perimeter365.store.heads import heads
        from perimeter365.store.place import redacted

        place = self.lists_place
        if place is None:
            folder = self.catalog_place not in ("", EMBEDDED)
            return f"those of {self.catalog_place} are in force" if folder else ""
        try:
            return f"those of {redacted(place)} are in force" if heads(place) else ""
        except StoreError:
            return f"those of {redacted(place)} may be in force, which cannot be read now"

    # -- catalogs ------------------------------------------------------------------------------------------------

    def catalog(self) -> Catalog:
        """The lists in force, as upstream has them. Raises CatalogError, StoreError; older lists are never substituted."""
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
        """The lists as a profile uses them on a day: with removals in their grace time, and announced additions.

        Args:
            profile: whose `[effective]` holds where the arguments do not say.
            at: the day; None for today in UTC.
            grace: days by category in place of the profile's; a category that is left out has the profile's.
            ahead: whether announced additions are used before their day; None as the profile says.

        Raises:
            CatalogError, StoreError: as `catalog`.
            InputError: a grace time is out of range, or the constraints cannot be read.
        """
        from perimeter365.store.heads import heads

        place = self.lists_place
        if place is None or not heads(place):
            return self.catalog()
        from perimeter365.history.effective import catalog_in_use

        return catalog_in_use(place, profile, at=at, grace=grace, ahead=ahead, constraints=self.constraints)

    def index(self) -> Index:
        """The compiled catalog that answers `lookup`. Raises as `catalog`."""
        from perimeter365.model.lookup import Index
        from perimeter365.sources.index import load_index

        place = self.lists_place
        if place or self.catalog_place in ("", EMBEDDED):
            return load_index(place)
        from perimeter365.model.compiled import compile_catalog

        return Index(compile_catalog(self.catalog()))

    # -- what is made of them --------------------------------------------------------------------------------------

    def plan(
        self,
        profile: Profile | str | Path,
        *,
        at: date | None = None,
        grace: Mapping[str, int] | None = None,
        ahead: bool | None = None,
    ) -> Plan:
        """The plan that `perimeter365 plan` prints, from the same lists, on the same day.

        Args:
            profile: a value, or the file that holds it.
            at: as for `catalog_for`, and so the others.
            grace: the same.
            ahead: the same.

        Raises:
            ProfileError: the file has mistakes; each is named.
            InputError, CatalogError, StoreError: as `catalog_for`.
        """
        from perimeter365.plan.make import make_plan
        from perimeter365.plan.profile import Profile, load_profile

        own = profile if isinstance(profile, Profile) else load_profile(profile)
        return make_plan(self.catalog_for(own, at=at, grace=grace, ahead=ahead), own)

    def render(self, plan: Plan, target: str, style: Style | None = None) -> RenderResult:
        """Render a plan to one target within the operator's bound. Raises as `targets.render`."""
        from perimeter365.targets import render

        return render(plan, target, style, constraints=self.constraints)

    def lookup(self, value: str, *, clouds: Sequence[str] = ()) -> Answer:
        """Find the sets and rows that cover an address, prefix, host or URL. Raises InputError if it is none of these."""
        return self.index().lookup(value, list(clouds))


def load_catalog(where: str | Path | None = None) -> Catalog:
    """Load the lists of a catalog as they are: no grace time, nothing ahead of its day.

    Args:
        where: None or `embedded` for the catalog inside of the package; a folder of facts; or a store.

    Returns:
        The catalog. Without an argument, a plan made of it carries the warning `not-in-force` if
        `Workspace.from_environment()` has other lists in force: a store with synced or pinned lists, one that cannot be
        read just now, or a folder of PERIMETER365_CATALOG. Name `embedded` to say that the embedded lists are meant. A
        plan made of a store's lists carries it too, since they lack grace time and announced additions.

    Raises:
        CatalogError: there is no catalog at that place, or it is damaged.
        StoreError: `where` is a store, and it cannot be read.
    """
    from dataclasses import replace

    from perimeter365.sources.load import is_store, read_catalog
    from perimeter365.store.place import redacted

    catalog = read_catalog(where)
    if where is None:
        others = Workspace.from_environment()._other_lists()  # noqa: SLF001 (of this module)
        if others:
            return replace(catalog, not_in_force=f"made of the embedded lists, while {others}: use Workspace.plan")
    elif is_store(where):
        text = f"made of the lists of {redacted(str(where))} as they are, without grace time and announced additions"
        return replace(catalog, not_in_force=f"{text}: use Workspace.plan")
    return catalog


def lookup(value: str, *, clouds: Sequence[str] = (), workspace: Workspace | None = None) -> Answer:
    """Find the sets and rows that cover a value, as `perimeter365 lookup` does.

    >>> lookup("52.112.0.5", workspace=Workspace(catalog="embedded")).matches[0].entry.id
    'ws/worldwide/11'

    Args:
        value: an address, prefix, host or URL.
        clouds: names of clouds; () for all.
        workspace: None for `Workspace.from_environment()`. For many values keep `workspace.index()`.

    Raises:
        InputError: the value is none of these.
        CatalogError, StoreError: as `Workspace.catalog`.
    """
    return (workspace or Workspace.from_environment()).lookup(value, clouds=clouds)
