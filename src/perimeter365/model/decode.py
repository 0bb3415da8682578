r"""Strict decoding of plain values of JSON and TOML into typed ones.

Errors have the place of the value.

A reader is a function that takes a plain value and returns a typed one, or raises. Readers of objects and lists are composed
of readers of their parts:

>>> def server(value: object) -> dict[str, Any]:
...     return fields(value, name=text("[a-z]+"), ports=many(natural), spare=optional(flag, False))
>>> decode("server", server, parse_json(b'{"name": "mx", "ports": [25, 587]}'))
{'name': 'mx', 'ports': (25, 587), 'spare': False}
>>> decode("server", server, parse_json(b'{"name": "mx", "ports": [25, "587"]}'))
Traceback (most recent call last):
perimeter365.errors.InputError: server.ports[1]: expected a whole number, got '587'
>>> decode("server", server, parse_json(b'{"name": "mx", "port": 25}'))
Traceback (most recent call last):
perimeter365.errors.InputError: server: unknown key 'port'; known keys are name, ports, spare

Values are not converted: "1" is not a number, 1 is not true, null is not a missing key. The place is built while an error
propagates, so valid input has no extra cost. Profiles have another reader (`plan._read`), which collects all problems with
their lines and columns.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Generic, Never, TypeVar

from perimeter365.errors import InputError, Perimeter365Error, nearest
from perimeter365.intake import check_depth, check_toml

MOST_BYTES = 64 * 1024 * 1024
"""The default size limit of JSON. A plan with all scenarios of all clouds has 0.3 MB."""

# Matches the beginning of the escape sequence of a surrogate, alone or one of a pair; not `\\u00e9`.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

_T = TypeVar("_T")
Read = Callable[[Any], _T]
"""A reader. Raises a `Perimeter365Error`, or one of the exceptions of `int()`, `[]` and the like."""


class _LocatedError(Exception):
    """An error with the place of the value, while it propagates to `decode`."""

    def __init__(self, place: str, error: Perimeter365Error) -> None:
        super().__init__(place, error)
        self.place, self.error = place, error


_ERRORS = (_LocatedError, Perimeter365Error, KeyError, TypeError, ValueError, AttributeError, RecursionError)


def _located(step: str, error: Exception) -> _LocatedError:
    if isinstance(error, _LocatedError):
        return _LocatedError(step + error.place, error.error)
    if isinstance(error, Perimeter365Error):
        return _LocatedError(step, error)
    return _LocatedError(step, InputError(f"{error} is missing" if isinstance(error, KeyError) else str(error)))


def decode(place: str, read: Read[_T], value: object, kind: type[Perimeter365Error] = InputError) -> _T:
    """Convert a value.

    Args:
        place: the start of the place in messages, such as `plan` or a path; "" for none.
        read: the reader.
        value: a result of `parse_json` or `parse_toml`.
        kind: the class of errors. An error of a subclass, such as PrefixError for InputError, is not converted.

    Raises:
        Perimeter365Error: the value is not valid; an error of class `kind` with a message `place.key[0]: problem`.
    """
    try:
        return at(place, read, value)
    except _LocatedError as found:
        error = found.error
        if not isinstance(error, kind):
            # Help is for the author of the input. Nobody can edit what upstream sends.
            error = kind(error.message, help=error.help if issubclass(kind, InputError) else "")
        where = found.place.removeprefix(".")
        raise (error.inside(where) if where else error) from None


def at(step: str, read: Read[_T], value: object) -> _T:
    """Read a part of a value in a reader.

    Errors have this step (`.key`, `[0]`) in their place.
    """
    try:
        return read(value)
    except _ERRORS as error:
        raise _located(step, error) from None


class optional(Generic[_T]):  # noqa: N801 (used as the functions here are)
    """The reader of a key that may be missing."""

    def __init__(self, read: Read[_T], default: Any) -> None:
        self.read, self.default = read, default

    def __call__(self, value: object) -> _T:
        """Read the value of the key."""
        return self.read(value)


def fields(value: object, /, **readers: Read[Any]) -> dict[str, Any]:
    """Read an object with exactly these keys; only `optional` ones may be missing."""
    given = table(value)
    if unknown := given.keys() - readers.keys():
        name, known = str(min(unknown)), sorted(readers)
        near = nearest(name, known)
        raise InputError(
            f"unknown key {shown(name)}; known keys are {', '.join(known)}", help=f"did you mean {near!r}?" if near else ""
        )
    found = {}
    key = ""
    try:
        for key, read in readers.items():
            if key in given:
                found[key] = read(given[key])
            elif isinstance(read, optional):
                found[key] = read.default
            else:
                break
        else:
            return found
    except _ERRORS as error:
        raise _located(f".{key}", error) from None
    raise InputError(f"{key!r} is missing")


def many(read: Read[_T], most: int | None = None) -> Read[tuple[_T, ...]]:
    """Return the reader of a list with at most `most` items."""

    def read_all(value: object) -> tuple[_T, ...]:
        given = sequence(value)
        if most is not None and len(given) > most:
            raise InputError(f"{len(given)} entries, more than {most}")
        found: list[_T] = []
        try:
            for item in given:
                found.append(read(item))  # noqa: PERF401 (its length is the index of an invalid item)
        except _ERRORS as error:
            raise _located(f"[{len(found)}]", error) from None
        return tuple(found)

    return read_all


def mapping(read: Read[_T]) -> Read[Mapping[str, _T]]:
    """Return the reader of an object with any names as keys."""
    name = text(r"[a-z0-9_-]+")
    return lambda value: {name(key): at(f".{key}", read, item) for key, item in table(value).items()}


def or_none(read: Read[_T]) -> Read[_T | None]:
    """Return the reader of a value or null."""
    return lambda value: None if value is None else read(value)


def text(pattern: str = r"[^\x00\ud800-\udfff]*", what: str = "a string of the expected form") -> Read[str]:
    """Return the reader of a text that matches a pattern as a whole.

    The default pattern allows everything but NUL and surrogates.
    """
    compiled = re.compile(pattern, re.ASCII | re.DOTALL)

    def read(value: object) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise InputError(f"{shown(value)} is not {what}")
        return value

    return read


def one_of(*values: str) -> Read[str]:
    """Return the reader of one of these strings."""

    def read(value: object) -> str:
        if value not in values or not isinstance(value, str):
            raise InputError(f"{shown(value)} is not one of {', '.join(values)}")
        return value

    return read


def string(value: object) -> str:
    """Read any text."""
    return value if isinstance(value, str) else _refuse(value, "a string")


def parsed(parse: Callable[[str], _T]) -> Read[_T]:
    """Return the reader of a text that is passed to `parse`."""
    return lambda value: parse(string(value))


def flag(value: object) -> bool:
    """Read true or false."""
    return value if isinstance(value, bool) else _refuse(value, "true or false")


def whole(value: object) -> int:
    """Read a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else _refuse(value, "a whole number")


