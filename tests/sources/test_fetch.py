"""The door to the network: TLS and proxies (the rest is tried through the web service's client)."""

import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from perimeter365.errors import UpstreamError
from perimeter365.sources._fetch import Fetcher, Limits, redacted
from tests.upstream.server import Upstream

QUICK = Limits(deadline=2, connect=1, read=1, attempts=2, wait=0.02)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def _told(fetch: Callable[[], object]) -> str:
    with pytest.raises(UpstreamError) as caught:
        fetch()
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "trusted", "code"), [("localhost", True, ""), ("localhost", False, "P365-TLS"), ("x.test", True, "P365-TLS")]
)
def test_tls_is_told_apart(name: str, trusted: bool, code: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    (authority if trusted else trustme.CA()).cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server = Upstream()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with server:
        fetch = Fetcher(
            server.url.replace("http://127.0.0.1", "https://localhost"), limits=QUICK, ca_file=str(tmp_path / "ca.pem")
        )
        if code:
            assert _told(lambda: fetch.get("/version/Worldwide")) == code
        else:
            assert fetch.get("/version/Worldwide").status == 200


def test_plain_http_where_tls_belongs_is_tls_trouble() -> None:
    with Upstream() as server:
        assert _told(lambda: Fetcher(server.url.replace("http:", "https:"), limits=QUICK).get("/")) == "P365-TLS"


def test_a_proxy_that_wants_authentication_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream("407") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("http://", "http://user:secret@"))
        with pytest.raises(UpstreamError) as caught:
            Fetcher("http://192.0.2.1", limits=QUICK).get("/version")
    assert caught.value.code == "P365-PROXY"
    assert "secret" not in str(caught.value) + caught.value.help


def test_an_address_is_shown_without_credentials_and_query() -> None:
    assert redacted("https://user:pw@host:1/path?secret=1\x1b") == "https://host:1/path"


def test_no_thread_is_left_behind_by_a_slow_body() -> None:
    with Upstream("drip") as server:
        assert _told(lambda: Fetcher(server.url, limits=QUICK).get("/version/Worldwide")) == "P365-TIMEOUT"
        for thread in threading.enumerate():
            if thread.name == "perimeter365-fetch":
                thread.join(2)
                assert not thread.is_alive()
