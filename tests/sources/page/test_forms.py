"""Forms of the page: rows and cells."""

from collections.abc import Callable, Sequence

import pytest

from perimeter365.sources.page._forms import HTML, MARKDOWN, TEXT, TextRow, columns, form_of, plain, root_of
from perimeter365.sources.page._forms import rows_of as rows_of_root
from perimeter365.sources.page._html import TARGET, hide

MD = (
    "|Row|Purpose|Destination|Type|\n|---|---|---|---|\n|1|a \\| b<br>c|[x](http://doc) `d`|t|\n|2|e|\\<f\\>|t|\n|3|g|h|t|\n"
)


def rows_of(page: str, form: str, score: Callable[[Sequence[TextRow]], int] = len) -> list[TextRow]:
    root = root_of(page, form)
    hide(root)
    return rows_of_root(root, form, score)


def test_the_form_is_detected() -> None:
    assert form_of(MD) == MARKDOWN
    assert form_of("<table><tr><td>1</td></tr></table>") == HTML
    assert form_of("1 Import\n2 Other") == TEXT


def test_markdown_cells_keep_escaped_bars_and_lose_link_targets() -> None:
    assert rows_of(MD, MARKDOWN) == [("1", "a | b\nc", "x d", "t"), ("2", "e", "<f>", "t"), ("3", "g", "h", "t")]


def test_html_cells_lose_tags_scripts_and_hidden_elements() -> None:
    head = "<table><tr><th>Row</th><th>P</th></tr>"
    page = head + "<tr><td>1</td><td>a<br>b<span hidden>c</span>&lt;t&gt;<script>d</script></td></tr>"
    assert rows_of(page, HTML) == [("1", "a\nb<t>")]


def test_typography_is_normalized() -> None:
    assert plain("a\u00a0：\u200b1–2\u3000＊") == "a :1-2 *"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("www。office。com", "www.office.com"),
        ("TCP 443。www.office.com", "TCP 443。www.office.com"),
        ("office.com。see", "office.com。see"),
        ("٥٢.١١٢.٠.٠/١٤", "52.112.0.0/14"),
        ("s٠.assets", "s٠.assets"),
        ("४४३", "443"),
        ("%2A.x.com%2Fy%3A80", "*.x.com/y:80"),
        ("50%20", "50 "),
        ("٭.x ∗.y", "*.x *.y"),
    ],
)
def test_characters_that_could_be_part_of_a_name_are_not_normalized(written: str, meant: str) -> None:
    assert plain(written) == meant


def test_a_bare_host_in_a_target_is_kept_only_if_the_text_has_none() -> None:
    page = "<table><tr><td>1</td><td><a href='https://a.b.com/'>x</a><a href='https://c.d.com'>c.d.com</a>"
    page += "<a href='https://e.f.com/doc'>y</a></td></tr></table>"
    assert rows_of(page, HTML) == [("1", f"x {TARGET}a.b.com c.d.comy")]


def test_cells_that_span_rows_are_in_each_of_them_and_a_number_joins_its_rows() -> None:
    page = (
        "<table><tr><td>1</td><td rowspan=2>a</td><td>b</td></tr><tr><td>2</td><td>c</td></tr>"
        "<tr><td rowspan=2>3</td><td>d</td><td>e</td></tr><tr><td>f</td><td>g</td></tr></table>"
    )
    rows = rows_of(page, HTML)
    assert rows[:2] == [("1", "a", "b"), ("2", "a", "c")]
    assert rows[2][:3] == ("3", "d", "e")
    assert rows[2][3].split() == ["f", "g"]


def test_the_best_level_of_nested_tables_is_used_and_its_cells_contain_the_inner_tables() -> None:
    inner = "<table><tr><td>x</td><td>y</td></tr></table>"
    page = f"<table><tr><td>1</td><td>{inner}</td></tr><tr><td>2</td><td>z</td></tr></table>"
    page = f"<table><tr><td>menu</td><td>{page}</td></tr></table>"
    rows = rows_of(page, HTML, lambda rows: sum(row[0] in "12" for row in rows))
    assert [[cell.split() for cell in row] for row in rows] == [[["1"], ["x", "y"]], [["2"], ["z"]]]


def test_markdown_rows_may_lack_outer_bars_and_span_lines() -> None:
    page = "Row | Purpose | Destination\n---|---|---\n1 | a | b\nmore\n2 | c\nd | e\n\nBelow the table."
    assert rows_of(page, MARKDOWN) == [("1", "a", "b\nmore"), ("2", "c\nd", "e")]


def test_columns_of_tabs_are_identified_by_their_number() -> None:
    rows = [f"{n}\ta\tb\tc" for n in range(1, 18)]
    rows[3] = "4\ta\n more\tb.com\nc.com\tc"
    rows[4] = "5\n\n\tA title\n\nA paragraph.\n\n\tb\n\n\tc\n\nd"
    rows[5] = "6\ta\tb"
    found, below = columns("Intro\n" + "\n".join([*rows, "", "Below"]))
    assert below == "Below"
    assert len(found) == len(rows)
    assert found[3] == ("4", "a\nmore", "b.com\nc.com", "c")
    assert [cell.split() for cell in found[4]] == [["5"], ["A", "title", "A", "paragraph."], ["b"], ["c", "d"]]
    assert found[5] == ("6", "a", "b")
    assert found[6] == ("7", "a", "b", "c")


def test_rows_that_all_have_paragraphs_have_their_columns() -> None:
    rows = [f"{n}\tTitle\n\nParagraph.\n\n\tb.com\n\n\tc" for n in range(1, 12)]
    found, _ = columns("\n".join(["Row\tPurpose\tDestination\tType", *rows]))
    assert [[cell.split() for cell in row] for row in found] == [
        [[str(n)], ["Title", "Paragraph."], ["b.com"], ["c"]] for n in range(1, 12)
    ]


def test_a_few_tabs_are_not_columns() -> None:
    assert columns("1\ta\tb\n2\tc\td") == ([], "")
