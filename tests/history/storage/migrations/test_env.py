"""The environment of Alembic: a migration is part of the transaction in which it is asked for."""

import pytest
import sqlalchemy as sa

from perimeter365.history.storage._engine import migrate
from perimeter365.sources._heads import VERSION_TABLE


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_migration_that_does_not_end_leaves_nothing(kind: str, tmp_path: object, request: pytest.FixtureRequest) -> None:
    from perimeter365.history.storage._engine import _file, _server

    if kind == "sqlite":
        engine = _file(f"{tmp_path}/store.sqlite")
    else:
        engine = _server(request.getfixturevalue("postgres").database())
    options = {"p365_writing": True}
    try:
        with engine.connect() as raw:
            transaction = raw.execution_options(**options).begin()
            migrate(raw)
            assert sa.inspect(raw).has_table(VERSION_TABLE)
            transaction.rollback()
        with engine.connect() as raw:
            assert sa.inspect(raw).get_table_names() == []
    finally:
        engine.dispose()
