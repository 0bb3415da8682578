"""Finds and fetches pip's own wheel where pip would look for it; plain Python, for `tasks/bootstrap.py`.

    find_wheel(Settings())                                     pip-26.3-py3-none-any.whl of pypi.org
    find_wheel(Settings(indexes=("http://mirror.example/",)))  BootstrapError: … is not protected by TLS

Where to look is what pip's configuration files and these variables say: `PIP_INDEX_URL`,
`PIP_EXTRA_INDEX_URL`, `PIP_FIND_LINKS` (folders), `PIP_NO_INDEX`, `PIP_CERT`, `PIP_PROXY`, `PIP_TIMEOUT`,
`PIP_TRUSTED_HOST`; else pypi.org. An index answers in JSON (PEP 691) or HTML (PEP 503). Only bytes with the
sha256 that the index gives are accepted. As with pip, an index without TLS has to be on this machine, or
trusted.
"""

import base64
import configparser
import hashlib
import http.client
import json
import os
import re
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

PUBLIC_INDEX = "https://pypi.org/simple"
ATTEMPTS = 3
"""How often a download is tried before giving up."""
LARGEST = 64 * 1024 * 1024
"""Bytes; pip's wheel has 2 MB."""
WHEEL = re.compile(r"pip-(\d+(?:\.\d+)*)-py3-none-any\.whl")
"""The name of a final release of pip, for any Python 3."""


