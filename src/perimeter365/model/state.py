"""The content of one cloud's list at one version.

    >>> from perimeter365.sources.embedded import embedded
    >>> sets = embedded().endpoint_sets(Cloud.WORLDWIDE)
    >>> state = State(cloud=Cloud.WORLDWIDE, version=Version("2026080200"), origin="recorded", sets=sets)
    >>> len(state.hash)                        # order and spelling make no difference
    64
    >>> State.from_body(state.body, version=state.version, origin="recorded") == state
    True
    >>> State(cloud=Cloud.WORLDWIDE, version=Version("2026"), origin="recorded", sets=sets)
    Traceback (most recent call last):
    perimeter365.errors.InputError: '2026' is not a version of ten digits

A store keeps the canonical form (`body`), and the hash is computed from it: JSON in ASCII without white space, with the
cloud's name and its sets ascending by id, each with the keys id, area, category, required, express_route, tcp, udp,
hosts, prefixes in this order; hosts sorted, ports merged and sorted, prefixes in the form of `model.endpoint_set.listing`
(as listed, not merged). Lists with the same content have the same bytes.

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
    """The endpoint sets of one cloud at one version.

    States are equal if cloud, version, origin, day and sets are equal.
    """

    cloud: Cloud
    version: Version
    origin: Origin
    """`live` if a sync fetched it, else `recorded`."""
    sets: tuple[EndpointSet, ...]
    """At least one, all of the cloud, ascending by id."""
    recorded: date | None = None
    """The day (UTC) on which the list was recorded; None if only its version is known."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", Version(self.version))
        if self.origin not in (LIVE, RECORDED):
            raise CatalogError(f"{self.origin!r} is not an origin (live, recorded)")
        if (other := self.cloud.at(self.version)) is not self.cloud:
            raise CatalogError(
                f"{self.cloud} {self.version}: this is a version of {other}, which had the same instance before"
            )
        ids = [s.id for s in self.sets]
        if not ids:
            raise CatalogError(f"{self.cloud} {self.version}: the list has no endpoint set")
        if ids != sorted(set(ids)) or any(s.cloud is not self.cloud for s in self.sets):
            raise CatalogError(f"{self.cloud} {self.version}: ids must be unique, ascending and of this cloud")
        for s in self.sets:
            if not _is_listing(s.listed) or _space(s.listed) != s.prefixes:
                raise CatalogError(f"{s.key}: the listed prefixes are not sorted, or differ from the prefixes of the set")

    @cached_property
    def body(self) -> str:
        """The canonical form (see the module's docstring)."""
        return body(self.cloud, self.sets)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical form, 64 hex digits. It does not depend on the version."""
        return sha256_hex(self.body)

    @property
    def day(self) -> date:
        """The day on which it was recorded, else the day in its version.

        Raises CatalogError if the version does not contain a day (`9999999999`).
        """
        if self.recorded:
            return self.recorded
        if day := self.version.day:
            return day
        raise CatalogError(f"{self.version!r} is not a version: it does not begin with a day")

    @property
    def by_id(self) -> Mapping[int, EndpointSet]:
        """The endpoint sets by number."""
        return {s.id: s for s in self.sets}

    @classmethod
    def from_body(cls, text: str, *, version: Version, origin: Origin, recorded: date | None = None) -> "State":
        """Parse the canonical form. Raises CatalogError with the place of an error."""
        cloud, sets = read_body(text)
        return cls(cloud=cloud, version=version, origin=origin, sets=sets, recorded=recorded)


def body(cloud: Cloud, sets: Iterable[EndpointSet]) -> str:
    """Return the canonical form of a cloud's endpoint sets."""
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


@lru_cache(maxsize=8)  # a sync reads the last good list of a cloud many times
def read_body(text: str) -> tuple[Cloud, tuple[EndpointSet, ...]]:
    """Parse a canonical form into cloud and sets.

    Raises CatalogError with the place of an error.
    """
    return decode("state", _body, text, CatalogError)


def _body(text: str) -> tuple[Cloud, tuple[EndpointSet, ...]]:
    data = json.loads(text)
    cloud = at(".cloud", parsed(Cloud.named), data["cloud"])
    return cloud, at(".sets", many(partial(_set, cloud)), data["sets"])


def _set(cloud: Cloud, item: Mapping[str, Any]) -> EndpointSet:
    # `decode.fields` would take 50 % more time; a store has compared the hash, and EndpointSet checks the values.
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


# Most sets do not change between versions, so parsed values are cached.


@lru_cache(maxsize=4096)
def _hosts(texts: tuple[str, ...]) -> tuple[HostPattern, ...]:
    return tuple(HostPattern(text) for text in texts)


@lru_cache(maxsize=4096)
def _space(texts: tuple[str, ...]) -> PrefixSet:
    return PrefixSet.parse(texts)


@lru_cache(maxsize=4096)
def _is_listing(texts: tuple[str, ...]) -> bool:
    return texts == listing(texts)
