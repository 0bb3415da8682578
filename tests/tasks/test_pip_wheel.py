"""pip is fetched from where pip would fetch it, by way of a proxy or not, and only with the SHA-256 of the index."""

import hashlib
import html
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from packaging.specifiers import SpecifierSet

from tasks import bootstrap, pip_wheel
from tasks.bootstrap import BootstrapError, fetch_pip
from tests.upstream.proxy import Proxy

BASE = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
BODY = b"a wheel" * 1000
SHA = hashlib.sha256(BODY).hexdigest()
LOGIN = "Basic bWU6cEBzcw=="
"""Of me:p@ss, by `printf me:p@ss | base64`."""


@dataclass(frozen=True)
class File:
    """A file that an index lists."""

    name: str
    sha256: str = SHA
    python: str = ""
    yanked: str | bool = False


@dataclass
class Site:
    """A web server on loopback: what it answers by path, and what it was asked."""

    port: int
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and Authorization header of each request."""

    def offer(self, *files: File, form: str = "json", body: bytes = BODY, at: str = "../../files") -> None:
        """List files on the page of pip, and serve `body` as each of them."""
        kind, page = write_page(files, form, at)
        self.answers["/simple/pip/"] = (200, {"Content-Type": kind}, page)
        for file in files:
            self.answers[f"/files/{file.name}"] = (200, {}, body)

    def redirect(self, path: str, to: str) -> None:
        """Answer a path with the address of another."""
        self.answers[path] = (302, {"Location": to}, b"")


def write_page(files: tuple[File, ...], form: str, at: str) -> tuple[str, bytes]:
    """Content type and bytes of an index's page, as PEP 691 or PEP 503 has it."""
    if form == "json":
        rows = [
            {
                "filename": file.name,
                "url": f"{at}/{file.name}",
                "hashes": {"sha256": file.sha256} if file.sha256 else {},
                "requires-python": file.python or None,
                "yanked": file.yanked,
            }
            for file in files
        ]
        return "application/vnd.pypi.simple.v1+json", json.dumps({"files": rows}).encode()
    links = "".join(
        f'<a href="{at}/{file.name}{f"#sha256={file.sha256}" if file.sha256 else ""}"\n'
        f'data-requires-python="{html.escape(file.python)}"{" data-yanked" if file.yanked else ""}>{file.name}</a><br>'
        for file in files
    )
    return "text/html; charset=utf-8", f"<!DOCTYPE html><html><body>{links}</body></html>".encode()


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a web server, with TLS if a context is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.asked.append((self.path, self.headers.get("Authorization", "")))
            status, headers, body = running.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def get_request(self) -> tuple[socket.socket, object]:
            connection, peer = super().get_request()
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            return connection, peer

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that refuses the certificate, or what is too large, is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    running = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without the proxies and pip settings of the user who runs the tests."""
    for name in list(os.environ):
        if name.startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An index without TLS, which is set as pip's."""
    with serving() as running:
        monkeypatch.setenv("PIP_INDEX_URL", f"http://localhost:{running.port}/simple")
        yield running


