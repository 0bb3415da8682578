"""The connections of a request: each goes to an address that was looked at before, and all can be cut off at once.

A name is resolved once for a connection, what came is checked, and that very address is dialed, while TLS and the Host
header keep the name. So a name server that says one thing to a check and another to a connection (DNS rebinding) gains
nothing, and each redirect is a connection of its own. Where a proxy is in use it resolves the name, so nothing is
checked but the name itself; the proxy's own address is whatever its user has configured.

    >>> dialed("endpoints.office.com", ["52.96.1.1", "127.0.0.1"])
    Traceback (most recent call last):
    perimeter365.errors.UpstreamDataError: endpoints.office.com resolves to 127.0.0.1, where no server of Microsoft's is
"""

import ipaddress
import os
import re
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult, urlsplit

from perimeter365.errors import UpstreamDataError
from perimeter365.model.special import NOWHERE
from perimeter365.net.certificate import Certificate, read

if TYPE_CHECKING:
    import requests

Resolve = Callable[[str, int], Sequence[str]]
"""(name, port) -> its addresses, in the order in which they are to be tried. Raises OSError."""

UNREAD = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables by which other programs are told whom to trust, which are not read here."""

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


def is_address(host: str) -> bool:
    """Is it an address, not a name?"""
    with suppress(ValueError):
        return bool(ipaddress.ip_address(host.strip("[]")))
    return False


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

    def session(self, context: ssl.SSLContext) -> "requests.Session":
        """A session whose connections are these, and whose trust is that of a context and nothing else."""
        import requests
        from requests.adapters import HTTPAdapter

        direct, proxied = self._pools(checked=True), self._pools(checked=False)

        class Adapter(HTTPAdapter):
            def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
                super().init_poolmanager(*args, **{**kwargs, "ssl_context": context})
                self.poolmanager.pool_classes_by_scheme = direct

            def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
                manager = super().proxy_manager_for(proxy, **{**kwargs, "ssl_context": context})
                if not proxy.lower().startswith("socks"):
                    manager.pool_classes_by_scheme = proxied
                return manager

            # requests would have urllib3 trust its own bundle, or that of REQUESTS_CA_BUNDLE, besides the context's
            def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
                return super().build_connection_pool_key_attributes(request, True, cert)

            def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
                conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None

        session = requests.Session()
        session.mount("https://", Adapter(max_retries=0))
        session.mount("http://", Adapter(max_retries=0))
        return session

    def _pools(self, *, checked: bool) -> dict[str, type]:
        """urllib3's pools, with connections that are dialed here."""
        from urllib3.connection import HTTPConnection, HTTPSConnection
        from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
        from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

        lines = self

        def dial(connection: Any) -> socket.socket:
            try:
                seconds = connection.timeout if isinstance(connection.timeout, int | float) else None
                return lines.dial(connection.host, connection.port, seconds, checked=checked)
            except socket.gaierror as error:
                raise NameResolutionError(connection.host, connection, error) from error
            except TimeoutError as error:
                raise ConnectTimeoutError(connection, "connect timed out") from error
            except OSError as error:
                raise NewConnectionError(connection, f"no connection: {error}") from error

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return dial(self)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return dial(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        return {"http": PlainPool, "https": SecurePool}

    def greet(self, url: str, context: ssl.SSLContext, seconds: float) -> None:
        """Connect to an address, TLS and an HTTP proxy included, and hang up.

        Raises:
            UpstreamDataError: its name leads where no server of Microsoft's is.
            OSError: it failed; of requests' classes where the proxy is what failed.
        """
        from requests.exceptions import InvalidProxyURL, ProxyError

        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        proxy = proxy_for(url)
        try:
            sock = self._tunnel(parts.hostname or "", port, proxy, seconds)
        except InvalidProxyURL:
            raise
        except OSError as error:
            raise ProxyError(error) if proxy else error from None
        with sock:
            if parts.scheme == "https":
                with context.wrap_socket(sock, server_hostname=parts.hostname) as secured:
                    if secured.version() is None:  # cut before the handshake began: then there is none, and no error
                        raise TimeoutError("timed out")

    def certificate(self, url: str, seconds: float) -> Certificate | None:
        """The certificate that comes for an address, read without trusting it: a handshake, and the line is closed.

        It takes the same way as a request, through a proxy if one is in use. None when none came.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # nothing is sent over it, and nothing but the certificate is read
        with suppress(OSError, ValueError, UpstreamDataError):
            sock = self._tunnel(host, port, proxy_for(url), seconds)
            with sock, context.wrap_socket(sock, server_hostname=host) as secured:
                return read(secured.getpeercert(binary_form=True) or b"")
        return None

    def _tunnel(self, host: str, port: int, proxy: str, seconds: float) -> socket.socket:
        """A line to a server, through an HTTP proxy if there is one. Raises OSError."""
        if not proxy:
            return self.dial(host, port, seconds)
        from http.client import HTTPConnection

        from requests.utils import get_auth_from_url
        from urllib3.util import make_headers

        way = split_proxy(proxy)
        if way.scheme != "http" or not way.hostname:
            raise OSError("only tried through a plain HTTP proxy")
        user, password = get_auth_from_url(proxy)
        headers = make_headers(proxy_basic_auth=f"{user}:{password}") if user else {}
        line = HTTPConnection(way.hostname, way.port or 80, timeout=seconds)
        line.set_tunnel(host, port, headers)
        line.connect()
        return self._kept(line.sock)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkVariables:
    """What the environment says of the way to an address."""

    proxy: str
    """The proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY for the address, as it was set; "" if there is none."""
    spared: bool
    """Whether a proxy is set, but NO_PROXY spares the address."""
    unread: tuple[str, ...]
    """Variables that name authorities for other programs, which are not read here, with another value than ours."""


def network_variables(url: str, trusted: str = "") -> NetworkVariables:
    """Read the variables of proxies and authorities: the one place that does.

    Args:
        url: the address to be reached.
        trusted: what is trusted here, in words; a variable whose value occurs in it is not counted as unread.
    """
    from requests.utils import get_environ_proxies, select_proxy

    proxy = select_proxy(url, get_environ_proxies(url)) or ""
    named = any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"))
    unread = tuple(name for name in UNREAD if os.environ.get(name, trusted) not in trusted)
    return NetworkVariables(proxy=proxy, spared=named and not proxy, unread=unread)


def proxy_for(url: str) -> str:
    """The proxy for an address, as it was set; "" if there is none."""
    return network_variables(url).proxy


def split_proxy(proxy: str) -> SplitResult:
    """A proxy's address in its parts. Raises requests' InvalidProxyURL, an OSError, which says nothing of what was set."""
    from requests.exceptions import InvalidProxyURL

    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        if parts.hostname and not re.search(r"\s", parts.hostname) and parts.port != 0:
            return parts
    except ValueError:  # a bracket that is not closed, a port that is no number
        pass
    raise InvalidProxyURL("the proxy's address cannot be read")


def redacted(url: str) -> str:
    """An address as messages may show it: without user, password, query and control characters."""
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    text = f"{parts.scheme + '://' if parts.scheme else ''}{host}{parts.path}"
    return "".join(c for c in text if c.isprintable())[:200]
