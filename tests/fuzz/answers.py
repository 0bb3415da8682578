"""Generator of raw answers: parts of real HTTP answers and of those that broke clients, in any combination."""

import gzip
import json
import random
import zlib
from collections.abc import Iterator

from tests.fuzz.memory import CONNECT, HOST, NEXT, PORT
from tests.fuzz.mutate import mutated_once
from tests.upstream.bodies import FAULTY_BODIES, encode, honest

_RECORD = {
    "id": 7, "endpointSetId": 1, "disposition": "Change", "version": "2026080200", "impact": "AddedIp",
    "previous": {"category": "Allow"}, "current": {"category": "Optimize"},
    "add": {"effectiveDate": "20260901", "ips": ["52.112.0.0/14"], "urls": ["*.teams.example.com"]},
    "remove": {"ips": ["10.0.0.0/8"]},
}  # fmt: skip
_LIST = [{**item, "urls": item.get("urls", [])[:2], "ips": item.get("ips", [])[:2]} for item in honest()[:2]]

VERSION = b'{"instance": "Worldwide", "latest": "2026080200"}'
VERSIONS = b'[{"instance": "Worldwide", "latest": "2026080200"}, {"instance": "NewLand", "latest": "2026080200"}]'
ENDPOINTS = encode(_LIST)
CHANGES = json.dumps([_RECORD]).encode()
KINDS = (VERSION, VERSIONS, ENDPOINTS, CHANGES)

_NESTED = tuple(b"[" * depth + b"]" * depth for depth in (20, 400, 900, 2000))
BODIES = (
    *KINDS,
    *(made for make in FAULTY_BODIES.values() if len(made := make(_LIST)) < 1500),
    b"", b"[]", b"null", b"<!DOCTYPE html><title>Sign in</title>", b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00",
    *_NESTED,
    *(b'[{"instance": %b, "latest": "2026080200"}]' % each for each in _NESTED),
    *(b'{"instance": %b, "latest": %b}' % (each, each) for each in _NESTED[:2]),
    b'[{"instance": {"a": 1}}]', b'{"instance": "Worldwide", "latest": "\xd9\xa2026080200"}',
    b'[' + b'{"id": 1},' * 700 + b'{}]',
)  # fmt: skip

STATUS = (
    b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK", b"HTTP/1.1 200", b"HTTP/1.0 200 OK", b"HTTP/0.9 200 OK",
    b"HTTP/1.9 200 OK", b"HTTP/2 200", b"HTTP/1.1 302 Found", b"HTTP/1.1 302 Found", b"HTTP/1.1 301 Moved",
    b"HTTP/1.1 303 x",
    b"HTTP/1.1 307 x", b"HTTP/1.1 308 x", b"HTTP/1.1 304 Not Modified", b"HTTP/1.1 429 Slow", b"HTTP/1.1 503 Busy",
    b"HTTP/1.1 511 Sign in", b"HTTP/1.1 407 Login", b"HTTP/1.1 401 Login", b"HTTP/1.1 404 x", b"HTTP/1.1 204 x",
    b"HTTP/1.1 206 x", b"HTTP/1.1 101 Switch", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", b"HTTP/1.1 999 x",
    b"HTTP/1.1 99 x", b"HTTP/1.1 -200 x", b"HTTP/1.1 2e2 x", b"HTTP/1.1 \xb200 OK", b"HTTP/1.1 " + b"2" * 5000,
    b"HTTP/1.1 200 \x80\xff\x00", b"ICY 200 OK", b"HTTP/ 200 OK", b"SSH-2.0-OpenSSH_9.2", b"", b"\x16\x03\x01\x02\x00",
    b"\xef\xbb\xbfHTTP/1.1 200 OK", b" HTTP/1.1 200 OK", b"HTTP/1.1\x00200 OK", b"HTTP/1.1 200 " + b"x" * 70_000,
)  # fmt: skip

