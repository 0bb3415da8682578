"""Registry of the output formats (targets), and the rendering of a plan.

Each public module of this package, except the engine's, defines one target. Other distributions can add targets.

    >>> targets["nftables"].title
    'nftables'
    >>> from perimeter365 import load_catalog, make_plan
    >>> from perimeter365.plan.profile import parse_profile
    >>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
    >>> [artifact.name for artifact in render(plan, "nftables").artifacts]
    ['perimeter365.nft']

A target's module is imported when the target is first requested, so `render nftables` imports one target. A module that
fails to import, or whose class name does not match its file name, is an error, never a warning. The same applies to targets
of other distributions (`_entry_points`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from perimeter365.errors import Perimeter365Error, UnknownNameError
from perimeter365.plan.aggregate import Budget, BudgetCost, aggregate
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.plan import Plan
from perimeter365.targets._entry_points import InstalledTargets
from perimeter365.targets._never import check_never
from perimeter365.targets.target import ALL, WIDENED, Artifact, Capabilities, Loss, Option, RenderResult, Style, Target

__all__ = [
    "Artifact",
    "Capabilities",
    "Loss",
    "Option",
    "PlanRenderer",
    "RenderResult",
    "Style",
    "Target",
    "built_in",
    "render",
    "targets",
]


_ENGINE = frozenset({"many", "since", "target", "write"})
"""Modules of this package that are not targets."""


class Registry(Mapping[str, type[Target]]):
    """Mapping of target names to classes, built from the modules of a package."""

    def __init__(self, path: Iterable[str], package: str) -> None:
        """List the modules of a package.

        Args:
            path: the package's `__path__`: folders, or paths inside a zip file.
            package: the package's name.

        Raises:
            Perimeter365Error: the package has no modules.
        """
        self._package = package
        modules = {module.name for module in iter_modules(path) if not module.name.startswith("_")}
        self._names = sorted(name.replace("_", "-") for name in modules - _ENGINE)
        if not self._names:
            raise Perimeter365Error(f"{package} contains no targets", help="files are missing: reinstall perimeter365")

    def __getitem__(self, name: str) -> type[Target]:
        if name not in self._names:
            raise UnknownNameError("target", name, [*self._names, ALL])
        module = import_module(f"{self._package}.{name.replace('-', '_')}")
        found = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
        classes = [c for c in found if issubclass(c, Target) and getattr(c, "name", None) == name]
        if len(classes) != 1:
            raise ImportError(f"{module.__file__} must define exactly one Target with the name {name!r}")
        return classes[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


def _widened(cost: BudgetCost) -> Loss:
    """The loss for the additional addresses that a budget opens for a flow."""
    about = {"id": cost.flow.id, "cloud": str(cost.flow.cloud), "subject": f"ipv{cost.family}"}
    return Loss(**about, code=WIDENED, message=str(cost), remedy=_MORE)


built_in = Registry(__path__, __name__)
"""The targets of this package."""

targets = InstalledTargets(built_in)
"""All targets: `built_in`, and those of other distributions."""


def render(plan: Plan, target: str, style: Style | None = None, *, constraints: Constraints = DEFAULTS) -> RenderResult:
    """Render a plan for one target.

    Args:
        plan: from `make_plan`.
        target: a name in `targets`.
        style: options, limits, and whether hosts may be widened.
        constraints: the operator's constraints; the default ones if omitted (`Workspace.render` passes the operator's file).

    Returns:
        The files and the losses.

    Raises:
        UnknownNameError: the target does not exist.
        NeverListError: the plan would open something on the never-list (RELIABILITY P5).
        LimitError: the plan exceeds a limit of the device; nothing was written.
        OptionError: an option or limit does not exist.
        MissingExtraError: the target needs an extra that is not installed.
        TargetError: a target of another distribution failed.
    """
    return PlanRenderer(plan, constraints).render(target, style)


class PlanRenderer:
    """Renders one plan for any number of targets.

    The plan is aggregated and checked once per budget.
    """

    def __init__(self, plan: Plan, constraints: Constraints = DEFAULTS) -> None:
        self._plan = plan
        self._constraints = constraints
        self._ready: dict[Budget | None, tuple[Plan, tuple[BudgetCost, ...]]] = {}

    def render(self, target: str, style: Style | None = None) -> RenderResult:
        """Render the plan for one target, as the function `render` does."""
        maker = targets[target](style)
        plan, costs = self._aggregated(maker.style.budget if maker.capabilities.addresses else None)
        try:
            rendered = maker.render(plan)
        except Exception as error:
            if isinstance(error, Perimeter365Error) or target in built_in:
                raise
            raise targets.rendering_error(target, error) from error
        return replace(rendered, losses=tuple(sorted({*rendered.losses, *map(_widened, costs)})))

    def _aggregated(self, budget: Budget | None) -> tuple[Plan, tuple[BudgetCost, ...]]:
        """Return the checked plan under a budget, and the costs of the budget."""
        if budget not in self._ready:
            plan, costs = aggregate(self._plan, budget) if budget else (self._plan, ())
            check_never(plan, self._constraints)
            self._ready[budget] = plan, costs
        return self._ready[budget]


_MORE = "raise --max-prefixes, or lower --extra-space"
