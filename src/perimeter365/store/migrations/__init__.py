"""The tables of a store, as numbered scripts: each makes of the tables of the one before what its release needs.

To add one: write `NNNN.sql` under the next number, and append that to `REVISIONS`. If the question in `store.heads` can
no longer be asked of an older revision, `heads` has to open a `Store` first, which brings it up to date.

Both databases run the same text. A statement ends with `;` at the end of a line; SERIAL is the type of a key that the
database counts. All of it is one transaction, on SQLite and on PostgreSQL: a store is at one revision or the next.
"""

REVISIONS = ("0001",)
"""Oldest first; the last one is what this release writes."""


def script(revision: str) -> str:
    """Return the statements that make a revision of the one before."""
    from importlib.resources import files  # 20 ms, which only a new store's or a new release's first start pays

    return files(__name__).joinpath(f"{revision}.sql").read_text(encoding="utf-8")
