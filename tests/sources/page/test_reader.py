"""The tokens of the page are the same in every form and language, and with every hazard of translation."""

import html
import re
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.sources.embedded import embedded
from perimeter365.sources.page import reader
from perimeter365.sources.page._rows import DISTINCTIVE
from perimeter365.sources.page.reader import Page, extract, parse
from tests.sources import hazards
from tests.sources.pages import FRENCH, HAZARDS, JANUARY, NEWEST, as_html, recorded


def tokens(page: Page) -> set[tuple[int, str]]:
    return {(row, token) for row, found in page.rows.items() for token in found.flat()}


def test_copies_of_one_text_have_the_same_hash() -> None:
    january = extract(recorded(JANUARY))
    assert january.hash == extract(recorded(FRENCH)).hash == extract(as_html(recorded(JANUARY))).hash
    assert january.hash != extract(recorded(NEWEST)).hash


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("hazard", HAZARDS)
def test_a_hazard_of_translation_loses_at_most_one_token_in_a_hundred_and_invents_none(hazard: str, form: str) -> None:
    page = recorded(JANUARY)
    want = tokens(parse(page))
    changed = HAZARDS[hazard](page)
    got = tokens(parse(as_html(changed.replace("\r", "")) if form == "html" else changed))
    assert got - want == set()
    assert len(want - got) <= len(want) / 100


BLOCKS: dict[str, Callable[[str], str]] = {
    "fence": "```\n{}\n```\n".format,
    "fence with a language": "````markdown\n{}\n````\n".format,
    "fence of tildes": "~~~\n{}\n~~~\n".format,
    "fence in a quotation": lambda page: "> ```\n" + "".join(f"> {line}\n" for line in page.splitlines()) + "> ```\n",
    "indented": lambda page: "".join(f"    {line}\n" for line in page.splitlines()),
    "pre": "<pre>\n{}\n</pre>\n".format,
    "pre and code": '<pre class="x"><code class="lang-md">{}</code></pre>\n'.format,
    "CDATA": "<![CDATA[\n{}\n]]>\n".format,
    "CDATA in XML": "<?xml version='1.0'?>\n<page><![CDATA[{}]]></page>".format,
    "saved by a browser": lambda page: f"<html><pre>{html.escape(page)}</pre></html>",
    "saved by a browser, with a head": lambda page: (
        '<html><head><meta name="color-scheme" content="light dark"></head><body><pre style="word-wrap: break-word">'
        f"{html.escape(page, quote=False)}</pre></body></html>"
    ),
}


@pytest.mark.parametrize("form", [None, "markdown", "html"])
@pytest.mark.parametrize("block", BLOCKS)
def test_a_page_in_a_code_block_is_read_as_the_page(block: str, form: str | None) -> None:
    page = hazards.made("none", "markdown", "en").text
    found = parse(BLOCKS[block](page), form)
    assert sorted(found.rows) == list(range(1, 26))
    assert found == parse(page)


@pytest.mark.parametrize("name", [NEWEST, JANUARY])
@pytest.mark.parametrize("block", BLOCKS)
def test_a_recorded_page_in_a_code_block_is_read_as_the_page(block: str, name: str) -> None:
    found = parse(BLOCKS[block](recorded(name)))
    assert sorted(found.rows) == list(range(1, 26))
    assert found == parse(recorded(name))


def test_a_code_block_that_a_browser_hides_is_hidden() -> None:
    row = "|26|x|new.contoso.com|TCP 8443|"
    page = SHORT.format("52.112.0.0/14")
    assert parse(f"{page}\n<pre>\n{row}\n</pre>\n").unknown_rows[0].hosts == ["new.contoso.com"]
    for begin, end in (("<pre hidden>", "</pre>"), ('<pre style="display: none"><code>', "</code></pre>")):
        found = parse(f"{page}\n{begin}\n{row}\n{end}\n")
        assert (found.unknown_rows, found.hidden) == ((), ("new.contoso.com", "tcp/8443"))


