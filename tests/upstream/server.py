"""The server: honest by default, and one case at a time on command. Every answer is recorded."""

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from perimeter365.model.cloud import Cloud
from tests.upstream.bodies import LIES, Items, encode, honest

VERSION = "2026080200"


class Handler(BaseHTTPRequestHandler):
    """Answers as the service does, or as the case says."""

    protocol_version = "HTTP/1.1"
    server: "Upstream"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the server keeps its own record."""

    def do_POST(self) -> None:
        """`/control?case=NAME` changes the case."""
        name = parse_qs(urlsplit(self.path).query).get("case", [""])[0]
        known = name in CASES or name in LIES
        self.server.case = name if known else self.server.case
        self.plain(200 if known else 404, b"")

    def do_GET(self) -> None:
        """One document of the service."""
        if urlsplit(self.path).path == "/log":
            self.plain(200, json.dumps(self.server.log).encode(), "application/json")
            return
        self.server.log.append(self.path)
        self.close_connection = True
        case = self.server.case
        try:
            if case in CASES:
                CASES[case](self)
            elif urlsplit(self.path).path.lower().startswith("/endpoints/"):
                self.plain(200, LIES[case](self.server.items), "application/json; charset=utf-8")
            else:
                self.honest()
        except (ConnectionError, ssl.SSLError, TimeoutError):
            pass

    def do_HEAD(self) -> None:
        """The same without a body."""
        self.do_GET()

    def honest(self, version: str | None = None) -> None:
        """What the service would say."""
        self.body(self.document(version or self.server.version))

    def document(self, version: str) -> bytes | None:
        """The honest body of the path asked for."""
        parts = urlsplit(self.path).path.strip("/").lower().split("/")
        instance = next((c.instance for c in Cloud if len(parts) > 1 and c.instance.lower() == parts[1]), "")
        if parts[0] == "version" and instance:
            return encode({"instance": instance, "latest": version})
        if parts[0] == "endpoints" and instance:
            return encode(self.server.items)
        if parts[0] == "changes" and instance and len(parts) == 3:
            return encode(self.server.changes)
        return None

    def body(self, data: bytes | None) -> None:
        """An answer with an ETag, or 304 when the client has it."""
        if data is None:
            self.plain(400, b"Invalid Instance string specified or ClientRequestId not specified in the Url.")
            return
        etag = f'"{hash(data) & 0xFFFFFFFF:x}"'
        if self.headers.get("If-None-Match") == etag:
            self.plain(304, b"", etag=etag)
        else:
            self.plain(200, data, "application/json; charset=utf-8", etag=etag)

    def plain(self, status: int, data: bytes, kind: str = "text/plain", **headers: str) -> None:
        """An answer with a length."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def trickle(self, data: bytes, seconds: float = 60) -> None:
        """One byte now and then, each before a read would time out."""
        end = time.monotonic() + seconds
        for byte in data * 1000:
            if time.monotonic() > end or self.server.stopping:
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.1)


def _drip(h: Handler) -> None:
    h.send_response(200)
    h.send_header("Content-Type", "application/json")
    h.send_header("Content-Length", "1000000")
    h.end_headers()
    h.trickle(b"[ ")


def _drip_head(h: Handler) -> None:
    h.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    h.trickle(b"a")


def _endless(h: Handler) -> None:
    h.send_response(200)
    h.send_header("Content-Type", "application/json")
    h.end_headers()
    while not h.server.stopping:
        h.wfile.write(b"[" + b" " * 65535)


def _gzip(data: bytes, coding: str = "gzip") -> Callable[[Handler], None]:
    return lambda h: h.plain(200, data, "application/json", Content_Encoding=coding)


def _redirect(where: str) -> Callable[[Handler], None]:
    return lambda h: h.plain(302, b"", Location=where)


def _status(code: int, data: bytes = b"", kind: str = "text/plain", **headers: str) -> Callable[[Handler], None]:
    return lambda h: h.plain(code, data, kind, **headers)


