"""The server: correct by default, with one fault at a time on request. Every request is recorded.

    GET  /version/…  /endpoints/…  /changes/…    as the service, or with the current fault
    GET  …/additional-office365-ip-addresses-and-urls    the page
    GET  /log                                    the requests so far, as JSON
    POST /control?case=NAME                      change the fault
    POST /control?next=1                         the next recorded state, or the next cycle of growth

With `tls=NAME` it uses one of the TLS configurations of `tls.TLS`, correct or faulty.
"""

import json
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from perimeter365.model.cloud import OPERATED, Cloud
from tests.upstream import answers, bodies, pages, tls
from tests.upstream.answers import CASES, VERSION
from tests.upstream.bodies import FAULTY_BODIES, Items, encode, honest
from tests.upstream.pages import PAGES
from tests.upstream.replay import Recorded, changes

__all__ = ["ALL", "CASES", "FAULTY_BODIES", "PAGES", "VERSION", "Handler", "Upstream"]

ALL = {**answers.MEANING, **{name: bodies.meaning(name) for name in FAULTY_BODIES}, **pages.MEANING}
"""Case -> its meaning in one line. The cases of TLS are in `tls.TLS`."""


class Handler(BaseHTTPRequestHandler):
    """Responds like the service, or with the current fault."""

    protocol_version = "HTTP/1.1"
    server: "Upstream"

    def log_message(self, format: str, *args: object) -> None:
        """No-op: the server has its own log."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header by the server's clock."""
        return formatdate(time.time() + self.server.skew if timestamp is None else timestamp, usegmt=True)

    def do_POST(self) -> None:
        """Change the case or the state (`/control`)."""
        asked = parse_qs(urlsplit(self.path).query)
        known = True
        if "case" in asked:
            name = asked["case"][0]
            known = name in ALL
            self.server.case = name if known else self.server.case
        if "next" in asked:
            known = known and self.server.next()
        said = {"case": self.server.case, "version": self.server.version, "cycle": self.server.cycle}
        self.plain(200 if known else 404, json.dumps(said).encode(), "application/json")

    def do_GET(self) -> None:
        """Send a document of the service."""
        if urlsplit(self.path).path == "/log":
            self.plain(200, json.dumps(self.server.log).encode(), "application/json")
            return
        self.server.log.append(self.path)
        self.close_connection = True
        case = self.server.case
        try:
            if self.kind == "page" and case not in CASES:
                text = self.server.page
                self.plain(200, PAGES[case](text) if case in PAGES else text.encode(), "text/html; charset=utf-8")
            elif case in CASES:
                CASES[case](self)
            elif case in FAULTY_BODIES and self.kind == "endpoints":
                self.plain(200, FAULTY_BODIES[case](self.server.items_of(self.path)), "application/json; charset=utf-8")
            else:
                self.honest()
        except (ConnectionError, ssl.SSLError, TimeoutError):
            pass

    def do_HEAD(self) -> None:
        """Send the headers of a document."""
        self.do_GET()

    @property
    def kind(self) -> str:
        """Kind of the requested document: `version`, `endpoints`, `changes`, `page` or ""."""
        path = urlsplit(self.path).path.lower()
        if path.endswith(pages.PATH):
            return "page"
        first = path.strip("/").split("/")[0]
        return first if first in ("version", "endpoints", "changes") else ""

    def honest(self, version: str | None = None) -> None:
        """Send the correct response."""
        self.body(self.document(version))

    def document(self, version: str | None = None) -> bytes | None:
        """Return the correct body of the requested document."""
        parts = urlsplit(self.path).path.strip("/").lower().split("/")
        cloud = self.server.cloud_of(self.path)
        if self.kind == "page":
            return self.server.page.encode()
        if self.kind == "version" and len(parts) == 1:
            return encode([{"instance": c.instance, "latest": self.server.version_of(c)} for c in self.server.instances])
        if self.kind == "version" and cloud:
            return encode({"instance": cloud.instance, "latest": version or self.server.version_of(cloud)})
        if self.kind == "endpoints" and cloud:
            return encode(self.server.items_of(self.path))
        if self.kind == "changes" and cloud and len(parts) == 3:
            return encode(self.server.changes_of(cloud, parts[2]))
        return None

    def body(self, data: bytes | None) -> None:
        """Send a body with an ETag, or 304 if the client has it."""
        if data is None:
            self.plain(400, b"Invalid Instance string specified or ClientRequestId not specified in the Url.")
            return
        etag = self.etag(data)
        if self.headers.get("If-None-Match") == etag:
            self.plain(304, b"", etag=etag)
        else:
            kind = "text/html" if self.kind == "page" else "application/json"
            self.plain(200, data, f"{kind}; charset=utf-8", etag=etag)

    def etag(self, data: bytes) -> str:
        """Return the ETag of a body."""
        return f'"{hash(data) & 0xFFFFFFFF:x}"'

    def plain(self, status: int, data: bytes, kind: str = "text/plain", **headers: str) -> None:
        """Send a response with a Content-Length."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def redirected_to(self, user: str) -> str:
        """Return the URL of the document with a user in it."""
        parts = urlsplit(self.server.url)
        return f"{parts.scheme}://{user}{parts.netloc}{self.path}"

    def trickle(self, data: bytes, seconds: float = 60) -> None:
        """Send one byte at a time, each before a read times out."""
        end = time.monotonic() + seconds
        for byte in data * 1000:
            if time.monotonic() > end or self.server.stopping.is_set():
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.1)

    def wait(self, seconds: float = 60) -> None:
        """Send nothing until the client disconnects or the server stops."""
        self.connection.settimeout(0.1)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server.stopping.is_set():
            try:
                if not self.connection.recv(1024):
                    return
            except TimeoutError:
                continue


class Upstream(ThreadingHTTPServer):
    """A server on loopback that serves in a thread; a context manager.

    Attributes:
        case: name of the current case.
        items: the list of all clouds that are not in `lists`.
        lists: the lists of single clouds.
        version: the version of all clouds without a recorded state.
        changes: the change records of all clouds without a recorded state.
        instances: the clouds that it has.
        log: requested paths.
        page: the correct page, in HTML.
        cycle: number of calls of `next`.
        skew: seconds by which the server's clock is ahead.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self,
        case: str = "honest",
        *,
        items: Items | None = None,
        version: str = VERSION,
        port: int = 0,
        tls: str = "",
        history: Sequence[Recorded] = (),
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.case = case
        self.items = honest() if items is None else items
        self.lists: dict[Cloud, Items] = {}
        self.version: str = version
        self.changes: list[object] = []
        self.instances: list[Cloud] = list(OPERATED)
        self.log: list[str] = []
        self.page: str = pages.page()
        self.asked = 0
        self.cycle = 0
        self.skew = 0.0
        self.tls = tls
        self.history = tuple(history)
        self.stopping = threading.Event()
        self._still: int | None = None
        if self.history:
            self._show(0)

    @property
    def url(self) -> str:
        """The base URL."""
        if self.tls:
            return f"https://localhost:{self.server_address[1]}"
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next(self) -> bool:
        """Advance to the next recorded state or cycle. Return False after the last one; a freeze changes nothing."""
        if self._still is not None and self.case == "version-freeze":
            return True
        if self.history and self.cycle + 1 >= len(self.history):
            return False
        self.cycle += 1
        if self.history:
            self._show(self.cycle)
        return True

    def freeze(self) -> None:
        """Make `next` change nothing while the current case lasts."""
        self._still = self.cycle

    def _show(self, at: int) -> None:
        state = self.history[at]
        self.version = state.version
        self.lists[state.cloud] = state.items

    def cloud_of(self, path: str) -> Cloud | None:
        """Return the cloud of a path."""
        parts = urlsplit(path).path.strip("/").lower().split("/")
        return next((c for c in self.instances if len(parts) > 1 and c.instance.lower() == parts[1]), None)

    def items_of(self, path: str) -> Items:
        """Return the list of a path."""
        cloud = self.cloud_of(path)
        return self.lists.get(cloud, self.items) if cloud else self.items

    def version_of(self, cloud: Cloud) -> str:
        """Return the current version of a cloud's list."""
        seen = [state.version for state in self._seen(cloud)]
        return seen[-1] if seen else self.version

    def version_of_cycle(self, cycle: int) -> str:
        """Return the version of a cycle of growth: 24 per day, from the day of `version` on."""
        day = datetime.strptime(self.version[:8], "%Y%m%d") + timedelta(days=cycle // 24)  # noqa: DTZ007 (a day)
        return f"{day:%Y%m%d}{cycle % 24:02d}"

    def changes_of(self, cloud: Cloud, since: str) -> list[object]:
        """Return the change records of a cloud after a version."""
        seen = self._seen(cloud)
        return list(changes(seen, since)) if seen else self.changes

    def _seen(self, cloud: Cloud) -> list[Recorded]:
        return [state for state in self.history[: self.cycle + 1] if state.cloud is cloud]

    def finish_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Perform the TLS handshake, if configured, in the request's own thread."""
        if self.tls and isinstance(request, socket.socket):
            way = tls.TLS[self.tls]
            secured = way.accept(request)
            if secured is not None:
                try:
                    Handler(secured, client_address, self)
                finally:
                    tls.end(secured, goodbye=way.goodbye)
        else:
            Handler(request, client_address, self)

    def handle_error(self, request: object, client_address: object) -> None:
        """No-op: clients may close the connection."""

    def __enter__(self) -> "Upstream":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
