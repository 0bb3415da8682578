"""Classification of the exceptions of urllib3, http.client and ssl."""

import socket
import ssl
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected

import pytest
import urllib3
from urllib3 import exceptions as of

from perimeter365.errors import UpstreamError
from perimeter365.net.failure import ProxyAddressError, RetryableError, SocksMissingError, translate_error

POOL = urllib3.HTTPConnectionPool("endpoints.test")
LINE = urllib3.connection.HTTPConnection("endpoints.test")


def translated(error: Exception) -> tuple[UpstreamError, bool]:
    found = translate_error(error, "https://endpoints.test", "the store", lambda: None)
    return (found.error, True) if isinstance(found, RetryableError) else (found, False)


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code", "again"),
    [
        (of.ProxyError("no proxy", OSError("Tunnel connection failed: 407 Proxy")), "P365-PROXY", False),
        (of.ProxyError("no proxy", OSError("Tunnel connection failed: 403 No")), "P365-UNREACHABLE", False),
        (of.ProxyError("no proxy", OSError("Tunnel connection failed: 502 No")), "P365-UNREACHABLE", True),
        (of.ProxyError("no proxy", ConnectionRefusedError()), "P365-UNREACHABLE", True),
        (of.ProxyError("no proxy", socket.gaierror(-2, "no")), "P365-DNS", True),
        (of.NameResolutionError("endpoints.test", LINE, socket.gaierror(-2, "no")), "P365-DNS", True),
        (of.ProtocolError("Connection aborted.", ConnectionRefusedError()), "P365-UNREACHABLE", True),
        (of.ProtocolError("Connection aborted.", RemoteDisconnected("closed")), "P365-UNREACHABLE", True),
        (of.ProtocolError("Connection aborted.", BadStatusLine("SSH-2.0")), "P365-DATA", False),
        (of.ProtocolError("Connection aborted.", HTTPException("got more than 100 headers")), "P365-DATA", False),
        (of.ProtocolError("Connection broken", IncompleteRead(b"")), "P365-TRUNCATED", True),
        (of.InvalidHeader("Content-Length contained multiple unmatching values (5, 6)"), "P365-DATA", False),
        (of.DecodeError("bad gzip"), "P365-TRUNCATED", True),
        (of.ReadTimeoutError(POOL, "/", "read"), "P365-TIMEOUT", True),
        (of.SSLError(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong")), "P365-TLS", False),
        (ssl.SSLError(1, "handshake"), "P365-TLS", False),
        (TimeoutError("timed out"), "P365-TIMEOUT", True),
        (ConnectionResetError(), "P365-UNREACHABLE", True),
        (socket.gaierror(-2, "no"), "P365-DNS", True),
        (SocksMissingError(), "P365-UPSTREAM", False),
        (ProxyAddressError(), "P365-UNREACHABLE", False),
        (of.LocationParseError("http://u:p@[::1"), "P365-UNREACHABLE", False),
        (caused(of.NewConnectionError(LINE, "no connection"), ConnectionRefusedError()), "P365-UNREACHABLE", True),
        (of.ConnectTimeoutError(LINE, "connect timed out"), "P365-TIMEOUT", True),
        (of.ProxySchemeUnknown("gopher"), "P365-UNREACHABLE", False),
        (of.HTTPError("?"), "P365-UPSTREAM", False),
    ],
)
def test_each_cause_has_its_error(error: Exception, code: str, again: bool) -> None:
    found, worth_it = translated(error)
    assert (found.code, worth_it) == (code, again)
    assert "https://endpoints.test" in found.message


def test_a_message_names_what_refused_the_connection() -> None:
    aborted = of.ProtocolError("Connection aborted.", ConnectionRefusedError())
    assert "the connection was refused" in translated(aborted)[0].message
    assert "refused to connect to it (403)" in translated(OSError("Tunnel connection failed: 403 No"))[0].message
    deep = caused(of.ProtocolError("Connection aborted."), ConnectionResetError(104, "reset"))
    assert "the connection was reset" in translated(deep)[0].message
    assert "the name of the proxy" in translated(of.ProxyError("no proxy", socket.gaierror()))[0].message
