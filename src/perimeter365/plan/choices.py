"""What an organization says besides its selection.

DNS values, exclusions, adjustments, acknowledged findings and settings of targets.

>>> accepted = Acceptance(code="role-unset", id="row/23/*", reason="no subscriptions yet")
>>> accepted.covers("row/23/newest"), accepted.covers("row/2/services")
(True, False)

These are values of a `plan.profile.Profile`; `plan._read_choices` reads them from TOML.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from perimeter365.errors import ProfileError
from perimeter365.model.condition import DNS_KEYS, DnsKey
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan._problem import Problem

_PATTERN = re.compile(r"[A-Za-z0-9<@_][A-Za-z0-9<>@._-]*(?:/[A-Za-z0-9._-]+)*(?:/\*)?", re.ASCII)
# matches `row/23/*`, `ws/worldwide/10`, `mrs-proxy`, `_sip._tls.contoso.com`; not `*`, `row/*/x`


def is_id_pattern(text: str) -> bool:
    """Return True for an id, and for the start of ids before a final `/*`."""
    return _PATTERN.fullmatch(text) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class _ForIds:
    """A statement about requirements, by id."""

    id: str
    """The id of a requirement or finding; `row/23/*` for all ids that start with `row/23/`."""
    reason: str = ""
    place: Problem | None = field(default=None, compare=False, repr=False)
    """A problem at the place of the id in the file, for errors that only the catalog shows; None outside of files."""

    def __post_init__(self) -> None:
        if not is_id_pattern(self.id):
            raise ProfileError(f"{self.id!r} is neither an id nor the start of ids with '/*' at the end")

    def covers(self, identity: str) -> bool:
        """Return True if the statement is about an id."""
        if self.id.endswith("/*"):
            return identity.startswith(self.id[:-1])
        return identity == self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusion(_ForIds):
    """Requirements, or parts of them, that are not planned.

    Without hosts, prefixes and ports, the whole requirement is excluded.
    """

    hosts: tuple[HostPattern, ...] = ()
    prefixes: PrefixSet = PrefixSet()
    tcp: PortSet = PortSet()
    udp: PortSet = PortSet()

    @property
    def whole(self) -> bool:
        """True if the requirement as a whole is excluded."""
        return not (self.hosts or self.prefixes or self.tcp or self.udp)


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment(_ForIds):
    """Requirements that are planned otherwise than the catalog states."""

    source: str = ""
    """The role that takes the place of the source; "" to keep it."""
    tcp: PortSet = PortSet()
    """Ports for a flow without published ports."""
    udp: PortSet = PortSet()
    hosts: tuple[HostPattern, ...] = ()
    """Exact names in place of the wildcards that match them, which any customer of the vendor can be under."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance(_ForIds):
    """A warning or loss that a person has acknowledged."""

    code: str = ""
    """The code of a warning; "" for a loss."""
    loss: str = ""
    """`TARGET/REASON` of a loss; "" for a warning."""
    expires: date | None = None
    """The last day on which it counts; None for no end."""

    @property
    def about(self) -> str:
        """The code of the warning, or the target and reason of the loss."""
        return self.code or self.loss

    def expired(self, today: date) -> bool:
        """Return True if it does not count any more on a day."""
        return self.expires is not None and self.expires < today


@dataclass(frozen=True, kw_only=True, slots=True)
class DnsSettings:
    """Values of [dns], for all mail domains or one."""

    autodiscover: str = ""
    """`cloud` or `on-premises`: who answers for the name; "" for the default (`Profile.dns_value`)."""
    sip: str = ""
    """`cloud` or `on-premises`, as for `autodiscover`: the SIP names."""
    device_registration: str = ""
    """`entra-id` or `ad-fs`: who answers for `enterpriseregistration`."""
    spf_senders: tuple[str, ...] | None = None
    """SPF mechanisms of the other senders, such as `ip4:203.0.113.20`; () for none, None if not known."""
    mx_token: str = ""
    """The first label of the MX target, from the admin center."""
    verification: str = ""
    """The TXT record that proves the domain: `MS=ms12345678`."""
    federation_proof: str = ""
    """The TXT value of the federation trust."""

    def value(self, key: DnsKey) -> str | None:
        """Return the value of a key as text; None if it is not set."""
        found = getattr(self, key)
        return " ".join(found) if isinstance(found, tuple) else found or None


assert tuple(DNS_KEYS) == tuple(f.name for f in fields(DnsSettings))  # noqa: S101 (two lists of one vocabulary)


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetSettings:
    """Options, limits and own names of one target, as a profile has them.

    The names of targets and options are checked where targets are known (`targets.many`).
    """

    values: Mapping[str, str | int | tuple[str, ...]]
    places: Mapping[str, Problem] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    """Key -> a problem at its place in the file, for errors about the key; "" for the target itself. Empty for a profile
    that was made in Python."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


def plain_choice(value: object) -> Any:
    """Return a value of this module as JSON values, for the hash of a profile."""
    if isinstance(value, Mapping):
        return {str(key): plain_choice(each) for key, each in sorted(value.items())}
    if isinstance(value, tuple):
        return [plain_choice(each) for each in value]
    if isinstance(value, _ForIds | DnsSettings | TargetSettings):
        kept = [f.name for f in fields(value) if f.compare]
        return {name: found for name in kept if (found := plain_choice(getattr(value, name))) not in ("", [], None, {})}
    return value if value is None or isinstance(value, bool | int | str) else str(value)
