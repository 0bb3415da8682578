"""SHA-256, compared with the examples of the standard and with hashlib."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.model.digest import sha256_hex


def test_the_standards_examples() -> None:
    # https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values, SHA-256
    assert sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.text())
def test_it_equals_hashlib(text: str) -> None:
    assert sha256_hex(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()
