"""A proxy that breaks one thing of a service's answers, and the things that it can break."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.clients.program import HOST, Got, Web


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    """By name in lower case."""

    @property
    def path(self) -> str:
        """The path in lower case, without slashes at the end."""
        return urlsplit(self.target).path.lower().rstrip("/")


Break = Callable[[Sent, Got], Got]
BREAKS: dict[str, Break] = {}
"""What is broken -> the function that breaks an answer."""


def refusal(status: int = 404) -> Got:
    """Return an answer that refuses."""
    return Got(status=status, headers={"content-type": "text/plain; charset=utf-8", "allow": "GET"}, body=b"no\n")


def _broken(name: str) -> Callable[[Break], Break]:
    def put(function: Break) -> Break:
        BREAKS[name] = function
        return function

    return put


def _in_sets(name: str, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Break the JSON of /endpoints in place."""

    def put(sent: Sent, got: Got) -> Got:
        if not (sent.path.startswith("/endpoints") and got.status == 200 and got.body.startswith(b"[")):
            return got
        sets = got.json
        change(sets)
        return replace(got, body=json.dumps(sets, indent=2, ensure_ascii=False).encode())

    BREAKS[name] = put


def _in_version(name: str, change: Callable[[Any], Any]) -> None:
    """Break the JSON of /version."""

    def put(sent: Sent, got: Got) -> Got:
        if not (sent.path.startswith("/version") and got.status == 200 and got.body[:1] in (b"[", b"{")):
            return got
        return replace(got, body=json.dumps(change(got.json), indent=2).encode())

    BREAKS[name] = put


def _each(change: Callable[[dict[str, Any]], object]) -> Callable[[list[dict[str, Any]]], object]:
    return lambda sets: [change(each) for each in sets]


@_broken("strict Host")
def _(sent: Sent, got: Got) -> Got:
    return refusal() if sent.headers.get("host") == HOST else got


@_broken("case-sensitive names")
def _(sent: Sent, got: Got) -> Got:
    path, query = urlsplit(sent.target)[2:4]
    names = {pair.partition("=")[0] for pair in query.split("&")}
    known = {"ClientRequestId", "clientRequestId", "ServiceAreas", "NoIPv6", "AllVersions", "format", "TenantName"}
    lower = {name.lower() for name in known}
    other = (path.lower() == path and path) or path.replace("Worldwide", "worldwide") == path.lower()
    wrong = any(name.lower() in lower and name not in known for name in names)
    return refusal() if wrong or not other else got


@_broken("byte order mark")
def _(sent: Sent, got: Got) -> Got:
    return replace(got, body=b"\xef\xbb\xbf" + got.body) if got.body[:1] in (b"[", b"{") else got


@_broken("gzip that nobody asked for")
def _(sent: Sent, got: Got) -> Got:
    if got.status != 200 or not got.body or "content-encoding" in got.headers:
        return got
    return replace(got, body=gzip.compress(got.body), headers={**got.headers, "content-encoding": "gzip"})


_in_version("object for the array of /version", lambda data: data[0] if isinstance(data, list) else data)
_in_version("array for the object of /version", lambda data: [data] if isinstance(data, dict) else data)
_in_version(
    "latest is a number",
    lambda data: {**data, "latest": int(data["latest"])} if isinstance(data, dict) else data,
)
_in_version("versions are missing", lambda data: {**data, "versions": []} if isinstance(data, dict) else data)
_in_version("versions are oldest first", lambda data: _oldest_first(data) if isinstance(data, dict) else data)
_in_version("Worldwide is not the first instance", lambda data: data[::-1] if isinstance(data, list) else data)
_in_sets("no category", _each(lambda each: each.pop("category")))
_in_sets("ports are a list", _each(lambda each: each.update(tcpPorts=each.get("tcpPorts", "").split(","))))
_in_sets("ports are a number", _each(lambda each: each.get("tcpPorts") == "443" and each.update(tcpPorts=443)))
_in_sets("an area that was not asked for", lambda sets: sets.append({**sets[-1], "id": 9000, "serviceArea": "MEM"}))
_in_sets("required is text", _each(lambda each: each.update(required=str(each["required"]))))
_in_sets("expressRoute is text", _each(lambda each: each.update(expressRoute=str(each["expressRoute"]))))
_in_sets("null for an absent list", _each(lambda each: each.setdefault("ips", None)))
_in_sets("sets are not sorted", lambda sets: sets.reverse())
_in_sets("an apostrophe", lambda sets: sets[0].update(notes="the customer's"))
_in_sets("text that is not ASCII", lambda sets: sets[0].update(notes="é"))
_in_sets("the first set has no addresses", lambda sets: sets[0].pop("ips", None))
_in_sets("ids are text", _each(lambda each: each.update(id=str(each["id"]))))


