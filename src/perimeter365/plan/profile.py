r"""The organization's own file (CONTRACT: Profile), read into a value that is right, or refused as a whole.

    >>> parse_profile('[organization]\nclouds = ["worldwide"]\n[roles]\nmrs-proxy = ["192.0.2.7"]').clouds
    (<Cloud.WORLDWIDE: 'worldwide'>,)
    >>> parse_profile('[organization]\nclouds = ["wordlwide"]\n[roles]\nmrs-proxy = ["192.0.2.7/24"]')
    Traceback (most recent call last):
    perimeter365.errors.ProfileError: profile.toml:2:11: unknown cloud 'wordlwide'
      2 | clouds = ["wordlwide"]
        |           ^^^^^^^^^^^
      help: did you mean 'worldwide'?
      allowed: worldwide, gcchigh, dod, china, germany
    profile.toml:4:14: '192.0.2.7/24' has host bits set
      4 | mrs-proxy = ["192.0.2.7/24"]
        |              ^^^^^^^^^^^^^^
      help: did you mean 192.0.2.0/24?

All mistakes of a file are gathered and raised together.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from perimeter365.errors import ProfileError
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import GRACE
from perimeter365.model.endpoint_set import AREAS, Area
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import is_requirement_id
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import CATEGORIES, Category
from perimeter365.model.scenario import ALL, canonical
from perimeter365.plan import _check
from perimeter365.plan._problem import PROBLEMS, Problem
from perimeter365.plan._read import MOST_BYTES, read_file, read_text

__all__ = ["MOST_BYTES", "PROBLEMS", "Problem", "Profile", "RoleHosts", "load_profile", "parse_profile"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleHosts:
    """Our own hosts of one role."""

    hosts: tuple[HostPattern, ...] = ()
    """Exact names, sorted."""
    prefixes: PrefixSet = PrefixSet()
    """Every address, also the single ones."""
    addresses: tuple[Prefix, ...] = ()
    """The entries that are one address each, ascending: what DNS records can say. `prefixes` joins neighbors, so it
    cannot tell; left out, they are the lone addresses of `prefixes`."""

    def __post_init__(self) -> None:
        for host in self.hosts:
            _right(_check.role_entry, host.text)
        _right(lambda space: _check.role_space(space, str(space)), self.prefixes)
        addresses = self.addresses or [p for p in self.prefixes if p.size == 1]
        if any(p.size != 1 or p not in self.prefixes for p in addresses):
            raise ProfileError("the addresses of a role have to be single ones of its prefixes")
        object.__setattr__(self, "hosts", tuple(sorted(set(self.hosts))))
        object.__setattr__(self, "addresses", tuple(sorted(set(addresses))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What an organization is, selects and has. Order and repetition have no meaning: equal profiles mean the same.

    Raises ProfileError at construction for a value that a file could not hold either.
    """

    clouds: tuple[Cloud, ...]
    """At least one."""
    name: str = "our organization"
    tenant: str = ""
    """Fills `<tenant>`: the first label of the tenant's onmicrosoft.com name; "" = not given."""
    email_domains: tuple[str, ...] = ()
    service_areas: tuple[Area, ...] = ("common", "exchange", "sharepoint", "teams")
    categories: tuple[Category, ...] = CATEGORIES
    required_only: bool = False
    """Of the web service's sets; a row is selected by its scenario, required or not."""
    ipv6: bool = True
    scenarios: tuple[str, ...] = ()
    """Scenario names, `row/N`, ids of requirements, or `all`."""
    graph_sources: _check.GraphSources = "union"
    """`union` of row 23's two published texts, or `newest` alone."""
    roles: Mapping[str, RoleHosts] = field(default_factory=lambda: MappingProxyType({}))
    ahead: bool = True
    """Take announced additions before their day. Like `grace` it matters only where lists are synced."""
    grace: Mapping[str, int] = field(default_factory=lambda: GRACE)
    """Days for which an entry that Microsoft removed is kept, by category; one left out has those of `GRACE`."""

    def __post_init__(self) -> None:
        if not self.clouds:
            raise ProfileError("a profile needs a cloud")

        def normal(key: str, value: object) -> None:
            object.__setattr__(self, key, value)

        normal("clouds", tuple(sorted(set(self.clouds))))
        normal("name", _right(_check.name, self.name))
        normal("tenant", self.tenant and _right(_check.tenant, self.tenant))
        normal("email_domains", tuple(sorted({_right(_check.email_domain, d) for d in self.email_domains})))
        areas, categories = set(self.service_areas), set(self.categories)
        normal("service_areas", tuple(sorted((_right(_check.area, a) for a in areas), key=AREAS.index)))
        normal("categories", tuple(sorted((_right(_check.category, c) for c in categories), key=CATEGORIES.index)))
        normal("scenarios", tuple(sorted({_right(_check.scenario, s) for s in self.scenarios})))
        normal("graph_sources", _right(_check.graph_sources, self.graph_sources))
        roles = {_right(_check.role, name): hosts for name, hosts in sorted(self.roles.items())}
        normal("roles", MappingProxyType(roles))
        normal("grace", _right(_check.grace, self.grace))

    @property
    def hash(self) -> str:
        """Twelve hex digits over the meaning of the profile; comments, order and ways of writing do not count."""
        return hashlib.sha256(json.dumps(self._meaning(), sort_keys=True).encode()).hexdigest()[:12]

    def _meaning(self) -> dict[str, Any]:
        """The profile as JSON values, the same for profiles that select and have the same."""
        meant: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        names = {canonical(s) for s in self.scenarios}
        areas = names & set(AREAS)
        if ALL in names:
            names = {ALL} | {s for s in names if is_requirement_id(s)}
        meant["clouds"] = [str(c) for c in self.clouds]
        meant["scenarios"] = sorted(names - areas)
        meant["service_areas"] = sorted(areas | set(self.service_areas))
        meant["roles"] = {
            name: [[h.text for h in own.hosts], [str(p) for p in own.prefixes], [p.address for p in own.addresses]]
            for name, own in self.roles.items()
            if own.hosts or own.prefixes
        }
        for key, usual in (("ahead", True), ("grace", dict(GRACE))):
            meant[key] = dict(self.grace) if key == "grace" else self.ahead
            if meant[key] == usual:
                del meant[key]  # so that a profile without [effective] has the hash that it had before there was one
        return meant


def load_profile(path: str | Path) -> Profile:
    """Read a profile from a file.

    Args:
        path: a TOML file in UTF-8, with or without a byte order mark, of at most `MOST_BYTES`.

    Raises:
        ProfileError: with every problem of the file, each with line and column where it has one.
    """
    return _profile(read_file(Path(path)))


def parse_profile(text: str, name: str = "profile.toml") -> Profile:
    """Read a profile from text.

    Args:
        text: TOML.
        name: what problems call the file.

    Raises:
        ProfileError: with every problem of the text.
    """
    return _profile(read_text(text, name))


def _profile(values: dict[str, Any]) -> Profile:
    roles = {name: RoleHosts(**own) for name, own in values.pop("roles", {}).items()}
    return Profile(**values, roles=roles)


def _right(check: Callable[[Any], Any], value: Any) -> Any:
    """The value's normal form. Raises ProfileError for a wrong one."""
    try:
        return check(value)
    except _check.WrongError as error:
        raise ProfileError(error.message, help=error.help) from None
