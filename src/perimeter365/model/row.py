"""The 25 rows of Microsoft's page of other endpoints, with their requirements."""

from dataclasses import dataclass
from datetime import date

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import RequirementId, row_id
from perimeter365.model.requirement import DIRECTIONS, Direction, Flow, Record, Requirement, Site


@dataclass(frozen=True, kw_only=True, slots=True)
class UnknownNeed:
    """Requirements of a row that are documented for other clouds only.

    A cloud that stands here may need the same under names that no document gives.
    """

    ids: tuple[RequirementId, ...]
    """The requirements, which other clouds have."""
    scenario: str
    clouds: tuple[Cloud, ...]
    """The clouds for which nothing is known."""
    reason: str
    """What is missing, as a sentence."""

    def __post_init__(self) -> None:
        if not (self.ids and self.clouds and self.reason and self.reason.isprintable()):
            raise CatalogError(f"{', '.join(self.ids) or 'unknown'}: names, clouds and reason are needed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row: its purpose, its requirements in each cloud, and the errors of the page."""

    number: int
    """1 to 25; 0 for the page's DNS scope, which has no row."""
    scenario: str
    title: str
    purpose: str
    """What the row is for, as a sentence."""
    defect: str
    """Errors and omissions of the page; "" if there are none."""
    clouds: tuple[Cloud, ...]
    flows: tuple[Flow, ...] = ()
    sites: tuple[Site, ...] = ()
    records: tuple[Record, ...] = ()
    retired: date | None = None
    retired_note: str = ""
    unknown: tuple["UnknownNeed", ...] = ()
    """What is documented for other clouds only."""

    def __post_init__(self) -> None:
        if not 0 <= self.number <= 25:
            raise CatalogError(f"{self.number} is not the number of a row")
        if not (self.title + self.purpose + self.defect + self.retired_note).isprintable():
            raise CatalogError(f"{self.id}: title, purpose, defect or retired_note has a non-printable character")

    @property
    def id(self) -> str:
        """The id: `row/6`, or `dns`."""
        return row_id(self.number) if self.number else self.scenario

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The flows, sites and records."""
        return (*self.flows, *self.sites, *self.records)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its requirements: `flow`, `site`, `record`."""
        pairs = (("flow", self.flows), ("site", self.sites), ("record", self.records))
        return tuple(name for name, some in pairs if some)

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions of its flows, in the order outbound, inbound, internal."""
        found = {f.direction for f in self.flows}
        return tuple(d for d in DIRECTIONS if d in found)
