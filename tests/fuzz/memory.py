"""The client of the web service without sockets: a script of raw answers, one for each connection.

A script is answers joined by `NEXT`; the last one answers all further connections. If it begins with `CONNECT`, the client
uses a proxy, and its first answer is that of the proxy to CONNECT. Everything between `Fetcher.get` and the socket is the
real code: urllib3, http.client, redirects, decoding, limits. Only the thread with the deadline is left out.
"""

import io
import math
import socket
import ssl
from collections.abc import Callable, Sequence
from functools import cache
from http.client import HTTPException
from typing import Any, TypeVar

from urllib3 import PoolManager, ProxyManager
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ProtocolError

from perimeter365.errors import UpstreamError
from perimeter365.model.reading import HELP
from perimeter365.net.dial import Connections
from perimeter365.net.failure import RetryableError
from perimeter365.net.fetch import REDIRECTS, Fetcher, FetchLimits

NEXT = b"\n~~~~\n"
CONNECT = b"CONNECT" + NEXT
HOST, PORT, PROXY = "h.test", 8365, 3128
LARGEST = 64 * 1024
LIMITS = FetchLimits(attempts=1, wait=0.0, largest=LARGEST)
LONGEST_MESSAGE = 400
"""Limit of a message in characters. Those of the transport quote at most an address."""

T = TypeVar("T")


class MemorySocket:
    """A socket that accepts everything and answers with one piece of the script for each reader."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self.answers = list(answers)

    def makefile(self, *_: object) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self.answers.pop(0) if self.answers else b""))  # type: ignore[arg-type, unused-ignore]

    def sendall(self, data: object) -> None:
        """No-op: the answers are known."""

    def settimeout(self, seconds: object) -> None:
        """No-op: answers are immediate."""

    def shutdown(self, how: object) -> None:
        """No-op."""

    def close(self) -> None:
        """No-op."""


class MemoryConnections(Connections):
    """Connections that are pieces of a script."""

    script: Sequence[bytes] = ()
    proxied = False

    def play(self, script: bytes) -> None:
        """Begin a script."""
        self.proxied = script.startswith(CONNECT)
        self.script = script.removeprefix(CONNECT).split(NEXT)
        self.dialed = 0

    def dial(self, host: str, port: int, seconds: float | None, *, checked: bool = True) -> socket.socket:
        want = ("127.0.0.1", PROXY) if self.proxied else (HOST, PORT)
        assert (host, port) == want, f"a connection to {host}:{port}"
        at = self.dialed * (2 if self.proxied else 1)
        self.dialed += 1
        assert self.dialed <= REDIRECTS + 1, f"{self.dialed} connections"
        pieces = self.script[at : at + 2] if self.proxied else self.script[at : at + 1]
        return MemorySocket(pieces or [self.script[-1]] * 2)  # type: ignore[return-value]

    def manager(self, url: str, context: ssl.SSLContext, *, probe: bool = False) -> PoolManager:
        return _proxied(self) if self.proxied else _direct(self)


@cache
def _direct(connections: MemoryConnections) -> PoolManager:
    return Connections.manager(connections, f"http://{HOST}:{PORT}", ssl.create_default_context())


@cache
def _proxied(connections: MemoryConnections) -> PoolManager:
    """Return the manager of an HTTP proxy whose tunnel has no TLS, which needs a real socket."""

    class Pool(HTTPSConnectionPool):
        pass

    made = connections._pool(Pool, None, probe=False).ConnectionCls

    def connect(connection: Any) -> None:
        connection.sock = connection._new_conn()
        connection.is_verified = True
        connection._tunnel()

    def dial(connection: Any) -> socket.socket:
        return connections.dial(connection.host if connection.host != HOST else "127.0.0.1", PROXY, None)

    Pool.ConnectionCls = type("Tunnel", (made,), {"connect": connect, "_new_conn": dial})
    manager = ProxyManager(f"http://127.0.0.1:{PROXY}")
    manager.pool_classes_by_scheme = {**manager.pool_classes_by_scheme, "https": Pool}
    return manager


class MemoryFetcher(Fetcher):
    """A client whose attempts run in the caller's thread."""

    def __init__(self, scheme: str) -> None:
        super().__init__(f"{scheme}://{HOST}:{PORT}", limits=LIMITS)
        self.connections = MemoryConnections(most=LARGEST * 2)
        self.__dict__["_context"] = None  # the system's authorities are not needed

    def play(self, script: bytes) -> None:
        """Begin a script."""
        self.connections.play(script)
        self._blocked_until = 0.0

    def _login(self, url: str) -> None:
        """Return no login: the file is no part of an answer, and reading it takes longer than everything else."""

    def _in_time(self, do: Callable[[Connections], T], end: float) -> T:
        self.connections.dialed = 0
        return self._translated(do, self.connections)


class HeadReader:
    """The light path: from the bytes of one answer to its `Response` or its redirect, without a pool of connections."""

    def __init__(self) -> None:
        self._fetcher = MemoryFetcher("http")
        pool: Any = _direct(self._fetcher.connections).connection_from_url(self._fetcher.base)
        self._connection = pool.ConnectionCls(HOST, PORT)
        self._connection.sock = MemorySocket([])
        self._connection.request("GET", "/", preload_content=False, decode_content=True)
        self._options = self._connection._response_options

    def read(self, data: bytes) -> object:
        """Read an answer. Raises UpstreamError."""
        self._fetcher._blocked_until = 0.0
        try:
            return self._fetcher._translated(lambda _: self._read(data), self._fetcher.connections)
        except RetryableError as again:
            raise again.error from None

    def _read(self, data: bytes) -> object:
        connection = self._connection
        connection.sock = MemorySocket([data])
        connection._HTTPConnection__response, connection._HTTPConnection__state = None, "Request-sent"
        connection._response_options = self._options
        try:
            response = connection.getresponse()
        except (OSError, HTTPException) as error:  # as the pool does
            raise ProtocolError("Connection aborted.", error) from error
        if 300 <= response.status < 400 and response.status != 304:
            return self._fetcher._next(f"{self._fetcher.base}/version", response.headers.get("Location", ""))
        return self._fetcher._answer(response, math.inf)


def answered(do: Callable[[], T]) -> T | None:
    """Return the result of a request, or None after an UpstreamError. Each other exception is a finding.

    An error that only `model.reading` knows is a finding, too: a reader has to foresee it.
    """
    try:
        return do()
    except UpstreamError as error:
        refusal = error
    assert refusal.exit_code == 3, type(refusal).__name__
    assert refusal.help != HELP, f"no reader foresaw this: {refusal.message}"
    for text in (refusal.message, refusal.help):
        assert text.isprintable(), f"control characters in {text!r}"
        assert len(text) <= LONGEST_MESSAGE, f"a message of {len(text)} characters: {text!r}"
    assert SECRET not in refusal.message, refusal.message
    return None


SECRET = "b10c5ed1-bad1-445f-b386-b919946339a7"
"""The ClientRequestId of each request, which no message contains."""
