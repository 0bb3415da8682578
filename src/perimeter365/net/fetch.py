"""The one door to the network: HTTP through urllib3, bounded in every direction, with errors that say what is in the way.

    Fetcher("https://endpoints.office.com").get("/version/Worldwide", {"clientrequestid": guid}).body
        b'{"instance": "Worldwide", …'

    bound                       value
    the whole of one `get`      60 seconds of wall clock, retries and waiting included
    connecting, each read       10 and 20 seconds
    decoded body                8 MB
    redirects                   3, and only within the scheme, host and port that were configured

Trust is the operating system's (truststore), proxies are HTTPS_PROXY's and NO_PROXY's. No credential reaches a message.
A request runs in a thread of its own: a server that sends one byte now and then resets every time-out but that one.
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
from perimeter365.net.dial import Lines, Resolve, resolve, trust, trust_store
from perimeter365.net.failure import PORTAL_HELP, PROXY_HELP, AgainError, failure
from perimeter365.net.proxy import basic, netrc_login, redacted, split

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

    from perimeter365.net.certificate import Certificate

HOUR, DAY = 3600.0, 86400.0
DEADLINE, CONNECT, READ = 60.0, 10.0, 20.0
"""Seconds: for all of one `get`, for a connection, and for each read."""

LARGEST = 8 * 1024 * 1024
REDIRECTS = 3
LONGEST_WAIT = 8.0
"""Seconds between two tries, jitter aside."""

_T = TypeVar("_T")
_RANDOM = SystemRandom()
_CHUNK = 16 * 1024
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
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
    charset: str = ""
    """That of `Content-Type`, lower case; "" when it names none."""
    date: float | None = None
    """The server's clock when it was sent, in seconds since 1970 (`Date`, and `Age` of a cache); None when not said."""


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
    """Seconds of the first pause; it doubles up to `LONGEST_WAIT`, and as much as this comes to it by chance."""


