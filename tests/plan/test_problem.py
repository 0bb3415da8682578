"""Problems as text: place, line, mark and help, without control characters."""

import unicodedata

import pytest

from perimeter365.plan._problem import PROBLEMS, Problem


def problem(**changes: object) -> Problem:
    made: dict[str, object] = {
        "code": "unknown-name",
        "file": "contoso.toml",
        "line": 12,
        "column": 14,
        "message": "unknown role 'mrs-prxoy'",
        "remedy": "did you mean 'mrs-proxy'?",
        "source_line": 'more = true; mrs-prxoy = ["203.0.113.10"]',
        "length": 9,
    }
    return Problem(**(made | changes))  # type: ignore[arg-type]


def test_a_problem_shows_place_line_mark_and_help() -> None:
    assert str(problem(allowed=("client", "mrs-proxy"))) == (
        "contoso.toml:12:14: unknown role 'mrs-prxoy'\n"
        '  12 | more = true; mrs-prxoy = ["203.0.113.10"]\n'
        "     |              ^^^^^^^^^\n"
        "  help: did you mean 'mrs-proxy'?\n"
        "  allowed: client, mrs-proxy"
    )


def test_a_problem_of_the_whole_file_shows_no_line() -> None:
    assert (
        str(problem(line=0, column=0, remedy="", source_line="", message="the file does not exist"))
        == "contoso.toml: the file does not exist"
    )


def marked(shown: str) -> str:
    """Return the characters above the carets, by columns of a terminal."""
    lines = shown.split("\n")
    text, mark = lines[1].partition(" | ")[2], lines[2].partition(" | ")[2]
    column, found = 0, ""
    for c in text:
        width = 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        if "^" in mark[column : column + max(width, 1)]:
            found += c
        column += width
    return found


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("role = 1", "role"),
        ("\trole = 1", "role"),
        ("漢字 = 'role'", "role"),
        ("e\u0301te\u0301 = 'role'", "role"),
        ("x = '漢字'", "漢字"),
        (f"clients = [{'1, ' * 200}role{', 1' * 200}]", "role"),
        (f"role = [{'1, ' * 200}]", "role"),
        (f"x = [{'1, ' * 200}role", "role"),
    ],
)
def test_the_mark_is_below_the_value(source: str, word: str) -> None:
    shown = str(problem(source_line=source, column=source.index(word) + 1, length=len(word)))
    assert marked(shown) == word
    assert all(len(line) < 220 for line in shown.split("\n"))


# ANSI and OSC sequences, carriage return, direction marks, line separators
@pytest.mark.parametrize(
    "bad",
    ["\x1b[2J", "\x1b]0;x\x07", "\r", "\x00", "\x08", "\x85", "\x9b", "\u202e", "\u2066", "\u200f", "\u2028", "\ufeff"],
)
def test_no_character_moves_the_cursor_or_reverses_text(bad: str) -> None:
    shown = str(problem(source_line=f"x = {bad} mrs", message=f"unknown {bad}", remedy=f"{bad}", file=f"a{bad}.toml"))
    assert all(line.isprintable() for line in shown.split("\n"))


def test_line_breaks_in_a_message_do_not_make_lines() -> None:
    assert str(problem(message="a\nb", remedy="c\nd", file="e\nf")).count("\n") == 3


def test_a_message_as_long_as_a_file_is_cut() -> None:
    assert len(str(problem(message="x" * 900_000, remedy="y" * 900_000))) < 2000


def test_every_code_is_explained() -> None:
    assert all(PROBLEMS.values())