_ORIGIN = f"http://{HOST}:{PORT}".encode()
LOCATIONS = (
    b"/version", b"?x=1", b"#x", b"", _ORIGIN + b"/", _ORIGIN + b"/a b", b"//" + HOST.encode(), b"http://h:99999/",
    b"http://[::1", b"http://[", b"http://[]/", b"http://[v1.x]/", b"http://[::1%25eth0]/", b"http://]/", b"//[/",
    b"http://h:-1/",
    b"http://h:port/", b"http://h:\xb2/", b"http://h:" + b"9" * 5000, b"http://\xe4\xf6\xfc/", b"/\xe4\xf6\xfc",
    b"\x80\xff",
    _ORIGIN + b"/\xff", b"http://xn--a/", b"http://xn--\x80/", b"http://a..b/",
    b"http://." + HOST.encode(), b"http://" + b"a" * 64,
    b"http://" + b"a." * 300, b"http://" + b"\xe4" * 3000, b"http://\xad/", b"http://a\xadb:8365/",
    b"http://h.test:8365\\@x/",
    b"http://u:p@h.test:8365/", b"http://@h.test:8365/", b"http://:@h.test:8365/", b"http://h.test:8365:8365/",
    b"http:///x",
    b"http:x", b"file:///etc/passwd", b"javascript:x", b"http://h.test:08365/", b"http://H.TEST:8365/x",
    b"http://h.test.:8365/",
    b"http://h.test:8365/" + b"x" * 60_000, b"http://h.test:8365/%", b"/%zz%00", b"http://\x00/",
    b"http://h.test:8365/\x00\x1b[31m",
    b"/x\r\n y", b"http://h.te\r\n st:8365/", b"\t/x", b"http://\xe2\x84\x80/", b"http://[::ffff:127.0.0.1]:8365/",
    b"../" * 2000,
    b"http://127.1/", b"http://0x7f.1/", b"http://h.test:8365?x", b"http://h.test:8365#x",
    b";" * 100, b"http://h.test:8365/../..",
)  # fmt: skip

LENGTHS = (
    b"0", b"-1", b"-5", b"+5", b"5", b"\xb2", b"\xb9\xb2", b"1_0", b"0x10", b"1e3", b"5, 5", b"5, 6", b",", b"", b" ",
    b"9" * 30,
    b"9" * 5000, b"99999999999", b"2147483648", b"18446744073709551616", b"five", b"5;x", b"NaN", b"\xd9\xa2",
    b"5\r\n 0", b"00005",
)  # fmt: skip

_DATES = (
    b"Mon, 02 Nov 2026 10:00:00 GMT", b"Mon, 02 Nov 2026 10:00:00 -0000", b"Mon, 02 Nov 0001 10:00:00 -0000",
    b"Fri, 31 Dec 9999 23:59:59 -2359", b"Mon, 99 Nov 2026 10:00:00 GMT", b"02 Nov 99999 10:00:00 GMT", b"1 1 1",
    b",,,", b"(((((",
    b"Mon, 02 Nov 2026 10:00:00 +9999",
    b"Mon, 02 Nov 2026 10:00:00 +" + b"9" * 400, b"Mon, 02 Nov " + b"9" * 5000 + b" 10:00:00 GMT",
    b"Mon, 02 Nov 2026 99:99:99 GMT", b"Mon, 02 Nov 2026 -1:-1:-1 GMT", b"\xb2, \xb2 Nov \xb2 10:00 GMT",
    b"Mon, 02 Nov 2026 1.2.3.4 GMT",
    b"Mon, 02 Nov 2026 10:00:00 GM\x00T", b"0 Jan 0 0:0:0 0", b"", b" ", b"-", b":",
    b"Mon, 02 Nov 1900 10:00:00 -0000", b"2026-11-02",
)  # fmt: skip

HEADERS: tuple[tuple[bytes, tuple[bytes, ...]], ...] = (
    (b"Location", LOCATIONS),
    (b"Location", LOCATIONS),
    (b"Content-Length", LENGTHS),
    (b"Content-Encoding", (b"gzip", b"GZIP", b"x-gzip", b"deflate", b"br", b"zstd", b"identity", b"gzip, gzip",
                           b"gzip,", b"\xff",
                           b"a" * 5000, b", ".join([b"gzip"] * 50))),
    (b"Transfer-Encoding", (b"chunked", b"Chunked", b"gzip, chunked", b"chunked, chunked", b"identity", b"\xff", b"",
                            b"chunked;x")),
    (b"Content-Type", (b"application/json", b"application/json; charset=utf-8", b"text/html", b"TEXT/HTML;x",
                       b"; charset=\xff", b"",
                       b"a/b; charset=utf-7", b"a/b; charset=" + b"x" * 5000, b"a/b; charset*=utf-8''x", b"\x80/\x00",
                       b"=?utf-8?q?x?=")),
    (b"Retry-After", (b"5", b"-5", b"86400", b"9" * 400, b"\xb2", b"1e9", b"inf", b"nan", *_DATES)),
    (b"Date", _DATES),
    (b"Age", (b"0", b"5", b"-5", b"\xb2", b"9" * 5000, b"99999999", b"x")),
    (b"ETag", (b'"1"', b'W/"1"', b"", b"\xff", b"x" * 5000, b'"\x00"', b'"a"\r\n b')),
    (b"Last-Modified", _DATES),
    (b"Set-Cookie", (b"a=b", b"a=b; Expires=x; Domain=\xff; Max-Age=" + b"9" * 5000, b";" * 5000, b"\x00")),
    (b"Connection", (b"close", b"keep-alive", b"upgrade", b"\xff")),
    (b"Keep-Alive", (b"timeout=5", b"\xff")),
    (b"Upgrade", (b"h2c", b"websocket")),
    (b"WWW-Authenticate", (b"Basic", b"Negotiate \xff")),
    (b"Trailer", (b"Content-Length", b"X")),
    (b"Alt-Svc", (b"h3=\":443\"",)),
    (b"Link", (b"</x>; rel=preload",)),
    (b"Content-Range", (b"bytes 0-1/2", b"x")),
    (b"MIME-Version", (b"1.0",)),
    (b"Content-Transfer-Encoding", (b"base64", b"quoted-printable", b"\xff")),
    (b"Content-Disposition", (b"attachment; filename*=utf-8''%ff", b"a; b*0*=\xff")),
    (b"Refresh", (b"0; url=http://x/",)),
)  # fmt: skip

