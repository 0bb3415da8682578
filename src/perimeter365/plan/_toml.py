r"""TOML with places: what `tomllib` reads, and where in the text each key and value of it stands.

`tomllib` decides what is valid and what it means; the scanner only runs over text that passed, so it need not judge
and is short. A path is the keys and indices that lead to a value, as in `data["roles"]["client"][1]`:

    >>> document = read('[roles]\nclient = ["10.0.0.0/8",  # offices\n  "192.0.2.1"]\n')
    >>> document.place(document.values["roles", "client", 1].start)
    (3, 3)
    >>> read("[roles]\nclient = [1 2]")
    Traceback (most recent call last):
    perimeter365.plan._toml.TomlError: Unclosed array

Keys of tables have a place wherever they are first named: in a header, in a dotted key or before an inline table.
An element of an array of tables has, as its key, the place of the name in its own `[[header]]`.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]

MOST_PARTS = 64
"""Parts of a dotted key. tomllib takes time with the square of it; a profile needs two."""


class TomlError(ValueError):
    """Text that is not TOML: what is wrong, and at which offset, None when tomllib does not say."""

    def __init__(self, message: str, offset: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text, in characters from its start; `end` is the first one behind it."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A TOML document that was read."""

    text: str
    data: Mapping[str, Any]
    """What tomllib made of it."""
    keys: Mapping[Path, Span]
    """Of every key that stands in the text, by its path; quotes belong to it."""
    values: Mapping[Path, Span]
    """Of every value behind a `=` and every item of an array. Tables made by headers or dotted keys have none."""

    def span(self, path: Path) -> Span:
        """Where the value stands; without one its key, without one the nearest table around it."""
        while path:
            if found := self.values.get(path) or self.keys.get(path):
                return found
            path = path[:-1]
        return Span(0, 0)

    def key_span(self, path: Path) -> Span:
        """Where the key stands; for what has none, as `span`."""
        return self.keys.get(path) or self.span(path)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in characters."""
        return place(self.text, offset)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset in a text, both from 1, the column in characters."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def read(text: str) -> Document:
    """Read a document. Raises TomlError where tomllib does, and for keys or nesting past every use."""
    if found := _LONG_KEY.search(_QUOTED.sub(lambda m: "q" * len(m[0]), text)):
        raise TomlError(f"a key of more than {MOST_PARTS} parts", found.start())
    try:
        data = tomllib.loads(text)
        scanner = _Scanner(text)
        scanner.document()
    except tomllib.TOMLDecodeError as error:
        raise _fault(text, str(error)) from None
    except RecursionError:
        raise TomlError("nested too deeply", None) from None
    except ValueError as error:  # a number of thousands of digits
        raise TomlError(str(error), None) from None
    return Document(text=text, data=data, keys=scanner.keys, values=scanner.values)


_WHERE = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")
_QUOTED = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL)
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:[A-Za-z0-9_-]++[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}")


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
# A date may be followed by one space and a time.
_SCALAR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[^\s,\]}#]*|[^\s,\]}#]+")
# The three quotes that close a string can have one or two before them that belong to it.
_STRINGS = (
    ('"""', re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})', re.DOTALL)),
    ("'''", re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL)),
    ('"', re.compile(r'"(?:\\.|[^"\\])*"')),
    ("'", re.compile(r"'[^']*'")),
)


class _Scanner:
    """Walks valid TOML once, front to back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.keys: dict[Path, Span] = {}
        self.values: dict[Path, Span] = {}
        self.elements: dict[Path, int] = {}
        """How many elements each array of tables has so far."""

    def document(self) -> None:
        table: Path = ()
        self.take(_BLANK_LINES)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)
            self.take(_BLANK_LINES)

    def take(self, pattern: re.Pattern[str]) -> Span:
        """Step over what matches here."""
        start = self.at
        found = pattern.match(self.text, start)
        if found is None:
            raise ValueError(f"the scanner lost its place at {start}")
        self.at = found.end()
        return Span(start, self.at)

    def header(self) -> Path:
        """`[a.b]` or `[[a.b]]`; returns the path of the table that follows."""
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
        self.take(_BLANK)
        self.value(path)

    def key(self) -> list[tuple[str, Span]]:
        """The parts of a dotted key; stops at what follows it."""
        parts = []
        while True:
            self.take(_BLANK)
            quoted = self.text[self.at] in "\"'"
            span = self.string() if quoted else self.take(_BARE)
            raw = self.text[span.start : span.end]
            parts.append((tomllib.loads(f"k={raw}")["k"] if quoted else raw, span))
            self.take(_BLANK)
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
            self.take(_SCALAR)
        self.values[path] = Span(start, self.at)

    def items(self, close: str, item: Callable[[int], None]) -> None:
        """What stands between brackets: items with commas between them, blanks and comments anywhere."""
        self.at += 1
        number = 0
        while True:
            self.take(_BLANK_LINES)
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
                return self.take(pattern)
        raise ValueError(f"the scanner lost its place at {self.at}")
