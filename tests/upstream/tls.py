"""Every way in which TLS can fail, and the honest one: what the lying upstream does before a request is read.

Authorities are made once a process. `ROOT` is the one that a client under test is told to trust.
"""

import datetime as dt
import socket
import ssl
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NAME = "localhost"
"""For which the certificates are."""

_DAY = dt.timedelta(days=1)


@cache
def root() -> trustme.CA:
    """The authority that clients trust."""
    return trustme.CA(organization_name="Trusted Authority")


@cache
def stranger() -> trustme.CA:
    """An authority that clients do not know: a company's, which inspects TLS."""
    return trustme.CA(organization_name="Contoso TLS Inspection")


def write_root(folder: Path) -> Path:
    """Write the trusted authority as a PEM file."""
    path = folder / "root.pem"
    root().cert_pem.write_to_path(str(path))
    return path


@cache
def _inspection() -> trustme.CA:
    """The authority below the stranger's, with which its machines sign."""
    return trustme.CA(parent_cert=stranger(), organization_name="Contoso Inspection Machine 7")


@dataclass(frozen=True)
class Way:
    """One way to begin a connection."""

    meaning: str
    accept: Callable[[socket.socket], ssl.SSLSocket | None]
    """Takes a connection, gives it back with TLS on it; None when there is nothing left to say."""
    borne: bool = False
    """Is it no failure for a client?"""
    goodbye: bool = True
    """Does TLS say that nothing follows, before the connection is closed?"""


