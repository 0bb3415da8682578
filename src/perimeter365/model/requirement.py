"""The three kinds of requirement: flows, sites and records, each in one cloud.

The id names the fact (`row/6/exchange-online-to-mrs-proxy`, `ws/worldwide/11`, `dns/mx`); the same fact of a row in two
clouds is two requirements with one id. Requirements are unresolved: parties may refer to endpoint sets, and hosts may be
templates; `plan` resolves both. `FlowFact`, `SiteFact` and `RecordFact` declare the fields that requirements share with
the items of a plan.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.condition import Condition
from perimeter365.model.evidence import Confidence, Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import RequirementId
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.role import ANYONE, OURS, THIRD_PARTY, role
from perimeter365.model.word import check_word

Direction = Literal["outbound", "inbound", "internal"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
OUTBOUND: Final = "outbound"
INBOUND: Final = "inbound"
INTERNAL: Final = "internal"

Category = Literal["optimize", "allow", "default"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
"""In the order of precedence: an address or name in several sets has the first of their categories."""

TlsInspection = Literal["off", "unset"]
TLS_INSPECTIONS: tuple[TlsInspection, ...] = get_args(TlsInspection)

Edition = Literal["", "newest", "earlier"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)

Scheme = Literal["https", "http", "*"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)

Zone = Literal["trusted", "intranet"]
ZONES: tuple[Zone, ...] = get_args(Zone)

RecordType = Literal["A", "AAAA", "CNAME", "MX", "SRV", "TXT"]
RECORD_TYPES: tuple[RecordType, ...] = get_args(RecordType)

Duty = Literal["publish", "resolve"]
DUTIES: tuple[Duty, ...] = get_args(Duty)

_SCENARIO = re.compile(r"[a-z][a-z0-9-]{0,60}", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9._~/*?=-]*", re.ASCII)
_OWNER = re.compile(r"@|[a-z0-9_.<>-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowEnd:
    """An end of a flow, in the catalog or in a plan."""

    role: str
    """A name in `model.role.ROLES`."""
    hosts: tuple[HostPattern, ...] = ()
    prefixes: PrefixSet = PrefixSet()

    @property
    def ours(self) -> bool:
        """True for the organization's own hosts, whose addresses the profile contains."""
        return role(self.role).side == OURS

    @property
    def third_party(self) -> bool:
        """True for a service that is not Microsoft's, such as a push service."""
        return role(self.role).side == THIRD_PARTY

    @property
    def anyone(self) -> bool:
        """True if the end is open to every address, because the requirement names none."""
        return role(self.role).side == ANYONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Party(FlowEnd):
    """An end of a flow in the catalog.

    `prefixes` are the addresses that the fact itself lists; `hosts` may be templates.
    """

    sets: tuple[int, ...] = ()
    """Endpoint sets of the flow's cloud whose hosts and prefixes also belong to this party, by number."""

    def __post_init__(self) -> None:
        if self.anyone and (self.hosts or self.prefixes or self.sets):
            raise CatalogError(f"{self.role} is anyone: it has no hosts, prefixes or sets")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """The fields of all requirements and of all items of a plan."""

    id: RequirementId
    cloud: Cloud
    scenario: str
    """The row's scenario, one of `FURTHER_SCENARIOS`, the service area, or `dns`."""
    condition: str = ""
    """When it is needed, as a sentence; "" if always, once the scenario is selected."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def row(self) -> int | None:
        """The number of the row, 1 to 25; None for the web service and DNS."""
        return self.id.row

    @property
    def confidence(self) -> Confidence:
        """The weakest confidence of the evidence."""
        found = {e.confidence for e in self.evidence}
        return "low" if "low" in found else "medium" if "medium" in found else "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowFact(Fact):
    """The fields of a flow, in the catalog and in a plan.

    The source is always the end that opens the connection.
    """

    required: bool = False
    retired: date | None = None
    direction: Direction
    """`outbound`, `inbound` or `internal`."""
    source: FlowEnd
    destination: FlowEnd
    tcp: PortSet = PortSet()
    udp: PortSet = PortSet()
    """If both are empty, no port is known, and no device may open any."""
    path: tuple[str, ...] = ()
    """URL paths that are needed, with `*` at the end for all paths below; () for all paths."""
    category: Category | None = None
    """`optimize`, `allow`, `default`, or None if Microsoft states none."""
    tls_inspection: TlsInspection = "unset"
    """`off` if the vendor states that TLS must not be inspected, else `unset`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteFact(Fact):
    """The fields of a site, in the catalog and in a plan."""

    scheme: Scheme = "https"
    """`https`, `http`, or `*` for both."""
    zone: Zone = "trusted"
    """`trusted` (Windows zone 2) or `intranet` (zone 1)."""
    cookies: bool = False
    """True if cookies, including third-party cookies, must be allowed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordFact(Fact):
    """The fields of a DNS record, in the catalog and in a plan."""

    required: bool = False
    type: RecordType
    """A, AAAA, CNAME, MX, SRV or TXT."""
    value: str
    """The data in zone file form (`0 contoso-com.mail.…`, `100 1 5061 sipfed.…`), without quotes for TXT."""
    ttl: int = 3600
    """Seconds, 60 to 86400."""
    duty: Duty = "publish"
    """`publish`, or `resolve` for a record in another organization's zone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow(FlowFact):
    """A flow of the catalog: which party may connect to which on which ports."""

    source: Party
    destination: Party
    needs: tuple[Condition, ...] = ()
    """What has to hold of a profile, besides the selection of the scenario."""
    unless: tuple[Condition, ...] = ()
    """What makes the flow unnecessary."""
    on_request: str = ""
    """Why the scenario does not select this flow, so that it has to be selected by its id; "" if it does."""
    also: tuple[str, ...] = ()
    """Further scenarios that select it, even if it is on request in its own."""
    edition: Edition = ""
    """For row 23, the published text that lists it, `newest` or `earlier`; "" for other rows."""
    express_route: bool | None = None
    """True if it is reachable over ExpressRoute; None if the source does not state it."""

    def __post_init__(self) -> None:
        _check(self)
        ends = {OUTBOUND: (True, False), INBOUND: (False, True), INTERNAL: (True, True)}
        check_word(self.direction, DIRECTIONS, "a direction", self.id)
        check_word(self.tls_inspection, TLS_INSPECTIONS, "a value of tls_inspection", self.id)
        check_word(self.edition, EDITIONS, "an edition", self.id)
        if self.category is not None:
            check_word(self.category, CATEGORIES, "a category", self.id)
        if (self.source.ours, self.destination.ours) != ends[self.direction]:
            raise CatalogError(
                f"{self.id}: {self.direction} does not fit a flow from {self.source.role} to {self.destination.role}"
            )
        for path in self.path:
            if not _PATH.fullmatch(path):
                raise CatalogError(f"{self.id}: {path!r} is not a URL path")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site(SiteFact):
    """A site of the catalog: hosts to assign to a browser zone."""

    required: bool = False
    needs: tuple[Condition, ...] = ()
    """As of a flow."""
    unless: tuple[Condition, ...] = ()
    """As of a flow."""
    on_request: str = ""
    """As of a flow."""
    also: tuple[str, ...] = ()
    """As of a flow."""
    retired: date | None = None
    hosts: tuple[HostPattern, ...] = ()
    sets: tuple[int, ...] = ()
    """Endpoint sets whose hosts also belong to the site, by number."""

    def __post_init__(self) -> None:
        _check(self)
        check_word(self.zone, ZONES, "a zone", self.id)
        check_word(self.scheme, SCHEMES, "a scheme", self.id)
        if not (self.hosts or self.sets):
            raise CatalogError(f"{self.id}: a site needs hosts or sets")


