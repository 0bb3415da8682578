"""Findings: what is reported to people and programs, in one shape.

    finding      module              about
    Problem      plan.profile        a mistake in a profile, with its place
    PlanWarning  plan.plan           what the reader of a plan must know
    Loss         targets             what a target cannot express
    Reason       here                why a state is held
    Diagnosis    sources.diagnosis   a check of `doctor`
    Holders      sources.crosscheck  the holders of a prefix

    >>> found = [Finding(code="retired", id="row/9", message="b"), Finding(code="retired", id="row/10", message="a")]
    >>> [finding.id for finding in sorted(found)]
    ['row/10', 'row/9']
    >>> found[0].to_dict()
    {'code': 'retired', 'id': 'row/9', 'message': 'b', 'remedy': ''}

`show.findings` prints them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing to report. Subclasses add attributes."""

    code: str
    """Kind of finding, for programs; "" if no action is needed."""
    id: str = ""
    """Subject, such as a requirement or a check; "" if the whole report has one subject."""
    message: str
    """What was found, for people."""
    remedy: str = ""
    """The next step; "" if no action is needed."""

    keys: ClassVar[Mapping[str, str]] = {"code": "code", "id": "id", "message": "message", "remedy": "remedy"}
    """JSON key -> attribute, in the order of the JSON and of sorting."""

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON data."""
        return {key: _json(getattr(self, name)) for key, name in self.keys.items()}

    def __lt__(self, other: Self) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.keys.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason(Finding):
    """A reason to check a state before it comes into force."""

    entries: tuple[str, ...] = ()
    """Affected names, prefixes or sets, sorted; only a part of them if there are many."""

    keys = {"code": "code", "message": "message", "entries": "entries"}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Reason":
        """Create a reason from stored JSON data; message and entries are optional. Raises ValueError."""
        match {"message": "", "entries": [], **value}:
            case {"code": str(code), "message": str(message), "entries": list(found)}:
                if all(isinstance(entry, str) for entry in found):
                    return cls(code=code, message=message, entries=tuple(found))
        raise ValueError(f"{value!r} is not the reason of a held state")


def harmless(text: str) -> str:
    """Replace everything that is not a printable character; a tab becomes one space."""
    return "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, str | bool | int) else str(value)
