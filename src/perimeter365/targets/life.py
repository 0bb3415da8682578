"""The life of an artifact: the commands of its manual, and trials of its steps.

A text that its device accepts is not yet safe. It is installed on a device with rules of its own, is loaded again, grows and
shrinks, and is interrupted. So a target has a manual and a table of these steps. The manual page, the head of the file,
the documentation and the tests share the lines of the manual. The table has the program, or the model of a device, with
which each step was tried.

>>> table = tried(program("nft 1.0.6"), "install", "again") | tried(does_not_apply("nothing is cached"), "back")
>>> print(table["install"]), print(table["back"]), print(trial_of(table, "grow"))
tried with nft 1.0.6
does not apply: nothing is cached
not tried
(None, None, None)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

Step = Literal["install", "empty", "again", "grow", "shrink", "interrupted", "unordered", "back", "neighbors", "remove"]
STEPS: Mapping[Step, str] = MappingProxyType(
    {
        "install": "on a device that has rules, objects and protections of its own: all of that is still there",
        "empty": "a plan with nothing for the device: it neither opens nor closes",
        "again": "the same files twice, and with another option",
        "grow": "a requirement and a prefix more",
        "shrink": "a requirement, a role and a scenario less: nothing of them stays open",
        "interrupted": "stopped after each command, then run again from the start",
        "unordered": "an update rendered twice before it is loaded once",
        "back": "yesterday's version again",
        "neighbors": "beside another target, another organization and the administrator's own entries",
        "remove": "everything of ours is taken out, and nothing else",
    }
)
"""Step -> what is tried."""

Part = Literal["install", "update", "changes", "remove"]
PARTS: Mapping[Part, str] = MappingProxyType(
    {
        "install": "Install",
        "update": "Update",
        "changes": "Update with --since",
        "remove": "Remove",
    }
)
"""Part of a manual -> its title."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manual:
    """How files get to a device, are kept up to date there, and are removed.

    A line is one command, as it is typed. A line that starts with `# ` is a step for a person. `{name}` stands for an option
    of the target, or for one of its `words`.
    """

    where: str
    """Where the commands are run: `a shell of the router, as root`."""
    install: tuple[str, ...]
    update: tuple[str, ...] = ()
    """() = as `install`."""
    changes: tuple[str, ...] = ()
    """With the files of a render with `--since`; () if there are none."""
    remove: tuple[str, ...]
    besides: str = ""
    """What loading the files changes or refuses besides what they permit, as a sentence; "" if nothing."""
    first: str = ""
    """How to try it safely first, as a sentence; "" if loading the files has no effect on traffic by itself."""

    def lines(self, part: Part) -> tuple[str, ...]:
        """Return the lines of a part; those of `install` if an update has none of its own."""
        lines: tuple[str, ...] = getattr(self, part)
        return lines or (self.install if part == "update" else ())


TrialKind = Literal["program", "model", "reader", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """How a step of a target's life was tried."""

    kind: TrialKind
    by: str
    """The program with its version, the model or reader, or the reason why the step does not apply."""

    def __str__(self) -> str:
        return f"does not apply: {self.by}" if self.kind == "none" else f"tried with {self.by}"


Trials = Mapping[Step, Trial]


def program(by: str) -> Trial:
    """Return a trial with the program that the files are for: `nft 1.0.6`."""
    return Trial(kind="program", by=by)


def model(of: str) -> Trial:
    """Return a trial with a model of a device: `IOS 15.9`."""
    return Trial(kind="model", by=f"a model of {of}")


def reader(by: str) -> Trial:
    """Return a trial with an independent reader of the format: `polars 1.35`."""
    return Trial(kind="reader", by=by)


def does_not_apply(reason: str) -> Trial:
    """Return the reason why a device has no such step."""
    return Trial(kind="none", by=reason)


def tried(how: Trial, *steps: Step) -> dict[Step, Trial]:
    """Return a table with one trial for the steps, or for all steps if none is named."""
    return dict.fromkeys(steps or get_args(Step), how)


def trial_of(trials: Trials, step: Step) -> str:
    """Return how a step was tried, as text."""
    return str(trials[step]) if step in trials else "not tried"


def manual_lines(manual: Manual, parts: Mapping[Part, tuple[str, ...]], besides: str = "", first: str = "") -> Iterator[str]:
    """Yield the lines of a manual as text.

    Args:
        manual: the manual.
        parts: the commands of each part, with the words filled in.
        besides: what loading the files does besides.
        first: how to try them safely first.
    """
    for part, title in PARTS.items():
        if part == "update" and not manual.update:
            yield f"{title}: as install, with the new files."
        elif parts[part]:
            yield f"{title} ({manual.where}):"
            yield ""
            yield from (f"    {line}" for line in parts[part])
        else:
            continue
        yield ""
    if besides:
        yield f"Besides: {besides}"
    if first:
        yield f"First: {first}"


def life_lines(trials: Trials) -> Iterator[str]:
    """Yield the table of steps as text."""
    width = max(map(len, STEPS))
    yield from (f"  {step:<{width}}  {trial_of(trials, step)}" for step in STEPS)
