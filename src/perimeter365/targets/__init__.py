"""Registry of the output formats (targets), and the rendering of a plan.

Each public module of this package, except the engine's, defines one target. Other distributions can add targets.

    >>> targets["nftables"].title
    'nftables'
    >>> from perimeter365 import load_catalog, make_plan
    >>> from perimeter365.plan.profile import parse_profile
    >>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
    >>> [artifact.name for artifact in render(plan, "browser-policy").artifacts]
    ['chrome.json', 'edge.json', 'firefox/policies.json']

A target's module is imported when the target is first requested, so `render nftables` imports one target. A module that
fails to import, or whose class name does not match its file name, is an error, never a warning. The same applies to targets
of other distributions (`_entry_points`).
"""

import sys
from collections.abc import Iterable
from dataclasses import replace

from perimeter365.errors import Perimeter365Error
from perimeter365.model.registry import ModuleRegistry
from perimeter365.plan.aggregate import Budget, BudgetCost, aggregate
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.observed import ObservedHosts
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.plan.shared import NamedWildcard, with_observed
from perimeter365.targets._cover import key_of
from perimeter365.targets._entry_points import InstalledTargets
from perimeter365.targets._judge import judge
from perimeter365.targets._never import check_never
from perimeter365.targets.loss import NARROWED, WIDENED, Loss, LossDetail
from perimeter365.targets.reasons import REASONS
from perimeter365.targets.settings import style_with
from perimeter365.targets.target import Artifact, Capabilities, Option, RenderResult, Style, Target

__all__ = [
    "Artifact",
    "Capabilities",
    "Loss",
    "LossDetail",
    "Option",
    "PlanRenderer",
    "RenderResult",
    "Style",
    "Target",
    "built_in",
    "render",
    "targets",
]


def _widened(cost: BudgetCost) -> LossDetail:
    """The loss for the additional addresses that a budget opens for a flow."""
    limit = REASONS["limit"]
    return LossDetail(
        id=cost.flow.id,
        cloud=str(cost.flow.cloud),
        subject=f"ipv{cost.family}: {cost}",
        code=limit.code,
        kind=WIDENED,
        family=cost.family,
        message=limit.sentence,
        remedy=limit.remedy,
    )


def _narrowed(named: NamedWildcard) -> LossDetail:
    """The loss for a shared wildcard in whose place a flow has observed names."""
    reason = REASONS["observed-only"]
    names = ", ".join(str(each) for each in named.names[:3]) + (", ..." if len(named.names) > 3 else "")
    return LossDetail(
        id=named.flow.id,
        cloud=str(named.flow.cloud),
        subject=f"{named.host}: {names}",
        code=reason.code,
        kind=NARROWED,
        host=named.host,
        message=reason.sentence,
        remedy=reason.remedy,
    )


def _is_for(maker: Target, rendered: RenderResult, flow: PlanFlow) -> bool:
    """Return whether the files of a target have the names of a flow."""
    return bool(maker.capabilities.hosts) and maker.scope().includes(flow) and key_of(flow) not in rendered.report.unselected


_Prepared = tuple[Plan, tuple[BudgetCost, ...], tuple[NamedWildcard, ...]]

_ENGINE = ("life", "loss", "many", "organizations", "reasons", "settings", "since", "target", "write")
built_in = ModuleRegistry(
    sys.modules[__name__],
    Target,  # type: ignore[type-abstract]  # it is only compared with
    kind="target",
    other_modules=_ENGINE,
)
"""The targets of this package."""

targets = InstalledTargets(built_in)
"""All targets: `built_in`, and those of other distributions."""


def render(plan: Plan, target: str, style: Style | None = None, *, constraints: Constraints = DEFAULTS) -> RenderResult:
    """Render a plan for one target.

    Args:
        plan: from `make_plan`.
        target: a name in `targets`.
        style: options, limits, and whether hosts may be widened. What it does not set comes from the profile of the plan.
        constraints: the operator's constraints; the default ones if omitted (`Workspace.render` passes the operator's file).

    Returns:
        The files and the losses.

    Raises:
        UnknownNameError: the target does not exist.
        NeverListError: the plan would open something on the never-list (RELIABILITY P5).
        LimitError: the plan exceeds a limit of the device; nothing was written.
        EmptyArtifactError: the device would refuse everything; nothing was written.
        OptionError: an option or limit does not exist.
        ValueNeededError: an option without default has no value (an OptionError, too).
        ProfileError: the profile has a key or value for the target that does not exist.
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
        self._ready: dict[tuple[Budget | None, int], tuple[_Prepared, ObservedHosts | None]] = {}
        """By budget and the identity of the observed names, which stay with the value so that it stays unique."""

    def render(self, target: str, style: Style | None = None) -> RenderResult:
        """Render the plan for one target, as the function `render` does."""
        maker = self.prepare(target, style)
        plan, costs, named = self._prepared(
            maker.style.budget if maker.capabilities.addresses else None, maker.style.observed
        )
        try:
            rendered = maker.render(plan)
        except Exception as error:
            if isinstance(error, Perimeter365Error) or target in built_in:
                raise
            raise targets.rendering_error(target, error) from error
        lost = [*map(_widened, costs), *(_narrowed(each) for each in named if _is_for(maker, rendered, each.flow))]
        return _with_losses(rendered, self._plan, lost) if lost else rendered

    def prepare(self, target: str, style: Style | None = None) -> Target:
        """Return a target with a style, and with the settings of the plan's profile."""
        maker = targets[target]
        return maker(style_with(maker, self._plan.settings.get(target), style))

    def _prepared(self, budget: Budget | None, observed: ObservedHosts | None) -> _Prepared:
        """Return the checked plan under a budget and with observed names.

        The other parts of the result are what both change.
        """
        key = budget, id(observed)
        if key not in self._ready:
            plan, costs = aggregate(self._plan, budget) if budget else (self._plan, ())
            plan, named = with_observed(plan, observed) if observed else (plan, ())
            for seen in (plan, plan.seen_from("inside")) if plan.two_sided else (plan,):
                check_never(seen, self._constraints)
            self._ready[key] = (plan, costs, named), observed
        return self._ready[key][0]


def _with_losses(rendered: RenderResult, plan: Plan, costs: Iterable[LossDetail]) -> RenderResult:
    """Return a result with the losses of a budget, and of observed names."""
    order = LossDetail.sort_key()
    report = replace(rendered.report, details=tuple(sorted({*rendered.report.details, *costs}, key=order)))
    return replace(
        rendered,
        report=report,
        details=tuple(sorted({*rendered.details, *costs}, key=order)),
        losses=judge(plan, [report])[rendered.target],
    )
