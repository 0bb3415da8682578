"""The server: honest by default, and one case at a time on command. Every request is recorded.

    GET  /version/…  /endpoints/…  /changes/…    as the service, or as the case says
    GET  …/additional-office365-ip-addresses-and-urls    the page
    GET  /log                                    what was asked, as JSON
    POST /control?case=NAME                      another case
    POST /control?next=1                         the next recorded state, or the next cycle of growth

With `tls=NAME` it speaks TLS in one of the ways of `tls.TLS`, honest or not.
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

from perimeter365.model.cloud import Cloud
from tests.upstream import answers, bodies, pages, tls
from tests.upstream.answers import CASES, VERSION
from tests.upstream.bodies import LIES, Items, encode, honest
from tests.upstream.pages import PAGES
from tests.upstream.replay import Recorded, changes

__all__ = ["ALL", "CASES", "LIES", "PAGES", "VERSION", "Handler", "Upstream"]

ALL = {**answers.MEANING, **{name: bodies.meaning(name) for name in LIES}, **pages.MEANING}
"""Every case -> what it is, in a line (those of TLS are in `tls.TLS`)."""


class Handler(BaseHTTPRequestHandler):
    """Answers as the service does, or as the case says."""

    protocol_version = "HTTP/1.1"
    server: "Upstream"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the server keeps its own record."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by the server's clock."""
        return formatdate(time.time() + self.server.skew if timestamp is None else timestamp, usegmt=True)

    def do_POST(self) -> None:
        """`/control` changes the case or the state."""
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
        """One document of the service."""
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
            elif case in LIES and self.kind == "endpoints":
                self.plain(200, LIES[case](self.server.items_of(self.path)), "application/json; charset=utf-8")
            else:
                self.honest()
        except (ConnectionError, ssl.SSLError, TimeoutError):
            pass

    def do_HEAD(self) -> None:
        """The same without a body."""
        self.do_GET()

    @property
    def kind(self) -> str:
        """What is asked for: `version`, `endpoints`, `changes`, `page` or ""."""
        path = urlsplit(self.path).path.lower()
        if path.endswith(pages.PATH):
            return "page"
        first = path.strip("/").split("/")[0]
        return first if first in ("version", "endpoints", "changes") else ""

    def honest(self, version: str | None = None) -> None:
        """What the service would say."""
        self.body(self.document(version))

    def document(self, version: str | None = None) -> bytes | None:
        """The honest body of the path asked for."""
        parts = urlsplit(self.path).path.strip("/").lower().split("/")
        cloud = self.server.cloud_of(self.path)
        if self.kind == "page":
            return self.server.page.encode()
        if self.kind == "version" and cloud:
            return encode({"instance": cloud.instance, "latest": version or self.server.version_of(cloud)})
        if self.kind == "endpoints" and cloud:
            return encode(self.server.items_of(self.path))
        if self.kind == "changes" and cloud and len(parts) == 3:
            return encode(self.server.changes_of(cloud, parts[2]))
        return None

    def body(self, data: bytes | None) -> None:
        """An answer with an ETag, or 304 when the client has it."""
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
        """What stands for a body."""
        return f'"{hash(data) & 0xFFFFFFFF:x}"'

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

    def redirected_to(self, user: str) -> str:
        """The own address of the document, with a user in it."""
        parts = urlsplit(self.server.url)
        return f"{parts.scheme}://{user}{parts.netloc}{self.path}"

    def trickle(self, data: bytes, seconds: float = 60) -> None:
        """One byte now and then, each before a read would time out."""
        end = time.monotonic() + seconds
        for byte in data * 1000:
            if time.monotonic() > end or self.server.stopping.is_set():
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.1)

    def wait(self, seconds: float = 60) -> None:
        """Say nothing, until the client hangs up or the server ends."""
        self.connection.settimeout(0.1)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server.stopping.is_set():
            try:
                if not self.connection.recv(1024):
                    return
            except TimeoutError:
                continue


class Upstream(ThreadingHTTPServer):
    """A server on loopback; a context manager that serves in a thread.

    Attributes:
        case: name of the case that is committed.
        items: the list of every cloud that `lists` does not name.
        lists: the lists of single clouds.
        version: what /version says of every cloud that has no recorded state.
        changes: the change records of every cloud that has no recorded state.
        log: paths that were asked for.
        page: the honest page, in HTML.
        cycle: how often `next` was called.
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
        """The base address."""
        if self.tls:
            return f"https://localhost:{self.server_address[1]}"
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next(self) -> bool:
        """Go on to the next recorded state or cycle; False behind the last one, and while a freeze holds all still."""
        if self._still is not None and self.case == "version-freeze":
            return True
        if self.history and self.cycle + 1 >= len(self.history):
            return False
        self.cycle += 1
        if self.history:
            self._show(self.cycle)
        return True

    def hold_still(self) -> None:
        """From now on, and as long as the case lasts, `next` changes nothing."""
        self._still = self.cycle

    def _show(self, at: int) -> None:
        state = self.history[at]
        self.version = state.version
        self.lists[state.cloud] = state.items

    def cloud_of(self, path: str) -> Cloud | None:
        """The cloud that a path asks for."""
        parts = urlsplit(path).path.strip("/").lower().split("/")
        return next((c for c in Cloud if len(parts) > 1 and c.instance.lower() == parts[1]), None)

    def items_of(self, path: str) -> Items:
        """The list that a path asks for."""
        cloud = self.cloud_of(path)
        return self.lists.get(cloud, self.items) if cloud else self.items

    def version_of(self, cloud: Cloud) -> str:
        """The version that stands beside a cloud's list."""
        seen = [state.version for state in self._seen(cloud)]
        return seen[-1] if seen else self.version

    def version_of_cycle(self, cycle: int) -> str:
        """The version of a cycle of growth: 24 a day, from the day of `version` on."""
        day = datetime.strptime(self.version[:8], "%Y%m%d") + timedelta(days=cycle // 24)  # noqa: DTZ007 (a day)
        return f"{day:%Y%m%d}{cycle % 24:02d}"

    def changes_of(self, cloud: Cloud, since: str) -> list[object]:
        """The change records of a cloud's versions after one."""
        seen = self._seen(cloud)
        return list(changes(seen, since)) if seen else self.changes

    def _seen(self, cloud: Cloud) -> list[Recorded]:
        return [state for state in self.history[: self.cycle + 1] if state.cloud is cloud]

    def finish_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Speak TLS first, when that is wanted; it is done in the request's own thread."""
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
        """A client that hangs up is no news."""

    def __enter__(self) -> "Upstream":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
