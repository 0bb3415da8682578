"""What went wrong on a connection, told as one of our errors: who or what is in the way, and what to do.

in the way                                    error                  worth another try
------------------------------------------    -------------------    -----------------
a certificate that is not trusted, no TLS     TlsInterceptedError    no
a proxy that wants authentication (407)       ProxyAuthError         no
a name that does not resolve                  UnresolvedError        yes
refused, reset, closed, proxy away            UnreachableError       yes
no answer in time                             UpstreamTimeoutError   yes
an answer that broke off                      TruncatedError         yes
something that is not HTTP                    UpstreamDataError      no
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
PROXY_ADDRESS_HELP = "write HTTPS_PROXY as http://HOST:PORT, and what is special in its password as %XX"
_TRY = "check HTTPS_PROXY and NO_PROXY"

_TLS_HELP = (
    (("expired", "not yet valid"), "is the clock of this machine right? If it is, the certificate has to be renewed"),
    (("mismatch", "not valid for"), "the address leads to another server: check DNS, and what is in between"),
    (("wrong version number", "http request"), "what answers on that port does not speak TLS: a portal, or a wrong port"),
    (("certificate required", "bad certificate"), "something between wants a certificate of this machine; none is given"),
    (("protocol", "handshake failure", "cipher"), "the other side has no version or cipher of TLS in common with this one"),
    (("eof", "unexpected"), "the connection was cut within the handshake, as some firewalls that inspect TLS do"),
    (
        ("verify", "issuer", "self-signed", "certificate", "key too"),
        "exempt the host from TLS inspection, or have the operating system trust that authority",
    ),
)
"""Words of OpenSSL's reason -> the next step."""
_TLS_OTHER = "the server, or something in its place, broke the handshake off; its operator knows why"


class AgainError(Exception):
    """Wraps an error after which another try is worth it."""

    def __init__(self, error: UpstreamError) -> None:
        super().__init__(error.message)
        self.error = error


class ProxyAddressError(OSError):
    """The address of the proxy that is set cannot be read."""


class SocksMissingError(OSError):
    """The proxy that is set is a SOCKS proxy, and what speaks to one is not installed."""


def failure(error: Exception, shown: str, store: str, look: Callable[[], Certificate | None]) -> UpstreamError | AgainError:
    """Our error for one of urllib3's.

    Args:
        error: what urllib3 raised, or a socket.
        shown: the address that was asked, as messages may show it.
        store: which trust store was asked, in words.
        look: gives the certificate that came, where trust is what failed.
    """
    from urllib3 import exceptions as of

    chain = _chain(error)
    tls = next((e for e in chain if isinstance(e, ssl.SSLError)), None)
    if isinstance(error, SocksMissingError):
        return UpstreamError(f"the proxy for {shown} is a SOCKS proxy", help="pip install pysocks, or use an HTTP proxy")
    if isinstance(error, (ProxyAddressError, of.LocationValueError)):  # ours was read before
        return UnreachableError(f"the proxy for {shown} has an address that cannot be read", help=PROXY_ADDRESS_HELP)
    if refused := _refused_by_proxy(chain, shown):
        return refused
    if isinstance(error, of.SSLError) or tls is not None:
        return _tls(tls, shown, store, look)
    late = isinstance(error, of.TimeoutError) and not isinstance(error, of.NewConnectionError)
    if late or any(isinstance(e, TimeoutError) for e in chain):
        return AgainError(UpstreamTimeoutError(f"{shown} did not answer in time"))
    broken = next((e for e in chain if isinstance(e, HTTPException) and not isinstance(e, RemoteDisconnected)), None)
    if isinstance(broken, IncompleteRead) or isinstance(error, of.DecodeError):
        return AgainError(TruncatedError(f"the answer of {shown} broke off"))
    if broken:
        what = "a header that is too large" if "more than" in str(broken) else "an answer that is not HTTP"
        return UpstreamDataError(f"{shown} gives {what}", help=PORTAL_HELP)
    proxy = isinstance(error, of.ProxyError)
    if any(isinstance(e, socket.gaierror | of.NameResolutionError) for e in chain):
        whose = "the name of the proxy for" if proxy else "the name of"
        return AgainError(UnresolvedError(f"{whose} {shown} does not resolve", help="check this machine's name servers"))
    if proxy:
        return AgainError(UnreachableError(f"the proxy for {shown} cannot be reached: {_reason(chain)}", help=_TRY))
    if isinstance(error, (OSError, of.ProtocolError, of.NewConnectionError)):
        return AgainError(UnreachableError(f"{shown} cannot be reached: {_reason(chain)}"))
    return UpstreamError(f"{shown}: {type(error).__name__}")


def _refused_by_proxy(chain: list[BaseException], shown: str) -> UpstreamError | AgainError | None:
    """What a proxy says instead of making a tunnel (RFC 9110 9.3.6)."""
    for each in chain:
        if found := re.search(r"Tunnel connection failed: ([0-9]{3})", str(each)):
            if found[1] == "407":
                return ProxyAuthError(f"the proxy of {shown} wants authentication (407)", help=PROXY_HELP)
            said = UnreachableError(f"the proxy of {shown} makes no connection to it ({found[1]})", help=_TRY)
            return AgainError(said) if found[1] >= "500" else said
    return None


def _tls(tls: ssl.SSLError | None, shown: str, store: str, look: Callable[[], Certificate | None]) -> TlsInterceptedError:
    reason = str(getattr(tls, "verify_message", "") or getattr(tls, "reason", "") or "the handshake failed")
    reason = reason.replace("_", " ").lower().rstrip(".")
    came = look() if isinstance(tls, ssl.SSLCertVerificationError) else None
    words = [f"TLS with {shown} failed: {reason}"]
    if came:
        words.append(f"the certificate that came is signed by {came.issuer!r}, for {came.subject!r}")
        if ("expired" in reason or "not yet" in reason) and came.begins and came.ends:
            words.append(f"it is good from {came.begins:%Y-%m-%d %H:%M} to {came.ends:%Y-%m-%d %H:%M} UTC")
    words.append(f"asked was {store}")
    help = next((step for marks, step in _TLS_HELP if any(mark in reason for mark in marks)), _TLS_OTHER)
    return TlsInterceptedError("; ".join(words), issuer=came.issuer if came else "", store=store, help=help)


def _reason(chain: list[BaseException]) -> str:
    for each in chain:
        if isinstance(each, ConnectionRefusedError):
            return "the connection was refused"
        if isinstance(each, RemoteDisconnected):
            return "the connection was closed without an answer"
        if isinstance(each, ConnectionResetError):
            return "the connection was reset"
    return "the connection failed or broke at once"


def _chain(error: BaseException) -> list[BaseException]:
    """An error, what it wraps and what caused it."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue and len(found) < 50:
        each = queue.pop(0)
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            queue += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return found
