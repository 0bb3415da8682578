"""What changed in one endpoint set from one version to the next, in the shape of the web service's change records.

    >>> record = ChangeRecord(id=3, endpoint_set=11, disposition="Change", impact="AddedIp", version="2023082900",
    ...                       effective=date(2023, 9, 29), added_prefixes=("2603:1063::/38",))
    >>> record.to_dict()["add"]
    {'effectiveDate': '20230929', 'ips': ['2603:1063::/38']}
    >>> ChangeRecord(id=3, endpoint_set=11, disposition="Swap", version="2023082900")
    Traceback (most recent call last):
    perimeter365.errors.CatalogError: 'Swap' is not a disposition (Change, Add, Remove)

Upstream's own records are read by `sources`, kept by a store and handed out as they were; where there is none,
`history.changes` computes them from two states. Source:
https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from perimeter365.errors import CatalogError
from perimeter365.model.catalog import Version

CHANGE, ADD, REMOVE = "Change", "Add", "Remove"
DISPOSITIONS = (CHANGE, ADD, REMOVE)

ATTRIBUTES = ("expressRoute", "serviceArea", "category", "required", "tcpPorts", "udpPorts", "notes")
"""What `previous` and `current` may hold, in the service's order."""

IMPACTS = (
    "AddedIp",
    "AddedUrl",
    "AddedIpAndUrl",
    "AddedSubstituteUrl",
    "RemovedIpOrUrl",
    "ChangedIsExpressRoute",
    "MovedIpOrUrl",
    "RemovedDuplicateIpOrUrl",
    "OtherNonPriorityChanges",
)
"""Those that are known. The list is open: upstream's own text is kept whatever it is."""

EffectiveDates = Mapping[tuple[int, str], date]
"""(number of the endpoint set, prefix or host as it is listed) -> the day from which an addition is in use."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRecord:
    """One endpoint set's change in one version."""

    id: int
    """Upstream's number; a computed record has one of ours (see `history.changes`)."""
    endpoint_set: int
    disposition: str
    """`Change`, `Add` (a new set) or `Remove` (a set that went)."""
    version: str
    """The version that brought it, ten digits."""
    impact: str = ""
    """One of `IMPACTS`, or what upstream wrote; "" when upstream wrote none."""
    previous: Mapping[str, Any] = field(default_factory=_nothing)
    """Attributes before, of those that changed; keys of `ATTRIBUTES`, values as in the service's JSON."""
    current: Mapping[str, Any] = field(default_factory=_nothing)
    """The same attributes after."""
    effective: date | None = None
    """The day from which the additions are in use, when upstream says it."""
    added_prefixes: tuple[str, ...] = ()
    added_hosts: tuple[str, ...] = ()
    removed_prefixes: tuple[str, ...] = ()
    removed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.disposition not in DISPOSITIONS:
            raise CatalogError(f"{self.disposition!r} is not a disposition ({', '.join(DISPOSITIONS)})")
        Version(version=self.version, origin="live")  # raises CatalogError for what is none

    def to_dict(self) -> dict[str, Any]:
        """The record as the service writes it: its keys in its order, empty ones absent."""
        made: dict[str, Any] = {
            "id": self.id,
            "endpointSetId": self.endpoint_set,
            "disposition": self.disposition,
            "impact": self.impact,
            "version": self.version,
            "previous": {key: self.previous[key] for key in ATTRIBUTES if key in self.previous},
            "current": {key: self.current[key] for key in ATTRIBUTES if key in self.current},
            "add": _entries(self.effective, self.added_prefixes, self.added_hosts),
            "remove": _entries(None, self.removed_prefixes, self.removed_hosts),
        }
        return {key: value for key, value in made.items() if value != "" and value != {}}

    @classmethod
    def from_dict(cls, item: Mapping[str, Any]) -> "ChangeRecord":
        """Read `to_dict`'s form back (a store's; what comes over the network goes through `sources`)."""
        add, remove = item.get("add", {}), item.get("remove", {})
        day = add.get("effectiveDate", "")
        return cls(
            id=item["id"],
            endpoint_set=item["endpointSetId"],
            disposition=item["disposition"],
            impact=item.get("impact", ""),
            version=item["version"],
            previous=item.get("previous", {}),
            current=item.get("current", {}),
            effective=date(int(day[:4]), int(day[4:6]), int(day[6:8])) if day else None,
            added_prefixes=tuple(add.get("ips", ())),
            added_hosts=tuple(add.get("urls", ())),
            removed_prefixes=tuple(remove.get("ips", ())),
            removed_hosts=tuple(remove.get("urls", ())),
        )

    @property
    def effective_dates(self) -> EffectiveDates:
        """The day of each of its additions; {} when upstream says none."""
        if self.effective is None:
            return {}
        return {(self.endpoint_set, v): self.effective for v in (*self.added_prefixes, *self.added_hosts)}


def _entries(effective: date | None, prefixes: tuple[str, ...], hosts: tuple[str, ...]) -> dict[str, Any]:
    made = {
        "effectiveDate": f"{effective:%Y%m%d}" if effective else "",
        "ips": list(prefixes),
        "urls": list(hosts),
    }
    return {key: value for key, value in made.items() if value}
