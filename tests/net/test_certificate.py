"""Certificate fields compared with the `cryptography` library, and robustness against other data."""

import datetime as dt
import ssl

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.net.certificate import LARGEST, Certificate, read_certificate

AUTHORITY = trustme.CA(organization_name="Contoso TLS Inspection")


def der(pem: bytes) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.decode())


LEAF = der(AUTHORITY.issue_cert("endpoints.test", common_name="endpoints.test").cert_chain_pems[0].bytes())


def made(subject: dict[x509.ObjectIdentifier, str], ends: dt.datetime) -> tuple[bytes, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(kind, text) for kind, text in subject.items()])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(2**150)
        .not_valid_before(dt.datetime(1999, 12, 31, 23, 59, 59, tzinfo=dt.UTC))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER), certificate


def test_issuer_subject_and_validity_are_read() -> None:
    found = read_certificate(LEAF)
    want = x509.load_der_x509_certificate(LEAF)
    assert found is not None
    assert found.issuer == "Contoso TLS Inspection"
    assert found.subject.startswith("endpoints.test, ")
    assert (found.not_before, found.not_after) == (want.not_valid_before_utc, want.not_valid_after_utc)


@pytest.mark.parametrize("year", [2049, 2050, 9999])
def test_both_forms_of_time_are_read(year: int) -> None:
    data, want = made({NameOID.COMMON_NAME: "x"}, dt.datetime(year, 12, 31, 23, 59, 59, tzinfo=dt.UTC))
    found = read_certificate(data)
    assert found is not None
    assert (found.not_before, found.not_after) == (want.not_valid_before_utc, want.not_valid_after_utc)


def test_names_are_printable_and_limited_in_length() -> None:
    hostile = {NameOID.COMMON_NAME: "\x1b[31mred\u202e\r\n", NameOID.ORGANIZATION_NAME: "Ö" * 60}
    data, _ = made(hostile, dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    found = read_certificate(data)
    assert found is not None
    assert found.subject == "[31mred, " + "Ö" * 60
    data, _ = made({NameOID.COUNTRY_NAME: "US"}, dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert (found := read_certificate(data)) is not None
    assert found.subject == ""


@given(st.binary(max_size=200))
def test_other_data_returns_none(data: bytes) -> None:
    assert read_certificate(data) is None or isinstance(read_certificate(data), Certificate)


@given(st.integers(0, len(LEAF) - 1), st.integers(0, 255))
def test_a_damaged_certificate_is_read_or_returns_none(at: int, byte: int) -> None:
    found = read_certificate(LEAF[:at] + bytes([byte]) + LEAF[at + 1 :])
    assert found is None or found.issuer.isprintable()
    cut = read_certificate(LEAF[:at])
    assert cut is None


def test_an_oversized_certificate_returns_none() -> None:
    assert read_certificate(LEAF + b"\0" * LARGEST) is None