@pytest.fixture
def secure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """An index with TLS, which is set as pip's, and believed."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "index.test").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("PIP_CERT", str(tmp_path / "authority.pem"))
    with serving(context) as running:
        monkeypatch.setenv("PIP_INDEX_URL", f"https://localhost:{running.port}/simple")
        yield running


def refusal() -> tuple[str, int]:
    """Message with help, and exit code, of a pip that cannot be had."""
    with pytest.raises(BootstrapError) as caught:
        fetch_pip()
    return f"{caught.value}\n{caught.value.help}", caught.value.exit_code


# --- the whole way ---


@pytest.mark.parametrize(
    ("fixture", "host", "variable", "form"),
    [("site", "localhost", "http_proxy", "html"), ("secure", "index.test", "HTTPS_PROXY", "json")],
)
def test_an_environment_without_pip_gets_it_through_a_proxy(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    pip_wheel: Path,
    fixture: str,
    host: str,
    variable: str,
    form: str,
) -> None:
    """A name that only the proxy knows, a login at the proxy, another at the index; neither is printed."""
    index: Site = request.getfixturevalue(fixture)
    wheel = pip_wheel.read_bytes()
    index.offer(File(pip_wheel.name, hashlib.sha256(wheel).hexdigest(), ">=3.9"), form=form, body=wheel)
    venv = tmp_path / "with space"
    subprocess.run([BASE, "-m", "venv", "--without-pip", venv], check=True)
    scheme = "https" if fixture == "secure" else "http"
    with Proxy(user="contoso", password="s3cret", hosts={host: ("127.0.0.1", index.port)}) as proxy:
        address = f"{scheme}://me:p%40ss@{host}:{index.port}/simple/"
        done = subprocess.run(
            [BASE, bootstrap.__file__, "--venv", venv, "--only-venv"],
            capture_output=True,
            text=True,
            env={**os.environ, "PIP_INDEX_URL": address, variable: proxy.url},
        )
    assert done.returncode == 0, done.stderr
    version = pip_wheel.name.split("-")[1]
    said = subprocess.run([venv / "bin" / "python", "-m", "pip", "--version"], capture_output=True, text=True).stdout
    assert said.startswith(f"pip {version} from {venv}")
    seen = ("CONNECT", f"{host}:{index.port}") if fixture == "secure" else ("GET", f"http://{host}:{index.port}")
    assert set(proxy.log) == {seen}
    assert index.asked == [("/simple/pip/", LOGIN), (f"/files/{pip_wheel.name}", LOGIN)]
    assert not re.search("p@ss|p%40ss|s3cret", done.stdout + done.stderr)


def test_a_host_of_no_proxy_is_asked_directly(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.offer(File("pip-99.1-py3-none-any.whl"))
    with Proxy(refuses=403) as proxy:
        monkeypatch.setenv("PIP_PROXY", proxy.url)
        assert refusal()[1] == 3
        monkeypatch.setenv("no_proxy", "localhost")
        assert fetch_pip() == ("pip-99.1-py3-none-any.whl", BODY)
    assert len(proxy.log) == 1


# --- the page and the wheel ---


@pytest.mark.parametrize("form", ["json", "html"])
@pytest.mark.parametrize(
    "other",
    [
        File("pip-99.20-py3-none-any.whl", yanked="it was broken"),
        File("pip-99.20-py3-none-any.whl", yanked=True),
        File("pip-99.20-py3-none-any.whl", python=">=4"),
        File("pip-99.20-py3-none-any.whl", python=">=3.9, <3.10"),
        File("pip-99.20-py3-none-any.whl", sha256=""),
        File("pip-99.20-py3-none-any.whl", sha256=SHA[1:]),
        File("pip-99.20b1-py3-none-any.whl"),
        File("pip-99.20-py2-none-any.whl"),
        File("pip-99.20.tar.gz"),
        File("pipx-99.20-py3-none-any.whl"),
        File("pip-99.9-py3-none-any.whl"),
        File("pip-99-py3-none-any.whl"),
        File("pip-100.0-py3-none-any.whl", python=">=3.99"),
        File("pip-9.10-py3-none-any.whl"),
    ],
    ids=str,
)
def test_the_newest_final_wheel_with_a_hash_for_this_python_is_taken(site: Site, form: str, other: File) -> None:
    older = File("pip-99.0.10-py3-none-any.whl")
    site.offer(older, other, File("pip-99.10-py3-none-any.whl", python=">=3.9"), other, older, form=form)
    assert fetch_pip() == ("pip-99.10-py3-none-any.whl", BODY)


@pytest.mark.parametrize(
    "specifier",
    [
        "",
        ">=3.9",
        ">=3.10",
        ">=3.7,<4",
        ">=2.7,!=3.0.*,!=3.1.*,!=3.2.*",
        ">=3.99",
        "<3",
        "<3.11.0",
        f">={sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2]}",
        f">={sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2] + 1}",
        f"<{sys.version_info[0]}.{sys.version_info[1] + 1}",
        f"< {sys.version_info[0]}.{sys.version_info[1]} , >= 3",
    ],
)
def test_a_bound_on_python_is_read_as_packaging_reads_it(specifier: str) -> None:
    """The specifiers of all of pip's releases are of these kinds."""
    _, page = write_page((File("pip-99.1-py3-none-any.whl", python=specifier),), "html", "files")
    here = ".".join(map(str, sys.version_info[:3]))
    assert len(list(pip_wheel.find_wheels(page))) == SpecifierSet(specifier).contains(here)


@pytest.mark.parametrize("form", ["json", "html"])
@pytest.mark.parametrize("sha256", ["", hashlib.sha256(b"another").hexdigest()], ids=["no hash", "another hash"])
def test_a_wheel_is_refused_without_its_hash(site: Site, form: str, sha256: str) -> None:
    site.offer(File("pip-99.1-py3-none-any.whl", sha256), form=form)
    said, code = refusal()
    assert "SHA-256" in said
    assert code == 3


