"""Change records: what changed in an endpoint set in one version.

    >>> record = ChangeRecord(id=3, endpoint_set=11, disposition="Change", impact="AddedIp", version="2023082900",
    ...                       effective=date(2023, 9, 29), added_prefixes=("2603:1063::/38",))
    >>> dict(record.effective_dates)
    {(11, '2603:1063::/38'): datetime.date(2023, 9, 29)}
    >>> ChangeRecord(id=3, endpoint_set=11, disposition="Swap", version="2023082900")
    Traceback (most recent call last):
    perimeter365.errors.CatalogError: 'Swap' is not a disposition (Change, Add, Remove)

A store keeps upstream's records and returns them unchanged; where it has none, `history.changes` computes them from two
states. `wire` reads and writes their JSON. Source:
https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from perimeter365.model.version import Version
from perimeter365.model.word import check_word

Disposition = Literal["Change", "Add", "Remove"]
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
CHANGE: Final = "Change"
ADD: Final = "Add"
REMOVE: Final = "Remove"

EffectiveDates = Mapping[tuple[int, str], date]
"""(number of the endpoint set, prefix or host as listed) -> day from which an addition is in use."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRecord:
    """One endpoint set's change in one version."""

    id: int
    """Upstream's number; computed records have their own (see `history.changes`)."""
    endpoint_set: int
    disposition: Disposition
    """`Change`, `Add` (a new set) or `Remove` (a set that is gone)."""
    version: Version
    """The version with the change."""
    impact: str = ""
    """`AddedIp`, `RemovedIpOrUrl` … or other text from upstream; "" if there is none."""
    previous: Mapping[str, Any] = field(default_factory=_nothing)
    """The changed attributes before the change: keys of `wire.names.ATTRIBUTES`, values as in the service's JSON."""
    current: Mapping[str, Any] = field(default_factory=_nothing)
    """The same attributes after the change."""
    effective: date | None = None
    """The day from which the additions are in use; None if upstream does not state it."""
    added_prefixes: tuple[str, ...] = ()
    added_hosts: tuple[str, ...] = ()
    removed_prefixes: tuple[str, ...] = ()
    removed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_word(self.disposition, DISPOSITIONS, "a disposition")
        object.__setattr__(self, "version", Version(self.version))

    @property
    def effective_dates(self) -> EffectiveDates:
        """The day of each addition; {} if upstream does not state one."""
        if self.effective is None:
            return {}
        return {(self.endpoint_set, v): self.effective for v in (*self.added_prefixes, *self.added_hosts)}