def _oldest_first(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, **({"versions": ["2018080200", *data["versions"]]} if "versions" in data else {})}


@_broken("/version/ is not found")
def _(sent: Sent, got: Got) -> Got:
    return refusal() if urlsplit(sent.target).path.lower() == "/version/" else got


@_broken("a redirect that drops the query")
def _(sent: Sent, got: Got) -> Got:
    path = urlsplit(sent.target).path
    return Got(status=301, headers={"location": path.rstrip("/")}, body=b"") if path.endswith("/") else got


@_broken("braces are refused")
def _(sent: Sent, got: Got) -> Got:
    return refusal(400) if "{" in sent.target or "%7B" in sent.target else got


@_broken("%20 after the GUID is refused")
def _(sent: Sent, got: Got) -> Got:
    return refusal(400) if "%20" in sent.target else got


def _ignored(name: str, word: str, other: str = "") -> None:
    """Answer as if a part of the request were another one; the proxy sends it on like this."""
    BREAKS[name] = _Rewrite(word, other)


@dataclass(frozen=True)
class _Rewrite:
    word: str
    other: str

    def __call__(self, sent: Sent, got: Got) -> Got:
        return got


_ignored("=False means on", "=False", "=true")
_ignored("bare switches are off", "&NOIPV6", "")
_ignored("bare AllVersions is off", "?AllVersions&", "?")
_ignored("%2C does not separate", "SERVICEAREAS=EXCHANGE%2CSKYPE", "ServiceAreas=Exchange")
_ignored("Any leaves Common alone", "ServiceAreas=Any", "ServiceAreas=Common")
_ignored("MEM is ignored", "ServiceAreas=MEM,", "ServiceAreas=")
_ignored("O365Worldwide is unknown", "O365Worldwide", "Atlantis")
_ignored("TenantName is ignored", "TenantName=Contoso", "")
_ignored("an empty TenantName is refused", "TenantName=&", "TenantName=a%20b&")
_ignored("the closed Germany for today's", "/Germany", "/germany-2021")
_ignored("singleVersion is ignored", "singleVersion=true", "")
_ignored("CSV is ignored", "format=CSV", "")
_ignored("RSS is ignored", "format=RSS", "")
_ignored("unknown parameters are refused", "cachebuster=17", "format=X")
_ignored("a later version is an error", "9999999999", "x")
_ignored("format=XML is JSON", "format=XML", "")
_ignored("an unknown area is ignored", "ServiceAreas=Yammer", "")


@_broken("a limit of requests")
def _(sent: Sent, got: Got) -> Got:
    _counter.append(sent.target)
    return refusal(429) if _counter.count(sent.target) > 20 else got


_counter: list[str] = []


def _header(name: str, header: str, value: str | None = None) -> None:
    """Leave out a header, or replace it."""

    def put(sent: Sent, got: Got) -> Got:
        headers = {k: v for k, v in got.headers.items() if k != header}
        return replace(got, headers={**headers, **({header: value} if value is not None else {})})

    BREAKS[name] = put


_header("no Last-Modified", "last-modified")
_header("no ETag", "etag")
_header("no charset", "content-type", "application/json")
_header("no Vary", "vary")
_header("no Allow", "allow")


@_broken("If-None-Match is ignored")
def _(sent: Sent, got: Got) -> Got:
    return replace(got, status=200, body=b"[]") if got.status == 304 and "if-none-match" in sent.headers else got