_LINES = (
    b"", b" folded", b"\tfolded", b"no colon", b": no name", b"X : y", b"X\x00Y: z", b"\x80\xff: \x80", b"X:",
    b"From x", b"--x",
    b"X: \xff\xfe", b"X: " + b"y" * 70_000, b"X: y\rZ: w", b"X: y\nZ: w", b"X: \x1b[31m",
    b"Content-Type: multipart/mixed; boundary=x",
    b"Content-Type: message/rfc822", b"Content-Type: multipart/x", b"X: =?utf-8?b?\xff?=", b"X: =?\xff?q?x?=",
    b"\x0c\x0b\x1c\x1d\x85",
)  # fmt: skip

_SIZES = (
    b"-1", b"-5", b"+5", b"0x5", b"5_0", b"zz", b"", b" ", b"f" * 40, b"f" * 5000, b"\xb2", b"5;ext=1", b"5 ; ext",
    b";", b"0;x", b"-0",
    b"80000000", b"7fffffffffffffff", b"ffffffffffffffff", b"-ffffffffffffffff", b"5\x00", b"5" + b";x" * 40_000,
)  # fmt: skip

_TUNNEL = (
    b"HTTP/1.1 200 Connection established\r\n\r\n", b"HTTP/1.0 200\r\nX: \xff\r\n\r\n", b"HTTP/1.1 407 \x80\r\n\r\n",
    b"",
    b"HTTP/1.1 502 \x1b[31m\r\n\r\n", b"HTTP/1.1 403 no\r\n\r\n", b"HTTP/1.1 \xb200\r\n\r\n", b"SOCKS",
    b"HTTP/1.1 200 OK\r\nX: y",
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 3000 + b"\r\n",
    b"HTTP/1.1 200 " + b"x" * 70_000, b"HTTP/1.1 301 x\r\nLocation: /\r\n\r\n",
)  # fmt: skip

WORDS = (
    "HTTP/1.1", "200", "302", "Location: ", "http://", "[", "]", ":99999", "Content-Length: ", "-", "chunked", "\r\n",
    "\r\n ", "gzip",
    "\u00b2", "\u00e4", "\x00", "Retry-After: ", "Date: ", "xn--",
    NEXT.decode(), CONNECT.decode(), "9" * 30, "0\r\n\r\n", ";",
)  # fmt: skip


def plain(body: bytes, *headers: bytes) -> bytes:
    """Return a correct answer."""
    lines = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join([*lines, b"", body])


def seeds() -> list[bytes]:
    """Return one script for each part that broke a client."""
    moved = [b"HTTP/1.1 302 Found\r\nLocation: " + each + b"\r\n\r\n" for each in LOCATIONS]
    lengths = [b"HTTP/1.1 200 OK\r\nContent-Length: " + each + b"\r\n\r\n" + VERSION for each in LENGTHS]
    sizes = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + each + b"\r\n[]   \r\n0\r\n\r\n" for each in _SIZES]
    dated = [plain(VERSION, b"Date: " + each, b"Last-Modified: " + each) for each in _DATES]
    late = [b"HTTP/1.1 429 x\r\nRetry-After: " + each + b"\r\n\r\n" for each in _DATES]
    status = [each + b"\r\n\r\n" + VERSION for each in STATUS]
    tunnels = [CONNECT + each + NEXT + plain(VERSION) for each in _TUNNEL]
    bodies = [plain(each) for each in BODIES]
    honest_ones = [NEXT.join(map(plain, (VERSIONS, VERSION, ENDPOINTS, VERSION, CHANGES)))]
    return [*honest_ones, *moved, *lengths, *sizes, *dated, *late, *status, *tunnels, *bodies]


