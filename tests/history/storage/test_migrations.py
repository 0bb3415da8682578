"""The migrations as a whole: they make exactly the tables that the code uses, on both databases."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from perimeter365.history.storage import migrations
from perimeter365.history.storage._schema import METADATA
from perimeter365.history.storage.migrations import REVISIONS
from perimeter365.history.storage.store import Store
from perimeter365.sources._heads import SCHEMAS, VERSION_TABLE


def test_migrating_gives_the_tables_that_the_code_uses(store: Store) -> None:
    with store._database.writing() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, METADATA) == []
        found = set(sa.inspect(connection).get_table_names())
    assert found == {*METADATA.tables, VERSION_TABLE}


def test_a_missing_column_would_be_seen(store: Store) -> None:
    with store._database.writing() as connection:
        connection.execute(sa.text("ALTER TABLE p365_notes DROP COLUMN value"))
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) != []


def test_the_revisions_are_those_of_the_files_in_their_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert [s.revision for s in scripts.walk_revisions()] == list(reversed(REVISIONS))
    assert scripts.get_heads() == [REVISIONS[-1]]


def test_what_this_release_writes_the_quick_readers_can_read() -> None:
    assert REVISIONS[-1] in SCHEMAS