def natural(value: object) -> int:
    """Read a whole number from 0 to 10^9."""
    found = whole(value)
    return found if 0 <= found <= 10**9 else _refuse(value, "a whole number from 0 to 1000000000")


def real(value: object) -> float:
    """Read a finite number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and -1e300 < value < 1e300:
        return float(value)
    return _refuse(value, "a number")


def instant(value: object) -> datetime:
    """Read an instant, ISO 8601 with a time zone."""
    found = datetime.fromisoformat(string(value))
    return found if found.tzinfo else _refuse(value, "an instant with a time zone")


def day(value: object) -> date:
    """Read a date of TOML; text is refused."""
    return value if type(value) is date else _refuse(value, "a date")


def table(value: object) -> Mapping[str, Any]:
    """Read an object without its values."""
    return value if isinstance(value, dict) else _refuse(value, "an object")


def sequence(value: object) -> list[Any]:
    """Read a list without its items."""
    return value if isinstance(value, list) else _refuse(value, "a list")


def shown(value: object) -> str:
    """Return a value as text for a message.

    The text is one line of at most 60 characters, without control characters.
    """
    if isinstance(value, str):
        return repr(value) if len(value) <= 58 else repr(value[:55]) + "..."
    if isinstance(value, dict | list):  # repr() of a deeply nested value exceeds Python's stack
        return "an object" if isinstance(value, dict) else "a list"
    return {"None": "null", "True": "true", "False": "false"}.get(str(value), str(value)[:60])


def _refuse(value: object, expected: str) -> Never:
    raise InputError(f"expected {expected}, got {shown(value)}")


def parse_json(content: bytes | str, most: int = MOST_BYTES) -> Any:
    """Parse JSON strictly.

    Raises:
        InputError: the text is too large or nested too deeply, is not JSON, or has a duplicate key or a NaN.
    """
    if len(content) > most:
        raise InputError(f"it has more than {most} bytes")
    try:
        source = content if isinstance(content, str) else content.decode("utf-8")
        found = json.loads(source, object_pairs_hook=unique, parse_constant=_refuse_constant)
        check_depth(found)
        if _SURROGATE.search(source):
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except RecursionError:
        raise InputError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise InputError("it contains a lone surrogate") from None
    except ValueError as error:  # also for text that is not UTF-8, and numbers with a million digits
        raise InputError(f"it is not JSON: {str(error)[:200]}") from None


def parse_toml(source: str, *, help: str = "") -> dict[str, Any]:
    """Parse TOML.

    Raises:
        InputError: the text is not TOML or exceeds a limit of `intake.check_toml`; the error has this `help`.
    """
    if problem := check_toml(source):
        raise InputError(f"line {source.count(chr(10), 0, problem[1]) + 1}: {problem[0]}", help=help)
    try:
        found = tomllib.loads(source)
        check_depth(found)
        return found
    except RecursionError:
        raise InputError("it is nested too deeply", help=help) from None
    except ValueError as error:  # TOMLDecodeError, and numbers with thousands of digits
        raise InputError(f"it is not TOML: {str(error)[:200]}", help=help) from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object, as a hook for `json.loads`.

    Raises:
        ValueError: the object has a duplicate key.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"duplicate key {shown(next(key for key in keys if keys.count(key) > 1))} in one object")
    return found


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a number")
