"""SHA-256 without `hashlib`, which loads OpenSSL: 4 ms of the start of `lookup`."""

# At import, not at each call: a module that is missing is looked for again by each import statement.
try:
    from _sha2 import sha256  # type: ignore[import-not-found,unused-ignore]  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found,unused-ignore]  # Python 3.11
    except ImportError:
        from hashlib import sha256


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8 as 64 hex digits (FIPS 180-4)."""
    found: str = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return found
