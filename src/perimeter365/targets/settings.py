"""Options and limits of targets in a profile.

    [targets.pac]
    proxy = "PROXY proxy.contoso.com:8080"      # an option
    direct = ["*.corp.contoso.com"]             # an option that is a list
    bytes = 262144                              # a limit, by its name

Options and limits apply to every render of the profile's plans; those of a `Style` take precedence, such as -O and --limit.
`check_settings` reports all mistakes of a profile together, at their place in the file. `check_accepted` does so for the
targets and reasons of accepted losses.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from perimeter365.errors import OptionError, ProfileError, nearest
from perimeter365.plan.choices import Acceptance, TargetSettings
from perimeter365.plan.profile import Problem
from perimeter365.targets.reasons import REASONS
from perimeter365.targets.target import Style, Target

Value = str | int | tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingProblem:
    """A mistake in the settings of a target."""

    code: str
    """A key of `plan.profile.PROBLEMS`."""
    message: str
    remedy: str = ""
    allowed: tuple[str, ...] = ()
    """For an unknown name: the known names."""

    def placed(self, own: TargetSettings, key: str) -> Problem | None:
        """Return the problem at the place of a key; None if the place is not known."""
        return self.placed_at(own.places.get(key) or own.places.get(""))

    def placed_at(self, place: Problem | None) -> Problem | None:
        """Return the problem at a place; None if the place is not known."""
        if place is None:
            return None
        return replace(place, code=self.code, message=self.message, remedy=self.remedy, allowed=self.allowed)

    def __str__(self) -> str:
        """Return the problem for settings without a file."""
        more = self.remedy or (f"the names are {', '.join(self.allowed)}" if self.allowed else "")
        return self.message + (f"; {more}" if more else "")


def check_settings(settings: Mapping[str, TargetSettings], targets: Mapping[str, type[Target]]) -> None:
    """Check that targets, keys and values exist and are valid.

    Args:
        settings: target -> its settings in a profile.
        targets: the targets that exist.

    Raises:
        ProfileError: with all problems.
    """
    found: list[tuple[str, str, SettingProblem]] = []
    for name, own in settings.items():
        if name in targets:
            found += [(name, key, problem) for key, problem in _problems(targets[name], own)]
        else:
            problem = SettingProblem(
                code="unknown-name", message=f"unknown target {name!r}", remedy=_near(name, targets), allowed=tuple(targets)
            )
            found.append((name, "", problem))
    _fail(settings, found)


def check_accepted(accept: Iterable[Acceptance], targets: Mapping[str, type[Target]]) -> None:
    """Check that the targets and reasons of accepted losses exist.

    Args:
        accept: what a profile acknowledges.
        targets: the targets that exist.

    Raises:
        ProfileError: with all problems.
    """
    placed, texts = [], []
    for each in accept:
        target, slash, reason = each.loss.partition("/")
        if not slash or (target in targets and reason in REASONS):
            continue
        kind, name, known = (
            ("target", target, tuple(targets)) if target not in targets else ("reason", reason, tuple(REASONS))
        )
        problem = SettingProblem(
            code="unknown-name", message=f"unknown {kind} {name!r} of a loss", remedy=_near(name, known), allowed=known
        )
        if at := problem.placed_at(each.place):
            placed.append(at)
        texts.append(str(at) if at else f"[[accept]] {each.loss}: {problem}")
    if texts:
        raise ProfileError("\n".join(texts), problems=tuple(placed))


def style_with(maker: type[Target], own: TargetSettings | None, style: Style | None = None) -> Style:
    """Return a style with the settings of a profile where it has no value itself.

    Raises:
        ProfileError: a key does not exist, or has an invalid value.
    """
    style = style or Style()
    if own is None:
        return style
    _fail({maker.name: own}, [(maker.name, key, problem) for key, problem in _problems(maker, own)])
    options = {key: option_text(value) for key, value in own.values.items() if key in maker.options}
    limits = {key: value for key, value in own.values.items() if key in maker.limits and isinstance(value, int)}
    return replace(style, options={**options, **style.options}, limits={**limits, **style.limits})


def option_text(value: Value) -> str:
    """Return the value of an option as -O gives it."""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _problems(maker: type[Target], own: TargetSettings) -> Iterator[tuple[str, SettingProblem]]:
    """Yield the problems of the settings of one target, with their keys."""
    for key, value in own.values.items():
        problem = _option_problem(maker, key, value) if key in maker.options else _limit_problem(maker, key, value)
        if problem:
            yield key, problem


def _option_problem(maker: type[Target], key: str, value: Value) -> SettingProblem | None:
    if isinstance(value, tuple):
        if not maker.options[key].several:
            return SettingProblem(code="wrong-type", message=f"{key} of {maker.name} is one value, not a list")
        if joined := [each for each in value if "," in each]:
            message = f"{joined[0]!r} is several entries of {key} in one text"
            return SettingProblem(code="bad-value", message=message, remedy="write each entry in its own quotes")
    try:
        maker.check_option(key, option_text(value))
    except OptionError as error:
        return SettingProblem(code="bad-value", message=error.message, remedy=error.help)
    return None


def _limit_problem(maker: type[Target], key: str, value: Value) -> SettingProblem | None:
    if key not in maker.limits:
        known = (*maker.options, *maker.limits)
        message = f"{maker.name} has no option or limit {key!r}"
        return SettingProblem(code="unknown-key", message=message, remedy=_near(key, known), allowed=known)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**18:
        message = f"the limit {key} of {maker.name} is a whole number"
        return SettingProblem(code="wrong-type", message=message, remedy=f"an example is {key} = {maker.limits[key]}")
    return None


def _near(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"did you mean {near!r}?" if near else ""


def _fail(settings: Mapping[str, TargetSettings], found: Iterable[tuple[str, str, SettingProblem]]) -> None:
    """Raise a ProfileError of all problems. No-op if there are none.

    Each list of allowed names is shown once.
    """
    placed, texts = [], []
    for target, key, problem in found:
        if at := problem.placed(settings[target], key):
            placed.append(at)
        else:
            texts.append(f"[targets.{target}]{' ' * bool(key)}{key}: {problem}")
    placed.sort(key=lambda p: (p.line, p.column))
    listed: set[tuple[str, ...]] = set()
    shown = []
    for at in placed:
        shown.append(str(replace(at, allowed=()) if at.allowed in listed else at))
        listed.add(at.allowed)
    if shown or texts:
        raise ProfileError("\n".join([*shown, *texts]), problems=tuple(placed))
