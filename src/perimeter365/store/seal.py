r"""Digests of a store's tables, which reveal damaged rows.

A database has no checksums of its rows: a damaged bit in a version, a pin or a date would be another value. Each writing
transaction therefore keeps the digest of each table that it changed, as the note `seal`. The first query of a table in a
transaction compares the digest with the rows (`store.connection.Connection`). The lists themselves are not part of it, since
each is stored under its own hash.

    seal    "held=4fc8…\nheads=9a51…\nintervals=…", in the table p365_notes

A store of an earlier release has no seal until the next change. The digest does not protect against somebody who can write
the store, who can also write the seal.

>>> read_seal([{"key": "seal", "value": "heads=0a\nheld=1b"}])
{'heads': '0a', 'held': '1b'}
>>> tables_of("SELECT * FROM p365_heads h JOIN p365_states s ON s.hash = h.hash")
{'heads'}
"""

import re

from perimeter365.model.digest import sha256_hex

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

KEY = "seal"
NOTES = "notes"

_UNSEALED = ("schema", "states", "replicas")
"""The revision, which selects the statements; the lists, which have hashes of their own; rows without a lasting meaning."""

# Matches "FROM p365_heads", not "p365_" and not "up365_heads".
_TABLE = re.compile(r"\bp365_([a-z]+)\b", re.ASCII)


def tables_of(text: str) -> set[str]:
    """Return the sealed tables that a statement names."""
    return set(_TABLE.findall(text)).difference(_UNSEALED)


def digest(rows: "Iterable[Mapping[str, Any]]") -> str:
    """Return the digest of the rows of a table, in any order.

    The seal itself does not count.
    """
    found = (tuple((name, _plain(value)) for name, value in row.items()) for row in rows if row.get("key") != KEY)
    return sha256_hex("\n".join(sorted(map(repr, found))))


def read_seal(notes: "Iterable[Mapping[str, Any]]") -> dict[str, str]:
    """Return table -> digest, as the notes have it; {} for a store without a seal."""
    value = next((str(row["value"]) for row in notes if row.get("key") == KEY), "")
    return {table: found for table, _, found in (line.partition("=") for line in value.splitlines())}


def write_seal(digests: "Mapping[str, str]") -> str:
    """Return the value of the note."""
    return "\n".join(f"{table}={found}" for table, found in sorted(digests.items()))


def _plain(value: object) -> object:
    return int(value) if isinstance(value, bool) else value  # SQLite has no booleans
