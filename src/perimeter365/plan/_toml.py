r"""Parse TOML, and find the place of each key and value in the text.

`tomllib` parses the values; the scanner only finds places in text that `tomllib` accepts, so it does not check syntax. A
path is the keys and indices of a value, as in `data["roles"]["client"][1]`:

    >>> document = read('[roles]\nclient = ["10.0.0.0/8",  # offices\n  "192.0.2.1"]\n')
    >>> document.place(document.values["roles", "client", 1].start)
    (3, 3)
    >>> read("[roles]\nclient = [1 2]")
    Traceback (most recent call last):
    perimeter365.plan._toml.TomlError: Unclosed array

The place of a table's key is where it is first named: in a header, in a dotted key or before an inline table. The place
of an element of an array of tables is the name in its own `[[header]]`.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from perimeter365.intake import check_depth, check_toml

Path = tuple[str | int, ...]


class TomlError(ValueError):
    """Text that is not TOML, with the offset of the error.

    The offset is None if tomllib reports none.
    """

    def __init__(self, message: str, offset: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Span:
    """A range of characters of the text, from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A parsed TOML document with places."""

    text: str
    data: Mapping[str, Any]
    """The values, as tomllib returns them."""
    keys: Mapping[Path, Span]
    """The place of each key by its path, including quotes."""
    values: Mapping[Path, Span]
    """The place of each value after `=` and each item of an array; tables of headers or dotted keys have none."""

    def span(self, path: Path) -> Span:
        """Return the place of a value, else of its key, else of the table around it."""
        while path:
            if found := self.values.get(path) or self.keys.get(path):
                return found
            path = path[:-1]
        return Span(0, 0)

    def key_span(self, path: Path) -> Span:
        """Return the place of a key; without one, as `span`."""
        return self.keys.get(path) or self.span(path)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both from 1, the column in characters."""
        return place(self.text, offset)


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, both from 1, the column in characters."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def read(text: str) -> Document:
    """Parse a document.

    Raises TomlError if tomllib rejects it, and for a text that exceeds a limit of `intake.check_toml`.
    """
    if problem := check_toml(text):
        raise TomlError(*problem)
    try:
        data = tomllib.loads(text)
        check_depth(data, numbers=False)
        scanner = _Scanner(text)
        scanner.document()
    except tomllib.TOMLDecodeError as error:
        raise _fault(text, str(error)) from None
    except RecursionError:
        raise TomlError("nested too deeply", None) from None
    except ValueError as error:  # a number with thousands of digits
        raise TomlError(str(error), None) from None
    return Document(text=text, data=data, keys=scanner.keys, values=scanner.values)


# matches ` (at line 2, column 14)` and ` (at end of document)` at the end; not ` (at line 2)`
_WHERE = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")


def _fault(text: str, message: str) -> TomlError:
    found = _WHERE.search(message)
    if not found:
        return TomlError(message, None)
    what = message[: found.start()]
    if not found[1]:
        return TomlError(what, len(text.rstrip()))
    lines = text.split("\n")
    line, column = int(found[1]), int(found[2])
    return TomlError(what, sum(len(each) + 1 for each in lines[: line - 1]) + column - 1)


_BLANK = re.compile(r"(?:[ \t]|#[^\n]*)*")
_BLANK_LINES = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
# A date may be followed by one space and a time: matches `2026-01-02 03:04`, `12`, `true`; not `,` or `]`.
_SCALAR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[^\s,\]}#]*|[^\s,\]}#]+")
# One or two quotes before the three closing ones belong to the string.
_STRINGS = (
    ('"""', re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})', re.DOTALL)),
    ("'''", re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL)),
    ('"', re.compile(r'"(?:\\.|[^"\\])*"')),
    ("'", re.compile(r"'[^']*'")),
)


class _Scanner:
    """Finds the places of keys and values in valid TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.keys: dict[Path, Span] = {}
        self.values: dict[Path, Span] = {}
        self.elements: dict[Path, int] = {}
        """The number of elements of each array of tables so far."""

    def document(self) -> None:
        table: Path = ()
        self.skip(_BLANK_LINES)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANK_LINES)

    def skip(self, pattern: re.Pattern[str]) -> Span:
        """Skip text that matches a pattern, and return its place."""
        start = self.at
        found = pattern.match(self.text, start)
        if found is None:
            raise ValueError(f"the scanner lost its place at {start}")
        self.at = found.end()
        return Span(start, self.at)

    def header(self) -> Path:
        """Scan `[a.b]` or `[[a.b]]`, and return the path of its table."""
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        path: Path = ()
        names = self.key()
        for name, span in names:
            path += (name,)
            self.keys.setdefault(path, span)
            if path in self.elements and not (brackets == 2 and span is names[-1][1]):
                path += (self.elements[path] - 1,)
        if brackets == 2:
            count = self.elements.get(path, 0)
            self.elements[path] = count + 1
            path += (count,)
            self.keys[path] = names[-1][1]
        self.at += brackets
        return path

    def pair(self, path: Path) -> None:
        for name, span in self.key():
            path += (name,)
            self.keys.setdefault(path, span)
        self.at += 1  # the "="
        self.skip(_BLANK)
        self.value(path)

    def key(self) -> list[tuple[str, Span]]:
        """Scan a dotted key, and return its parts."""
        parts = []
        while True:
            self.skip(_BLANK)
            quoted = self.text[self.at] in "\"'"
            span = self.string() if quoted else self.skip(_BARE)
            raw = self.text[span.start : span.end]
            parts.append((tomllib.loads(f"k={raw}")["k"] if quoted else raw, span))
            self.skip(_BLANK)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def value(self, path: Path) -> None:
        start = self.at
        first = self.text[start]
        if first in "\"'":
            self.string()
        elif first == "[":
            self.items("]", lambda n: self.value((*path, n)))
        elif first == "{":
            self.items("}", lambda _: self.pair(path))
        else:
            self.skip(_SCALAR)
        self.values[path] = Span(start, self.at)

    def items(self, close: str, item: Callable[[int], None]) -> None:
        """Scan items between brackets, separated by commas, with blanks and comments."""
        self.at += 1
        number = 0
        while True:
            self.skip(_BLANK_LINES)
            if self.text[self.at] == ",":
                self.at += 1
            elif self.text[self.at] == close:
                self.at += 1
                return
            else:
                item(number)
                number += 1

    def string(self) -> Span:
        for opening, pattern in _STRINGS:
            if self.text.startswith(opening, self.at):
                return self.skip(pattern)
        raise ValueError(f"the scanner lost its place at {self.at}")