@dataclass(frozen=True, kw_only=True, slots=True)
class Record(RecordFact):
    """A DNS record of the catalog, to publish or to resolve."""

    needs: tuple[Condition, ...] = ()
    """As of a flow."""
    unless: tuple[Condition, ...] = ()
    """As of a flow. For `dns` terms, each mail domain counts by itself."""
    on_request: str = ""
    """As of a flow."""
    also: tuple[str, ...] = ()
    """As of a flow."""
    retired: date | None = None
    owner: str
    """Relative to each mail domain (`@`, `autodiscover`), or absolute with a dot at the end; may contain templates."""

    def __post_init__(self) -> None:
        _check(self)
        check_word(self.type, RECORD_TYPES, "a type of record", self.id)
        check_word(self.duty, DUTIES, "a duty", self.id)
        if not 60 <= self.ttl <= 86400:
            raise CatalogError(f"{self.id}: the TTL {self.ttl} is not from 60 to 86400 seconds")
        if not _OWNER.fullmatch(self.owner):
            raise CatalogError(f"{self.id}: {self.owner!r} is not a record's owner name")
        if not self.value or not (self.value.isascii() and self.value.isprintable()) or '"' in self.value:
            raise CatalogError(f"{self.id}: the record's value must be printable ASCII without quotes")


Requirement = Flow | Site | Record
"""A requirement of the catalog."""


def _check(req: Requirement) -> None:
    """Check the fields that the three kinds share. Raises CatalogError."""
    object.__setattr__(req, "id", RequirementId(req.id))  # checks the form
    for name in (req.scenario, *req.also):
        if not _SCENARIO.fullmatch(name):  # part of the names of files and rules
            raise CatalogError(f"{req.id}: {name!r} is not the name of a scenario")
    if not req.evidence:
        raise CatalogError(f"{req.id}: evidence is missing")
    if not (req.condition + req.on_request).isprintable():
        raise CatalogError(f"{req.id}: condition or on_request has a non-printable character")
