"""One of the 25 rows of Microsoft's page of other endpoints, with all that it really needs."""

from dataclasses import dataclass
from datetime import date

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import row_id
from perimeter365.model.requirement import DIRECTIONS, Direction, Flow, Record, Requirement, Site


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row: what it is for, its requirements per cloud, and what the page itself gets wrong."""

    number: int
    """1 to 25; 0 for the page's DNS scope, which has no row."""
    scenario: str
    title: str
    purpose: str
    """In our words."""
    defect: str
    """What the page gets wrong or leaves out, "" if nothing."""
    clouds: tuple[Cloud, ...]
    flows: tuple[Flow, ...] = ()
    sites: tuple[Site, ...] = ()
    records: tuple[Record, ...] = ()
    retired: date | None = None
    retired_note: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.number <= 25:
            raise CatalogError(f"{self.number} is not the number of a row")
        if not (self.title + self.purpose + self.defect + self.retired_note).isprintable():
            raise CatalogError(f"{self.id}: its texts hold a character that cannot be printed")

    @property
    def id(self) -> str:
        """`row/6`, or `dns`."""
        return row_id(self.number) if self.number else self.scenario

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Flows, sites and records together."""
        return (*self.flows, *self.sites, *self.records)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which of `flow`, `site`, `record` the row has."""
        pairs = (("flow", self.flows), ("site", self.sites), ("record", self.records))
        return tuple(name for name, some in pairs if some)

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions of its flows, each once, in the order outbound, inbound, internal."""
        found = {f.direction for f in self.flows}
        return tuple(d for d in DIRECTIONS if d in found)
