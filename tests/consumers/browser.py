"""Chromium with a PAC file: the route that it takes for a URL.

    by_chromium(pac, ["https://outlook.office.com/", "http://example.com/"], ["proxy.contoso.com:8080"])
        {"https://outlook.office.com/": "DIRECT", "http://example.com/": "PROXY proxy.contoso.com:8080"}

Chromium loads a page with one image per URL. Every host name resolves to the loopback address, with one port for
direct access and another one for each proxy in the PAC file. The servers on these ports record the requested hosts
and return the image over HTTP and TLS, so every request succeeds.
"""

import contextlib
import json
import os
import signal
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.consumers import need
from tests.consumers.refusal import Refused

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGE = b"<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"
FLAGS = (
    "--headless",
    "--no-sandbox",  # required to run as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--ignore-certificate-errors",
    "--log-level=3",
)


class _Gate(socketserver.ThreadingTCPServer):
    """The server on a loopback port: direct access, or a proxy."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, way: str, seen: dict[str, list[str]], files: dict[str, tuple[str, bytes]]) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.way = way
        self.seen = seen
        self.files = files
        self.tls = _server_context()
        self.port: int = self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore errors of connections that Chromium closes early."""


class _Request(socketserver.BaseRequestHandler):
    server: _Gate

    def handle(self) -> None:
        """Record every host requested on this connection, and answer with an image."""
        plain: socket.socket = self.request
        plain.settimeout(20)
        if self.server.way == "DIRECT" and plain.recv(1, socket.MSG_PEEK) == b"\x16":
            self._answer_inside_tls(plain)
        else:
            self._answer(plain)

    def _answer_inside_tls(self, plain: socket.socket) -> None:
        with self.server.tls.wrap_socket(plain, server_side=True) as connection:
            self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        while head := _head(connection):
            method, target, host = head
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self._answer_inside_tls(connection)
                return
            kind, body = self.server.files.get(target, ("image/svg+xml", IMAGE))
            if target not in self.server.files:
                self.server.seen.setdefault(host, []).append(self.server.way)
            fields = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            connection.sendall(f"HTTP/1.1 200 OK\r\n{fields}\r\n".encode() + body)


def _head(connection: socket.socket) -> tuple[str, str, str] | None:
    """Return method, target and host of the next request; None at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(8192)
        if not more:
            return None
        data += more
    first, *lines = data.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    fields = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
    return method, target, fields["host"].rsplit(":", 1)[0] if "host" in fields else ""


def _server_context() -> ssl.SSLContext:
    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("loopback.test").configure_cert(context)
    return context


@contextlib.contextmanager
def _gates(ways: Sequence[str], seen: dict[str, list[str]], files: dict[str, tuple[str, bytes]]) -> Iterator[list[_Gate]]:
    with contextlib.ExitStack() as stack:
        gates = [stack.enter_context(_Gate(way, seen, files)) for way in ways]
        for gate in gates:
            threading.Thread(target=gate.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            stack.callback(gate.shutdown)
        yield gates


@contextlib.contextmanager
def chromium() -> "Iterator[Browser]":
    """Start Chromium under control of a test, to open local pages.

    Skips the test if it is missing.
    """
    program = need("chromium")
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(program), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def by_chromium(
    pac: str, urls: Sequence[str], proxies: Sequence[str] = (), *, timeout: float = 60, pac_url: str = ""
) -> dict[str, str]:
    """Return the route of Chromium for each URL: `DIRECT` or `PROXY host:port`.

    Each URL needs a different host. `pac_url` is the URL of a server on 127.0.0.1 that has the file; `pac` is not used then.

    Raises `Refused` if Chromium reports an error in the file; otherwise the
    error would be invisible, since Chromium then goes direct.
    """
    program = need("chromium")
    hosts = {url: str(urlsplit(url).hostname) for url in urls}
    if len(set(hosts.values())) != len(urls):
        raise ValueError("two URLs have the same host")
    seen: dict[str, list[str]] = {}
    images = "".join(f"<img src='{url}'>" for url in urls)
    files = {
        "/proxy.pac": ("application/x-ns-proxy-autoconfig", pac.encode()),
        "/page": ("text/html", f"<!doctype html><title>routes</title>{images}".encode()),
    }
    ways = ["DIRECT", *(f"PROXY {proxy}" for proxy in proxies)]
    temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with temporary as folder, _gates(ways, seen, files) as gates:
        own = f"127.0.0.1:{gates[0].port}"
        rules = [
            f"MAP {p.rsplit(':', 1)[0]}:{p.rsplit(':', 1)[1]} 127.0.0.1:{g.port}"
            for p, g in zip(proxies, gates[1:], strict=True)
        ]
        log = Path(folder, "net.json")
        _run(
            [
                str(program),
                *FLAGS,
                f"--user-data-dir={folder}/profile",
                f"--proxy-pac-url={pac_url or f'http://{own}/proxy.pac'}",
                f"--host-resolver-rules={', '.join([*rules, f'MAP * {own}', 'EXCLUDE 127.0.0.1'])}",
                f"--log-net-log={log}",
                "--dump-dom",
                f"http://{own}/page",
            ],
            folder,
            timeout,
        )
        _raise_pac_errors(log)
    unseen = [url for url, host in hosts.items() if host not in seen]
    if unseen:
        raise Refused(f"chromium did not request {', '.join(unseen)}; it requested {sorted(seen)}")
    return {url: "; ".join(dict.fromkeys(seen[host])) for url, host in hosts.items()}


def _run(argv: Sequence[str], folder: str, timeout: float) -> str:
    """Run a program and return its output; end its process group afterwards."""
    environment = {**os.environ, "HOME": folder}
    pipe = subprocess.PIPE
    child = subprocess.Popen(argv, stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True)
    try:
        out, err = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise Refused(f"chromium did not finish the page in {timeout} s") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.returncode:
        raise Refused(f"chromium ended with {child.returncode}: {err[-2000:]}")
    return out


def _raise_pac_errors(log: Path) -> None:
    """Raise `Refused` if the network log of Chromium contains errors of the PAC file."""
    record: dict[str, Any] = json.loads(log.read_text(encoding="utf-8"))
    kind = record["constants"]["logEventTypes"]["PAC_JAVASCRIPT_ERROR"]
    errors = {
        event["params"]["message"]: event["params"].get("line_number") for event in record["events"] if event["type"] == kind
    }
    if errors:
        raise Refused("chromium: " + "; ".join(f"line {line}: {message}" for message, line in errors.items()))
