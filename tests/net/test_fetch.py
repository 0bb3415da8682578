"""HTTP client: TLS, proxies and names. tests.sources.test_web_service tests the rest."""

import logging
import os
import socket
import ssl
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from perimeter365.errors import InputError, TlsInterceptedError, UpstreamDataError, UpstreamError
from perimeter365.model.reading import HELP
from perimeter365.net.fetch import Fetcher, FetchLimits
from tests.upstream import tls
from tests.upstream.proxy import Proxy
from tests.upstream.server import CASES, Upstream

QUICK = FetchLimits(deadline=20, connect=10, read=10, attempts=2, wait=0.02)
"""Limits for responses that arrive, even on a busy machine."""
IMPATIENT = FetchLimits(deadline=2, connect=0.5, read=0.5, attempts=2, wait=0.02)
"""Limits for responses that never arrive."""

NAME = "endpoints.test"
PASSWORD = "s3cret:p@ss"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tls.write_root(tmp_path_factory.mktemp("ca")))


def _caught(fetch: Callable[[], object]) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        fetch()
    return caught.value


# --- TLS

TOLD = {
    "tls-expired": "certificate has expired",
    "tls-not-yet-valid": "certificate is not yet valid",
    "tls-self-signed": "self-signed certificate",
    "tls-wrong-name": "hostname mismatch",
    "tls-unknown-authority": "unable to get local issuer certificate",
    "tls-intercepted": "unable to get local issuer certificate",
    "tls-short-chain": "unable to get local issuer certificate",
    "tls-not-an-authority": "invalid ca certificate",
    "tls-weak-key": "key too weak",
    "tls-1.0": "protocol version",
    "tls-1.1": "protocol version",
    "tls-no-shared-cipher": "handshake failure",
    "tls-client-certificate": "certificate required",
    "tls-alert": "internal error",
    "tls-unrecognized-name": "unrecognized name",
    "tls-plain-http": "wrong version number",
    "tls-not-tls": "wrong version number",
    "tls-handshake-cut": "unexpected eof",
    "tls-handshake-silent": "did not answer in time",
}
"""TLS failure of the test server -> OpenSSL's reason."""

SIGNED_BY = {
    "tls-expired": "Trusted Authority",
    "tls-not-yet-valid": "Trusted Authority",
    "tls-self-signed": "localhost, Own",
    "tls-wrong-name": "Trusted Authority",
    "tls-unknown-authority": "Contoso TLS Inspection",
    "tls-intercepted": "Contoso Inspection Machine 7",
    "tls-weak-key": "localhost, Own",
}
"""TLS failure -> issuer of the server's certificate."""


def test_every_tls_failure_is_tested() -> None:
    assert set(TOLD) == {name for name, way in tls.TLS.items() if not way.tolerated}


@pytest.mark.parametrize("way", TOLD)
def test_a_tls_failure_is_reported_and_no_request_is_sent(way: str, ca_file: str) -> None:
    silent = way == "tls-handshake-silent"
    with Upstream(tls=way) as server:
        fetch = Fetcher(server.url, limits=IMPATIENT if silent else QUICK, ca_file=ca_file)
        error = _caught(lambda: fetch.get("/version/Worldwide"))
        assert server.log == []
    assert error.code == ("P365-TIMEOUT" if silent else "P365-TLS")
    assert error.exit_code == 3
    assert TOLD[way] in error.message
    assert silent or error.help
    if isinstance(error, TlsInterceptedError):
        assert error.message.endswith("it was checked against the file root.pem")
        assert error.store == "the file root.pem"
        if way in SIGNED_BY:
            assert error.issuer == SIGNED_BY[way]
            assert f"signed by {SIGNED_BY[way]!r}" in error.message


@pytest.mark.parametrize("way", [name for name, way in tls.TLS.items() if way.tolerated])
def test_valid_tls_is_accepted(way: str, ca_file: str) -> None:
    with Upstream(tls=way) as server:
        assert Fetcher(server.url, limits=QUICK, ca_file=ca_file).get("/version/Worldwide").status == 200