def test_what_is_too_large_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.offer(File("pip-99.1-py3-none-any.whl"))
    monkeypatch.setattr(pip_wheel, "LARGEST", len(BODY))
    assert fetch_pip()[1] == BODY
    monkeypatch.setattr(pip_wheel, "LARGEST", len(BODY) - 1)
    said, code = refusal()
    assert f"exceeds {len(BODY) - 1} bytes" in said
    assert code == 3
    monkeypatch.setattr(pip_wheel, "LARGEST", 100)  # bytes, in the middle of the page
    assert "not a page" in refusal()[0]


@pytest.mark.parametrize(
    "body",
    [
        b"<html>log in",
        b"<![secure[log in",
        b"",
        b"[]",
        b'{"files": [{"filename": "x"}]}',
        b'{"files": 5}',
        b'{"files": [{"url": "x", "hashes": []}]}',
        b"\xff",
        b'{"a":' * 100_000,
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
def test_what_is_no_page_of_an_index_is_said_to_be_none(site: Site, body: bytes) -> None:
    site.answers["/simple/pip/"] = (200, {}, body)
    said, code = refusal()
    assert "not a page that lists a final pip with a SHA-256 for this Python" in said
    assert code == 3


def test_what_is_not_a_web_server_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.getsockname()[1]}/simple")

        def greet() -> None:
            with server.accept()[0] as connection:
                connection.sendall(b"220 mail.test ESMTP\r\n")
                connection.recv(65536)

        thread = threading.Thread(target=greet)
        thread.start()
        said, code = refusal()
        thread.join()
    assert "BadStatusLine" in said
    assert code == 3


# --- which servers receive which requests and logins ---


@pytest.mark.parametrize("where", ["page", "wheel", "link"])
def test_nothing_without_tls_follows_what_came_with_tls(secure: Site, where: str) -> None:
    with serving() as plain:
        address = f"http://localhost:{plain.port}"
        for one in (secure, plain):
            one.offer(File("pip-99.1-py3-none-any.whl"), at=f"{address}/files" if where == "link" else "../../files")
        assert where == "link" or fetch_pip()[1] == BODY
        if where != "link":
            path = "/simple/pip/" if where == "page" else "/files/pip-99.1-py3-none-any.whl"
            secure.redirect(path, address + path)
        said, code = refusal()
    assert "is not protected by TLS" in said
    assert code == 3
    assert plain.asked == []


def test_a_redirect_is_followed_and_the_login_is_not_taken_along(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:p%40ss@localhost:{site.port}/simple")
    with serving() as other:
        site.redirect("/simple/pip/", f"http://localhost:{other.port}/simple/pip/")
        other.offer(File("pip-99.1-py3-none-any.whl"))
        assert fetch_pip()[1] == BODY
    assert site.asked == [("/simple/pip/", LOGIN)]
    assert other.asked == [("/simple/pip/", ""), ("/files/pip-99.1-py3-none-any.whl", "")]


@pytest.mark.parametrize("host", ["index.test", "localhost.test", "127.0.0.1.test"])
def test_without_tls_a_host_has_to_be_this_machine_or_trusted(
    site: Site, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    site.offer(File("pip-99.1-py3-none-any.whl"))
    monkeypatch.setenv("PIP_INDEX_URL", f"http://{host}:{site.port}/simple")
    with Proxy(hosts={host: ("127.0.0.1", site.port)}) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        said, code = refusal()
        assert f"{host}:{site.port}/simple/pip/ is not protected by TLS" in said
        assert "PIP_TRUSTED_HOST" in said
        assert code == 2
        assert proxy.log == []
        for trusted in (f"other.test {host.upper()}", f"{host}:{site.port}"):
            monkeypatch.setenv("PIP_TRUSTED_HOST", trusted)
            assert fetch_pip()[1] == BODY


def test_a_certificate_of_an_unknown_authority_is_not_believed(secure: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    secure.offer(File("pip-99.1-py3-none-any.whl"))
    assert fetch_pip()[1] == BODY
    asked = len(secure.asked)
    monkeypatch.delenv("PIP_CERT")
    said, code = refusal()
    assert "certificate verify failed" in said
    assert "PIP_CERT=" in said
    assert code == 3
    assert len(secure.asked) == asked


@pytest.mark.parametrize("login", ["me:p%40ss", "me:p@ss", "me:p/ss", "me:p ss", "p@ss"])
@pytest.mark.parametrize("rest", ["localhost:{port}/nowhere", "localhost:1/simple", "index.test/simple", "[::1/simple"])
def test_a_login_is_never_printed(site: Site, monkeypatch: pytest.MonkeyPatch, login: str, rest: str) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://{login}@{rest.format(port=site.port)}")
    said, _ = refusal()
    assert not re.search("p%40|p@ss|p/ss|p ss|me:|'p'|ss@", said)


# --- pip's settings ---


def test_the_next_index_is_asked_and_it_may_be_a_folder(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "an index"
    (folder / "simple" / "pip").mkdir(parents=True)
    (folder / "files").mkdir()
    _, page = write_page((File("pip-99.1-py3-none-any.whl"),), "html", "../../files")
    (folder / "simple" / "pip" / "index.html").write_bytes(page)
    (folder / "files" / "pip-99.1-py3-none-any.whl").write_bytes(BODY)
    more = f"file:///nonexistent/simple {folder.as_uri()}/simple"
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", more)
    assert fetch_pip() == ("pip-99.1-py3-none-any.whl", BODY)
    assert len(site.asked) == 1
    (folder / "simple" / "pip" / "index.html").unlink()
    said, code = refusal()
    assert "404" in said
    assert "file:///nonexistent/simple" in said
    assert "apt-get install python3-venv" in said
    assert code == 3


def test_files_then_variables_as_pip_ranks_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """https://pip.pypa.io/en/stable/topics/configuration/: the user's file is left out where PIP_CONFIG_FILE exists."""
    monkeypatch.delenv("PIP_CONFIG_FILE")
    user = tmp_path / ".config" / "pip" / "pip.conf"
    user.parent.mkdir(parents=True)
    user.write_text("[global]\nindex-url = https://user.test\ncert = ~/user.pem\n[install]\nproxy = http://user.test:1\n")
    own = tmp_path / "own.conf"
    own.write_text("[install]\nindex_url = https://own.test\n[global]\nindex-url = https://global.test\n")
    read = pip_wheel.read_settings()
    assert (read["index-url"], read["proxy"]) == ("https://user.test", "http://user.test:1")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(own))
    read = pip_wheel.read_settings()
    assert read["index-url"] == "https://own.test"
    assert read.get("proxy") != "http://user.test:1"
    monkeypatch.setenv("PIP_INDEX_URL", "")
    assert pip_wheel.read_settings()["index-url"] == "https://own.test"
    monkeypatch.setenv("PIP_INDEX_URL", "https://mine.test")
    assert pip_wheel.read_settings()["index-url"] == "https://mine.test"
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert pip_wheel.read_settings() == {"config-file": os.devnull, "index-url": "https://mine.test"}


@pytest.mark.parametrize("home", ["", "/elsewhere"])
def test_the_files_are_those_of_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    """The real pip lists where it looks. Its environment's own file is not among ours: there is no pip there yet."""
    chosen = tmp_path / "chosen.conf"
    monkeypatch.setenv("PIP_CONFIG_FILE", str(chosen))
    for name in ("XDG_CONFIG_DIRS", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    if home:
        monkeypatch.setenv("XDG_CONFIG_HOME", home)
    read: list[str] = []
    monkeypatch.setattr("configparser.RawConfigParser.read", lambda self, files, encoding: read.extend(map(str, files)))
    pip_wheel.read_settings()
    debug = subprocess.run([sys.executable, "-m", "pip", "config", "debug"], capture_output=True, text=True, check=True)
    listed = re.findall(r"^  (/.*), exists:", debug.stdout, re.MULTILINE)
    assert sorted(read) == sorted(set(listed) - {f"{sys.prefix}/pip.conf"} | {str(chosen)})


@pytest.mark.parametrize(
    ("text", "variables", "match"),
    [
        ("index-url = before any section", {}, "no section headers"),
        ("[global]\nno-index = true", {}, "disables all indexes"),
        ("", {"PIP_NO_INDEX": "1"}, "disables all indexes"),
        ("", {"PIP_CERT": "/nonexistent.pem"}, "/nonexistent.pem"),
    ],
)
def test_a_setting_to_change_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, variables: dict[str, str], match: str
) -> None:
    own = tmp_path / "own.conf"
    own.write_text(text)
    for name, value in {"PIP_CONFIG_FILE": str(own), **variables}.items():
        monkeypatch.setenv(name, value)
    said, code = refusal()
    assert match in said
    assert code == 2
