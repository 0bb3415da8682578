"""Documents of an embedded list, and facts about entries that are not in it.

    assigned    an entry that the source lists by service area only: its set follows from its neighbors
    removed     an entry that the list had before, and the day by which it was gone
    remark      names that another document of the vendor has, and why they are not in the list

None of it opens or closes anything: `show` and `lookup` explain it. A list that a sync fetches has no provenance, since the
web service states each of its entries itself.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from perimeter365.errors import CatalogError
from perimeter365.model.evidence import Evidence

ASSIGNED = "assigned by area"
"""How an assigned entry is shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovedEntry:
    """An entry that a set had in an earlier list."""

    set: int
    value: str
    by: date
    """The first day on which it was seen to be gone."""

    def to_dict(self) -> dict[str, Any]:
        """Return the entry for JSON."""
        return {"value": self.value, "by": self.by.isoformat()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """A sentence about values that a document has and the list has not."""

    set: int
    """The number of the set that it is shown with."""
    values: tuple[str, ...]
    """Hosts and patterns."""
    text: str
    evidence: Evidence

    def to_dict(self) -> dict[str, Any]:
        """Return the remark for JSON."""
        return {
            "values": list(self.values),
            "text": self.text,
            "document": self.evidence.document,
            "date": self.evidence.date,
            "confidence": self.evidence.confidence,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """The documents of a cloud's list, and its assigned, removed and remarked entries."""

    evidence: tuple[Evidence, ...] = ()
    """The documents of the list; () for the web service's own response."""
    areas: Evidence | None = None
    """The document that lists entries by service area only."""
    assigned: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Number of a set -> its hosts and prefixes that `areas` supports."""
    removed: tuple[RemovedEntry, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "assigned", MappingProxyType(dict(sorted(self.assigned.items()))))
        if self.assigned and self.areas is None:
            raise CatalogError("entries that are assigned by area need the document of the areas")

    def evidence_of(self, number: int) -> tuple[Evidence, ...]:
        """Return the evidence of a set, with the document of its assigned entries."""
        return (*self.evidence, *([self.areas] if self.areas and self.assigned.get(number) else []))

    def for_sets(self, numbers: Container[int]) -> "Provenance":
        """Return what remains if only these sets of the list stay."""
        assigned = {number: values for number, values in self.assigned.items() if number in numbers}
        return Provenance(areas=self.areas if assigned else None, assigned=assigned)

    def removed_from(self, number: int) -> tuple[RemovedEntry, ...]:
        """Return the entries that a set had before."""
        return tuple(entry for entry in self.removed if entry.set == number)

    def remarks_on(self, number: int) -> tuple[Remark, ...]:
        """Return the remarks that are shown with a set."""
        return tuple(remark for remark in self.remarks if remark.set == number)

    def to_dict(self, number: int) -> dict[str, Any]:
        """Return what is known about a set for JSON; {} if nothing is."""
        made = {
            "assigned": list(self.assigned.get(number, ())),
            "removed": [entry.to_dict() for entry in self.removed_from(number)],
            "remarks": [remark.to_dict() for remark in self.remarks_on(number)],
        }
        return {key: some for key, some in made.items() if some}
