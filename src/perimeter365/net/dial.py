"""Connections of a request: only checked addresses are dialed.

All connections can be aborted at once.

A name is resolved once per connection, the addresses are checked, and one of the checked addresses is dialed. TLS and the
Host header keep the name. A name server that gives one answer to the check and another to the connection (DNS rebinding)
therefore gains nothing. Each redirect is a new connection with its own check. A proxy resolves names itself, so addresses
behind a proxy cannot be checked; the proxy's own address is the user's choice and is not checked either.

Two promises of docs/reliability.md depend on this module: only checked addresses are dialed (P10, no connection to a host
that is not configured), and another thread can abort every connection (P4, bounded time).

    >>> check_addresses("endpoints.office.com", ["52.96.1.1", "127.0.0.1"])
    Traceback (most recent call last):
    perimeter365.errors.UpstreamDataError: endpoints.office.com resolves to 127.0.0.1: loopback or reserved space
"""

import io
import ipaddress
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from http.client import HTTPResponse
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult

from perimeter365.errors import UpstreamDataError
from perimeter365.intake import read_text
from perimeter365.model.special import UNROUTABLE
from perimeter365.net.certificate import Certificate, read_certificate
from perimeter365.net.failure import ProxyAddressError, SocksMissingError
from perimeter365.net.proxy import basic_header, is_address, proxy_for, proxy_login, split_proxy, without_login

if TYPE_CHECKING:
    from urllib3 import PoolManager

Resolve = Callable[[str, int], Sequence[str]]
"""(name, port) -> addresses in the order in which they are tried. Raises OSError."""

MOST_BYTES = 3 * 1024 * 1024
"""The default limit of a response in bytes as sent: header, framing and body."""

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Prefix of IPv4-embedded IPv6 addresses (RFC 6052), which DNS64 resolvers return in IPv6-only networks."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Resolve a name with the operating system's resolver. Raises OSError.

    IPv6 and IPv4 addresses alternate (RFC 8305 4), so if one family is unreachable, only one time-out is lost.
    """
    found = [*dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))]
    first = [text for text in found if (":" in text) == (":" in found[0])]
    others = [text for text in found if text not in first]
    return tuple(text for pair in zip_longest(first, others) for text in pair if text)


def check_addresses(host: str, addresses: Iterable[str]) -> Sequence[str]:
    """Return the addresses of a name if all of them may be dialed.

    Loopback, link-local, multicast and reserved addresses are rejected (`model.special.UNROUTABLE`). A host that was
    configured as an address, or as `localhost`, is the user's choice and is not checked.

    Raises:
        UpstreamDataError: an address may not be dialed.
    """
    addresses = tuple(addresses)
    if host.rstrip(".").lower() != "localhost" and not is_address(host):
        for text in addresses:
            if _inner(text) in UNROUTABLE:
                raise UpstreamDataError(
                    f"{host[:100]} resolves to {text[:60]}: loopback or reserved space",
                    help="check this machine's name servers; to use a mirror on this machine, configure it by address",
                )
    return addresses


def _inner(text: str) -> str:
    """Return the IPv4 address embedded in an IPv6 address, else the address itself."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if address in NAT64:
            return str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return str(address)