def test_link_targets_of_markdown_are_not_text_if_html_was_requested() -> None:
    page = SHORT.format("52.112.0.0/14 [about](https://docs.contoso.com/a), a.azure.net")
    assert parse(page, "html") == parse(page)
    assert parse(page, "html").rows[13].flat() == ["a.azure.net", "52.112.0.0/14"]


@pytest.mark.parametrize("numbers", ["", "mot ", "١ "])
def test_copied_text_without_numbers_is_split_by_anchors(numbers: str) -> None:
    page = recorded(FRENCH)
    got = tokens(parse(re.sub(r"^\d{1,2} ", numbers, page, flags=re.MULTILINE)))
    assert got == tokens(parse(page))


@pytest.mark.parametrize("keep", [range(1, 9), range(5, 25), [2, 9, 13, 20, 21, 23]])
def test_an_older_page_with_fewer_rows_is_identified_by_anchors(keep: "range | list[int]") -> None:
    lines = recorded(JANUARY).split("\n")
    count = 0
    kept = []
    for line in lines:
        number = line.split("|")[1] if line.startswith("|") else ""
        if number.isdigit():
            if int(number) not in keep:
                continue
            count += 1
            line = line.replace(f"|{number}|", f"|{count}|", 1)  # noqa: PLW2901
        kept.append(line)
    want = {(row, token) for row, token in tokens(parse("\n".join(lines))) if row in keep}
    assert tokens(parse("\n".join(kept))) == want


def test_a_hidden_row_is_ignored() -> None:
    row = "<td>26</td><td>x</td><td>131.107.113.0/24</td><td>TCP 22</td></tr>"
    page = as_html(recorded(NEWEST))
    want = tokens(parse(page))
    for opening in ("<tr hidden>", '<tr style="display: none">', '<tr class="visually-hidden">', '<tr aria-hidden="true">'):
        changed = page.replace("</tbody>", f"{opening}{row}</tbody>")
        assert tokens(parse(changed)) == want
        assert parse(changed).unknown_rows == ()
    assert tokens(parse(page.replace("</tbody>", f"<!-- <tr>{row} --></tbody>"))) == want
    seen = parse(page.replace("</tbody>", f"<tr>{row}</tbody>"))
    assert "131.107.113.0/24" in seen.unknown_rows[0].flat()


LANGUAGES = sorted(hazards.LANGUAGES)
MADE = [(name, form) for name, style in hazards.HAZARDS.items() for form in style.forms]


def lost_and_invented(page: hazards.Made) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    got = tokens(parse(page.text))
    return set(page.tokens) - got, got - page.tokens


@pytest.mark.parametrize("form", hazards.FORMS)
def test_of_pages_made_by_code_at_most_one_token_in_a_hundred_is_lost_and_none_invented(form: str) -> None:
    """Every hazard in one language; `make torture` tests all languages."""
    count, lost = 0, 0
    for i, (name, own) in enumerate(MADE):
        if own == form:
            page = hazards.made(name, form, LANGUAGES[i % len(LANGUAGES)])
            missing, more = lost_and_invented(page)
            assert not more, f"{name}: {more}"
            count += len(page.tokens)
            lost += len(missing)
    assert count > 8_000
    assert lost <= count / 1000


@pytest.mark.torture
@pytest.mark.timeout(0)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hazard_in_every_language_and_form(language: str) -> None:
    count, lost = 0, 0
    for name, form in MADE:
        page = hazards.made(name, form, language)
        missing, more = lost_and_invented(page)
        assert not more, f"{name}: {more}"
        assert len(missing) <= len(page.tokens) / 50, f"{name}: {missing}"
        count, lost = count + len(page.tokens), lost + len(missing)
    assert lost <= count / 1000


@pytest.mark.parametrize("form", hazards.FORMS)
def test_a_name_with_a_look_alike_is_not_a_host_and_is_reported(form: str) -> None:
    for char in hazards.LOOK_ALIKES:
        found = parse(hazards.with_look_alike(char, form).text)
        hosts = {host for row in found.rows.values() for host in row.hosts if "<" not in host}
        assert hosts == set(), ascii(char)
        assert sum(len(row.unreadable) for row in found.rows.values()) > 30


