"""pip is looked for where pip would look, and only bytes that somebody vouches for are taken."""

import hashlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from tasks import pip_wheel
from tasks.pip_wheel import (
    BootstrapError,
    Settings,
    Wheel,
    allows,
    fetch_wheel,
    find_wheel,
    parse_page,
    redact,
)

SHA = "0" * 64


# --- an index on loopback ---


@dataclass
class Index:
    """A web server: what it answers by path, and what it was asked."""

    address: str
    answers: dict[str, list[tuple[int, Mapping[str, str], bytes]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and Authorization header of each request."""

    def answer(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer a path with this; the last answer of a path is repeated."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(path, []).append((status, named, body))

    def offer(self, body: bytes, name: str = "pip-99.1-py3-none-any.whl", sha256: str | None = None) -> None:
        """List one wheel, and serve it."""
        digest = hashlib.sha256(body).hexdigest() if sha256 is None else sha256
        page = {"files": [{"filename": name, "url": f"../../files/{name}", "hashes": {"sha256": digest}}]}
        kind = "application/vnd.pypi.simple.v1+json"
        self.answer("/simple/pip/", json.dumps(page).encode(), content_type=kind)
        self.answer(f"/files/{name}", body)


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Index]:
    """A web server on loopback, with TLS if a context is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.asked.append((self.path, self.headers.get("Authorization", "")))
            left = running.answers.get(self.path, [(404, {}, b"")])
            status, headers, body = left.pop(0) if len(left) > 1 else left[0]
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
            """A client that refuses our certificate is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    scheme = "http" if context is None else "https"
    running = Index(address=f"{scheme}://localhost:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def index() -> Iterator[Index]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def settings_for(index: Index, **more: object) -> Settings:
    return Settings(indexes=(f"{index.address}/simple",), timeout=10, **more)  # type: ignore[arg-type]


# --- the configuration ---


def test_without_configuration_the_public_index_is_asked(tmp_path: Path) -> None:
    assert Settings.read({"HOME": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"}) == Settings()
    assert Settings().indexes == ("https://pypi.org/simple",)


def test_variables_win_over_files_and_install_over_global(tmp_path: Path) -> None:
    user = tmp_path / ".config" / "pip" / "pip.conf"
    user.parent.mkdir(parents=True)
    user.write_text("[global]\nindex-url = https://user.example\ncert = /user.pem\ntimeout = 5\n")
    own = tmp_path / "own.conf"
    own.write_text("[install]\nindex_url = https://own.example\n[global]\nindex-url = https://global.example\n")
    environment = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_DIRS": str(tmp_path / "none"),
        "PIP_CONFIG_FILE": str(own),
    }
    read = Settings.read(environment)
    assert (read.indexes[0], read.cert, read.timeout) == ("https://own.example", "/user.pem", 5.0)
    variables = {
        "PIP_INDEX_URL": "https://mine.example",
        "PIP_EXTRA_INDEX_URL": "https://a.example https://b.example",
    }
    read = Settings.read({**environment, **variables, "PIP_TRUSTED_HOST": "a.example", "PIP_PROXY": "http://p:1"})
    assert read.indexes == ("https://mine.example", "https://a.example", "https://b.example")
    assert (read.trusted_hosts, read.proxy) == (frozenset({"a.example"}), "http://p:1")


def test_no_index_leaves_the_folders(tmp_path: Path) -> None:
    read = Settings.read({"HOME": str(tmp_path), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": f"/a {tmp_path.as_uri()}"})
    assert read.indexes == ()
    assert read.find_links == ("/a", tmp_path.as_uri())


@pytest.mark.parametrize(
    ("text", "variables"),
    [("index-url = before any section", {}), ("", {"PIP_TIMEOUT": "soon"})],
)
def test_a_broken_configuration_is_told_not_ignored(tmp_path: Path, text: str, variables: dict[str, str]) -> None:
    own = tmp_path / "own.conf"
    own.write_text(text)
    with pytest.raises(BootstrapError, match=r"own\.conf|time-out"):
        Settings.read({"HOME": str(tmp_path), "PIP_CONFIG_FILE": str(own), **variables})


# --- pages of an index ---


def test_json_and_html_say_the_same() -> None:
    base = "https://index.example/simple/pip/"
    as_json = {
        "files": [
            {
                "filename": "pip-26.3-py3-none-any.whl",
                "url": "https://files.example/pip-26.3-py3-none-any.whl",
                "hashes": {"sha256": SHA},
                "requires-python": ">=3.10",
                "yanked": False,
            },
            {"filename": "pip-26.2-py3-none-any.whl", "url": "x", "hashes": {}, "yanked": "it was broken"},
        ]
    }
    as_html = f"""<!DOCTYPE html><html><body>
        <a href="https://files.example/pip-26.3-py3-none-any.whl#sha256={SHA}"
        data-requires-python="&gt;=3.10">pip-26.3-py3-none-any.whl</a>
        <a href="x" data-yanked="it was broken">pip-26.2-py3-none-any.whl</a></body></html>"""
    expected = [
        Wheel(
            filename="pip-26.3-py3-none-any.whl",
            url="https://files.example/pip-26.3-py3-none-any.whl",
            sha256=SHA,
            requires_python=">=3.10",
        )
    ]
    assert parse_page(json.dumps(as_json).encode(), "application/vnd.pypi.simple.v1+json", base) == expected
    assert parse_page(as_html.encode(), "text/html; charset=utf-8", base) == expected


@pytest.mark.parametrize("body", [b"<html>log in", b"[]", b'{"files": [{"filename": "x"}]}', b"\xff", b'{"files": 5}'])
def test_a_page_that_is_no_index_is_an_error(body: bytes) -> None:
    with pytest.raises(BootstrapError, match="no page of a package index") as caught:
        parse_page(body, "application/json", "https://me:secret@index.example/simple/pip/")
    assert caught.value.exit_code == 3
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("filename", "sha256", "python", "usable"),
    [
        ("pip-26.3-py3-none-any.whl", SHA, ">=3.10", True),
        ("pip-26.3-py3-none-any.whl", SHA, "", True),
        ("pip-26.3-py3-none-any.whl", "", "", False),
        ("pip-26.3-py3-none-any.whl", "0", "", False),
        ("pip-26.3-py3-none-any.whl", SHA, ">=4", False),
        ("pip-26.3b1-py3-none-any.whl", SHA, "", False),
        ("pip-26.3-py2.py3-none-any.whl", SHA, "", False),
        ("pip-26.3.tar.gz", SHA, "", False),
        ("pipx-26.3-py3-none-any.whl", SHA, "", False),
    ],
)
def test_only_a_final_wheel_for_this_python_with_a_hash_is_usable(
    filename: str, sha256: str, python: str, usable: bool
) -> None:
    wheel = Wheel(filename=filename, url="https://x.example", sha256=sha256, requires_python=python)
    assert wheel.usable is usable


@pytest.mark.parametrize(
    ("specifier", "allowed"),
    [
        ("", True),
        (">=3.11.2", True),
        (">=3.11.3", False),
        (">3.11", True),
        ("<3.12, >=3.9", True),
        ("<=3.11", False),
        ("!=3.11.*", False),
        ("!=3.10.*", True),
        ("!=3.11.2", False),
        ("===3.11.2", False),
    ],
)
def test_specifiers_of_python(specifier: str, allowed: bool) -> None:
    assert allows(specifier, (3, 11, 2)) is allowed


# --- fetching ---


def test_the_newest_wheel_is_fetched_and_verified(index: Index) -> None:
    index.offer(b"the wheel")
    wheel = find_wheel(settings_for(index))
    assert wheel.version == (99, 1)
    assert fetch_wheel(wheel, settings_for(index)) == b"the wheel"


def test_other_bytes_than_the_index_promised_are_refused(index: Index) -> None:
    index.offer(b"the wheel", sha256=SHA)
    wheel = find_wheel(settings_for(index))
    with pytest.raises(BootstrapError, match=f"the index says {SHA}") as caught:
        fetch_wheel(wheel, settings_for(index))
    assert caught.value.exit_code == 3


def test_a_hiccup_is_tried_again_and_a_refusal_is_not(index: Index) -> None:
    index.answer("/simple/pip/", status=503)
    index.offer(b"the wheel")
    assert find_wheel(settings_for(index)).version == (99, 1)
    assert len(index.asked) == 2
    refused = Settings(indexes=(f"{index.address}/elsewhere",))
    with pytest.raises(BootstrapError, match="it answers 404") as caught:
        find_wheel(refused)
    assert caught.value.exit_code == 3
    assert len(index.asked) == 3


def test_name_and_password_are_sent_and_never_said(index: Index) -> None:
    address = index.address.replace("//", "//me:p%40ss@")
    with pytest.raises(BootstrapError) as caught:
        find_wheel(Settings(indexes=(f"{address}/simple",)))
    assert index.asked[0] == ("/simple/pip/", "Basic bWU6cEBzcw==")
    assert "p%40ss" not in str(caught.value)
    assert "p@ss" not in str(caught.value)
    assert redact("https://me:a@host.example/x@y") == "https://host.example/x@y"


def test_the_next_index_is_asked_and_then_the_folders(index: Index, tmp_path: Path) -> None:
    for name in ("pip-9.0-py3-none-any.whl", "pip-10.0-py3-none-any.whl", "pip-11.0.tar.gz"):
        (tmp_path / name).write_bytes(name.encode())
    nowhere = f"{index.address}/nowhere"
    wheel = find_wheel(Settings(indexes=(nowhere,), find_links=("/nonexistent", str(tmp_path))))
    assert wheel.version == (10, 0)
    assert fetch_wheel(wheel, Settings()) == b"pip-10.0-py3-none-any.whl"
    index.offer(b"the wheel")
    both = Settings(indexes=(nowhere, f"{index.address}/simple"), find_links=(str(tmp_path),))
    assert find_wheel(both).version == (99, 1)


def test_an_index_may_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "pip").mkdir()
    page = f'<a href="../pip-9.0-py3-none-any.whl#sha256={SHA}">pip-9.0-py3-none-any.whl</a>'
    (tmp_path / "pip" / "index.html").write_text(page)
    assert find_wheel(Settings(indexes=(tmp_path.as_uri(),))).version == (9, 0)


def test_each_place_that_had_nothing_is_named(tmp_path: Path) -> None:
    settings = Settings(indexes=("http://mirror.example/simple",), find_links=(str(tmp_path),))
    with pytest.raises(BootstrapError) as caught:
        find_wheel(settings)
    assert "http://mirror.example/simple/pip/ is not protected by TLS" in str(caught.value)
    assert "PIP_TRUSTED_HOST=mirror.example" in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert "python3-venv" in caught.value.help
    assert caught.value.exit_code == 2


def test_a_certificate_is_believed_only_where_the_settings_say_so(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authorities = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(authorities)
    with serving(context) as index:
        index.offer(b"the wheel")
        with pytest.raises(BootstrapError, match="certificate is not believed") as caught:
            find_wheel(settings_for(index))
        assert "ca-certificates" in str(caught.value)
        assert index.asked == []
        assert find_wheel(settings_for(index, cert=str(authorities))).version == (99, 1)
        assert find_wheel(settings_for(index, trusted_hosts=frozenset({"localhost"}))).version == (99, 1)
        with pytest.raises(BootstrapError, match="mend PIP_CERT"):
            find_wheel(settings_for(index, cert="/nonexistent.pem"))


def test_a_redirect_from_tls_to_plain_text_is_not_followed(tmp_path: Path, index: Index) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authorities = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(authorities)
    index.offer(b"the wheel")
    with serving(context) as secure:
        secure.answer("/simple/pip/", status=302, location=f"{index.address}/simple/pip/")
        with pytest.raises(BootstrapError, match="redirects from TLS"):
            find_wheel(settings_for(secure, cert=str(authorities)))
    assert index.asked == []


def test_an_endless_answer_is_cut(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip_wheel, "LARGEST", 100)
    index.answer("/simple/pip/", b"x" * 101)
    with pytest.raises(BootstrapError, match="larger than 100 bytes"):
        find_wheel(settings_for(index))
