"""The connections of a request: each goes to an address that was looked at before, and all can be cut off at once.

A name is resolved once for a connection, what came is checked, and that very address is dialed, while TLS and the Host
header keep the name. So a name server that says one thing to a check and another to a connection (DNS rebinding) gains
nothing, and each redirect is a connection of its own. Where a proxy is in use it resolves the name, so nothing is
checked but the name itself; the proxy's own address is whatever its user has configured.

What is kept here serves two promises of docs/reliability.md: the address that was checked is the one that is dialed
(P10, no connection to what is not configured), and every connection can be cut from outside (P4, bounded in time).

    >>> dialed("endpoints.office.com", ["52.96.1.1", "127.0.0.1"])
    Traceback (most recent call last):
    perimeter365.errors.UpstreamDataError: endpoints.office.com resolves to 127.0.0.1, where no server of Microsoft's is
"""

import ipaddress
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult

from perimeter365.errors import UpstreamDataError
from perimeter365.model.special import NOWHERE
from perimeter365.net.certificate import Certificate, read
from perimeter365.net.failure import ProxyAddressError, SocksMissingError
from perimeter365.net.proxy import bare, basic, is_address, proxy_for, proxy_login, split_proxy

if TYPE_CHECKING:
    from urllib3 import PoolManager

Resolve = Callable[[str, int], Sequence[str]]
"""(name, port) -> its addresses, in the order in which they are to be tried. Raises OSError."""

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Behind it stands an IPv4 address (RFC 6052); resolvers of networks without IPv4 answer so."""


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the operating system has them. Raises OSError.

    The families take turns (RFC 8305 4), so that where one of them leads nowhere, it costs one time-out and not all.
    """
    found = [*dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))]
    first = [text for text in found if (":" in text) == (":" in found[0])]
    others = [text for text in found if text not in first]
    return tuple(text for pair in zip_longest(first, others) for text in pair if text)


def dialed(host: str, addresses: Iterable[str]) -> Sequence[str]:
    """The addresses of a name, when all of them may be dialed: none is loopback, link-local, multicast or nowhere.

    An address that somebody configured in place of a name is theirs to choose, and so is `localhost`.

    Raises:
        UpstreamDataError: one may not.
    """
    addresses = tuple(addresses)
    if host.rstrip(".").lower() != "localhost" and not is_address(host):
        for text in addresses:
            if _inner(text) in NOWHERE:
                raise UpstreamDataError(
                    f"{host[:100]} resolves to {text[:60]}, where no server of Microsoft's is",
                    help="the name server answers for others; to use a mirror on this machine, name it by its address",
                )
    return addresses


def _inner(text: str) -> str:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if address in NAT64:
            return str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return str(address)


