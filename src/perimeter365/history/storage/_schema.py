"""The tables of a store. What makes them, and changes them from one release to the next, is in `migrations`.

    table       one row is
    states      one content of one cloud's list, in `model.state`'s canonical form, by its hash
    versions    one version of one cloud: which content, where from, when seen; `seq` orders a cloud's versions
    intervals   one stretch of versions in which a set listed a host or prefix: first with it, first without it
    heads       one cloud's version in force, and whether it is pinned
    held        one state that waits for a person, or did
    outbox      one notification to be delivered at least once
    effective   the day from which an announced addition is in use
    records     one change record of upstream, as upstream wrote it
    notes       one value that some part of the program keeps, by name

Days and instants are ISO text in UTC: SQLite has no type for them, and text sorts as they do.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

states = Table(
    "p365_states",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("cloud", String(16), nullable=False),
    Column("body", Text, nullable=False),
)

versions = Table(
    "p365_versions",
    METADATA,
    Column("cloud", String(16), primary_key=True),
    Column("version", String(10), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("recorded", String(10)),
    Column("hash", String(64), ForeignKey("p365_states.hash"), nullable=False),
    UniqueConstraint("cloud", "seq", name="p365_versions_seq"),
)

intervals = Table(
    "p365_intervals",
    METADATA,
    Column("cloud", String(16), primary_key=True),
    Column("set_id", Integer, primary_key=True),
    Column("kind", String(6), primary_key=True),
    Column("value", String(300), primary_key=True),
    Column("from_version", String(10), primary_key=True),
    Column("to_version", String(10)),
    Index("p365_intervals_value", "value"),
)

heads = Table(
    "p365_heads",
    METADATA,
    Column("cloud", String(16), primary_key=True),
    Column("version", String(10), nullable=False),
    Column("pinned", Boolean(create_constraint=False), nullable=False),
    ForeignKeyConstraint(["cloud", "version"], ["p365_versions.cloud", "p365_versions.version"]),
)

held = Table(
    "p365_held",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("cloud", String(16), nullable=False),
    Column("version", String(10), nullable=False),
    Column("origin", String(8), nullable=False),
    Column("hash", String(64), ForeignKey("p365_states.hash"), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("extra", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("resolved", String(16)),
    Column("resolved_at", String(32)),
)

outbox = Table(
    "p365_outbox",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("delivered", String(32)),
    Column("attempts", Integer, nullable=False),
    Column("problem", Text, nullable=False),
)

effective = Table(
    "p365_effective",
    METADATA,
    Column("cloud", String(16), primary_key=True),
    Column("set_id", Integer, primary_key=True),
    Column("value", String(300), primary_key=True),
    Column("day", String(10), nullable=False),
)

records = Table(
    "p365_records",
    METADATA,
    Column("cloud", String(16), primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("version", String(10), nullable=False),
    Column("body", Text, nullable=False),
)

notes = Table(
    "p365_notes",
    METADATA,
    Column("key", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)
