"""The other-endpoints page: what it says is what the catalog holds, in every form and with every hazard of translation."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.cloud import Cloud
from perimeter365.model.requirement import Flow
from perimeter365.sources._page_rows import SURE
from perimeter365.sources.embedded import embedded
from perimeter365.sources.learn_page import Page, compare, decoded, extract, fetch, literal, parse
from tests.sources import hazards
from tests.sources.pages import FRENCH, HAZARDS, JANUARY, NEWEST, as_html, recorded


def tokens(page: Page) -> set[tuple[int, str]]:
    return {(row, token) for row, found in page.rows.items() for token in found.flat()}


@pytest.mark.parametrize("name", [NEWEST, JANUARY, FRENCH])
def test_each_recorded_page_says_what_the_catalog_holds_and_the_newest_lacks_row_23s_earlier_text(name: str) -> None:
    catalog = embedded()
    rows = compare(extract(recorded(name)), catalog)
    for row, found in rows.items():
        assert found.present, row
        assert found.added == (), row
        assert found.unreadable == (), row
        if row != 23 or name != NEWEST:
            assert found.removed == (), row
    if name == NEWEST:
        flows = [r for r in catalog.rows[23].requirements if isinstance(r, Flow)]
        newest = {str(p) for r in flows if r.edition == "newest" for p in r.source.prefixes}
        earlier = {str(p) for r in flows if r.edition == "earlier" for p in r.source.prefixes}
        assert set(rows[23].removed) == earlier - newest


def test_three_copies_of_one_text_have_one_hash_and_another_text_has_another() -> None:
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


@pytest.mark.parametrize("numbers", ["", "mot ", "١ "])
def test_copied_text_whose_numbers_are_gone_is_cut_by_anchors(numbers: str) -> None:
    page = recorded(FRENCH)
    got = tokens(parse(re.sub(r"^\d{1,2} ", numbers, page, flags=re.MULTILINE)))
    assert got == tokens(parse(page))


@pytest.mark.parametrize("keep", [range(1, 9), range(5, 25), [2, 9, 13, 20, 21, 23]])
def test_an_older_page_with_fewer_rows_is_told_by_anchors(keep: "range | list[int]") -> None:
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


def test_a_hidden_row_does_not_count() -> None:
    row = "<td>26</td><td>x</td><td>203.0.113.0/24</td><td>TCP 22</td></tr>"
    page = as_html(recorded(NEWEST))
    want = tokens(parse(page))
    for opening in ("<tr hidden>", '<tr style="display: none">', '<tr class="visually-hidden">', '<tr aria-hidden="true">'):
        changed = page.replace("</tbody>", f"{opening}{row}</tbody>")
        assert tokens(parse(changed)) == want
        assert parse(changed).strange == ()
    assert tokens(parse(page.replace("</tbody>", f"<!-- <tr>{row} --></tbody>"))) == want
    seen = parse(page.replace("</tbody>", f"<tr>{row}</tbody>"))
    assert "203.0.113.0/24" in seen.strange[0].flat()


LANGUAGES = sorted(hazards.LANGUAGES)
MADE = [(name, form) for name, style in hazards.HAZARDS.items() for form in style.forms]


def lost_and_invented(page: hazards.Made) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    got = tokens(parse(page.text))
    return set(page.tokens) - got, got - page.tokens


@pytest.mark.parametrize("form", hazards.FORMS)
def test_of_pages_made_by_code_at_most_one_token_in_a_hundred_is_lost_and_none_invented(form: str) -> None:
    """Every hazard, each in one of the languages; `make torture` takes all of them."""
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
def test_a_name_with_a_look_alike_gives_no_name_at_all_and_is_said(form: str) -> None:
    for char in hazards.LOOK_ALIKES:
        found = parse(hazards.with_look_alike(char, form).text)
        hosts = {host for row in found.rows.values() for host in row.hosts if "<" not in host}
        assert hosts == set(), ascii(char)
        assert sum(len(row.unreadable) for row in found.rows.values()) > 30


def test_a_look_alike_anywhere_in_a_name_spoils_it() -> None:
    page = recorded(NEWEST)
    name = "web.microsoftstream.com"
    honest = set(parse(page).rows[21].hosts)
    for i in (0, 1, 3, 4, 12, 19, 20, len(name)):
        for char in ("\u0435", "\u0131", "\U0001d41e", "\u0301", "\u217c"):
            found = parse(page.replace(f"`{name}`", f"`{name[:i]}{char}{name[i:]}`")).rows[21]
            assert set(found.hosts) == honest - {name}, (i, ascii(char))


def test_a_link_whose_target_alone_is_a_host_is_left_to_a_person() -> None:
    page = recorded(NEWEST).replace("`amp.azure.net`", "[here](https://amp.azure.net)")
    for copy in (page, as_html(page)):
        found = parse(copy).rows[21]
        assert "amp.azure.net" not in found.hosts
        assert found.unreadable == ["link to amp.azure.net"]


def test_a_row_that_is_none_of_the_catalogs_is_shown_apart() -> None:
    found = parse(hazards.made("layout: an extra row 26", "html", "en").text)
    assert [row.hosts for row in found.strange] == [["new.contoso-cdn.com"]]


def test_what_must_never_be_opened_is_unreadable_not_a_token() -> None:
    page = recorded(NEWEST).replace("20.20.32.0/19", "20.20.32.0/19, 0.0.0.0/0, 10.0.0.0/8, 20.0.0.0/7, 20.20.32.1/19")
    found = parse(page).rows[23]
    assert found.prefixes == parse(recorded(NEWEST)).rows[23].prefixes
    assert found.unreadable == ["0.0.0.0/0", "10.0.0.0/8", "20.0.0.0/7", "20.20.32.1/19"]


def test_a_new_host_is_added_and_one_that_went_is_removed() -> None:
    page = recorded(NEWEST).replace("amp.azure.net", "new.azure.net")
    found = compare(parse(page), embedded())[21]
    assert (found.added, found.removed) == (("new.azure.net",), ("amp.azure.net",))


def test_a_homoglyph_is_no_host() -> None:
    found = parse(recorded(NEWEST).replace("web.microsoftstream.com", "w\u0435b.microsoftstream.com")).rows[21]
    assert not any("web." in host or host.startswith("b.") for host in found.hosts)
    assert found.unreadable


@pytest.mark.parametrize(
    "attack", ["<a " * 20000, "<tr><td>" * 50_000, "|" * 300_000, "[" * 200_000, "TCP " * 50_000, "1 " * 100_000]
)
@pytest.mark.alone
def test_a_page_that_is_made_to_be_slow_ends_soon_with_an_error_or_without_rows(attack: str) -> None:
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
    """By the processor's clock: what else the machine does is not the reader's time."""
    started = time.process_time()
    parse(page)
    return time.process_time() - started


def _ranges(cloud: Cloud) -> str:
    """The neighbor of the page: the table of addresses that the web service knows."""
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
def test_what_is_not_the_page_is_refused(text: str) -> None:
    with pytest.raises(UpstreamDataError, match="not the page"):
        parse(text)


@pytest.mark.parametrize("cloud", list(Cloud))
def test_the_neighboring_page_of_ranges_is_refused_in_every_cloud(cloud: Cloud) -> None:
    with pytest.raises(UpstreamDataError, match="not the page"):
        parse(_ranges(cloud))
    listed = " ".join(h.text for s in embedded().endpoint_sets(cloud) for h in s.hosts)
    assert not [number for number, pattern in SURE.items() if re.search(pattern, listed)]


def test_a_table_of_very_many_rows_is_refused() -> None:
    page = as_html(recorded(NEWEST)).replace("</tbody>", "<tr><td>1</td><td>x</td></tr>" * 2000 + "</tbody>")
    with pytest.raises(UpstreamDataError, match="rows"):
        parse(page)


def _encodable(text: str) -> str:
    """With the two marks that old encodings lack written as others."""
    return text.replace("\u202f", "\u00a0" if "\u0430" in text else " ").replace("\u2013", "-")


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", "utf-16le"),
        ("shift_jis", "Shift_JIS"),
        ("gb18030", "gb2312"),
        ("cp1251", "windows-1251"),
    ],
)
def test_the_encoding_is_the_byte_order_marks_or_the_servers(encoding: str, charset: str) -> None:
    language = {"shift_jis": "ja", "gb18030": "zh", "cp1251": "ru"}.get(encoding, "ar")
    page = hazards.made("none", "text", language)
    assert tokens(parse(decoded(_encodable(page.text).encode(encoding), charset))) == page.tokens


def test_the_encoding_may_stand_in_the_page() -> None:
    page = hazards.made("none", "html", "ru")
    body = _encodable(page.text).replace("<title>", '<meta charset="windows-1251"><title>').encode("cp1251")
    assert tokens(extract(body)) == page.tokens


@pytest.mark.parametrize("charset", ["utf-7", "punycode", "unicode_escape", "zlib", "rot13", "no-such"])
def test_an_encoding_that_no_page_has_is_refused(charset: str) -> None:
    with pytest.raises(UpstreamDataError, match="no encoding of pages"):
        decoded(b"x", charset)


def test_bytes_of_another_encoding_cut_no_name_out_of_a_longer_one() -> None:
    found = parse(
        recorded(NEWEST)
        .replace("web.microsoftstream.com", "w\u00e9b.microsoftstream.com")
        .encode("latin-1", "ignore")
        .decode("utf-8", "replace")
    )
    assert not {"b.microsoftstream.com", "microsoftstream.com"} & set(found.rows[21].hosts)


class _Server(BaseHTTPRequestHandler):
    body, kind, asked = b"", "text/html; charset=utf-8", ""

    def do_GET(self) -> None:
        type(self).asked = self.path
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/page?x=1" if self.path == "/moved" else "http://127.0.0.2:9/page")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", self.kind)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[type[_Server], str]]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = type("Own", (_Server,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), made) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        yield made, f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


def test_an_address_is_fetched_with_its_query_encoding_and_redirects(server: tuple[type[_Server], str]) -> None:
    own, url = server
    page = hazards.made("none", "html", "ru")
    own.body, own.kind = _encodable(page.text).encode("cp1251"), "text/html; charset=Windows-1251"
    copy = fetch(f"{url}/page?view=o365-worldwide#ports")
    assert own.asked == "/page?view=o365-worldwide"
    assert copy.charset == "windows-1251"
    assert tokens(extract(copy.body, charset=copy.charset)) == page.tokens
    assert fetch(f"{url}/moved").body == own.body
    with pytest.raises(UpstreamDataError, match="not configured"):
        fetch(f"{url}/moved-away")


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json"])
def test_an_answer_that_is_no_text_is_refused(server: tuple[type[_Server], str], kind: str) -> None:
    own, url = server
    own.body, own.kind = b"%PDF", kind
    with pytest.raises(UpstreamDataError, match="no text"):
        fetch(f"{url}/page")


def test_too_much_and_an_unknown_form_are_refused() -> None:
    with pytest.raises(UpstreamDataError, match="more than"):
        extract("x" * (4 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match="is not a form"):
        extract("x", "pdf")


def test_the_comparison_has_the_contracts_keys() -> None:
    made = compare(parse(recorded(NEWEST)), embedded())[13].to_dict()
    assert json.loads(json.dumps(made)) == made
    assert made["ports"] == [{"protocol": "tcp", "ports": "5061,50000-59999"}, {"protocol": "udp", "ports": "50000-59999"}]
    assert {"row", "hosts", "paths", "prefixes", "ports", "same", "added", "removed", "unreadable"} <= set(made)


def test_what_the_catalog_knows_from_elsewhere_is_not_taken_for_literal() -> None:
    assert literal(embedded(), 17) == {"<tenant>.sharepoint.com"}
    assert literal(embedded(), 24) == {"www.msftconnecttest.com"}
    assert literal(embedded(), 25) == set()


def test_hidden_tokens_are_said() -> None:
    page = as_html(recorded(NEWEST))
    assert parse(page).hidden == ()
    row = "<td>26</td><td>x</td><td>*.evil.example.com</td><td>TCP 22</td></tr>"
    assert parse(page.replace("</tbody>", f"<tr hidden>{row}</tbody>")).hidden == ("*.evil.example.com", "tcp/22")


def test_what_stands_below_columns_of_tabs_is_no_row() -> None:
    rows = [f"{n}\tpurpose\tname{n}.contoso.com\ttype" for n in range(1, 25)]
    rows[10], rows[23] = "11\ta\t*.msappproxy.net\tb", "24\ta\twww.msftconnecttest.com\tb"
    page = parse("\n".join(["Row\tPurpose\tDestination\tType", *rows, "", "See other.contoso.com"]))
    assert page.rows[24].hosts == ["www.msftconnecttest.com"]
    assert "other.contoso.com" not in str(page)
