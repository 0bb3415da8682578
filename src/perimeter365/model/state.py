"""One cloud's list at one time: what the web service (or a recording of it) said, as a value.

    >>> from perimeter365.sources.embedded import embedded
    >>> sets = embedded().endpoint_sets(Cloud.WORLDWIDE)
    >>> state = State(cloud=Cloud.WORLDWIDE, version=Version("2026080200"), origin="recorded", sets=sets)
    >>> len(state.hash)                        # over the meaning: neither order nor spelling counts
    64
    >>> State.from_body(state.body, version=state.version, origin="recorded") == state
    True
    >>> State(cloud=Cloud.WORLDWIDE, version=Version("2026"), origin="recorded", sets=sets)
    Traceback (most recent call last):
    perimeter365.errors.InputError: '2026' is not a version of ten digits

The canonical form (`body`) is what a store keeps and what the hash is made of: JSON in ASCII without white space,
the cloud's name and its sets ascending by id, each with the keys id, area, category, required, express_route,
tcp, udp, hosts, prefixes in this order; hosts sorted, ports merged and sorted, prefixes as
`model.endpoint_set.listing` writes them (each as it is listed, not merged). Two lists that say the same have the
same bytes.

The web service's own JSON is read and written by `wire`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any, Final

from perimeter365.errors import CatalogError
from perimeter365.model.catalog import Origin
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import at, decode, many, parsed
from perimeter365.model.digest import sha256_hex
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.version import Version

LIVE: Final = "live"
RECORDED: Final = "recorded"


@dataclass(frozen=True, kw_only=True)
class State:
    """One cloud's sets at one version. Equal when cloud, version, origin, day and the sets' meaning are."""

    cloud: Cloud
    version: Version
    origin: Origin
    """`live` for what a sync fetched, `recorded` for everything else."""
    sets: tuple[EndpointSet, ...]
    """Ascending by id, at least one, all of the cloud."""
    recorded: date | None = None
    """The day on which the list was seen to be so (UTC); None when only its version is known."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", Version(self.version))
        if self.origin not in (LIVE, RECORDED):
            raise CatalogError(f"{self.origin!r} is not an origin (live, recorded)")
        ids = [s.id for s in self.sets]
        if not ids:
            raise CatalogError(f"{self.cloud} {self.version}: a list without any endpoint set is no list")
        if ids != sorted(set(ids)) or any(s.cloud is not self.cloud for s in self.sets):
            raise CatalogError(f"{self.cloud} {self.version}: ids have to ascend, once each, in their own cloud")
        for s in self.sets:
            if not _is_listing(s.listed) or _space(s.listed) != s.prefixes:
                raise CatalogError(f"{s.key}: the prefixes listed are not in order, or not those of the set")

    @cached_property
    def body(self) -> str:
        """The canonical form (see the module)."""
        return body(self.cloud, self.sets)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical form, 64 hex digits: the identity of the content, whatever its version."""
        return sha256_hex(self.body)

    @property
    def day(self) -> date:
        """The day from which it is known: when it was recorded, else the day in its version.

        Raises CatalogError when the version holds no day (`9999999999`).
        """
        if self.recorded:
            return self.recorded
        if day := self.version.day:
            return day
        raise CatalogError(f"{self.version!r} is not a version: it does not begin with a day")

    @property
    def by_id(self) -> Mapping[int, EndpointSet]:
        """The sets by number."""
        return {s.id: s for s in self.sets}

    @classmethod
    def from_body(cls, text: str, *, version: Version, origin: Origin, recorded: date | None = None) -> "State":
        """Read the canonical form back. Raises CatalogError with the place for anything else."""
        cloud, sets = read_body(text)
        return cls(cloud=cloud, version=version, origin=origin, sets=sets, recorded=recorded)


def body(cloud: Cloud, sets: Iterable[EndpointSet]) -> str:
    """The canonical form of a cloud's sets."""
    items = [
        {
            "id": s.id,
            "area": s.area,
            "category": s.category,
            "required": s.required,
            "express_route": s.express_route,
            "tcp": str(s.tcp),
            "udp": str(s.udp),
            "hosts": [h.text for h in s.hosts],
            "prefixes": s.listed,
        }
        for s in sets
    ]
    return json.dumps({"cloud": cloud.value, "sets": items}, separators=(",", ":"))


@lru_cache(maxsize=8)  # a sync asks for the last good list of a cloud again and again
def read_body(text: str) -> tuple[Cloud, tuple[EndpointSet, ...]]:
    """The cloud and the sets of a canonical form. Raises CatalogError with the place when it is damaged."""
    return decode("state", _body, text, CatalogError)


def _body(text: str) -> tuple[Cloud, tuple[EndpointSet, ...]]:
    data = json.loads(text)
    cloud = at(".cloud", parsed(Cloud.parse), data["cloud"])
    return cloud, at(".sets", many(partial(_set, cloud)), data["sets"])


def _set(cloud: Cloud, item: Mapping[str, Any]) -> EndpointSet:
    # Without `fields`, which would take half as long again: a store compares the hash first, and the set checks its values.
    return EndpointSet(
        id=item["id"],
        cloud=cloud,
        area=item["area"],
        category=item["category"],
        required=item["required"],
        express_route=item["express_route"],
        tcp=PortSet.parse(item["tcp"]),
        udp=PortSet.parse(item["udp"]),
        hosts=_hosts(tuple(item["hosts"])),
        prefixes=_space(tuple(item["prefixes"])),
        listed=tuple(item["prefixes"]),
    )


# From one version to the next most sets stay as they are, so what was parsed once is parsed.


@lru_cache(maxsize=4096)
def _hosts(texts: tuple[str, ...]) -> tuple[HostPattern, ...]:
    return tuple(HostPattern(text) for text in texts)


@lru_cache(maxsize=4096)
def _space(texts: tuple[str, ...]) -> PrefixSet:
    return PrefixSet.parse(texts)


@lru_cache(maxsize=4096)
def _is_listing(texts: tuple[str, ...]) -> bool:
    return texts == listing(texts)
