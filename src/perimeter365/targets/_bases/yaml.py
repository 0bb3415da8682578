r"""YAML as people write it by hand: block style, two spaces, comments above what they are about. No library is needed.

    >>> print("\n".join(yaml_lines({"ports": [Noted("web", {"port": 443})], "name": "no"})))
    ports:
      # web
      - port: 443
    name: "no"

What goes in: dicts with texts as keys, lists, texts, integers, truth values, and `Noted` where a comment belongs.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_/-]*(?:\.[A-Za-z0-9_/-]+)*", re.ASCII)
_ODD = re.compile(r'[^ -~]|["\\]')
"""What does not stand for itself between double quotes."""
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"])
"""Plain texts that some YAML reader takes for a truth value or for nothing."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An item of a list, or a value of a dict, with a comment above it."""

    note: str
    """One line, made harmless by `one_line`."""
    value: object


def yaml_lines(value: object, indent: int = 0) -> Iterator[str]:
    """The lines of a document or of a part of one. Raises TypeError for a type that is not listed above."""
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
                # the dash stands where the first line has its indent; a comment there would lose its item
                at = next(i for i, line in enumerate(lines) if not line.lstrip().startswith("#"))
                yield from (space + line.lstrip() for line in lines[:at])
                yield f"{space}- {lines[at][indent + 2 :]}"
                yield from lines[at + 1 :]
            else:
                yield f"{space}- {_scalar(item)}"
    else:
        yield space + _scalar(value)


def _apart(value: object) -> tuple[list[str], object]:
    """The comment of a value, if it has one, and the value."""
    return ([value.note], value.value) if isinstance(value, Noted) else ([], value)


def _scalar(value: object) -> str:
    """One value in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
        return value if plain else f'"{_ODD.sub(_escaped, value)}"'
    if value in ([], {}):
        return "[]" if isinstance(value, list) else "{}"
    raise TypeError(f"{type(value).__name__} has no place in YAML of ours")


def _escaped(found: re.Match[str]) -> str:
    """One character of a text in double quotes: as JSON has it, but for what YAML has no surrogates for, and DEL."""
    c = found[0]
    return f"\\U{ord(c):08x}" if ord(c) > 0xFFFF or c == "\x7f" else json.dumps(c)[1:-1]
