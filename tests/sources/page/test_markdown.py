"""Markdown to HTML: broken rows are joined, and no cell is lost."""

import re
import time
from contextlib import suppress

import pytest

from perimeter365.errors import UpstreamDataError
from perimeter365.sources.page._markdown import inline, to_html

HEAD = "|Row|Need|\n|---|---|\n"


def rows(page: str) -> list[list[str]]:
    """Return the cells of all rows below heads, without empty ones at the end."""
    found = re.findall(r"<tr>(.*?)</tr>", to_html(page), re.DOTALL)
    cells = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in found]
    return [list(filter(None, row)) for row in cells if row]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("|1|a|\n|2|b|\n", [["1", "a"], ["2", "b"]]),
        ("|1|a|\n\n|2|b|\n", [["1", "a"], ["2", "b"]]),
        ("|1|a\nb|\n|2|c|\n", [["1", "a<br>b"], ["2", "c"]]),
        ("|1|a\n\nb|\n", [["1", "a<br><br>b"]]),
        ("|1|a|b|c|\n", [["1", "a", "b", "c"]]),
        ("|1|a \\| b|\n", [["1", "a | b"]]),
        ("|1|a|\nBelow.\n", [["1", "a"]]),
        ("|1|a</td><td>b|\n", [["1", "a<br><br>b"]]),
        ("<!--\n|1|a|\n-->|2|b|\n", [["2", "b"]]),
        ("```\n|1|a|\n```\n|2|b|\n", [["1", "a"], ["2", "b"]]),
        ("<pre>|1|a|</pre>\n|2|<pre>b</pre>|\n", [["1", "a"], ["2", "<pre>b</pre>"]]),
    ],
)
def test_a_broken_row_is_one_line(page: str, expected: list[list[str]]) -> None:
    assert rows(HEAD + page) == expected


def test_no_text_is_lost_with_too_many_bars() -> None:
    found = rows(HEAD + "|1|" + "x|" * 40)
    assert "".join(found[0]).count("x") == 40


def test_rows_without_outer_bars_and_without_a_head_are_rows() -> None:
    assert rows("1 | a\n2 | b") == []
    assert rows("1 | a | b\n2 | c | d") == [["1", "a", "b"], ["2", "c", "d"]]


def test_stars_and_links_are_unchanged() -> None:
    assert inline("*.a.com,*.b.com [c] (https://d.com)") == '*.a.com,*.b.com <a href="https://d.com">c</a>'


@pytest.mark.parametrize("piece", ["[", "|", "`", "![", "<", "|1|\n", "1 x\n", "*", "&", "[a]("])
def test_a_long_page_takes_limited_time(piece: str) -> None:
    begun = time.process_time()
    with suppress(UpstreamDataError):  # too many rows
        to_html(HEAD + piece * (100_000 // len(piece)))
    assert time.process_time() - begun < 10  # 1 s; in proportion to the square it took minutes