class Lines:
    """The connections of one request; a context manager, which they do not outlive."""

    def __init__(self, resolve: Resolve = resolve) -> None:
        self._resolve = resolve
        self._open: list[socket.socket] = []
        """Second handles, which stay whatever a library makes of the first ones; by them a connection can be cut."""
        self._lock = threading.Lock()
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._over = True
            while self._open:
                self._open.pop().close()

    def dial(self, host: str, port: int, seconds: float | None, *, checked: bool = True) -> socket.socket:
        """Connect to the first address of a name that answers.

        Args:
            host: name or address.
            port: TCP.
            seconds: to wait for each address; None without end.
            checked: refuse addresses where no server of Microsoft's can be.

        Raises:
            UpstreamDataError: the name leads to such an address.
            OSError: it does not resolve, or no address answers.
        """
        bare = host.strip("[]")
        addresses = [bare] if is_address(bare) else self._resolve(bare, port)
        problem = OSError("the name has no address")
        for address in dialed(bare, addresses) if checked else addresses:
            try:
                return self._kept(socket.create_connection((address, port), timeout=seconds))
            except OSError as error:
                problem = error
        raise problem

    def _kept(self, sock: socket.socket) -> socket.socket:
        with self._lock:
            if not self._over:
                self._open.append(sock.dup())
                return sock
        sock.close()
        raise TimeoutError("timed out")

    def cut(self) -> None:
        """Shut every connection down, also within a handshake or a read of another thread, and let no other be made."""
        with self._lock:
            self._over = True
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def manager(self, url: str, context: ssl.SSLContext, *, greeting: bool = False) -> "PoolManager":
        """The way to an address, as urllib3 has it: its connections are these, its trust is a context's and no other.

        Args:
            url: the address.
            context: whom to trust.
            greeting: whether each connection ends with a GreetedError when it is made, before anything is sent over it.

        Raises:
            ProxyAddressError, SocksMissingError: the proxy that is set cannot be used.
        """
        from urllib3 import PoolManager, ProxyManager

        proxy = proxy_for(url)
        way = split_proxy(proxy) if proxy else None
        if way is None:
            manager = PoolManager(ssl_context=context)
        elif way.scheme.startswith("socks"):
            manager = _socks_manager(way, proxy_login(proxy), context)
        else:
            manager = ProxyManager(
                bare(way),
                proxy_headers=basic("Proxy-Authorization", proxy_login(proxy)),
                proxy_ssl_context=context,
                ssl_context=context,
            )
        pools = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: self._pool(pools[scheme], way, greeting=greeting) for scheme in pools}
        return manager

    def _pool(self, pool: Any, way: SplitResult | None, *, greeting: bool) -> Any:
        """One of urllib3's pools, with connections that are dialed here; PySocks dials its own."""
        from urllib3.exceptions import NewConnectionError

        def dial(connection: Any) -> socket.socket:
            try:
                seconds = connection.timeout if isinstance(connection.timeout, int | float) else None
                return self.dial(connection.host, connection.port, seconds, checked=way is None)
            except OSError as error:
                raise NewConnectionError(connection, "no connection") from error

        def greet(connection: Any) -> None:
            made.connect(connection)
            secured = hasattr(connection.sock, "version")
            if secured and connection.sock.version() is None:  # cut before the handshake began: then there is no error
                raise TimeoutError("timed out")
            raise GreetedError(connection.sock.getpeercert(binary_form=True) if secured else b"")

        made = pool.ConnectionCls
        ours: dict[str, Any] = {} if way and way.scheme.startswith("socks") else {"_new_conn": dial}
        ours |= {"connect": greet} if greeting else {}
        return type(pool.__name__, (pool,), {"ConnectionCls": type(made.__name__, (made,), ours)})

    def greet(self, url: str, context: ssl.SSLContext, seconds: float) -> bytes:
        """Connect to an address as a request would, TLS and proxy included, and hang up.

        Args:
            url: the address.
            context: whom to trust.
            seconds: to wait for each step.

        Returns:
            The server's certificate (DER); b"" without TLS.

        Raises:
            UpstreamDataError: its name leads where no server of Microsoft's is.
            OSError, urllib3's HTTPError: it failed.
        """
        try:
            with self.manager(url, context, greeting=True) as manager:
                manager.urlopen("GET", url, timeout=seconds, retries=False)
        except GreetedError as greeted:
            return greeted.certificate
        raise AssertionError

    def certificate(self, url: str, seconds: float) -> Certificate | None:
        """The certificate that comes for an address, read without trusting it; None when none came.

        Through a proxy that speaks TLS nothing is tried: it would not be verified either, and be sent its login.
        """
        from urllib3.exceptions import HTTPError

        if proxy_for(url).lower().startswith("https:"):
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # nothing is sent over it, and nothing but the certificate is read
        with suppress(OSError, HTTPError, UpstreamDataError):
            return read(self.greet(url, context, seconds))
        return None


class GreetedError(Exception):
    """A connection was made, which is all that was wanted."""

    def __init__(self, certificate: bytes) -> None:
        super().__init__("greeted")
        self.certificate = certificate
        """DER; empty without TLS."""


def _socks_manager(way: SplitResult, login: tuple[str, str] | None, context: ssl.SSLContext) -> "PoolManager":
    """The way through a SOCKS proxy. PySocks makes its connections, so nothing but their time-outs bounds them."""
    if way.scheme not in ("socks4", "socks4a", "socks5", "socks5h"):
        raise ProxyAddressError("the proxy's kind is not known")
    if find_spec("socks") is None:
        raise SocksMissingError("PySocks is not installed")
    from urllib3.contrib.socks import SOCKSProxyManager

    user, password = login or (None, None)
    return SOCKSProxyManager(bare(way), username=user, password=password, ssl_context=context)


def trust(ca_file: str | None) -> ssl.SSLContext:
    """What to trust: a PEM file of authorities, else what the operating system trusts."""
    if ca_file:
        return ssl.create_default_context(cafile=ca_file)
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context


def trust_store(ca_file: str | None = None) -> str:
    """Which trust store `trust` asks, in words."""
    if ca_file:
        return f"the file {Path(ca_file).name}"
    if sys.platform == "win32":
        return "the certificate store of Windows"
    if sys.platform == "darwin":
        return "the keychains of macOS"
    paths = ssl.get_default_verify_paths()
    place = paths.cafile or paths.capath
    return f"the operating system's trust store{f' ({place})' if place else ''}"
