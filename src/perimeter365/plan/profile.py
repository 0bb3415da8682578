r"""The profile of an organization, read from TOML and checked.

    >>> parse_profile('[organization]\nclouds = ["worldwide"]\n[roles]\nmrs-proxy = ["192.0.2.7"]').clouds
    (Cloud('worldwide'),)
    >>> parse_profile('[organization]\nclouds = ["wordlwide"]\n[roles]\nmrs-proxy = ["192.0.2.7/24"]')
    Traceback (most recent call last):
    perimeter365.errors.ProfileError: profile.toml:2:11: unknown cloud 'wordlwide'
      2 | clouds = ["wordlwide"]
        |           ^^^^^^^^^^^
      help: did you mean 'worldwide'?
      allowed: worldwide, gcchigh, dod, china, france, germany, germany-2021
    profile.toml:4:14: '192.0.2.7/24' has host bits set
      4 | mrs-proxy = ["192.0.2.7/24"]
        |              ^^^^^^^^^^^^^^
      help: did you mean 192.0.2.0/24?

All problems of a file are reported together.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from perimeter365.errors import ProfileError
from perimeter365.model.area import AREAS, Area
from perimeter365.model.cloud import Cloud
from perimeter365.model.condition import DnsKey
from perimeter365.model.day import STALE_AFTER_DAYS
from perimeter365.model.effective import GRACE
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import is_requirement_id
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import CATEGORIES, Category
from perimeter365.model.scenario import ALL, ROW_SCENARIOS, canonical, row_of
from perimeter365.plan import _check
from perimeter365.plan._problem import PROBLEMS, Problem
from perimeter365.plan._read import MAX_BYTES, parse_bytes, parse_text, read_file
from perimeter365.plan.choices import Acceptance, Adjustment, DnsSettings, Exclusion, TargetSettings, plain_choice

__all__ = ["MAX_BYTES", "PROBLEMS", "Problem", "Profile", "RoleHosts", "load_profile", "parse_profile"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleHosts:
    """The organization's own hosts of one role."""

    hosts: tuple[HostPattern, ...] = ()
    """Exact names, sorted."""
    prefixes: PrefixSet = PrefixSet()
    """All addresses that the internet sees, including the single ones."""
    inside: PrefixSet = PrefixSet()
    """The addresses of the hosts themselves, where a NAT translates them to `prefixes`; empty if they are the same."""
    only_side: Literal["", "inside", "public"] = ""
    """The side of a NAT that `prefixes` is, if the profile names one side only; "" otherwise."""
    addresses: tuple[Prefix, ...] = ()
    """The entries with a single address, ascending, for DNS records. `prefixes` does not have them, since it joins
    neighbors. If left out, they are the prefixes of a single address."""

    def __post_init__(self) -> None:
        for host in self.hosts:
            _checked(_check.role_entry, host.text)
        for space in (self.prefixes, self.inside):
            _checked(lambda space: _check.role_space(space, str(space)), space)
        addresses = self.addresses or [p for p in self.prefixes if p.size == 1]
        if any(p.size != 1 or p not in self.prefixes for p in addresses):
            raise ProfileError("the addresses of a role must be single addresses of its prefixes")
        object.__setattr__(self, "hosts", tuple(sorted(set(self.hosts))))
        object.__setattr__(self, "addresses", tuple(sorted(set(addresses))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A profile: an organization, its selection of scenarios, and its hosts.

    Order and repetition are ignored: profiles with the same meaning are equal. Raises ProfileError at construction for a
    value that is not allowed in a file.
    """

    clouds: tuple[Cloud, ...]
    """At least one."""
    name: str = "our organization"
    tenant: str = ""
    """The first label of the tenant's onmicrosoft.com name, which fills `<tenant>`; "" if not set."""
    email_domains: tuple[str, ...] = ()
    service_areas: tuple[Area, ...] = ("common", "exchange", "sharepoint", "teams")
    categories: tuple[Category, ...] = CATEGORIES
    required_only: bool = False
    """Select required endpoint sets only. Rows are selected by scenario, required or not."""
    ipv6: bool = True
    scenarios: tuple[str, ...] = ()
    """Scenario names, `row/N`, ids of requirements, or `all`."""
    graph_sources: _check.GraphSources = "union"
    """`union` of the two published texts of row 23, or `newest` only."""
    roles: Mapping[str, RoleHosts] = field(default_factory=lambda: MappingProxyType({}))
    ahead: bool = True
    """Use announced additions before their day. Like `grace`, it applies to synced lists only."""
    grace: Mapping[str, int] = field(default_factory=lambda: GRACE)
    """Days for which an entry that Microsoft removed is kept, by category; by default those of `GRACE`."""
    domains: Mapping[str, Cloud] = field(default_factory=lambda: MappingProxyType({}))
    """Mail domain -> the cloud of its tenant; needed only with two clouds."""
    dns: Mapping[str, DnsSettings] = field(default_factory=lambda: MappingProxyType({}))
    """Mail domain -> its DNS values; "" for the values of all domains."""
    exclude: tuple[Exclusion, ...] = ()
    adjust: tuple[Adjustment, ...] = ()
    accept: tuple[Acceptance, ...] = ()
    targets: Mapping[str, TargetSettings] = field(default_factory=lambda: MappingProxyType({}))
    """Target -> its options, limits and own names."""
    stale: int = STALE_AFTER_DAYS
    """Days after the last successful look at a cloud from which on the plan warns (`stale-catalog`)."""

    def __post_init__(self) -> None:
        if not self.clouds:
            raise ProfileError("a profile needs at least one cloud")

        def normal(key: str, value: object) -> None:
            object.__setattr__(self, key, value)

        normal("clouds", tuple(sorted(set(self.clouds))))
        normal("name", _checked(_check.name, self.name))
        normal("tenant", self.tenant and _checked(_check.tenant, self.tenant))
        normal("email_domains", tuple(sorted({_checked(_check.email_domain, d) for d in self.email_domains})))
        areas, categories = set(self.service_areas), set(self.categories)
        normal("service_areas", tuple(sorted((_checked(_check.area, a) for a in areas), key=AREAS.index)))
        normal("categories", tuple(sorted((_checked(_check.category, c) for c in categories), key=CATEGORIES.index)))
        normal("scenarios", tuple(sorted({_checked(_check.scenario, s) for s in self.scenarios})))
        normal("graph_sources", _checked(_check.graph_sources, self.graph_sources))
        roles = {_checked(_check.role, name): hosts for name, hosts in sorted(self.roles.items())}
        normal("roles", MappingProxyType(roles))
        normal("grace", _checked(_check.grace, self.grace))
        normal("stale", _checked(_check.stale_time, self.stale))
        domains = {_checked(_check.email_domain, name): cloud for name, cloud in sorted(self.domains.items())}
        if unknown := (domains.keys() | self.dns.keys()) - {"", *self.email_domains}:
            raise ProfileError(f"{min(unknown)} is not one of the mail domains")
        if others := set(domains.values()) - set(self.clouds):
            raise ProfileError(f"{min(others)} is not one of the clouds")
        for name, found in (("domains", domains), ("dns", self.dns), ("targets", self.targets)):
            normal(name, MappingProxyType(dict(sorted(found.items()))))

    def dns_value(self, key: DnsKey, domain: str) -> str | None:
        """Return the value of a [dns] key for a mail domain; None if it has none.

        The value of the domain precedes that of all domains. While a hybrid scenario is selected, `autodiscover` is
        `on-premises` by default, and `sip` while that of Skype for Business is.
        """
        for settings in (self.dns.get(domain), self.dns.get("")):
            if settings and (found := settings.value(key)) is not None:
                return found
        names = {canonical(s).rpartition(":")[2] for s in self.scenarios}
        hybrid = {ROW_SCENARIOS[row - 1] if (row := row_of(name)) else name for name in names}
        if ALL in names or not hybrid.isdisjoint(_ON_PREMISES.get(key, ())):
            return "on-premises" if key in _ON_PREMISES else None
        return None

    @property
    def hash(self) -> str:
        """Twelve hex digits of a hash of the meaning of the profile."""
        return hashlib.sha256(json.dumps(self._meaning(), sort_keys=True).encode()).hexdigest()[:12]

    def _meaning(self) -> dict[str, Any]:
        """Return the profile as JSON values, equal for profiles with the same meaning."""
        meant: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        names = {canonical(s) for s in self.scenarios}
        areas = names & set(AREAS)
        if ALL in names:
            names = {ALL} | {s for s in names if is_requirement_id(s)}
        meant["clouds"] = [str(c) for c in self.clouds]
        meant["scenarios"] = sorted(names - areas)
        meant["service_areas"] = sorted(areas | set(self.service_areas))
        meant["roles"] = {
            name: [
                [h.text for h in own.hosts],
                [str(p) for p in own.prefixes],
                [p.address for p in own.addresses],
                *([[str(p) for p in own.inside]] if own.inside else []),
                *([own.only_side] if own.only_side else []),
            ]
            for name, own in self.roles.items()
            if own.hosts or own.prefixes
        }
        for key in ("domains", "dns", "exclude", "adjust", "accept", "targets"):
            if not meant[key]:
                del meant[key]  # as for [effective] below
            else:
                meant[key] = plain_choice(meant[key])
        for key, default in (("ahead", True), ("grace", dict(GRACE))):
            meant[key] = dict(self.grace) if key == "grace" else self.ahead
            if meant[key] == default:
                del meant[key]  # a profile without [effective] keeps the hash that it had in earlier versions
        del meant["stale"]  # it changes no flow, site or record
        return meant


_ON_PREMISES: Mapping[str, tuple[str, ...]] = {
    "autodiscover": (
        "mailbox-migration",
        "exchange-hybrid-coexistence",
        "exchange-hybrid-sts",
        "hybrid-configuration-wizard",
        "outlook-mobile-autodetect",
        "exchange-hybrid-agent",
    ),
    "sip": ("skype-hybrid",),
}
"""The [dns] keys that are `on-premises` by default, with the scenarios that make them so."""


def load_profile(path: str | Path, *, further: Callable[[], Iterable[Cloud]] = tuple) -> Profile:
    """Read a profile from a file.

    Args:
        further: returns clouds newer than this release that the profile may name, such as those of a store.
        path: a TOML file in UTF-8, with or without a byte order mark, of at most `MAX_BYTES`.

    Raises:
        ProfileError: with all problems of the file, with line and column.
    """
    return _profile(read_file(Path(path), further))


def parse_profile(
    text: str | bytes, name: str = "profile.toml", *, further: Callable[[], Iterable[Cloud]] = tuple
) -> Profile:
    """Read a profile from text.

    Args:
        text: TOML; bytes are UTF-8, with or without a byte order mark.
        name: the name of the file in problems.
        further: as for `load_profile`.

    Raises:
        ProfileError: with all problems of the text.
    """
    return _profile(parse_bytes(text, name, further) if isinstance(text, bytes) else parse_text(text, name, further))


def _profile(values: dict[str, Any]) -> Profile:
    roles = {name: RoleHosts(**own) for name, own in values.pop("roles", {}).items()}
    return Profile(**values, roles=roles)


def _checked(check: Callable[[Any], Any], value: Any) -> Any:
    """Return the normal form of a value. Raises ProfileError if it is not valid."""
    try:
        return check(value)
    except _check.InvalidValueError as error:
        raise ProfileError(error.message, help=error.help) from None