def test_a_look_alike_anywhere_in_a_name_makes_it_unreadable() -> None:
    page = recorded(NEWEST)
    name = "web.microsoftstream.com"
    honest = set(parse(page).rows[21].hosts)
    for i in (0, 1, 3, 4, 12, 19, 20, len(name)):
        for char in ("\u0435", "\u0131", "\U0001d41e", "\u0301", "\u217c"):
            found = parse(page.replace(f"`{name}`", f"`{name[:i]}{char}{name[i:]}`")).rows[21]
            assert set(found.hosts) == honest - {name}, (i, ascii(char))


def test_a_link_with_a_host_only_in_its_target_is_unreadable() -> None:
    page = recorded(NEWEST).replace("`amp.azure.net`", "[here](https://amp.azure.net)")
    for copy in (page, as_html(page)):
        found = parse(copy).rows[21]
        assert "amp.azure.net" not in found.hosts
        assert found.unreadable == ["link to amp.azure.net"]


def test_a_row_that_the_catalog_does_not_have_is_separate() -> None:
    found = parse(hazards.made("layout: an extra row 26", "html", "en").text)
    assert [row.hosts for row in found.unknown_rows] == [["new.contoso-cdn.com"]]


def test_addresses_of_the_never_list_are_unreadable() -> None:
    page = recorded(NEWEST).replace("20.20.32.0/19", "20.20.32.0/19, 0.0.0.0/0, 10.0.0.0/8, 20.0.0.0/7, 20.20.32.1/19")
    found = parse(page).rows[23]
    assert found.prefixes == parse(recorded(NEWEST)).rows[23].prefixes
    assert found.unreadable == ["0.0.0.0/0", "10.0.0.0/8", "20.0.0.0/7", "20.20.32.1/19"]


def test_a_homoglyph_is_not_a_host() -> None:
    found = parse(recorded(NEWEST).replace("web.microsoftstream.com", "w\u0435b.microsoftstream.com")).rows[21]
    assert not any("web." in host or host.startswith("b.") for host in found.hosts)
    assert found.unreadable


@pytest.mark.parametrize(
    "attack",
    ["<a " * 20000, "<tr><td>" * 50_000, "|" * 300_000, "[" * 200_000, "TCP " * 50_000, "1 " * 100_000, " " * 400_000 + "x"],
)
@pytest.mark.alone
def test_a_hostile_page_ends_soon_with_an_error_or_without_rows(attack: str) -> None:
    started = time.monotonic()
    with suppress(UpstreamDataError):
        assert not any(t.flat() for t in extract(attack).rows.values())
    assert time.monotonic() - started < 11


@pytest.mark.alone
def test_a_page_is_read_in_a_tenth_of_a_second() -> None:
    page = recorded(JANUARY)
    parse(page)
    best = min(_seconds(page) for _ in range(5))
    assert best < 0.1


def _seconds(page: str) -> float:
    """Return the processor time, which other load on the machine does not change."""
    started = time.process_time()
    parse(page)
    return time.process_time() - started


def _ranges(cloud: Cloud) -> str:
    """Return the page of addresses of the web service, which is similar to the page."""
    rows = (
        f"<tr><td>{s.id}</td><td>{s.category}</td><td>{', '.join(h.text for h in s.hosts)}<br>{', '.join(s.listed)}</td>"
        f"<td>TCP: {s.tcp}</td></tr>"
        for s in embedded().endpoint_sets(cloud)
    )
    return f"<!DOCTYPE html><html><body><table><tr><th>ID</th><th>x</th><th>y</th></tr>{''.join(rows)}</table></body></html>"


NOT_FOUND = """<!DOCTYPE html><html><head><title>404 - Content Not Found</title></head><body><h1>404</h1><p>
Try Microsoft Teams, Microsoft Graph, Yammer, Microsoft Stream, or search learn.microsoft.com.</p><table><tr><td>1</td>
<td>MFA</td>
<td>PST</td></tr></table></body></html>"""
SIGN_IN = """<html><body><form action="https://login.microsoftonline.com/common/login"><input name="user">
Sign in to your account</form><a href="https://aka.ms/hybridwizard">Help</a></body></html>"""


