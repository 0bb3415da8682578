"""The operator's outer bound: what Microsoft's side of any plan may be at most, whatever upstream or the page says.

    # a file that PERIMETER365_CONSTRAINTS names for the command line, such as /etc/perimeter365/constraints.toml
    shortest4 = 12                       # no prefix wider than /12 (default 8; narrower only)
    shortest6 = 28                       # default 20
    within = ["13.64.0.0/11", "2603:1000::/24"]     # addresses have to lie in here; left out: anywhere
    never = ["13.107.128.0/22"]          # and not in here
    hosts_within = ["*.microsoft.com", "aka.ms"]    # names have to be covered by one of these; left out: any
    hosts_never = ["*.example.net"]      # and may have no name in common with these

    >>> parse_constraints("shortest4 = 4")
    Traceback (most recent call last):
    perimeter365.errors.InputError: constraints.toml: shortest4: 4 is not a length from 8 to 32

Like the constraints of rpki-client: kept by hand, beside everything that is fetched, and checked where artifacts are
made, so that no upstream can exceed it. A file that cannot be read stops everything; it is never passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from perimeter365.errors import InputError
from perimeter365.model.decode import Read, decode, fields, many, optional, parse_toml, parsed, shown, string
from perimeter365.model.host import HostPattern
from perimeter365.model.never import width_problem
from perimeter365.model.prefix import WIDTH, PrefixSet
from perimeter365.model.special import BOUND

_EXAMPLE = 'a line is KEY = VALUE: shortest4 = 12, or never = ["13.107.128.0/22"]; "#" starts a comment'


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraints:
    """What Microsoft's side may be at most."""

    shortest: Mapping[int, int] = field(default_factory=lambda: MappingProxyType(BOUND))
    """Shortest prefix length by family; never below the default."""
    within: PrefixSet | None = None
    """None: anywhere."""
    never: PrefixSet = PrefixSet()
    hosts_within: tuple[HostPattern, ...] | None = None
    """None: any name."""
    hosts_never: tuple[HostPattern, ...] = ()

    def address_problem(self, prefixes: PrefixSet) -> str:
        """Why these addresses exceed the bound, in words; "" when they do not."""
        if problem := width_problem(prefixes, self.shortest):
            return problem
        if self.within is not None and (outside := prefixes - self.within):
            return f"{next(iter(outside))} lies outside of the operator's bound"
        if inside := prefixes & self.never:
            return f"{next(iter(inside))} is what the operator never allows"
        return ""

    def host_problem(self, host: HostPattern) -> str:
        """Why a name or pattern exceeds the bound, in words; "" when it does not."""
        if self.hosts_within is not None and not any(wide.covers(host) for wide in self.hosts_within):
            return f"{host} lies outside of the operator's bound"
        if any(never.covers(host) or host.covers(never) for never in self.hosts_never):
            return f"{host} is what the operator never allows"
        return ""


DEFAULTS = Constraints()
"""The bound where an operator has set none."""


def load_constraints(path: Path) -> Constraints:
    """Read a file. Raises InputError with the file's name."""
    try:
        return parse_constraints(path.read_text("utf-8-sig"), str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8") from error


def parse_constraints(text: str, name: str = "constraints.toml") -> Constraints:
    """Read TOML text. Raises InputError with `name`, the key and the value."""
    try:
        return decode("", lambda text: _constraints(parse_toml(text, help=_EXAMPLE)), text)
    except InputError as error:
        raise error.inside(name) from None


def _constraints(value: Mapping[str, Any]) -> Constraints:
    found = fields(value, **_READERS)
    lengths = {family: found.pop(f"shortest{family}") for family in (4, 6)}
    return Constraints(shortest=MappingProxyType(lengths), **found)


def _length(family: int, value: object) -> int:
    if type(value) is not int or not BOUND[family] <= value <= WIDTH[family]:
        raise InputError(f"{shown(value)} is not a length from {BOUND[family]} to {WIDTH[family]}")
    return value


def _prefixes(value: object) -> PrefixSet:
    return PrefixSet.parse(many(string)(value))


def _hosts(value: object) -> tuple[HostPattern, ...]:
    return tuple(sorted(many(parsed(HostPattern))(value)))


_READERS: Mapping[str, Read[Any]] = {
    "shortest4": optional(partial(_length, 4), BOUND[4]),
    "shortest6": optional(partial(_length, 6), BOUND[6]),
    "within": optional(_prefixes, None),
    "never": optional(_prefixes, PrefixSet()),
    "hosts_within": optional(_hosts, None),
    "hosts_never": optional(_hosts, ()),
}
