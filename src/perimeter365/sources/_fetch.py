"""The one door to the network: HTTP through requests, bounded in every direction, with errors that say what is in the way.

    >>> Fetcher("https://endpoints.office.com").get("/version/Worldwide", {"clientrequestid": guid}).body
    b'{"instance": "Worldwide", …'

    bound                       value
    the whole of one `get`      60 seconds of wall clock, retries and waiting included
    connecting, each read       10 and 20 seconds
    decoded body                8 MB
    redirects                   3, and only within the scheme, host and port that were configured

Trust is the operating system's (truststore), proxies are HTTPS_PROXY's and NO_PROXY's. No credential reaches a message.
A request runs in a thread of its own: a server that sends one byte now and then resets every time-out but that one.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from perimeter365.errors import (
    InputError,
    NotJsonError,
    ProxyAuthError,
    RateLimitedError,
    TlsInterceptedError,
    TruncatedError,
    UnreachableError,
    UpstreamDataError,
    UpstreamError,
    UpstreamTimeoutError,
)
from perimeter365.model.special import NOWHERE

if TYPE_CHECKING:
    import requests

HOUR, DAY = 3600.0, 86400.0
DEADLINE, CONNECT, READ = 60.0, 10.0, 20.0
"""Seconds: for all of one `get`, for a connection, and for each read."""

LARGEST = 8 * 1024 * 1024
REDIRECTS = 3
_CHUNK = 16 * 1024
_AGENT = "perimeter365 (+https://pypi.org/project/perimeter365/)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """An answer with status 200 or 304."""

    status: int
    body: bytes = field(repr=False)
    """Decoded; empty for 304."""
    etag: str = ""
    modified: str = ""
    """`Last-Modified`, as it came."""
    kind: str = ""
    """`Content-Type`, lower case, without parameters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How long and how much; seconds and bytes."""

    deadline: float = DEADLINE
    connect: float = CONNECT
    read: float = READ
    largest: int = LARGEST
    attempts: int = 4
    """Tries in all, for 5xx, resets, time-outs and cut answers."""
    wait: float = 0.5
    """The first pause; it doubles, with jitter, up to 8 seconds."""


class Fetcher:
    """GETs below one base address."""

    def __init__(self, base: str, *, limits: Limits | None = None, ca_file: str | None = None) -> None:
        """Take a base address.

        Args:
            base: `https://HOST[:PORT][/PATH]`; http is taken for a mirror of one's own.
            limits: None for the defaults.
            ca_file: PEM file of authorities to trust instead of the operating system's (for a mirror of one's own).

        Raises:
            InputError: it is no such address, or carries credentials.
        """
        parts = urlsplit(base)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
            raise InputError(f"{redacted(base)!r} is not an address such as https://endpoints.office.com")
        if parts.username or parts.password:
            raise InputError(f"{redacted(base)!r} carries credentials", help="put them into HTTPS_PROXY or a netrc file")
        self.base = base.rstrip("/")
        self.limits = limits or Limits()
        self.ca_file = ca_file
        self._blocked_until = 0.0

    def get(self, path: str, query: Mapping[str, str] | None = None, *, etag: str = "", modified: str = "") -> Response:
        """Fetch one document, with retries.

        Args:
            path: below the base, beginning with `/`; "" for the base itself.
            query: parameters.
            etag: of the copy at hand, for a conditional request.
            modified: its Last-Modified.

        Raises:
            UpstreamError: of the kind that says what happened (`errors`).
        """
        import stamina
        from requests.models import PreparedRequest

        left = self._blocked_until - time.monotonic()
        if left > 0:
            raise RateLimitedError(f"{self.shown} asked to wait, {left:.0f} seconds from now", retry_after=left)
        prepared = PreparedRequest()
        prepared.prepare_url(self.base + path, dict(query or {}))
        url = str(prepared.url)
        end = time.monotonic() + self.limits.deadline
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", "Connection": "close"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified and not etag else {}
        retrying = stamina.retry_context(
            on=_worth_it,
            attempts=self.limits.attempts,
            timeout=self.limits.deadline,
            wait_initial=self.limits.wait,
            wait_max=8.0,
            wait_jitter=self.limits.wait,
        )
        try:
            for attempt in retrying:
                with attempt:
                    return self._in_time(url, headers, end)
        except _AgainError as again:
            raise again.error from again.error.__cause__
        raise UpstreamError(f"{self.shown}: no attempt was made")  # pragma: no cover

    @property
    def shown(self) -> str:
        """The base address as messages may show it."""
        return redacted(self.base)

    def _in_time(self, url: str, headers: Mapping[str, str], end: float) -> Response:
        """One attempt in a thread, given up at the deadline whatever the server does."""
        result: dict[str, Any] = {}
        opened: list[requests.Response] = []

        def work() -> None:
            try:
                result["value"] = self._once(url, headers, end, opened)
            except BaseException as error:  # noqa: BLE001 (it is raised again in the caller's thread)
                result["error"] = error

        worker = threading.Thread(target=work, daemon=True, name="perimeter365-fetch")
        worker.start()
        worker.join(max(0.0, end - time.monotonic()))
        if "value" in result:
            value: Response = result["value"]
            return value
        if "error" in result:
            raise result["error"]
        for response in opened:
            _cut_off(response)
        raise UpstreamTimeoutError(f"{self.shown} gave no whole answer within {self.limits.deadline:g} seconds")

    def _once(self, url: str, headers: Mapping[str, str], end: float, opened: "list[requests.Response]") -> Response:
        import requests

        try:
            for _ in range(REDIRECTS + 1):
                # a session for each hop: a kept connection may be one that the server is about to close
                with requests.Session() as session:
                    self._trust(session)
                    response = self._ask(session, url, headers)
                    opened.append(response)
                    if not 300 <= response.status_code < 400 or response.status_code == 304:
                        return self._answer(response, end)
                    url = self._next(url, response.headers.get("Location", ""))
        except requests.RequestException as error:
            raise _told(error, self.shown) from error
        finally:
            for response in opened:
                _hang_up(response)
        raise UpstreamDataError(f"{self.shown} sent more than {REDIRECTS} redirects, one after the other")

    def _ask(self, session: "requests.Session", url: str, headers: Mapping[str, str]) -> "requests.Response":
        self._check_names(url)
        times = (self.limits.connect, self.limits.read)
        return session.get(url, headers=dict(headers), timeout=times, allow_redirects=False, stream=True)

    def _trust(self, session: "requests.Session") -> None:
        from requests.adapters import HTTPAdapter

        if self.ca_file:
            context: ssl.SSLContext = ssl.create_default_context(cafile=self.ca_file)
        else:
            import truststore

            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

        class Adapter(HTTPAdapter):
            def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
                super().init_poolmanager(*args, **{**kwargs, "ssl_context": context})

            def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
                return super().proxy_manager_for(proxy, **{**kwargs, "ssl_context": context})

        session.mount("https://", Adapter(max_retries=0))

    def _check_names(self, url: str) -> None:
        """A public name that leads to loopback, link-local or multicast space is not followed (DNS rebinding)."""
        from requests.utils import get_environ_proxies

        host = urlsplit(url).hostname or ""
        if host == "localhost" or _is_address(host) or get_environ_proxies(url):
            return
        try:
            found = {str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
        except OSError:
            return  # connecting says it better
        for address in sorted(found):
            if not address.lower().startswith("::ffff:") and address in NOWHERE:
                raise UpstreamDataError(f"{host} resolves to {address}, where no server of Microsoft's is")

    def _next(self, url: str, location: str) -> str:
        old, new = urlsplit(url), urlsplit(urljoin(url, location))
        if (new.scheme, new.hostname, new.port) != (old.scheme, old.hostname, old.port) or new.username or not location:
            where = f"{new.scheme}://{new.hostname}" if new.hostname else new.scheme
            raise UpstreamDataError(f"{self.shown} redirects to {where[:100]!r}, which is not configured")
        return urlunsplit(new)

    def _answer(self, response: "requests.Response", end: float) -> Response:
        status = response.status_code
        if status == 304:
            return Response(status=304, body=b"")
        if status == 407:
            raise ProxyAuthError(f"the proxy of {self.shown} wants authentication (407)", help=_PROXY_HELP)
        if status == 429:
            wait = _retry_after(response.headers.get("Retry-After", ""))
            self._blocked_until = time.monotonic() + wait
            raise RateLimitedError(f"{self.shown} asks to wait {wait:.0f} seconds (429)", retry_after=wait)
        if status >= 500 and status != 511:
            raise _AgainError(UpstreamError(f"{self.shown} answers {status}", help="its own trouble; try again later"))
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if status == 511 or (status != 200 and kind == "text/html"):
            raise NotJsonError(f"{self.shown} answers {status} with a page", help=_PORTAL_HELP)
        if status != 200:
            raise UpstreamDataError(f"{self.shown} answers {status} where 200 is expected")
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        if coding not in ("", "identity", "gzip"):
            raise UpstreamDataError(f"{self.shown} answers in the encoding {coding[:40]!r}, which was not asked for")
        body = self._body(response, end)
        announced = response.headers.get("Content-Length", "")
        if not coding and announced.isdigit() and int(announced) != len(body):
            raise _AgainError(TruncatedError(f"{self.shown} announced {announced} bytes and sent {len(body)}"))
        etag, modified = _header(response, "ETag"), _header(response, "Last-Modified")
        return Response(status=200, body=body, etag=etag, modified=modified, kind=kind)

    def _body(self, response: "requests.Response", end: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > self.limits.largest:
                response.close()
                raise UpstreamDataError(f"{self.shown} sends more than {self.limits.largest} bytes")
            if time.monotonic() > end:
                raise UpstreamTimeoutError(f"{self.shown} gave no whole answer within {self.limits.deadline:g} seconds")
        return bytes(body)


_PROXY_HELP = "set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT, or NO_PROXY for this host"
_PORTAL_HELP = "open the address in a browser on this machine: a portal or proxy may want a sign-in"


class _AgainError(Exception):
    """Wraps an error after which another try is worth it."""

    def __init__(self, error: UpstreamError) -> None:
        super().__init__(error.message)
        self.error = error


def _worth_it(error: Exception) -> bool:
    return isinstance(error, _AgainError)


def _told(error: "requests.RequestException", shown: str) -> Exception:
    """Our error for one of requests'."""
    import requests

    text = str(error)
    tls = next((e for e in _chain(error) if isinstance(e, ssl.SSLError)), None)
    if "407" in text and "Proxy" in type(error).__name__ + text:
        return ProxyAuthError(f"the proxy of {shown} wants authentication (407)", help=_PROXY_HELP)
    if isinstance(error, requests.exceptions.SSLError) or isinstance(tls, ssl.SSLCertVerificationError):
        reason = getattr(tls, "verify_message", "") or getattr(tls, "reason", "") or "the handshake failed"
        return TlsInterceptedError(
            f"TLS with {shown} failed: {str(reason).replace('_', ' ').lower()}; asked was the system's trust store",
            help="`perimeter365 doctor` shows who signed the certificate that came",
        )
    if isinstance(error, requests.Timeout) or "timed out" in text:
        return _AgainError(UpstreamTimeoutError(f"{shown} did not answer in time"))
    if isinstance(error, (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)):
        return _AgainError(TruncatedError(f"the answer of {shown} broke off"))
    if isinstance(error, requests.exceptions.ProxyError):
        return _AgainError(
            UnreachableError(f"the proxy for {shown} cannot be reached", help="check HTTPS_PROXY and NO_PROXY")
        )
    if isinstance(error, requests.ConnectionError):
        return _AgainError(UnreachableError(f"{shown} cannot be reached: {_reason(error)}"))
    return UpstreamError(f"{shown}: {type(error).__name__}")


