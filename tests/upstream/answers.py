"""Faulty responses of the upstream: one function per case, called with the handler of a request."""

import gzip
import json
import socket
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import TYPE_CHECKING

from tests.upstream.bodies import encode, grown

if TYPE_CHECKING:
    from tests.upstream.server import Handler

VERSION = "2026080200"
EARLIER, LATER = "2026070100", "2026080300"

Answer = Callable[["Handler"], None]

_PAGE = b"<!DOCTYPE html><html><title>Sign in to the guest network</title></html>"
_JSON = "application/json; charset=utf-8"


def _head(h: "Handler", **headers: str) -> None:
    h.send_response(200)
    h.send_header("Content-Type", _JSON)
    for name, value in headers.items():
        h.send_header(name.replace("_", "-"), value)
    h.end_headers()


def _raw(data: bytes) -> Answer:
    return lambda h: _write(h, data)


def _write(h: "Handler", data: bytes) -> None:
    h.wfile.write(data)
    h.wfile.flush()


def _drip(h: "Handler") -> None:
    _head(h, Content_Length="1000000")
    h.trickle(b"[ ")


def _drip_head(h: "Handler") -> None:
    h.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    h.trickle(b"a")


def _continue(h: "Handler") -> None:
    while not h.server.stopping.is_set():
        _write(h, b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


def _endless(h: "Handler") -> None:
    _head(h)
    while not h.server.stopping.is_set():
        h.wfile.write(b"[" + b" " * 65535)


def _gzip(data: bytes, coding: str = "gzip") -> Answer:
    return lambda h: h.plain(200, data, "application/json", Content_Encoding=coding)


def _compressed(end: int | None = None) -> Answer:
    return lambda h: _gzip(gzip.compress(h.document() or b"")[:end])(h)


def _redirect(where: str) -> Answer:
    return lambda h: h.plain(302, b"", Location=where)


def _moved(where: bytes) -> Answer:
    """A redirect with any bytes in its address."""
    return _raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + where + b"\r\n\r\n")


def _headers(*lines: bytes) -> Answer:
    """The correct document with these header lines."""

    def answer(h: "Handler") -> None:
        _write(h, b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"", h.document() or b""]))

    return answer


def _in_chunks(size: bytes, trailers: bytes = b"", step: int = 1000) -> Answer:
    """The correct document in chunks; `size` has the place of the number of bytes."""

    def answer(h: "Handler") -> None:
        _head(h, Transfer_Encoding="chunked")
        data = h.document() or b""
        for at in range(0, len(data), step):
            piece = data[at : at + step]
            h.wfile.write(size % len(piece) + b"\r\n" + piece + b"\r\n")
        h.wfile.write(b"0\r\n" + trailers + b"\r\n")

    return answer


def _endless_lines(start: bytes, line: bytes) -> Answer:
    """A chunked response that continues with the same line forever."""

    def answer(h: "Handler") -> None:
        _head(h, Transfer_Encoding="chunked")
        _write(h, start)
        while not h.server.stopping.is_set():
            h.wfile.write(line * 5000)

    return answer


def _with_set(**more: object) -> Answer:
    """The correct list with one more set, the first one with these values."""

    def answer(h: "Handler") -> None:
        if h.kind == "endpoints":
            items = h.server.items_of(h.path)
            h.body(encode([*items, {**items[0], "id": 7777, **more}]))
        else:
            h.honest()

    return answer


def _every_set(**more: object) -> Answer:
    """The correct list with these values in each set."""

    def answer(h: "Handler") -> None:
        if h.kind == "endpoints":
            h.body(encode([{**item, **more} for item in h.server.items_of(h.path)]))
        else:
            h.honest()

    return answer


def _status(code: int, data: bytes = b"", kind: str = "text/plain", **headers: str) -> Answer:
    return lambda h: h.plain(code, data, kind, **headers)


def _flap(h: "Handler") -> None:
    if len(h.server.log) % 2:
        h.plain(503, b"<html>busy</html>", "text/html")
    else:
        h.honest()


def _mix(h: "Handler") -> None:
    h.server.asked += h.path.lower().startswith("/version")
    h.honest(VERSION if h.server.asked % 2 else EARLIER)


