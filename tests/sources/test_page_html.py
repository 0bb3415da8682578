"""As much of HTML as the page needs."""

import time

import pytest

from perimeter365.sources._page_html import strip_tags, tables, visible


def test_what_a_browser_hides_is_cut_out_and_all_else_is_left() -> None:
    page = "a<script>x<b>y</script>b<p hidden>c<p>d<!-- e -->f<tr hidden><td>g<table><tr><td>h</table></tr>i <tenant>"
    assert visible(page) == "ab<p>dfi <tenant>"


def test_attributes_may_hold_angles_and_templates_are_no_tags() -> None:
    assert (
        strip_tags("<td title='a > b.evil.com'>x</td><a bérlő>.y <i>z</i> <locataire>") == "\nx\n<a bérlő>.y z <locataire>"
    )


def test_marks_of_footnotes_go_and_other_superscripts_stay() -> None:
    assert strip_tags("443<sup>1</sup> x<sup>[2]</sup> a<sup>login.live.com</sup>") == "443 x alogin.live.com"


def test_tables_are_given_by_their_level_and_without_their_heads() -> None:
    page = "<table><tr><th>#<th>x</tr><tr><td>1<td>a<table><tr><td>y<td>z</table></table>"
    found = tables(page)
    assert [[cell.split() for cell in row] for row in found[0]] == [[["1"], ["a", "y", "z"]]]
    assert found[1] == [["y", "z"]]


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a '",
        '<a "',
        "<td rowspan=99>",
        "<table>",
        "<table><tr><td>",
        "<!-",
        "<p hidden>",
        "<tr hidden><table>",
        "</td>",
        "<",
    ],
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    started = time.process_time()
    page = visible(piece * (400_000 // len(piece)))
    strip_tags(page)
    tables(page)
    assert time.process_time() - started < 10