class Fetcher:
    """GETs below one base address."""

    def __init__(
        self, base: str, *, limits: Limits | None = None, ca_file: str | None = None, resolve: Resolve = resolve
    ) -> None:
        """Take a base address.

        Args:
            base: `https://HOST[:PORT][/PATH]`; http is taken for a mirror of one's own.
            limits: None for the defaults.
            ca_file: PEM file of authorities to trust instead of the operating system's (for a mirror of one's own).
            resolve: gives the addresses of a name.

        Raises:
            InputError: it is no such address, or carries credentials.
        """
        parts = split(base)
        if not parts or parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
            step = "where the lists come from is set by PERIMETER365_UPSTREAM, --base-url or --from"
            raise InputError(f"{redacted(base)!r} is not an address such as https://endpoints.office.com", help=step)
        if parts.username or parts.password:
            raise InputError(f"{redacted(base)!r} carries credentials", help="put them into HTTPS_PROXY or a netrc file")
        if not parts.hostname.isascii():  # for DNS and the Host header
            name = parts.hostname.encode("idna").decode("ascii")
            parts = parts._replace(netloc=f"{name}:{parts.port}" if parts.port else name)
        self.base = urlunsplit(parts).rstrip("/")
        self.limits = limits or Limits()
        self.ca_file = ca_file
        self._resolve = resolve
        self.until = math.inf
        """When everything has to be over (`time.monotonic()`), however long one `get` may take."""
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
        left = self._blocked_until - time.monotonic()
        if left > 0:
            raise RateLimitedError(f"{self.shown} asked to wait, {left:.0f} seconds from now", retry_after=left)
        url = self.base + path  # urllib3 writes what an address may not hold as %XX
        if query:
            url += f"{'&' if '?' in path else '?'}{urlencode(query)}"
        end = min(time.monotonic() + self.limits.deadline, self.until)
        headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close"}
        headers |= basic("Authorization", netrc_login(url))
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified and not etag else {}
        for attempt in count(1):
            try:
                return self._in_time(lambda lines: self._once(url, headers, end, lines), end)
            except AgainError as again:
                pause = min(self.limits.wait * 2 ** (attempt - 1), LONGEST_WAIT) + _RANDOM.uniform(0, self.limits.wait)
                if attempt >= self.limits.attempts or time.monotonic() + pause >= end:
                    raise again.error from None
            time.sleep(pause)
        raise AssertionError

    def greet(self) -> None:
        """Connect as a request would, through the proxy if there is one, and hang up before anything is asked.

        Raises:
            UpstreamError: as `get`.
        """
        end = time.monotonic() + self.limits.deadline
        try:
            self._in_time(lambda lines: lines.greet(self.base, self._context, self.limits.connect), end)
        except AgainError as again:
            raise again.error from None

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """Whom to trust; reading the system's authorities takes longer than many a request."""
        return trust(self.ca_file)

    @property
    def shown(self) -> str:
        """The base address as messages may show it."""
        return redacted(self.base)

    def _in_time(self, do: Callable[[Lines], _T], end: float) -> _T:
        """One attempt in a thread, given up at the deadline whatever the server does; its errors are ours."""
        from urllib3.exceptions import HTTPError

        result: list[_T] = []
        problem: list[BaseException] = []
        lines = Lines(self._resolve)

        def look() -> "Certificate | None":
            return lines.certificate(self.base, self.limits.connect)

        def work() -> None:
            try:
                with lines:
                    try:
                        result.append(do(lines))
                    except (OSError, HTTPError) as error:
                        # not its cause: the texts of urllib3 hold whole addresses, with the query
                        problem.append(failure(error, self.shown, trust_store(self.ca_file), look))
            except BaseException as error:  # noqa: BLE001 (it is raised again in the caller's thread)
                problem.append(error)

        worker = threading.Thread(target=work, daemon=True, name="perimeter365-fetch")
        worker.start()
        worker.join(max(0.0, end - time.monotonic()))
        if result:
            return result[0]
        if problem:
            raise problem[0]
        lines.cut()
        raise UpstreamTimeoutError(f"{self.shown} gave no whole answer in time")

    def _once(self, url: str, headers: Mapping[str, str], end: float, lines: Lines) -> Response:
        from urllib3 import Timeout

        times = Timeout(connect=self.limits.connect, read=self.limits.read)
        as_it_is: dict[str, Any] = {"retries": False, "redirect": False, "preload_content": False}
        for _ in range(REDIRECTS + 1):
            # a manager for each hop: a kept connection may be one that the server is about to close
            with (
                lines.manager(url, self._context) as manager,
                manager.urlopen("GET", url, headers=dict(headers), timeout=times, **as_it_is) as response,
            ):
                if not 300 <= response.status < 400 or response.status == 304:
                    return self._answer(response, end)
                url = self._next(url, response.headers.get("Location", ""))
        raise UpstreamDataError(f"{self.shown} sent more than {REDIRECTS} redirects, one after the other")

    def _next(self, url: str, location: str) -> str:
        old, new = urlsplit(url), split(location, url)
        if new is None:
            raise UpstreamDataError(f"{self.shown} redirects to an address that cannot be read")
        if (new.scheme, new.hostname, new.port) != (old.scheme, old.hostname, old.port) or new.username or not location:
            where = f"{new.scheme}://{new.hostname}" if new.hostname else new.scheme
            raise UpstreamDataError(f"{self.shown} redirects to {where[:100]!r}, which is not configured")
        return urlunsplit(new)

    def _answer(self, response: "BaseHTTPResponse", end: float) -> Response:
        status = response.status
        if status == 304:
            return Response(status=304, body=b"", date=_date(response))
        if status == 407:
            raise ProxyAuthError(f"the proxy of {self.shown} wants authentication (407)", help=PROXY_HELP)
        if status == 429:
            wait = _retry_after(response.headers.get("Retry-After", ""))
            self._blocked_until = time.monotonic() + wait
            raise RateLimitedError(f"{self.shown} asks to wait {wait:.0f} seconds (429)", retry_after=wait)
        if status >= 500 and status != 511:
            raise AgainError(UpstreamError(f"{self.shown} answers {status}", help="its own trouble; try again later"))
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if status == 511 or (status != 200 and kind == "text/html"):
            raise NotJsonError(f"{self.shown} answers {status} with a page", help=PORTAL_HELP)
        if status != 200:
            raise UpstreamDataError(f"{self.shown} answers {status} where 200 is expected")
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        if coding not in ("", "identity", "gzip"):
            raise UpstreamDataError(f"{self.shown} answers in the encoding {coding[:40]!r}, which was not asked for")
        body = self._body(response, end)
        announced = response.headers.get("Content-Length", "")
        if not coding and announced.isdigit() and int(announced) != len(body):
            raise AgainError(TruncatedError(f"{self.shown} announced {announced} bytes and sent {len(body)}"))
        etag, modified = _header(response, "ETag"), _header(response, "Last-Modified")
        charset, date = _charset(response), _date(response)
        return Response(status=200, body=body, etag=etag, modified=modified, kind=kind, charset=charset, date=date)

    def _body(self, response: "BaseHTTPResponse", end: float) -> bytes:
        from urllib3.exceptions import ProtocolError

        body = bytearray()
        try:
            for chunk in response.stream(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > self.limits.largest:
                    raise UpstreamDataError(f"{self.shown} sends more than {self.limits.largest} bytes")
                if time.monotonic() > end:
                    raise UpstreamTimeoutError(f"{self.shown} gave no whole answer in time")
        except ProtocolError:  # which before the head of an answer would mean that there is none
            raise AgainError(TruncatedError(f"the answer of {self.shown} broke off")) from None
        return bytes(body)


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


def _header(response: "BaseHTTPResponse", name: str) -> str:
    value = response.headers.get(name, "")
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""


def _charset(response: "BaseHTTPResponse") -> str:
    found = _CHARSET.search(response.headers.get("Content-Type", ""))
    return found[1].lower() if found else ""


def _date(response: "BaseHTTPResponse") -> float | None:
    age = _header(response, "Age")
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        at = parsedate_to_datetime(_header(response, "Date")).timestamp()
        return at + (int(age) if age.isdigit() and len(age) < 9 else 0)
    return None
