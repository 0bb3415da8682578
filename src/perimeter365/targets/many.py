"""Rendering of a plan for several targets.

A target that fails is reported and does not stop the others.

Targets that are only implied by `all` are left out if the extra that they need is not installed, or if an option whose value
only the organization knows has none. Each is a decision of the batch.

>>> from perimeter365 import load_catalog, make_plan
>>> from perimeter365.plan.profile import parse_profile
>>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
>>> batch = render_many(plan, ["csv", "pac"], Styles(), optional=["pac"])
>>> [r.target for r in batch.rendered], [(d.code, d.id) for d in batch.warnings]
(['csv'], [('value-needed', 'pac')])
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from perimeter365.errors import InputError, MissingExtraError, Perimeter365Error, UnknownNameError, ValueNeededError
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.outbound import check_emptied, outbound_flows
from perimeter365.plan.plan import Plan, PlanWarning, WarningCode
from perimeter365.targets import PlanRenderer, Style, targets
from perimeter365.targets._judge import judge, unused
from perimeter365.targets.loss import Loss
from perimeter365.targets.settings import check_accepted, check_settings
from perimeter365.targets.target import ALL, EarlierRender, RenderResult, batch_losses


@dataclass(frozen=True, kw_only=True, slots=True)
class Styles:
    """The styles of several targets."""

    common: Style = Style()
    """The style that all targets share; its options and limits are ignored."""
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Target -> option -> value. What is not set comes from the profile of the plan."""
    limits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Target -> limit -> value."""
    kept: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Target -> the numbers of its last render (`since.load_kept`); those of `since` replace them."""
    since: Mapping[str, EarlierRender] = field(default_factory=dict)
    """Target -> the earlier render that is on its device."""

    def of(self, target: str) -> Style:
        """Return the style of one target."""
        since = self.since.get(target)
        return replace(
            self.common,
            options=self.options.get(target, {}),
            limits=self.limits.get(target, {}),
            kept=since.style.kept if since else self.kept.get(target, {}),
            since=since,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderBatch:
    """The results of several targets."""

    rendered: tuple[RenderResult, ...]
    failures: Mapping[str, Perimeter365Error]
    """Targets that failed, with the error."""
    left_out: Mapping[str, MissingExtraError | ValueNeededError] = field(default_factory=dict)
    """Optional targets whose extra is not installed, or that need a value of the organization."""
    warnings: tuple[PlanWarning, ...] = ()
    """A decision for each target that was left out, by its name, accepted if the profile acknowledges it; and acceptances
    of losses that fit no loss of a rendered target."""

    @property
    def losses(self) -> tuple[tuple[str, Loss], ...]:
        """All losses with their targets, decisions first."""
        return batch_losses(self.rendered)

    @property
    def decisions(self) -> tuple[tuple[str, Loss], ...]:
        """The losses that only a person can settle, and no one has acknowledged."""
        return tuple((target, loss) for target, loss in self.losses if loss.open)


def expand_names(words: Iterable[str]) -> tuple[str, ...]:
    """Expand `all` in a list of target names.

    Duplicates are removed and the order is kept. Raises UnknownNameError.
    """
    found: dict[str, None] = {}
    for word in words:
        if word != ALL and word not in targets:
            raise UnknownNameError("target", word, [*targets, ALL])
        found.update(dict.fromkeys(targets if word == ALL else [word]))
    return tuple(found)


def implied_names(words: Iterable[str]) -> frozenset[str]:
    """Return the targets that are only implied by `all` and may be left out."""
    named = set(words)
    return frozenset(targets) - named if ALL in named else frozenset()


def render_many(
    plan: Plan,
    names: Iterable[str],
    styles: Styles,
    optional: Container[str] = (),
    *,
    constraints: Constraints = DEFAULTS,
) -> RenderBatch:
    """Render a plan for several targets, and judge their losses together.

    Args:
        plan: from `make_plan`.
        names: target names, as returned by `expand_names`.
        styles: options and limits by target, and the common style.
        optional: names of targets that are left out, without a failure, if an extra or a value is missing.
        constraints: the operator's constraints.

    Raises:
        UnknownNameError: an option or limit belongs to a target that is not rendered.
        OptionError: an option or limit does not exist.
        InputError: an earlier render is that of another organization.
        EmptyPlanError: an earlier render had outbound flows in a cloud, and this plan has none.
        ProfileError: the profile has a target, key or value that does not exist.
    """
    names = tuple(names)
    for target in (*styles.options, *styles.limits):
        if target not in names:
            raise UnknownNameError("target that is rendered", target, names)
    for target, since in styles.since.items():
        if since.plan.organization != plan.organization:
            raise InputError(
                f"the earlier render of {target} is of {since.plan.organization!r}, not of {plan.organization!r}",
                help="name the folder of this organization with --since",
            )
        if not styles.common.allow_empty:
            check_emptied(outbound_flows(plan).emptied(outbound_flows(since.plan).ids))
    check_settings(plan.settings, targets)
    check_accepted(plan.accept, targets)
    renderer = PlanRenderer(plan, constraints)
    for name in names:  # before anything is rendered
        renderer.prepare(name, styles.of(name))
    rendered: dict[str, RenderResult] = {}
    failures: dict[str, Perimeter365Error] = {}
    left_out: dict[str, MissingExtraError | ValueNeededError] = {}
    for name in sorted(names, key=lambda n: targets[n].reads_batch):
        style = styles.of(name)
        if targets[name].reads_batch:
            style = replace(style, batch=_judged(plan, rendered.values()))
        try:
            rendered[name] = renderer.render(name, style)
        except Perimeter365Error as error:
            if isinstance(error, MissingExtraError | ValueNeededError) and name in optional:
                left_out[name] = error
            else:
                failures[name] = error
    results = _judged(plan, [rendered[name] for name in names if name in rendered])
    return RenderBatch(
        rendered=results,
        failures={name: failures[name] for name in names if name in failures},
        left_out=left_out,
        warnings=(
            *(_decision(plan, name, error) for name, error in left_out.items()),
            *unused(plan, [each.report for each in results]),
        ),
    )


def _judged(plan: Plan, rendered: Iterable[RenderResult]) -> tuple[RenderResult, ...]:
    """Return results whose losses are judged for all of them together."""
    results = tuple(rendered)
    losses = judge(plan, [each.report for each in results])
    return tuple(replace(each, losses=losses[each.target]) for each in results)


def _decision(plan: Plan, target: str, error: MissingExtraError | ValueNeededError) -> PlanWarning:
    """Return the decision about a target that was left out."""
    code: WarningCode = "value-needed" if isinstance(error, ValueNeededError) else "extra-needed"
    accepted = (a.reason or "accepted" for a in plan.accept if a.code == code and a.covers(target))
    return PlanWarning(code=code, id=target, message=error.message, remedy=error.help, accepted=next(accepted, ""))
