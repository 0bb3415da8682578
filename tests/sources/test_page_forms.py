"""Forms of a page into rows of cells."""

from perimeter365.sources._page_forms import HTML, MARKDOWN, TEXT, form_of, plain, rows_of

MD = (
    "|Row|Purpose|Destination|Type|\n|---|---|---|---|\n|1|a \\| b<br>c|[x](http://doc) `d`|t|\n|2|e|\\<f\\>|t|\n|3|g|h|t|\n"
)


def test_the_form_is_found_out() -> None:
    assert form_of(MD) == MARKDOWN
    assert form_of("<table><tr><td>1</td></tr></table>") == HTML
    assert form_of("1 Import\n2 Other") == TEXT


def test_markdown_cells_keep_escaped_bars_and_lose_link_targets() -> None:
    assert rows_of(MD, MARKDOWN) == [("1", "a | b\nc", "x d", "t"), ("2", "e", "<f>", "t"), ("3", "g", "h", "t")]


def test_html_cells_lose_tags_scripts_and_hidden_elements() -> None:
    head = "<table><tr><th>Row</th><th>P</th></tr>"
    page = head + "<tr><td>1</td><td>a<br>b<span hidden>c</span>&lt;t&gt;<script>d</script></td></tr>"
    assert rows_of(page, HTML) == [("1", "a\nb<t>")]


def test_typography_is_made_plain() -> None:
    assert plain("a\u00a0：\u200b1–2\u3000＊") == "a :1-2 *"
