"""Connections are made only to addresses that have been checked."""

import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError, SSLError

from perimeter365.errors import UpstreamDataError
from perimeter365.net.dial import Connections, check_addresses, resolve, tls_context, trust_store_name
from tests.upstream import tls
from tests.upstream.proxy import Proxy
from tests.upstream.server import Upstream

NAME = "endpoints.test"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "::127.0.0.1",
    ],
)
def test_a_name_that_resolves_to_reserved_space_is_not_dialed(address: str) -> None:
    with pytest.raises(UpstreamDataError, match="loopback or reserved space"):
        check_addresses(NAME, ["52.96.1.1", address])


@pytest.mark.parametrize("address", ["52.96.1.1", "2603:1006::1", "10.1.2.3", "::ffff:52.96.1.1", "64:ff9b::3460:101"])
def test_public_private_and_nat64_addresses_may_be_dialed(address: str) -> None:
    assert check_addresses(NAME, [address]) == (address,)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "::1"])
def test_loopback_may_be_dialed_if_it_is_configured_as_an_address(host: str) -> None:
    assert check_addresses(host, ["127.0.0.1"]) == ("127.0.0.1",)


def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_dialed() -> None:
    """The name server returns a harmless address first, and loopback for the second query."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        with pytest.raises(OSError), Connections(rebinding) as connections:  # noqa: PT011 (unreachable or silent, as the machine is)
            connections.dial(NAME, listener.getsockname()[1], 0.2)
        assert asked == [NAME]
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_next_address_is_tried_when_one_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        there = ["::1", "127.0.0.1"]  # no server listens on ::1
        with Connections(lambda host, port: there) as connections, connections.dial("localhost", port, 2) as sock:
            assert sock.getpeername()[0] == "127.0.0.1"


def test_a_name_without_an_address_is_an_error() -> None:
    with pytest.raises(OSError, match="no address"):
        Connections(lambda host, port: []).dial(NAME, 443, 1)  # nothing was opened


def test_abort_ends_a_read_in_another_thread_and_prevents_new_connections() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, Connections() as connections:
        host, port = listener.getsockname()
        ended = threading.Event()
        with connections.dial(host, port, None) as sock:

            def work() -> None:
                sock.recv(1)
                ended.set()

            threading.Thread(target=work, daemon=True).start()
            connections.abort()
            assert ended.wait(10)
        with pytest.raises(TimeoutError):
            connections.dial(host, port, None)


def test_abort_ends_a_handshake_that_stalls() -> None:
    with Upstream(tls="tls-handshake-silent") as server, Connections() as connections:
        failed = threading.Event()

        def work() -> None:
            with pytest.raises(HTTPError):  # either a TLS error or a closed connection
                connections.probe(server.url, tls_context(None), 60)
            failed.set()

        threading.Thread(target=work, daemon=True).start()
        while not connections._open:
            threading.Event().wait(0.01)
        connections.abort()
        assert failed.wait(20)


def test_connections_end_with_their_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with Connections() as connections:
            host, port = listener.getsockname()
            connections.dial(host, port, 5).close()
            there, _ = listener.accept()
        with there:
            there.settimeout(10)
            assert there.recv(1) == b""  # closed on both handles


def test_the_operating_system_resolves_names_by_default() -> None:
    assert {"127.0.0.1", "::1"} & set(resolve("localhost", 80))


@pytest.mark.parametrize(
    ("found", "want"),
    [
        (["::1", "::2", "::3", "192.0.2.1"], ("::1", "192.0.2.1", "::2", "::3")),
        (["192.0.2.1", "192.0.2.2", "::1", "192.0.2.1"], ("192.0.2.1", "::1", "192.0.2.2")),
        (["192.0.2.1"], ("192.0.2.1",)),
    ],
)
def test_the_address_families_alternate(found: list[str], want: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **more: [(0, 0, 0, "", (text, 80)) for text in found])
    assert resolve("endpoints.test", 80) == want


def test_the_peer_certificate_is_read_without_verification(tmp_path: Path) -> None:
    with Upstream(tls="tls-intercepted") as server:
        with Connections() as connections:
            found = connections.certificate(server.url, 5)
        assert found is not None
        assert (found.subject, found.issuer) == ("localhost, trustme v1.2.1", "Contoso Inspection Machine 7")
        assert server.log == []  # no request was sent
    with Upstream() as server, Connections() as connections:
        assert connections.certificate(server.url.replace("http:", "https:"), 5) is None


def test_the_peer_certificate_is_read_through_a_proxy_with_its_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        Upstream(tls="tls-unknown-authority") as server,
        Proxy(user="contoso", password="p@ss:word", hosts={NAME: ("127.0.0.1", server.server_address[1])}) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with Connections() as connections:
            found = connections.certificate(f"https://{NAME}:443", 5)
        assert found is not None
        assert found.issuer == "Contoso TLS Inspection"
        assert proxy.log == [("CONNECT", f"{NAME}:443")]


def test_a_probe_sends_no_request(tmp_path: Path) -> None:
    with Upstream(tls="tls") as server, Connections() as connections:
        connections.probe(server.url, tls_context(str(tls.write_root(tmp_path))), 5)
        with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            connections.probe(server.url, tls_context(None), 5)
        assert server.log == []


def test_the_trust_store_has_a_description(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trust_store_name("/etc/company/root.pem") == "the file root.pem"
    for platform, words in (("win32", "Windows"), ("darwin", "macOS"), ("linux", "the operating system's trust store")):
        monkeypatch.setattr("sys.platform", platform)
        assert words in trust_store_name()


@pytest.mark.parametrize("line", [b"X: y\r\n", b"x" * 8192, b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_response_has_a_limit_also_in_its_header_and_framing(line: bytes) -> None:
    """A single line, the number of lines and the number of responses before the last are not limited everywhere."""
    with Connections(most=100_000) as connections:
        made = connections._pool(HTTPConnectionPool, None, probe=False).ConnectionCls.response_class
        here, there = socket.socketpair()
        with here, there:
            threading.Thread(target=_send_forever, args=(there, line), daemon=True).start()
            response = made(here)
            with pytest.raises(UpstreamDataError, match="a response with its header has more than 100000 bytes"):
                all(iter(response.fp.readline, b""))
            response.close()


def _send_forever(sock: socket.socket, line: bytes) -> None:
    with suppress(OSError):
        while True:
            sock.sendall(line)
