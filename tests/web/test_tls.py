"""Certificates that are refused before they are used, and what is said about those that are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from perimeter365.errors import InputError
from perimeter365.web.tls import load_certificate, memory_file

NOW = datetime.now(UTC)


def write(folder: Path, chain: bytes, key: bytes) -> tuple[Path, Path]:
    (folder / "chain.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(key)
    return folder / "chain.pem", folder / "key.pem"


def leaf(days: float = 60, authority: trustme.CA | None = None) -> tuple[bytes, bytes]:
    """Chain and key of a certificate, issued by an intermediate authority, that ends after some days."""
    middle = authority or trustme.CA().create_child_ca()
    made = middle.issue_cert("mirror.example", not_before=NOW - timedelta(500), not_after=NOW + timedelta(days))
    return b"".join(pem.bytes() for pem in made.cert_chain_pems), made.private_key_pem.bytes()


def test_a_certificate_with_its_chain_is_read(tmp_path: Path) -> None:
    chain, key = leaf()
    found = load_certificate(*write(tmp_path, chain, key))
    assert (found.chain, found.key, found.whole, found.note(NOW)) == (chain, key, True, "")


@pytest.mark.parametrize(("days", "note"), [(31, ""), (29.5, "ends in 29 days"), (0.5, "ends in 0 days")])
def test_the_end_is_said_thirty_days_ahead(tmp_path: Path, days: float, note: str) -> None:
    assert note in load_certificate(*write(tmp_path, *leaf(days))).note(NOW)
    assert bool(load_certificate(*write(tmp_path, *leaf(days))).note(NOW)) == bool(note)


def test_a_certificate_that_ends_while_it_is_served_is_said(tmp_path: Path) -> None:
    assert "ended on" in load_certificate(*write(tmp_path, *leaf(1))).note(NOW + timedelta(2))


def blocks(chain: bytes) -> list[bytes]:
    return [each + b"-----END CERTIFICATE-----\n" for each in chain.split(b"-----END CERTIFICATE-----\n")[:-1]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda chain, key: (chain, leaf()[1]), "does not belong to"),
        (lambda chain, key: (leaf(-1)[0], key), "does not belong to"),
        (lambda chain, key: (b"".join(blocks(leaf()[0])[:1]) + blocks(chain)[0], key), "does not belong to"),
        (lambda chain, key: (blocks(chain)[0] + blocks(leaf()[0])[0], key), "is not the issuer of the one before"),
        (lambda chain, key: (chain, key.replace(b"PRIVATE KEY", b"ENCRYPTED PRIVATE KEY")), "is encrypted"),
        (lambda chain, key: (b"", key), "has no certificate"),
        (lambda chain, key: (key, chain), "has no certificate"),
        (lambda chain, key: (chain[:400] + chain[500:], key), "is damaged"),
        (lambda chain, key: (chain, b"no key"), "not a private key"),
        (lambda chain, key: (b"\xff\xfe" + chain[:300], key), "is damaged"),
    ],
)
def test_files_that_cannot_be_used_are_refused_with_a_reason(tmp_path: Path, change, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=message):
        load_certificate(*write(tmp_path, *change(*leaf())))


def test_a_certificate_that_is_not_valid_now_is_refused(tmp_path: Path) -> None:
    files = write(tmp_path, *leaf())
    with pytest.raises(InputError, match="ended on"):
        load_certificate(*files, NOW + timedelta(61))
    with pytest.raises(InputError, match="is not valid before"):
        load_certificate(*files, NOW - timedelta(501))


def test_a_certificate_without_its_issuer_is_not_whole(tmp_path: Path) -> None:
    chain, key = leaf()
    assert not load_certificate(*write(tmp_path, blocks(chain)[0], key)).whole


def test_files_that_are_missing_or_too_large_are_refused(tmp_path: Path) -> None:
    chain, key = write(tmp_path, *leaf())
    with pytest.raises(InputError):
        load_certificate(tmp_path / "none.pem", key)
    chain.write_bytes(b"a" * 2_000_000)
    with pytest.raises(InputError):
        load_certificate(chain, key)


def test_a_file_in_memory_has_its_content() -> None:
    assert Path(memory_file(b"content")).read_bytes() == b"content"