def _rewritten(h: "Handler") -> None:
    if h.kind == "endpoints":
        items = h.server.items_of(h.path)
        first = {**items[0], "urls": [*items[0].get("urls", []), "rewritten.msn.com"]}
        h.body(encode([first, *items[1:]]))
    else:
        h.honest()


def _behind(h: "Handler") -> None:
    """A new version whose records announce a new name, with the old list, which lacks the name."""
    if h.kind == "changes":
        number = h.server.items_of(h.path)[0]["id"]
        record = {"id": 1, "endpointSetId": number, "disposition": "Change", "impact": "AddedUrl", "version": LATER}
        h.body(encode([{**record, "add": {"urls": ["not-yet-listed.msn.com"]}}]))
    else:
        h.honest(LATER)


def _frozen(h: "Handler") -> None:
    h.server.freeze()
    h.honest()


def _growing(h: "Handler") -> None:
    """Hourly versions from the day of VERSION on, each with a list 0.4 % longer than the previous one."""
    cycle = h.server.cycle
    if h.kind == "endpoints":
        h.body(encode(grown(h.server.items_of(h.path), cycle)))
    else:
        h.honest(h.server.version_of_cycle(cycle))


def _cut(h: "Handler") -> None:
    data = h.document() or b""
    _head(h, Content_Length=str(len(data)))
    h.wfile.write(data[:-30])


def _altered(h: "Handler") -> None:
    """A cache that lost the end of a document and still serves it with the ETag of the complete one."""
    data = h.document() or b""
    h.plain(200, data[:-30], _JSON, ETag=h.etag(data))