def _reason(error: BaseException) -> str:
    for each in _chain(error):
        if isinstance(each, socket.gaierror) or "NameResolution" in type(each).__name__:
            return "its name does not resolve"
        if isinstance(each, ConnectionRefusedError):
            return "the connection was refused"
        if isinstance(each, ConnectionResetError):
            return "the connection was reset"
    return "the connection failed or broke at once"


def _chain(error: BaseException) -> list[BaseException]:
    """An error, what it wraps and what caused it."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue and len(found) < 50:
        each = queue.pop(0)
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            queue += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return found


def _retry_after(text: str, now: Callable[[], float] = time.time) -> float:
    """Seconds that a Retry-After asks for, 1 to 86400; an hour when it says nothing usable (RFC 9110 10.2.3)."""
    seconds = 0.0
    if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 10:
        seconds = float(text)
    else:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now()
        except (ValueError, TypeError, IndexError, OverflowError):
            seconds = 0.0
    return min(seconds, DAY) if seconds >= 1 else HOUR


def _header(response: "requests.Response", name: str) -> str:
    value = response.headers.get(name, "")
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""


def _hang_up(response: "requests.Response") -> None:
    with suppress(OSError, ValueError):
        response.close()


def _cut_off(response: "requests.Response") -> None:
    """Shut a connection that another thread is reading, which then ends. Closing would wait for that thread."""
    connection = getattr(response.raw, "connection", None)
    held = getattr(getattr(getattr(response.raw, "_fp", None), "fp", None), "raw", None)
    for sock in (getattr(connection, "sock", None), getattr(held, "_sock", None)):
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _is_address(host: str) -> bool:
    with suppress(ValueError):
        return bool(ipaddress.ip_address(host))
    return False


def redacted(url: str) -> str:
    """An address as messages may show it: without user, password, query and control characters."""
    parts = urlsplit(url if "://" in url else f"//{url}")
    host = parts.netloc.rpartition("@")[2]
    text = f"{parts.scheme + '://' if parts.scheme else ''}{host}{parts.path}"
    return "".join(c for c in text if c.isprintable())[:200]


def proxy_in_use(url: str) -> str:
    """The proxy that a request to this address would go through, redacted; "" for none."""
    from requests.utils import get_environ_proxies

    proxies = get_environ_proxies(url)
    found = proxies.get(urlsplit(url).scheme) or proxies.get("all") or ""
    return redacted(found) if found else ""
