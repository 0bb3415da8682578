"""The web service's unit: one numbered set of hosts and addresses that share ports and a category."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import MOST_ID, RequirementId, SetKey
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import CATEGORIES, Category
from perimeter365.model.word import check_word

Area = Literal["common", "exchange", "sharepoint", "teams", "intune"]
AREAS: tuple[Area, ...] = get_args(Area)
"""Service areas, as profiles name them; `wire.names.AREAS` has the web service's names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointSet:
    """A set of hosts OR addresses (either is enough), reachable on its ports."""

    id: int
    """Microsoft's number, unique in its cloud and never reused; 9000 and up are ours."""
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
    """The prefixes one by one as the source lists them, written as `listing` does. `prefixes` merges neighbors and
    drops what another one holds; whoever counts or mirrors what Microsoft publishes needs the entries themselves.
    Made from `prefixes` when not given."""

    def __post_init__(self) -> None:
        if isinstance(self.id, bool) or not 1 <= self.id <= MOST_ID:
            raise CatalogError(f"{self.cloud}/{self.id}: an id is a whole number from 1 to {MOST_ID}")
        check_word(self.area, AREAS, "a service area", self.key)
        check_word(self.category, CATEGORIES, "a category", self.key)
        flags: tuple[object, ...] = (self.required, self.express_route)
        if any(type(flag) is not bool for flag in flags):
            raise CatalogError(f"{self.key}: required and express_route are true or false")
        if not (self.hosts or self.prefixes):
            raise CatalogError(f"{self.key}: a set needs hosts or prefixes")
        if list(self.hosts) != sorted(set(self.hosts)):
            raise CatalogError(f"{self.key}: hosts have to be sorted and unique")
        if self.prefixes and not self.listed:
            object.__setattr__(self, "listed", tuple(str(p) for p in self.prefixes))

    @property
    def key(self) -> SetKey:
        """`worldwide/11`, as a plan's `sets` name it."""
        return SetKey.of(self.cloud, self.id)

    @property
    def requirement_id(self) -> RequirementId:
        """`ws/worldwide/11`, the id of the flow that the set stands for."""
        return self.key.requirement_id


def listing(texts: Iterable[str]) -> tuple[str, ...]:
    """Prefixes in one way of writing: canonical, with a length, once each, IPv4 first, ascending, not merged.

    >>> listing(["2001:DB8::/32", "192.0.2.1", "192.0.2.0/31"])
    ('192.0.2.0/31', '192.0.2.1/32', '2001:db8::/32')

    Raises PrefixError.
    """
    return tuple(str(p) for p in sorted({Prefix.parse(text) for text in texts}))