def _length_too_short(h: "Handler") -> None:
    data = h.document() or b""
    _head(h, Content_Length=str(len(data) // 2))
    h.wfile.write(data)


def _chunks(*pieces: bytes) -> Answer:
    def answer(h: "Handler") -> None:
        _head(h, Transfer_Encoding="chunked")
        for piece in pieces:
            h.wfile.write(piece)

    return answer


def _reset(h: "Handler") -> None:
    h.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    h.connection.close()


def _unknown_keys(h: "Handler") -> None:
    if h.kind == "endpoints":
        h.body(encode([{**item, "color": "blue"} for item in h.server.items_of(h.path)]))
    else:
        h.honest()


def _instead(kind: str, body: bytes) -> Answer:
    """Another body for one kind of document; the others are correct."""
    return lambda h: h.plain(200, body, _JSON) if h.kind == kind else h.honest()


def _not_asked(h: "Handler") -> None:
    """304 in response to a request without a condition."""
    h.plain(304, b"", ETag='"anything"')


_CASES: dict[str, tuple[str, Answer]] = {
    "honest": ("a correct response", lambda h: h.honest()),
    # --- time and size
    "drip": ("a body sent one byte at a time, each before a read times out", _drip),
    "drip-head": ("a header sent one byte at a time", _drip_head),
    "silence": ("the request is accepted, and no response is sent", lambda h: h.wait()),
    "continue-forever": ("`100 Continue` repeatedly, never a response", _continue),
    "endless": ("a body that never ends", _endless),
    "header-flood": ("200,000 headers", _raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200_000 + b"\r\n[]")),
    "header-long": ("one header of a megabyte", _raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 1_000_000 + b"\r\n\r\n[]")),
    # --- encodings
    "gzip": ("compressed as requested", _compressed()),
    "gzip-bomb": ("50 MB of spaces in 50 kB", _gzip(gzip.compress(b" " * 50_000_000))),
    "gzip-damaged": ("declared as gzip, but it is not", _gzip(b"\x1f\x8b" + b"x" * 100)),
    "gzip-cut": ("a gzip stream without its end", _compressed(-16)),
    "nested-encodings": ("gzip in gzip", _gzip(gzip.compress(gzip.compress(b"[]")), "gzip, gzip")),
    "many-encodings": ("a hundred nested encodings", _gzip(b"[]", ", ".join(["gzip"] * 100))),
    "encoding-not-asked-for": ("brotli, which was not requested", _gzip(b"[]", "br")),
    # --- redirects
    "redirect-loop": ("a redirect to itself", lambda h: _redirect(h.path)(h)),
    "redirect-to-another-host": ("a redirect to a host that is not configured", _redirect("http://192.0.2.1/endpoints")),
    "redirect-to-a-file": ("a redirect to file:", _redirect("file:///etc/passwd")),
    "redirect-to-loopback": ("a redirect to a service on this machine", _redirect("http://127.0.0.1:22/endpoints")),
    "redirect-to-loopback-ipv6": (
        "a redirect to a service on this machine over IPv6",
        _redirect("http://[::1]:22/endpoints"),
    ),
    "redirect-to-another-port": ("a redirect to another port of the host", _redirect("http://127.0.0.1:1/endpoints")),
    "redirect-to-link-local": (
        "a redirect to the metadata service of a cloud provider",
        _redirect("http://169.254.169.254/latest/meta-data"),
    ),
    "redirect-to-credentials": ("a redirect with credentials", lambda h: _redirect(h.redirected_to("user:pw@"))(h)),
    "redirect-to-nowhere": ("a redirect without an address", _redirect("")),
    "redirect-port-too-large": ("a redirect to port 99999", _moved(b"http://h:99999/")),
    "redirect-port-not-a-number": ("a redirect to the port `ssh`", _moved(b"http://127.0.0.1:ssh/")),
    "redirect-unclosed-bracket": ("a redirect to an IPv6 address without its end", _moved(b"http://[::1")),
    "redirect-zone-id": ("a redirect to an IPv6 address with a zone", _moved(b"http://[fe80::1%25eth0]/")),
    "redirect-empty-label": ("a redirect to a name with an empty label", _moved(b"http://a..b/")),
    "redirect-long-label": ("a redirect to a name with a label of 64 characters", _moved(b"http://" + b"a" * 64 + b"/")),
    "redirect-bytes-in-the-name": ("a redirect to a name with bytes from 0x80 on", _moved(b"http://\xe4\xb8\xad\xff/")),
    "redirect-bytes-in-the-path": ("a redirect to a path with bytes from 0x80 on", _moved(b"/endpoints/\xff\x80")),
    "redirect-bad-punycode": ("a redirect to a name that is not Punycode", _moved(b"http://xn--\x80/")),
    "redirect-control-bytes": ("a redirect with an escape sequence in its path", _moved(b"/\x1b[31m\x00")),
    "redirect-folded": ("a redirect whose address continues on the next line", _moved(b"/endpoints/\r\n Worldwide")),
    "redirect-endless": ("a redirect to an address of 60,000 characters", _moved(b"/" + b"a" * 60_000)),
    # --- rate limits
    "429": ("too many requests, without Retry-After", _status(429)),
    "429-a-day": ("too many requests, wait a day", _status(429, Retry_After="86400")),
    "429-a-month": ("too many requests, wait a month", _status(429, Retry_After="2592000")),
    "429-negative": ("too many requests, wait minus five seconds", _status(429, Retry_After="-5")),
    "429-date": (
        "too many requests, wait until a date",
        lambda h: h.plain(429, b"", Retry_After=formatdate(time.time() + 600, usegmt=True)),
    ),
    "429-words": ("too many requests, wait `soon`", _status(429, Retry_After="soon")),
    # --- statuses and pages
    "503": ("out of service, with a page", _status(503, b"<html>Service unavailable</html>", "text/html")),
    "503-flapping": ("out of service at every second request", _flap),
    "500-json": ("an internal error with a JSON body", _status(500, b"[]", "application/json")),
    "400": ("the request is rejected", _status(400, b"Valid ClientRequestId Guid is required in the query string.")),
    "404": ("the document does not exist", _status(404)),
    "204": ("success without content", _status(204)),
    "206": ("a part of the document", _status(206, b"[", "application/json", Content_Range="bytes 0-0/100000")),
    "304-not-asked": ("not modified, in response to a request without a condition", _not_asked),
    "401": ("the server requires credentials", _status(401, WWW_Authenticate='Basic realm="mirror"')),
    "407": ("the proxy requires credentials", _status(407, Proxy_Authenticate='Basic realm="corporate"')),
    "html-with-200": ("a page of a guest network with status 200", _status(200, _PAGE, "text/html")),
    "html-as-json": ("the same page, declared as JSON", _status(200, _PAGE, _JSON)),
    "captive-portal": ("network authentication required (RFC 6585)", _status(511, _PAGE, "text/html")),
    "block-page": ("forbidden, with the page of a web filter", _status(403, _PAGE, "text/html")),
    # --- broken answers
    "cut": ("fewer bytes than announced", _cut),
    "length-too-short": ("more bytes than announced", _length_too_short),
    "cut-with-etag": ("half of a document with the ETag of the complete one", _altered),
    "cut-chunks": ("a chunked body without its end", _chunks(b"5\r\n[    \r\n")),
    "bad-chunks": ("a chunk whose length is not a number", _chunks(b"zz\r\n[]\r\n0\r\n\r\n")),
    "reset": ("the connection is reset", _reset),
    "closed": ("the connection is closed without a response", _raw(b"")),
    "not-http": ("a response that is not HTTP", _raw(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "status-nonsense": ("a status that is not a number", _raw(b"HTTP/1.1 okay fine\r\n\r\n[]")),
    "http-0.9": ("a body without a header, as in HTTP/0.9", lambda h: _write(h, h.document() or b"")),
    "http-3": ("an unknown version of HTTP", _raw(b"HTTP/3 200\r\n\r\n[]")),
    "status-superscript": ("a status with a superscript digit", _raw(b"HTTP/1.1 \xb200 OK\r\n\r\n[]")),
    "length-negative": ("a negative length", _headers(b"Content-Length: -5")),
    "length-huge": ("a length of 30 digits", _headers(b"Content-Length: " + b"9" * 30)),
    "length-of-5000-digits": ("a length of 5,000 digits", _headers(b"Content-Length: " + b"9" * 5000)),
    "length-superscript": ("a length with a superscript digit", _headers(b"Content-Length: \xb2")),
    "length-not-a-number": ("a length that is not a number", _headers(b"Content-Length: 0x10")),
    "length-twice": ("two different lengths", _headers(b"Content-Length: 5, 6")),
    "length-of-gigabytes": ("a length of nine gigabytes", _headers(b"Content-Length: 9999999999")),
    "chunk-negative": ("a chunk of minus five bytes", _chunks(b"-5\r\n[]\r\n0\r\n\r\n")),
    "chunk-negative-and-huge": ("a chunk of minus 2^64 bytes", _chunks(b"-ffffffffffffffff\r\n[]\r\n0\r\n\r\n")),
    "chunk-huge": ("a chunk of 2^160 bytes", _chunks(b"f" * 40 + b"\r\n[]\r\n0\r\n\r\n")),
    "chunks-of-one-byte": ("chunks of one byte that never end", _endless_lines(b"", b"1\r\n \r\n")),
    "trailers-without-end": ("trailers that never end", _endless_lines(b"2\r\n[]\r\n0\r\n", b"X: y\r\n")),
    # --- unusual and harmless
    "odd-bytes-in-headers": (
        "bytes from 0x80 on in headers",
        _headers(b"ETag: \xff", b"Date: \xb2 Nov", b"Age: \xb2", b"Server: \x80\xff", b"Content-Type: a/b; charset=\xff"),
    ),
    "odd-folded-headers": (
        "headers that continue on the next line",
        _headers(b'ETag: "a\r\n b"', b"Content-Type: application/json;\r\n charset=utf-8", b"X: y\r\n\tz"),
    ),
    "odd-lines-in-headers": ("header lines without a colon or a name", _headers(b"X: y", b"no colon", b": no name")),
    "odd-version-0.9": ("a header of HTTP/0.9", lambda h: _write(h, b"HTTP/0.9 200 OK\r\n\r\n" + (h.document() or b""))),
    "odd-length-repeated": (
        "the same length twice",
        lambda h: _headers(b"Content-Length: %d, %d" % ((len(h.document() or b""),) * 2))(h),
    ),
    "odd-chunk-extensions": ("chunks with extensions", _in_chunks(b'%x;name="value"')),
    "odd-trailers": ("trailers, among them another length", _in_chunks(b"%x", b"X: \xff\r\nContent-Length: 5\r\n")),
    # --- versions
    "version-rollback": ("an old version", lambda h: h.honest("2018063000")),
    "version-freeze": ("the current version and list forever", _frozen),
    "version-fast-forward": ("version 9999999999", lambda h: h.honest("9999999999")),
    "version-ahead": ("a version of the year 2099", lambda h: h.honest("2099010100")),
    "version-not-a-day": ("a version of a 32nd day of a 13th month", lambda h: h.honest("2026133200")),
    "version-rewritten": ("another list with the same version", _rewritten),
    "version-null": ("null for the version's document", _instead("version", b"null")),
    "version-empty": ("an empty body for the version's document", _instead("version", b"")),
    "version-list": ("an empty list for the version's document", _instead("version", b"[]")),
    "version-missing": ("no `latest`", _instead("version", b'{"instance": "Worldwide"}')),
    "version-latest-is-a-number": (
        "`latest` is a number",
        _instead("version", b'{"instance": "Worldwide", "latest": 2026080200}'),
    ),
    "version-latest-is-null": ("`latest` is null", _instead("version", b'{"instance": "Worldwide", "latest": null}')),
    "version-latest-twice": (
        "`latest` is a duplicate key",
        _instead("version", b'{"instance": "Worldwide", "latest": "2026080200", "latest": "2018063000"}'),
    ),
    "version-of-another-cloud": (
        "the version of another cloud",
        _instead("version", b'{"instance": "Germany", "latest": "2026080200"}'),
    ),
    "version-has-unicode-digits": (
        "digits that are not ASCII",
        _instead("version", json.dumps({"instance": "Worldwide", "latest": "२०२६०८०२००"}).encode()),
    ),
    "mix-and-match": ("two nodes with different versions", _mix),
    "mix-new-version-old-list": ("the version and records of a new list, with the old list", _behind),
    # --- change records
    "changes-null": ("null for the change records", _instead("changes", b"null")),
    "changes-html": ("a page for the change records", _instead("changes", _PAGE)),
    "changes-cut": ("change records that stop in the middle", _instead("changes", b'[{"id": 1,')),
    "changes-wrong-type": ("a change record whose id is a string", _instead("changes", b'[{"id": "1"}]')),
    "changes-private": (
        "a change record that adds private space",
        _instead(
            "changes",
            encode(
                [
                    {
                        "id": 1,
                        "endpointSetId": 1,
                        "disposition": "Change",
                        "version": VERSION,
                        "add": {"ips": ["10.0.0.0/8"]},
                    }
                ]
            ),
        ),
    ),
    # --- words of a later service
    "unknown-area": ("a set with a service area that is not known", _with_set(serviceArea="Gaming")),
    "unknown-category": ("a set with a category that is not known", _with_set(category="Everything")),
    "unknown-area-hostile": ("a set whose service area has control bytes", _with_set(serviceArea="\x1b[31m\u202e" * 90)),
    "unknown-area-everywhere": ("every set has a service area that is not known", _every_set(serviceArea="Gaming")),
    "unknown-area-empty": ("a set whose service area is an empty string", _with_set(serviceArea="")),
    # --- gradual changes
    "slow-growth": ("0.4 % more entries in each cycle (`next` begins one)", _growing),
    "unknown-keys": ("a key that the schema does not have", _unknown_keys),
}

CASES: Mapping[str, Answer] = {name: answer for name, (_, answer) in _CASES.items()}
"""Case -> response of the server. `bodies.FAULTY_BODIES` and `pages.PAGES` are cases too."""

MEANING: Mapping[str, str] = {name: meaning for name, (meaning, _) in _CASES.items()}
"""Case -> its meaning in one line."""

_UNKNOWN = ("unknown-keys", "unknown-area", "unknown-category", "unknown-area-hostile")
_SOUND = ("honest", "gzip", "503-flapping", *_UNKNOWN, "version-freeze", "slow-growth")
TOLERATED = frozenset((*_SOUND, *(name for name in _CASES if name.startswith(("changes-", "odd-")))))
"""Cases that a client tolerates: it gets the list, possibly with a note (slow growth: until a gate holds it)."""

JUDGED = frozenset(("version-rollback", "version-ahead", "version-rewritten", "mix-new-version-old-list"))
"""Cases in which each response alone is valid: only the state in force shows the fault."""
