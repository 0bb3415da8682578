r"""Answers with validators, and what a request gets of them.

That is all of it, the compressed form, or 304.

>>> answer = Answer(body=b"13.107.6.152/31\n", type="text/plain; charset=utf-8")
>>> status, headers, body = answer.reply(Conditions(match='"x", ' + answer.etag))
>>> status, body
(304, b'')

    Content-Encoding    gzip, only for a request whose Accept-Encoding names it: many clients cannot read it unasked
    ETag                hash of the body; the compressed form has one of its own, and both are accepted
    Last-Modified       when the content came into force
    Cache-Control       how long a cache may keep the answer

Sources: RFC 9110 sections 8.8, 12.5.3 and 13; RFC 9111.
"""

import gzip
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import NamedTuple

Headers = list[tuple[str, str]]

SMALL = 256
"""Bodies of fewer bytes are not compressed."""

PRIVATE = "no-store"
"""The Cache-Control of answers that must not be kept: errors, and the state of the service."""

TEXT = "text/plain; charset=utf-8"


class Conditions(NamedTuple):  # three times as fast to make as a frozen dataclass, and one is made for each request
    """The method and headers of a request that choose the form of its answer."""

    head: bool = False
    gzip: bool = False
    """Whether Accept-Encoding names gzip, with a weight above 0."""
    match: str = ""
    """If-None-Match."""
    since: str = ""
    """If-Modified-Since, which counts only without If-None-Match."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a question."""

    body: bytes
    type: str
    status: int = 200
    modified: datetime | None = None
    """When the content came into force."""
    vary: str = "Accept-Encoding"
    """The headers of a request on which the answer depends."""
    cache: str = PRIVATE
    """The value of Cache-Control."""
    extra: tuple[tuple[str, str], ...] = field(default=())
    """Other headers."""

    @cached_property
    def etag(self) -> str:
        """The entity tag of the body as it is, with its quotes."""
        return f'"{sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def _zipped(self) -> bytes | None:
        made = gzip.compress(self.body, 9, mtime=0) if len(self.body) >= SMALL else self.body
        return made if len(made) < len(self.body) else None

    @cached_property
    def _forms(self) -> tuple[Headers, Headers, Headers, Headers]:
        """Headers of: the body, the compressed body, 304 for each of them."""
        return self._headers(False, True), self._headers(True, True), self._headers(False, False), self._headers(True, False)

    def _headers(self, zipped: bool, whole: bool) -> Headers:
        found = {"vary": self.vary, "cache-control": self.cache, "x-content-type-options": "nosniff"}
        if self.status == 200:
            found["etag"] = f'{self.etag[:-1]}-gz"' if zipped else self.etag
        if self.modified:
            found["last-modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        if whole:
            found["content-type"] = self.type
            found["content-length"] = str(len(self._zipped or b"" if zipped else self.body))
            if zipped:
                found["content-encoding"] = "gzip"
        return [*found.items(), *self.extra]

    @property
    def weight(self) -> int:
        """The memory that the answer takes, in bytes, about."""
        return len(self.body) + len(self._zipped or b"") + 2_000

    def prepare(self) -> None:
        """Compute what `reply` needs, such as the compressed form.

        After that, it only has to choose.
        """
        self._forms  # noqa: B018 (cached properties)
        self.etag  # noqa: B018

    def reply(self, asked: Conditions) -> tuple[int, Headers, bytes]:
        """Return status, headers and body for a request."""
        zipped = asked.gzip and self._zipped is not None
        if (asked.match or asked.since) and self.status == 200 and self._known(asked):
            return 304, self._forms[2 + zipped], b""
        body = (self._zipped or b"") if zipped else self.body
        return self.status, self._forms[zipped], b"" if asked.head else body

    def _known(self, asked: Conditions) -> bool:
        if asked.match:
            if asked.match == self.etag:
                return True
            tags = {tag.strip().removeprefix("W/").replace('-gz"', '"') for tag in asked.match.split(",")}
            return "*" in tags or self.etag in tags
        since = _time(asked.since)
        return self.modified is not None and since is not None and int(self.modified.timestamp()) <= since


def _time(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


# Matches "gzip", "gzip;q=0.5" and "br, gzip", not "gzip;q=0" and not "x-gzip".
_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)", re.IGNORECASE)


@lru_cache(256)
def accepts_gzip(value: str) -> bool:
    """Return True if the value of Accept-Encoding names gzip with a weight above 0."""
    return _GZIP.search(value) is not None


def error_answer(status: int, text: str, *extra: tuple[str, str]) -> Answer:
    """Return the answer of an error: one line of text that no cache keeps."""
    return Answer(status=status, body=f"{text}\n".encode(), type=TEXT, extra=extra)