@pytest.mark.parametrize("text", ["", "Hello", "<html><body>Sign in</body></html>", "\0\0", NOT_FOUND, SIGN_IN, "{}", "[]"])
def test_other_pages_are_rejected(text: str) -> None:
    with pytest.raises(UpstreamDataError, match="not the page"):
        parse(text)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_page_of_ranges_is_rejected_in_every_cloud(cloud: Cloud) -> None:
    with pytest.raises(UpstreamDataError, match="not the page"):
        parse(_ranges(cloud))
    listed = " ".join(h.text for s in embedded().endpoint_sets(cloud) for h in s.hosts)
    assert not [number for number, pattern in DISTINCTIVE.items() if re.search(pattern, listed)]


def test_a_table_of_very_many_rows_is_rejected() -> None:
    page = as_html(recorded(NEWEST)).replace("</tbody>", "<tr><td>1</td><td>x</td></tr>" * 2000 + "</tbody>")
    with pytest.raises(UpstreamDataError, match="rows"):
        parse(page)


@pytest.mark.parametrize("row", ["||\n", "|1|a|\n", "1|a|b\n"])
def test_markdown_of_very_many_rows_is_rejected_before_it_is_parsed(row: str) -> None:
    with pytest.raises(UpstreamDataError, match=r"a table of \d+ rows"):
        extract(SHORT + row * 19_000)
    assert parse(SHORT.format("") + row * 900).rows


@pytest.mark.parametrize("row", [f"<td>26</td><td rowspan=100>{'a ' * 100_000}</td>", "<td rowspan=100>" * 20_000])
def test_cells_that_span_rows_and_repeat_very_much_are_rejected(row: str) -> None:
    page = as_html(SHORT)
    assert parse(page.replace("</tbody>", f"<tr>{row}</tr></tbody>")).rows
    begun = time.process_time()
    with pytest.raises(UpstreamDataError, match="repeat too much text"):
        extract(page.replace("</tbody>", f"<tr>{row}</tr>{'<tr><td>1</td></tr>' * 99}</tbody>"))
    assert time.process_time() - begun < 5  # 20 s without the limit


