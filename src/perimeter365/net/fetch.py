"""HTTP client with limits on time, size and redirects.

All requests of the package use it.

    Fetcher("https://endpoints.office.com").get("/version/Worldwide", {"clientrequestid": guid}).body
        b'{"instance": "Worldwide", …'

    limit                       value
    one `get`                   60 seconds of wall-clock time, including retries and pauses
    connecting, each read       10 and 20 seconds
    decoded body                2 MB, and 1 MB more for header and framing
    chunks                      20,000
    redirects                   3, only to the configured scheme, host and port

Certificates are verified against the operating system's trust store (truststore). HTTPS_PROXY and NO_PROXY apply. No
message contains a credential. Each request runs in its own thread, which is abandoned at the deadline: a server that sends
one byte at a time resets every socket time-out. Reading a response raises only `UpstreamError` (`model.reading`).
"""

import math
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from itertools import count
from random import SystemRandom
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit

from perimeter365.errors import (
    InputError,
    NotJsonError,
    ProxyAuthError,
    RateLimitedError,
    TruncatedError,
    UpstreamDataError,
    UpstreamError,
    UpstreamTimeoutError,
)
from perimeter365.model.quantity import quantity
from perimeter365.model.reading import reading
from perimeter365.net.dial import Connections, Resolve, resolve, tls_context, trust_store_name
from perimeter365.net.failure import PORTAL_HELP, PROXY_HELP, RetryableError, translate_error
from perimeter365.net.proxy import basic_header, netrc_login, redacted_url, split_url

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

    from perimeter365.net.certificate import Certificate

HOUR, DAY = 3600.0, 86400.0
DEADLINE, CONNECT, READ = 60.0, 10.0, 20.0
"""Seconds for one `get`, for connecting, and for each read."""

LARGEST = 2 * 1024 * 1024
"""Default limit of a decoded body in bytes; the largest recorded list has 107,165."""

REDIRECTS = 3
LONGEST_WAIT = 8.0
"""Maximum pause in seconds between two attempts, without jitter."""

_T = TypeVar("_T")
_RANDOM = SystemRandom()
_CHUNK = 16 * 1024
# Matches `charset=utf-8` and `charset="utf-8"`, not `charset=` or `character=utf-8`.
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
# Matches `1024`, not `-1`, `+1`, `1_0`, `` or the superscript one, which `int` or `str.isdigit` accept.
_LENGTH = re.compile(r"[0-9]{1,15}")
_MOST_CHUNKS = 20_000
"""Maximum number of pieces of a body. Chunks of one byte cost the client a thousand times the work of the sender."""

_FRAMING = 1024 * 1024
"""Bytes of a response in addition to its decoded body: header, sizes of chunks, trailers."""
_AGENT = "perimeter365 (+https://pypi.org/project/perimeter365/)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """A response with status 200 or 304."""

    status: int
    body: bytes = field(repr=False)
    """Decoded; empty for 304."""
    etag: str = ""
    modified: str = ""
    """The `Last-Modified` header, unmodified."""
    kind: str = ""
    """Media type of `Content-Type`, lower case, without parameters."""
    charset: str = ""
    """Charset of `Content-Type`, lower case; "" if it has none."""
    date: float | None = None
    """Server time in seconds since 1970 (`Date` plus the `Age` of a cache); None if the header is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchLimits:
    """Limits of a request, in seconds and bytes."""

    deadline: float = DEADLINE
    connect: float = CONNECT
    read: float = READ
    largest: int = LARGEST
    attempts: int = 4
    """Maximum number of attempts after 5xx, resets, time-outs and truncated responses."""
    wait: float = 0.5
    """First pause in seconds. It doubles up to `LONGEST_WAIT`; up to `wait` seconds of jitter are added."""


