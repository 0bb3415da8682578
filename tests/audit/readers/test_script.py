"""Parser of the RouterOS script language."""

import pytest

from perimeter365.audit.readers._script import Token, pairs, parse
from perimeter365.errors import ConfigurationError


def test_statements_end_at_lines_and_semicolons_and_have_line_numbers() -> None:
    found = parse("# comment\n/ip find; :put x\n\n  /ip add \\\n    a=1\n")
    assert [(s.line, len(s.tokens)) for s in found] == [(2, 2), (2, 2), (4, 3)]


def test_brackets_contain_statements() -> None:
    (statement,) = parse('set [find a~"^x y$"] b=("o " . $c) do={ :return 1; :return 2\n}')
    word, command, pair, block = statement.tokens
    assert (word.kind, command.kind, pair.kind, block.kind) == ("word", "command", "pair", "pair")
    assert command.statements[0].tokens[1] == Token(kind="pair", text="a", sign="~", value=Token(kind="text", text="^x y$"))
    named = pairs(statement.tokens)
    assert named["b"].kind == "group"
    assert len(named["do"].statements) == 2


def test_texts_have_two_escapes_and_may_be_continued() -> None:
    (statement,) = parse('a "b \\"c\\" \\\\ \\\n   d"')
    assert statement.tokens[1].text == 'b "c" \\ d'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a [\nb", 1),
        ("\na {", 2),
        ('\n\na "b', 3),
        ('a "\\24"', 1),
        ("a ]", 1),
        ("a $", 1),
        ("\na \\ b", 2),
        ("a==b", 1),
        ("a=~b", 1),
    ],
)
def test_a_syntax_error_is_reported_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ConfigurationError, match=f"^line {line}: ") as caught:
        parse(text)
    assert caught.value.line == line


def test_depth_is_limited() -> None:
    parse("[" * 20 + "a" + "]" * 20)
    for sign, end in ("[]", "()", "{}"):
        with pytest.raises(ConfigurationError, match="20 deep"):
            parse(sign * 21 + "a" + end * 21)
    with pytest.raises(ConfigurationError, match="20 deep"):
        parse("a=[" * 5000)
