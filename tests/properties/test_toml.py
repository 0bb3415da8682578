"""The scanner of TOML positions, on generated documents.

The documents contain all forms: bare, quoted and dotted keys, tables and super-tables in any order, nested arrays of
tables, inline tables, multi-line arrays with comments, all kinds of strings, dates with a space, CRLF.
"""

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.plan._toml import Document, Path, Span, read

SCALARS = [
    "0",
    "+1_000",
    "-17",
    "0xDEAD_beef",
    "0o755",
    "0b1101",
    "3.1415",
    "-0.01",
    "5e+22",
    "1e06",
    "inf",
    "-nan",
    "true",
    "false",
    "1979-05-27T07:32:00Z",
    "1979-05-27 07:32:00.5-07:00",
    "1979-05-27 07:32:00",
    "1979-05-27t07:32:00",
    "1979-05-27",
    "07:32:00",
]
TRICKY = [
    "",
    "a",
    "#",
    "# no comment",
    "[x]",
    "=",
    ",",
    "]",
    "}",
    "'",
    '"',
    "\\",
    "é",
    "漢字",
    "😀",
    "\t",
    " ",
    "a.b",
    '""',
    "''",
    "\\u0041",
]
texts = st.lists(st.sampled_from(TRICKY), max_size=4).map("".join)
blanks = st.sampled_from(["", " ", "\t", "  "])
gaps = st.sampled_from(["", " ", "\n", " \n  ", ' # a comment, with [brackets] and "quotes\n', "\n\n"])


