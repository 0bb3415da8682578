"""Parser of blocks in braces."""

import pytest

from perimeter365.audit.readers._braces import statements
from perimeter365.errors import ConfigurationError


def paths(text: str) -> list[tuple[int, str]]:
    return [(line, " ".join(path)) for line, path in statements(text)]


def test_each_statement_has_the_path_of_a_set_line_and_the_line_on_which_it_ends() -> None:
    text = """/* made by
   hand; { */
security {
    replace: policies { # a comment; }
        from-zone a to-zone b {
            policy p { match { source-address [ x
                y ]; } then { permit; } }
        }
    }
}
"""
    start = "security policies from-zone a to-zone b policy p"
    assert paths(text) == [
        (7, f"{start} match source-address x"),
        (7, f"{start} match source-address y"),
        (7, f"{start} then permit"),
    ]


def test_a_quoted_word_may_contain_braces() -> None:
    assert list(statements('a "b; {c}";')) == [(1, ("a", "b; {c}"))]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a {\n b", 2),
        ("a {\n b;", 2),
        ("a;\n}", 2),
        ("a {\n b }", 2),
        ("{ a; }", 1),
        ("a [ b [ c ] ];", 1),
        ("a [ b; ]", 1),
        ("[ a ];", 1),
        ("a ]", 1),
        ("a [ { ] ;", 1),
        ('a\n"b', 2),
        ("a;\n/* a\n", 2),
        ("/*/", 1),
        ("a [ b", 1),
        ("a;\nb [ ];", 2),
    ],
)
def test_unbalanced_blocks_are_reported_with_their_line(text: str, line: int) -> None:
    with pytest.raises(ConfigurationError, match=f"^line {line}: ") as caught:
        paths(text)
    assert caught.value.line == line


def test_depth_is_limited() -> None:
    assert len(paths("a{" * 20 + "b;" + "}" * 20)) == 1
    with pytest.raises(ConfigurationError, match="20 deep"):
        paths("a{" * 21 + "b;" + "}" * 21)


def test_an_empty_block_is_a_statement() -> None:
    assert paths("a { b { } c { d; } }\ne { ; }") == [(1, "a b"), (1, "a c d"), (2, "e")]