def _flap(h: Handler) -> None:
    if len(h.server.log) % 2:
        h.plain(503, b"<html>busy</html>", "text/html")
    else:
        h.honest()


def _mix(h: Handler) -> None:
    h.server.asked += h.path.lower().startswith("/version")
    h.honest(VERSION if h.server.asked % 2 else "2026070100")


def _cut(h: Handler) -> None:
    data = h.document(h.server.version) or b""
    h.send_response(200)
    h.send_header("Content-Type", "application/json")
    h.send_header("Content-Length", str(len(data)))
    h.end_headers()
    h.wfile.write(data[:-30])


def _reset(h: Handler) -> None:
    h.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    h.connection.close()


def _unknown_keys(h: Handler) -> None:
    if h.path.lower().startswith("/endpoints"):
        h.body(encode([{**item, "color": "blue"} for item in h.server.items]))
    else:
        h.honest()


_PAGE = b"<!DOCTYPE html><html><title>Sign in to the guest network</title></html>"

CASES: Mapping[str, Callable[[Handler], None]] = {
    "honest": Handler.honest,
    "drip": _drip,
    "drip-head": _drip_head,
    "silence": lambda h: h.trickle(b""),
    "endless": _endless,
    "gzip": lambda h: _gzip(gzip.compress(h.document(h.server.version) or b""))(h),
    "gzip-bomb": _gzip(gzip.compress(b" " * 50_000_000)),
    "gzip-damaged": _gzip(b"\x1f\x8b" + b"x" * 100),
    "nested-encodings": _gzip(gzip.compress(gzip.compress(b"[]")), "gzip, gzip"),
    "encoding-not-asked-for": _gzip(b"[]", "br"),
    "redirect-loop": lambda h: _redirect(h.path)(h),
    "redirect-to-another-host": _redirect("http://192.0.2.1/endpoints"),
    "redirect-to-a-file": _redirect("file:///etc/passwd"),
    "redirect-to-another-port": _redirect("http://127.0.0.1:1/endpoints"),
    "redirect-to-link-local": _redirect("http://169.254.169.254/latest/meta-data"),
    "redirect-to-nowhere": _redirect(""),
    "429": _status(429),
    "429-a-day": _status(429, Retry_After="86400"),
    "429-a-month": _status(429, Retry_After="2592000"),
    "429-negative": _status(429, Retry_After="-5"),
    "429-date": lambda h: h.plain(429, b"", Retry_After=formatdate(time.time() + 600, usegmt=True)),
    "429-words": _status(429, Retry_After="soon"),
    "503": _status(503, b"<html>Service unavailable</html>", "text/html"),
    "503-flapping": _flap,
    "400": _status(400, b"Valid ClientRequestId Guid is required in the query string."),
    "204": _status(204),
    "407": _status(407, Proxy_Authenticate='Basic realm="corporate"'),
    "html-with-200": _status(200, _PAGE, "text/html"),
    "captive-portal": _status(511, _PAGE, "text/html"),
    "block-page": _status(403, _PAGE, "text/html"),
    "cut": _cut,
    "reset": _reset,
    "version-rollback": lambda h: h.honest("2018063000"),
    "version-fast-forward": lambda h: h.honest("9999999999"),
    "version-not-a-day": lambda h: h.honest("2026133200"),
    "mix-and-match": _mix,
    "unknown-keys": _unknown_keys,
}
"""Name of a case -> what the server does instead of answering; `bodies.LIES` are cases too."""


class Upstream(ThreadingHTTPServer):
    """A server on loopback; a context manager that serves in a thread."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, case: str = "honest", *, items: Items | None = None, version: str = VERSION, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.case = case
        self.items = honest() if items is None else items
        self.version: str = version
        self.changes: list[object] = []
        self.log: list[str] = []
        self.asked = 0
        self.stopping = False

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""

    def __enter__(self) -> "Upstream":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stopping = True
        self.shutdown()
        self.server_close()
