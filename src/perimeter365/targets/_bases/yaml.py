r"""YAML writer with comments: block style, indented by two spaces.

    >>> print("\n".join(yaml_lines({"ports": [CommentedValue("web", {"port": 443})], "name": "no"})))
    ports:
      # web
      - port: 443
    name: "no"

Supported types: dicts with strings as keys, lists, strings, integers, booleans, and `CommentedValue` for a value with a
comment.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Matches `optimize` and `www.example.com`, not `80` or `a:b`.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_/-]*(?:\.[A-Za-z0-9_/-]+)*", re.ASCII)
_ODD = re.compile(r'[^ -~]|["\\]')
"""Characters to escape in double quotes."""
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"])
"""Plain scalars that some YAML parsers read as a boolean or null."""


@dataclass(frozen=True, slots=True)
class CommentedValue:
    """An item of a list, or a value of a dict, with a comment on the line above."""

    note: str
    """One line, passed through `one_line`."""
    value: object


def yaml_lines(value: object, indent: int = 0) -> Iterator[str]:
    """Yield the lines of a document or of a part of one.

    Raises TypeError for an unsupported type.
    """
    space = " " * indent
    if isinstance(value, dict) and value:
        for key, each in value.items():
            note, item = _apart(each)
            yield from (f"{space}# {line}" for line in note)
            if isinstance(item, dict | list) and item:
                yield f"{space}{_scalar(key)}:"
                yield from yaml_lines(item, indent + 2)
            else:
                yield f"{space}{_scalar(key)}: {_scalar(item)}"
    elif isinstance(value, list) and value:
        for each in value:
            note, item = _apart(each)
            yield from (f"{space}# {line}" for line in note)
            if isinstance(item, dict | list) and item:
                lines = list(yaml_lines(item, indent + 2))
                # the dash replaces the indent of the first line that is not a comment
                at = next(i for i, line in enumerate(lines) if not line.lstrip().startswith("#"))
                yield from (space + line.lstrip() for line in lines[:at])
                yield f"{space}- {lines[at][indent + 2 :]}"
                yield from lines[at + 1 :]
            else:
                yield f"{space}- {_scalar(item)}"
    else:
        yield space + _scalar(value)


def _apart(value: object) -> tuple[list[str], object]:
    """Return the comment of a value, if it has one, and the value."""
    return ([value.note], value.value) if isinstance(value, CommentedValue) else ([], value)


def _scalar(value: object) -> str:
    """Format one scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
        return value if plain else f'"{_ODD.sub(_escaped, value)}"'
    if value in ([], {}):
        return "[]" if isinstance(value, list) else "{}"
    raise TypeError(f"the type {type(value).__name__} is not supported in YAML")


def _escaped(found: re.Match[str]) -> str:
    """Escape a character as in JSON, but without surrogate pairs, and with DEL."""
    c = found[0]
    return f"\\U{ord(c):08x}" if ord(c) > 0xFFFF or c == "\x7f" else json.dumps(c)[1:-1]