def singles(count: int, seed: str) -> Iterator[bytes]:
    """Yield the seeds, then `count` generated answers."""
    yield from seeds()
    rng = random.Random(seed)
    for _ in range(count):
        yield _answer(rng)


def scripts(count: int, seed: str) -> Iterator[bytes]:
    """Yield the seeds, then `count` generated scripts."""
    yield from seeds()
    yield from generated_scripts(count, seed)


def generated_scripts(count: int, seed: str) -> Iterator[bytes]:
    """Yield scripts of one to five answers, a tenth of them through a proxy."""
    rng = random.Random(seed)
    for _ in range(count):
        parts = [_answer(rng) for _ in range(rng.choice((1, 1, 1, 2, 5)))]
        if rng.random() < 0.1:
            tunnels = [rng.choice(_TUNNEL[:2] if rng.random() < 0.5 else _TUNNEL) for _ in parts]
            parts = [piece for pair in zip(tunnels, parts, strict=True) for piece in pair]
            parts.insert(0, CONNECT.removesuffix(NEXT))
        yield NEXT.join(parts)


def _answer(rng: random.Random) -> bytes:
    body = rng.choice(KINDS) if rng.random() < 0.6 else rng.choice(BODIES)
    if rng.random() < 0.2:
        body = mutated_once(body, BODIES, WORDS, rng)
    lines = [rng.choice(STATUS) if rng.random() < 0.5 else STATUS[0]]
    if b" 30" in lines[0]:
        lines.append(b"Location: " + rng.choice(LOCATIONS))
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        name, values = rng.choice(HEADERS)
        lines.append(name + b": " + rng.choice(values))
    if rng.random() < 0.15:
        lines.insert(rng.randrange(1, len(lines) + 1), rng.choice(_LINES))
    body, more = _framed(body, rng)
    data = (b"\n" if rng.random() < 0.02 else b"\r\n").join([*lines, *more, b"", body])
    if rng.random() < 0.25:
        data = mutated_once(data, KINDS, WORDS, rng)
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.05 else data


def _framed(body: bytes, rng: random.Random) -> tuple[bytes, list[bytes]]:
    """Return a body with an encoding and a framing, and the headers that declare them."""
    headers = []
    kind = rng.randrange(12)
    if kind in (0, 1):
        body = gzip.compress(body, 1, mtime=0)
        headers.append(b"Content-Encoding: gzip")
        if rng.random() < 0.4:
            body = rng.choice((body[:-9], body[:15], body + body, body + b"x", b"\x1f\x8b" + body, zlib.compress(body)))
        if rng.random() < 0.1:
            body = gzip.compress(b" " * rng.choice((60_000, 70_000, 500_000)), 1, mtime=0)
    if kind in (1, 2, 3):
        headers.append(b"Transfer-Encoding: chunked")
        return _chunked(body, rng), headers
    if kind < 8:
        headers.append(b"Content-Length: %d" % (len(body) + rng.choice((0, 0, 0, 0, 1, -1, 1000))))
    return body, headers


def _chunked(body: bytes, rng: random.Random) -> bytes:
    made = []
    at = 0
    while at < len(body):
        piece = body[at : at + rng.choice((1, 50, 1000, 5000))]
        at += len(piece)
        size = b"%x" % len(piece)
        if rng.random() < 0.1:
            size = rng.choice(_SIZES)
        made.append(size + b"\r\n" + piece + (b"\r\n" if rng.random() < 0.97 else b""))
        if len(made) > 60:
            made.append(b"%x\r\n%b\r\n" % (len(body) - at, body[at:]))
            break
    trailers = rng.choice(
        (b"", b"", b"X: y\r\n", b"Content-Length: 5\r\n", b"\xff\x00\r\n", b"X: y\r\n" * 300, b"x" * 70_000)
    )
    return (
        b"".join(made)
        + rng.choice((b"0\r\n", b"0\r\n", b"0;x\r\n", b"-0\r\n", b""))
        + trailers
        + rng.choice((b"\r\n", b"\r\n", b""))
    )
