"""A forward proxy on loopback: CONNECT for TLS, absolute URLs for plain HTTP, with or without a password.

    >>> with Proxy(user="contoso", password="secret", hosts={"endpoints.test": upstream.server_address}) as proxy:
    ...     proxy.url
    'http://contoso:secret@127.0.0.1:41234'

It resolves names from its own table, like a corporate proxy that resolves names which clients cannot.
"""

import base64
import select
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import quote, urlsplit

_REALM = b'Proxy-Authenticate: Basic realm="corporate"\r\n'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Proxy"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_CONNECT(self) -> None:
        """Open a tunnel."""
        host, _, port = self.path.rpartition(":")
        if self._may("CONNECT", self.path) and (there := self._reach(host.strip("[]"), int(port))):
            with there:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self._pass_on(there)

    def do_GET(self) -> None:
        """Forward a request over plain HTTP."""
        parts = urlsplit(self.path)
        if self._may("GET", f"{parts.scheme}://{parts.netloc}") and (
            there := self._reach(parts.hostname or "", parts.port or 80)
        ):
            with there:
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                kept = [f"{k}: {v}\r\n" for k, v in self.headers.items() if not k.lower().startswith("proxy-")]
                there.sendall(f"GET {path} HTTP/1.1\r\n{''.join(kept)}\r\n".encode("latin-1"))
                self._pass_on(there)

    def _may(self, method: str, where: str) -> bool:
        self.close_connection = True
        given = self.headers.get("Proxy-Authorization", "")
        self.server.log.append((method, where))
        self.server.credentials.append(given)
        wanted = base64.b64encode(f"{self.server.user}:{self.server.password}".encode()).decode()
        if self.server.user and given != f"Basic {wanted}":
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n" + _REALM + b"Content-Length: 0\r\n\r\n")
            return False
        if self.server.refuses:
            self.wfile.write(f"HTTP/1.1 {self.server.refuses} No\r\nContent-Length: 0\r\n\r\n".encode())
            return False
        return True

    def _reach(self, host: str, port: int) -> socket.socket | None:
        try:
            return socket.create_connection(self.server.hosts.get(host, (host, port)), timeout=5)
        except OSError:
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return None

    def _pass_on(self, there: socket.socket) -> None:
        ends = {self.connection: there, there: self.connection}
        with suppress(OSError):
            while not self.server.stopping.is_set():
                for end in select.select(list(ends), [], [], 0.1)[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    ends[end].sendall(data)


class Proxy(ThreadingHTTPServer):
    """A proxy that serves in a thread; a context manager.

    Attributes:
        log: (method, destination) of every request.
        credentials: the Proxy-Authorization of every request.
        hosts: host name -> real address.
        refuses: status for every authenticated request; 0 to forward it.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, *, user: str = "", password: str = "", hosts: Mapping[str, tuple[str, int]] | None = None, refuses: int = 0
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.user, self.password = user, password
        self.hosts = dict(hosts or {})
        self.refuses = refuses
        self.log: list[tuple[str, str]] = []
        self.credentials: list[str] = []
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        """The value for HTTPS_PROXY, with credentials."""
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return f"http://{who}127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """No-op: clients may close the connection."""

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
