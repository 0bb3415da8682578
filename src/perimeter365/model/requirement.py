"""The three kinds of requirement: a flow, a site, a record. One value is one thing in one cloud.

The id names the fact (`row/6/exchange-online-to-mrs-proxy`, `ws/worldwide/11`, `dns/mx`); the same row fact in two
clouds is two requirements of one id. Nothing here is resolved yet: parties may point at endpoint sets and
hosts may be templates; `plan` fills both. What a plan repeats of a requirement is declared once, in `FlowFact`, `SiteFact`
and `RecordFact`, whose subclasses here are checked and those of `plan.plan` resolved.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.evidence import Confidence, Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import RequirementId
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.role import ANYONE, OURS, role
from perimeter365.model.word import check_word

Direction = Literal["outbound", "inbound", "internal"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
OUTBOUND: Final = "outbound"
INBOUND: Final = "inbound"
INTERNAL: Final = "internal"

Category = Literal["optimize", "allow", "default"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
"""In the order of precedence: an address or name in several sets takes the first."""

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
class End:
    """An end of a flow, of the catalog or of a plan."""

    role: str
    """A name of `model.role.ROLES`."""
    hosts: tuple[HostPattern, ...] = ()
    prefixes: PrefixSet = PrefixSet()

    @property
    def ours(self) -> bool:
        """Is it one of our own hosts (whose addresses a profile gives)?"""
        return role(self.role).side == OURS

    @property
    def anyone(self) -> bool:
        """Is this end open to every address, because the requirement names none?"""
        return role(self.role).side == ANYONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Party(End):
    """An end as the catalog has it.

    `prefixes` are those that the fact itself lists; `hosts` may be templates.
    """

    sets: tuple[int, ...] = ()
    """Numbers of endpoint sets of the flow's cloud whose hosts and prefixes this party has besides."""

    def __post_init__(self) -> None:
        if self.anyone and (self.hosts or self.prefixes or self.sets):
            raise CatalogError(f"{self.role} is anyone: it has no hosts, prefixes or sets")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """What requirements and planned facts of all kinds have in common."""

    id: RequirementId
    cloud: Cloud
    scenario: str
    """The row's scenario, the service area, or `dns`."""
    condition: str = ""
    """When it is needed, in a sentence of ours; "" = always, once the scenario is selected."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def row(self) -> int | None:
        """1 to 25, or None for the web service and DNS."""
        return self.id.row

    @property
    def confidence(self) -> Confidence:
        """The weakest confidence of the evidence."""
        found = {e.confidence for e in self.evidence}
        return "low" if "low" in found else "medium" if "medium" in found else "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowFact(Fact):
    """What a flow of the catalog and a planned flow have in common.

    The source is always the end that opens the connection.
    """

    required: bool = False
    retired: date | None = None
    direction: Direction
    """`outbound`, `inbound` or `internal`."""
    source: End
    destination: End
    tcp: PortSet = PortSet()
    udp: PortSet = PortSet()
    """Both empty: no port is known, and no device may be told to open any."""
    path: tuple[str, ...] = ()
    """URL paths to which the need is limited, `*` at the end for all below; () = all."""
    category: Category | None = None
    """`optimize`, `allow`, `default`, or None where Microsoft gives none."""
    tls_inspection: TlsInspection = "unset"
    """`off` where the vendor says that TLS must not be broken, else `unset`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteFact(Fact):
    """What a site of the catalog and a planned site have in common."""

    scheme: Scheme = "https"
    """`https`, `http`, or `*` for both."""
    zone: Zone = "trusted"
    """`trusted` (Windows zone 2) or `intranet` (zone 1)."""
    cookies: bool = False
    """Must cookies, third-party ones included, be allowed?"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordFact(Fact):
    """What a DNS record of the catalog and a planned record have in common."""

    required: bool = False
    type: RecordType
    """A, AAAA, CNAME, MX, SRV or TXT."""
    value: str
    """The record's data in zone file form (`0 contoso-com.mail.…`, `100 1 5061 sipfed.…`), unquoted for TXT."""
    ttl: int = 3600
    """Seconds, 60 to 86400."""
    duty: Duty = "publish"
    """`publish`, or `resolve` for a record of somebody else's zone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow(FlowFact):
    """Who may connect to whom on which ports."""

    source: Party
    destination: Party
    on_request: str = ""
    """Why selecting the scenario does not select this: it is added only when its id is named. "" = it is."""
    edition: Edition = ""
    """Row 23: which of the two published texts, `newest` or `earlier`; "" = not a matter of edition."""
    express_route: bool | None = None
    """Is it reachable over ExpressRoute (web service only)?"""

    def __post_init__(self) -> None:
        _check(self)
        ends = {OUTBOUND: (True, False), INBOUND: (False, True), INTERNAL: (True, True)}
        check_word(self.direction, DIRECTIONS, "a direction", self.id)
        check_word(self.tls_inspection, TLS_INSPECTIONS, "a value of tls_inspection", self.id)
        check_word(self.edition, EDITIONS, "an edition", self.id)
        if self.category is not None:
            check_word(self.category, CATEGORIES, "a category", self.id)
        if (self.source.ours, self.destination.ours) != ends[self.direction]:
            raise CatalogError(f"{self.id}: {self.direction} does not go from {self.source.role} to {self.destination.role}")
        for path in self.path:
            if not _PATH.fullmatch(path):
                raise CatalogError(f"{self.id}: {path!r} is not a URL path")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site(SiteFact):
    """Hosts that a browser has to treat as a zone says."""

    required: bool = False
    on_request: str = ""
    """As of a flow."""
    retired: date | None = None
    hosts: tuple[HostPattern, ...] = ()
    sets: tuple[int, ...] = ()
    """Endpoint sets whose hosts are meant besides."""

    def __post_init__(self) -> None:
        _check(self)
        check_word(self.zone, ZONES, "a zone", self.id)
        check_word(self.scheme, SCHEMES, "a scheme", self.id)
        if not (self.hosts or self.sets):
            raise CatalogError(f"{self.id}: a site needs hosts or sets")


@dataclass(frozen=True, kw_only=True, slots=True)
class Record(RecordFact):
    """A DNS record that we have to publish, or that our resolvers have to be able to see."""

    on_request: str = ""
    """As of a flow."""
    retired: date | None = None
    owner: str
    """Relative to each mail domain (`@`, `autodiscover`), or absolute with a dot at the end; may hold templates."""

    def __post_init__(self) -> None:
        _check(self)
        check_word(self.type, RECORD_TYPES, "a type of record", self.id)
        check_word(self.duty, DUTIES, "a duty", self.id)
        if not 60 <= self.ttl <= 86400:
            raise CatalogError(f"{self.id}: a TTL of {self.ttl} is not from 60 to 86400 seconds")
        if not _OWNER.fullmatch(self.owner):
            raise CatalogError(f"{self.id}: {self.owner!r} is not a record's owner name")
        if not self.value or not (self.value.isascii() and self.value.isprintable()) or '"' in self.value:
            raise CatalogError(f"{self.id}: the record's value has to be printable ASCII without quotes")


Requirement = Flow | Site | Record
"""One of the three kinds, of the catalog."""


def _check(req: Requirement) -> None:
    """Check what the three kinds have in common. Raises CatalogError."""
    object.__setattr__(req, "id", RequirementId(req.id))  # raises CatalogError for what is not one
    if not _SCENARIO.fullmatch(req.scenario):  # it becomes part of the names of files and rules
        raise CatalogError(f"{req.id}: {req.scenario!r} is not the name of a scenario")
    if not req.evidence:
        raise CatalogError(f"{req.id}: there is no evidence")
    if not (req.condition + req.on_request).isprintable():
        raise CatalogError(f"{req.id}: its texts hold a character that cannot be printed")
