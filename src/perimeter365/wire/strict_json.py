"""Strict JSON parser.

Documents that two parsers could read differently are rejected.

>>> read_json('{"id": 1, "id": 2}', "the list")
Traceback (most recent call last):
perimeter365.errors.UpstreamDataError: the list: duplicate key 'id' in one object

input                               error
HTML or other text instead of JSON  NotJsonError
JSON that stops in the middle       TruncatedError
duplicate keys, NaN, fractions, numbers of more than 12 digits, lone surrogates, a byte order mark, NUL, deep nesting,
too many bytes or values            UpstreamDataError
"""

import json
from typing import Any, NoReturn

from perimeter365.errors import NotJsonError, TruncatedError, UpstreamDataError
from perimeter365.model.decode import unique

LARGEST = 8 * 1024 * 1024
"""Default size limit in bytes; real responses have about 100,000."""

_DIGITS = 12


def read_json(text: str | bytes, what: str, largest: int = LARGEST, values: int | None = None) -> Any:
    """Parse JSON strictly.

    Args:
        text: the document; bytes are UTF-8.
        what: description of the document, for messages.
        largest: maximum size in bytes, or characters of a string.
        values: maximum number of values; None for no limit. The commas and opening brackets of the text are counted before
            it is parsed, since 8 MB of `[[]],` need 367 MiB of memory. Those in strings count too.

    Raises:
        NotJsonError, TruncatedError, UpstreamDataError: see the module's table.
    """
    text = _decoded(text, what, largest)
    start = text.lstrip()[:1]
    if not start:
        raise TruncatedError(f"{what} is empty")
    if start not in '{["-0123456789tfn':
        kind = "an HTML page" if start == "<" else "text that is not JSON"
        raise NotJsonError(f"{what} is {kind}: {_shown(text)}")
    if values is not None and sum(map(text.count, ",[{")) > values:
        raise UpstreamDataError(f"{what} has more than {values} values")
    try:
        data = json.loads(text, object_pairs_hook=unique, parse_int=_integer, parse_float=_refused, parse_constant=_refused)
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        if start in "{[" and _cut(text, error):
            raise TruncatedError(f"{what} stops in the middle, after {len(text)} characters") from error
        if start in "{[":
            raise UpstreamDataError(f"{what} is damaged JSON: {error}") from error
        raise NotJsonError(f"{what} is text that is not JSON: {_shown(text)}") from error
    except UnicodeEncodeError as error:
        raise UpstreamDataError(f"{what} contains a lone surrogate") from error
    except RecursionError:
        raise UpstreamDataError(f"{what} is nested too deeply") from None
    except ValueError as error:  # of the hooks
        raise UpstreamDataError(f"{what}: {error}") from None
    return data


def _decoded(text: str | bytes, what: str, largest: int) -> str:
    if len(text) > largest:
        raise UpstreamDataError(f"{what} has more than {largest} bytes")
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UpstreamDataError(f"{what} is not UTF-8 at byte {error.start}") from error
    if text.startswith("\ufeff"):
        raise UpstreamDataError(f"{what} begins with a byte order mark")
    if "\0" in text:
        raise UpstreamDataError(f"{what} contains a NUL byte")
    return text


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"a number has {len(text)} digits, more than {_DIGITS}")
    return int(text)


def _refused(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]!r} is not a whole number")


def _cut(text: str, error: json.JSONDecodeError) -> bool:
    """Return True if the parser failed at the end of the text, not in the middle."""
    rest = text[error.pos :].strip()
    return not rest or error.msg.startswith("Unterminated string") or (len(rest) < 6 and rest.isalpha())


def _shown(text: str) -> str:
    """Return the beginning of a text on one line, without control characters."""
    words = " ".join(text[:300].split())
    return repr("".join(c if c.isprintable() and c.isascii() else "?" for c in words)[:80])
