"""Alembic's migrations of a store: one file in `versions` for each change of the tables.

To add one: copy the last file of `versions` under the next number, set `revision` and `down_revision`, write
`upgrade`, append the number to `REVISIONS`, and change `history._schema` to match; a test compares the two. If the
question in `sources.stored` can still be asked, add the number to its `SCHEMAS` too.

Every migration runs inside of one transaction, on SQLite and on PostgreSQL: a store is at one revision or the next.
"""

REVISIONS = ("0001",)
"""Oldest first; the last one is what this release writes."""
