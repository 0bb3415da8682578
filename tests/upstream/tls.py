"""TLS configurations of the faulty upstream: every way in which TLS can fail, and correct ones.

Authorities are created once per process. Clients under test trust `root()`.
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
"""Name in the certificates."""

_DAY = dt.timedelta(days=1)


@cache
def root() -> trustme.CA:
    """Return the authority that clients trust."""
    return trustme.CA(organization_name="Trusted Authority")


@cache
def stranger() -> trustme.CA:
    """Return an authority that clients do not trust, as of a company that inspects TLS."""
    return trustme.CA(organization_name="Contoso TLS Inspection")


def write_root(folder: Path) -> Path:
    """Write the trusted authority as a PEM file."""
    path = folder / "root.pem"
    root().cert_pem.write_to_path(str(path))
    return path


@cache
def _inspection() -> trustme.CA:
    """Return the subordinate authority with which the inspecting machines sign."""
    return trustme.CA(parent_cert=stranger(), organization_name="Contoso Inspection Machine 7")


@dataclass(frozen=True)
class Way:
    """A TLS configuration."""

    meaning: str
    accept: Callable[[socket.socket], ssl.SSLSocket | None]
    """Function that performs the handshake on a connection; it returns None if the connection is finished."""
    tolerated: bool = False
    """Whether clients accept it."""
    goodbye: bool = True
    """Whether close_notify is sent before the connection is closed."""


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
        _drain(secured)  # otherwise a reset could overtake the alert
        secured.close()
        return None
    return secured


def _drain(sock: socket.socket) -> None:
    """Shut down sending, and read until the client disconnects. `shutdown` removes TLS from the socket."""
    with suppress(OSError, ValueError):
        sock.settimeout(5)
        sock.shutdown(socket.SHUT_WR)
        end = time.monotonic() + 5
        while time.monotonic() < end and sock.recv(65536):
            pass


def end(sock: ssl.SSLSocket, *, goodbye: bool = True) -> None:
    """Close a connection: send close_notify, or read until the client disconnects."""
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
    """Return a context with a certificate that is self-signed or signed by a leaf certificate."""
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
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # allow weak keys in the server
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def _short_chain() -> ssl.SSLContext:
    """Return a context that sends the leaf certificate without the intermediate authority."""
    leaf = root().create_child_ca().issue_cert(NAME)
    return _loaded(leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes())


def _old(version: ssl.TLSVersion) -> Callable[[], ssl.SSLContext]:
    def make() -> ssl.SSLContext:
        context = _server()
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # old versions are intended
            context.minimum_version = context.maximum_version = version
        return context

    return make


def _no_cipher() -> ssl.SSLContext:
    """Return a context with only a cipher that current clients do not offer by default."""
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
    """Return a function that reads the ClientHello, sends `data` and disconnects."""

    def accept(sock: socket.socket) -> None:
        with suppress(OSError):
            sock.settimeout(10)
            sock.recv(65536)
            sock.sendall(data)
        _drain(sock)

    return accept


def _cut(sock: socket.socket) -> None:
    """Disconnect in the middle of the handshake, after the beginning of the ServerHello."""
    _instead(b"\x16\x03\x03\x00\x7a\x02\x00")(sock)


def _silent(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.settimeout(60)
        while sock.recv(65536):
            pass


TLS: Mapping[str, Way] = {
    "tls": Way("a valid certificate of the trusted authority", _with(_server), tolerated=True),
    "tls-revoked": Way(
        "a certificate that may be revoked: revocation is not checked, so it is tolerated",
        _with(lambda: _server(root().issue_cert(NAME, common_name="revoked"))),
        tolerated=True,
    ),
    "tls-without-goodbye": Way(
        "a connection that is closed without close_notify", _with(_server), tolerated=True, goodbye=False
    ),
    "tls-expired": Way("a certificate that expired yesterday", _with(_dated(-30 * _DAY, -_DAY))),
    "tls-not-yet-valid": Way("a certificate that becomes valid tomorrow", _with(_dated(_DAY, 30 * _DAY))),
    "tls-self-signed": Way("a self-signed certificate", _with(lambda: _own(ec.generate_private_key(ec.SECP256R1())))),
    "tls-wrong-name": Way("a certificate for another name", _with(lambda: _server(_leaf(root(), "other.example")))),
    "tls-unknown-authority": Way("a certificate of an unknown authority", _with(lambda: _server(_leaf(stranger())))),
    "tls-intercepted": Way(
        "a certificate generated by a TLS-inspecting device, with its intermediate authority",
        _with(lambda: _server(_leaf(_inspection()))),
    ),
    "tls-short-chain": Way("a certificate without its intermediate authority", _with(_short_chain)),
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
    "tls-client-certificate": Way("the server requires a client certificate", _with(_client_certificate)),
    "tls-alert": Way("a fatal alert (internal error) instead of a handshake", _instead(b"\x15\x03\x03\x00\x02\x02\x50")),
    "tls-unrecognized-name": Way("a fatal alert (unrecognized name)", _instead(b"\x15\x03\x03\x00\x02\x02\x70")),
    "tls-plain-http": Way("plain HTTP on the TLS port", _instead(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    "tls-not-tls": Way("another protocol than TLS", _instead(b"220 mail.example ESMTP\r\n")),
    "tls-handshake-cut": Way("the connection ends during the handshake", _cut),
    "tls-handshake-silent": Way("the handshake stalls", _silent),
}
"""Name -> TLS configuration."""
