"""What stands in the way, told from the errors of requests, urllib3, http.client and ssl."""

import socket
import ssl
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected

import pytest
import requests

from perimeter365.errors import UpstreamError
from perimeter365.net.failure import AgainError, failure


def as_told(error: OSError) -> tuple[UpstreamError, bool]:
    found = failure(error, "https://endpoints.test", "the store", lambda: None)
    return (found.error, True) if isinstance(found, AgainError) else (found, False)


def caused(error: OSError, cause: BaseException) -> OSError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code", "again"),
    [
        (requests.exceptions.ProxyError(OSError("Tunnel connection failed: 407 Proxy")), "P365-PROXY", False),
        (requests.exceptions.ProxyError(OSError("Tunnel connection failed: 403 No")), "P365-UNREACHABLE", False),
        (requests.exceptions.ProxyError(OSError("Tunnel connection failed: 502 No")), "P365-UNREACHABLE", True),
        (requests.exceptions.ProxyError(ConnectionRefusedError()), "P365-UNREACHABLE", True),
        (requests.exceptions.ProxyError(socket.gaierror(-2, "no")), "P365-DNS", True),
        (requests.ConnectionError(socket.gaierror(-2, "no")), "P365-DNS", True),
        (requests.ConnectionError(ConnectionRefusedError()), "P365-UNREACHABLE", True),
        (requests.ConnectionError(RemoteDisconnected("closed")), "P365-UNREACHABLE", True),
        (requests.ConnectionError(BadStatusLine("SSH-2.0")), "P365-DATA", False),
        (requests.ConnectionError(HTTPException("got more than 100 headers")), "P365-DATA", False),
        (requests.exceptions.ChunkedEncodingError(IncompleteRead(b"")), "P365-TRUNCATED", True),
        (requests.exceptions.ContentDecodingError("bad gzip"), "P365-TRUNCATED", True),
        (requests.exceptions.ReadTimeout("read"), "P365-TIMEOUT", True),
        (requests.exceptions.SSLError(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong")), "P365-TLS", False),
        (ssl.SSLError(1, "handshake"), "P365-TLS", False),
        (TimeoutError("timed out"), "P365-TIMEOUT", True),
        (ConnectionResetError(), "P365-UNREACHABLE", True),
        (socket.gaierror(-2, "no"), "P365-DNS", True),
        (requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support."), "P365-UPSTREAM", False),
        (requests.exceptions.InvalidProxyURL("http://u:p@"), "P365-UNREACHABLE", False),
        (requests.exceptions.InvalidURL("http://u:p@[::1"), "P365-UNREACHABLE", False),
        (requests.RequestException("?"), "P365-UPSTREAM", False),
    ],
)
def test_each_obstacle_has_its_error(error: OSError, code: str, again: bool) -> None:
    found, worth_it = as_told(error)
    assert (found.code, worth_it) == (code, again)
    assert "https://endpoints.test" in found.message


def test_the_words_of_a_refusal_say_who_refused() -> None:
    assert "the connection was refused" in as_told(requests.ConnectionError(ConnectionRefusedError()))[0].message
    assert "makes no connection to it (403)" in as_told(OSError("Tunnel connection failed: 403 No"))[0].message
    deep = caused(requests.ConnectionError("Max retries exceeded"), ConnectionResetError(104, "reset"))
    assert "the connection was reset" in as_told(deep)[0].message
    assert "the name of the proxy" in as_told(requests.exceptions.ProxyError(socket.gaierror()))[0].message