class Connections:
    """The connections of one request. Leaving the context closes them."""

    def __init__(self, resolve: Resolve = resolve, *, most: int = MOST_BYTES) -> None:
        """Set the options.

        Args:
            resolve: returns the addresses of a name.
            most: the maximum size of each response in bytes, as sent.
        """
        self._resolve = resolve
        self._most = most
        self._open: list[socket.socket] = []
        """Duplicates of the sockets, for `abort`. They stay valid after urllib3 wraps or closes the originals."""
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            while self._open:
                self._open.pop().close()

    def dial(self, host: str, port: int, seconds: float | None, *, checked: bool = True) -> socket.socket:
        """Connect to the first address of a name that answers.

        Args:
            host: a name or address.
            port: the TCP port.
            seconds: time-out for each address; None for no time-out.
            checked: whether to call `check_addresses`.

        Raises:
            UpstreamDataError: the name resolves to an address that may not be dialed.
            OSError: the name does not resolve, or no address answers.
        """
        bare = host.strip("[]")
        addresses = [bare] if is_address(bare) else self._resolve(bare, port)
        problem = OSError("the name has no address")
        for address in check_addresses(bare, addresses) if checked else addresses:
            try:
                return self._register(socket.create_connection((address, port), timeout=seconds))
            except OSError as error:
                problem = error
        raise problem

    def _register(self, sock: socket.socket) -> socket.socket:
        with self._lock:
            if not self._closed:
                self._open.append(sock.dup())
                return sock
        sock.close()
        raise TimeoutError("timed out")

    def abort(self) -> None:
        """Shut down every connection and prevent new ones.

        A handshake or read that blocks in another thread ends with an error.
        """
        with self._lock:
            self._closed = True
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def manager(self, url: str, context: ssl.SSLContext, *, probe: bool = False) -> "PoolManager":
        """Return a urllib3 pool manager for a URL.

        It uses these connections and one TLS context.

        Args:
            url: the URL to be requested; it selects the proxy.
            context: the TLS context for servers and proxies.
            probe: whether each connection raises ProbeDoneError once it is established, before a request is sent.

        Raises:
            ProxyAddressError, SocksMissingError: the configured proxy cannot be used.
        """
        from urllib3 import PoolManager, ProxyManager

        proxy = proxy_for(url)
        parts = split_proxy(proxy) if proxy else None
        if parts is None:
            manager = PoolManager(ssl_context=context)
        elif parts.scheme.startswith("socks"):
            manager = _socks_manager(parts, proxy_login(proxy), context)
        else:
            manager = ProxyManager(
                without_login(parts),
                proxy_headers=basic_header("Proxy-Authorization", proxy_login(proxy)),
                proxy_ssl_context=context,
                ssl_context=context,
            )
        pools = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: self._pool(pools[scheme], parts, probe=probe) for scheme in pools}
        return manager

    def _pool(self, pool: Any, parts: SplitResult | None, *, probe: bool) -> Any:
        """Return a subclass of a urllib3 pool whose connections use `dial`.

        PySocks dials its own.
        """
        from urllib3.exceptions import NewConnectionError

        def dial(connection: Any) -> socket.socket:
            try:
                seconds = connection.timeout if isinstance(connection.timeout, int | float) else None
                return self.dial(connection.host, connection.port, seconds, checked=parts is None)
            except OSError as error:
                raise NewConnectionError(connection, "no connection") from error

        def connect_and_stop(connection: Any) -> None:
            made.connect(connection)
            secured = hasattr(connection.sock, "version")
            if secured and connection.sock.version() is None:  # aborted before the handshake began, which raises no error
                raise TimeoutError("timed out")
            raise ProbeDoneError(connection.sock.getpeercert(binary_form=True) if secured else b"")

        made = pool.ConnectionCls
        overrides: dict[str, Any] = {"response_class": type("Response", (_BoundedResponse,), {"most": self._most})}
        overrides |= {} if parts and parts.scheme.startswith("socks") else {"_new_conn": dial}
        overrides |= {"connect": connect_and_stop} if probe else {}
        return type(pool.__name__, (pool,), {"ConnectionCls": type(made.__name__, (made,), overrides)})

    def probe(self, url: str, context: ssl.SSLContext, seconds: float) -> bytes:
        """Connect as a request would, and close without sending a request.

        The connection includes TLS and the proxy.

        Args:
            url: the URL to connect to.
            context: the TLS context.
            seconds: time-out for each step.

        Returns:
            The server's certificate (DER); b"" without TLS.

        Raises:
            UpstreamDataError: the name resolves to an address that may not be dialed.
            OSError, urllib3's HTTPError: the connection failed.
        """
        try:
            with self.manager(url, context, probe=True) as manager:
                manager.urlopen("GET", url, timeout=seconds, retries=False)
        except ProbeDoneError as done:
            return done.certificate
        raise AssertionError

    def certificate(self, url: str, seconds: float) -> Certificate | None:
        """Read the certificate that a server presents, without verifying it.

        Return None if there is none.

        With an HTTPS proxy, return None without a connection: the proxy's certificate would not be verified either, and
        the proxy would receive its login.
        """
        from urllib3.exceptions import HTTPError

        if proxy_for(url).lower().startswith("https:"):
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # nothing is sent, and only the certificate is read
        with suppress(OSError, HTTPError, UpstreamDataError):
            return read_certificate(self.probe(url, context, seconds))
        return None


class _BoundedResponse(HTTPResponse):
    """A response whose header, chunk sizes, trailers and body together have a limit.

    Python and urllib3 limit single lines, some of their releases not even those, and not the number of trailers.
    """

    most = MOST_BYTES

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_BoundedReader(self.fp.detach(), self.most))

    def begin(self) -> None:
        """Read the header, and ignore what is not a field of one.

        urllib3 would log it with the URL, which contains the id of the installation.
        """
        super().begin()
        self.msg.defects.clear()
        self.msg.set_payload("")


class _BoundedReader(io.RawIOBase):
    """Read from another reader up to a number of bytes, then raise UpstreamDataError."""

    def __init__(self, source: Any, most: int) -> None:
        self._source, self._most, self._left = source, most, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        count: int | None = self._source.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise UpstreamDataError(f"a response with its header has more than {self._most} bytes")
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


class ProbeDoneError(Exception):
    """A probe has established its connection.

    Raised in urllib3 to stop before a request is sent.
    """

    def __init__(self, certificate: bytes) -> None:
        super().__init__("connected")
        self.certificate = certificate
        """DER; empty without TLS."""


def _socks_manager(parts: SplitResult, login: tuple[str, str] | None, context: ssl.SSLContext) -> "PoolManager":
    """Return a pool manager for a SOCKS proxy.

    PySocks makes the connections itself, so they are bounded only by their time-outs and cannot be aborted.
    """
    if parts.scheme not in ("socks4", "socks4a", "socks5", "socks5h"):
        raise ProxyAddressError("the scheme of the proxy is unknown")
    if find_spec("socks") is None:
        raise SocksMissingError("PySocks is not installed")
    from urllib3.contrib.socks import SOCKSProxyManager

    user, password = login or (None, None)
    return SOCKSProxyManager(without_login(parts), username=user, password=password, ssl_context=context)


MAX_CA_BYTES = 8 * 1024 * 1024
"""The maximum size of a file of authorities. Those of operating systems have 250,000 bytes."""


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return the TLS context for a PEM file of authorities.

    With None, it uses the operating system's trust store.
    """
    if ca_file:
        return ssl.create_default_context(cadata=read_text(Path(ca_file), most=MAX_CA_BYTES))
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context


def trust_store_name(ca_file: str | None = None) -> str:
    """Describe the trust store that `tls_context` uses, for messages."""
    if ca_file:
        return f"the file {Path(ca_file).name}"
    if sys.platform == "win32":
        return "the certificate store of Windows"
    if sys.platform == "darwin":
        return "the keychains of macOS"
    paths = ssl.get_default_verify_paths()
    place = paths.cafile or paths.capath
    return f"the operating system's trust store{f' ({place})' if place else ''}"
