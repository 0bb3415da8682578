"""Proxy and logins from the environment, as in curl and requests, and redacted in messages."""

from base64 import b64decode
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.net.failure import ProxyAddressError
from perimeter365.net.proxy import (
    basic_header,
    netrc_login,
    network_variables,
    proxy_for,
    proxy_login,
    redacted_url,
    split_proxy,
)

PROXY = "http://proxy.test:8080"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NETRC"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_the_proxy_comes_from_the_environment_and_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://contoso:secret@proxy.test:8080")
    monkeypatch.setenv("NO_PROXY", "mirror.test")
    assert redacted_url(proxy_for("https://endpoints.test")) == "http://proxy.test:8080"
    assert proxy_for("https://mirror.test") == ""


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pw@host:1/path?secret=1\x1b", "https://host:1/path"),
        ("user:pw@host:8080", "//host:8080"),
        ("https://[::1", "an address that cannot be read"),
    ],
)
def test_an_address_is_shown_without_credentials_and_query(url: str, shown: str) -> None:
    assert redacted_url(url).removeprefix("//") == shown.removeprefix("//")


@pytest.mark.parametrize(
    ("name", "url", "used"),
    [
        ("HTTPS_PROXY", "https://endpoints.test", True),
        ("https_proxy", "https://endpoints.test", True),
        ("HTTPS_PROXY", "http://endpoints.test", False),
        ("HTTP_PROXY", "http://endpoints.test", True),
        ("HTTP_PROXY", "https://endpoints.test", False),
        ("ALL_PROXY", "https://endpoints.test", True),
        ("all_proxy", "http://endpoints.test", True),
    ],
)
def test_a_variable_applies_to_its_scheme(name: str, url: str, used: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, PROXY)
    assert proxy_for(url) == (PROXY if used else "")


@pytest.mark.parametrize(
    ("no_proxy", "url", "spared"),
    [
        ("endpoints.test", "https://endpoints.test", True),
        ("ENDPOINTS.test", "https://endpoints.TEST", True),
        ("test", "https://endpoints.test", True),
        (".test", "https://endpoints.test", True),
        ("a.example, endpoints.test", "https://endpoints.test", True),
        ("points.test", "https://endpoints.test", False),
        ("endpoints.test:8443", "https://endpoints.test:8443", True),
        ("endpoints.test:8443", "https://endpoints.test:9443", False),
        ("endpoints.test:8443", "https://endpoints.test", False),
        ("*", "https://endpoints.test", True),
        ("192.0.2.7", "https://192.0.2.7", True),
        ("192.0.2.0/24", "https://192.0.2.7", True),
        ("10.0.0.0/8,192.0.2.0/24", "https://192.0.2.7:8443", True),
        ("192.0.3.0/24", "https://192.0.2.7", False),
        ("192.0.2.0/24", "https://endpoints.test", False),
        ("192.0.2.0/", "https://192.0.2.7", False),
        ("::1", "https://[::1]", True),
        ("::1", "https://[::1]:8443", True),
        ("fd00::/8", "https://[fd00::7]:8443", True),
        ("fd00::/8", "https://[fe00::7]", False),
        ("", "https://endpoints.test", False),
    ],
)
def test_no_proxy_excludes_names_ports_and_networks(
    no_proxy: str, url: str, spared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, no_proxy)
        found = network_variables(url)
        assert (found.proxy, found.bypassed) == (("", True) if spared else (PROXY, False))
        monkeypatch.delenv(name)


@pytest.mark.parametrize("proxy", ["http://u:p@[::1", "http://proxy:99999", "http://proxy:0", "http://", "two words:80"])
def test_an_invalid_proxy_address_is_rejected_and_not_quoted(proxy: str) -> None:
    with pytest.raises(ProxyAddressError, match=r"^the proxy's address cannot be read$"):
        split_proxy(proxy)


@pytest.mark.parametrize(
    ("proxy", "want"),
    [
        ("http://contoso:p%40ss%3Aword@proxy.test", b"contoso:p@ss:word"),
        ("contoso:secret@proxy.test:8080", b"contoso:secret"),
        ("http://contoso:%C3%BC@proxy.test", b"contoso:\xfc"),  # in Latin-1 if possible
        ("http://contoso:%E2%82%AC@proxy.test", b"contoso:\xe2\x82\xac"),
    ],
)
def test_the_login_of_a_proxy_is_decoded(proxy: str, want: bytes) -> None:
    (header,) = basic_header("Proxy-Authorization", proxy_login(proxy)).items()
    assert header[0] == "Proxy-Authorization"
    assert b64decode(header[1].removeprefix("Basic ")) == want


@pytest.mark.parametrize("proxy", [PROXY, "http://contoso@proxy.test:8080"])
def test_without_a_password_no_header_is_sent(proxy: str) -> None:
    assert basic_header("Proxy-Authorization", proxy_login(proxy)) == {}


def test_logins_for_servers_come_from_netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://mirror.test:8443/m365"
    assert netrc_login(url) is None
    (tmp_path / ".netrc").write_text("machine mirror.test login reader password at-home\n")
    (tmp_path / ".netrc").chmod(0o600)
    assert netrc_login(url) == ("reader", "at-home")
    assert netrc_login("https://other.test") is None
    (tmp_path / "logins").write_text("machine mirror.test login reader password elsewhere\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "logins"))
    assert netrc_login(url) == ("reader", "elsewhere")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\nmachine mirror.test loogin hunter2\n", "line 2 cannot be understood"),
        (b"machine mirror.test password hunter2 login\xff\n", "is not a netrc file"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_that_netrc_names_must_be_readable(
    content: bytes | None, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "logins"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("NETRC", str(file))
    with pytest.raises(InputError) as caught:
        netrc_login("https://mirror.test/m365")
    assert str(file) in caught.value.message
    assert why in caught.value.message
    assert "unset NETRC" in caught.value.help
    assert "hunter2" not in f"{caught.value!r} {caught.value} {caught.value.__cause__} {caught.value.help}"


def test_an_invalid_netrc_of_other_programs_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine mirror.test loogin reader\n")
    assert netrc_login("https://mirror.test/m365") is None