@pytest.mark.parametrize("form", ["markdown", "html", "text"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_a_page_of_very_many_lines_is_rejected(form: str, end: str) -> None:
    with pytest.raises(UpstreamDataError, match="more than 20000 lines"):
        extract(SHORT + end * 20_001, form)


def test_bytes_of_another_encoding_cut_no_name_out_of_a_longer_one() -> None:
    found = parse(
        recorded(NEWEST)
        .replace("web.microsoftstream.com", "w\u00e9b.microsoftstream.com")
        .encode("latin-1", "ignore")
        .decode("utf-8", "replace")
    )
    assert not {"b.microsoftstream.com", "microsoftstream.com"} & set(found.rows[21].hosts)


def test_a_page_that_is_too_large_and_an_unknown_form_are_rejected() -> None:
    with pytest.raises(UpstreamDataError, match="more than"):
        extract("x" * (4 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match="is not a form"):
        extract("x", "pdf")


def test_hidden_tokens_are_reported() -> None:
    page = as_html(recorded(NEWEST))
    assert parse(page).hidden == ()
    row = "<td>26</td><td>x</td><td>*.evil.example.com</td><td>TCP 22</td></tr>"
    assert parse(page.replace("</tbody>", f"<tr hidden>{row}</tbody>")).hidden == ("*.evil.example.com", "tcp/22")


COLUMNS = "Row\tPurpose\tDestination\tType"
TABBED = [f"{n}\tpurpose\tname{n}.contoso.com\ttype" for n in range(1, 26)]
TABBED[10], TABBED[23] = "11\ta\t*.msappproxy.net\tb", "24\ta\twww.msftconnecttest.com\tb"


def test_text_below_columns_of_tabs_is_reported_and_not_part_of_the_last_row() -> None:
    page = parse("\n".join([COLUMNS, *TABBED[:24], "", "See other.contoso.com"]))
    assert (page.rows[1].hosts, page.rows[24].hosts) == (["name1.contoso.com"], ["www.msftconnecttest.com"])
    assert [tokens.hosts for tokens in page.unknown_rows] == [["other.contoso.com"]]


def test_a_new_last_row_of_columns_with_paragraphs_is_reported_as_without_columns() -> None:
    new = ["26\tA new need", "", "For more.", "", "\tpush.contoso.com", "", "203.1.2.0/24", "", "TCP 8443", "", "\tOutbound"]
    tabbed = "\n".join([COLUMNS, *TABBED, *new, "Related"])
    page, bare = parse(tabbed), parse(tabbed.replace("\t", " "))
    assert [t.flat() for t in page.unknown_rows] == [["push.contoso.com", "203.1.2.0/24", "tcp/8443"]]
    assert (page.rows, page.unknown_rows, page.hash) == (bare.rows, bare.unknown_rows, bare.hash)


@pytest.mark.parametrize("numbers", [{7: "7,5", 8: "8:00"}, {7: "sept", 8: "huit"}, {7: "70", 8: "0"}, {8: ""}])
@pytest.mark.parametrize("tab", ["\t", " "])
def test_a_changed_number_does_not_move_a_row(numbers: dict[int, str], tab: str) -> None:
    """Row 7 has an anchor, and row 8 a known beginning; without tabs, there is no other sign of them."""
    rows = [row.split("\t") for row in TABBED]
    rows[5][1], rows[6][1], rows[7][1] = "Mailboxes, MRS", "Exchange Hybrid Free/Busy", "Exchange Hybrid proxies"
    for number, word in numbers.items():
        rows[number - 1][0] = word
    page = parse("\n".join(tab.join(row).strip(" ") for row in rows))
    assert {n: page.rows[n].hosts for n in (7, 8)} == {7: ["name7.contoso.com"], 8: ["name8.contoso.com"]}
    assert page.unknown_rows == ()


SHORT = """|Row|Purpose|Destination|Type|
|---|---|---|---|
|9|Wizard|domains.live.com; asl.configure.office.com|x|
|13|Skype|{}|x|
|24|NCSI|www.msftconnecttest.com|x|
"""


def test_the_hidden_half_of_a_bilingual_page_is_ignored() -> None:
    half = '<span data-ttu-id="{0}">{1}</span><span class="sxs-lookup"><span data-stu-id="{0}">{2}</span></span>'
    page = parse(SHORT.format(half.format(1, "52.112.0.0/14 a.azure.net", "52.112.0.0/14, a.azure.net, b.azure.net")))
    assert page.rows[13].flat() == ["a.azure.net", "52.112.0.0/14"]
    assert page.rows[13].unreadable == []
    assert page.hidden == ("b.azure.net",)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_end_of_an_element_does_not_join_two_names(form: str) -> None:
    joined = "<span>a.azure.net</span>b.azure.net<b>52.112.0.0/14</b>52.122.0.0/15"
    page = SHORT.format(joined)
    found = parse(page if form == "markdown" else as_html(page)).rows[13]
    assert found.flat() == ["a.azure.net", "b.azure.net", "52.112.0.0/14", "52.122.0.0/15"]
    assert found.unreadable == []


def test_cells_whose_row_is_damaged_are_not_lost() -> None:
    page = as_html(SHORT.format("52.112.0.0/14"))
    found = parse(page.replace('<tr>\n<td style="text-align: left">13', "<ts>\n<td>13"))
    assert found.rows[13].prefixes == ["52.112.0.0/14"]
    between = parse(page.replace("52.112.0.0/14", "52.112.0.0/14</td>and b.azure.net<br>c.azure.net"))
    assert between.rows[13].hosts == ["b.azure.net", "c.azure.net"]


def test_the_rows_of_a_page_are_read_in_limited_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS", -1.0)
    with pytest.raises(UpstreamDataError, match="seconds to read"):
        parse(SHORT)


def test_elements_that_are_nested_too_deeply_are_rejected() -> None:
    page = as_html(SHORT)
    assert parse(page.replace("<table>", "<div>" * 100 + "<table>")).rows
    with pytest.raises(UpstreamDataError, match="nested too deeply"):
        parse(page.replace("<table>", "<div>" * 300 + "<table>"))