@_broken("If-Modified-Since is ignored")
def _(sent: Sent, got: Got) -> Got:
    return replace(got, status=200, body=b"[]") if got.status == 304 and "if-modified-since" in sent.headers else got


@_broken("HEAD is refused")
def _(sent: Sent, got: Got) -> Got:
    return replace(refusal(405), body=b"") if sent.method == "HEAD" else got


@_broken("POST is answered")
def _(sent: Sent, got: Got) -> Got:
    return replace(got, status=200) if sent.method == "POST" else got


@_broken("errors are 404")
def _(sent: Sent, got: Got) -> Got:
    return replace(got, status=404) if got.status == 400 else got


@_broken("errors have other texts")
def _(sent: Sent, got: Got) -> Got:
    return replace(got, body=b"Bad request\n") if got.status == 400 else got


@_broken("/version lives longer in caches")
def _(sent: Sent, got: Got) -> Got:
    if sent.path.startswith("/version"):
        return replace(got, headers={**got.headers, "cache-control": "public, max-age=3600"})
    return got


@_broken("the feed repeats a guid")
def _(sent: Sent, got: Got) -> Got:
    if b"<rss" not in got.body:
        return got
    start, end = got.body.index(b"<item>"), got.body.index(b"</item>") + len(b"</item>")
    return replace(got, body=got.body[:end] + got.body[start:end] + got.body[end:])


@_broken("the same id twice in /changes")
def _(sent: Sent, got: Got) -> Got:
    if not sent.path.startswith("/changes") or got.status != 200 or len(got.body) < 10:
        return got
    return replace(got, body=json.dumps([{**each, "id": 1} for each in got.json]).encode())


@_broken("HTTP/1.0 is refused")
def _(sent: Sent, got: Got) -> Got:
    return refusal(505) if "host" not in sent.headers else got


@dataclass
class Upstream:
    """The service behind the proxy; it is asked once for each request."""

    web: Web
    known: dict[tuple[str, str, tuple[tuple[str, str], ...]], Got] = field(default_factory=dict)

    def get(self, sent: Sent) -> Got:
        headers = {k: v for k, v in sent.headers.items() if k not in ("host", "connection", "content-length")}
        key = sent.method, sent.target, tuple(sorted(headers.items()))
        if key not in self.known:
            self.known[key] = self.web.get(sent.target, headers, method=sent.method)
        return self.known[key]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, upstream: Upstream, broken: Break | None, *rest: Any) -> None:
        self.upstream, self.broken = upstream, broken
        super().__init__(*rest)

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        target = self.path
        if isinstance(self.broken, _Rewrite):
            target = target.replace(self.broken.word, self.broken.other)
        got = self._answer(Sent(method=self.command, target=target, headers=headers))
        length = len(got.body)
        if self.command == "HEAD":
            length = len(self._answer(Sent(method="GET", target=target, headers=headers)).body)
        self.send_response(got.status)
        for name, value in got.headers.items():
            if name not in ("content-length", "date", "server", "connection", "transfer-encoding"):
                self.send_header(name, value)
        if got.status != 304:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(got.body)

    def _answer(self, sent: Sent) -> Got:
        """Return the broken answer; what is compressed is broken inside."""
        got = self.upstream.get(sent)
        zipped = got.headers.get("content-encoding") == "gzip"
        if zipped:
            got = replace(got, body=gzip.decompress(got.body) if got.body else b"")
        if self.broken:
            got = self.broken(sent, got)
        return replace(got, body=gzip.compress(got.body, mtime=0)) if zipped and got.body else got

    do_HEAD = do_POST = do_GET  # noqa: N815 (the names of the base class)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


@contextmanager
def proxy(upstream: Upstream, broken: Break | None) -> Iterator[str]:
    """Yield the base URL of a proxy that breaks answers; None for one that changes nothing."""
    _counter.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, upstream, broken)) as server:
        thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def upstream(url: str) -> Upstream:
    """Return the service behind proxies."""
    return Upstream(Web(url))