class Fetcher:
    """Client for GET requests below one base URL."""

    def __init__(
        self, base: str, *, limits: FetchLimits | None = None, ca_file: str | None = None, resolve: Resolve = resolve
    ) -> None:
        """Create a client.

        Args:
            base: `https://HOST[:PORT][/PATH]`; http is accepted for local mirrors.
            limits: limits of each request; None for the defaults.
            ca_file: PEM file of authorities to trust instead of the operating system's, for local mirrors.
            resolve: returns the addresses of a name.

        Raises:
            InputError: the base URL is not valid or contains credentials.
        """
        parts = split_url(base)
        if not parts or parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
            step = "the source of the lists is set by PERIMETER365_UPSTREAM, --base-url or --from"
            raise InputError(f"{redacted_url(base)!r} is not an address such as https://endpoints.office.com", help=step)
        if parts.username or parts.password:
            raise InputError(f"{redacted_url(base)!r} contains credentials", help="put them in HTTPS_PROXY or a netrc file")
        if not parts.hostname.isascii():  # for DNS and the Host header
            name = parts.hostname.encode("idna").decode("ascii")
            parts = parts._replace(netloc=f"{name}:{parts.port}" if parts.port else name)
        self.base = urlunsplit(parts).rstrip("/")
        self.limits = limits or FetchLimits()
        self.ca_file = ca_file
        self._resolve = resolve
        self.until = math.inf
        """Deadline of all requests (`time.monotonic()`), in addition to the limit of each `get`."""
        self._blocked_until = 0.0

    def get(self, path: str, query: Mapping[str, str] | None = None, *, etag: str = "", modified: str = "") -> Response:
        """Fetch one document, with retries.

        Args:
            path: path below the base URL, beginning with `/`; "" for the base URL itself.
            query: query parameters.
            etag: ETag of the stored copy, for a conditional request.
            modified: Last-Modified of the stored copy; used if it has no ETag.

        Raises:
            UpstreamError: the subclass names the cause (`errors`).
            InputError: as for `check_login`.
        """
        left = self._blocked_until - time.monotonic()
        if left > 0:
            raise RateLimitedError(f"{self.shown} asked to wait another {quantity(round(left), 'second')}", retry_after=left)
        url = self.base + path  # urllib3 percent-encodes characters that a URL may not contain
        if query:
            url += f"{'&' if '?' in path else '?'}{urlencode(query)}"
        end = min(time.monotonic() + self.limits.deadline, self.until)
        headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close"}
        headers |= basic_header("Authorization", self._login(url))
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified and not etag else {}
        with reading(f"the response of {self.shown}"):
            return self._with_retries(lambda connections: self._once(url, headers, end, connections), end)

    def check_login(self) -> None:
        """Check that the login for the server can be read.

        `get` reads it again. Callers that convert the errors of `get` call this first: the file is not of upstream.

        Raises InputError.
        """
        self._login(self.base)

    def _login(self, url: str) -> tuple[str, str] | None:
        return netrc_login(url)

    def _with_retries(self, do: Callable[[Connections], _T], end: float) -> _T:
        for attempt in count(1):
            try:
                return self._in_time(do, end)
            except RetryableError as again:
                pause = min(self.limits.wait * 2 ** (attempt - 1), LONGEST_WAIT) + _RANDOM.uniform(0, self.limits.wait)
                if attempt >= self.limits.attempts or time.monotonic() + pause >= end:
                    raise again.error from None
            time.sleep(pause)
        raise AssertionError

    def probe(self) -> None:
        """Connect as a request would, including proxy and TLS, without sending a request.

        Raises:
            UpstreamError: as for `get`.
        """
        end = time.monotonic() + self.limits.deadline
        with reading(f"the response of {self.shown}"):
            try:
                self._in_time(lambda connections: connections.probe(self.base, self._context, self.limits.connect), end)
            except RetryableError as again:
                raise again.error from None

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """The TLS context.

        Cached, since reading the system's authorities takes longer than most requests.
        """
        return tls_context(self.ca_file)

    @property
    def shown(self) -> str:
        """The base URL without credentials, for messages."""
        return redacted_url(self.base)

    def _in_time(self, do: Callable[[Connections], _T], end: float) -> _T:
        """Run one attempt in a thread and abandon it at the deadline.

        Raises:
            UpstreamError, RetryableError: the attempt failed or reached the deadline.
        """
        result: list[_T] = []
        problem: list[BaseException] = []
        connections = Connections(self._resolve, most=self.limits.largest + _FRAMING)

        def work() -> None:
            try:
                with connections:
                    result.append(self._translated(do, connections))
            except BaseException as error:  # noqa: BLE001 (raised again in the caller's thread)
                problem.append(error)

        worker = threading.Thread(target=work, daemon=True, name="perimeter365-fetch")
        worker.start()
        worker.join(max(0.0, end - time.monotonic()))
        if result:
            return result[0]
        if problem:
            raise problem[0]
        connections.abort()
        raise UpstreamTimeoutError(f"{self.shown} did not send a complete response in time")

    def _translated(self, do: Callable[[Connections], _T], connections: Connections) -> _T:
        from urllib3.exceptions import HTTPError

        def peer_certificate() -> "Certificate | None":
            return connections.certificate(self.base, self.limits.connect)

        try:
            return do(connections)
        except (OSError, HTTPError) as error:
            found = translate_error(error, self.shown, trust_store_name(self.ca_file), peer_certificate)
        raise found  # without its cause: messages of urllib3 contain whole URLs with their queries

    def _once(self, url: str, headers: Mapping[str, str], end: float, connections: Connections) -> Response:
        from urllib3 import Timeout

        times = Timeout(connect=self.limits.connect, read=self.limits.read)
        options: dict[str, Any] = {"retries": False, "redirect": False, "preload_content": False}
        for _ in range(REDIRECTS + 1):
            # A new manager for each hop: the server may be about to close a kept-alive connection.
            with (
                connections.manager(url, self._context) as manager,
                manager.urlopen("GET", url, headers=dict(headers), timeout=times, **options) as response,
            ):
                if not 300 <= response.status < 400 or response.status == 304:
                    return self._answer(response, end)
                url = self._next(url, response.headers.get("Location", ""))
        raise UpstreamDataError(f"{self.shown} sent more than {REDIRECTS} consecutive redirects")

    def _next(self, url: str, location: str) -> str:
        old = urlsplit(url)
        new = split_url(location, url) if location and location.isascii() and location.isprintable() else None
        if new is None:
            raise UpstreamDataError(f"{self.shown} redirects to an address that is not valid")
        if (new.scheme, new.hostname, new.port) != (old.scheme, old.hostname, old.port) or new.username is not None:
            where = f"{new.scheme}://{new.hostname}" if new.hostname else new.scheme
            raise UpstreamDataError(f"{self.shown} redirects to {where[:100]!r}, which is not configured")
        return urlunsplit((old.scheme, old.netloc, new.path, new.query, ""))

    def _answer(self, response: "BaseHTTPResponse", end: float) -> Response:
        status = response.status
        if status == 304:
            return Response(status=304, body=b"", date=_date(response))
        if status == 407:
            raise ProxyAuthError(f"the proxy for {self.shown} requires authentication (407)", help=PROXY_HELP)
        if status == 429:
            wait = _retry_after(response.headers.get("Retry-After", ""))
            self._blocked_until = time.monotonic() + wait
            raise RateLimitedError(f"{self.shown} asks to wait {quantity(round(wait), 'second')} (429)", retry_after=wait)
        if status >= 500 and status != 511:
            raise RetryableError(UpstreamError(f"{self.shown} answered {status}", help="a server error; try again later"))
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if status == 511 or (status != 200 and kind == "text/html"):
            raise NotJsonError(f"{self.shown} answered {status} with a page", help=PORTAL_HELP)
        if status != 200:
            raise UpstreamDataError(f"{self.shown} answered {status}; expected 200")
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        if coding not in ("", "identity", "gzip"):
            raise UpstreamDataError(f"{self.shown} answered in the encoding {coding[:40]!r}, which was not requested")
        announced = self._length(response)
        body = self._body(response, end)
        if coding != "gzip" and announced is not None and announced != len(body):
            raise RetryableError(TruncatedError(f"{self.shown} announced {announced} bytes and sent {len(body)}"))
        etag, modified = _header(response, "ETag"), _header(response, "Last-Modified")
        charset, date = _charset(response), _date(response)
        return Response(status=200, body=body, etag=etag, modified=modified, kind=kind, charset=charset, date=date)

    def _length(self, response: "BaseHTTPResponse") -> int | None:
        """Return the announced number of bytes.

        It is None if it is not known before the end (RFC 9112 6.3).

        Raises:
            UpstreamDataError: the number is not valid, or larger than the limit.
        """
        text = response.headers.get("Content-Length")
        if text is None or "Transfer-Encoding" in response.headers:
            return None
        values = {each.strip() for each in text.split(",")}  # the same number may be repeated (RFC 9110 8.6)
        if len(values) != 1 or not _LENGTH.fullmatch(min(values)):
            raise UpstreamDataError(f"{self.shown} announced {text[:40]!a} bytes, which is not a number of bytes")
        length = int(min(values))
        if length > self.limits.largest:
            raise UpstreamDataError(f"{self.shown} announced {length} bytes, more than {self.limits.largest}")
        return length

    def _body(self, response: "BaseHTTPResponse", end: float) -> bytes:
        from urllib3.exceptions import ProtocolError

        body = bytearray()
        try:
            for number, chunk in enumerate(response.stream(_CHUNK, decode_content=True)):
                body += chunk
                if number >= _MOST_CHUNKS:
                    raise UpstreamDataError(f"{self.shown} sent more than {_MOST_CHUNKS} chunks")
                if len(body) > self.limits.largest:
                    raise UpstreamDataError(f"{self.shown} sent more than {self.limits.largest} bytes")
                if time.monotonic() > end:
                    raise UpstreamTimeoutError(f"{self.shown} did not send a complete response in time")
        except ProtocolError:  # `translate_error` treats this as a lost connection, but the response header was received
            raise RetryableError(TruncatedError(f"the response of {self.shown} was cut off")) from None
        except (ValueError, OverflowError):  # a chunk with a negative size, which http.client reads without a check
            raise UpstreamDataError(f"{self.shown} sent a chunk whose size is not a number of bytes") from None
        return bytes(body)


_NOT_A_DATE = (ValueError, TypeError, IndexError, OverflowError, OSError)
"""Exceptions of `parsedate_to_datetime`, and of `timestamp` for a date without a zone that the C library rejects."""


def _retry_after(text: str, now: Callable[[], float] = time.time) -> float:
    """Parse Retry-After to seconds, 1 to 86400.

    Return one hour if the value is not usable (RFC 9110 10.2.3).
    """
    seconds = 0.0
    if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 10:
        seconds = float(text)
    else:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now()
        except _NOT_A_DATE:
            seconds = 0.0
    return min(seconds, DAY) if seconds >= 1 else HOUR


def _header(response: "BaseHTTPResponse", name: str) -> str:
    value = response.headers.get(name, "")
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""


def _charset(response: "BaseHTTPResponse") -> str:
    found = _CHARSET.search(response.headers.get("Content-Type", ""))
    return found[1].lower() if found else ""


def _date(response: "BaseHTTPResponse") -> float | None:
    age = _header(response, "Age")
    with suppress(*_NOT_A_DATE):
        at = parsedate_to_datetime(_header(response, "Date")).timestamp()
        return at + (int(age) if age.isdigit() and len(age) < 9 else 0)
    return None
