"""The one door to the network: HTTP through requests, bounded in every direction, with errors that say what is in the way.

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
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit, urlunsplit

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
from perimeter365.net.dial import Lines, Resolve, redacted, resolve, trust, trust_store
from perimeter365.net.failure import PORTAL_HELP, PROXY_HELP, AgainError, failure

if TYPE_CHECKING:
    import requests

HOUR, DAY = 3600.0, 86400.0
DEADLINE, CONNECT, READ = 60.0, 10.0, 20.0
"""Seconds: for all of one `get`, for a connection, and for each read."""

LARGEST = 8 * 1024 * 1024
REDIRECTS = 3
LONGEST_WAIT = 8.0
"""Seconds between two tries, jitter aside."""

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
        parts = urlsplit(base)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
            step = "where the lists come from is set by PERIMETER365_UPSTREAM, --base-url or --from"
            raise InputError(f"{redacted(base)!r} is not an address such as https://endpoints.office.com", help=step)
        if parts.username or parts.password:
            raise InputError(f"{redacted(base)!r} carries credentials", help="put them into HTTPS_PROXY or a netrc file")
        self.base = base.rstrip("/")
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
        from requests.models import PreparedRequest

        left = self._blocked_until - time.monotonic()
        if left > 0:
            raise RateLimitedError(f"{self.shown} asked to wait, {left:.0f} seconds from now", retry_after=left)
        prepared = PreparedRequest()
        prepared.prepare_url(self.base + path, dict(query or {}))
        url = str(prepared.url)
        end = min(time.monotonic() + self.limits.deadline, self.until)
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", "Connection": "close"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified and not etag else {}
        for attempt in count(1):
            try:
                return self._in_time(url, headers, end)
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
        store, wait = trust_store(self.ca_file), self.limits.connect
        with Lines(self._resolve) as lines:
            timer = threading.Timer(self.limits.deadline, lines.cut)
            timer.daemon = True
            timer.start()
            try:
                lines.greet(self.base, self._context, wait)
            except OSError as error:
                found = failure(error, self.shown, store, lambda: lines.certificate(self.base, wait))
                raise (found.error if isinstance(found, AgainError) else found) from None
            finally:
                timer.cancel()

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """Whom to trust; reading the system's authorities takes longer than many a request."""
        return trust(self.ca_file)

    @property
    def shown(self) -> str:
        """The base address as messages may show it."""
        return redacted(self.base)

    def _in_time(self, url: str, headers: Mapping[str, str], end: float) -> Response:
        """One attempt in a thread, given up at the deadline whatever the server does."""
        result: dict[str, Any] = {}
        lines = Lines(self._resolve)

        def work() -> None:
            try:
                with lines:
                    result["value"] = self._once(url, headers, end, lines)
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
        lines.cut()
        raise UpstreamTimeoutError(f"{self.shown} gave no whole answer in time")

    def _once(self, url: str, headers: Mapping[str, str], end: float, lines: Lines) -> Response:
        import requests

        opened: list[requests.Response] = []
        times = (self.limits.connect, self.limits.read)
        try:
            for _ in range(REDIRECTS + 1):
                # a session for each hop: a kept connection may be one that the server is about to close
                with lines.session(self._context) as session:
                    response = session.get(url, headers=dict(headers), timeout=times, allow_redirects=False, stream=True)
                    opened.append(response)
                    if not 300 <= response.status_code < 400 or response.status_code == 304:
                        return self._answer(response, end)
                    url = self._next(url, response.headers.get("Location", ""))
        except requests.RequestException as error:
            store, wait = trust_store(self.ca_file), self.limits.connect
            # from None: the texts of requests hold whole addresses, with the query
            raise failure(error, self.shown, store, lambda: lines.certificate(url, wait)) from None
        finally:
            for response in opened:
                _hang_up(response)
        raise UpstreamDataError(f"{self.shown} sent more than {REDIRECTS} redirects, one after the other")

    def _next(self, url: str, location: str) -> str:
        old, new = urlsplit(url), urlsplit(urljoin(url, location))
        if (new.scheme, new.hostname, new.port) != (old.scheme, old.hostname, old.port) or new.username or not location:
            where = f"{new.scheme}://{new.hostname}" if new.hostname else new.scheme
            raise UpstreamDataError(f"{self.shown} redirects to {where[:100]!r}, which is not configured")
        return urlunsplit(new)

    def _answer(self, response: "requests.Response", end: float) -> Response:
        status = response.status_code
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

    def _body(self, response: "requests.Response", end: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > self.limits.largest:
                response.close()
                raise UpstreamDataError(f"{self.shown} sends more than {self.limits.largest} bytes")
            if time.monotonic() > end:
                raise UpstreamTimeoutError(f"{self.shown} gave no whole answer in time")
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


def _header(response: "requests.Response", name: str) -> str:
    value = response.headers.get(name, "")
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""


def _charset(response: "requests.Response") -> str:
    found = _CHARSET.search(response.headers.get("Content-Type", ""))
    return found[1].lower() if found else ""


def _date(response: "requests.Response") -> float | None:
    age = _header(response, "Age")
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        at = parsedate_to_datetime(_header(response, "Date")).timestamp()
        return at + (int(age) if age.isdigit() and len(age) < 9 else 0)
    return None


def _hang_up(response: "requests.Response") -> None:
    with suppress(OSError, ValueError):
        response.close()
