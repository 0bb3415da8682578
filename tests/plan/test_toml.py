"""Places of keys and values in TOML. Generated documents are in properties/."""

import pytest

from perimeter365.intake import MAX_KEY_PARTS
from perimeter365.plan._toml import Path, Span, TomlError, place, read

DOCUMENT = '''
top = 1            # line 2
[organization]
name = "Contoso"   # a comment
"email domains" = [ # é
  "a.example",  # "not this"
  'b.example', """
c"""
]
site.'x.y'.z = { on = true, list = [1979-05-27 07:32:00, [2]] }
[[flow]]
[flow.source]
role = "a"
[[flow]]
[flow.source]
role = "b"
[a.b]
[a]
e = 1
'''


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("top",), (2, 1, "top"), (2, 7, "1")),
        (("organization",), (3, 2, "organization"), None),
        (("organization", "name"), (4, 1, "name"), (4, 8, '"Contoso"')),
        (("organization", "email domains"), (5, 1, '"email domains"'), (5, 19, "[ # é")),
        (("organization", "email domains", 0), None, (6, 3, '"a.example"')),
        (("organization", "email domains", 1), None, (7, 3, "'b.example'")),
        (("organization", "email domains", 2), None, (7, 16, '"""')),
        (("organization", "site"), (10, 1, "site"), None),
        (("organization", "site", "x.y"), (10, 6, "'x.y'"), None),
        (("organization", "site", "x.y", "z", "on"), (10, 18, "on"), (10, 23, "true")),
        (("organization", "site", "x.y", "z", "list", 0), None, (10, 37, "1979-05-27 07:32:00")),
        (("organization", "site", "x.y", "z", "list", 1, 0), None, (10, 59, "2")),
        (("flow",), (11, 3, "flow"), None),
        (("flow", 0), (11, 3, "flow"), None),
        (("flow", 0, "source", "role"), (13, 1, "role"), (13, 8, '"a"')),
        (("flow", 1), (14, 3, "flow"), None),
        (("flow", 1, "source"), (15, 7, "source"), None),
        (("flow", 1, "source", "role"), (16, 1, "role"), (16, 8, '"b"')),
        (("a",), (17, 2, "a"), None),
        (("a", "e"), (19, 1, "e"), (19, 5, "1")),
    ],
    ids=str,
)
def test_each_form_has_its_place(path: Path, key: tuple[int, int, str] | None, value: tuple[int, int, str] | None) -> None:
    document = read(DOCUMENT)

    def found(span: Span | None) -> tuple[int, int, str] | None:
        if span is None:
            return None
        return (*document.place(span.start), document.text[span.start : span.end].split("\n", 1)[0])

    assert found(document.keys.get(path)) == key
    assert found(document.values.get(path)) == value


def test_a_value_without_a_place_has_the_nearest_one_around_it() -> None:
    document = read("[a]\nb.c = [1]\n")
    assert document.span(("a", "b", "c", 0)) == document.values["a", "b", "c", 0]
    assert document.span(("a", "b", "c", 7)) == document.values["a", "b", "c"]
    assert document.span(("a", "b")) == document.keys["a", "b"]
    assert document.span(("x", "y")) == Span(0, 0)
    assert document.key_span(("a", "b", "c")) == document.keys["a", "b", "c"]


def test_columns_count_characters_not_bytes() -> None:
    document = read('"é漢😀" = "ü" # x\r\nb = 2\r\n')
    assert document.place(document.values["é漢😀",].start) == (1, 9)
    assert document.place(document.keys["b",].start) == (2, 1)
    assert place("a\n\nb", 3) == (3, 1)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("a = ", 3),
        ("a = 1\nb = x\n", 10),
        ("a = 1\r\nb = x\r\n", 11),
        ("[a\nb = 1", 2),
        ("a = [1, 2", 9),
        ("a = 1\na = 2", 11),
        ("a = '\x00'", 5),
        ("\x1b", 0),
    ],
)
def test_an_error_of_toml_has_its_offset(text: str, offset: int) -> None:
    with pytest.raises(TomlError) as caught:
        read(text)
    assert caught.value.offset == offset
    assert "line" not in caught.value.message
    assert "end of document" not in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "a." * 200_000 + "a = 1",
        "[" + "a . " * 100_000 + "a]",
        "x = {" + '"a".b.' * 100_000 + "a = 1}",
        'x = ["""y"""", { k = 1, ' + "'a'.b." * 100_000 + 'a = ""}]',
        "# 'x\n" + "a." * MAX_KEY_PARTS + "a = 1",
    ],
    ids=["pair", "header", "inline", "after quotes that belong to a string", "one more"],
)
def test_a_key_with_too_many_parts_is_rejected_early(text: str) -> None:
    with pytest.raises(TomlError, match=f"more than {MAX_KEY_PARTS} parts"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "x = '" + "a." * 500 + "'",
        "# " + "a." * 500,
        "x = '''\n" + "a." * 500 + "\n'''",
        ".".join("a" * MAX_KEY_PARTS) + " = 1",
    ],
)
def test_dots_elsewhere_are_not_a_long_key(text: str) -> None:
    assert read(text).text == text


@pytest.mark.parametrize("text", ["a = " + "[" * 5000 + "]" * 5000, "a = " + "{a = " * 5000, "x = " + "9" * 5000])
def test_errors_of_the_parser_are_errors_of_the_text(text: str) -> None:
    with pytest.raises(TomlError):
        read(text)
