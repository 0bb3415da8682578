"""The three kinds of requirement: a flow, a site, a record. One value is one thing in one cloud.

The id names the fact (`row/6/exchange-online-to-mrs-proxy`, `ws/worldwide/11`, `dns/mx`); the same row fact in two
clouds is two requirements of one id. Nothing here is resolved yet: parties may point at endpoint sets and
hosts may be templates; `plan` fills both.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.role import ANYONE, OURS, role

OUTBOUND, INBOUND, INTERNAL = "outbound", "inbound", "internal"
DIRECTIONS = (OUTBOUND, INBOUND, INTERNAL)
CATEGORIES = ("optimize", "allow", "default")
"""In the order of precedence: an address or name in several sets takes the first."""
ZONES = ("trusted", "intranet")
RECORD_TYPES = ("A", "AAAA", "CNAME", "MX", "SRV", "TXT")
DUTIES = ("publish", "resolve")
EDITIONS = ("", "newest", "earlier")

_ID = re.compile(r"(?:ws/[a-z]+/[0-9]+|row/[0-9]+/[a-z0-9-]+|dns/[a-z0-9-]+)", re.ASCII)
_SCENARIO = re.compile(r"[a-z][a-z0-9-]{0,60}", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9._~/*?=-]*", re.ASCII)
_OWNER = re.compile(r"@|[a-z0-9_.<>-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """An end of a flow: who, and by which names and addresses."""

    role: str
    """A name of `model.role.ROLES`."""
    hosts: tuple[HostPattern, ...] = ()
    prefixes: PrefixSet = PrefixSet()
    """Addresses that the fact itself lists."""
    sets: tuple[int, ...] = ()
    """Numbers of endpoint sets of the flow's cloud whose hosts and prefixes this party has besides."""

    def __post_init__(self) -> None:
        if role(self.role).side == ANYONE and (self.hosts or self.prefixes or self.sets):
            raise CatalogError(f"{self.role} is anyone: it has no hosts, prefixes or sets")

    @property
    def ours(self) -> bool:
        """Is it one of our own hosts (whose addresses a profile gives)?"""
        return role(self.role).side == OURS

    @property
    def anyone(self) -> bool:
        """Does the fact leave this end open to any address?"""
        return role(self.role).side == ANYONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """What the three kinds have in common."""

    id: str
    cloud: Cloud
    scenario: str
    """The row's scenario, the service area, or `dns`."""
    row: int | None = None
    """1 to 25, or None for the web service and DNS."""
    required: bool = False
    condition: str = ""
    """When it is needed, in a sentence of ours; "" = always, once the scenario is selected."""
    on_request: str = ""
    """Why selecting the scenario does not select this: it is added only when its id is named. "" = it is."""
    retired: date | None = None
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise CatalogError(f"{self.id!r} is not the id of a requirement")
        if not _SCENARIO.fullmatch(self.scenario):  # it becomes part of the names of files and rules
            raise CatalogError(f"{self.id}: {self.scenario!r} is not the name of a scenario")
        if not self.evidence:
            raise CatalogError(f"{self.id}: there is no evidence")
        if not (self.condition + self.on_request).isprintable():
            raise CatalogError(f"{self.id}: its texts hold a character that cannot be printed")

    @property
    def confidence(self) -> str:
        """The weakest confidence of the evidence."""
        for level in ("low", "medium"):
            if any(e.confidence == level for e in self.evidence):
                return level
        return "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow(Requirement):
    """Who may connect to whom on which ports. The source is always the end that opens the connection."""

    direction: str
    """`outbound`, `inbound` or `internal`."""
    source: Party
    destination: Party
    tcp: PortSet = PortSet()
    udp: PortSet = PortSet()
    """Both empty: no port is known, and no device may be told to open any."""
    path: tuple[str, ...] = ()
    """URL paths to which the need is limited, `*` at the end for all below; () = all."""
    category: str | None = None
    """`optimize`, `allow`, `default`, or None where Microsoft gives none."""
    tls_inspection: str = "unset"
    """`off` where the vendor says that TLS must not be broken, else `unset`."""
    edition: str = ""
    """Row 23: which of the two published texts, `newest` or `earlier`; "" = not a matter of edition."""
    express_route: bool | None = None
    """Is it reachable over ExpressRoute (web service only)?"""

    def __post_init__(self) -> None:
        Requirement.__post_init__(self)
        ends = {OUTBOUND: (True, False), INBOUND: (False, True), INTERNAL: (True, True)}
        if self.direction not in DIRECTIONS:
            raise CatalogError(f"{self.id}: {self.direction!r} is not a direction ({', '.join(DIRECTIONS)})")
        if (self.source.ours, self.destination.ours) != ends[self.direction]:
            raise CatalogError(f"{self.id}: {self.direction} does not go from {self.source.role} to {self.destination.role}")
        if self.category is not None and self.category not in CATEGORIES:
            raise CatalogError(f"{self.id}: {self.category!r} is not a category ({', '.join(CATEGORIES)})")
        if self.tls_inspection not in ("off", "unset") or self.edition not in EDITIONS:
            raise CatalogError(f"{self.id}: tls_inspection or edition is none of its values")
        for path in self.path:
            if not _PATH.fullmatch(path):
                raise CatalogError(f"{self.id}: {path!r} is not a URL path")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site(Requirement):
    """Hosts that a browser has to treat as a zone says."""

    hosts: tuple[HostPattern, ...] = ()
    sets: tuple[int, ...] = ()
    """Endpoint sets whose hosts are meant besides."""
    scheme: str = "https"
    """`https`, `http`, or `*` for both."""
    zone: str = "trusted"
    """`trusted` (Windows zone 2) or `intranet` (zone 1)."""
    cookies: bool = False
    """Must cookies, third-party ones included, be allowed?"""

    def __post_init__(self) -> None:
        Requirement.__post_init__(self)
        if self.zone not in ZONES or self.scheme not in ("https", "http", "*"):
            raise CatalogError(f"{self.id}: {self.zone!r} or {self.scheme!r} is not a zone or scheme")
        if not (self.hosts or self.sets):
            raise CatalogError(f"{self.id}: a site needs hosts or sets")


@dataclass(frozen=True, kw_only=True, slots=True)
class Record(Requirement):
    """A DNS record that we have to publish, or that our resolvers have to be able to see."""

    owner: str
    """Relative to each mail domain (`@`, `autodiscover`), or absolute with a dot at the end; may hold templates."""
    type: str
    """A, AAAA, CNAME, MX, SRV or TXT."""
    value: str
    """The record's data in zone file form (`0 contoso-com.mail.…`, `100 1 5061 sipfed.…`), unquoted for TXT."""
    ttl: int = field(default=3600)
    """Seconds, 60 to 86400."""
    duty: str = "publish"
    """`publish`, or `resolve` for a record of somebody else's zone."""

    def __post_init__(self) -> None:
        Requirement.__post_init__(self)
        if self.type not in RECORD_TYPES or self.duty not in DUTIES or not 60 <= self.ttl <= 86400:
            raise CatalogError(f"{self.id}: {self.type}, {self.duty} or {self.ttl} is out of range")
        if not _OWNER.fullmatch(self.owner):
            raise CatalogError(f"{self.id}: {self.owner!r} is not a record's owner name")
        if not self.value or not (self.value.isascii() and self.value.isprintable()) or '"' in self.value:
            raise CatalogError(f"{self.id}: the record's value has to be printable ASCII without quotes")