def _server(certificate: trustme.LeafCert | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (certificate or _leaf(root())).configure_cert(context)
    return context


@cache
def _leaf(authority: trustme.CA, name: str = NAME) -> trustme.LeafCert:
    return authority.issue_cert(name, common_name=name)


def _handshake(context: ssl.SSLContext, sock: socket.socket) -> ssl.SSLSocket | None:
    sock.settimeout(10)
    secured = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
    try:
        secured.do_handshake()
    except (ssl.SSLError, OSError):
        _drain(secured)  # a reset could overtake the alert
        secured.close()
        return None
    return secured


def _drain(sock: socket.socket) -> None:
    """Send nothing more, and hear the client out until it hangs up (`shutdown` takes TLS off a connection)."""
    with suppress(OSError, ValueError):
        sock.settimeout(5)
        sock.shutdown(socket.SHUT_WR)
        end = time.monotonic() + 5
        while time.monotonic() < end and sock.recv(65536):
            pass


def end(sock: ssl.SSLSocket, *, goodbye: bool = True) -> None:
    """Close as a well-behaved server does: say that nothing follows, and hear the client out."""
    with suppress(OSError, ValueError):
        sock.settimeout(0.5)
        if goodbye:
            sock.unwrap()
        else:
            _drain(sock)
    with suppress(OSError):
        sock.close()


def _with(make: Callable[[], ssl.SSLContext]) -> Callable[[socket.socket], ssl.SSLSocket | None]:
    made = cache(make)
    return lambda sock: _handshake(made(), sock)


def _dated(before: dt.timedelta, after: dt.timedelta) -> Callable[[], ssl.SSLContext]:
    now = dt.datetime.now(dt.UTC)
    return lambda: _server(root().issue_cert(NAME, not_before=now + before, not_after=now + after))


def _own(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, *, issuer: trustme.LeafCert | None = None) -> ssl.SSLContext:
    """A certificate made by hand: signed by itself, or by one that is no authority."""
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, NAME), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Own")]
    )
    signer: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = key
    issued_by, chain = subject, b""
    if issuer:
        loaded = serialization.load_pem_private_key(issuer.private_key_pem.bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        signer = loaded
        issued_by = x509.load_pem_x509_certificate(issuer.cert_chain_pems[0].bytes()).subject
        chain = b"".join(pem.bytes() for pem in issuer.cert_chain_pems)
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    own = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return _loaded(own + made.public_bytes(serialization.Encoding.PEM) + chain)


def _loaded(pem: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # a server may be as weak as it likes
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def _short_chain() -> ssl.SSLContext:
    """The leaf alone, without the authority between it and the trusted one."""
    leaf = root().create_child_ca().issue_cert(NAME)
    return _loaded(leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes())


def _old(version: ssl.TLSVersion) -> Callable[[], ssl.SSLContext]:
    def make() -> ssl.SSLContext:
        context = _server()
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that they are old is the point
            context.minimum_version = context.maximum_version = version
        return context

    return make


def _no_cipher() -> ssl.SSLContext:
    """Only a cipher that no client of today offers by default."""
    context = _server()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    return context


def _client_certificate() -> ssl.SSLContext:
    context = _server()
    context.verify_mode = ssl.CERT_REQUIRED
    root().configure_trust(context)
    return context


def _instead(data: bytes) -> Callable[[socket.socket], None]:
    """Read what the client begins with, answer this, and hang up."""

    def accept(sock: socket.socket) -> None:
        with suppress(OSError):
            sock.settimeout(10)
            sock.recv(65536)
            sock.sendall(data)
        _drain(sock)

    return accept


def _cut(sock: socket.socket) -> None:
    """Hang up in the middle of the handshake, behind the beginning of the server's answer."""
    _instead(b"\x16\x03\x03\x00\x7a\x02\x00")(sock)


def _silent(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.settimeout(60)
        while sock.recv(65536):
            pass


TLS: Mapping[str, Way] = {
    "tls": Way("an honest certificate of the trusted authority", _with(_server), borne=True),
    "tls-revoked": Way(
        "a certificate that its authority may have taken back: nobody asks for revocations, so it is borne",
        _with(lambda: _server(root().issue_cert(NAME, common_name="revoked"))),
        borne=True,
    ),
    "tls-without-goodbye": Way(
        "a connection that is closed without the end of TLS", _with(_server), borne=True, goodbye=False
    ),
    "tls-expired": Way("a certificate that ended yesterday", _with(_dated(-30 * _DAY, -_DAY))),
    "tls-not-yet-valid": Way("a certificate that begins tomorrow", _with(_dated(_DAY, 30 * _DAY))),
    "tls-self-signed": Way("a certificate signed by itself", _with(lambda: _own(ec.generate_private_key(ec.SECP256R1())))),
    "tls-wrong-name": Way("a certificate for another name", _with(lambda: _server(_leaf(root(), "other.example")))),
    "tls-unknown-authority": Way(
        "a certificate of an authority that nobody knows", _with(lambda: _server(_leaf(stranger())))
    ),
    "tls-intercepted": Way(
        "a certificate made on the fly by a company's inspection, with the authority below its root",
        _with(lambda: _server(_leaf(_inspection()))),
    ),
    "tls-short-chain": Way("a certificate without the authority between it and the trusted one", _with(_short_chain)),
    "tls-not-an-authority": Way(
        "a certificate signed with the key of another server's certificate",
        _with(lambda: _own(ec.generate_private_key(ec.SECP256R1()), issuer=_leaf(root(), "other.example"))),
    ),
    "tls-weak-key": Way(
        "a self-signed certificate with an RSA key of 1,024 bits",
        _with(lambda: _own(rsa.generate_private_key(65537, 1024))),
    ),
    "tls-1.0": Way("TLS 1.0 only", _with(_old(ssl.TLSVersion.TLSv1))),
    "tls-1.1": Way("TLS 1.1 only", _with(_old(ssl.TLSVersion.TLSv1_1))),
    "tls-no-shared-cipher": Way("only a cipher that clients do not offer", _with(_no_cipher)),
    "tls-client-certificate": Way("the server demands a certificate of the client", _with(_client_certificate)),
    "tls-alert": Way("a fatal alert (internal error) instead of a handshake", _instead(b"\x15\x03\x03\x00\x02\x02\x50")),
    "tls-unrecognized-name": Way("a fatal alert: no such name here", _instead(b"\x15\x03\x03\x00\x02\x02\x70")),
    "tls-plain-http": Way("HTTP without TLS on the port of TLS", _instead(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    "tls-not-tls": Way("something else than TLS", _instead(b"220 mail.example ESMTP\r\n")),
    "tls-handshake-cut": Way("the connection ends within the handshake", _cut),
    "tls-handshake-silent": Way("the handshake never goes on", _silent),
}
"""Name -> a way to begin a connection."""
