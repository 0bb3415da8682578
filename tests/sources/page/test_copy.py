"""Copies of the page: sources and encodings."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from perimeter365.errors import UpstreamDataError
from perimeter365.sources.page.copy import decode_page, fetch_page
from perimeter365.sources.page.reader import extract, parse
from tests.sources import hazards
from tests.sources.page.test_reader import tokens


def _encodable(text: str) -> str:
    """Replace two characters that old encodings do not have."""
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
    assert tokens(parse(decode_page(_encodable(page.text).encode(encoding), charset))) == page.tokens


def test_the_page_may_state_its_encoding() -> None:
    page = hazards.made("none", "html", "ru")
    body = _encodable(page.text).replace("<title>", '<meta charset="windows-1251"><title>').encode("cp1251")
    assert tokens(extract(body)) == page.tokens


@pytest.mark.parametrize("charset", ["utf-7", "punycode", "unicode_escape", "zlib", "rot13", "no-such"])
def test_an_encoding_that_pages_do_not_use_is_rejected(charset: str) -> None:
    with pytest.raises(UpstreamDataError, match="not an encoding of pages"):
        decode_page(b"x", charset)


class _Server(BaseHTTPRequestHandler):
    body, kind, requested = b"", "text/html; charset=utf-8", ""

    def do_GET(self) -> None:
        type(self).requested = self.path
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
    copy = fetch_page(f"{url}/page?view=o365-worldwide#ports")
    assert own.requested == "/page?view=o365-worldwide"
    assert copy.charset == "windows-1251"
    assert tokens(extract(copy.body, charset=copy.charset)) == page.tokens
    assert fetch_page(f"{url}/moved").body == own.body
    with pytest.raises(UpstreamDataError, match="not configured"):
        fetch_page(f"{url}/moved-away")


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json"])
def test_a_response_that_is_not_text_is_rejected(server: tuple[type[_Server], str], kind: str) -> None:
    own, url = server
    own.body, own.kind = b"%PDF", kind
    with pytest.raises(UpstreamDataError, match="not text"):
        fetch_page(f"{url}/page")
