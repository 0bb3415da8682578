"""Tables: aligned as text, escaped in Markdown."""

import pytest

from perimeter365.show.tables import Table, to_markdown, to_text


def test_columns_are_aligned_and_lines_have_no_end_of_blanks() -> None:
    table = Table(title="T", columns=("a", "b"), rows=(("1", ""), ("long one", "2")))
    assert to_text([table, table]) == "T\n  a         b\n  1\n  long one  2\n\nT\n  a         b\n  1\n  long one  2\n"


def test_control_characters_do_not_reach_a_terminal() -> None:
    table = Table(title="T", columns=("a",), rows=(("x\x1b[31m\ny\u202e",),))
    assert to_text([table]) == "T\n  a\n  x?[31m?y?\n"


def test_markdown_shows_cells_as_they_are() -> None:
    commonmark = pytest.importorskip("markdown_it").MarkdownIt("gfm-like", {"linkify": False})
    cells = ("*.a_b.com | <tenant>", "`x` [y](z) ~~w~~ \\|", "# & &amp; <b>")
    html = commonmark.render(to_markdown([Table(title="T", columns=("a", "b", "c"), rows=(cells,))], "Conto*so*"))
    shown = [c.split("</td>")[0] for c in html.split("<td>")[1:]]
    unescape = pytest.importorskip("html").unescape
    assert [unescape(cell) for cell in shown] == list(cells)
    assert "<h1>Conto*so*</h1>" in html


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        Table(title="T", columns=("a", "b"), rows=(("1",),))
