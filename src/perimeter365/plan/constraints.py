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

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from perimeter365.errors import InputError, UnknownNameError
from perimeter365.model.host import HostPattern
from perimeter365.model.never import width_problem
from perimeter365.model.prefix import WIDTH, PrefixSet
from perimeter365.model.special import BOUND

_EXAMPLE = 'a line is KEY = VALUE: shortest4 = 12, or never = ["13.107.128.0/22"]; "#" starts a comment'
KEYS = ("shortest4", "shortest6", "within", "never", "hosts_within", "hosts_never")


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
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: not TOML: {error}", help=_EXAMPLE) from error
    key = ""
    try:
        for key in data:
            if key not in KEYS:
                raise UnknownNameError("key of a constraints file", key, KEYS)
        lengths = {}
        for family in (4, 6):
            key = f"shortest{family}"
            lengths[family] = _length(data.get(key, BOUND[family]), family)
        lists = {}
        for key in KEYS[2:]:
            lists[key] = _texts(data[key]) if key in data else None
        spaces = {}
        for key in ("within", "never"):
            spaces[key] = PrefixSet.parse(lists[key] or ())
        hosts = {}
        for key in ("hosts_within", "hosts_never"):
            hosts[key] = tuple(sorted(map(HostPattern, lists[key] or ())))
    except InputError as error:
        error.inside(key).inside(name)
        raise
    return Constraints(
        shortest=MappingProxyType(lengths),
        within=None if lists["within"] is None else spaces["within"],
        never=spaces["never"],
        hosts_within=None if lists["hosts_within"] is None else hosts["hosts_within"],
        hosts_never=hosts["hosts_never"],
    )


def _length(value: Any, family: int) -> int:
    if type(value) is not int or not BOUND[family] <= value <= WIDTH[family]:
        raise InputError(f"{repr(value)[:60]} is not a length from {BOUND[family]} to {WIDTH[family]}")
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{repr(value)[:60]} is not a list of texts")
    return value
