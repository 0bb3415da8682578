"""Endpoint sets: the numbered units that the web service publishes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from perimeter365.errors import CatalogError
from perimeter365.model.area import AREAS, Area
from perimeter365.model.cloud import Cloud
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import MAX_SET_NUMBER, RequirementId, SetKey
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import CATEGORIES, Category
from perimeter365.model.word import check_word


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointSet:
    """Hosts and addresses that share ports and a category.

    Either the hosts or the prefixes are enough to identify the traffic of the set.
    """

    id: int
    """Microsoft's number, unique in its cloud and never reused; from 9000 on, a synthetic set."""
    cloud: Cloud
    area: Area
    category: Category
    required: bool
    express_route: bool
    tcp: PortSet = PortSet()
    udp: PortSet = PortSet()
    hosts: tuple[HostPattern, ...] = ()
    """Sorted."""
    prefixes: PrefixSet = PrefixSet()
    listed: tuple[str, ...] = field(default=(), compare=False)
    """The prefixes as the source lists them, in the form of `listing`. `prefixes` merges neighbors and drops prefixes
    inside of others; to count or mirror what Microsoft publishes, use this field. Derived from `prefixes` if not given."""

    evidence: tuple[Evidence, ...] = field(default=(), compare=False)
    """The documents of a synthetic set; () for a set of the web service."""

    def __post_init__(self) -> None:
        if isinstance(self.id, bool) or not 1 <= self.id <= MAX_SET_NUMBER:
            raise CatalogError(f"{self.cloud}/{self.id}: the id is not a whole number from 1 to {MAX_SET_NUMBER}")
        check_word(self.area, AREAS, "a service area", self.key)
        check_word(self.category, CATEGORIES, "a category", self.key)
        flags: tuple[object, ...] = (self.required, self.express_route)
        if any(type(flag) is not bool for flag in flags):
            raise CatalogError(f"{self.key}: required and express_route must be true or false")
        if not (self.hosts or self.prefixes):
            raise CatalogError(f"{self.key}: a set needs hosts or prefixes")
        if list(self.hosts) != sorted(set(self.hosts)):
            raise CatalogError(f"{self.key}: hosts must be sorted and unique")
        if self.prefixes and not self.listed:
            object.__setattr__(self, "listed", tuple(str(p) for p in self.prefixes))

    @property
    def key(self) -> SetKey:
        """The key in a plan's `sets`: `worldwide/11`."""
        return SetKey.of(self.cloud, self.id)

    @property
    def requirement_id(self) -> RequirementId:
        """The id of the set's flow: `ws/worldwide/11`."""
        return self.key.requirement_id


def listing(texts: Iterable[str]) -> tuple[str, ...]:
    """Normalize a list of prefixes without merging them.

    Each prefix is canonical, has its length and is listed once; IPv4 first, ascending.

    >>> listing(["2001:DB8::/32", "192.0.2.1", "192.0.2.0/31"])
    ('192.0.2.0/31', '192.0.2.1/32', '2001:db8::/32')

    Raises PrefixError.
    """
    return tuple(str(p) for p in sorted({Prefix.parse(text) for text in texts}))
