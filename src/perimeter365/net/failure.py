"""Translate connection failures into errors that name the cause and the next step.

cause                                         error                  retried
------------------------------------------    -------------------    -----------------
a certificate that is not trusted, no TLS     TlsInterceptedError    no
a proxy that requires authentication (407)    ProxyAuthError         no
a name that does not resolve                  UnresolvedError        yes
refused, reset, closed, proxy down            UnreachableError       yes
no response in time                           UpstreamTimeoutError   yes
a truncated response                          TruncatedError         yes
a response that is not HTTP                   UpstreamDataError      no
"""

import re
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

from perimeter365.errors import (
    ProxyAuthError,
    TlsInterceptedError,
    TruncatedError,
    UnreachableError,
    UnresolvedError,
    UpstreamDataError,
    UpstreamError,
    UpstreamTimeoutError,
)
from perimeter365.net.certificate import Certificate

PROXY_HELP = "set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT, or NO_PROXY for this host"
PORTAL_HELP = "open the address in a browser on this machine: a portal or proxy may want a sign-in"
PROXY_ADDRESS_HELP = "write HTTPS_PROXY as http://HOST:PORT, and special characters of a password as %XX"
_TRY = "check HTTPS_PROXY and NO_PROXY"

_TLS_HELP = (
    (("expired", "not yet valid"), "check the clock of this machine; if it is correct, the certificate has to be renewed"),
    (("mismatch", "not valid for"), "the address leads to another server: check DNS and devices on the path"),
    (("wrong version number", "http request"), "the server on that port does not speak TLS: a portal, or a wrong port"),
    (("certificate required", "bad certificate"), "a device on the path requires a client certificate; none is sent"),
    (("protocol", "handshake failure", "cipher"), "the server has no TLS version or cipher in common with this machine"),
    (("eof", "unexpected"), "the connection was closed during the handshake, as some firewalls that inspect TLS do"),
    (
        ("verify", "issuer", "self-signed", "certificate", "key too"),
        "exempt the host from TLS inspection, or add that authority to the operating system's trust store",
    ),
)
"""Words in OpenSSL's reason -> next step. The first match counts."""
_TLS_OTHER = "the server, or a device in its place, aborted the handshake; ask its operator"


class RetryableError(Exception):
    """Wraps an error after which the request may be retried."""

    def __init__(self, error: UpstreamError) -> None:
        super().__init__(error.message)
        self.error = error


class ProxyAddressError(OSError):
    """The address of the configured proxy cannot be parsed."""


class SocksMissingError(OSError):
    """The configured proxy is a SOCKS proxy, and PySocks is not installed."""


def translate_error(
    error: Exception, shown: str, store: str, peer_certificate: Callable[[], Certificate | None]
) -> UpstreamError | RetryableError:
    """Return the UpstreamError for an exception of urllib3 or a socket.

    Args:
        error: the exception.
        shown: the requested address, as messages may show it.
        store: a description of the trust store in use.
        peer_certificate: returns the certificate of the server; called only if verification failed.

    Returns:
        The error, wrapped in RetryableError if the request may be retried.
    """
    from urllib3 import exceptions

    chain = _chain(error)
    tls = next((e for e in chain if isinstance(e, ssl.SSLError)), None)
    if isinstance(error, SocksMissingError):
        return UpstreamError(f"the proxy for {shown} is a SOCKS proxy", help="pip install pysocks, or use an HTTP proxy")
    if isinstance(error, (ProxyAddressError, exceptions.LocationValueError)):  # the request's own URL was parsed before
        return UnreachableError(f"the proxy for {shown} has an address that cannot be read", help=PROXY_ADDRESS_HELP)
    if refused := _refused_by_proxy(chain, shown):
        return refused
    if isinstance(error, exceptions.SSLError) or tls is not None:
        return _tls(tls, shown, store, peer_certificate)
    late = isinstance(error, exceptions.TimeoutError) and not isinstance(error, exceptions.NewConnectionError)
    if late or any(isinstance(e, TimeoutError) for e in chain):
        return RetryableError(UpstreamTimeoutError(f"{shown} did not answer in time"))
    broken = next((e for e in chain if isinstance(e, HTTPException) and not isinstance(e, RemoteDisconnected)), None)
    if isinstance(broken, IncompleteRead) or isinstance(error, exceptions.DecodeError):
        return RetryableError(TruncatedError(f"the response of {shown} was cut off"))
    if isinstance(error, exceptions.InvalidHeader):
        return UpstreamDataError(f"{shown} sent a header that is not valid")
    if broken:
        what = "a header that is too large" if "more than" in str(broken) else "a response that is not HTTP"
        return UpstreamDataError(f"{shown} sent {what}", help=PORTAL_HELP)
    proxy = isinstance(error, exceptions.ProxyError)
    if any(isinstance(e, socket.gaierror | exceptions.NameResolutionError) for e in chain):
        whose = "the name of the proxy for" if proxy else "the name of"
        return RetryableError(UnresolvedError(f"{whose} {shown} does not resolve", help="check this machine's name servers"))
    if proxy:
        return RetryableError(UnreachableError(f"the proxy for {shown} cannot be reached: {_reason(chain)}", help=_TRY))
    if isinstance(error, (OSError, exceptions.ProtocolError, exceptions.NewConnectionError)):
        return RetryableError(UnreachableError(f"{shown} cannot be reached: {_reason(chain)}"))
    return UpstreamError(f"{shown}: {type(error).__name__}")


def _refused_by_proxy(chain: list[BaseException], shown: str) -> UpstreamError | RetryableError | None:
    """Return the error for a proxy that refused a tunnel; None if it did not.

    Source: RFC 9110 9.3.6.
    """
    for each in chain:
        if found := re.search(r"Tunnel connection failed: ([0-9]{3})", str(each)):
            if found[1] == "407":
                return ProxyAuthError(f"the proxy for {shown} requires authentication (407)", help=PROXY_HELP)
            refused = UnreachableError(f"the proxy for {shown} refused to connect to it ({found[1]})", help=_TRY)
            return RetryableError(refused) if found[1] >= "500" else refused
    return None


def _tls(
    tls: ssl.SSLError | None, shown: str, store: str, peer_certificate: Callable[[], Certificate | None]
) -> TlsInterceptedError:
    reason = str(getattr(tls, "verify_message", "") or getattr(tls, "reason", "") or "the handshake failed")
    reason = reason.replace("_", " ").lower().rstrip(".")
    presented = peer_certificate() if isinstance(tls, ssl.SSLCertVerificationError) else None
    words = [f"TLS with {shown} failed: {reason}"]
    if presented:
        words.append(f"the certificate for {presented.subject!r} is signed by {presented.issuer!r}")
        if ("expired" in reason or "not yet" in reason) and presented.not_before and presented.not_after:
            first, last = presented.not_before, presented.not_after
            words.append(f"it is valid from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC")
    words.append(f"it was checked against {store}")
    help = next((step for marks, step in _TLS_HELP if any(mark in reason for mark in marks)), _TLS_OTHER)
    return TlsInterceptedError("; ".join(words), issuer=presented.issuer if presented else "", store=store, help=help)


def _reason(chain: list[BaseException]) -> str:
    for each in chain:
        if isinstance(each, ConnectionRefusedError):
            return "the connection was refused"
        if isinstance(each, RemoteDisconnected):
            return "the connection was closed without a response"
        if isinstance(each, ConnectionResetError):
            return "the connection was reset"
    return "the connection failed or was lost immediately"


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error, the errors it wraps and its causes, at most 50."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue and len(found) < 50:
        each = queue.pop(0)
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            queue += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return found
