"""Constraints of the operator: a limit for Microsoft's side of any plan.

    # a file that PERIMETER365_CONSTRAINTS names for the command line, such as /etc/perimeter365/constraints.toml
    shortest4 = 12                       # no prefix wider than /12 (default 8; narrower only)
    shortest6 = 28                       # default 20
    within = ["13.64.0.0/11", "2603:1000::/24"]     # the only addresses that are allowed; default: all
    never = ["13.107.128.0/22"]          # addresses that are not allowed
    hosts_within = ["*.microsoft.com", "aka.ms"]    # patterns that have to cover every name; default: all names
    hosts_never = ["*.example.net"]      # patterns that may not have a name in common with any name

    >>> parse_constraints("shortest4 = 4")
    Traceback (most recent call last):
    perimeter365.errors.InputError: constraints.toml: shortest4: 4 is not a length from 8 to 32

As with the constraints of rpki-client, the operator writes the file by hand, and artifacts are checked against it, so no
upstream can exceed it. A file that cannot be read is an error and is never ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from perimeter365.errors import InputError
from perimeter365.intake import read_text, shown_path
from perimeter365.model.decode import Read, decode, fields, many, optional, parse_toml, parsed, shown, string
from perimeter365.model.host import HostPattern
from perimeter365.model.never import width_problem
from perimeter365.model.prefix import WIDTH, PrefixSet
from perimeter365.model.special import SHORTEST_PREFIX

MAX_BYTES = 1_000_000
"""The maximum size of a file, which is written by hand."""

_EXAMPLE = 'a line is KEY = VALUE: shortest4 = 12, or never = ["13.107.128.0/22"]; "#" starts a comment'


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraints:
    """The most that Microsoft's side of a plan may contain."""

    shortest: Mapping[int, int] = field(default_factory=lambda: MappingProxyType(SHORTEST_PREFIX))
    """The shortest prefix length by family; never below the default."""
    within: PrefixSet | None = None
    """None for all addresses."""
    never: PrefixSet = PrefixSet()
    hosts_within: tuple[HostPattern, ...] | None = None
    """None for all names."""
    hosts_never: tuple[HostPattern, ...] = ()

    def address_problem(self, prefixes: PrefixSet) -> str:
        """Return why addresses exceed the constraints; "" if they do not."""
        if problem := width_problem(prefixes, self.shortest):
            return problem
        if self.within is not None and (outside := prefixes - self.within):
            return f"{next(iter(outside))} is outside of the operator's constraints"
        if inside := prefixes & self.never:
            return f"{next(iter(inside))} is excluded by the operator's constraints"
        return ""

    def host_problem(self, host: HostPattern) -> str:
        """Return why a name or pattern exceeds the constraints; "" if it does not."""
        if self.hosts_within is not None and not any(wide.covers(host) for wide in self.hosts_within):
            return f"{host} is outside of the operator's constraints"
        if any(never.covers(host) or host.covers(never) for never in self.hosts_never):
            return f"{host} is excluded by the operator's constraints"
        return ""


DEFAULTS = Constraints()
"""The default constraints."""


def load_constraints(path: Path) -> Constraints:
    """Read a file of constraints. Raises InputError with the name of the file."""
    return parse_constraints(read_text(path, most=MAX_BYTES), shown_path(path))


def parse_constraints(text: str, name: str = "constraints.toml") -> Constraints:
    """Parse constraints in TOML. Raises InputError with `name`, the key and the value."""
    try:
        return decode("", lambda text: _constraints(parse_toml(text, help=_EXAMPLE)), text)
    except InputError as error:
        raise error.inside(name) from None


def _constraints(value: Mapping[str, Any]) -> Constraints:
    found = fields(value, **_READERS)
    lengths = {family: found.pop(f"shortest{family}") for family in (4, 6)}
    return Constraints(shortest=MappingProxyType(lengths), **found)


def _length(family: int, value: object) -> int:
    if type(value) is not int or not SHORTEST_PREFIX[family] <= value <= WIDTH[family]:
        raise InputError(f"{shown(value)} is not a length from {SHORTEST_PREFIX[family]} to {WIDTH[family]}")
    return value


def _prefixes(value: object) -> PrefixSet:
    return PrefixSet.parse(many(string)(value))


def _hosts(value: object) -> tuple[HostPattern, ...]:
    return tuple(sorted(many(parsed(HostPattern))(value)))


_READERS: Mapping[str, Read[Any]] = {
    "shortest4": optional(partial(_length, 4), SHORTEST_PREFIX[4]),
    "shortest6": optional(partial(_length, 6), SHORTEST_PREFIX[6]),
    "within": optional(_prefixes, None),
    "never": optional(_prefixes, PrefixSet()),
    "hosts_within": optional(_hosts, None),
    "hosts_never": optional(_hosts, ()),
}
