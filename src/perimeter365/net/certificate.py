"""Read subject, issuer and validity of a certificate, for messages.

Nothing is verified.

    read_certificate(der).issuer
        'Contoso TLS Inspection'

    >>> read_certificate(b"no certificate") is None
    True

Python returns an unverified certificate only as DER. This module reads the few fields that a message needs. The input is
untrusted: anything that cannot be parsed gives None, never an exception. Source: RFC 5280 4.1, ITU-T X.690 8.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LARGEST = 64 * 1024
"""Maximum size of a certificate in bytes; real ones have about 2,000."""

MAX_NAME = 80
"""Maximum length of a name in characters; the rest is cut."""

_VERSION = 0xA0
_COMMON_NAME, _ORGANIZATION = b"\x55\x04\x03", b"\x55\x04\x0a"
_TEXTS = {0x0C: "utf-8", 0x12: "ascii", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1C: "utf-32-be", 0x1E: "utf-16-be"}
_UTC_TIME = 0x17


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """The fields of a certificate, unverified.

    Names are printable and cut to `MAX_NAME` characters.
    """

    subject: str
    """Common name and organization of the subject, `CN, O`; "" if it has neither."""
    issuer: str
    """Common name and organization of the issuer, in the same form."""
    not_before: datetime | None
    not_after: datetime | None
    names: tuple[bytes, bytes] = (b"", b"")
    """Subject and issuer as they are encoded, for comparisons."""


def read_certificate(der: bytes) -> Certificate | None:
    """Read a certificate from DER. Return None if the data is not a certificate."""
    try:
        if len(der) > LARGEST:
            return None
        (_, body), *_ = _values(der)
        (_, fields), *_ = _values(body)
        parts = [part for part in _values(fields) if part[0] != _VERSION]
        (_, _serial), (_, _algorithm), (_, issuer), (_, validity), (_, subject), *_ = parts
        not_before, not_after = (_time(kind, value) for kind, value in _values(validity))
        return Certificate(
            subject=_name(subject),
            issuer=_name(issuer),
            not_before=not_before,
            not_after=not_after,
            names=(subject, issuer),
        )
    except (ValueError, IndexError):
        return None


def _values(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the (tag, content) pairs of consecutive DER values.

    Raises:
        ValueError, IndexError: the data is not valid DER.
    """
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4:
                raise ValueError(length)
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            raise ValueError(length)
        yield tag, data[at : at + length]
        at += length


def _name(data: bytes) -> str:
    found: dict[bytes, str] = {}
    for _, group in _values(data):
        for _, pair in _values(group):
            (_, kind), (tag, value) = _values(pair)
            if tag in _TEXTS:
                found.setdefault(kind, value.decode(_TEXTS[tag], "replace"))
    words = [found[kind] for kind in (_COMMON_NAME, _ORGANIZATION) if found.get(kind)]
    text = ", ".join(dict.fromkeys(words))
    return "".join(c for c in text if c.isprintable())[:MAX_NAME]


def _time(tag: int, data: bytes) -> datetime | None:
    text = data.decode("ascii", "replace")
    try:
        if tag == _UTC_TIME:  # two-digit year, 1950 to 2049 (RFC 5280 4.1.2.5.1)
            text = ("19" if text[:2] >= "50" else "20") + text
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
