"""Every format a plan can be rendered to. One module of this package, one target; other packages may have more.

    >>> targets["nftables"].title
    'nftables'
    >>> from perimeter365 import load_catalog, make_plan
    >>> from perimeter365.plan.profile import parse_profile
    >>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
    >>> [artifact.name for artifact in render(plan, "nftables").artifacts]
    ['perimeter365.nft']

Modules are imported only when their target is asked for, so `render nftables` costs one target. A module whose
class has another name than its file, or that fails to import, is an error, never a warning. The same holds for targets of
other distributions (`_entry_points`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from perimeter365.errors import Perimeter365Error, UnknownNameError
from perimeter365.plan.aggregate import Budget, Paid, aggregate
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.plan import Plan
from perimeter365.targets._entry_points import InstalledTargets
from perimeter365.targets._never import check_never
from perimeter365.targets.target import ALL, WIDENED, Artifact, Capabilities, Loss, Option, Rendered, Style, Target

__all__ = [
    "Artifact",
    "Capabilities",
    "Loss",
    "Option",
    "Prepared",
    "Rendered",
    "Style",
    "Target",
    "built_in",
    "render",
    "targets",
]


_ENGINE = frozenset({"many", "since", "target", "write"})
"""Modules of this package that are not targets."""


class Registry(Mapping[str, type[Target]]):
    """Target names to classes, found from the package's modules."""

    def __init__(self, path: Iterable[str], package: str) -> None:
        """Find the modules.

        Args:
            path: of the package, as its `__path__`: folders, or places in a zip.
            package: its name.

        Raises:
            Perimeter365Error: there are none.
        """
        self._package = package
        modules = {module.name for module in iter_modules(path) if not module.name.startswith("_")}
        self._names = sorted(name.replace("_", "-") for name in modules - _ENGINE)
        if not self._names:
            raise Perimeter365Error(f"{package} has no target", help="files are missing: install it again")

    def __getitem__(self, name: str) -> type[Target]:
        if name not in self._names:
            raise UnknownNameError("target", name, [*self._names, ALL])
        module = import_module(f"{self._package}.{name.replace('-', '_')}")
        found = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
        classes = [c for c in found if issubclass(c, Target) and getattr(c, "name", None) == name]
        if len(classes) != 1:
            raise ImportError(f"{module.__file__} has to define one Target whose name is {name!r}")
        return classes[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


def _widened(paid: Paid) -> Loss:
    """What a flow opens for a budget."""
    about = {"id": paid.flow.id, "cloud": str(paid.flow.cloud), "subject": f"ipv{paid.family}"}
    return Loss(**about, code=WIDENED, message=str(paid), remedy=_MORE)


built_in = Registry(__path__, __name__)
"""The targets of this package."""

targets = InstalledTargets(built_in)
"""All targets: `built_in`, and what other distributions have."""


def render(plan: Plan, target: str, style: Style | None = None, *, constraints: Constraints = DEFAULTS) -> Rendered:
    """Render a plan to one target.

    Args:
        plan: from `make_plan`.
        target: a name of `targets`.
        style: options, limits and whether hosts may be widened.
        constraints: the operator's bound; the defaults if it is left out (`Workspace.render` passes the operator's file).

    Returns:
        The files and what they could not say.

    Raises:
        UnknownNameError: there is no such target.
        NeverListError: the plan would open what must never be opened (RELIABILITY P5).
        LimitError: the device takes less than the plan needs; nothing was written.
        OptionError: an option or limit does not exist.
        MissingExtraError: the target needs an extra that is not installed.
        TargetError: the target of another distribution raised an error of its own.
    """
    return Prepared(plan, constraints).render(target, style)


class Prepared:
    """A plan that may be rendered, to any number of targets: covered under each budget once, and checked once."""

    def __init__(self, plan: Plan, constraints: Constraints = DEFAULTS) -> None:
        self._plan = plan
        self._constraints = constraints
        self._ready: dict[Budget | None, tuple[Plan, tuple[Paid, ...]]] = {}

    def render(self, target: str, style: Style | None = None) -> Rendered:
        """As the function `render`."""
        maker = targets[target](style)
        plan, paid = self._under(maker.style.budget if maker.capabilities.addresses else None)
        try:
            rendered = maker.render(plan)
        except Exception as error:
            if isinstance(error, Perimeter365Error) or target in built_in:
                raise
            raise targets.failed(target, error) from error
        return replace(rendered, losses=tuple(sorted({*rendered.losses, *map(_widened, paid)})))

    def _under(self, budget: Budget | None) -> tuple[Plan, tuple[Paid, ...]]:
        """The plan under a budget, and what it pays; opens nothing that must never be opened."""
        if budget not in self._ready:
            plan, paid = aggregate(self._plan, budget) if budget else (self._plan, ())
            check_never(plan, self._constraints)
            self._ready[budget] = plan, paid
        return self._ready[budget]


_MORE = "allow more prefixes with --max-prefixes, or less extra space with --extra-space"
