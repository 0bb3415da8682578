"""What Alembic runs for each migration: on the connection, and inside of the transaction, of `history._engine`."""

from alembic import context

from perimeter365.history.storage._schema import METADATA
from perimeter365.sources._heads import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
