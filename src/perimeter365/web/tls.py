"""The certificate of the service.

It is checked before it is used, and read again when its files change.

    certificate = load_certificate(Path("chain.pem"), Path("key.pem"))     raises InputError: does not fit, expired, …
    certificate.note(now)                                                  "" or what is worth saying, such as its end

An expired certificate is worse than a service that is down: PAN-OS stops enforcing a list then, but keeps it if the server
is unreachable. So the end is said 30 days ahead, and files that cannot be used never replace a certificate that works.
"""

import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from perimeter365.errors import InputError
from perimeter365.intake import read_bytes, shown_path
from perimeter365.model.quantity import quantity
from perimeter365.net.certificate import Certificate, read_certificate

LARGEST = 1024 * 1024
"""Maximum size of a file in bytes."""

AHEAD = timedelta(days=30)
"""How long before its end a certificate is reported."""

BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerCertificate:
    """A certificate that can be used, with its chain, and its key, in PEM form."""

    chain: bytes
    key: bytes
    subject: str
    ends: datetime
    whole: bool
    """Whether the file has the certificate of the issuer, or the certificate is its own issuer."""

    def note(self, now: datetime) -> str:
        """Return what is worth saying about the certificate; "" for nothing."""
        if self.ends <= now:
            return f"the certificate of {self.subject} ended on {self.ends:%Y-%m-%d}"
        if self.ends - now <= AHEAD:
            left = quantity((self.ends - now).days, "day")
            return f"the certificate of {self.subject} ends in {left}, on {self.ends:%Y-%m-%d}"
        return ""


def load_certificate(chain: Path, key: Path, now: datetime | None = None) -> ServerCertificate:
    """Read and check a certificate with its chain, and its key.

    Raises InputError: a file cannot be read, the key does not fit, or the certificate is not valid now.
    """
    pem, secret, at = read_bytes(chain, most=LARGEST), read_bytes(key, most=LARGEST), now or datetime.now(UTC)
    place = shown_path(chain)
    found = _certificates(pem, place)
    _check_key(pem, secret, place, shown_path(key))
    first, subject = found[0], found[0].subject or "the server"
    if first.not_after is None or first.not_before is None:
        raise InputError(f"{place}: the days of the certificate of {subject} cannot be read")
    if first.not_after <= at:
        raise InputError(f"{place}: the certificate of {subject} ended on {first.not_after:%Y-%m-%d}")
    if first.not_before > at:
        raise InputError(f"{place}: the certificate of {subject} is not valid before {first.not_before:%Y-%m-%d}")
    for number, (lower, upper) in enumerate(pairwise(found), 2):
        if lower.names[1] != upper.names[0]:
            raise InputError(
                f"{place}: certificate {number}, {upper.subject}, is not the issuer of the one before, {lower.issuer}",
                help="put the server's own certificate first, and then each issuer",
            )
    whole = len(found) > 1 or first.names[0] == first.names[1]
    return ServerCertificate(chain=pem, key=secret, subject=subject, ends=first.not_after, whole=whole)


def _certificates(pem: bytes, place: str) -> list[Certificate]:
    found: list[Certificate] = []
    for block in pem.decode("ascii", "replace").split(BEGIN)[1:]:
        try:
            read = read_certificate(ssl.PEM_cert_to_DER_cert(BEGIN + block.partition(END)[0] + END))
        except ValueError:
            read = None
        if read is None:
            raise InputError(f"{place}: certificate {len(found) + 1} is damaged")
        found.append(read)
    if not found:
        raise InputError(f"{place}: it has no certificate", help="the file starts with the line " + BEGIN)
    return found


def _check_key(pem: bytes, secret: bytes, place: str, key: str) -> None:
    if b"ENCRYPTED" in secret:
        raise InputError(f"{key}: the key is encrypted", help="`openssl pkey -in KEY -out NEW` writes it without a password")
    files = memory_file(pem), memory_file(secret)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*files)
    except ssl.SSLError as error:
        fits = error.reason != "KEY_VALUES_MISMATCH"
        text = f"{key}: it is not a private key in PEM form" if fits else f"{key}: the key does not belong to {place}"
        raise InputError(text) from error
    finally:
        for file in files:
            os.close(int(file.rpartition("/")[2]))


def memory_file(content: bytes) -> str:
    """Return the path of a new file in memory, for libraries that read only files.

    It stays open until this process ends; a caller that wants to close it finds the descriptor at the end of the path.
    """
    file = os.memfd_create("pem")
    os.write(file, content)
    return f"/proc/self/fd/{file}"
