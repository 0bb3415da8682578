"""Renders a plan to several targets: one that fails does not stop the others, and is never silent.

Targets that `all` stands for, and nobody named, are left out where the extra that they need is not installed.

>>> from perimeter365 import load_catalog, make_plan
>>> from perimeter365.plan.profile import parse_profile
>>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
>>> many = render_many(plan, ["nftables", "pac"], Styles())
>>> [r.target for r in many.rendered], dict(many.failures)
(['nftables', 'pac'], {})
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from perimeter365.errors import MissingExtraError, Perimeter365Error, UnknownNameError
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.plan import Plan
from perimeter365.targets import Prepared, Style, targets
from perimeter365.targets.target import ALL, Earlier, Rendered


@dataclass(frozen=True, kw_only=True, slots=True)
class Styles:
    """How to render, for several targets."""

    common: Style = Style()
    """What holds for all of them; its options and limits are not used."""
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Target -> option -> value."""
    limits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Target -> limit -> value."""
    since: Mapping[str, Earlier] = field(default_factory=dict)
    """Target -> what its device was given before."""

    def of(self, target: str) -> Style:
        """The style of one target."""
        return replace(
            self.common,
            options=self.options.get(target, {}),
            limits=self.limits.get(target, {}),
            since=self.since.get(target),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Many:
    """What several targets made."""

    rendered: tuple[Rendered, ...]
    failures: Mapping[str, Perimeter365Error]
    """Targets that made nothing, with the reason."""
    left_out: Mapping[str, MissingExtraError] = field(default_factory=dict)
    """Targets without their extra that could be left out."""

    @property
    def losses(self) -> Mapping[str, int]:
        """How many losses of each kind there are."""
        return Counter(loss.kind for each in self.rendered for loss in each.losses)


def names_of(words: Iterable[str]) -> tuple[str, ...]:
    """The targets that words mean, each once, in their order; `all` is every one. Raises UnknownNameError."""
    found: dict[str, None] = {}
    for word in words:
        if word != ALL and word not in targets:
            raise UnknownNameError("target", word, [*targets, ALL])
        found.update(dict.fromkeys(targets if word == ALL else [word]))
    return tuple(found)


def not_named(words: Iterable[str]) -> frozenset[str]:
    """The targets that words mean only by `all`: those may be left out."""
    named = set(words)
    return frozenset(targets) - named if ALL in named else frozenset()


def render_many(
    plan: Plan, names: Iterable[str], styles: Styles, optional: Container[str] = (), *, constraints: Constraints = DEFAULTS
) -> Many:
    """Render a plan to targets.

    Args:
        plan: from `make_plan`.
        names: names of targets, as `names_of` gives them.
        styles: options and limits by target, and what holds for all.
        optional: names that are left out, without being a failure, when their extra is not installed.
        constraints: the operator's bound.

    Raises:
        UnknownNameError: an option or a limit is for a target that is not rendered.
        OptionError: a target has no such option or limit. Nothing was rendered then.
    """
    names = tuple(names)
    for target in (*styles.options, *styles.limits):
        if target not in names:
            raise UnknownNameError("target that is rendered", target, names)
    for name in names:
        targets[name](styles.of(name))
    prepared = Prepared(plan, constraints)
    rendered: list[Rendered] = []
    failures: dict[str, Perimeter365Error] = {}
    left_out: dict[str, MissingExtraError] = {}
    for name in names:
        try:
            rendered.append(prepared.render(name, styles.of(name)))
        except Perimeter365Error as error:
            if isinstance(error, MissingExtraError) and name in optional:
                left_out[name] = error
            else:
                failures[name] = error
    return Many(rendered=tuple(rendered), failures=failures, left_out=left_out)
