"""The visible text and the tables of HTML."""

import time
from contextlib import suppress

import pytest

from perimeter365.errors import UpstreamDataError
from perimeter365.sources.page._html import hide, parse, tables, text_of


def shown(page: str) -> str:
    root = parse(page)
    hide(root)
    return text_of(root).strip("\n")


def test_only_elements_that_a_browser_hides_are_removed() -> None:
    page = "<div>a<script>x<b>y</script>b<i hidden>c</i>d<!-- e -->f<u style='opacity:0'>g</u>i <tenant></div>"
    assert shown(page) == "abdfi <tenant>"


def test_hidden_text_is_separate_from_that_of_a_bilingual_page() -> None:
    page = "<p hidden>a.com</p><table><tr aria-hidden=true><td>b</table><i class='x sxs-lookup'>c</i><script>d</script>"
    hidden, bilingual = hide(parse(page))
    assert [piece.strip() for piece in hidden] == ["a.com", "b"]
    assert bilingual == ["c"]


def test_attributes_may_contain_angles_and_templates_are_not_tags() -> None:
    page = "<b title='a > b.evil.com'>x</b><br>< BR / ><a bérlő>.y <i>z</i> <locataire>"
    assert shown(page) == "x\n\n<a bérlő>.y z <locataire>"


def test_footnote_marks_are_removed_and_other_superscripts_stay() -> None:
    assert shown("443<sup>1</sup> x<sup>[2]</sup> a<sup>login.live.com</sup>") == "443 x alogin.live.com"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<i>a.com</i>b.net", "a.com b.net"),
        ("a.com<i>b.net</i>", "a.com b.net"),
        ("<i>1.2.3.4/24</i>5.6.7.8", "1.2.3.4/24 5.6.7.8"),
        ("<i>a.com</i><b>*.b.net</b>", "a.com *.b.net"),
        ("<code>a</code><code>b</code>", "a b"),
        ("web.<b>microsoft</b>stream.com", "web.microsoftstream.com"),
        ("login.<wbr>live.<wbr>com", "login.live.com"),
        ("<i>1.2.3.4/2</i>4", "1.2.3.4/24"),
        ("<i>a.com</i>.cn", "a.com.cn"),
    ],
)
def test_an_element_ends_a_name_only_where_two_are_complete(page: str, text: str) -> None:
    assert shown(page) == text


def test_tables_are_returned_by_level_without_heads() -> None:
    page = "<table><tr><th>#<th>x</tr><tr><td>1<td>a<table><tr><td>y<td>z</table></table>"
    found = tables(parse(page))
    assert [[cell.split() for cell in row] for row in found[0]] == [[["1"], ["a", "y", "z"]]]
    assert [[cell.strip() for cell in row] for row in found[1]] == [["y", "z"]]


def test_rows_without_a_table_or_a_row_are_rows() -> None:
    for page in ("<tr><td>1</td><td>a</td></tr>", "<table><td>1</td><td>a</td></table>"):
        assert [[cell.strip() for cell in row] for rows in tables(parse(page)).values() for row in rows] == [["1", "a"]]


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a '", '<a "', "<td rowspan=99>", "<table>", "<table><tr><td>", "<!-", "<p hidden>", "<tr hidden><table>",
     "</td>", "<", "<b>", "<div><hr>", "<" + " " * 20_000, "<i hidden>a</i>b", "<i>a.com</i>", "&", "<td>a</td>b"],
)  # fmt: skip
def test_time_is_linear_in_the_length(piece: str) -> None:
    started = time.process_time()
    with suppress(UpstreamDataError):  # nested too deeply
        root = parse(piece * (400_000 // len(piece)))
        hide(root)
        text_of(root)
        tables(root)
    assert time.process_time() - started < 10