def basic(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


@st.composite
def strings(draw: st.DrawFn, lines: bool = True) -> str:
    text = draw(texts)
    form = draw(st.sampled_from(["basic", "literal", "basic lines", "literal lines"] if lines else ["basic", "literal"]))
    if form == "basic":
        return basic(text) if draw(st.booleans()) else basic(text)[:-1] + "\\u00e9\\n" + '"'
    if form == "literal":
        return "'" + text.replace("'", "") + "'"
    tail = draw(st.sampled_from(["", "{q}", "{q}{q}"]))
    inner = draw(st.sampled_from(["", "\n", "\n  # text\n", "[a]\n", "{q}{q}x\n"]))
    if form == "basic lines":
        body = basic(text)[1:-1] + inner + draw(st.sampled_from(["", "\\\n   ", '\\"', "\\\\"])) + tail
        return f'"""{body.replace("{q}", chr(34))}"""'
    body = text.replace("'", "") + inner + tail
    return f"'''{body.replace('{q}', chr(39))}'''"


class Names:
    """Unique keys, so that every combination is a valid document."""

    def __init__(self) -> None:
        self.count = 0

    def next(self, draw: st.DrawFn) -> str:
        self.count += 1
        name = f"k{self.count}"
        form = draw(st.sampled_from(["bare", "bare", "basic", "literal"]))
        if form == "basic":
            return basic(name + draw(texts))[:-1] + draw(st.sampled_from(["", "\\u0041"])) + '"'
        return name if form == "bare" else f"'{name}{draw(texts).replace(chr(39), '')}'"

    def dotted(self, draw: st.DrawFn, most: int = 3) -> str:
        parts = [self.next(draw) for _ in range(draw(st.integers(1, most)))]
        return (draw(blanks) + "." + draw(blanks)).join(parts)


def value(draw: st.DrawFn, names: Names, depth: int = 0) -> str:
    form = draw(st.sampled_from(["scalar", "string", "string", "array", "inline"][: 3 if depth > 2 else 5]))
    if form == "scalar":
        return draw(st.sampled_from(SCALARS))
    if form == "string":
        return draw(strings())
    if form == "array":
        items = [value(draw, names, depth + 1) for _ in range(draw(st.integers(0, 3)))]
        text = "["
        for i, item in enumerate(items):
            text += draw(gaps) + item + draw(gaps) + ("," if i < len(items) - 1 or draw(st.booleans()) else "")
        return text + draw(gaps) + "]"
    pairs = [pair(draw, names, depth + 1) for _ in range(draw(st.integers(0, 3)))]
    return "{" + draw(blanks) + f"{draw(blanks)},{draw(blanks)}".join(pairs) + draw(blanks) + "}"


def pair(draw: st.DrawFn, names: Names, depth: int = 0) -> str:
    return f"{names.dotted(draw)}{draw(blanks)}={draw(blanks)}{value(draw, names, depth)}"


def body(draw: st.DrawFn, names: Names) -> Iterator[str]:
    for _ in range(draw(st.integers(0, 3))):
        yield draw(blanks) + pair(draw, names) + draw(blanks)
    if draw(st.booleans()):
        shared = names.next(draw)
        yield f"{shared}.{names.next(draw)} = 1"
        yield f"{shared} . {names.next(draw)} = {value(draw, names)}"
    yield draw(st.sampled_from(["", '# a comment: [x] = "', "\t"]))


@st.composite
def documents(draw: st.DrawFn) -> str:
    names = Names()
    lines = [*body(draw, names)]
    for _ in range(draw(st.integers(0, 4))):
        name = names.dotted(draw)
        opening, closing = draw(blanks), draw(st.sampled_from(["", " # [[x]]"]))
        if draw(st.booleans()):
            lines += [f"[{opening}{name}{opening}]{closing}", *body(draw, names)]
            if "." in name and draw(st.booleans()):  # a table in it
                lines += [f"[{name}.{names.next(draw)}]", *body(draw, names)]
            continue
        for _ in range(draw(st.integers(1, 3))):
            lines += [f"[[{opening}{name}{opening}]]{closing}", *body(draw, names)]
            inner = names.next(draw)
            if draw(st.booleans()):
                lines += [f"[{name}.{inner}]", *body(draw, names)]
            elif draw(st.booleans()):
                lines += [f"[[{name}.{inner}]]", *body(draw, names)] * draw(st.integers(1, 2))
                lines += [f"[{name}.{inner}.{names.next(draw)}]", *body(draw, names)]
    if draw(st.booleans()):  # a super-table after its table
        outer = names.next(draw)
        lines += [f"[{outer}.{names.next(draw)}]", *body(draw, names), f"[{outer}]", *body(draw, names)]
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n"]))
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def walk(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every path in data of tomllib with its value."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, each in items:
        yield (*path, key), each
        yield from walk(each, (*path, key))


def at(document: Document, span: Span) -> str:
    """Return the text of a span, located by line and column."""
    line, column = document.place(span.start)
    rest = "\n".join(document.text.split("\n")[line - 1 :])[column - 1 :]
    return rest[: span.end - span.start]


def same(a: object, b: object) -> bool:
    return repr(a) == repr(b)  # nan != nan


@given(documents())
def test_the_scanner_reports_the_position_of_every_path_of_tomllib(text: str) -> None:
    data = tomllib.loads(text)
    document = read(text)
    assert same(document.data, data)
    paths = dict(walk(data))
    for path, each in paths.items():
        if isinstance(path[-1], str):
            key = at(document, document.keys[path])
            assert tomllib.loads(f"{key} = 1") == {path[-1]: 1}, path
        if path in document.values:
            written = at(document, document.values[path])
            assert same(tomllib.loads(f"x = {written}"), {"x": each}), path
        else:  # defined by headers or dotted keys: a table, an array of tables, or an element of one
            assert isinstance(each, dict) or (isinstance(each, list) and all(isinstance(e, dict) for e in each)), path
            if isinstance(path[-1], int):
                key = at(document, document.keys[path])
                assert tomllib.loads(f"{key} = 1") == {path[-2]: 1}, path
    assert set(document.keys) | set(document.values) == set(paths)


@given(st.text(alphabet="[]{}=.,#\"'\\ \n\ra1-_:\x00\ufeff", max_size=60))
def test_for_any_text_the_scanner_agrees_with_tomllib(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        data = None
    try:
        assert same(read(text).data, data)
    except ValueError as error:
        assert data is None
        offset = getattr(error, "offset", None)
        assert offset is None or 0 <= offset <= len(text)
