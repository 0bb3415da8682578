"""Findings: everything that is reported to users and programs, with common fields.

    finding      module              about
    Problem      plan.profile        an error in a profile, with its place
    PlanWarning  plan.plan           a warning of a plan
    Loss         targets.loss        what a target cannot express, for one reason
    LossDetail   targets.loss        one part of one requirement that it cannot express
    Reason       model.finding       a reason to hold a state
    Diagnosis    sources.diagnosis   a check of `doctor`
    PrefixCheck  sources.crosscheck  the holders of a prefix

    >>> found = [Finding(code="retired", id="row/9", message="b"), Finding(code="retired", id="row/10", message="a")]
    >>> [finding.id for finding in sorted(found, key=Finding.sort_key())]
    ['row/10', 'row/9']
    >>> found[0].to_dict()
    {'code': 'retired', 'id': 'row/9', 'message': 'b', 'remedy': ''}

`show.findings` prints them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar, Literal, Self, get_args

Level = Literal["decide", "check", "note"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Only a person can settle it; a person should look at it; for the record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One finding. Subclasses add fields."""

    code: str
    """The kind of finding, for programs; "" if there is nothing to do."""
    id: str = ""
    """The requirement, check or other subject; "" if the whole report has one subject."""
    message: str
    """The finding as text."""
    remedy: str = ""
    """The next step; "" if there is none."""

    keys: ClassVar[Mapping[str, str]] = {"code": "code", "id": "id", "message": "message", "remedy": "remedy"}
    """JSON key -> attribute. The order is that of the JSON object and of the sort key."""

    def to_dict(self) -> dict[str, Any]:
        """Return the finding for JSON."""
        return {key: _json(getattr(self, name)) for key, name in self.keys.items()}

    @classmethod
    def sort_key(cls) -> Callable[[Self], Any]:
        """Return a key function that sorts findings by their JSON keys, in order."""
        return attrgetter(*cls.keys.values())  # ten times as fast as __lt__ for the losses of all targets


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason(Finding):
    """A reason to hold a state."""

    entries: tuple[str, ...] = ()
    """The names, prefixes or sets that caused it, sorted; only some of them if there are many."""

    keys = {"code": "code", "message": "message", "entries": "entries"}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Reason":
        """Read a reason from its JSON, in which message and entries may be missing.

        Raises ValueError.
        """
        match {"message": "", "entries": [], **value}:
            case {"code": str(code), "message": str(message), "entries": list(found)}:
                if all(isinstance(entry, str) for entry in found):
                    return cls(code=code, message=message, entries=tuple(found))
        raise ValueError(f"{value!r} is not the reason of a held state")


def printable(text: str) -> str:
    """Replace characters that are not printable by U+FFFD, and a tab by a space."""
    return "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, str | bool | int) else str(value)
