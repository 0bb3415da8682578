"""Findings: what is reported to people and programs, in one shape.

    finding      module              about
    Problem      plan.profile        a mistake in a profile, with its place
    PlanWarning  plan.plan           what the reader of a plan has to know
    Loss         targets             what a target cannot say
    Reason       here                why a state is held
    Diagnosis    sources.diagnosis   one thing that `doctor` looked at
    Holders      sources.crosscheck  who holds a prefix

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
    """One thing to report. A subclass adds what else there is to say about it."""

    code: str
    """What kind of thing, for programs; "" when there is nothing to do."""
    id: str = ""
    """What it is about: a requirement, a check; "" when the report as a whole is about one thing."""
    message: str
    """What was found, in words."""
    remedy: str = ""
    """The next step; "" when there is none."""

    keys: ClassVar[Mapping[str, str]] = {"code": "code", "id": "id", "message": "message", "remedy": "remedy"}
    """JSON key to attribute, in the order of the JSON, which is also the order that findings sort by."""

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {key: _json(getattr(self, name)) for key, name in self.keys.items()}

    def __lt__(self, other: Self) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.keys.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason(Finding):
    """One thing that a person should look at before a state comes into force."""

    entries: tuple[str, ...] = ()
    """The names, prefixes or sets that it is about, sorted; a part of them where they are many."""

    keys = {"code": "code", "message": "message", "entries": "entries"}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Reason":
        """Make it from its JSON, as a store keeps it; message and entries may be missing. Raises ValueError."""
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
