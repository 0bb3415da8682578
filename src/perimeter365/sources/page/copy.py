"""Fetch a copy of the other-endpoints page, and decode it."""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from perimeter365.errors import UpstreamDataError
from perimeter365.intake import read_bytes, read_stdin

_KINDS_TEXT = "text/html text/plain text/markdown text/x-markdown application/xhtml+xml application/octet-stream"
_KINDS = ("", *_KINDS_TEXT.split())
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ENCODINGS = (
    "utf-8", "utf-16", "ascii", "iso8859", "cp125", "cp874", "cp93", "cp94", "cp95", "tis-620", "koi8", "shift_jis", "euc_",
    "iso2022_jp", "gb", "big5", "mac-",
)  # fmt: skip
"""The beginnings of Python's names of the encodings that pages use."""
# matches `<meta charset="utf-8">`, `<meta content="text/html; charset=utf-8">`; not `charset=utf-8` alone
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)

# A page is hostile input. LARGEST bounds memory, and together with `reader.MAX_LINES`, `_markdown.MAX_ROWS` and the depth
# that libxml2 accepts the time of the two libraries: of many texts of this size, the slowest ones keep libxml2 busy for 3 s
# (a tag with 60,000 attributes) and markdown-it for 5 s (brackets), in 200 MiB. `_html.MAX_TEXT` bounds what cells repeat,
# and `reader.SECONDS` the time of the rest.
LARGEST = 512 * 1024
"""The maximum size of a page in bytes; real pages have 15,000 to 150,000."""


@dataclass(frozen=True, kw_only=True)
class PageCopy:
    """A copy of the page, as it was received."""

    body: bytes = field(repr=False)
    charset: str = ""
    """The encoding that the server reported; "" if it reported none."""


def fetch_page(source: str) -> PageCopy:
    """Fetch a copy of the page from a file, stdin (`-`) or an https URL.

    `net.fetch` has the limits of a URL. Raises InputError if a file cannot be read, UpstreamError if a URL cannot.
    """
    if "://" in source:
        from urllib.parse import parse_qsl, urlsplit

        from perimeter365.net.fetch import Fetcher, FetchLimits

        parts = urlsplit(source)
        fetcher = Fetcher(parts._replace(query="", fragment="").geturl(), limits=FetchLimits(largest=LARGEST))
        answer = fetcher.get("", dict(parse_qsl(parts.query, keep_blank_values=True)))
        if answer.kind not in _KINDS:
            raise UpstreamDataError(f"{fetcher.shown} is {answer.kind[:60]!r}, which is not text")
        return PageCopy(body=answer.body, charset=answer.charset)
    if source == "-":
        return PageCopy(body=read_stdin(LARGEST))
    return PageCopy(body=read_bytes(Path(source), most=LARGEST, pipes=True))


def decode_page(data: bytes, charset: str = "") -> str:
    """Decode a page by byte order mark, charset or `<meta>`, else as UTF-8.

    Invalid bytes become U+FFFD; a token next to U+FFFD is unreadable. Raises UpstreamDataError for an encoding that pages do
    not use.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    found = _META.search(data[:4096]) if b"<" in data[:200] else None
    name = charset or (found[1].decode("ascii") if found else "utf-8")
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = ""
    if not codec.startswith(_ENCODINGS):
        raise UpstreamDataError(f"the page is in {name[:40]!r}, which is not an encoding of pages", help="save it as UTF-8")
    return data.decode(codec, "replace")