def test_the_validity_of_an_expired_certificate_is_reported(ca_file: str) -> None:
    with Upstream(tls="tls-expired") as server:
        error = _caught(lambda: Fetcher(server.url, limits=QUICK, ca_file=ca_file).get("/"))
    assert "it is valid from 20" in error.message
    assert "clock" in error.help


def test_the_operating_systems_trust_store_is_the_default() -> None:
    with Upstream(tls="tls") as server:
        error = _caught(lambda: Fetcher(server.url, limits=QUICK).get("/"))
    assert isinstance(error, TlsInterceptedError)
    assert error.issuer == "Trusted Authority"
    assert error.store == error.message.rpartition("it was checked against ")[2] != "the file root.pem"


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_no_other_authorities_are_trusted(
    variable: str, ca_file: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Other libraries read these variables and have their own bundle; only the configured store may count."""
    monkeypatch.setenv(variable, ca_file)
    with Upstream(tls="tls") as server:
        assert _caught(lambda: Fetcher(server.url, limits=QUICK).get("/")).code == "P365-TLS"
    tls.stranger().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    with Upstream(tls="tls") as server:
        fetch = Fetcher(server.url, limits=QUICK, ca_file=str(tmp_path / "other.pem"))
        assert _caught(lambda: fetch.get("/")).code == "P365-TLS"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' stores are not files")
def test_on_linux_the_message_names_the_trust_store(ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    with Upstream(tls="tls") as server:
        assert Fetcher(server.url, limits=QUICK).get("/version/Worldwide").status == 200
    with Upstream(tls="tls-unknown-authority") as server:
        error = _caught(lambda: Fetcher(server.url, limits=QUICK).get("/"))
    assert error.message.endswith(f"it was checked against the operating system's trust store ({ca_file})")


@pytest.mark.parametrize("way", ["tls-without-goodbye", "tls"])
def test_a_connection_that_ends_during_a_response_is_an_error(way: str, ca_file: str) -> None:
    with Upstream("cut", tls=way) as server:
        fetch = Fetcher(server.url, limits=QUICK, ca_file=ca_file)
        assert _caught(lambda: fetch.get("/endpoints/Worldwide")).code == "P365-TRUNCATED"


def test_a_reset_during_a_response_is_truncation_and_before_it_unreachable() -> None:
    for head, code in ((b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[", "P365-TRUNCATED"), (b"", "P365-UNREACHABLE")):
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def reset(head: bytes = head, listener: socket.socket = listener) -> None:
                for _ in range(QUICK.attempts):
                    there, _ = listener.accept()
                    with there:
                        there.recv(65536)
                        there.sendall(head)
                        threading.Event().wait(0.1)  # so that the head is read before the reset
                        there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

            threading.Thread(target=reset, daemon=True).start()
            fetch = Fetcher(f"http://127.0.0.1:{listener.getsockname()[1]}", limits=QUICK)
            assert _caught(lambda fetch=fetch: fetch.get("/")).code == code  # type: ignore[misc]


def test_plain_http_instead_of_tls_is_a_tls_error() -> None:
    with Upstream() as server:
        error = _caught(Fetcher(server.url.replace("http:", "https:"), limits=QUICK).probe)
    assert (error.code, "does not speak TLS" in error.help) == ("P365-TLS", True)


def test_a_probe_fails_with_the_same_error_as_a_request(ca_file: str) -> None:
    with Upstream(tls="tls-intercepted") as server:
        fetch = Fetcher(server.url, limits=QUICK, ca_file=ca_file)
        probe, request = _caught(fetch.probe), _caught(lambda: fetch.get("/"))
    assert (probe.code, probe.message) == (request.code, request.message)
    with Upstream(tls="tls") as server:
        Fetcher(server.url, limits=QUICK, ca_file=ca_file).probe()
        url = server.url
    assert _caught(Fetcher(url, limits=QUICK, ca_file=ca_file).probe).code == "P365-UNREACHABLE"


# --- names


def at(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda host, port: addresses


def no_name(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_public_name_that_resolves_to_loopback_is_rejected() -> None:
    with Upstream() as server:
        port = server.server_address[1]
        for scheme in ("http", "https"):
            fetch = Fetcher(f"{scheme}://{NAME}:{port}", limits=QUICK, resolve=at("127.0.0.1"))
            error = _caught(lambda fetch=fetch: fetch.get("/version/Worldwide"))  # type: ignore[misc]
            assert error.code == "P365-DATA"
            assert "resolves to 127.0.0.1" in error.message
        assert server.log == []


def test_a_redirect_is_checked_like_any_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name resolves to a public address first, and to loopback when the redirect is followed."""
    answers = iter([["192.0.2.1"], ["127.0.0.1"]])
    asked: list[str] = []
    dialed: list[object] = []
    dial = socket.create_connection

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    def routed(address: tuple[str, int], timeout: float | None = None) -> socket.socket:
        dialed.append(address[0])
        return dial(("127.0.0.1", address[1]), timeout)

    with Upstream("redirect-loop") as server:
        monkeypatch.setattr("perimeter365.net.dial.socket.create_connection", routed)
        fetch = Fetcher(f"http://{NAME}:{server.server_address[1]}", limits=QUICK, resolve=rebinding)
        error = _caught(lambda: fetch.get("/version/Worldwide"))
        assert len(server.log) == 1
    assert dialed == ["192.0.2.1"]
    assert (error.code, asked) == ("P365-DATA", [NAME, NAME])
    assert "resolves to 127.0.0.1" in error.message


def test_the_name_stays_in_host_and_tls_while_the_address_is_dialed(ca_file: str) -> None:
    seen: list[str] = []

    def here(host: str, port: int) -> Sequence[str]:
        seen.append(host)
        return ["127.0.0.1"]

    with Upstream(tls="tls") as server:
        fetch = Fetcher(server.url, limits=QUICK, ca_file=ca_file, resolve=here)
        assert fetch.get("/version/Worldwide").status == 200  # the certificate is for the name
    assert seen == ["localhost"]


def test_a_name_that_does_not_resolve_is_reported() -> None:
    error = _caught(lambda: Fetcher(f"https://{NAME}", limits=QUICK, resolve=no_name).get("/"))
    assert (error.code, error.exit_code) == ("P365-DNS", 3)
    assert error.message == f"the name of https://{NAME} does not resolve"


# --- proxies


def test_a_request_goes_through_the_proxy_which_resolves_the_name(ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream(tls="tls") as server, Proxy(hosts={"localhost": ("127.0.0.1", server.server_address[1])}) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        # the proxy resolves the name, so it need not resolve here
        assert Fetcher("https://localhost", limits=QUICK, ca_file=ca_file, resolve=_only_proxy).get("/version/China").status
        assert proxy.log == [("CONNECT", "localhost:443")]
        assert proxy.credentials == [""]
        assert len(server.log) == 1


def _only_proxy(host: str, port: int) -> Sequence[str]:
    assert host == "127.0.0.1"
    return [host]


def test_only_the_proxy_receives_its_credentials(
    ca_file: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hosts: dict[str, tuple[str, int]] = {}
    with Upstream(tls="tls") as server, Proxy(user="contoso", password=PASSWORD, hosts=hosts) as proxy:
        proxy.hosts["localhost"] = ("127.0.0.1", server.server_address[1])
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert Fetcher("https://localhost", limits=QUICK, ca_file=ca_file).get("/version/Worldwide").status == 200
        assert proxy.credentials[0].startswith("Basic ")
    assert PASSWORD not in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("given", ["", "contoso:wrong-s3cret@"])
def test_rejected_proxy_credentials_are_reported_without_them(
    scheme: str, given: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Proxy(user="contoso", password=PASSWORD) as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://{given}127.0.0.1:{proxy.server_address[1]}")
        fetch = Fetcher(f"{scheme}://{NAME}", limits=QUICK)
        error = _caught(lambda: fetch.get("/version/Worldwide"))
        assert len(proxy.log) == 1  # a retry could lock the account
    assert (error.code, error.exit_code) == ("P365-PROXY", 3)
    told = "".join(traceback.format_exception(error)) + error.help + caplog.text
    assert "s3cret" not in told
    assert "contoso" not in told


def test_a_proxy_that_refuses_a_host_or_is_down_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy(refuses=403) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = _caught(lambda: Fetcher(f"https://{NAME}", limits=QUICK).get("/"))
        assert (error.code, "(403)" in error.message) == ("P365-UNREACHABLE", True)
    error = _caught(lambda: Fetcher(f"https://{NAME}", limits=QUICK).get("/"))
    assert (error.code, "the proxy for" in error.message) == ("P365-UNREACHABLE", True)


def test_a_tls_failure_through_a_proxy_names_the_issuer(ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream(tls="tls-intercepted") as server, Proxy() as proxy:
        proxy.hosts["localhost"] = ("127.0.0.1", server.server_address[1])
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = _caught(lambda: Fetcher("https://localhost", limits=QUICK, ca_file=ca_file).get("/"))
        assert isinstance(error, TlsInterceptedError)
        assert error.issuer == "Contoso Inspection Machine 7"
        assert {where for _, where in proxy.log} == {"localhost:443"}


@pytest.mark.parametrize("known", [True, False])
def test_an_https_proxy_is_verified_like_a_server(known: bool, ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (tls.root() if known else tls.stranger()).issue_cert("localhost").configure_cert(context)
    with Upstream(tls="tls") as server, Proxy(hosts={"localhost": ("127.0.0.1", server.server_address[1])}) as proxy:
        proxy.socket = context.wrap_socket(proxy.socket, server_side=True)
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{proxy.server_address[1]}")
        fetch = Fetcher("https://localhost", limits=QUICK, ca_file=ca_file)
        if known:
            assert fetch.get("/version/Worldwide").status == 200
            assert proxy.log == [("CONNECT", "localhost:443")]
        else:
            assert _caught(lambda: fetch.get("/version/Worldwide")).code == "P365-TLS"
            assert proxy.log == []


def test_a_socks_proxy_without_pysocks_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perimeter365.net.dial.find_spec", lambda name: None)
    monkeypatch.setenv("HTTPS_PROXY", "socks5h://127.0.0.1:1")
    error = _caught(lambda: Fetcher(f"https://{NAME}", limits=QUICK).get("/"))
    assert (error.code, error.message) == ("P365-UPSTREAM", f"the proxy for https://{NAME} is a SOCKS proxy")
    assert "pysocks" in error.help


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:1", "socks9://127.0.0.1:1"])
def test_a_proxy_with_an_unknown_scheme_is_reported(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = _caught(lambda: Fetcher(f"https://{NAME}", limits=QUICK).get("/"))
    assert (error.code, "an address that cannot be read" in error.message) == ("P365-UNREACHABLE", True)


@pytest.mark.parametrize("no_proxy", ["localhost", "127.0.0.1,localhost", "*"])
def test_no_proxy_is_honored(no_proxy: str, ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream(tls="tls") as server, Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", no_proxy)
        assert Fetcher(server.url, limits=QUICK, ca_file=ca_file).get("/version/Worldwide").status == 200
        assert proxy.log == []


# --- addresses


@pytest.mark.parametrize(
    "base", ["https://endpoints.test:port", "https://endpoints.test:99999", "https://[::1", "https://a b", "https://a..b"]
)
def test_an_invalid_base_url_is_rejected_before_any_connection(base: str) -> None:
    with pytest.raises(InputError, match="is not an address such as"):
        Fetcher(base, limits=QUICK, resolve=no_name).get("/version/Worldwide")


def test_a_name_with_non_ascii_characters_is_resolved_in_punycode() -> None:
    asked: list[str] = []

    def none(host: str, port: int) -> Sequence[str]:
        asked.append(f"{host}:{port}")
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    _caught(lambda: Fetcher("https://b\u00fccher.test:8443", limits=QUICK, resolve=none).get("/"))
    assert set(asked) == {"xn--bcher-kva.test:8443"}


@pytest.mark.parametrize(
    "location",
    ["http://[::1", "http://localhost:99999/", "//localhost:port/", "", "/\xff", "/\x00", "http://a..b/", "http://\xad/"],
)
def test_a_redirect_to_an_invalid_url_is_rejected(location: str) -> None:
    with Upstream() as server, pytest.raises(UpstreamDataError, match="redirects to an address that is not valid"):
        Fetcher(server.url, limits=QUICK)._next(server.url, location)


def test_a_redirect_keeps_the_configured_host_and_changes_path_and_query_only() -> None:
    fetch = Fetcher("http://h.test:8365/mirror", limits=QUICK)
    for location, want in (("/x?y=1#z", "/x?y=1"), ("?y", "/mirror/list?y"), ("http://H.TEST:8365/a b", "/a b")):
        assert fetch._next("http://h.test:8365/mirror/list", location) == f"http://h.test:8365{want}"
    for location in ("http://u:p@h.test:8365/", "http://@h.test:8365/", "//h.test/", "https://h.test:8365/"):
        with pytest.raises(UpstreamDataError, match="which is not configured"):
            fetch._next("http://h.test:8365/mirror/list", location)


@pytest.mark.parametrize("error", [ValueError("s3cret"), RecursionError(), AttributeError("s3cret"), UnicodeError("s3cret")])
def test_an_exception_that_no_reader_foresaw_is_an_error_of_upstream(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(Fetcher, "_answer", broken)
    with Upstream() as server:
        found = _caught(lambda: Fetcher(server.url, limits=QUICK).get("/version/Worldwide"))
    assert (type(found), found.help) == (UpstreamDataError, HELP)
    assert f"cannot be read: {type(error).__name__} in perimeter365.net.fetch:" in found.message
    assert "s3cret" not in "".join(traceback.format_exception(found))


def test_memory_that_runs_out_is_not_an_error_of_upstream(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Fetcher, "_answer", broken)
    with Upstream() as server, pytest.raises(MemoryError):
        Fetcher(server.url, limits=QUICK).get("/version/Worldwide")


def test_paths_and_queries_are_percent_encoded() -> None:
    with Upstream() as server:
        _caught(lambda: Fetcher(server.url + "/a b", limits=QUICK).get("/caf\u00e9?x=1", {"y": "2 &3"}))
        assert server.log[0] == "/a%20b/caf%C3%A9?x=1&y=2+%263"


def test_a_request_has_these_headers_and_the_login_of_netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """No-op: keep the test output clean."""

    (tmp_path / "logins").write_text("machine localhost login reader password s3cret\n")
    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        port = server.server_address[1]
        monkeypatch.setenv("NETRC", os.devnull)
        Fetcher(f"http://localhost:{port}", limits=QUICK).get("/", etag='"1"')
        monkeypatch.setenv("NETRC", str(tmp_path / "logins"))
        Fetcher(f"http://localhost:{port}", limits=QUICK).get("/", modified="Mon, 02 Nov 2026 10:00:00 GMT")
        server.shutdown()
    same = {
        "host": f"localhost:{port}",
        "user-agent": "perimeter365 (+https://pypi.org/project/perimeter365/)",
        "accept": "*/*",
        "accept-encoding": "gzip",
        "connection": "close",
    }
    assert sent == [
        same | {"if-none-match": '"1"'},
        same | {"if-modified-since": "Mon, 02 Nov 2026 10:00:00 GMT", "authorization": "Basic cmVhZGVyOnMzY3JldA=="},
    ]


# --- cleanup


@pytest.mark.parametrize("case", ["drip", "drip-head", "silence", "continue-forever", "tls-handshake-silent"])
def test_no_thread_remains_after_a_response_that_never_arrives(case: str) -> None:
    limits = FetchLimits(deadline=1, connect=60, read=0.5 if case == "silence" else 60, attempts=2, wait=0.02)
    with Upstream(case if case in CASES else "honest", tls="" if case in CASES else case) as server:
        assert _caught(lambda: Fetcher(server.url, limits=limits).get("/version/Worldwide")).code == "P365-TIMEOUT"
        for thread in threading.enumerate():
            if thread.name == "perimeter365-fetch":
                thread.join(10)
                assert not thread.is_alive()


def test_a_message_and_its_causes_contain_no_query() -> None:
    with Upstream("reset") as server:
        error = _caught(lambda: Fetcher(server.url, limits=QUICK).get("/version/Worldwide", {"ClientRequestId": "guid"}))
    told: traceback.TracebackException | None = traceback.TracebackException.from_exception(error)
    while told is not None:
        assert "guid" not in str(told)
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