class BootstrapError(Exception):
    """What went wrong, and the next step.

    Attributes:
        help: what to do, one line.
        exit_code: 2 to be changed here, 3 the package index.
    """

    def __init__(self, message: str, *, help: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.help = help
        self.exit_code = exit_code


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The part of pip's configuration that says where packages come from."""

    indexes: tuple[str, ...] = (PUBLIC_INDEX,)
    """Addresses of simple indexes, the main one first; may hold a user name and password."""
    find_links: tuple[str, ...] = ()
    """Folders (or file: addresses of folders) with wheels. Looked at when no index has pip."""
    cert: str = ""
    """A file with the certificate authorities to believe; "" for those of the system."""
    proxy: str = ""
    """Address of a proxy; "" for what HTTPS_PROXY and its like say."""
    trusted_hosts: frozenset[str] = frozenset()
    """Hosts whose certificate need not be valid, and that may be asked without TLS."""
    timeout: float = 60.0
    """Seconds without a byte."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Read pip's files and variables; the later wins: system, user, PIP_CONFIG_FILE, variables.

        Raises:
            BootstrapError: a file cannot be parsed, or the time-out is not a number.
        """
        values: dict[str, str] = {}
        for path in config_files(environment):
            parser = configparser.RawConfigParser()
            try:
                parser.read(path, encoding="utf-8")
            except (configparser.Error, OSError, UnicodeDecodeError) as error:
                raise BootstrapError(f"pip's {path}: {error}", help="mend that file or move it away") from error
            for section in ("global", "install"):
                if parser.has_section(section):
                    values.update((key.replace("_", "-"), value) for key, value in parser.items(section))
        for name, value in environment.items():
            if name.startswith("PIP_") and value:
                values[name[4:].lower().replace("_", "-")] = value
        timeout = values.get("timeout", values.get("default-timeout", "60"))
        if not re.fullmatch(r"\d+(\.\d+)?", timeout):
            raise BootstrapError(f"pip's time-out {timeout!r} is not a number", help="mend PIP_TIMEOUT")
        no_index = values.get("no-index", "").lower() in {"1", "true", "yes", "on"}
        indexes = [values.get("index-url", PUBLIC_INDEX), *values.get("extra-index-url", "").split()]
        return cls(
            indexes=() if no_index else tuple(indexes),
            find_links=tuple(values.get("find-links", "").split()),
            cert=values.get("cert", ""),
            proxy=values.get("proxy", ""),
            trusted_hosts=frozenset(values.get("trusted-host", "").split()),
            timeout=float(timeout),
        )


def config_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """The files pip reads, the weakest first. https://pip.pypa.io/en/stable/topics/configuration/."""
    chosen = environment.get("PIP_CONFIG_FILE", "")
    if chosen == os.devnull:
        return
    home = Path(environment.get("HOME") or "/nonexistent")
    for folder in reversed(environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")):
        yield Path(folder) / "pip" / "pip.conf"
    yield Path("/etc/pip.conf")
    yield home / ".pip" / "pip.conf"
    yield home / "Library" / "Application Support" / "pip" / "pip.conf"
    yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
    if chosen:
        yield Path(chosen)


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """A wheel that an index or a folder offers."""

    filename: str
    url: str
    sha256: str
    """64 hexadecimal digits; "" where nobody gives one."""
    requires_python: str = ""
    """A version specifier such as ">=3.9"; "" where nobody says."""

    @property
    def version(self) -> tuple[int, ...]:
        """From the file's name: (26, 3); () for another package, a pre-release or another kind of file."""
        found = WHEEL.fullmatch(self.filename)
        return tuple(int(part) for part in found[1].split(".")) if found else ()

    @property
    def usable(self) -> bool:
        """Whether it is a final pip for this Python, on this machine or with a sha256."""
        checkable = self.url.startswith("file:") or re.fullmatch("[0-9a-f]{64}", self.sha256)
        return bool(self.version and checkable) and allows(self.requires_python, sys.version_info[:3])


def find_wheel(settings: Settings) -> Wheel:
    """The newest usable wheel of pip: of the first index that has one, else of the folders in `find_links`.

    Raises:
        BootstrapError: there is none; says what each place answered.
    """
    answers: list[str] = []
    code = 2
    for index in settings.indexes:
        page = f"{index.rstrip('/')}/pip/"
        try:
            body, kind = fetch(page, settings, accept="application/vnd.pypi.simple.v1+json, text/html;q=0.1")
            wheels = [wheel for wheel in parse_page(body, kind, page) if wheel.usable]
        except BootstrapError as error:
            answers.append(f"{error} ({error.help})")
            code = max(code, error.exit_code)
            continue
        if wheels:
            return max(wheels, key=lambda wheel: wheel.version)
        answers.append(f"{redact(page)} lists no pip with a sha256 for this Python")
        code = 3
    for link in settings.find_links:
        folder = Path(_path(link)) if "://" in link else Path(link)
        wheels = [Wheel(filename=f.name, url=f.absolute().as_uri(), sha256="") for f in folder.glob("pip-*.whl")]
        if usable := [wheel for wheel in wheels if wheel.usable]:
            return max(usable, key=lambda wheel: wheel.version)
        answers.append(f"{folder} holds no pip for this Python")
    raise BootstrapError(
        "pip could not be had: " + "; ".join(answers or ["pip's configuration names no place to look"]),
        help="apt-get install python3-venv as root; or name a mirror, PIP_INDEX_URL=https://…/simple; "
        "or a proxy, HTTPS_PROXY=http://…",
        exit_code=code,
    )


def fetch_wheel(wheel: Wheel, settings: Settings) -> bytes:
    """The bytes of `wheel`, which are those that the index vouches for.

    Raises:
        BootstrapError: they cannot be had, or have another sha256.
    """
    body, _ = fetch(wheel.url, settings)
    found = hashlib.sha256(body).hexdigest()
    if wheel.sha256 and found != wheel.sha256:
        raise BootstrapError(
            f"{redact(wheel.url)} has sha256 {found}, and the index says {wheel.sha256}",
            help="something in between changes files: use another network, or a mirror (PIP_INDEX_URL)",
            exit_code=3,
        )
    return body


def parse_page(body: bytes, kind: str, base: str) -> list[Wheel]:
    """The files on a project's page of a simple index, without the withdrawn ones.

    Args:
        body: the page.
        kind: its content type; JSON (PEP 691) if it says so, else HTML (PEP 503).
        base: its address, which links are relative to.

    Raises:
        BootstrapError: it is neither.
    """
    try:
        if "json" not in kind:
            page = _Links()
            page.feed(body.decode("utf-8"))
            return page.wheels(base)
        return [
            Wheel(
                filename=str(file["filename"]),
                url=urllib.parse.urljoin(base, str(file["url"])),
                sha256=str(file["hashes"].get("sha256", "")),
                requires_python=str(file.get("requires-python") or ""),
            )
            for file in json.loads(body)["files"]
            if not file.get("yanked")
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BootstrapError(
            f"{redact(base)} is no page of a package index ({type(error).__name__}: {error})",
            help="the address of a simple index mostly ends in /simple; is there a login page in between?",
            exit_code=3,
        ) from error


class _Links(HTMLParser):
    """Collects the links of an HTML page, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the attributes of a link."""
        if tag == "a":
            self.found.append(dict(attrs))

    def wheels(self, base: str) -> list[Wheel]:
        """What the links point at, without the withdrawn ones."""
        wheels = []
        for link in self.found:
            url, _, fragment = urllib.parse.urljoin(base, link.get("href") or "").partition("#")
            if "data-yanked" not in link:
                name = urllib.parse.unquote(url.rpartition("/")[2])
                sha256 = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else ""
                python = link.get("data-requires-python") or ""
                wheels.append(Wheel(filename=name, url=url, sha256=sha256, requires_python=python))
        return wheels


def allows(specifier: str, version: tuple[int, ...]) -> bool:
    """Whether a Python of this version satisfies `specifier`; False where its grammar is not understood.

    >>> allows(">=3.9,!=3.10.*", (3, 11, 2)), allows("<3.11", (3, 11, 2)), allows("~=3.9", (3, 11, 2))
    (True, False, False)
    """
    for clause in filter(None, (part.strip() for part in specifier.split(","))):
        found = re.fullmatch(r"(>=|<=|!=|>|<)\s*(\d+(?:\.\d+)*)(\.\*)?", clause)
        if found is None:
            return False
        bound = tuple(int(part) for part in found[2].split("."))
        ours = version[: len(bound)] if found[3] else version
        bound += (0,) * (len(ours) - len(bound))
        holds = {
            ">=": ours >= bound,
            "<=": ours <= bound,
            "!=": ours != bound,
            ">": ours > bound,
            "<": ours < bound,
        }
        if not holds[found[1]]:
            return False
    return True


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from TLS to plain text."""

    def redirect_request(  # type: ignore[no-untyped-def]  # the signature is the standard library's
        self, req, fp, code, msg, headers, newurl
    ) -> urllib.request.Request | None:
        """As the standard library, or an error."""
        if req.type == "https" and urllib.parse.urlsplit(newurl).scheme != "https":
            fp.close()
            raise urllib.error.URLError(f"it redirects from TLS to {redact(newurl)}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, settings: Settings, *, accept: str = "*/*") -> tuple[bytes, str]:
    """Body and content type of what `url` names; a time-out, a 429 or a 5xx is tried again.

    Raises:
        BootstrapError: it cannot be had; says the cause, without passwords.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "file":
        return _read_file(Path(_path(url)))
    host = parts.hostname or ""
    local = host in {"localhost", "::1"} or host.startswith("127.")
    if parts.scheme != "https" and not (parts.scheme == "http" and (local or host in settings.trusted_hosts)):
        raise BootstrapError(
            f"{redact(url)} is not protected by TLS", help=f"use https, or trust it: PIP_TRUSTED_HOST={host}"
        )
    request = urllib.request.Request(redact(urllib.parse.urldefrag(url).url))
    request.add_header("Accept", accept)
    request.add_header("User-Agent", "perimeter365-bootstrap")
    if parts.username is not None:
        login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    opener = _opener(settings, host)
    problem: Exception | None = None
    for attempt in range(ATTEMPTS):
        time.sleep(2 * attempt)
        try:
            with opener.open(request, timeout=settings.timeout) as answer:
                body = answer.read(LARGEST + 1)
                kind = answer.headers.get("Content-Type", "")
        except (OSError, http.client.HTTPException) as error:
            problem = error
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            if not _passing(error):
                break
        else:
            if len(body) <= LARGEST:
                return body, kind
            problem = ValueError(f"it is larger than {LARGEST} bytes")
            break
    raise BootstrapError(f"{redact(url)}: {_cause(problem)}", help="check address and network", exit_code=3)


def _opener(settings: Settings, host: str) -> urllib.request.OpenerDirector:
    """What opens addresses on `host`, with the proxy and the authorities of `settings`."""
    try:
        context = ssl.create_default_context(cafile=settings.cert or None)
    except OSError as error:
        raise BootstrapError(f"the authorities in {settings.cert}: {error}", help="mend PIP_CERT") from error
    if host in settings.trusted_hosts:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    proxy = urllib.request.ProxyHandler(dict.fromkeys(("http", "https"), settings.proxy) if settings.proxy else None)
    return urllib.request.build_opener(proxy, urllib.request.HTTPSHandler(context=context), _NoDowngrade())


def _read_file(path: Path) -> tuple[bytes, str]:
    """Body and content type of a file; of a folder, its index.html, as pip does."""
    path = path / "index.html" if path.is_dir() else path
    try:
        return path.read_bytes(), "text/html"
    except OSError as error:
        raise BootstrapError(f"{path}: {error.strerror}", help="check the address") from error


def _path(url: str) -> str:
    """The path that a file: address names."""
    return urllib.request.url2pathname(urllib.parse.urlsplit(url).path)


def _passing(error: Exception) -> bool:
    """Whether it may go better next time."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code >= 500 or error.code == 429
    return not isinstance(getattr(error, "reason", error), ssl.SSLError | str)


def _cause(error: Exception | None) -> str:
    """What to tell a person about a failed download."""
    if isinstance(error, urllib.error.HTTPError):
        hints = {401: " (user name or password)", 407: " (the proxy wants a login)"}
        return f"it answers {error.code} {error.reason}{hints.get(error.code, '')}"
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not believed: {reason.verify_message}. On a bare system, apt-get install "
            "ca-certificates; where TLS is inspected, PIP_CERT=/path/to/authorities.pem"
        )
    return str(reason)


def redact(url: str) -> str:
    """`url` without its user name and password.

    >>> redact("https://me:secret@mirror.example/simple")
    'https://mirror.example/simple'
    """
    return re.sub(r"(?<=://)[^/@]*@", "", url)
