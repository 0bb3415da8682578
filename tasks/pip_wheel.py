"""Fetch pip's wheel for a Python without ensurepip, from the index in pip's configuration.

The setting find-links is not supported. A trusted-host may lack TLS, but with TLS its certificate has to be valid.
"""

import configparser
import hashlib
import json
import os
import re
import ssl
import sys
from base64 import b64encode
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib import parse, request

LARGEST = 64 * 1024 * 1024  # bytes; pip's wheel has 2 MB
WHEEL = re.compile(r"(?:.*/)?(pip-(\d+(?:\.\d+)*)-py3-none-any\.whl)(?:\?[^#]*)?#sha256=([0-9a-f]{64})")  # no pip-26.3rc1


def read_settings() -> dict[str, str]:
    """Return pip's settings: configuration files, then environment variables. https://pip.pypa.io/en/stable/topics/configuration/."""
    chosen = os.environ.get("PIP_CONFIG_FILE", "")
    own = ["~/.pip/pip.conf", (os.environ.get("XDG_CONFIG_HOME") or "~/.config") + "/pip/pip.conf"]
    files = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf", *([] if Path(chosen).is_file() else own), chosen]
    parser = configparser.RawConfigParser()
    parser.read([Path(file).expanduser() for file in files if chosen != os.devnull], encoding="utf-8")
    layers = [dict(parser[section]) for section in ("global", "install") if section in parser]
    layers.append({name[4:]: value for name, value in os.environ.items() if name.startswith("PIP_")})
    return {name.lower().replace("_", "-"): value for layer in layers for name, value in layer.items() if value}


def find_wheels(body: bytes) -> Iterator[re.Match[str]]:
    """Yield the final releases for this Python on a page in JSON (PEP 691) or HTML (PEP 503). Pip itself checks !=."""
    links: list[dict[str, str | None]] = []
    page = HTMLParser()
    page.handle_starttag = lambda tag, attrs: links.append(dict(attrs))  # type: ignore[method-assign]
    if body.startswith(b"{"):
        links += [row | {"href": f"{row['url']}#sha256={row['hashes'].get('sha256')}"} for row in json.loads(body)["files"]]
    else:
        page.feed(re.sub(r"\sdata-", " ", body.decode()))  # data-yanked is "yanked" in JSON
    for link in links:
        bounds = re.findall(r"(>=|<)\s*(\d+(?:\.\d+)*)", link.get("requires-python") or "")
        fits = all((sys.version_info >= tuple(map(int, bound.split(".")))) == (sign == ">=") for sign, bound in bounds)
        if fits and link.get("yanked", False) is False and (wheel := WHEEL.fullmatch(link.get("href") or "")):
            yield wheel


class Index(request.BaseHandler):
    """Client of one index: plain http only to this machine or trusted hosts, never after TLS; its login only to itself."""

    def __init__(self, address: str, settings: dict[str, str]) -> None:
        parts = parse.urlsplit(address.rstrip("/") + "/pip/" + "index.html" * address.startswith("file:"))
        self.login, _, self.host = parts.netloc.rpartition("@")
        self.page, self.secure = parts._replace(netloc=self.host).geturl(), False
        self.plain = {None, "localhost", "127.0.0.1", "::1", *settings.get("trusted-host", "").lower().split()}  # None: file
        proxies = {"http": settings["proxy"], "https": settings["proxy"]} if "proxy" in settings else None
        https = request.HTTPSHandler(context=ssl.create_default_context(cafile=settings.get("cert")))
        self.opener = request.build_opener(request.ProxyHandler(proxies), https, self)
        self.opener.addheaders = [("Accept", "application/vnd.pypi.simple.v1+json, text/html;q=0.5, */*;q=0.1")]

    def default_open(self, sent: request.Request) -> None:
        """Check a request before it is sent; urllib also calls this after a redirect."""
        url = parse.urlsplit(sent.full_url)
        self.secure |= url.scheme == "https"
        if url.scheme != "https" and (self.secure or not self.plain & {url.hostname, url.netloc}):
            raise (OSError if self.secure else PermissionError)(f"{sent.full_url} is not protected by TLS")
        if self.login and url.netloc == self.host:
            sent.add_unredirected_header("Authorization", "Basic " + b64encode(parse.unquote(self.login).encode()).decode())

    def fetch_pip(self) -> tuple[str, bytes]:
        """Return name and bytes of the newest wheel. Raises ValueError and others if the page lists no wheel."""
        with self.opener.open(self.page, timeout=60) as answer:
            best = max(find_wheels(answer.read(LARGEST)), key=lambda wheel: tuple(map(int, wheel[2].split("."))))
        with self.opener.open(parse.urljoin(answer.url, best[0]), timeout=60) as answer:
            if hashlib.sha256(body := answer.read(LARGEST)).hexdigest() != best[3]:
                raise OSError(f"{best[1]} exceeds {LARGEST} bytes or differs from the index's SHA-256, {best[3]}")
        return best[1], body
