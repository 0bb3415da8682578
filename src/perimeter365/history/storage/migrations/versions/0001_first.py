"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "p365_states",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("cloud", sa.String(16), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "p365_versions",
        sa.Column("cloud", sa.String(16), primary_key=True),
        sa.Column("version", sa.String(10), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("recorded", sa.String(10)),
        sa.Column("hash", sa.String(64), sa.ForeignKey("p365_states.hash"), nullable=False),
        sa.UniqueConstraint("cloud", "seq", name="p365_versions_seq"),
    )
    op.create_table(
        "p365_intervals",
        sa.Column("cloud", sa.String(16), primary_key=True),
        sa.Column("set_id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(6), primary_key=True),
        sa.Column("value", sa.String(300), primary_key=True),
        sa.Column("from_version", sa.String(10), primary_key=True),
        sa.Column("to_version", sa.String(10)),
    )
    op.create_index("p365_intervals_value", "p365_intervals", ["value"])
    op.create_table(
        "p365_heads",
        sa.Column("cloud", sa.String(16), primary_key=True),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("pinned", sa.Boolean(create_constraint=False), nullable=False),
        sa.ForeignKeyConstraint(["cloud", "version"], ["p365_versions.cloud", "p365_versions.version"]),
    )
    op.create_table(
        "p365_held",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cloud", sa.String(16), nullable=False),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("hash", sa.String(64), sa.ForeignKey("p365_states.hash"), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("extra", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("resolved", sa.String(16)),
        sa.Column("resolved_at", sa.String(32)),
    )
    op.create_table(
        "p365_outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("delivered", sa.String(32)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
    )
    op.create_table(
        "p365_effective",
        sa.Column("cloud", sa.String(16), primary_key=True),
        sa.Column("set_id", sa.Integer, primary_key=True),
        sa.Column("value", sa.String(300), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
    )
    op.create_table(
        "p365_records",
        sa.Column("cloud", sa.String(16), primary_key=True),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "p365_notes",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
