"""What the programs of this folder have in common: their table, and their HTTP.

Every program arrives with `Host: endpoints.office.com`, because devices are pointed by DNS or a hosts file. `Web.get` sends
what a program would send: no Accept-Encoding unless it is given, and no redirect is followed, since some programs do not.

A program is a function that gets a `Web` and works, or raises an error as the real one would.
"""

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

HOST = "endpoints.office.com"
GUID = "b10c5ed1-bad1-445f-b386-b919946339a7"
"""The one of Microsoft's documentation, which many programs send."""

CLIENT = f"ClientRequestId={GUID}"
PATIENCE = 60.0
"""Seconds that a program waits for an answer."""


@dataclass(frozen=True, kw_only=True)
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("ascii")

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Web:
    """A service at a base URL."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to connect to."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)

    def get(self, target: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Got:
        """Send a request, in a connection of its own."""
        connection = self._connection()
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": HOST, "User-Agent": "client/1.0", **(headers or {})}.items():
                connection.putheader(name, value)
            if method == "POST":
                connection.putheader("Content-Length", "0")
            connection.endheaders()
            got = connection.getresponse()
            return Got(status=got.status, headers={k.lower(): v for k, v in got.getheaders()}, body=got.read())
        finally:
            connection.close()

    def ok(self, target: str, headers: Mapping[str, str] | None = None) -> Got:
        """Send a request whose answer has to be 200."""
        got = self.get(target, headers)
        assert got.status == 200, f"{target}: {got.status} {got.body[:200]!r}"
        return got

    def raw(self, request: str) -> bytes:
        """Send bytes and return all that comes until the service closes the connection."""
        received = b""
        with self._socket() as connection:
            connection.sendall(request.encode("ascii"))
            while part := connection.recv(65536):
                received += part
        return received

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self.address
        if self.url.startswith("https:"):
            return http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=_context())
        return http.client.HTTPConnection(host, port, timeout=PATIENCE)

    def _socket(self) -> socket.socket:
        plain = socket.create_connection(self.address, PATIENCE)
        return _context().wrap_socket(plain, server_hostname=HOST) if self.url.startswith("https:") else plain


def _context() -> ssl.SSLContext:
    """Return a context without verification: the certificate is the one of a test."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


Program = Callable[[Web], None]
PROGRAMS: dict[str, Program] = {}
"""Name -> program."""


def program(function: Program) -> Program:
    """Put a program into the table."""
    assert function.__name__ not in PROGRAMS
    PROGRAMS[function.__name__] = function
    return function
