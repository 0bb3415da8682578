"""Parse the text of a profile, and report all its problems together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from perimeter365.errors import InputError, ProfileError, nearest
from perimeter365.intake import read_optional
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.quantity import quantity
from perimeter365.model.requirement import CATEGORIES
from perimeter365.plan import _check, _read_choices, _toml
from perimeter365.plan._check import InvalidValueError
from perimeter365.plan._problem import Problem
from perimeter365.plan._reader import (
    DAYS,
    FLAG,
    MAX_ITEMS,
    NUMBER,
    TEXT,
    TEXTS,
    ProfileReader,
    TooManyProblemsError,
    kind_of,
    problem_of,
)

MAX_BYTES = 1_000_000
"""The maximum size of a profile. Profiles are written by hand, so a larger file is something else."""

_TABLES: dict[str, dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "organization": {
        "name": (TEXT, _check.name),
        "tenant": (TEXT, _check.tenant),
        "email_domains": (TEXTS, _check.email_domain),
        "clouds": (TEXTS, _check.cloud),
    },
    "select": {
        "service_areas": (TEXTS, _check.area),
        "categories": (TEXTS, _check.category),
        "required_only": (FLAG, bool),
        "ipv6": (FLAG, bool),
        "scenarios": (TEXTS, _check.scenario),
        "graph_sources": (TEXT, _check.graph_sources),
    },
    "effective": {
        "ahead": (FLAG, bool),
        "grace": (DAYS, _check.grace_time),
        "stale": (NUMBER, _check.stale_time),
    },
}
"""The tables with fixed keys: the kind of value of each key, and its check."""
_ROLES, _DNS, _TARGETS = "roles", "dns", "targets"
_DOMAINS = ("organization", "domains")


def read_file(path: Path, further: Callable[[], Iterable[Cloud]] = tuple) -> dict[str, Any]:
    """Read the arguments of `profile.Profile` from a file.

    `roles` has the arguments of `profile.RoleHosts`. Raises ProfileError, as `profile.load_profile`.
    """
    file = str(path)
    try:
        raw = read_optional(path, most=MAX_BYTES, place="", pipes=True)
    except InputError as error:
        _unreadable(file, error.message, error.help)
    if raw is None:
        _unreadable(file, "the file does not exist", f"`perimeter365 init {file}` writes a commented profile")
    return parse_bytes(raw, file, further)


def parse_bytes(raw: bytes, file: str, further: Callable[[], Iterable[Cloud]] = tuple) -> dict[str, Any]:
    """Parse the bytes of a profile, as `read_file`."""
    if len(raw) > MAX_BYTES:
        _unreadable(file, f"it has more than {MAX_BYTES} bytes, the limit")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            _unreadable(file, "it is UTF-16, not UTF-8", "save it as UTF-8")
        before = raw[: error.start].decode("utf-8").removeprefix("\ufeff")
        rest = raw[error.start :].split(b"\n", 1)[0].decode("utf-8", "replace")
        wrong = InvalidValueError("unreadable", f"the byte 0x{raw[error.start]:02X} is not UTF-8", "save the file as UTF-8")
        _raise([problem_of(before + rest, file, _toml.Span(len(before), len(before) + 1), wrong)])
    return parse_text(text, file, further)


def parse_text(text: str, file: str, further: Callable[[], Iterable[Cloud]] = tuple) -> dict[str, Any]:
    """Parse the text of a profile, as `read_file`.

    Raises ProfileError, as `profile.parse_profile`.
    """
    text = text.removeprefix("\ufeff")
    try:
        document = _toml.read(text)
    except _toml.TomlError as fault:
        message = f"not TOML: {fault.message[:1].lower()}{fault.message[1:]}"
        if fault.offset is None:
            _raise([Problem(code="syntax", file=file, line=0, column=0, message=message, remedy=_EXAMPLE)])
        wrong = InvalidValueError("syntax", message, _SYNTAX_HELP.get(fault.message, _EXAMPLE))
        _raise([problem_of(text, file, _toml.Span(fault.offset, fault.offset + 1), wrong)])
    reader = _TableReader(document=document, file=file, further=further)
    values: dict[str, Any] = {}
    with suppress(TooManyProblemsError):
        values = reader.values()
    if reader.problems:
        _raise(reader.problems)
    return values


_EXAMPLE = "compare it with a profile that `perimeter365 init` writes"
_SYNTAX_HELP = {
    "Invalid value": 'write text in quotes: "…"; for yes and no, write true and false',
    "Cannot overwrite a value": "write each key once in its table",
    "Invalid statement": 'a line is [table] or key = value; "#" starts a comment',
}


@dataclass
class _TableReader(ProfileReader):
    """Reads the tables of a profile."""

    further: Callable[[], Iterable[Cloud]] = tuple
    """Returns the clouds newer than this release that the profile may name."""

    def values(self) -> dict[str, Any]:
        """Return the arguments of the profile, without the values that have a problem."""
        found: dict[str, Any] = {}
        for name, table in self.document.data.items():
            if name == _ROLES:
                found["roles"] = dict(self.roles(table)) if self.is_table(name, table) else {}
            elif name in _read_choices.TABLES:
                found[name] = _read_choices.statements(self, name, table)
            elif name == _TARGETS:
                found[name] = _read_choices.targets(self, table) if self.is_table(name, table) else {}
            elif name == _DNS:
                pass  # after the others, since it names mail domains
            elif name not in _TABLES:
                self.unknown_key((name,), [*_TABLES, _ROLES, _DNS, _TARGETS, *_read_choices.TABLES])
            elif self.is_table(name, table):
                found.update(self.table(name, table))
        if (table := self.document.data.get(_DNS)) is not None and self.is_table(_DNS, table):
            found[_DNS] = _read_choices.dns(self, table, found.get("email_domains", ()))
        self.check_domains(found)
        organization = self.document.data.get("organization", {})
        if isinstance(organization, dict) and "clouds" not in organization:
            self.add_problem(
                ("organization",), "missing", "organization.clouds is missing",
                'add clouds = ["worldwide"] under [organization]',
            )  # fmt: skip
        return found

    def table(self, name: str, table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the valid values of a table with fixed keys."""
        for key, value in table.items():
            path = (name, key)
            if (name, key) == _DOMAINS:
                yield key, _read_choices.domains(self, value)
                continue
            if key not in _TABLES[name]:
                self.unknown_key(path, [*_TABLES[name], *([key for table, key in [_DOMAINS] if table == name])])
                continue
            kind, check = _TABLES[name][key]
            if check is _check.cloud:
                check = partial(check, further=self.further)
            if kind == TEXTS:
                domains = check is _check.email_domain
                limit = _read_choices.MAX_DOMAINS if domains else MAX_ITEMS
                items = self.items(path, value, check, limit, _read_choices.DOMAINS_HELP if domains else "")
                if items or value == []:
                    yield key, tuple(items)
            elif kind == DAYS:
                yield key, self.days(path, value, check)
            elif type(value) is not {TEXT: str, NUMBER: int}.get(kind, bool):
                self.add_problem(path, "wrong-type", f"{key} is {kind_of(value)}, not {kind}")
            else:
                try:
                    yield key, check(value)
                except InvalidValueError as error:
                    self.add_error(path, error)

    def days(self, path: _toml.Path, value: object, check: Callable[[int], int]) -> dict[str, int]:
        """Parse one number of days for all categories, or a table by category."""
        if not isinstance(value, dict):
            number = self.number(path, value, check)
            return {} if number is None else dict.fromkeys(CATEGORIES, number)
        found: dict[str, int] = {}
        for name, each in value.items():
            place = (*path, name)
            if name not in CATEGORIES:
                self.add_error(place, _check.unknown("category", name, CATEGORIES), self.document.key_span(place))
            elif (number := self.number(place, each, check)) is not None:
                found[name] = number
        return found

    def number(self, path: _toml.Path, value: object, check: Callable[[int], int]) -> int | None:
        """Return the value as a number of days, or record a problem and return None."""
        try:
            if type(value) is not int:
                raise InvalidValueError("wrong-type", f"{path[-1]} is {kind_of(value)}, not a whole number of days")
            return check(value)
        except InvalidValueError as error:
            self.add_error(path, error)
            return None

    def roles(self, table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the hosts of each role that has no problem."""
        for name, value in table.items():
            path = (_ROLES, name)
            try:
                _check.role(name)
            except InvalidValueError as error:
                self.add_error(path, error, self.document.key_span(path))
                continue
            before = len(self.problems)
            if isinstance(value, dict):
                own = _read_choices.role(self, path, value)
                if len(self.problems) == before:
                    yield name, own
                continue
            entries = self.items(path, value, _check.role_entry)
            if len(self.problems) > before:
                continue
            listed = [e for e in entries if isinstance(e, Prefix)]
            prefixes = PrefixSet.of(listed)
            try:
                _check.role_space(prefixes, f"role {name}")
            except InvalidValueError as error:
                self.add_error(path, error)
            else:
                yield (
                    name,
                    {
                        "hosts": tuple(e for e in entries if isinstance(e, HostPattern)),
                        "prefixes": prefixes,
                        "addresses": tuple(p for p in listed if p.size == 1),
                    },
                )

    def check_domains(self, found: Mapping[str, Any]) -> None:
        """Check the mail domains and clouds of [organization.domains]."""
        for domain, cloud in found.get("domains", {}).items():
            path = (*_DOMAINS, domain)
            if domain not in (known := found.get("email_domains", ())):
                self.add_error(path, _check.unknown("mail domain", domain, known), self.document.key_span(path))
            if cloud not in found.get("clouds", (cloud,)):
                message = f"{domain} belongs to {cloud}, which is not in organization.clouds"
                self.add_problem(path, "bad-value", message, f"add {str(cloud)!r} to organization.clouds")

    def unknown_key(self, path: tuple[str, ...], allowed: list[str]) -> None:
        key = path[-1]
        homes = [table for table, keys in _TABLES.items() if key in keys]
        near = nearest(key, allowed)
        help = f"it belongs under [{homes[0]}]" if homes else f"did you mean {near!r}?" if near else ""
        where = f" in [{path[0]}]" if len(path) > 1 else ""
        error = InvalidValueError("unknown-key", f"unknown key {key!r}{where}", help, allowed)
        self.add_error(path, error, self.document.key_span(path))


def _unreadable(file: str, message: str, help: str = "") -> NoReturn:
    _raise([Problem(code="unreadable", file=file, line=0, column=0, message=message, remedy=help)])


_SHOWN = 50


def _raise(problems: list[Problem]) -> NoReturn:
    """Raise a ProfileError with all problems, in the order of the file.

    The message shows the first `_SHOWN` problems, and each list of allowed names once.
    """
    problems.sort(key=lambda p: (p.line, p.column))
    listed: set[tuple[str, ...]] = set()
    shown = []
    for problem in problems[:_SHOWN]:
        shown.append(str(replace(problem, allowed=()) if problem.allowed in listed else problem))
        listed.add(problem.allowed)
    if len(problems) > _SHOWN:
        shown.append(f"… and {quantity(len(problems) - _SHOWN, 'more problem')}")
    raise ProfileError("\n".join(shown), problems=tuple(problems))
